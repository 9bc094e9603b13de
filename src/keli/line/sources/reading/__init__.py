"""Delivered files as streams of text cells: CSV, XLSX, Parquet."""
