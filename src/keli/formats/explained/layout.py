"""Layout of printed pages: lines that fit a width in which a Chinese character takes two columns."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rich.cells import cell_len

INDENT = "  "
_GAP = "  "
_NARROWEST = 20
# A line may break after a space and beside a Chinese character, but never after an opening or before a closing mark.
_PIECES = re.compile(r"[（《「]*(?:[^\s\u2e80-\uffe6]+|[\u2e80-\uffe6])[，。；：、）》」%]*\s*")


def wrapped(text: str, width: int, indent: str = INDENT, hanging: str | None = None) -> list[str]:
    """Text in lines of a width.

    Args:
        text: The text; white space in it counts as one space.
        width: Columns of the page.
        indent: What the first line begins with.
        hanging: What the other lines begin with; as the first where not given.

    >>> wrapped("增加值 is the sum of four parts", 16)
    ['  增加值 is the', '  sum of four', '  parts']
    """
    lines, line, started = [], indent, False
    rest = indent if hanging is None else hanging
    for piece in _PIECES.findall(" ".join(text.split())):
        if started and cell_len(line) + cell_len(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = rest
        line += piece
        started = True
    return [*lines, line.rstrip()]


def aligned(rows: Sequence[Sequence[str]], width: int, indent: str = INDENT, right: Collection[int] = ()) -> list[str]:
    """Rows with their columns one below the other; the last column is wrapped where it is too long.

    Args:
        rows: Texts, as many in each row.
        width: Columns of the page.
        indent: What every line begins with.
        right: Columns that stand to the right, such as figures; never the last.

    >>> aligned([["CE:", "9.50", "劳动者报酬"], ["NTP:", "10.25", "生产税净额"]], 40, right=(1,))
    ['  CE:    9.50  劳动者报酬', '  NTP:  10.25  生产税净额']
    """
    widths = [max(cell_len(text) for text in column) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [_padded(text, widths[n], to_right=n in right) for n, text in enumerate(row[:-1])]
        head = indent + "".join(cell + _GAP for cell in cells)
        room = max(width, cell_len(head) + _NARROWEST)
        lines += wrapped(row[-1], room, head, " " * cell_len(head))
    return lines


def _padded(text: str, width: int, *, to_right: bool) -> str:
    space = " " * (width - cell_len(text))
    return space + text if to_right else text + space
