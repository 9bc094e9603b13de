"""The auditor: attacks what is about to be published. Shares no code with the suppression that it judges."""
