"""One step of the line on a plain file: read a table, apply a method, write a table."""
