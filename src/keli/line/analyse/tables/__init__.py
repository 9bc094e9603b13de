"""The open tables before protection: one file a table."""
