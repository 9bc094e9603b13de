"""Record linkage: firms and persons in two files, or twice in one, by Splink on the engine."""
