"""The verbs of the command line that work on plain files."""
