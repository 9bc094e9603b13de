"""Heads of files: several head rows as one, and the columns of keli.yaml found among them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence

from keli.base.errors import ConfigurationError, Place, SourceError
from keli.line.sources.reading.delivery import Delivery
from keli.model.source_kinds import SourceKind, source_kinds

_IGNORED = re.compile(r"[\s_]+")
_SHOWN = 40


def joined_head(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return one name a column from the head rows.

    Method: in all rows but the last, an empty cell takes its left neighbour's text (a merged cell); the texts of a
    column are joined with a blank, a repeated text once.

    >>> joined_head([["单位", "", "金额", ""], ["名称", "代码", "收入", "资产"]])
    ['单位 名称', '单位 代码', '金额 收入', '金额 资产']
    """
    width = max((len(row) for row in rows), default=0)
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    filled = [_filled_from_left(row) for row in padded[:-1]] + padded[-1:]
    return [_joined(texts) for texts in zip(*filled, strict=True)]


def comparable(head: str) -> str:
    r"""Return a head as heads are compared: no blanks, half-width, lower case.

    >>> comparable("营业收入\n（千元）"), comparable("Total Revenue") == comparable("total_revenue")
    ('营业收入(千元)', True)
    """
    return _IGNORED.sub("", unicodedata.normalize("NFKC", head.replace("\ufeff", ""))).casefold()


def found_columns(head: Sequence[str], delivery: Delivery) -> dict[str, int]:
    """Return canonical column -> position in the file.

    Raises:
        ConfigurationError: keli.yaml names a column that the file does not have.
        SourceError: The file has the column twice.
    """
    positions: dict[str, list[int]] = {}
    for position, name in enumerate(head):
        positions.setdefault(comparable(name), []).append(position)
    found: dict[str, int] = {}
    for canonical, wanted in delivery.source.columns.items():
        places = positions.get(comparable(wanted), [])
        if not places:
            raise _missing(canonical, wanted, head, delivery)
        if len(places) > 1:
            raise _twice(wanted, places, delivery)
        found[canonical] = places[0]
    return found


def _filled_from_left(row: Sequence[str]) -> list[str]:
    filled: list[str] = []
    for text in row:
        filled.append(text if text.strip() or not filled else filled[-1])
    return filled


def _joined(texts: Sequence[str]) -> str:
    distinct = dict.fromkeys(text.strip() for text in texts if text.strip())
    return " ".join(distinct)


def _missing(canonical: str, wanted: str, head: Sequence[str], delivery: Delivery) -> ConfigurationError:
    source = delivery.source
    named = [name for name in head if name]
    shown = ", ".join(f'"{name}"' for name in named[:_SHOWN]) + (" ..." if len(named) > _SHOWN else "")
    nearest = _nearest(wanted, named, source_kinds()[source.kind], canonical)
    delimiter = " Its separator may be another one: see delimiter." if len(head) == 1 else ""
    return ConfigurationError(
        f'The file {delivery.label} has no column "{wanted}" (for {canonical}). It has: {shown or "no column"}.',
        where=source.places.get(canonical, Place(delivery.label, column=wanted)),
        example=None if nearest is None else f"{canonical}: {nearest}",
        next_step=f"Correct the name under columns of the source {source.name} in keli.yaml, or its head_rows and "
        f"skip_rows.{delimiter}",
    )


def _nearest(wanted: str, head: Sequence[str], kind: SourceKind, canonical: str) -> str | None:
    by_key = {comparable(name): name for name in head}
    column = kind.column(canonical)
    usual = (canonical, column.label_zh, *column.aliases)
    known = [by_key[comparable(name)] for name in usual if comparable(name) in by_key]
    close = difflib.get_close_matches(comparable(wanted), by_key, n=1)
    if close:
        return by_key[close[0]]
    return known[0] if known else None


def _twice(wanted: str, places: Sequence[int], delivery: Delivery) -> SourceError:
    numbers = " and ".join(str(place + 1) for place in places)
    return SourceError(
        f'The file has the column "{wanted}" more than once: columns {numbers}.',
        where=Place(delivery.label, delivery.source.skip_rows + 1, wanted),
        next_step="Give the two columns different heads; with head_rows: 2 the rows of a double head tell them apart.",
    )
