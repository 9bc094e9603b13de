"""What is kept between runs: by what it is made from, whole, and only where there is a place for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from keli.engine.coding.kept import cache_folder, kept, kept_file


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("KELI_CACHE", str(folder))
    return folder


def made(times: list[bytes], contents: bytes) -> bytes:
    times.append(contents)
    return contents


def test_it_is_made_once_for_the_same_and_again_for_other_parameters(cache: Path) -> None:
    times: list[bytes] = []
    for made_from in ("C = 1", "C = 1", "C = 2"):
        assert kept("coder", lambda: made(times, b"x"), made_from=made_from) == b"x"
    assert len(times) == 2
    assert sorted(path.suffix for path in cache.iterdir()) == ["", ""]
    assert kept_file("coder", "C = 1") in set(cache.iterdir())


def test_a_folder_that_cannot_be_written_costs_time_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("KELI_CACHE", str(tmp_path / "file"))
    assert kept("coder", lambda: b"x", made_from="") == b"x"


def test_the_users_cache_folder_and_none_where_there_is_no_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KELI_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "keli"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache_folder() == tmp_path / "home" / ".cache" / "keli"
    monkeypatch.setenv("HOME", "")
    assert cache_folder() is None
    assert kept("coder", lambda: b"x", made_from="") == b"x"
