"""Value added of the whole unit: who is accounted, from which items, on which basis."""
