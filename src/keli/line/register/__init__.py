"""Register: the state of every unit in every year of the account."""
