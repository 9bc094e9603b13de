"""keli protect on files: the example of the manual, rules, linked tables, totals, the audit of anybody's pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from keli.base.errors import ContractError, KeliError, SourceError
from keli.cli import app
from keli.methods.disclosure_audit.release import Leak, Verdict, Violation
from keli.plain.protection import protect as room
from keli.plain.protection.told import told_of_protection

if TYPE_CHECKING:
    from tests.plain.protection.conftest import Bench

RECTANGLE = {("B", "small"): "A", ("B", "large"): "D", ("C", "small"): "D", ("C", "large"): "D"}


def test_the_example_of_the_manual(bench: Bench) -> None:
    done = bench.protect()
    assert bench.withheld() == RECTANGLE
    assert bench.rows()["B", "small"]["value"] == "40"
    assert (done.cells, done.sensitive, done.secondary) == (12, 1, 3)
    assert (done.value_withheld, done.value_secondary) == (420, 380)
    assert bench.report()["audit"]["passed"]
    assert told_of_protection(done) == [
        "12 cells: 1 sensitive, 3 more withheld, 16.4% of all values.",
        "Attackers are taken to know: nobody below zero.",
        "Audit: passed; 2 witnesses checked, 1 sensitive cells attacked.",
        "No safe pattern costs less.",
    ]


def test_the_same_files_give_the_same_bytes(bench: Bench) -> None:
    bench.protect()
    names = ["out.csv", "out.csv.proof.json.gz", "report.json"]
    first = [(bench.folder / name).read_bytes() for name in names]
    bench.protect()
    assert [(bench.folder / name).read_bytes() for name in names] == first


@pytest.mark.parametrize("method", ["auto", "optimal", "fast"])
@pytest.mark.parametrize("insider", ["none", "one", "two"])
def test_every_method_is_safe_from_every_insider(bench: Bench, method: str, insider: str) -> None:
    bench.say(method=method, insider=insider)
    bench.protect()
    assert set(RECTANGLE) <= set(bench.withheld())
    assert bench.audit().audit.passed


def test_totals_are_computed(bench: Bench) -> None:
    """The inner cells alone give the same table: the two largest of all are those of B large and C small."""
    inner = [line for line in (bench.folder / "cells.csv").read_text().splitlines() if "T," not in line]
    bench.put("cells.csv", "\n".join(inner) + "\n")
    bench.say(totals="compute")
    bench.protect()
    assert bench.withheld() == RECTANGLE
    total = bench.rows()["T", "T"]
    assert [total[name] for name in ("freq", "value", "x1", "x2")] == ["45", "640", "40", "40"]
    assert bench.audit().audit.passed


def test_totals_of_codes_within_codes_are_computed(bench: Bench) -> None:
    """East is the sum of A and B; counts and values without the largest contributions."""
    bench.put("areas.csv", "child,parent\nEast,T\nC,T\nA,East\nB,East\n")
    bench.say(
        totals="compute",
        dimensions=[{"column": "area", "total": "T", "hierarchy": "areas.csv"}, {"column": "size", "total": "T"}],
    )
    bench.put(
        "cells.csv",
        "area,note,size,freq,value\nA,,small,8,100.5\nA,,large,7,120\nB,new,small,2,40\nB,,large,13,180\n"
        "C,,small,10,100\nC,,large,5,100\n",
    )
    bench.protect()
    rows = bench.rows()
    assert [rows["East", "small"][name] for name in ("freq", "value", "note")] == ["10", "140.5", ""]
    assert rows["T", "T"]["value"] == "640.5"
    assert len(rows) == 15


def test_the_attackers_interval_is_written(bench: Bench) -> None:
    bench.say(intervals=True)
    bench.protect()
    assert (bench.rows()["B", "small"]["lower"], bench.rows()["B", "small"]["upper"]) == ("0", "140")
    assert bench.rows()["T", "T"]["upper"] == "640"
    bench.say(intervals=True, non_negative=False)
    bench.protect()
    assert bench.rows()["B", "small"]["upper"] == ""


@pytest.mark.parametrize(
    ("cost", "secondary"),
    [
        (
            {"cost": "value"},
            {("B", "large"), ("C", "small"), ("C", "large")},
        ),  # 180 + 100 + 100; with A 180 + 100 + 120
        ({"cost": "count"}, {("B", "large"), ("C", "small"), ("C", "large")}),  # 13 + 10 + 5; with A 13 + 8 + 7: equal
        ({"cost": "constant"}, None),
    ],
)
def test_costs(bench: Bench, cost: dict[str, str], secondary: set[tuple[str, str]] | None) -> None:
    bench.say(**cost)
    done = bench.protect()
    assert done.secondary == 3
    if cost["cost"] == "value":
        assert {codes for codes, letter in bench.withheld().items() if letter == "D"} == secondary


def test_costs_of_the_user(bench: Bench) -> None:
    """With A at 1 a cell and all else at 50 the rectangle with A is the cheapest; an empty cost is the value."""
    lines = (bench.folder / "cells.csv").read_text().splitlines()
    cheap = ("A,small", "A,large")
    costs = ["cost", *("" if line.startswith("T,T") else "1" if line.startswith(cheap) else "50" for line in lines[1:])]
    bench.put("cells.csv", "\n".join(f"{line},{cost}" for line, cost in zip(lines, costs, strict=True)) + "\n")
    bench.say(cost="user")
    bench.protect()
    assert set(bench.withheld()) == {("B", "small"), ("B", "large"), ("A", "small"), ("A", "large")}


def test_hierarchies(bench: Bench) -> None:
    """A and B make up the east, C is the west: B small is hidden by A small within the east."""
    bench.put("areas.csv", "child,parent\nEast,T\nWest,T\nA,East\nB,East\nC,West\n")
    bench.say(dimensions=[{"column": "area", "total": "T", "hierarchy": "areas.csv"}, {"column": "size", "total": "T"}])
    more = "East,T,30,440,40,38\nEast,small,10,140,25,20\nEast,large,20,300,40,38\n"
    west = "West,T,15,200,40,38\nWest,small,10,100,40,38\nWest,large,5,100,30,30\n"
    bench.put("cells.csv", (bench.folder / "cells.csv").read_text() + more + west)
    bench.protect()
    # With C the totals of east and west would have to go too: 400 with A is less.
    assert set(bench.withheld()) == {("B", "small"), ("B", "large"), ("A", "small"), ("A", "large")}
    assert bench.audit().audit.passed


OTHER = """area,industry,freq,value
T,T,45,640
T,x,30,400
T,y,15,240
B,T,15,220
B,x,13,170
B,y,2,50
A,T,15,220
A,x,5,120
A,y,10,100
C,T,15,200
C,x,12,110
C,y,3,90
"""


def linked(bench: Bench) -> None:
    """The same areas by industry, published together with the areas by size."""
    bench.put("other.csv", OTHER)
    bench.say("other.yaml", dimensions=[{"column": "area", "total": "T"}, {"column": "industry", "total": "T"}])
    bench.say(linked=[{"cells": "other.csv", "spec": "other.yaml", "out": "other_out.csv"}])


def test_linked_tables_are_protected_together(bench: Bench) -> None:
    linked(bench)
    done = bench.protect()
    by_size, by_industry = bench.withheld(), bench.withheld("other_out.csv", ("area", "industry"))
    assert by_size["B", "small"] == "A"
    assert by_industry["B", "y"] == "A"
    # Areas and the total are in both tables, with one fate.
    assert done.cells == 12 + 8
    shared = {codes for codes in by_size if "T" in codes[1]}
    assert shared == {codes for codes in by_industry if "T" in codes[1]}
    assert [name.rsplit("/", 1)[-1] for name in done.outs] == ["out.csv", "other_out.csv"]
    assert bench.audit().audit.passed


def test_a_linked_table_that_opens_a_cell_is_found(bench: Bench) -> None:
    linked(bench)
    bench.protect()
    lines = (bench.folder / "other_out.csv").read_text().splitlines()
    opened = [line if line.startswith(("area", "B,y")) else line[:-1] + "F" for line in lines]
    bench.put("other_out.csv", "\n".join(opened) + "\n")
    with pytest.raises(KeliError, match="area B, industry y: a withheld cell can be recomputed exactly"):
        bench.audit()
    assert str(bench.folder / "other_out.csv:7") in {
        entry["where"] for entry in bench.report("audit.json")["audit"]["violations"]
    }


def test_linked_results_are_named_after_their_files(bench: Bench) -> None:
    linked(bench)
    bench.say(linked=[{"cells": "other.csv", "spec": "other.yaml"}])
    bench.protect()
    assert (bench.folder / "out.other.csv").is_file()
    (bench.folder / "out.csv.proof.json.gz").unlink()
    assert bench.audit(spec="spec.yaml").audit.passed


def test_anyones_pattern_is_audited(bench: Bench) -> None:
    """B small alone is withheld: 220 - 180."""
    letters = {8: "C"}
    lines = (bench.folder / "cells.csv").read_text().splitlines()
    marked = [f"{line},{letters.get(row, 'F') if row else 'conf_status'}" for row, line in enumerate(lines)]
    bench.put("theirs.csv", "\n".join(marked) + "\n")
    with pytest.raises(KeliError, match="area B, size small: a withheld cell can be recomputed exactly") as found:
        bench.audit("theirs.csv", "spec.yaml")
    assert str(found.value.where).endswith("theirs.csv:9")
    told = bench.report("audit.json")
    assert not told["audit"]["passed"]
    assert {entry["leak"] for entry in told["audit"]["violations"]} == {Leak.RECOMPUTED, Leak.TOO_CLOSE}
    assert {entry["cell"] for entry in told["audit"]["violations"]} == {"area B, size small"}


def test_a_changed_result_is_no_longer_what_was_proved(bench: Bench) -> None:
    bench.protect()
    checked = bench.audit()
    assert checked.audit.witnesses == 2
    assert told_of_protection(checked)[-1] == "Audit: passed; 2 witnesses checked, 1 sensitive cells attacked."
    bench.put("out.csv", (bench.folder / "out.csv").read_text() + "\n")
    assert bench.audit().audit.witnesses == 0


def test_the_audit_needs_a_spec_and_a_status(bench: Bench) -> None:
    with pytest.raises(SourceError, match="No SPEC is known"):
        bench.audit("cells.csv")
    with pytest.raises(SourceError, match='no column "conf_status"'):
        bench.audit("cells.csv", "spec.yaml")


def test_the_command_ends_with_an_error_where_there_is_a_leak(bench: Bench) -> None:
    runner, folder = CliRunner(), bench.folder
    files = [str(folder / "cells.csv"), "--spec", str(folder / "spec.yaml"), "--out", str(folder / "out.csv")]
    done = runner.invoke(app, ["protect", *files])
    assert done.exit_code == 0
    assert "No safe pattern costs less." in done.output
    text = (folder / "out.csv").read_text().replace("B,large,13,180,40,38,D", "B,large,13,180,40,38,F")
    bench.put("out.csv", text)
    found = runner.invoke(app, ["protect", "--audit", str(folder / "out.csv")])
    assert found.exit_code != 0
    assert "5 leaks" in str(found.exception)
    assert runner.invoke(app, ["protect"]).exit_code != 0


def test_a_pattern_that_the_auditor_refuses_is_not_written(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    leak = Violation(Leak.TOO_CLOSE, 7, "from above")
    monkeypatch.setattr(room, "audited", lambda _: Verdict((leak,), 1, 4, 2, 1, 2))
    with pytest.raises(ContractError, match="auditor found 1 leaks"):
        bench.protect()
    assert not (bench.folder / "out.csv").exists()


def test_many_leaks_are_cut_short(bench: Bench) -> None:
    """Every inner cell has one contributor and is published: more leaks than fit on a screen."""
    bench.say(rules=[{"min_count": 100}])
    lines = (bench.folder / "cells.csv").read_text().splitlines()
    bench.put("theirs.csv", "\n".join([f"{lines[0]},conf_status", *(f"{line},F" for line in lines[1:])]) + "\n")
    with pytest.raises(KeliError, match="12 leaks") as found:
        bench.audit("theirs.csv", "spec.yaml")
    assert "and 2 more; --report lists them" in str(found.value)


def test_a_limit_of_time_is_told(bench: Bench) -> None:
    bench.say(time_limit=0)
    done = bench.protect()
    assert not done.complete
    assert told_of_protection(done)[-1].endswith("The limit of time was reached.")
