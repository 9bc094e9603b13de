"""Quarters and months from years and quarters, on plain files."""
