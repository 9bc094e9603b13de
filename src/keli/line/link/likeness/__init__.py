"""Likeness: identities that name, address and dates show to be one unit, after the exact keys; what people decided."""
