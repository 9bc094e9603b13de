"""DuckDB through Ibis, the vault, the shelf of releases, progress."""
