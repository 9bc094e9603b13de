"""Settings files: YAML with the line of every entry, checked against a schema."""
