"""Industry coding in the line: opinions of the coder, decisions of people, the queue."""
