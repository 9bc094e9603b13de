"""What cells mean: one file for each kind of value."""
