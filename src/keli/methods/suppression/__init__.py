"""Secondary suppression: which further cells are withheld so that the sensitive ones cannot be inferred."""
