"""Counts that are published changed instead of withheld: controlled rounding, cell keys; what that costs."""
