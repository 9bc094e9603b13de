"""Secondary suppression: a table done by hand, then random tables that the auditor attacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from keli.base.errors import ConfigurationError, EngineError
from keli.methods.disclosure_audit.audit import audited
from keli.methods.disclosure_audit.release import Release
from keli.methods.linked_tables.holders import holders_without_names
from keli.methods.linked_tables.tables import Change, Demands, Holder, LinkedTables, Pattern
from keli.methods.suppression import cuts, improvement, moves, search, suppress
from keli.methods.suppression.cuts import Master
from keli.methods.suppression.improvement import freed, rerouted
from keli.methods.suppression.moves import MoveFinder, Wanted, window_of
from keli.methods.suppression.search import CannotProtectError
from keli.methods.suppression.suppress import suppressed


def values_of(table: LinkedTables) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Cost: the value."""
    return np.maximum(table.values, 1.0)


def audit(table: LinkedTables, demands: Demands, pattern: Pattern, holders: list[Holder], colluding: int) -> bool:
    """Whether the auditor passes a pattern, with its witnesses and without them."""
    release = Release(table, pattern.withheld, demands, holders, colluding, pattern.changes, pattern.witnesses)
    bare = replace(release, changes=(), witnesses=())
    return audited(release).passed and audited(bare).passed


@pytest.mark.parametrize("method", ["auto", "optimal"])
def test_the_example_of_the_manual(district: LinkedTables, b_small: Demands, method: str) -> None:
    pattern = suppressed(district, b_small, costs=values_of(district), method=method)
    assert np.flatnonzero(pattern.withheld).tolist() == [7, 8, 10, 11]
    assert pattern.optimal
    assert pattern.bound == pytest.approx(380)
    assert {tuple(change.cells) for change in pattern.changes} == {(7, 8, 10, 11)}
    assert audit(district, b_small, pattern, [], 0)


def test_a_fast_pattern_is_safe(district: LinkedTables, b_small: Demands) -> None:
    pattern = suppressed(district, b_small, costs=values_of(district), method="fast")
    assert np.flatnonzero(pattern.withheld).tolist() == [7, 8, 10, 11]
    assert not pattern.optimal
    assert np.isnan(pattern.bound)
    assert audit(district, b_small, pattern, [], 0)


def test_constant_costs_count_cells(district: LinkedTables, b_small: Demands) -> None:
    pattern = suppressed(district, b_small, costs=np.ones(12))
    assert pattern.withheld.sum() == 4
    assert pattern.bound == pytest.approx(3)


def test_two_lone_contributors_in_a_relation_disclose_each_other(district: LinkedTables) -> None:
    """B small and B large have one contributor each: if they alone are withheld in their row each knows the other."""
    table = replace(district, contributors=np.array([9, 9, 9, 9, 9, 9, 2, 1, 1, 9, 9, 9]))
    demands = Demands(np.array([6, 7, 8]), np.array([22.0, 4.0, 18.0]), np.array([22.0, 4.0, 18.0]))
    holders = [Holder(np.array([6, 7]), np.array([40.0, 40.0])), Holder(np.array([6, 8]), np.array([180.0, 180.0]))]
    alone = suppressed(table, demands, holders, costs=values_of(table), colluding=0)
    assert audit(table, demands, alone, holders, 0)
    inside = suppressed(table, demands, holders, costs=values_of(table), colluding=1)
    assert audit(table, demands, inside, holders, 1)
    assert audited(Release(table, alone.withheld, demands, holders, 1)).passed == (inside.bound <= alone.bound)


def test_the_same_question_gets_the_same_answer(district: LinkedTables, b_small: Demands) -> None:
    one, two = (suppressed(district, b_small, costs=values_of(district)) for _ in range(2))
    assert one.withheld.tolist() == two.withheld.tolist()
    for first, second in zip(one.changes, two.changes, strict=True):
        assert first.amounts.tolist() == second.amounts.tolist()


def test_a_limit_of_time_leaves_a_safe_pattern(
    district: LinkedTables, b_small: Demands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suppress, "SMALL", 0)
    pattern = suppressed(district, b_small, costs=values_of(district), seconds_left=lambda: 0.0)
    assert not pattern.complete
    assert not pattern.optimal
    assert audit(district, b_small, pattern, [], 0)
    pattern = suppressed(district, b_small, costs=values_of(district), method="optimal", seconds_left=lambda: 0.0)
    assert not pattern.optimal
    assert audit(district, b_small, pattern, [], 0)


