"""Names that look different and are the same."""

from __future__ import annotations

from pathlib import Path

import ibis
import pytest

from keli.engine.connect import connect_duckdb
from keli.engine.text import matches_of, normalised


@pytest.mark.parametrize(
    ("delivered", "expected"),
    [
        ("深圳市（福田）ａｂc 科技 有限公司", "深圳市(福田)ABC科技有限公司"),
        ("深圳市(福田)ABC科技有限公司", "深圳市(福田)ABC科技有限公司"),
        ("甲【乙】〔丙〕[丁]｛戊｝", "甲(乙)(丙)(丁)(戊)"),
        ("甲\u3000乙\u00a0丙\t丁", "甲乙丙丁"),
        (" \u3000", None),
    ],
)
def test_names_have_one_normal_form(tmp_path: Path, delivered: str, expected: str | None) -> None:
    names = ibis.memtable({"name": [delivered]})
    result = connect_duckdb(tmp_path, threads=1).to_pyarrow(names.select(name=normalised(names.name)))
    assert result["name"].to_pylist() == [expected]


def test_matches_come_from_left_to_right(tmp_path: Path) -> None:
    texts = ibis.memtable({"text": ["甲;乙(一;二);丙"]})
    found = texts.select(found=matches_of(texts.text, r"(?:[^;()]|\([^()]*\))+"))
    assert connect_duckdb(tmp_path, threads=1).to_pyarrow(found)["found"].to_pylist() == [["甲", "乙(一;二)", "丙"]]
