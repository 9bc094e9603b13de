"""The statistics: pure functions, no input or output, no engine, no settings."""