def test_a_cell_with_no_room_cannot_be_protected(district: LinkedTables, b_small: Demands) -> None:
    known = np.ones(12, bool)
    known[7] = False
    with pytest.raises(CannotProtectError) as refused:
        suppressed(replace(district, known=known), b_small, costs=np.ones(12))
    assert refused.value.cell == 7
    narrow = replace(district, most=np.where(np.arange(12) == 7, 41.0, np.inf))
    with pytest.raises(CannotProtectError):
        suppressed(narrow, b_small, costs=np.ones(12))


def test_costs_must_be_positive(district: LinkedTables, b_small: Demands) -> None:
    with pytest.raises(ConfigurationError, match="greater than zero"):
        suppressed(district, b_small, costs=np.zeros(12))


def test_other_methods_are_refused(district: LinkedTables, b_small: Demands) -> None:
    with pytest.raises(ConfigurationError, match="no method of suppression"):
        suppressed(district, b_small, costs=np.ones(12), method="hypercube")


def test_nothing_sensitive_withholds_nothing(district: LinkedTables) -> None:
    nothing = Demands(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
    pattern = suppressed(district, nothing, costs=np.ones(12))
    assert not pattern.withheld.any()
    assert pattern.optimal


def test_relations_take_any_coefficients() -> None:
    """A plate takes half of class 0 and a fifth of class 1; growth is the difference of two years."""
    relations = sp.csr_matrix(np.array([[0.5, 0.2, -1, 0, 0], [1, 0, 0, -1, -1]]))
    values = np.array([100.0, 50, 60, 80, 20])
    nothing = np.zeros(5)
    table = LinkedTables(values, relations, nothing, nothing + np.inf, nothing > 0, np.full(5, 9))
    demands = Demands(np.array([0]), np.array([10.0]), np.array([10.0]))
    pattern = suppressed(table, demands, costs=np.ones(5))
    assert pattern.withheld[0]
    assert pattern.withheld[[1, 2]].any()
    assert pattern.withheld[[3, 4]].any()
    assert audit(table, demands, pattern, [], 0)


def test_a_solver_that_stops_is_told(district: LinkedTables) -> None:
    finder = MoveFinder()
    finder._solver.setOptionValue("simplex_iteration_limit", 0)
    wanted = Wanted(7, 4.0, district.least, district.most)
    with pytest.raises(EngineError, match="solver stopped"):
        finder.find(district, wanted, window_of(district, np.arange(12)), np.ones(12), np.zeros(12, bool))


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[list[int]], list[int], list[int], list[int]]:
    """Values and largest contributions of a small table with random hierarchies."""

    def parents(most: int) -> list[int]:
        above = [-1, 0, 0]
        above += draw(st.lists(st.integers(1, 2), max_size=most))  # below the first or the second
        return above

    rows, columns = parents(2), parents(1)
    size = len(rows) * len(columns)
    inner = draw(st.lists(st.integers(0, 60), min_size=size, max_size=size))
    shares = draw(st.lists(st.integers(1, 100), min_size=size, max_size=size))
    return [inner[row * len(columns) : (row + 1) * len(columns)] for row in range(len(rows))], rows, columns, shares


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(cases(), st.sampled_from([0, 1, 2]), st.booleans())
def test_random_tables_are_safe_and_nothing_can_be_freed(
    make_table: Callable[..., LinkedTables],
    case: tuple[list[list[int]], list[int], list[int], list[int]],
    colluding: int,
    signed: bool,
) -> None:
    inner, rows, columns, shares = case
    table = make_table(inner, rows, columns, least=-np.inf if signed else 0.0)
    contributors = np.where(table.values == 0, 0, 1 + np.array(shares) % 4).astype(np.int64)
    table = replace(table, known=table.values == 0, contributors=contributors)
    largest = np.where(contributors == 1, table.values, table.values * np.array(shares) / 100)
    sensitive = np.flatnonzero((contributors > 0) & (contributors < 3))
    level = np.maximum(table.values[sensitive] / 10, 1.0)
    demands = Demands(sensitive, level if signed else np.minimum(level, table.values[sensitive]), level)
    holders = holders_without_names(largest, contributors, table.relations)
    try:
        pattern = suppressed(table, demands, holders, costs=values_of(table), colluding=colluding, method="optimal")
    except CannotProtectError:
        everything = ~table.known
        assert not audited(Release(table, everything, demands, holders, colluding)).passed
        return
    assert pattern.optimal
    assert audit(table, demands, pattern, holders, colluding)
    # Removing any of them breaks safety; three are tried.
    for cell in np.setdiff1d(np.flatnonzero(pattern.withheld), sensitive)[:3]:
        fewer = pattern.withheld.copy()
        fewer[cell] = False
        assert not audited(Release(table, fewer, demands, holders, colluding)).passed


