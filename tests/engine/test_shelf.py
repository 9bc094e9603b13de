"""The shelf: a release is there whole or not at all, is never changed, and says when it was."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from keli.base.errors import ReleaseError
from keli.engine.release import Release
from keli.engine.shelf import Shelf

BODY = {
    "title": "t", "synthetic": False, "census": True, "area": {"code": "440304", "name_zh": "福田区"},
    "years": [2020, 2021], "stage": "初步核算", "received": "2022-08-31", "secondary": "none", "rounding": "half_up",
    "notes": [], "footnotes": [], "tables": [],
}  # fmt: skip
FILES = {"a.parquet": b"one", "catalogue/labels.json": b"{}", "map/b.geojson": b"three"}

# Stores a release and ends itself with SIGKILL at the n-th file or folder that is forced to the disk.
KILLED = """
import os, signal, sys
from pathlib import Path
from keli.engine.release import Release
from keli.engine.shelf import Shelf
import json
folder, at, body, files = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3]), json.loads(sys.argv[4])
count, force = 0, os.fsync
def killing(handle):
    global count
    count += 1
    if count == at:
        os.kill(os.getpid(), signal.SIGKILL)
    force(handle)
os.fsync = killing
Shelf(Path(folder)).store(Release(body, {name: text.encode() for name, text in files.items()}))
print("stored", count)
"""


def _release(**changes: object) -> Release:
    return Release({**BODY, **changes}, FILES)


def _shelf(tmp_path: Path) -> Shelf:
    (tmp_path / "releases").mkdir(exist_ok=True)
    return Shelf(tmp_path / "releases")


def _store_killed(folder: Path, at: int) -> subprocess.CompletedProcess[str]:
    files = json.dumps({name: data.decode() for name, data in FILES.items()})
    command = [sys.executable, "-c", KILLED, str(folder), str(at), json.dumps(BODY), files]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_killed_at_any_moment_leaves_none_or_a_whole_release(tmp_path: Path) -> None:
    """4 files, 3 folders and the shelf are forced to the disk: killed at each, then once not killed."""
    release_id = _release().release_id
    for at in range(1, 10):
        folder = tmp_path / str(at)
        folder.mkdir()
        ended = _store_killed(folder, at)
        shelf = Shelf(folder)
        if release_id in shelf.release_ids():
            shelf.open(release_id).check_contents()
        assert set(shelf.release_ids()) <= {release_id}
        shelf.sweep()
        assert [path.name for path in folder.iterdir()] == list(shelf.release_ids())
        shelf.store(_release())
        shelf.open(release_id).check_contents()
        if at < 9:
            assert ended.returncode == -signal.SIGKILL
        else:
            assert ended.stdout == "stored 8\n"


def test_stored_once_then_said_to_be_there(tmp_path: Path) -> None:
    shelf = _shelf(tmp_path)
    assert shelf.store(_release()) is True
    assert shelf.store(_release()) is False
    assert shelf.release_ids() == (_release().release_id,)


def test_half_written_release_is_not_seen_and_is_written_anew(tmp_path: Path) -> None:
    shelf = _shelf(tmp_path)
    partial = shelf.folder / f".partial-{_release().release_id}"
    partial.mkdir()
    (partial / "release.json").write_text("{", encoding="utf-8")
    assert shelf.release_ids() == ()
    shelf.store(_release())
    assert [path.name for path in shelf.folder.iterdir()] == [_release().release_id]


@pytest.mark.parametrize(
    ("later", "earlier"),
    [
        ({"years": [2020, 2022]}, {"stage": "普查修订"}),
        ({"stage": "最终核实"}, {"received": "2023-05-01"}),
        ({"received": "2022-09-01"}, {}),
    ],
)
def test_latest_is_by_year_then_stage_then_receipt(
    tmp_path: Path, later: dict[str, object], earlier: dict[str, object]
) -> None:
    shelf = _shelf(tmp_path)
    shelf.store(_release(**later))
    shelf.store(_release(**earlier))
    assert shelf.open().manifest.release_id == _release(**later).release_id


def test_among_equals_the_latest_is_the_one_stored_last(tmp_path: Path) -> None:
    shelf = _shelf(tmp_path)
    one, other = _release(title="one"), _release(title="other")
    for release, seconds in ((one, 2000), (other, 1000)):
        shelf.store(release)
        os.utime(shelf.folder / release.release_id, (seconds, seconds))
    assert shelf.open().manifest.title == "one"


def test_copy_of_the_shelf_opens_like_the_shelf(tmp_path: Path) -> None:
    shelf = _shelf(tmp_path)
    shelf.store(_release())
    shutil.copytree(shelf.folder, tmp_path / "copy")
    copied = Shelf(tmp_path / "copy").open()
    copied.check_contents()
    assert copied.manifest.release_id == _release().release_id


def _change(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("harm", "noticed_on_open"),
    [
        (lambda folder: _change(folder / "a.parquet", b"on"), True),
        (lambda folder: (folder / "map/b.geojson").unlink(), True),
        (lambda folder: _change(folder / "a.parquet", b"two"), False),
        (
            lambda folder: _change(
                folder / "release.json", (folder / "release.json").read_bytes().replace(b'"t"', b'"u"')
            ),
            False,
        ),
    ],
)
def test_damage_is_noticed(tmp_path: Path, harm: Callable[[Path], None], noticed_on_open: bool) -> None:
    shelf = _shelf(tmp_path)
    shelf.store(_release())
    harm(shelf.folder / _release().release_id)
    if noticed_on_open:
        with pytest.raises(ReleaseError, match="not as it was published"):
            shelf.open()
    else:
        with pytest.raises(ReleaseError, match="not as it was published"):
            shelf.open().check_contents()
    with pytest.raises(ReleaseError, match="not as it was published"):
        shelf.store(_release())


def test_release_under_a_wrong_name_is_refused(tmp_path: Path) -> None:
    shelf = _shelf(tmp_path)
    shelf.store(_release())
    (shelf.folder / _release().release_id).rename(shelf.folder / "0123456789abcdef")
    with pytest.raises(ReleaseError, match="not as it was published"):
        shelf.open("0123456789abcdef")


def test_what_is_not_there_is_said_with_what_is(tmp_path: Path) -> None:
    shelf = _shelf(tmp_path)
    with pytest.raises(ReleaseError, match="no release here yet"):
        shelf.open()
    shelf.store(_release())
    with pytest.raises(ReleaseError) as caught:
        shelf.open("ffff")
    assert _release().release_id in str(caught.value)
    with pytest.raises(ReleaseError, match='has no table "value_aded"'):
        shelf.open().table("value_aded")


def test_path_out_of_the_shelf_is_no_release(tmp_path: Path) -> None:
    shelf = _shelf(tmp_path)
    shelf.store(_release())
    with pytest.raises(ReleaseError, match="There is no release"):
        shelf.open(f"../releases/{_release().release_id}")


def test_release_json_of_another_shape_is_refused(tmp_path: Path) -> None:
    shelf = _shelf(tmp_path)
    folder = shelf.folder / "0123456789abcdef"
    folder.mkdir()
    for text, message in (
        ("{", "no readable release.json"),
        ("{}", "'stage' is missing"),
        (json.dumps(BODY | {"stage": "草稿"}), '"草稿" is none of'),
        (json.dumps(BODY), "'id' is missing"),
    ):
        (folder / "release.json").write_text(text, encoding="utf-8")
        with pytest.raises(ReleaseError, match=message):
            shelf.open(folder.name)
