"""keli protect with rounding and cell keys, on files."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from keli.base.errors import SourceError
from keli.model.catalogue import Catalogue
from keli.plain.protection.perturbed import Perturbed, told_of_noise
from keli.plain.protection.protect import Task, audit_file, protect_file

CELLS = """area,size,freq,value
A,small,7,100
A,large,2,120
B,small,1,40
B,large,4,180
C,small,3,100
C,large,8,100
"""
SPEC = """dimensions:
  - {column: area, total: T}
  - {column: size, total: T}
value: freq
totals: compute
"""


def protect(folder: Path, catalogue: Catalogue, more: str, cells: str = CELLS) -> tuple[Perturbed, dict[str, int]]:
    """Protect cells; what the command returns, and the published figure of each cell."""
    (folder / "cells.csv").write_text(cells, encoding="utf-8")
    (folder / "spec.yaml").write_text(SPEC + more, encoding="utf-8")
    task = Task(folder / "cells.csv", folder / "spec.yaml", folder / "out.csv", folder / "report.json")
    done = protect_file(task, catalogue)
    assert isinstance(done, Perturbed)
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    column = "rounded" if done.method == "rounding" else "perturbed"
    assert {row["conf_status"] for row in rows} == {"F"}
    return done, {f"{row['area']} {row['size']}": int(row[column]) for row in rows}


def test_rounding_keeps_all_sums(tmp_path: Path, catalogue: Catalogue) -> None:
    """Base 5 of the catalogue. B (1 + 4) is 5 and stays 5; 25 of all stays 25."""
    done, shown = protect(tmp_path, catalogue, "method: rounding\n")
    assert done.base == 5
    assert (shown["B T"], shown["T T"]) == (5, 25)
    for area in "ABCT":
        assert shown[f"{area} T"] == shown[f"{area} small"] + shown[f"{area} large"]
    for size in ("small", "large", "T"):
        assert shown[f"T {size}"] == sum(shown[f"{area} {size}"] for area in "ABC")
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["far_cells"] == report["utility"]["broken_sums"] == report["utility"]["suppressed_cells"] == 0
    assert report["nearest"]
    said = told_of_noise(done)[1]
    assert said.startswith("Multiples of 5; all sums hold. Every cell is at a multiple next to its value.")
    assert said.endswith("No controlled rounding is nearer.")


def test_the_base_of_the_spec(tmp_path: Path, catalogue: Catalogue) -> None:
    _, shown = protect(tmp_path, catalogue, "method: rounding\nbase: 3\n")
    assert all(figure % 3 == 0 for figure in shown.values())
    assert shown["T T"] in (24, 27)


def test_cells_that_go_further_are_said(tmp_path: Path, catalogue: Catalogue) -> None:
    """The same 2 as 1 + 1 of a and b, of b and c, of a and c, base 2: all are 0 or all are 2, the sum 0 or 4."""
    for name, parts in (("cells", ("a", "b")), ("second", ("b", "c")), ("third", ("a", "c"))):
        text = "g,freq\nT,2\n" + "".join(f"{part},1\n" for part in parts)
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "plain.yaml").write_text("dimensions: [{column: g, total: T}]\nvalue: freq\n", encoding="utf-8")
    linked = "linked: [{cells: second.csv, spec: plain.yaml}, {cells: third.csv, spec: plain.yaml}]\n"
    plain = (tmp_path / "plain.yaml").read_text(encoding="utf-8")
    (tmp_path / "spec.yaml").write_text(plain + "method: rounding\nbase: 2\n" + linked, encoding="utf-8")
    done = protect_file(Task(tmp_path / "cells.csv", tmp_path / "spec.yaml", tmp_path / "out.csv"), catalogue)
    assert isinstance(done, Perturbed)
    assert done.far_cells == 1
    assert done.utility.broken_sums == 0
    assert "1 cells are further from their value" in told_of_noise(done)[1]


KEYED = "area,size,freq,cell_key\nA,small,7,0.5\nA,large,2,0.75\nB,small,1,0.1\nB,large,0,\n"


def test_given_keys(tmp_path: Path, catalogue: Catalogue) -> None:
    """B has one contributor, B small has the same: same key, same noise. js = 2: no 1 and 2 comes out."""
    done, shown = protect(tmp_path, catalogue, "method: cellkey\n", KEYED)
    assert done.keys == 'column "cell_key"'
    assert done.noise is not None
    assert (done.noise.maximum, done.noise.variance, done.noise.smallest) == (5, 3, 2)
    assert shown["B small"] == shown["B T"] == 0
    assert shown["B large"] == 0
    assert not {1, 2} & set(shown.values())
    assert all(abs(shown[f"A {size}"] - true) <= 5 for size, true in (("small", 7), ("large", 2), ("T", 9)))
    assert len(told_of_noise(done)) == 2


def test_keys_of_a_secret_stay_when_other_cells_change(tmp_path: Path, catalogue: Catalogue) -> None:
    said = "method: cellkey\nsecret: not to be told\nnoise: {maximum: 3, variance: 2, smallest: 0}\n"
    done, before = protect(tmp_path, catalogue, said)
    _, after = protect(tmp_path, catalogue, said, CELLS.replace("C,large,8,100", "C,large,9,110"))
    assert done.keys == "secret of the SPEC"
    assert [before[cell] for cell in ("A small", "A T", "B T")] == [after[cell] for cell in ("A small", "A T", "B T")]
    _, other = protect(tmp_path, catalogue, said.replace("told", "tell"))
    assert before != other


def test_keys_of_the_contents_are_said(tmp_path: Path, catalogue: Catalogue) -> None:
    done, shown = protect(tmp_path, catalogue, "method: cellkey\n")
    assert done.keys == "contents of the files"
    assert "published twice" in told_of_noise(done)[2]
    assert protect(tmp_path, catalogue, "method: cellkey\n")[1] == shown


def test_linked_tables_share_noise(tmp_path: Path, catalogue: Catalogue) -> None:
    """The sizes alone, as a second table: their figures are those of the margin."""
    (tmp_path / "sizes.csv").write_text("size,freq,cell_key\nsmall,11,\nlarge,14,0.2\nT,25,\n", encoding="utf-8")
    (tmp_path / "more.csv").write_text("area,freq\nA,9\nB,5\nC,11\nT,25\n", encoding="utf-8")
    (tmp_path / "more.yaml").write_text("dimensions: [{column: area, total: T}]\nvalue: freq\n", encoding="utf-8")
    (tmp_path / "sizes.yaml").write_text("dimensions: [{column: size, total: T}]\nvalue: freq\n", encoding="utf-8")
    more = "method: cellkey\nlinked:\n  - {cells: sizes.csv, spec: sizes.yaml, out: sizes_out.csv}\n"
    more += "  - {cells: more.csv, spec: more.yaml}\n"
    cells = CELLS.replace("value\n", "cell_key\n").replace("00\n", "\n").replace("20\n", "\n")
    keyed = "".join(
        f"{line.rsplit(',', 1)[0]},0.{number}\n" for number, line in enumerate(cells.splitlines()) if number
    )
    _, shown = protect(tmp_path, catalogue, more, "area,size,freq,cell_key\n" + keyed)
    with (tmp_path / "sizes_out.csv").open(encoding="utf-8", newline="") as file:
        other = {row["size"]: int(row["perturbed"]) for row in csv.DictReader(file)}
    assert other == {size: shown[f"T {size}"] for size in ("small", "large", "T")}


@pytest.mark.parametrize(
    ("cells", "what", "row"),
    [
        (CELLS.replace("7,100", "7.5,100"), "freq", 2),
        (KEYED.replace("0.75", ""), "has no key", 3),
        (KEYED.replace("0.75", "1.0"), "from 0 to less than 1", 3),
    ],
)
def test_wrong_cells(tmp_path: Path, catalogue: Catalogue, cells: str, what: str, row: int) -> None:
    with pytest.raises(SourceError, match=what) as found:
        protect(tmp_path, catalogue, "method: cellkey\n", cells)
    assert found.value.where is not None
    assert found.value.where.row == row


def test_amounts_are_no_counts(tmp_path: Path, catalogue: Catalogue) -> None:
    (tmp_path / "amounts.yaml").write_text(SPEC.replace("freq", "value") + "method: cellkey\n", encoding="utf-8")
    (tmp_path / "cells.csv").write_text(CELLS.replace("40", "40.5"), encoding="utf-8")
    with pytest.raises(SourceError, match=r"40\.5 is no count"):
        protect_file(Task(tmp_path / "cells.csv", tmp_path / "amounts.yaml", tmp_path / "out.csv"), catalogue)


def test_the_audit_is_for_withheld_cells(tmp_path: Path, catalogue: Catalogue) -> None:
    protect(tmp_path, catalogue, "method: rounding\n")
    with pytest.raises(SourceError, match="method: rounding"):
        audit_file(tmp_path / "out.csv", catalogue, tmp_path / "spec.yaml")
