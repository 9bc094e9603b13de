"""The auditor against planted leaks and false proofs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from keli.base.errors import EngineError
from keli.methods.disclosure_audit import audit, estimates
from keli.methods.disclosure_audit.audit import audited
from keli.methods.disclosure_audit.estimates import Estimator
from keli.methods.disclosure_audit.intervals import intervals
from keli.methods.disclosure_audit.release import Leak, Release, Verdict
from keli.methods.linked_tables.tables import Change, Demands, Holder, LinkedTables, Pattern, Witness

B_SMALL, B_LARGE, C_SMALL, C_LARGE = 7, 8, 10, 11


@pytest.fixture
def release(district: LinkedTables, b_small: Demands, rectangle: Pattern) -> Release:
    """The example of the manual with its proof."""
    return Release(district, rectangle.withheld, b_small, (), 1, rectangle.changes, rectangle.witnesses)


def leaks(verdict: Verdict) -> list[tuple[Leak, int]]:
    """Kind and cell of each violation."""
    return [(violation.leak, violation.cell) for violation in verdict.violations]


def opened(release: Release, *cells: int) -> Release:
    """The release with cells published and no proof."""
    withheld = release.withheld.copy()
    withheld[list(cells)] = False
    return replace(release, withheld=withheld, changes=(), witnesses=())


def test_the_example_of_the_manual_passes(release: Release) -> None:
    verdict = audited(release)
    assert verdict.passed
    assert (verdict.sensitive, verdict.withheld, verdict.witnesses, verdict.attacked) == (1, 4, 2, 1)
    assert verdict.programs == 2
    assert audited(opened(release)).passed


def test_intervals_are_those_worked_out_by_hand(release: Release) -> None:
    lower, upper = intervals(release)
    assert lower[[B_SMALL, B_LARGE, C_SMALL, C_LARGE, 0]].tolist() == pytest.approx([0, 80, 0, 60, 640])
    assert upper[[B_SMALL, B_LARGE, C_SMALL, C_LARGE, 0]].tolist() == pytest.approx([140, 220, 140, 200, 640])


def test_an_interval_may_have_no_bound(release: Release) -> None:
    signed = replace(release.tables, least=np.full(12, -np.inf))
    lower, upper = intervals(replace(release, tables=signed))
    assert (lower[B_SMALL], upper[B_SMALL]) == (-np.inf, np.inf)


def test_a_row_with_one_suppression_leaks(release: Release) -> None:
    found = leaks(audited(opened(release, B_LARGE)))
    assert (Leak.TOO_CLOSE, B_SMALL) in found
    assert {(Leak.RECOMPUTED, cell) for cell in (B_SMALL, C_SMALL, C_LARGE)} <= set(found)


def test_a_sensitive_cell_that_is_published_leaks(release: Release) -> None:
    assert (Leak.PUBLISHED, B_SMALL) in leaks(audited(opened(release, B_SMALL)))


def joined_with(release: Release, row: dict[int, float], value: float, *, withheld: bool) -> Release:
    """The release with one more cell, and a relation that says what it is."""
    tables, size = release.tables, release.tables.size
    relation = np.zeros((1, size + 1))
    for cell, coefficient in row.items():
        relation[0, cell] = coefficient
    wide = sp.hstack([tables.relations, np.zeros((tables.relations.shape[0], 1))])
    wider = LinkedTables(
        np.append(tables.values, value), sp.csr_matrix(sp.vstack([wide, relation])), np.append(tables.least, -np.inf),
        np.append(tables.most, np.inf), np.append(tables.known, False), np.append(tables.contributors, 10),
    )  # fmt: skip
    return replace(release, tables=wider, withheld=np.append(release.withheld, withheld), changes=(), witnesses=())


def test_a_linked_table_that_opens_a_cell_leaks(release: Release) -> None:
    """B small + C small is known from the margins. B small + twice B large, with the sum of the row, gives both."""
    harmless = joined_with(release, {B_SMALL: 1.0, C_SMALL: 1.0, 12: -1.0}, 140.0, withheld=False)
    assert audited(harmless).passed
    opening = joined_with(release, {B_SMALL: 1.0, B_LARGE: 2.0, 12: -1.0}, 400.0, withheld=False)
    assert (Leak.TOO_CLOSE, B_SMALL) in leaks(audited(opening))
    assert audited(joined_with(release, {B_SMALL: 1.0, B_LARGE: 2.0, 12: -1.0}, 400.0, withheld=True)).passed


def test_a_growth_rate_that_reveals_a_level_leaks(release: Release) -> None:
    """The year before, B small was 32 and is published; so is its growth, 25 per cent: 1.25 x 32 - B small = 0."""
    before = joined_with(release, {12: 1.0, 0: -0.05}, 32.0, withheld=False)
    growth = sp.csr_matrix(np.where(np.arange(13) == 12, 1.25, np.where(np.arange(13) == B_SMALL, -1.0, 0.0)))
    tables = replace(before.tables, relations=sp.csr_matrix(sp.vstack([before.tables.relations, growth])))
    found = leaks(audited(replace(before, tables=tables)))
    assert (Leak.TOO_CLOSE, B_SMALL) in found
    assert (Leak.RECOMPUTED, B_SMALL) in found


def test_a_later_vintage_that_differences_leaks(release: Release) -> None:
    """A later release publishes B small with one more unit, and what it added: the old cell is their difference."""
    later = joined_with(release, {12: 1.0, B_SMALL: -1.0, 4: -0.1}, 50.0, withheld=False)
    assert (Leak.TOO_CLOSE, B_SMALL) in leaks(audited(later))


def test_tables_that_do_not_add_up_are_refused(release: Release) -> None:
    values = release.tables.values.copy()
    values[0] += 1
    found = leaks(audited(replace(release, tables=replace(release.tables, values=values))))
    assert {leak for leak, _ in found} == {Leak.NOT_ADDITIVE}


@pytest.mark.parametrize(
    ("cells", "amounts"),
    [
        ([4, B_SMALL, B_LARGE], [1.0, 4.0, -5.0]),  # alters A small, which is published
        ([B_SMALL, B_LARGE, C_SMALL, C_LARGE], [4.0, -4.0, -4.0, 5.0]),  # the sum of the large does not close
        ([B_SMALL, B_LARGE, C_SMALL, C_LARGE], [400.0, -400.0, -400.0, 400.0]),  # B large below zero
    ],
)
def test_a_false_witness_is_found(release: Release, cells: list[int], amounts: list[float]) -> None:
    false = [Change(np.array(cells), np.array(amounts))]
    found = leaks(audited(replace(release, changes=false)))
    assert Leak.FALSE_WITNESS in {leak for leak, _ in found}


def test_a_witness_that_goes_not_far_enough_is_no_proof(release: Release) -> None:
    near = [Witness(B_SMALL, 0, 0.5), Witness(B_SMALL, 0, -0.5)]
    verdict = audited(replace(release, witnesses=near))
    assert verdict.passed
    assert verdict.programs == 4  # two to find what the witnesses did not show, two attacks of the public


def test_a_lone_contributor_sees_through_its_neighbour(release: Release) -> None:
    """B large is one firm: it subtracts its 180 from the published 220 and knows B small."""
    contributors = np.where(np.arange(12) == B_LARGE, 1, 10)
    holder = Holder(np.array([6, B_LARGE]), np.array([180.0, 180.0]))
    inside = replace(release, tables=replace(release.tables, contributors=contributors), holders=[holder])
    assert leaks(audited(inside)) == [(Leak.HOLDER, B_SMALL), (Leak.HOLDER, B_SMALL)]
    assert audited(replace(inside, colluding=0)).passed
    # The firm that fills the sensitive cell itself has nothing to learn.
    own = Holder(np.array([6, B_SMALL, B_LARGE]), np.array([220.0, 40.0, 180.0]))
    filled = replace(inside.tables, contributors=np.where(np.isin(np.arange(12), [B_SMALL, B_LARGE]), 1, 10))
    assert audited(replace(inside, tables=filled, holders=[own])).passed


def test_own_contributions_bound_other_cells(release: Release) -> None:
    """Of B large one firm has 178: it knows that B small is not more than 42, closer than 4 above."""
    holder = Holder(np.array([B_LARGE]), np.array([178.0]))
    assert leaks(audited(replace(release, holders=[holder]))) == [(Leak.HOLDER, B_SMALL)]
    smaller = Holder(np.array([B_LARGE]), np.array([170.0]))
    assert audited(replace(release, holders=[smaller])).passed


def test_a_contributor_of_the_cell_knows_its_own_part(release: Release) -> None:
    """It has 38 of 40: it knows that the cell is not below 38. One with all of it has no doubt."""
    assert audited(replace(release, holders=[Holder(np.array([B_SMALL]), np.array([38.0]))])).passed
    assert audited(replace(release, holders=[Holder(np.array([B_SMALL]), np.array([40.0]))])).passed


def test_who_has_all_of_a_cell_but_is_not_alone_in_it_cannot_be_kept_from_knowing_its_floor(release: Release) -> None:
    """It has 40 of B small, where others have nothing, and 98 of C large: no lower B small is possible for it."""
    firm = Holder(np.array([B_SMALL, C_LARGE]), np.array([40.0, 98.0]))
    assert audited(replace(release, holders=[firm])).passed


def test_two_who_work_together(release: Release) -> None:
    """Two firms have 90 and 88 of B large: alone neither excludes 176, together they do."""
    firms = [Holder(np.array([B_LARGE]), np.array([90.0])), Holder(np.array([B_LARGE]), np.array([88.0]))]
    assert audited(replace(release, holders=firms)).passed
    assert leaks(audited(replace(release, holders=firms, colluding=2))) == [(Leak.HOLDER, B_SMALL)]
    third = [*firms, Holder(np.array([C_SMALL]), np.array([97.0]))]
    assert (Leak.HOLDER, B_SMALL) in leaks(audited(replace(release, holders=third, colluding=2)))


def test_signed_values_are_bounded_by_nobody(release: Release) -> None:
    signed = replace(release.tables, least=np.full(12, -np.inf))
    firms = [Holder(np.array([B_LARGE, B_SMALL]), np.array([178.0, 39.0]))]
    assert audited(replace(release, tables=signed, holders=firms, changes=(), witnesses=())).passed
    # Who is alone in a cell knows it all the same.
    alone = replace(signed, contributors=np.where(np.arange(12) == B_LARGE, 1, 10))
    firms = [Holder(np.array([B_LARGE]), np.array([180.0]))]
    assert {leak for leak, _ in leaks(audited(replace(release, tables=alone, holders=firms)))} == {Leak.HOLDER}


def test_a_level_of_zero_asks_for_nothing(release: Release) -> None:
    above = replace(release.demands, below=np.zeros(1))
    verdict = audited(replace(release, demands=above, changes=(), witnesses=()))
    assert verdict.passed
    assert verdict.programs == 3  # above for the proof; both sides in the attack of the public


def test_a_withheld_cell_that_no_witness_moves_is_attacked(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small and A large are withheld besides: only the auditor's own attack shows that they have no one value."""
    monkeypatch.setattr(audit, "ALL_ATTACKED", 11)
    monkeypatch.setattr(audit, "SAMPLE", 0)
    withheld = release.withheld.copy()
    withheld[[4, 5]] = True
    verdict = audited(replace(release, withheld=withheld))
    assert verdict.passed
    assert verdict.programs == 1  # A small moves, and A large with it
    withheld[5] = False
    verdict = audited(replace(release, withheld=withheld))
    assert leaks(verdict) == [(Leak.RECOMPUTED, 4)]


def test_larger_tables_are_attacked_by_a_draw(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "ALL_ATTACKED", 11)
    monkeypatch.setattr(audit, "SAMPLE", 0)
    verdict = audited(release)
    assert verdict.passed
    assert (verdict.attacked, verdict.programs) == (0, 0)


def test_a_solver_that_stops_is_told(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    estimator = Estimator(release.tables, release.withheld)
    impossible = np.full(12, np.nan)
    monkeypatch.setattr(estimates, "METHODS", ("highs-ds",))
    monkeypatch.setattr(estimates, "linprog", lambda *_, **__: type("Solved", (), {"status": 4, "message": "no"})())
    with pytest.raises(EngineError, match="solver stopped"):
        estimator.extreme(B_SMALL, 1, impossible, impossible)
