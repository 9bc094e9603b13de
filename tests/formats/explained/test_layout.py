"""Layout: a Chinese character takes two columns, and no line goes beyond the page."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from keli.formats.explained.layout import aligned, wrapped


def test_chinese_breaks_anywhere_but_at_marks() -> None:
    """Four characters are eight columns; a bracket stays with what it encloses."""
    assert wrapped("增加值（收入法）。", 8, "") == ["增加值", "（收入", "法）。"]


def test_words_break_at_spaces_with_a_hanging_indent() -> None:
    assert wrapped("value added of\n the units", 16, "* ", "    ") == ["* value added of", "    the units"]


def test_a_word_longer_than_the_page_stands_alone() -> None:
    assert wrapped("sha256 " + "ab" * 16, 20, "") == ["sha256", "ab" * 16]


def test_columns_stand_below_each_other_in_any_script() -> None:
    rows = [["规模", "L", "大型"], ["activity", "DE", "数字经济核心产业"]]
    assert aligned(rows, 80) == ["  规模      L   大型", "  activity  DE  数字经济核心产业"]


@pytest.mark.parametrize("width", [40, 80])
def test_the_last_column_is_wrapped_below_itself(width: int) -> None:
    lines = aligned([["payroll", "+", "应付职工薪酬（本年贷方累计发生额）" * 3]], width)
    assert max(cell_len(line) for line in lines) <= width
    assert all(line.startswith(" " * 14) for line in lines[1:])
    assert (
        "".join(line.strip() for line in lines).replace("payroll  +  ", "") == "应付职工薪酬（本年贷方累计发生额）" * 3
    )


def test_no_rows_are_no_lines() -> None:
    assert aligned([], 80) == []
