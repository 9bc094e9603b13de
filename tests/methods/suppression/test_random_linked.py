"""Random linked tables: areas by size and areas by industry share the areas; the auditor is given no witness."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from keli.methods.disclosure_audit.audit import audited
from keli.methods.disclosure_audit.release import Release
from keli.methods.linked_tables.holders import holders_without_names
from keli.methods.linked_tables.tables import Demands, LinkedTables
from keli.methods.suppression.search import CannotProtectError
from keli.methods.suppression.suppress import suppressed

AREAS = 3
# Cells: the district, its sizes (2) and industries (2), the areas, areas by size, areas by industry.
DISTRICT, SIZES, INDUSTRIES, AREA, BY_SIZE, BY_INDUSTRY = 0, 1, 3, 5, 5 + AREAS, 5 + 3 * AREAS
COUNT = BY_INDUSTRY + 2 * AREAS


def relations() -> sp.csr_matrix:
    """Each total is the sum of its parts, in both tables."""
    areas = range(AREAS)
    sums = [(DISTRICT, [AREA + area for area in areas])]
    for total, first in ((SIZES, BY_SIZE), (INDUSTRIES, BY_INDUSTRY)):
        sums += [(DISTRICT, [total, total + 1])]
        sums += [(total + part, [first + 2 * area + part for area in areas]) for part in (0, 1)]
        sums += [(AREA + area, [first + 2 * area, first + 2 * area + 1]) for area in areas]
    rows = np.zeros((len(sums), COUNT))
    for row, (total, parts) in enumerate(sums):
        rows[row, total] = 1
        rows[row, parts] = -1
    return sp.csr_matrix(rows)


FIRM = st.tuples(st.integers(0, AREAS - 1), st.integers(0, 1), st.integers(0, 1), st.integers(1, 90))


@settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.lists(FIRM, min_size=8, max_size=30), st.sampled_from([0, 1, 2]), st.booleans(), st.booleans())
def test_linked_tables_of_firms_are_safe(
    firms: list[tuple[int, int, int, int]], colluding: int, signed: bool, protect_zeros: bool
) -> None:
    values, counts, largest = np.zeros(COUNT), np.zeros(COUNT, np.int64), np.zeros(COUNT)
    for area, size, industry, value in firms:
        inner = [BY_SIZE + 2 * area + size, BY_INDUSTRY + 2 * area + industry]
        for cell in [DISTRICT, SIZES + size, INDUSTRIES + industry, AREA + area, *inner]:
            values[cell] += value
            counts[cell] += 1
            largest[cell] = max(largest[cell], value)
    empty = counts == 0
    least = np.full(COUNT, -np.inf if signed else 0.0)
    tables = LinkedTables(values, relations(), least, np.full(COUNT, np.inf), empty & (not protect_zeros), counts)
    sensitive = np.flatnonzero(((counts > 0) & (counts < 3)) | (empty & protect_zeros))
    level = np.maximum(values[sensitive] / 10, 1.0)
    demands = Demands(sensitive, level if signed else np.minimum(level, values[sensitive]), level)
    holders = holders_without_names(largest, counts, tables.relations)
    try:
        pattern = suppressed(
            tables, demands, holders, costs=np.maximum(values, 1.0), colluding=colluding, method="fast"
        )
    except CannotProtectError:
        assert not audited(Release(tables, ~tables.known, demands, holders, colluding)).passed
        return
    assert audited(Release(tables, pattern.withheld, demands, holders, colluding)).passed
