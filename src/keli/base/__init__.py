"""Ground floor: errors, periods, identifiers, quantities. Plain Python."""
