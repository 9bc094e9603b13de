"""The form of a case: what is asked, on what evidence, and what the headline has to do with it."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

MONEY = "decimal(18,2)"
WAN = 10_000
PERCENT = 100
COVERAGE, CODES, LINKS = "coverage", "codes", "links"
_COMMON = ("unit_id", "area", "period")
_OF_UNIT = ("gbt_code", "revenue", "threshold", "digital_value_added", "headline_change")
_TYPES = {"gbt_code": "string"}


@dataclass(frozen=True)
class Kind:
    """A kind of case.

    Args:
        code: Code in the column `kind`.
        label_zh: Official term.
        settled_in: List whose decisions settle it.
        rank: Place on the work list.
    """

    code: str
    label_zh: str
    settled_in: str
    rank: int


MISSING = Kind("missing", "漏统", COVERAGE, 1)
UNREGISTERED = Kind("unregistered", "未入名录库", COVERAGE, 2)
NEAR = Kind("near", "准规上", COVERAGE, 3)
CODE = Kind("code", "错码", CODES, 4)
PLACE = Kind("place", "错地", COVERAGE, 5)
LOST = Kind("lost", "失联", COVERAGE, 6)
EXIT = Kind("exit", "退库预警", COVERAGE, 7)
DUPLICATE = Kind("duplicate", "重复", COVERAGE, 8)
SUSPECTED = Kind("suspected_duplicate", "疑似重复", LINKS, 9)


def with_value(rows: ir.Table, value: ir.Table, key: str = "unit_id") -> ir.Table:
    """The rows with what their unit has in the headline of the last year.

    Args:
        rows: One row a case.
        value: One unit in the headline: `digital_value_added`, yuan.
        key: Column of the rows that holds the unit.

    Returns:
        The rows with `digital_value_added` (0 where the unit is not in the headline) and `in_headline`.
    """
    counted = value.select("digital_value_added", counted_id="unit_id")
    joined = rows.left_join(counted, rows[key] == counted.counted_id).drop("counted_id")
    in_headline = joined.digital_value_added.notnull()
    return joined.mutate(in_headline=in_headline, digital_value_added=joined.digital_value_added.fill_null(0))


def cases(
    rows: ir.Table, kind: Kind, *, case_id: ir.Value, proposed: ir.Value, evidence: ir.Value, effect: ir.Value
) -> ir.Table:
    """Rows as cases of one kind.

    Args:
        rows: One row a case: `unit_id`, `area`, `period`; where known `gbt_code`, and in yuan `revenue`, `threshold`,
            `digital_value_added` and `headline_change`.
        kind: What is asked.
        case_id: Number of the case, the same in every run.
        proposed: What the line proposes.
        evidence: What it rests on, in words.
        effect: What the headline has to do with it, in words.
    """
    known = {
        name: rows[name] if name in rows.columns else ibis.null(_TYPES.get(name, MONEY)).cast(_TYPES.get(name, MONEY))
        for name in _OF_UNIT
    }
    return rows.select(
        *_COMMON,
        list=ibis.literal(kind.settled_in),
        kind=ibis.literal(kind.code),
        label_zh=ibis.literal(kind.label_zh),
        rank=ibis.literal(kind.rank, type="int32"),
        case_id=case_id.cast("string"),
        proposed=proposed.cast("string"),
        evidence=evidence,
        effect=effect,
        **{name: value.cast(_TYPES.get(name, MONEY)) for name, value in known.items()},
    )


def numbered(kind: Kind, rows: ir.Table) -> ir.StringValue:
    """Number of a case about a unit in a year: kind/year/unit. The next year asks anew."""
    return ibis.literal(f"{kind.code}/") + rows.period.cast("string") + "/" + rows.unit_id.cast("string")


def in_wan(amount: ir.DecimalValue) -> ir.StringValue:
    """An amount in yuan as words in 万元 with two decimals."""
    return (amount / WAN).cast(MONEY).cast("string") + " 万元"


def percent_of(part: ir.DecimalValue, whole: ir.DecimalValue) -> ir.StringValue:
    """A part of a whole as words in whole per cent, never rounded up."""
    return (part / whole * PERCENT).cast("float64").floor().cast("int64").cast("string") + " %"
