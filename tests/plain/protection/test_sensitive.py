"""Which cells are sensitive in a file, by which rule, and how far nobody may come near."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.plain.protection.conftest import Bench

from keli.model.catalogue import Catalogue
from keli.plain.protection.cells import read_cells
from keli.plain.protection.sensitive import Sensitive, judged
from keli.plain.protection.spec import read_spec
from keli.plain.protection.tables import joined

HEAD = "area,freq,value,x1,x2,x3"
TOTAL = "T,20,430,90,80,60"


def judge(bench: Bench, catalogue: Catalogue, lines: list[str], **keys: Any) -> Sensitive:
    """Judge areas below a total."""
    bench.put("cells.csv", "\n".join(lines) + "\n")
    bench.say(dimensions=[{"column": "area", "total": "T"}], **keys)
    spec = read_spec(Path(bench.folder / "spec.yaml"), catalogue)
    return judged(joined([read_cells(bench.folder / "cells.csv", spec)]))


# The four cells of the field's worked example: 90, 5, 3, 2; 40, 30, 20, 10; 60, 28, 8, 4; 50, 45, 5.
VECTORS = [HEAD, "T,15,400,90,60,50", "a,4,100,90,5,3", "b,4,100,40,30,20", "c,4,100,60,28,8", "d,3,100,50,45,5"]


@pytest.mark.parametrize(
    ("rule", "letters"),
    [
        ({"p_percent": 10}, "FMFFF"),
        ({"dominance": {"n": 2, "k": 85}}, "FTFTT"),
        ({"dominance": {"n": 1, "k": 85}}, "FOFFF"),
        ({"dominance": {"n": 3, "k": 96}}, "FGFGG"),  # a: 98; c: 96, a tie; d: 100
        ({"pq": {"p": 10, "q": 50}}, "FMFFM"),  # d: 50 x 5 < 10 x 50
        ({"min_count": 4}, "FFFFA"),
    ],
)
def test_the_worked_cells(bench: Bench, catalogue: Catalogue, rule: dict[str, Any], letters: str) -> None:
    assert "".join(judge(bench, catalogue, VECTORS, rules=[rule]).status) == letters


def test_the_first_rule_that_holds_gives_the_letter(bench: Bench, catalogue: Catalogue) -> None:
    rules = [{"p_percent": 10}, {"dominance": {"n": 2, "k": 85}}, {"min_count": 4}]
    assert "".join(judge(bench, catalogue, VECTORS, rules=rules).status) == "FTFTA"


def test_the_rules_of_the_line_by_default(bench: Bench, catalogue: Catalogue) -> None:
    """Fewer than three, the largest with 85 per cent, p of 10: a is dominated."""
    bench.put("cells.csv", "\n".join(VECTORS) + "\n")
    text = "dimensions: [{column: area, total: T}]\nvalue: value\n"
    spec = read_spec(bench.put("spec.yaml", text), catalogue)
    assert "".join(judged(joined([read_cells(bench.folder / "cells.csv", spec)])).status) == "FOFFF"


def test_levels(bench: Bench, catalogue: Catalogue) -> None:
    """Ten per cent of 100; by the rule: 100/85 x 98 - 100 for c is 3.53; p: 0.1 x 90 - 5 = 4 for a."""
    dominance = {"dominance": {"n": 2, "k": 80}}
    found = judge(bench, catalogue, VECTORS, rules=[dominance])
    assert found.demands.above.tolist() == [10, 10, 10]
    found = judge(bench, catalogue, VECTORS, rules=[dominance], protection_percent=20)
    assert found.demands.above.tolist() == [20, 20, 20]
    found = judge(bench, catalogue, VECTORS, rules=[dominance], protection_percent="rule")
    # 100/80 x 95 - 100, 100/80 x 88 - 100, 100/80 x 95 - 100
    assert found.demands.above.tolist() == pytest.approx([18.75, 10, 18.75])
    found = judge(bench, catalogue, VECTORS, rules=[{"p_percent": 10}], protection_percent="rule")
    assert found.demands.above.tolist() == pytest.approx([4])
    found = judge(bench, catalogue, VECTORS, rules=[{"min_count": 4}], protection_percent="rule")
    assert found.demands.above.tolist() == [10]


def test_small_levels_are_one_unit_of_the_last_digit(bench: Bench, catalogue: Catalogue) -> None:
    lines = ["area,freq,value", "T,5,8", "a,2,3", "b,3,5"]
    assert judge(bench, catalogue, lines).demands.above.tolist() == [1]
    lines = ["area,freq,value", "T,5,8.25", "a,2,3.25", "b,3,5"]
    assert judge(bench, catalogue, lines, protection_percent=0).demands.above.tolist() == [0.01]


def test_a_count_of_one_with_a_value_of_zero_is_sensitive(bench: Bench, catalogue: Catalogue) -> None:
    lines = ["area,freq,value", "T,5,5", "a,1,0", "b,4,5", "c,0,0"]
    found = judge(bench, catalogue, lines)
    assert "".join(found.status) == "FAFF"
    assert (found.demands.below.tolist(), found.demands.above.tolist()) == ([0], [1])
    assert "".join(judge(bench, catalogue, lines, zeros="protect").status) == "FAFA"


def test_holders_count_not_units(bench: Bench, catalogue: Catalogue) -> None:
    """Five units of two holders."""
    lines = ["area,freq,holder_freq,value", "T,9,6,90", "a,5,2,50", "b,4,4,40"]
    assert "".join(judge(bench, catalogue, lines).status) == "FAF"


def test_weights_count_the_population(bench: Bench, catalogue: Catalogue) -> None:
    """Two in the sample stand for eight; the largest of these has a quarter of 60 at weight 4."""
    lines = ["area,freq,weight,value,x1,x2", "T,6,4,400,60,40", "a,2,4,400,60,40", "b,4,1,0,0,0"]
    found = judge(bench, catalogue, lines, rules=[{"min_count": 3}, {"dominance": {"n": 1, "k": 60}}])
    assert found.status[1] == "F"
    lines = ["area,freq,value,x1,x2", "T,6,400,60,40", "a,2,400,60,40", "b,4,0,0,0"]
    assert judge(bench, catalogue, lines).status[1] == "A"


def test_signed_values_are_judged_by_absolute_contributions(bench: Bench, catalogue: Catalogue) -> None:
    """Gains of 100 and losses of 95 in four firms: the sum of 5 tells little, the largest is 60 of 195."""
    lines = ["area,freq,value,absolute,x1,x2", "T,8,-5,300,60,40", "a,4,5,195,60,45", "b,4,-10,105,40,30"]
    rule = [{"dominance": {"n": 1, "k": 85}}]
    found = judge(bench, catalogue, lines, rules=rule)
    assert set(found.status) == {"F"}
    # Without the column the sum of the largest stands in: 60 of 100, 60 of 105, 40 of 70.
    without = [",".join(line.split(",")[:3] + line.split(",")[4:]) for line in lines]
    assert "".join(judge(bench, catalogue, without, rules=[{"dominance": {"n": 1, "k": 57}}]).status) == "OOO"


def test_the_user_may_say_what_is_sensitive(bench: Bench, catalogue: Catalogue) -> None:
    lines = ["area,freq,value,primary", "T,9,90,", "a,5,50,yes", "b,4,40,0"]
    found = judge(bench, catalogue, lines)
    assert "".join(found.status) == "FCF"
    assert found.demands.above.tolist() == [5]


def test_a_lone_contributor_is_an_attacker_where_largest_are_not_given(bench: Bench, catalogue: Catalogue) -> None:
    lines = ["area,freq,value,x1,x2", "T,5,60,,", "a,1,20,,", "b,4,40,15,12"]
    found = judge(bench, catalogue, lines, rules=[{"min_count": 2}])
    # The firm of a; the largest of b, who is not the firm of a.
    assert [holder.cells.tolist() for holder in found.holders] == [[0, 1], [0, 2]]
    assert [holder.own.round(6).tolist() for holder in found.holders] == [[20, 20], [15, 15]]


def test_named_holders_are_followed_through_all_cells(bench: Bench, catalogue: Catalogue) -> None:
    lines = [
        "area,freq,value,x1,x1_holder,x2,x2_holder", "T,8,100,45,big,10,", "a,4,50,25,big,10,second", "b,4,50,20,big,,",
    ]  # fmt: skip
    found = judge(bench, catalogue, lines)
    assert [holder.cells.tolist() for holder in found.holders] == [[0, 1, 2], [0, 1]]
    assert [holder.own.round(6).tolist() for holder in found.holders] == [[45, 25, 20], [10, 10]]
