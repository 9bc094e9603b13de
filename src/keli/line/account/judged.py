"""Digital parts that rest on judged shares, and how far they move if the shares do: leaves of the sensitivity range."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.functions import MONEY, largest_two, money
from keli.line.account.digital.evidence import PROBABILITY, SAMPLE
from keli.methods.uncertainty import share_moves

MOVES = {"SPLIT_DOWN": "down", "SPLIT_UP": "up"}
VISITED, TAKE_ALL = "visited", "take_all"
_LEAF = ("period", "activity", "gbt_code")
_NO = ibis.literal(value=False)


def moved_parts(
    splits: ir.Table, own: ir.Table, coefficients: ir.Table, starred: frozenset[str], shifts: dict[str, float]
) -> ir.Table:
    """Digital parts on judged shares, with what they lose and gain if the unit's digital share moves.

    A share is judged unless it was drawn or counted: own evidence from a visit or a sample with the design `take_all`
    or `probability`, and the ratio of a sample with a variance, are not; all other evidence is.

    Method: the digital share of the whole unit is moved down and up by the shift of its tier, within 0 and 1, and its
    classes with it in proportion, in equal parts where it is 0; times the value added of the whole unit.

    Args:
        splits: One unit, year and core class (`unit_split`), in yuan.
        own: One unit in one year with evidence of its own (`own_shares`).
        coefficients: One starred class and core class in one year (`split_coefficients`).
        starred: GB/T codes of which only a part is digital; all others are left out where the units are read.
        shifts: Tier -> shift of the share (split/sensitivity_shift).

    Returns:
        One unit, year and core class: `unit_id`, `holder_id`, `period`, `activity`, `gbt_code`; `down` and `up` in
        yuan, of the sign of the unit's value added.
    """
    parts = splits.filter(splits.gbt_code.isin(sorted(starred)))
    own = own.select("own_tier", "own_design", o_unit="unit_id", o_period="period")
    rows = parts.left_join(own, [parts.unit_id == own.o_unit, parts.period == own.o_period])
    ratios = coefficients.filter(coefficients.variance.notnull()).select(
        "variance", q_period="period", q_code="gbt_code", q_activity="activity"
    )
    rows = rows.left_join(
        ratios, [rows.period == ratios.q_period, rows.gbt_code == ratios.q_code, rows.activity == ratios.q_activity]
    )
    counted = rows.own_tier.isin([VISITED, SAMPLE]) & rows.own_design.isin([TAKE_ALL, PROBABILITY])
    judged = rows.filter(ibis.ifelse(rows.own_tier.isnull(), rows.variance.isnull(), ~counted.fill_null(_NO)))
    unit = ibis.window(group_by=["unit_id", "period"])
    whole = judged.mutate(unit_share=judged.share.sum().over(unit), classes=judged.share.count().over(unit))
    part = (whole.unit_share > 0).ifelse(whole.share / whole.unit_share, 1 / whole.classes)
    shift = ibis.cases(*((whole.split_evidence == tier, value) for tier, value in sorted(shifts.items())), else_=0.0)
    down, up = share_moves(whole.unit_share, shift)
    amount = whole.unit_value_added.cast("float64") * part
    return whole.select("unit_id", "holder_id", *_LEAF, down=money(amount * down), up=money(amount * up))


def move_rows(moved: ir.Table) -> ir.Table:
    """Sums over all units and the two largest moves of those whose holder has one part only, columns of `split_moves`.

    Args:
        moved: One unit, year and core class (`moved_parts`), in yuan.
    """
    marked = _with_parts(moved)
    figures = [
        marked.group_by(*_LEAF).agg(
            measure=ibis.literal(measure),
            value=marked[column].sum(),
            absolute=marked[column].abs().sum(),
            units=(~marked.several & (marked[column] != 0)).sum(),
            largest=largest_two(marked.several.ifelse(None, marked[column].abs().nullif(0)).cast(MONEY)),
        )
        for measure, column in MOVES.items()
    ]
    rows = ibis.union(*figures)
    return rows.mutate(x1=rows.largest[0], x2=rows.largest[1]).drop("largest").order_by(*_LEAF, "measure")


def mover_rows(moved: ir.Table) -> ir.Table:
    """Moves of holders with several parts in a year, the columns of `split_movers`.

    Args:
        moved: One unit, year and core class (`moved_parts`), in yuan.
    """
    marked = _with_parts(moved)
    held = marked.filter(marked.several)
    key = (*_LEAF, "holder_id")
    rows = ibis.union(*(
        held.group_by(*key).agg(measure=ibis.literal(measure), value=held[column].sum())
        for measure, column in MOVES.items()
    ))  # fmt: skip
    return rows.filter(rows.value != 0).order_by(*key, "measure")


def _with_parts(moved: ir.Table) -> ir.Table:
    """Parts with `several`: whether their holder has more than one part in the year."""
    holder = ibis.window(group_by=["period", "holder_id"])
    return moved.mutate(several=moved.unit_id.count().over(holder) > 1)
