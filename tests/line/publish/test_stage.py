"""The release: the same inputs give the same bytes, nothing withheld is in it, nothing of this machine."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from keli.base.errors import ContractError, NotClosedError
from keli.model.workspace import Source, Workspace

Publish = Callable[..., Path]


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_same_inputs_give_the_same_bytes_and_id(publish_rows: Publish, workspace: Workspace) -> None:
    folder = publish_rows()
    first = _bytes(folder)
    aside = folder.rename(workspace.folder / "aside")
    again = publish_rows()
    assert again.name == folder.name
    assert _bytes(again) == first == _bytes(aside)


def test_release_that_is_there_already_stays(publish_rows: Publish) -> None:
    folder = publish_rows()
    before = (folder / "release.json").stat().st_mtime_ns
    assert publish_rows() == folder
    assert (folder / "release.json").stat().st_mtime_ns == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_id_is_the_hash_of_names_and_contents(publish_rows: Publish) -> None:
    folder = publish_rows()
    contents = json.loads((folder / "release.json").read_bytes())
    assert contents.pop("id") == folder.name
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in _bytes(folder).items()}
    without_id = (json.dumps(contents, ensure_ascii=False, indent=2) + "\n").encode()
    hashes["release.json"] = hashlib.sha256(without_id).hexdigest()
    lines = "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes))
    assert hashlib.sha256(lines.encode()).hexdigest()[:16] == folder.name
    assert {entry["path"]: entry["sha256"] for entry in contents["files"]} == {
        name: digest for name, digest in hashes.items() if name != "release.json"
    }


def test_other_figure_gives_another_id(publish_rows: Publish) -> None:
    from_one = publish_rows()
    tables: dict[str, list[dict[str, object]]] = {"open_enterprises": []}
    assert publish_rows(tables) != from_one


def test_release_json_says_what_it_was_made_from(publish_rows: Publish) -> None:
    folder = publish_rows()
    text = (folder / "release.json").read_text(encoding="utf-8")
    said = json.loads(text)
    assert said["secondary"] == "none"
    assert said["area"] == {"code": "440304", "name_zh": "福田区"}
    assert (said["years"], said["stage"], said["received"]) == ([2020, 2021], "初步核算", "2022-08-31")
    assert said["coverage"] == [
        {"source": "register", "rows_in": 12, "rows_accepted": 11, "rows_repaired": 2, "rows_quarantined": 1}
    ]
    inputs = {entry["file"]: entry for entry in said["inputs"]}
    assert inputs["inputs/register.csv"]["sha256"] == "ab" * 32
    assert inputs["keli.yaml"]["sha256"] == hashlib.sha256(b"title: test district\n").hexdigest()
    assert (said["coder"]["kind"], said["coder"]["sha256"]) == ("shipped", "cd" * 32)
    counted = {entry["name"]: (entry["rows"], entry["confidential"]) for entry in said["tables"]}
    assert counted["value_added"] == (10, 1)
    assert counted["components"] == (4, 2)
    parameter = next(entry for entry in said["parameters"] if entry["name"] == "protection/dominance_k")
    assert (parameter["value"], parameter["unit"]) == (85, "PCT")
    assert not any(entry["name"].startswith("sample/") for entry in said["parameters"])
    assert str(folder.parent.parent) not in text


def test_files_are_read_only_and_sorted_by_key(publish_rows: Publish) -> None:
    folder = publish_rows()
    assert {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()} == {0o444}
    rows = pq.read_table(folder / "value_added.parquet").to_pylist()
    keys = [(row["time_period"], row["ref_area"], row["activity"], row["measure"], row["price_base"]) for row in rows]
    assert keys == sorted(keys)
    assert [row["obs_value"] for row in rows if row["conf_status"] == "C"] == [None]


def test_release_carries_its_own_labels(publish_rows: Publish) -> None:
    folder = publish_rows()
    labels = json.loads((folder / "catalogue/labels.json").read_bytes())
    assert labels["ref_area"] == {"440304": "福田区"}
    assert list(labels["activity"]) == ["0101", "DE"]
    tables = json.loads((folder / "catalogue/tables.json").read_bytes())
    assert [entry["name"] for entry in tables][-1] == "value_added"


def test_notes_name_what_the_figures_are_not(publish_rows: Publish, tmp_path: Path) -> None:
    listed = Source("listed", "annual_return", (), dt.date(2022, 8, 31), {}, consolidated=True)
    changed = Workspace(tmp_path, "real", "440304", 2020, 2021, (listed,), census=False, notes=("only 905 rows",))
    said = json.loads((publish_rows(workspace=changed) / "release.json").read_bytes())
    notes = "\n".join(said["notes"])
    assert "Not a census" in notes
    assert "listed" in notes
    assert "secondary suppression: none" in notes
    assert "only 905 rows" in notes
    assert "SYNTHETIC" not in notes
    assert "不变价格基期：2020 年。" in said["footnotes"]
    assert any("分项合计与总计不等，系数值修约" in note for note in said["footnotes"])


@pytest.mark.parametrize(
    ("table", "changes", "message"),
    [
        ("open_value_added", {"conf_status": "C"}, "confidential row with a value"),
        ("open_value_added", {"obs_value": float("nan")}, "no finite number"),
        ("open_value_added", {"obs_value": None, "conf_status": "F"}, "empty figure that is not missing"),
        ("open_value_added", {"measure": "VA"}, "two rows with the same key"),
    ],
)
def test_rows_that_must_not_leave_stop_the_run(
    publish_rows: Publish,
    open_rows: dict[str, list[dict[str, object]]],
    table: str,
    changes: dict[str, object],
    message: str,
) -> None:
    rows = open_rows[table]
    with pytest.raises(ContractError, match=message):
        publish_rows({table: [*rows[:3], rows[3] | changes]})


def test_a_free_figure_that_is_missing_leaves_empty(
    publish_rows: Publish, open_rows: dict[str, list[dict[str, object]]]
) -> None:
    rows = open_rows["open_value_added"]
    missing = rows[3] | {"obs_value": None, "obs_status": "M", "conf_status": "F"}
    released = pq.read_table(
        publish_rows({"open_value_added": [*rows[:3], missing]}) / "value_added.parquet"
    ).to_pylist()
    assert [(row["obs_value"], row["conf_status"]) for row in released if row["obs_status"] == "M"] == [(None, "F")]


def test_books_that_do_not_close_stop_the_run(
    publish_rows: Publish, open_rows: dict[str, list[dict[str, object]]], workspace: Workspace
) -> None:
    rows = open_rows["open_coverage"]
    with pytest.raises(NotClosedError, match='"register" do not close: 13 rows in, 11 accepted, 1 quarantined'):
        publish_rows({"open_coverage": [rows[0] | {"obs_value": 13.0}, *rows[1:]]})
    assert not (workspace.folder / "releases").exists()
