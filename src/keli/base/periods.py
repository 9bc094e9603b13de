"""Periods of official statistics: how many of one there are in another."""

from __future__ import annotations

MONTHS_IN_YEAR = 12
QUARTERS_IN_YEAR = 4
