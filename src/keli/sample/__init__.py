"""The synthetic sample district behind `keli new`."""
