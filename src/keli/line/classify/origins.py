"""Where the industry code of a unit comes from, in the words of the tables."""

from __future__ import annotations

RETURN, FRAME, TAX, REGISTER = "return", "frame", "tax", "register"
SCOPE_PHRASE, CODER, DECISION, NONE = "scope_phrase", "coder", "decision", "none"
DIVISION = 2
"""Digits of a division."""
