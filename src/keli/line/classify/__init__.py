"""Classify: industry and size of every unit in every year, and the counts of enterprises."""
