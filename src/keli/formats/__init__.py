"""Open tables as CSV, XLSX, JSON and Parquet: one place for commands and downloads."""
