"""Stage sources: delivered files in; accepted, repaired and quarantined rows out."""
