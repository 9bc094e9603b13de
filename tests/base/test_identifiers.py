"""Unified social credit codes: GB 32100-2015 on a published code, and on columns."""

from __future__ import annotations

import numpy as np
import pytest

from keli.base.identifiers import USCC_ALPHABET, is_uscc, uscc_check_character, uscc_remainder

CODE = "9144030071526726XG"


def test_a_valid_code() -> None:
    assert is_uscc(CODE)
    assert uscc_check_character(CODE[:17]) == "G"


@pytest.mark.parametrize("check", [character for character in USCC_ALPHABET if character != "G"])
def test_any_other_check_character_is_invalid(check: str) -> None:
    assert not is_uscc(CODE[:17] + check)


@pytest.mark.parametrize("text", ["", CODE[:17], CODE + "1", CODE.replace("X", "I"), CODE.lower()])
def test_wrong_length_or_characters_are_invalid(text: str) -> None:
    assert not is_uscc(text)


def test_columns_are_served_by_the_same_function() -> None:
    codes = (CODE, CODE[:17] + "H")
    columns = [np.array([USCC_ALPHABET.index(code[place]) for code in codes]) for place in range(18)]
    assert (uscc_remainder(columns) == 0).tolist() == [True, False]
