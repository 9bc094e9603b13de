"""Composite indices: from indicators of units to one score, and what it depends on."""
