"""keli index: a composite index on a plain file."""
