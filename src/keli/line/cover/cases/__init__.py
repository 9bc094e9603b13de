"""Cases of the work lists: one file for each question that people are asked."""
