"""The verbs of the command line that work on a workspace or on releases: one file a verb, loaded when it is called."""
