"""Temporal disaggregation: quarters from years, months from years or quarters, that agree with what is published."""
