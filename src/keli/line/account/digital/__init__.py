"""The digital part of a unit: evidence, coefficients of classes, parts that add up."""
