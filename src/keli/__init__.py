"""Keli: statistical production and monitoring for a city district's digital economy."""

__version__ = "0.1.0"
