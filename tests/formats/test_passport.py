"""Passports: one number at a time, from open tables only, nothing that is withheld."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from keli.base.errors import KeliError
from keli.engine.shelf import Shelf, StoredRelease
from keli.formats.open_table import OpenTable
from keli.formats.passport import Origins, one_row, passport
from keli.formats.selection import conditions_of

HEADLINE = ("time_period=2021", "activity=DE", "measure=VA", "price_base=V")
OpenRows = dict[str, list[dict[str, Any]]]
Publish = Callable[..., Path]


@pytest.fixture
def release(released: Path) -> StoredRelease:
    return Shelf(released / "releases").open()


def _table(release: StoredRelease, name: str) -> tuple[OpenTable, Origins]:
    entries = {entry["code"]: entry for entry in release.catalogue("indicators") if entry["table"] == name}
    origins = Origins(entries, release.catalogue("labels"), release.table("components"), release.table("evidence"))
    return OpenTable(name, release.table(name), release.manifest), origins


def _passport(release: StoredRelease, *conditions: str, table: str = "value_added", **how: Any) -> list[str]:
    shown, origins = _table(release, table)
    return passport(one_row(shown, conditions_of(conditions)), shown, origins, **how)


def _section(lines: list[str], head: str) -> list[str]:
    """Lines of the section whose head begins so, up to the next empty line or head."""
    start = next(number for number, line in enumerate(lines) if line.startswith(head))
    rest = lines[start + 1 :]
    end = next((number for number, line in enumerate(rest) if not line.startswith("  ")), len(rest))
    return [lines[start], *rest[:end]]


def _with(rows: OpenRows, publish: Publish, table: str, *more: dict[str, Any]) -> StoredRelease:
    """A release of the hand-made tables with further rows in one of them; one of the same key is replaced."""
    key = ("time_period", "activity", "measure", "price_base", "basis", "split_evidence", "status", "control")
    named = {tuple(row.get(column) for column in key): row for row in (*rows[f"open_{table}"], *more)}
    folder = publish({f"open_{table}": list(named.values())})
    return Shelf(folder.parent).open(folder.name)


def test_the_figure_is_named_with_its_official_names(release: StoredRelease) -> None:
    lines = _passport(release, *HEADLINE)
    assert lines[:8] == [
        "value_added 增加值",
        "  time_period  时期          2021",
        "  ref_area     地区          440304  福田区",
        "  activity     行业          DE      数字经济核心产业",
        "  size_class   规模          _T      全部规模 all sizes",
        "  ownership    登记注册类型  _T      全部类型 all types",
        "  measure      指标          VA      增加值 Value added",
        "  price_base   价格          V       现价 current prices",
    ]


def test_figure_price_basis_vintage_and_status(release: StoredRelease) -> None:
    assert _section(_passport(release, *HEADLINE), "figure") == [
        "figure: 624.92 亿元",
        "  price basis 价格:  现价 current prices",
        "  vintage 数据阶段:  初步核算, inputs received to 2022-08-31",
        "  status 数据状态:   A 正常 normal",
    ]


def test_the_formula_is_in_words(release: StoredRelease) -> None:
    assert _section(_passport(release, *HEADLINE, width=120), "formula") == [
        "formula 计算方法: 增加值 Value added",
        "  VA_UNBENCHMARKED times the benchmark factor of the major (1 in a year without a control total).",
        "  reference 依据: 中国国民经济核算体系（2016）; 数字经济及其核心产业统计分类（2021）",
    ]


def test_components_that_may_be_shown_are_shown(release: StoredRelease) -> None:
    """CE 300.00 and NTP 24.92 are free, CFC and OS withheld: nothing is said of a sum."""
    assert _section(_passport(release, *HEADLINE), "components") == [
        "components 收入法构成:",
        "  CE:   300.00 亿元  劳动者报酬",
        "  NTP:   24.92 亿元  生产税净额",
        "  2 parts 不予公布 confidential: 固定资产折旧、营业盈余",
    ]


def test_the_only_withheld_component_is_not_told_by_the_others(publish_rows: Publish, open_rows: OpenRows) -> None:
    depreciation = open_rows["open_components"][2] | {"obs_value": 100.0, "conf_status": "F"}
    lines = _passport(_with(open_rows, publish_rows, "components", depreciation), *HEADLINE)
    assert _section(lines, "components")[0] == "components 收入法构成: 不予公布 confidential"
    for value in ("300.00", "24.92 ", "100.00"):
        assert not any(value in line for line in lines if "624.92" not in line)


def test_components_that_add_up_are_said_to_close(publish_rows: Publish, open_rows: OpenRows) -> None:
    """300 + 24.915 + 100 + 200 = 624.915; shares of 48.0, 4.0, 16.0 and 32.0 %."""
    free = {"conf_status": "F"}
    compensation, _, depreciation, surplus = open_rows["open_components"]
    more = [depreciation | free | {"obs_value": 100.0}, surplus | free | {"obs_value": 200.0}]
    percent = {"unit_measure": "PCT", "unit_mult": 0, "decimals": 1}
    shares = {"SHARE_CE": 48.006, "SHARE_NTP": 3.987, "SHARE_CFC": 16.002, "SHARE_OS": 32.005}
    more += [compensation | percent | {"measure": name, "obs_value": share} for name, share in shares.items()]
    release = _with(open_rows, publish_rows, "components", *more)
    closed = [
        "  CE:   300.00 亿元  48.0 %  劳动者报酬",
        "  NTP:   24.92 亿元   4.0 %  生产税净额",
        "  CFC:  100.00 亿元  16.0 %  固定资产折旧",
        "  OS:   200.00 亿元  32.0 %  营业盈余",
    ]
    total = "  add up to 624.92 亿元: closes 合计闭合"
    assert _section(_passport(release, *HEADLINE), "components")[1:] == [*closed, total]
    own = _passport(release, "measure=CE", table="components")[1:]
    assert "figure: 300.00 亿元" in own
    assert _section(own, "components")[1:] == [
        *closed,
        "  add up to 100.0 %: closes 合计闭合",  # the table has no row VA to close with
    ]


def test_evidence_is_told_in_per_cent_that_add_up(publish_rows: Publish, open_rows: OpenRows) -> None:
    """88.25 + 1.75 + 10 = 100; printed 88.3 + 1.8 + 10.0 = 100.1."""
    reported = open_rows["open_evidence"][0]
    more = [
        reported | {"basis": "estimated", "obs_value": 10.0},
        reported | {"basis": "imputed", "obs_value": 1.75},
    ]
    release = _with(open_rows, publish_rows, "evidence", *more)
    assert _section(_passport(release, *HEADLINE, width=120), "by basis") == [
        "by basis 按数据来源:",
        "  reported:   88.3 %  报表数据",
        "  imputed:     1.8 %  部分指标推算",
        "  estimated:  10.0 %  按增加值率推算",
        "  add up to 100.0 %: closes 合计闭合; the printed parts differ by +0.1 through rounding 系数值修约所致",
    ]
    own = _passport(release, "basis=imputed", table="evidence")
    assert "  basis           数据来源      imputed   部分指标推算" in own
    assert "figure: 1.8 %" in own
    assert not any(line.startswith("by split evidence") for line in own)


def test_a_withheld_tier_hides_the_others(publish_rows: Publish, open_rows: OpenRows) -> None:
    imputed = open_rows["open_evidence"][0] | {"basis": "imputed", "obs_value": None, "conf_status": "C"}
    lines = _passport(_with(open_rows, publish_rows, "evidence", imputed), *HEADLINE)
    assert _section(lines, "by basis")[0] == "by basis 按数据来源: 不予公布 confidential"
    assert not any("88.3" in line for line in lines)


def test_growth_at_constant_prices_shows_the_two_levels_in_one_base(publish_rows: Publish, open_rows: OpenRows) -> None:
    """2021 in prices of 2020 over 2020 at its own prices: 610.25 / 530.494 = 1.15034."""
    growth = next(row for row in open_rows["open_value_added"] if row["measure"] == "GROWTH")
    release = _with(open_rows, publish_rows, "value_added", growth | {"obs_value": 15.034})
    lines = _passport(release, "measure=GROWTH", width=120)
    assert "figure: 15.0 %" in lines
    assert "  price basis 价格:  不变价 constant prices, compared with 2020" in lines
    assert _section(lines, "figures in it") == [
        "figures in it 计算所用数据:",
        "  2021 DE VA Q:  610.25 亿元  2020 年价格",
        "  2020 DE VA V:  530.49 亿元",
        "  (610.25 / 530.49 − 1) × 100 = 15.0 %, computed on unrounded figures 按未修约数计算",
    ]
    assert not any(line.startswith("components") for line in lines)


def test_arithmetic_that_does_not_come_to_the_figure_is_not_printed(release: StoredRelease) -> None:
    """The hand-made growth is 17.8 %, its levels give 15.0 %."""
    assert len(_section(_passport(release, "measure=GROWTH"), "figures in it")) == 3


def test_an_operand_withheld_alone_is_not_told_by_the_others(publish_rows: Publish, open_rows: OpenRows) -> None:
    """VA and the factor would tell the estimate before benchmarking."""
    estimate = next(row for row in open_rows["open_value_added"] if row["measure"] == "VA_UNBENCHMARKED")
    release = _with(open_rows, publish_rows, "value_added", estimate | {"obs_value": None, "conf_status": "C"})
    assert _section(_passport(release, *HEADLINE), "figures in it")[1:] == [
        "  2021 DE VA_UNBENCHMARKED V:  不予公布 confidential",
        "  2021 DE BENCHMARK_FACTOR V:  不予公布 confidential",
    ]


def test_share_of_gdp_names_gdp_as_supplied(publish_rows: Publish, open_rows: OpenRows) -> None:
    """624.915 / 5341.15 = 11.7 %."""
    gdp = open_rows["open_value_added"][0] | {"activity": "_T", "obs_value": 5341.15}
    release = _with(open_rows, publish_rows, "value_added", gdp)
    share = _section(_passport(release, "measure=SHARE_GDP", width=120), "figures in it")
    assert share[2] == "  2021 _T VA V:  5341.15 亿元"
    assert share[3].startswith("  624.92 / 5341.15 × 100 = 11.7 %, ")
    lines = _passport(release, "activity=_T", width=120)
    assert "  activity     行业          _T      地区生产总值（外部提供） whole economy, GDP as supplied" in lines
    assert "formula 计算方法: 地区生产总值 GDP of the district" in lines
    assert not any("value_added/items" in line or line.startswith("components") for line in lines)


def test_parameters_are_those_that_the_figure_rests_on(release: StoredRelease) -> None:
    lines = _passport(release, *HEADLINE)
    named = {line.split()[0] for line in lines if line.startswith("  ") and "/" in line.split()[0]}
    assert {name for name in named if name.split("/")[0] != "inputs"} == {
        "value_added/items", "value_added/subsidy_convention", "value_added/interest_convention",
        "value_added/external_rates", "imputation/min_cell", "split/evidence_max_age_months",
        "intake/payroll_per_head", "protection/min_count", "protection/dominance_n", "protection/dominance_k",
        "protection/p_percent", "rounding/convention", "rounding/decimals",
    }  # fmt: skip
    rows = _passport(release, "measure=ROWS_IN", table="coverage")
    assert not any(line.startswith("parameters 参数") for line in rows)
    assert any(line.startswith("  rounding/convention") for line in rows)


def test_a_parameter_says_what_it_is_and_if_it_is_verified(release: StoredRelease) -> None:
    lines = _passport(release, *HEADLINE, width=120)
    start = lines.index("  imputation/min_cell 最小推算单元 = 5 家 units")
    assert lines[start + 1].startswith("    Reporting units that a class needs before its value-added rate is used;")
    assert lines[start + 2].startswith(
        "    from 2000-01-01; 未核实 NOT VERIFIED; Convention of the line for rates of value"
    )
    start = lines.index("  value_added/external_rates 外部推算率 = 无 none")
    assert any(line.startswith("    from 2000-01-01; 已核实 verified; ") for line in lines[start : start + 5])


def test_the_items_of_value_added_stand_in_a_table(release: StoredRelease) -> None:
    lines = _passport(release, *HEADLINE)
    for line in (
        "    item                 构成          符号  空值  代码  指标名称",
        "    vat_payable          生产税净额    +     推算  402   应交增值税",
        "    other_income         生产税净额    −     按零  –     其他收益",
    ):
        assert line in lines
    assert not any("{" in line or "[" in line for line in lines)


def test_of_a_value_by_measures_only_its_own_is_shown(release: StoredRelease) -> None:
    lines = _passport(release, "measure=GROWTH")
    start = lines.index("  rounding/decimals 保留小数位数")
    assert lines[start + 1 : start + 3] == ["    区合计 headline  1", "    分项 detail      1"]
    assert not any(line.lstrip().startswith("SHARE_GDP") for line in lines)


def test_the_base_year_is_that_of_the_period(publish_rows: Publish, open_rows: OpenRows) -> None:
    """Constant prices of 2020 are in prices of 2015, those of 2021 in prices of 2020; current prices have no base."""
    constant = next(r for r in open_rows["open_value_added"] if (r["measure"], r["price_base"]) == ("VA", "Q"))
    earlier = constant | {"time_period": "2020", "base_period": "2015"}
    release = _with(open_rows, publish_rows, "value_added", earlier)
    base_years = {}
    for year in ("2020", "2021"):
        lines = _passport(release, "measure=VA", "price_base=Q", f"time_period={year}")
        base_years[year] = [line for line in lines if line.startswith("  prices/base_year")]
    assert base_years == {
        "2020": ["  prices/base_year 不变价基期 = 2015 年"],
        "2021": ["  prices/base_year 不变价基期 = 2020 年"],
    }
    assert not any("prices/base_year" in line for line in _passport(release, *HEADLINE))


def test_constant_prices_name_their_base(release: StoredRelease) -> None:
    lines = _passport(release, "measure=VA", "price_base=Q")
    assert "figure: 610.25 亿元" in lines
    assert "  price basis 价格:  不变价 constant prices, in prices of 2020 按 2020 年价格" in lines
    assert any("divided, class by class, by the price index" in line for line in lines)


def test_inputs_come_with_short_hashes_in_full_on_demand(release: StoredRelease) -> None:
    brief = _section(_passport(release, *HEADLINE), "inputs")
    assert brief[2] == "  register   inputs/register.csv  sha256 abababababab"
    assert len(brief[1].split()[-1]) == 12
    full = _section(_passport(release, *HEADLINE, full=True), "inputs")
    assert full[-2:] == ["  register inputs/register.csv", "    sha256 " + "ab" * 32]


def test_the_release_tells_its_versions(release: StoredRelease) -> None:
    lines = _section(_passport(release, *HEADLINE), "release")
    assert lines[0] == f"release: {release.manifest.release_id} test district"
    assert "  secondary: none 未做次级抑制，不得对外" in lines
    assert "  activity version 数字经济分类:  数字经济及其核心产业统计分类（2021）" in lines
    assert "  industry version 行业分类:      GB/T 4754-2017" in lines
    assert lines[-1].startswith(
        f"  code version 程序:              {release.manifest.contents['code']['version']} sha256 "
    )


def test_the_books_of_a_source_close(release: StoredRelease) -> None:
    """12 rows in = 11 accepted + 1 quarantined; 2 of the 11 were repaired."""
    lines = _passport(release, "measure=ROWS_ACCEPTED", table="coverage")
    assert "  time_period  时期          _T             各年合计 all years together" in lines
    assert _section(lines, "rows received") == [
        "rows received 收到行数:",
        "  ROWS_ACCEPTED:     11 行  接收行数",
        "  ROWS_QUARANTINED:   1 行  隔离行数",
        "  add up to 12 行: closes 合计闭合",
    ]
    assert _section(lines, "among the accepted")[1:] == ["  ROWS_REPAIRED:  2 行  修正行数"]


def test_enterprises_are_told_by_status(publish_rows: Publish, open_rows: OpenRows) -> None:
    active = open_rows["open_enterprises"][0]
    more = [active | {"status": "closed", "obs_value": 2.0}, active | {"status": "_T", "obs_value": 9.0}]
    lines = _passport(_with(open_rows, publish_rows, "enterprises", *more), "status=_T", table="enterprises")
    assert _section(lines, "by status")[1:] == [
        "  active:  7 家  存续",
        "  closed:  2 家  注销",
        "  add up to 9 家: closes 合计闭合",
    ]


def test_a_control_stands_beside_its_estimate(publish_rows: Publish, open_rows: OpenRows) -> None:
    control = open_rows["open_reconciliation"][0]
    inside = {"measure": "INSIDE_INTERVAL", "obs_value": 1.0, "unit_measure": "FACTOR", "unit_mult": 0, "decimals": 0}
    release = _with(open_rows, publish_rows, "reconciliation", control | inside)
    lines = _passport(release, "measure=INSIDE_INTERVAL", table="reconciliation")
    assert "figure: yes 是, the control lies inside" in lines
    assert _section(lines, "control and estimate")[1:] == ["  CONTROL:  624.92 亿元  控制数"]


def test_confidential_figure_says_that_and_nothing_else(release: StoredRelease) -> None:
    lines = _passport(release, "activity=0101")
    assert _section(lines, "figure")[0] == "figure: confidential 不予公布"
    assert {line.split()[0] for line in lines if line and not line.startswith(" ")} == {
        "value_added", "figure:", "release:",
    }  # fmt: skip
    for word in ("formula", "components", "亿元", "price basis", "status"):
        assert not any(word in line for line in lines)


@pytest.mark.parametrize("width", [80, 120])
def test_every_page_keeps_to_its_width(release: StoredRelease, width: int) -> None:
    pages = 0
    for name in release.manifest.tables:
        table, origins = _table(release, name)
        for row in table.rows.to_pylist():
            lines = passport(row, table, origins, width=width)
            assert [line for line in lines if cell_len(line) > width] == []
            assert [line for line in lines if line != line.rstrip()] == []
            pages += 1
    assert pages == sum(entry.rows for entry in release.manifest.tables.values())


def test_open_dimensions_are_listed_with_their_values(release: StoredRelease) -> None:
    with pytest.raises(KeliError) as caught:
        _passport(release, "measure=VA", "activity=DE")
    assert caught.value.what.splitlines() == [
        "3 rows meet the conditions. Still open are:",
        "    time_period: 2020, 2021",
        "    price_base: Q, V",
    ]
    assert caught.value.example == "time_period=2020 price_base=V"  # a row that is there


def test_conditions_that_exclude_each_other_are_said(release: StoredRelease) -> None:
    with pytest.raises(KeliError, match="No row meets all the conditions together"):
        _passport(release, "measure=GROWTH", "time_period=2020")


def test_an_empty_table_says_so(release: StoredRelease) -> None:
    table = OpenTable("value_added", release.table("value_added").slice(0, 0), release.manifest)
    with pytest.raises(KeliError, match="The table value_added of this release has no rows"):
        one_row(table, {"activity": ("DE",)})


def test_a_class_without_an_industry_code_is_not_applicable(release: StoredRelease) -> None:
    table = OpenTable("value_added", release.table("value_added"), release.manifest)
    row = one_row(table, {"activity": ("DE",), "measure": ("VA",), "time_period": ("2021",), "price_base": ("V",)})
    row |= {"activity": "020500", "obs_value": None, "obs_status": "M"}
    entries = {entry["code"]: entry for entry in release.catalogue("indicators") if entry["table"] == "value_added"}
    origins = Origins(entries, release.catalogue("labels"), release.table("components"), release.table("evidence"))
    page = passport(row, table, origins)
    assert "figure: 不适用 not applicable, no industry code belongs to this class" in page
