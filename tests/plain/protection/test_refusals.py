"""What keli protect refuses, each with the file, the row and the column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from keli.base.errors import ConfigurationError, KeliError, Place, SourceError

if TYPE_CHECKING:
    from tests.plain.protection.conftest import Bench


def refused(bench: Bench, what: str, where: str | None = None) -> KeliError:
    """The error of keli protect, whose words and place are checked."""
    with pytest.raises(KeliError, match=what) as found:
        bench.protect()
    assert not (bench.folder / "out.csv").exists()
    if where is not None:
        file, *row_and_column = where.split(":")
        row, column = [*row_and_column, None, None][:2]
        assert found.value.where == Place(str(bench.folder / file), int(row) if row else None, column)
    return found.value


def replaced(bench: Bench, old: str, new: str) -> None:
    """Put other words into CELLS."""
    text = (bench.folder / "cells.csv").read_text()
    assert old in text
    bench.put("cells.csv", text.replace(old, new))


def column(bench: Bench, name: str, **entries: str) -> None:
    """Add a column to CELLS, with entries by row of the file (r8: the row of B small)."""
    lines = (bench.folder / "cells.csv").read_text().splitlines()
    rows = [f"{line},{entries.get(f'r{row}', '')}" for row, line in enumerate(lines[1:], 2)]
    bench.put("cells.csv", "\n".join([f"{lines[0]},{name}", *rows]) + "\n")


@pytest.mark.parametrize(
    ("old", "new", "what", "where"),
    [
        (
            "B,small,2,40",
            "B,small,2,41",
            "The total area T, size small is 240; its 3 parts .* to 241",
            "cells.csv:3",
        ),
        ("C,large,5,", "B,large,5,", "The cell area B, size large stands in rows 10 and 13", "cells.csv:13"),
        ("B,small,2", "B,small,two", '"two" is not a number', "cells.csv:9:freq"),
        ("B,small,2", "B,small,", '"freq" is empty or not possible: a whole number', "cells.csv:9:freq"),
        ("B,small,2", "B,small,-2", '"freq" is empty or not possible', "cells.csv:9:freq"),
        ("B,small,2", "B,small,1.5", '"freq" is empty or not possible', "cells.csv:9:freq"),
        ("B,small,2,40", "B,small,2,", '"value" is empty or not possible: a number', "cells.csv:9:value"),
        ("B,small,2", "B,,2", 'The code "" is not in the hierarchy of "size"', "cells.csv:9:size"),
        (
            "T,small,20,240,40,38\n",
            "",
            "The total in area above the cell area A, size small is",
            "cells.csv:5",
        ),
        ("area,size,freq", "area,size,count", 'The file has no column "freq"', "cells.csv:1"),
        ("area,size,freq", "region,size,freq", 'The file has no column "area"', "cells.csv:1"),
    ],
)
def test_cells_that_are_wrong(bench: Bench, old: str, new: str, what: str, where: str) -> None:
    replaced(bench, old, new)
    refused(bench, what, where)


@pytest.mark.parametrize(("text", "what"), [("", "file is empty"), ("area,size,freq,value\n", "a head and no rows")])
def test_empty_files(bench: Bench, text: str, what: str) -> None:
    bench.put("cells.csv", text)
    refused(bench, what)


def test_files_that_are_not_there(bench: Bench) -> None:
    (bench.folder / "cells.csv").unlink()
    refused(bench, "There is no such file", "cells.csv")
    (bench.folder / "spec.yaml").unlink()
    refused(bench, "There is no such SPEC file", "spec.yaml")


@pytest.mark.parametrize(
    ("name", "entry", "what"),
    [
        ("primary", "perhaps", '"perhaps" is neither yes nor no'),
        ("weight", "0.5", '"weight" is empty or not possible: a number of 1 or more'),
        ("holder_freq", "1.5", '"holder_freq" is empty or not possible: a whole number of holders'),
        ("cost", "0", '"cost" is empty or not possible: a number greater than 0'),
        ("lower_bound", "50", "The value of the cell area B, size small lies outside its bounds"),
        ("upper_bound", "30", "The value of the cell area B, size small lies outside its bounds"),
    ],
)
def test_other_columns_that_are_wrong(bench: Bench, name: str, entry: str, what: str) -> None:
    column(bench, name, r9=entry)
    refused(bench, what)


def areas(bench: Bench, text: str) -> None:
    """Give the areas a hierarchy."""
    bench.put("areas.csv", text)
    bench.say(dimensions=[{"column": "area", "total": "T", "hierarchy": "areas.csv"}, {"column": "size", "total": "T"}])


@pytest.mark.parametrize(
    ("text", "what", "where"),
    [
        ("child,parent\nA,T\nB,T\n", 'The code "C" is not in the hierarchy of "area"', "cells.csv:11:area"),
        ("child,parent\nA,T\nB,T\nC,X\n", '"C" does not lead to the total "T": "X" has no parent', "areas.csv:4:child"),
        ("child,parent\nA,B\nB,A\nC,T\n", '"A" is below itself', "areas.csv:2:child"),
        ("child,parent\nA,T\nB,T\nC,T\nA,B\n", '"A" has two parents: "T" in row 2 and "B"', "areas.csv:5:child"),
        ("child,parent\nA,T\nB,\nC,T\n", "The hierarchy has an empty cell", "areas.csv:3"),
        ("child,parent\nA,T\nB,T\nC,T\nT,A\n", 'The total "T" has a parent', "areas.csv:5:child"),
        ("code,parent\nA,T\n", 'The file has no column "child"', "areas.csv:1"),
    ],
)
def test_hierarchies_that_are_wrong(bench: Bench, text: str, what: str, where: str) -> None:
    areas(bench, text)
    refused(bench, what, where)


def test_the_total_may_stand_in_the_hierarchy_without_a_parent(bench: Bench) -> None:
    areas(bench, "child,parent\nT,\nA,T\nB,T\nC,T\n")
    assert bench.protect().secondary == 3


@pytest.mark.parametrize(
    ("keys", "what"),
    [
        ({"method": "hypercube"}, "method"),
        ({"insider": "three"}, "insider"),
        ({"dimensions": []}, "dimensions"),
        ({"rules": [{"min_count": 0}]}, "min_count"),
        ({"protection_percent": "none"}, "protection_percent"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_specs_that_are_wrong(bench: Bench, keys: dict[str, Any], what: str) -> None:
    bench.say(**keys)
    with pytest.raises(ConfigurationError, match=what) as found:
        bench.protect()
    assert "spec.yaml" in str(found.value.where)


def test_rules_need_their_columns(bench: Bench) -> None:
    bench.say(rules=[{"dominance": {"n": 3, "k": 85}}])
    refused(bench, "The rule dominance needs the largest contributions: x1, x2, x3")
    bench.put("cells.csv", "area,size,freq,value\nT,T,4,10\nA,T,4,10\nT,B,4,10\nA,B,4,10\n")
    bench.say(rules=[{"p_percent": 10}])
    refused(bench, "The rule pq needs the largest contributions: x1, x2")


def test_costs_of_the_user_need_a_column(bench: Bench) -> None:
    bench.say(cost="user")
    refused(bench, 'the file has no column "cost"')


def test_computed_totals_must_not_be_given(bench: Bench) -> None:
    bench.say(totals="compute")
    refused(bench, "The cell area T, size T is a total; the SPEC says totals: compute", "cells.csv:2:area")


def test_linked_tables_must_agree(bench: Bench) -> None:
    bench.put("other.csv", "area,freq,value\nT,45,640\nA,15,220\nB,15,221\nC,15,199\n")
    bench.say("other.yaml", dimensions=[{"column": "area", "total": "T"}])
    bench.say(linked=[{"cells": "other.csv", "spec": "other.yaml"}])
    refused(bench, "The cell area B has another value in .*cells.csv:8", "other.csv:4:value")


def test_a_result_must_not_overwrite_what_is_read(bench: Bench) -> None:
    with pytest.raises(KeliError, match="would overwrite"):
        bench.protect("cells.csv")


@pytest.mark.parametrize(
    ("hidden", "seen"), [("upper_bound", "cannot be protected"), ("lower_bound", "cannot be protected")]
)
def test_a_cell_without_room_cannot_be_protected(bench: Bench, hidden: str, seen: str) -> None:
    """Everybody knows that B small is between 39 and 41: nearer than 4."""
    column(bench, hidden, r9="41" if hidden == "upper_bound" else "39")
    found = refused(bench, seen, "cells.csv:9")
    assert isinstance(found, SourceError)


def test_a_contributor_may_leave_no_room(bench: Bench) -> None:
    """Everybody knows the total; one firm is alone in A: it subtracts what it has and knows B."""
    lines = ["area,freq,value,lower_bound,upper_bound", "T,3,140,140,140", "A,1,100,,", "B,2,40,,"]
    bench.put("cells.csv", "\n".join(lines) + "\n")
    bench.say(dimensions=[{"column": "area", "total": "T"}])
    refused(bench, "cannot be protected from one of its contributors", "cells.csv:4")
