"""Secondary suppression of linked hierarchical tables: a safe pattern, then a cheaper one, with its proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from keli.base.errors import ConfigurationError
from keli.methods.linked_tables.tables import Change, Demands, Floats, Holder, LinkedTables, Pattern, Witness
from keli.methods.suppression.cuts import Attacker
from keli.methods.suppression.improvement import freed, rerouted
from keli.methods.suppression.optimal import Effort, cheapest, chosen_again
from keli.methods.suppression.search import Search

OPTIMAL, AUTO, FAST = "optimal", "auto", "fast"

SMALL = 600
"""Movable cells up to which the cheapest pattern is looked for without being asked for."""

ROUNDS = {OPTIMAL: 10_000, AUTO: 30}
NODES = {OPTIMAL: 1_000_000, AUTO: 2_000}
REGION = 100
REGION_ROUNDS, REGION_NODES = 12, 200
FREED, PROGRAMS = 5_000, 2_000
"""Programs solved to publish cells one by one; attacks solved region by region. Counts do not hang on the clock."""


def suppressed(
    tables: LinkedTables,
    demands: Demands,
    holders: Sequence[Holder] = (),
    *,
    costs: Floats,
    colluding: int = 1,
    method: str = AUTO,
    seconds_left: Callable[[], float] = lambda: float("inf"),
) -> Pattern:
    """Withhold further cells so that no attacker can infer a sensitive one, and as little as can be found.

    Args:
        tables: Cells, relations and what everybody knows of them.
        demands: Sensitive cells with their protection levels.
        holders: Contributors that may be attackers.
        costs: (n,) cost of withholding a cell, positive.
        colluding: How many holders work together: 0, 1 or 2.
        method: `optimal`; `auto`: optimal for small tables, else the best that is found; `fast`: a safe pattern at
            once, for tables that are protected again and again.
        seconds_left: Tells how much time is left; a safe pattern is returned in any case.

    Returns:
        The pattern with moves that prove it safe.

    Raises:
        ConfigurationError: A cost is not positive, or the method is none of suppression.
        CannotProtectError: A sensitive cell cannot be protected.

    Method: for each sensitive cell in turn, largest demand first, a move up and a move down of withheld cells at least
    cost (linear programs); for each holder who can exclude a move, another one. Then moves are found anew where this
    saves. For small tables the cheapest pattern by cuts (Fischetti and Salazar 2001).
    """
    if not (costs > 0).all():
        raise ConfigurationError("Costs of withholding a cell must be greater than zero.", example="value, or 1")
    if method not in (OPTIMAL, AUTO, FAST):
        raise ConfigurationError(f"{method} is no method of suppression.", example=AUTO)
    search = Search(tables, demands, holders, colluding=colluding, costs=costs)
    order = _largest_first(demands)
    for cell in order:
        search.cover(cell)
    rerouted(search, order, lambda: seconds_left() > 0)
    optimal, bound = False, float("nan")
    if method != FAST:
        # Before the optimum: it may take all the time there is and come to nothing.
        most = search.finder.solved + FREED
        freed(search, lambda: seconds_left() > 0 and search.finder.solved < most)
    if method == OPTIMAL or (method == AUTO and search.mobile.sum() <= SMALL):
        optimal, bound = cheapest(search, Effort(ROUNDS[method], NODES[method], seconds_left))
    if not optimal and method != FAST:
        _improve(search, seconds_left)
    return _pattern(search, optimal=optimal, bound=bound, complete=seconds_left() > 0)


def _largest_first(demands: Demands) -> list[int]:
    widest = np.maximum(demands.below, demands.above)
    return [int(cell) for cell in demands.cells[np.argsort(-widest, kind="stable")]]


def _improve(search: Search, seconds_left: Callable[[], float]) -> None:
    """Choose again around the dearest withheld cells."""
    attacker = Attacker(search.knowledge, search.nearby)
    effort = Effort(REGION_ROUNDS, REGION_NODES, seconds_left)
    seen = np.zeros(search.tables.size, bool)
    secondary = np.flatnonzero(search.pool.secondary)
    for cell in secondary[np.argsort(-search.pool.costs[secondary], kind="stable")].tolist():
        if seconds_left() <= 0 or attacker.solved > PROGRAMS:
            break
        if not seen[cell] and search.pool.secondary[cell]:
            chosen_again(search, attacker, cell, REGION, effort)
            seen[search.nearby.around(cell, search.mobile, REGION // 4)] = True


def _pattern(search: Search, *, optimal: bool, bound: float, complete: bool) -> Pattern:
    """The pattern with the moves in use only, numbered from 0."""
    witnesses = [witness for found in search.pool.witnesses.values() for witness in found]
    used = sorted({witness.change for witness in witnesses})
    number = {old: new for new, old in enumerate(used)}
    changes: list[Change] = [search.pool.changes[old] for old in used]
    return Pattern(
        search.pool.withheld,
        changes,
        [Witness(witness.cell, number[witness.change], witness.factor) for witness in witnesses],
        optimal,
        bound,
        complete,
    )
