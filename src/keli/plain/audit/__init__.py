"""keli audit: printed figures on their own, and figures in a text."""
