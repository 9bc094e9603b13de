"""keli audit --text: figures of a text, what they imply, what closes and what does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from keli.base.errors import SourceError
from keli.cli import app
from keli.model.catalogue import Catalogue
from keli.plain.audit.checks import Finding
from keli.plain.audit.text import TextAudit, audit_text, text_rows, told_of_text

HEADLINE = (
    "2021年福田区数字经济核心产业增加\n值为 624.92 亿元，同比增长17.8%，较全市平均水平高 11 个百分点，"
    "占全区 GDP 的 11.7%，较 2020 年提高 0.8 个百分点。"
)


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """Sentences of an official letter, broken as in print."""
    path = tmp_path / "letter.txt"
    path.write_text(
        HEADLINE + "首批交易订单215笔总额超3亿元。建成充电站点798个（集中式快充站点共58个），充电桩数量 9499 个，"
        "布局密度达131个/平方公里。共精选828家代表性单位，其中我区有195家。现有创新载体42个，占全市总数约五分之一。"
        "技术改造投资36.4亿元，同比下降69.5％。利用5G，建成3-1小区3个学校，共7人。",
        encoding="utf-8",
    )
    return path


def about(found: TextAudit, words: str) -> Finding:
    [finding] = [finding for finding in found.findings if words in finding.about]
    return finding


def ends(finding: Finding) -> list[float]:
    return [round(float(end / finding.multiple), 2) for end in (finding.implied.low, finding.implied.high)]


def test_figures_and_what_they_are(letter: Path, catalogue: Catalogue) -> None:
    found = audit_text(letter, catalogue)
    said = [(figure.words, figure.role, figure.year) for figure in found.figures]
    assert said[:5] == [
        ("624.92亿元", "level", 2021), ("17.8%", "growth", 2021), ("11个百分点", "gap", 2021), ("11.7%", "share", 2021),
        ("0.8个百分点", "change", 2021),
    ]  # fmt: skip
    assert [words for words, *_ in said[-2:]] == ["3个", "7人"]
    assert "69.5%" in {words for words, *_ in said}


def test_what_the_headline_implies(letter: Path, catalogue: Catalogue) -> None:
    found = audit_text(letter, catalogue)
    assert ends(about(found, "全区GDP implied whole")) == [5318.47, 5364.12]
    assert ends(about(found, "全市增速")) == [6.25, 7.35]
    assert ends(about(found, "2020年占比")) == [10.80, 11.00]
    assert [ends(finding) for finding in found.findings if "上年数" in finding.about] == [
        [530.27, 530.72],
        [119.15, 119.54],
    ]


def test_the_headline_does_not_close_at_current_prices(letter: Path, catalogue: Catalogue) -> None:
    finding = about(audit_text(letter, catalogue), "现价增速")
    assert finding.judgement is not None
    assert (finding.judgement.verdict, ends(finding)) == ("consistent_if", [19.49, 21.73])
    revised, constant = finding.judgement.explanations
    assert (revised.name, constant.name) == ("revised_base", "constant_prices")
    assert [round(float(end), 3) for end in (constant.implied.low, constant.implied.high)] == [1.014, 1.034]


def test_density_subset_and_mean(letter: Path, catalogue: Catalogue) -> None:
    found = audit_text(letter, catalogue)
    density = about(found, "密度")
    assert density.judgement is not None
    assert (density.judgement.verdict, ends(density)) == ("consistent_if", [72.24, 72.79])
    assert ends(about(found, "平均每笔"))[0] == 139.53
    parts = [finding for finding in found.findings if "部分占比" in finding.about]
    assert [ends(finding)[0] for finding in parts] == [7.27, 23.55]
    assert {finding.judgement.verdict for finding in parts if finding.judgement} == {"consistent"}


def test_totals_of_a_file_come_first(letter: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    """With a product of 4867 in 2020 the headline closes: 530.5 is 10.9 % of it."""
    facts = tmp_path / "facts.csv"
    facts.write_text(
        "area,period,indicator,value,unit\n福田区,2020,地区生产总值,4867,亿元\n福田区,2020,人口,1,人\n",
        encoding="utf-8",
    )
    judgement = about(audit_text(letter, catalogue, facts), "现价增速").judgement
    assert judgement is not None
    assert judgement.verdict == "consistent"
    facts.write_text("area,period,indicator,value\n福田区,2020,地区生产总值,4867\n", encoding="utf-8")
    with pytest.raises(SourceError, match='no column "unit"'):
        audit_text(letter, catalogue, facts)
    facts.write_text("area,period,indicator,value,unit\n福田区,2020,地区生产总值,,亿元\n", encoding="utf-8")
    with pytest.raises(SourceError, match="not read as a printed figure"):
        audit_text(letter, catalogue, facts)


def test_what_is_not_there_is_not_checked(tmp_path: Path, catalogue: Catalogue) -> None:
    """Another district has no known total, a share without level implies nothing, a part in another unit is no part."""
    path = tmp_path / "short.txt"
    path.write_text(
        "占全区GDP的11.7%，较2020年提高0.8个百分点。增加值为5亿元，同比增长2.0%，占全区GDP的3.0%，较上年提高0.1个百分点。"
        "共有30家，其中5人。订单20笔，同比增长5%，总额3亿元。桩9个，密度2个/平方公里。",
        encoding="gb18030",
    )
    found = audit_text(path, catalogue)
    assert [finding.about.split()[0] for finding in found.findings] == [
        "2020年占比", "上年数", "全区GDP", "上年占比", "上年数", "密度的分母",
    ]  # fmt: skip
    assert all(finding.judgement is None for finding in found.findings)


def test_nothing_is_divided_by_what_prints_as_zero(tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "zero.txt"
    path.write_text("增加值5亿元，同比下降100%，占全区GDP的0.0%。桩9个，密度0个/平方公里。", encoding="utf-8")
    assert audit_text(path, catalogue).findings == []


def test_told_in_words_and_in_lines(letter: Path, tmp_path: Path) -> None:
    out = tmp_path / "findings.jsonl"
    done = CliRunner().invoke(app, ["audit", "--text", str(letter), "--out", str(out)])
    assert done.exit_code == 0
    assert "按不变价计算 the rate is at constant prices, with this deflator: 1.014 – 1.034" in done.output
    assert "基期）数经修订 the previous value was revised: 530.27 – 530.72 亿元" in done.output
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert rows[0]["figure"] == "624.92亿元"
    assert {"verdict", "explanations"} <= set(rows[-3])


def test_rows_and_lines_agree(letter: Path, catalogue: Catalogue) -> None:
    found = audit_text(letter, catalogue)
    assert len(text_rows(found)) == len(found.figures) + len(found.findings)
    assert told_of_text(found)[0] == f"{len(found.figures)} figures, {len(found.findings)} checks 数字与核查"


def test_texts_that_cannot_be_read(tmp_path: Path, catalogue: Catalogue) -> None:
    with pytest.raises(SourceError, match="no such file"):
        audit_text(tmp_path / "none.txt", catalogue)
    (tmp_path / "words.txt").write_text("没有数字。", encoding="utf-8")
    with pytest.raises(SourceError, match="no figure"):
        audit_text(tmp_path / "words.txt", catalogue)
    (tmp_path / "bytes.txt").write_bytes(b"\xff\xff\xff")
    with pytest.raises(SourceError, match="not text"):
        audit_text(tmp_path / "bytes.txt", catalogue)


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ([], "Give a file of statements, or a text"),
        (["a.jsonl", "--text", "b.txt"], "Give a file of statements, or a text"),
        (["a.jsonl", "--facts", "c.csv", "--out", "d"], "--facts goes with --text"),
        (["a.jsonl"], "--out is missing"),
    ],
)
def test_options_that_do_not_go_together(arguments: list[str], what: str) -> None:
    done = CliRunner().invoke(app, ["audit", *arguments])
    assert what in str(done.exception or done.output)
    assert done.exit_code


@pytest.mark.real
def test_the_letter(catalogue: Catalogue, shared: Path) -> None:
    found = audit_text(shared / "reference" / "letter_20220179.txt", catalogue)
    assert (len(found.figures), len(found.findings)) == (34, 11)
    assert about(found, "现价增速").judgement is not None
