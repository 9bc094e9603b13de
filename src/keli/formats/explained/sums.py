"""Sums that close: parts of a figure that may be shown, and whether they add up to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from keli.base.quantities import round_printed
from keli.formats.explained.layout import aligned, wrapped
from keli.formats.open_table import CONFIDENTIAL
from keli.formats.printed import printed_figure, unit_name

Row = dict[str, Any]

WITHHELD = "不予公布 confidential"
MISSING = "缺数 missing"
CLOSES = "closes 合计闭合"
_HUNDRED_PERCENT = 100
# Sums of binary figures agree to this part of the largest of them.
_CLOSE = 1e-9
_ONE_WITHHELD = "One part is withheld and the others would tell it. 一项不予公布，由其余各项可推算该项，故均不列示。"


@dataclass(frozen=True)
class Part:
    """One part of a figure: its row, its share of the figure where there is one, what it is called."""

    code: str
    row: Row | None
    share: Row | None
    name: str

    @property
    def withheld(self) -> bool:
        """The part, or its share, may not be shown."""
        return any(row is not None and row["conf_status"] == CONFIDENTIAL for row in (self.row, self.share))


def shown(row: Row | None, rounding: str) -> str:
    """A figure with its unit as printed; a withheld one says that; nothing where there is no row."""
    if row is None:
        return ""
    figure = printed_figure(row, rounding)
    if figure is None:
        return WITHHELD if row["conf_status"] == CONFIDENTIAL else MISSING
    return f"{figure} {unit_name(row['unit_measure'], row['unit_mult'])}"


def part_lines(title: str, parts: Sequence[Part], whole: Row | None, rounding: str, width: int) -> list[str]:
    """Parts that may be shown, one a line, and whether they add up.

    Where a single part is withheld, the others would tell it: none is shown.

    Args:
        title: Head of the section.
        parts: All parts of the whole.
        whole: The row that they add up to; nothing where only their shares do.
        rounding: Convention of the release.
        width: Columns of the page.
    """
    if not parts:
        return []
    withheld = [part for part in parts if part.withheld]
    if len(withheld) == 1:
        return [f"{title}: {WITHHELD}", *wrapped(_ONE_WITHHELD, width)]
    free = [part for part in parts if not part.withheld]
    if not free:
        return [f"{title}: {WITHHELD}"]
    lines = [f"{title}:", *_columns(free, rounding, width)]
    if withheld:
        names = "、".join(part.name or part.code for part in withheld)
        return [*lines, *wrapped(f"{len(withheld)} parts {WITHHELD}: {names}", width)]
    return [*lines, *_closing(free, whole, rounding, width)]


def _columns(parts: Sequence[Part], rounding: str, width: int) -> list[str]:
    """Code, figure, share and name of each part; a column that says nothing is left out."""
    rows = [(f"{part.code}:", shown(part.row, rounding), shown(part.share, rounding), part.name) for part in parts]
    *columns, names = zip(*rows, strict=True)
    kept = [*(column for column in columns if any(column)), names]
    return aligned(list(zip(*kept, strict=True)), width, right=range(1, len(kept) - 1))


def _closing(parts: Sequence[Part], whole: Row | None, rounding: str, width: int) -> list[str]:
    """Say that the parts add up, and what rounding does to the printed ones; nothing where they do not."""
    rows = [part.row if whole is not None else part.share for part in parts]
    known = [row for row in rows if row is not None and row["obs_value"] is not None]
    if len(known) < len(parts) or not known:
        return []
    target = _HUNDRED_PERCENT if whole is None else whole["obs_value"]
    values = [row["obs_value"] for row in known]
    if target is None or abs(sum(values) - target) > _CLOSE * max(abs(value) for value in (*values, target)):
        return []
    like = known[0] if whole is None else whole
    unit = unit_name(like["unit_measure"], like["unit_mult"])
    total = round_printed(target, like["decimals"], rounding)
    return wrapped(f"add up to {total} {unit}: {CLOSES}{_rounding_gap(known, total, rounding)}", width)


def _rounding_gap(rows: Sequence[Row], total: Decimal, rounding: str) -> str:
    """What the printed parts differ by from the printed total."""
    gap = sum((printed_figure(row, rounding) or Decimal(0) for row in rows), start=Decimal(0)) - total
    return f"; the printed parts differ by {gap:+f} through rounding 系数值修约所致" if gap else ""
