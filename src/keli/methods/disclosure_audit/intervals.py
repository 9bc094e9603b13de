"""The interval in which the public can place each withheld cell."""

from __future__ import annotations

import numpy as np

from keli.methods.disclosure_audit.estimates import Estimator
from keli.methods.disclosure_audit.release import Release
from keli.methods.linked_tables.tables import Floats


def intervals(release: Release) -> tuple[Floats, Floats]:
    """Lowest and highest possible value of each cell in the eyes of the public.

    Returns:
        (n,) lower and (n,) upper; the value itself for published cells, infinite where nothing bounds.

    Method: two linear programs a withheld cell.
    """
    tables = release.tables
    least = np.where(tables.known, tables.values, tables.least)
    most = np.where(tables.known, tables.values, tables.most)
    estimator = Estimator(tables, release.withheld)
    lower, upper = tables.values.copy(), tables.values.copy()
    for cell in np.flatnonzero(release.withheld).tolist():
        lower[cell] -= estimator.extreme(cell, -1, least, most).reach
        upper[cell] += estimator.extreme(cell, +1, least, most).reach
    return lower, upper
