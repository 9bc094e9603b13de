"""The stage account: value added of each unit, its digital part, and the leaves of the district's account."""