def test_larger_tables_are_improved_region_by_region(
    make_table: Callable[..., LinkedTables], monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(5)
    rows, columns = [-1, *[0] * 12], [-1, *[0] * 9]
    table = make_table(rng.integers(5, 90, (13, 10)), rows, columns)
    sensitive = np.sort(rng.choice(np.setdiff1d(np.arange(11, 130), np.arange(0, 130, 10)), 14, replace=False))
    level = table.values[sensitive] / 5
    demands = Demands(sensitive, level, level)
    best = suppressed(table, demands, costs=values_of(table))
    monkeypatch.setattr(suppress, "SMALL", 0)
    monkeypatch.setattr(suppress, "REGION", 40)
    found = suppressed(table, demands, costs=values_of(table))
    assert best.optimal
    assert not found.optimal
    assert audit(table, demands, found, [], 0)
    cost = {name: table.values[pattern.withheld].sum() for name, pattern in (("best", best), ("found", found))}
    assert cost["best"] <= cost["found"] <= 1.1 * cost["best"]


@pytest.fixture
def sizeable(make_table: Callable[..., LinkedTables]) -> tuple[LinkedTables, Demands, list[Holder]]:
    """Seven by five inner cells, of which six are sensitive and have one contributor each."""
    rng = np.random.default_rng(5)
    table = make_table(rng.integers(5, 90, (8, 6)), [-1, *[0] * 7], [-1, *[0] * 5])
    sensitive = np.sort(rng.choice(np.setdiff1d(np.arange(7, 48), np.arange(0, 48, 6)), 6, replace=False))
    level = table.values[sensitive] / 5
    contributors = table.contributors.copy()
    contributors[sensitive] = 1
    holders = [Holder(np.array([cell]), table.values[[cell]]) for cell in sensitive.tolist()]
    return replace(table, contributors=contributors), Demands(sensitive, level, level), holders


WINDOWS = [(cuts, "NEAR", 4), (search, "WIDE", 3), (moves, "REFINEMENTS", 0)]


@pytest.mark.parametrize(("module", "name", "number"), WINDOWS)
def test_windows_and_refinements_change_nothing_about_safety(
    sizeable: tuple[LinkedTables, Demands, list[Holder]], monkeypatch: pytest.MonkeyPatch,
    module: ModuleType, name: str, number: int,
) -> None:  # fmt: skip
    table, demands, holders = sizeable
    monkeypatch.setattr(module, name, number)
    pattern = suppressed(table, demands, holders, costs=values_of(table))
    assert audit(table, demands, pattern, holders, 1)


def test_an_effort_that_is_spent_leaves_the_safe_pattern(
    sizeable: tuple[LinkedTables, Demands, list[Holder]], monkeypatch: pytest.MonkeyPatch
) -> None:
    table, demands, holders = sizeable
    monkeypatch.setattr(suppress, "ROUNDS", {"auto": 1})
    monkeypatch.setattr(suppress, "PROGRAMS", 0)
    spent = suppressed(table, demands, holders, costs=values_of(table))
    assert not spent.optimal
    assert audit(table, demands, spent, holders, 1)


def test_time_may_run_out_between_two_choices(
    district: LinkedTables, b_small: Demands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Master, "choose_whole", lambda _: monkeypatch.setattr(Master, "choice", lambda *_: None))
    pattern = suppressed(district, b_small, costs=values_of(district))
    assert not pattern.optimal
    assert np.flatnonzero(pattern.withheld).tolist() == [7, 8, 10, 11]


def dear_pattern(table: LinkedTables, demands: Demands) -> search.Search:
    """C was forbidden when A was taken, 400 besides B small; with C allowed again 380 would do."""
    made = search.Search(table, demands, [], colluding=0, costs=values_of(table))
    made.forbidden[[10, 11]] = True
    made.cover(7)
    assert np.flatnonzero(made.pool.secondary).tolist() == [4, 5, 8]
    made.forbidden[:] = False
    return made


def test_moves_are_found_anew_where_that_saves(district: LinkedTables, b_small: Demands) -> None:
    made = dear_pattern(district, b_small)
    assert rerouted(made, [7], lambda: True) == 20
    assert np.flatnonzero(made.pool.secondary).tolist() == [8, 10, 11]


def test_a_dear_cell_is_published_where_others_cost_less(district: LinkedTables, b_small: Demands) -> None:
    """Without B large the total of B would go: dearer. Without A large C serves."""
    made = dear_pattern(district, b_small)
    assert freed(made, lambda: False) == 0
    assert freed(made, lambda: True) == 20
    assert np.flatnonzero(made.pool.secondary).tolist() == [8, 10, 11]


def test_what_cannot_be_published_stays_withheld(
    district: LinkedTables, b_small: Demands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing but the rectangle with A can move; or nothing else is looked at."""
    fixed = ~np.isin(np.arange(12), [4, 5, 7, 8])
    made = search.Search(replace(district, known=fixed), b_small, [], colluding=0, costs=values_of(district))
    made.cover(7)
    assert freed(made, lambda: True) == 0
    made = dear_pattern(district, b_small)
    monkeypatch.setattr(improvement, "FREEING", 3)
    assert freed(made, lambda: True) == 0
    assert np.flatnonzero(made.pool.secondary).tolist() == [4, 5, 8]


def test_cuts_that_teach_nothing_leave_the_safe_pattern(
    sizeable: tuple[LinkedTables, Demands, list[Holder]], monkeypatch: pytest.MonkeyPatch
) -> None:
    table, demands, holders = sizeable
    monkeypatch.setattr(cuts.Attacker, "cut", lambda *_: None)
    pattern = suppressed(table, demands, holders, costs=values_of(table))
    assert not pattern.optimal
    assert audit(table, demands, pattern, holders, 1)


def test_a_cut_that_asks_for_no_cell_is_not_learned() -> None:
    master = Master(np.ones(3), np.array([True, False, False]), np.array([False, True, False]))
    assert not master.learn(np.array([0.0, 0.0, 1.0]))
    assert not master.learn(np.array([1.0, 1.0, 0.0]))
    assert master.learn(np.array([0.0, 1.0, 0.0]))
    assert master.choice(1.0, 1) is not None
    decided = Master(np.ones(2), np.array([True, False]), np.zeros(2, bool)).choice(1.0, 1)
    assert decided is not None
    assert decided[0].tolist() == [1, 0]


def test_who_must_be_doubted_together_may_fill_the_cell(district: LinkedTables, b_small: Demands) -> None:
    """Two firms fill B small and are alone in B large and C small: each has a table of its own, both have none."""
    contributors = district.contributors.copy()
    contributors[[7, 8, 10]] = 2, 1, 1
    table = replace(district, contributors=contributors)
    holders = [
        Holder(np.array([7, 8]), np.array([25.0, 180.0])), Holder(np.array([7, 10]), np.array([15.0, 100.0])),
    ]  # fmt: skip
    pattern = suppressed(table, b_small, holders, costs=values_of(table), method="fast")
    assert audit(table, b_small, pattern, holders, 1)


def test_two_who_work_together(district: LinkedTables, b_small: Demands) -> None:
    """Two firms have 90 and 88 of B large: together they know that it is not below 178."""
    holders = [Holder(np.array([8]), np.array([90.0])), Holder(np.array([8]), np.array([88.0]))]
    one = suppressed(district, b_small, holders, costs=values_of(district), method="fast")
    two = suppressed(district, b_small, holders, costs=values_of(district), colluding=2, method="fast")
    assert audit(district, b_small, one, holders, 1)
    assert not audited(Release(district, one.withheld, b_small, holders, 2)).passed
    assert audit(district, b_small, two, holders, 2)


def test_a_level_of_zero_asks_for_no_move(district: LinkedTables, b_small: Demands) -> None:
    nothing = replace(b_small, below=np.zeros(1))
    pattern = suppressed(district, nothing, costs=values_of(district))
    assert [witness.factor for witness in pattern.witnesses] == pytest.approx([1.0], rel=1e-5)


def test_a_move_is_a_change_that_nobody_sees(district: LinkedTables, b_small: Demands) -> None:
    pattern = suppressed(district, b_small, costs=values_of(district))
    change: Change = pattern.changes[0]
    moved = district.values.copy()
    moved[change.cells] += change.amounts
    assert np.abs(district.relations @ moved).max() < 1e-9
    assert moved[~pattern.withheld].tolist() == district.values[~pattern.withheld].tolist()
