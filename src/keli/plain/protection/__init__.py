"""keli protect: cells of a plain file are withheld, or rounded, so that no contributor can be inferred."""
