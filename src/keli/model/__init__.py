"""Typed, frozen readers of the catalogue and of a workspace. Plain Python."""
