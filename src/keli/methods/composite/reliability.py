"""Do the indicators of an index belong together: correlations and Cronbach's alpha."""

from __future__ import annotations

import numpy as np

from keli.methods.composite.ranks import Array, rising

LEAST_PARTS = 2
LEAST_UNITS = 3


def correlations(left: Array, right: Array, *, ranks: bool = False) -> Array:
    """Correlations of the columns of two tables over the same units.

    Args:
        left: Units in rows.
        right: Units in rows.
        ranks: Spearman's correlation, on average ranks, instead of Pearson's.

    Method: over the units that have both values; nan where these are fewer than three, or a column does not vary.
    """
    whole = np.hstack([left, right])
    if not np.isnan(whole).any() and len(whole) >= LEAST_UNITS and np.all(np.ptp(whole, axis=0) > 0):
        every = np.atleast_2d(np.corrcoef(rising(whole, "average") if ranks else whole, rowvar=False))
        return every[: left.shape[1], left.shape[1] :]
    found = np.full((left.shape[1], right.shape[1]), np.nan)
    for row, one in enumerate(left.T):
        for column, other in enumerate(right.T):
            both = ~np.isnan(one) & ~np.isnan(other)
            pair = np.column_stack([one[both], other[both]])
            if len(pair) >= LEAST_UNITS and np.all(np.ptp(pair, axis=0) > 0):
                together = np.atleast_2d(np.corrcoef(rising(pair, "average") if ranks else pair, rowvar=False))
                found[row, column] = together[0, 1]
    return found


def cronbach_alpha(parts: Array) -> float:
    """Cronbach's alpha of the parts, over the units that have all of them.

    Args:
        parts: Units in rows, parts in columns, on one scale.

    Method: k / (k - 1) (1 - sum of variances / variance of the sum), sample variances; Cronbach 1951, OECD/JRC 2008,
    4.3. nan for one part, fewer than three units, or a sum that does not vary.

    >>> round(cronbach_alpha(np.array([[1.0, 2.0], [2.0, 3.0], [3.0, 5.0]])), 6)
    0.947368
    """
    whole = parts[~np.isnan(parts).any(axis=1)]
    count = parts.shape[1]
    if count < LEAST_PARTS or len(whole) < LEAST_UNITS or np.ptp(whole.sum(axis=1)) == 0:
        return float("nan")
    share = whole.var(axis=0, ddof=1).sum() / whole.sum(axis=1).var(ddof=1)
    return float(count / (count - 1) * (1 - share))
