"""Stage analyse: leaves rolled up to parents, value added, growth, shares, contributions, coverage."""
