"""Places: the area that an address names, by official names and by a gazetteer of roads, numbers and buildings."""
