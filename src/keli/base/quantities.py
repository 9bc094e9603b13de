"""Quantities: money in yuan, official multiples, rounding once on output."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

YUAN = "元"
YUAN_IN = {YUAN: Decimal(1), "千元": Decimal(1000), "万元": Decimal(10_000), "百万元": Decimal(1_000_000),
           "亿元": Decimal(100_000_000)}  # fmt: skip

_CONVENTIONS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN}


def round_printed(value: float | Decimal, decimals: int, convention: str = "half_up") -> Decimal:
    """Return `value` rounded once for print.

    Method: half up by default, as district bulletins print; `half_even` is GB/T 8170-2008. A binary value is
    taken at 12 significant digits first, so that 0.845 prints as the reader expects.

    >>> round_printed(624.915, 2), round_printed(0.845, 2, "half_even")
    (Decimal('624.92'), Decimal('0.84'))
    """
    exact = value if isinstance(value, Decimal) else Decimal(f"{value:.12g}")
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=_CONVENTIONS[convention])
