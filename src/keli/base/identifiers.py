"""Identifiers of units: the unified social credit code (GB 32100-2015).

The weighted sum is written with arithmetic operators only, so that the line applies the same function to
whole columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_LENGTH = 18
USCC_MODULUS = 31
USCC_WEIGHTS = tuple(3**position % USCC_MODULUS for position in range(USCC_LENGTH - 1))


def uscc_remainder(values: Sequence[Any]) -> Any:
    """Remainder of the weighted sum of the 18 character values; a valid code has remainder 0.

    Method: C18 = 31 - (sum of Ci * 3^(i-1) mod 31), 31 written as 0; GB 32100-2015, annex A. Adding C18 itself
    makes the whole sum a multiple of 31.

    Args:
        values: The values 0..30 of the 18 characters in `USCC_ALPHABET`: integers or columns of integers.
    """
    total = values[USCC_LENGTH - 1]
    for value, weight in zip(values, USCC_WEIGHTS, strict=False):
        total = total + value * weight
    return total % USCC_MODULUS


def is_uscc(text: str) -> bool:
    """Tell whether `text` is a valid unified social credit code.

    >>> is_uscc("9144030071526726XG"), is_uscc("9144030071526726XH")
    (True, False)
    """
    if len(text) != USCC_LENGTH or any(character not in USCC_ALPHABET for character in text):
        return False
    remainder: int = uscc_remainder([USCC_ALPHABET.index(character) for character in text])
    return remainder == 0


def uscc_check_character(first_17: str) -> str:
    """Return the 18th character that makes `first_17` a valid code.

    >>> uscc_check_character("9144030071526726X")
    'G'
    """
    total: int = uscc_remainder([*(USCC_ALPHABET.index(character) for character in first_17), 0])
    return USCC_ALPHABET[-total % USCC_MODULUS]
