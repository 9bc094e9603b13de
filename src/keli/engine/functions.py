"""Functions that Ibis does not name: surrogates, largest contributions. One adapter for all engines."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

MONEY = "decimal(18,2)"
_SURROGATE_MASK = 2**60 - 1


@ibis.udf.scalar.builtin(name="md5_number_lower", signature=(("string",), "uint64"))
def _md5_lower(text: str) -> int: ...  # type: ignore[empty-body]


@ibis.udf.agg.builtin(name="max", signature=((MONEY, "int64"), f"array<{MONEY}>"))
def _largest(value: float, count: int) -> list[float]: ...  # type: ignore[empty-body]


def surrogate(identity: ir.StringValue) -> ir.IntegerValue:
    """Stable 60-bit unit number of an identity such as `code:9144...`: the same text gives the same number."""
    return (_md5_lower(identity) & ibis.literal(_SURROGATE_MASK, type="uint64")).cast("int64")


def largest_two(value: ir.DecimalValue) -> ir.ArrayValue:
    """The two largest values of a group, as a mergeable aggregate."""
    return _largest(value, 2)


def money(value: ir.NumericValue) -> ir.DecimalValue:
    """An amount in yuan at two places, half away from zero, so that sums are exact and free of order."""
    return value.round(2).cast(MONEY)
