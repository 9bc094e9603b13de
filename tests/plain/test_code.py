"""keli code on files: columns in their order, rows that say nothing, a coder of one's own."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from keli.base.errors import SourceError
from keli.methods.industry_coding.model import CodingModel
from keli.methods.industry_coding.stored import model_bytes
from keli.methods.industry_coding.training import shipped_model
from keli.model.catalogue import Catalogue, load_catalogue
from keli.plain.code import ADDED, Columns, code_file, coder, told_of_codes, told_of_training, train_file

LABELLED = {
    "6510": ("软件开发", "软件开发"),
    "0313": ("生猪养殖", "猪的饲养"),
    "6520": ("系统集成", "信息系统集成服务"),
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def model(catalogue: Catalogue) -> CodingModel:
    return shipped_model(catalogue)


def test_a_damaged_model_is_named(tmp_path: Path, catalogue: Catalogue, model: CodingModel) -> None:
    path = tmp_path / "our.model"
    whole = model_bytes(model)
    for contents in (b"", b"nothing of the kind", whole[: len(whole) // 2], whole[:5000] + bytes(5000) + whole[10000:]):
        path.write_bytes(contents)
        with pytest.raises(SourceError, match="not an industry coder") as problem:
            coder(path, catalogue, print)
        assert "our.model" in str(problem.value)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def labelled(folder: Path, *, names: bool) -> Path:
    path = folder / "coded.csv"
    lines = [f"{scope},{code}{',' + name if names else ''}" for code, (scope, name) in LABELLED.items()]
    head = "scope,code,code_name" if names else "scope,code"
    path.write_text("\n".join([head, *lines * 20]) + "\n", encoding="utf-8")
    return path


def test_all_columns_then_the_codes(tmp_path: Path, catalogue: Catalogue, model: CodingModel) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("id,scope\n7,软件开发\n8,\n9,2019\n", encoding="utf-8")
    done = code_file(source, target, Columns("scope"), model=model, catalogue=catalogue)
    rows = rows_of(target)
    assert list(rows[0]) == ["id", "scope", *ADDED]
    assert (rows[0]["id"], rows[0]["code"][:2], rows[0]["origin"]) == ("7", "65", "coder")
    assert [(row["division"], row["section"]) for row in rows] == [("65", "I"), ("", ""), ("", "")]
    assert [(row["code"], row["probability"], row["origin"]) for row in rows[1:]] == [("", "", "none")] * 2
    assert (done.rows, done.empty) == (3, 2)
    assert any("2 rows say nothing" in line for line in told_of_codes(done))


def test_a_result_in_pieces_is_the_same(
    tmp_path: Path, catalogue: Catalogue, model: CodingModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "in.csv"
    scopes = ["软件开发", "生猪养殖", "酒店", "货运", "房地产开发"] * 3
    source.write_text("\n".join(["scope", *scopes]) + "\n", encoding="utf-8")
    code_file(source, tmp_path / "one.csv", Columns("scope"), model=model, catalogue=catalogue)
    monkeypatch.setattr("keli.plain.code.ROWS_AT_ONCE", 2)
    told: list[int] = []
    code_file(source, tmp_path / "two.csv", Columns("scope"), model=model, catalogue=catalogue, tell=told.append)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    assert told == [2, 4, 6, 8, 10, 12, 14, 15]


def test_wrong_columns_are_refused(tmp_path: Path, catalogue: Catalogue, model: CodingModel) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("scope,p_core\n软件,1\n", encoding="utf-8")
    with pytest.raises(SourceError, match='a column "p_core" already'):
        code_file(source, target, Columns("scope"), model=model, catalogue=catalogue)
    source.write_text("id,scope\n1,\n2,\n", encoding="utf-8")
    with pytest.raises(SourceError, match="empty in all 2 rows"):
        code_file(source, target, Columns("scope"), model=model, catalogue=catalogue)
    assert not target.exists()


def test_a_coder_of_ones_own(tmp_path: Path, catalogue: Catalogue) -> None:
    path, model = labelled(tmp_path, names=True), tmp_path / "our.model"
    done = train_file(path, model, Columns("scope"), label="code", edition=2011, catalogue=catalogue)
    # 6510 软件开发 is a group of 2017; the other two are classes of the same name.
    assert (done.rows, done.used, done.classes) == (60, 60, 40)
    first = model.read_bytes()
    train_file(path, model, Columns("scope"), label="code", edition=2011, catalogue=catalogue)
    assert model.read_bytes() == first
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("scope\n系统集成\n", encoding="utf-8")
    code_file(source, target, Columns("scope"), model=coder(model, catalogue, print), catalogue=catalogue)
    assert rows_of(target)[0]["code"] == "6531"


def test_codes_of_2011_without_names_keep_their_division(tmp_path: Path, catalogue: Catalogue) -> None:
    path = labelled(tmp_path, names=False)
    done = train_file(path, tmp_path / "m", Columns("scope"), label="code", edition=2011, catalogue=catalogue)
    assert done.classes == 0
    assert any("<label>_name" in line for line in told_of_training(done, 2011))


def test_too_few_labels(tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "coded.csv"
    path.write_text("scope,code\n软件,软件业\n养猪,0313\n", encoding="utf-8")
    with pytest.raises(SourceError, match="1 rows have a text and a code") as problem:
        train_file(path, tmp_path / "m", Columns("scope"), label="code", edition=2017, catalogue=catalogue)
    assert "软件业" in str(problem.value)


def test_no_such_model(tmp_path: Path, catalogue: Catalogue) -> None:
    with pytest.raises(SourceError, match="no such model"):
        coder(tmp_path / "none.model", catalogue, print)


def test_the_shipped_model_is_kept(tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KELI_CACHE", str(tmp_path / "cache"))
    said: list[str] = []
    coder(None, catalogue, said.append)
    (stored,) = (tmp_path / "cache").iterdir()
    before = stored.stat().st_mtime_ns
    assert coder(None, catalogue, said.append).origin.kind == "shipped"
    assert len(said) == 1
    assert stored.stat().st_mtime_ns == before
