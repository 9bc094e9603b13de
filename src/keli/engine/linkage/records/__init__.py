"""Records: names, addresses, dates and numbers in the form in which they are compared."""
