"""Thresholds of the administrative list of above-scale units."""
