"""Annual returns (财务状况) and quarterly returns of the units on the above-scale list."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keli.sample.delivery.dirt import Sheet
from keli.sample.delivery.facts import Facts, lose_identity, may_lose_code, misspelt, named
from keli.sample.delivery.files import CsvFile
from keli.sample.delivery.register import wrong_codes
from keli.sample.delivery.text import amounts, joined, kept, numbers
from keli.sample.truth.accounts import FEN_OF_YUAN
from keli.sample.truth.conventions import FIRST_YEAR, LAST_YEAR, YEARS

Array = npt.NDArray[Any]

ANNUAL = "annual"
NAME, CODE = "单位详细名称", "统一社会信用代码"
MONEY_COLUMNS = {
    "营业收入": "revenue",
    "资产总计": "assets",
    "应付职工薪酬": "payroll",
    "税金及附加": "taxes_surcharges",
    "应交增值税": "vat_payable",
    "本年折旧": "depreciation",
    "营业利润": "operating_profit",
    "资产减值损失": "asset_impairment",
    "信用减值损失": "credit_impairment",
    "公允价值变动收益": "fair_value_gain",
    "投资收益": "investment_income",
    "净敞口套期收益": "hedging_gain",
    "资产处置收益": "asset_disposal_gain",
    "其他收益": "other_income",
    "利息净支出": "interest_net",
}
ANNUAL_COLUMNS = ("单位详细名称", "统一社会信用代码", "年份", "行业代码", "街道", "平均用工人数", *MONEY_COLUMNS)
ITEMS_LEFT_OUT = ("本年折旧", "应交增值税")
QUARTERLY_COLUMNS = ("单位详细名称", "统一社会信用代码", "年份", "季度", "营业收入(千元)", "平均用工人数", "行业代码")
FIRST_YEAR_TO_DATE = 2020
QUARTERS = 4
QUARTERS_OF_NEXT_YEAR = 2
THOUSAND = 1000
WRONG_SUBMISSION = 9, 10


def deliver_annual(facts: Facts, year: int, file: CsvFile) -> None:
    """Write the annual returns of one year for a chunk, in yuan."""
    at = year - FIRST_YEAR
    members = facts.chunk.members
    rows = np.flatnonzero(members.returns[:, at])
    fen = _money(facts, rows, at)
    columns = _heads(facts, rows, at, year) | {name: amounts(values) for name, values in fen.items()}
    columns["净敞口套期收益"] = kept(columns["净敞口套期收益"], fen["净敞口套期收益"] != 0)
    sheet = _sheet(facts, ANNUAL, f"annual_{year}.csv", file, columns, rows, year)
    silent = members.member[:, at] & ~members.returns[:, at]
    sheet.missing("no_return", facts.identity.key.filter(pa.array(silent)), year)
    _spoil_annual(facts, sheet, rows, fen, year)
    file.write(sheet.table())


def _money(facts: Facts, rows: Array, at: int) -> dict[str, Array]:
    accounts = facts.chunk.accounts
    of = accounts.items | {"revenue": accounts.revenue}
    return {column: of[item][rows, at] for column, item in MONEY_COLUMNS.items()}


def _heads(facts: Facts, rows: Array, at: int, year: int) -> dict[str, pa.Array]:
    index = pa.array(rows)
    name, code = named(facts, rows)
    employees = facts.employees[rows, at]
    payroll = facts.chunk.accounts.items["payroll"][rows, at] / FEN_OF_YUAN
    paid = payroll / employees >= facts.chunk.plan.rules.income["wage_least"]
    return {
        "单位详细名称": name,
        "统一社会信用代码": code,
        "年份": pa.repeat(str(year), len(rows)),
        "行业代码": facts.industry(at).take(index),
        "街道": facts.subdistrict(at).take(index),
        "平均用工人数": kept(numbers(employees), paid),
    }


def _sheet(
    facts: Facts, source: str, name: str, file: CsvFile, columns: dict[str, pa.Array], rows: Array, year: int
) -> Sheet:  # fmt: skip
    return Sheet(facts.ledger, source, name, file.next_row, columns, facts.identity.key.take(pa.array(rows)), year)


def _spoil_annual(facts: Facts, sheet: Sheet, rows: Array, fen: dict[str, Array], year: int) -> None:
    draw = facts.draw(f"annual faults {year}")
    spoilable = facts.spoilable[rows]

    def some(fault: str, among: Array = spoilable) -> Array:
        return (draw.random(len(rows)) < facts.rate(fault)) & among

    registered = ~facts.chunk.units.unregistered[rows]
    bad_name = some("misspelt_name", spoilable & registered)
    sheet.spoil("misspelt_name", NAME, bad_name, misspelt(sheet.columns[NAME]))
    lose_identity(facts, sheet, f"annual {year}", (CODE, NAME), may_lose_code(facts)[rows] & ~bad_name)
    for column in ITEMS_LEFT_OUT:
        sheet.spoil("missing_item", column, some("missing_item"), None)
    seen = sheet.columns["平均用工人数"].is_valid().to_numpy(zero_copy_only=False)
    wrong = some("wrong_unit") & seen
    upward = draw.integers(0, 2, len(rows)) == 1
    for column, values in fen.items():
        sheet.spoil("wrong_unit", column, wrong & upward, amounts(values * THOUSAND))
        sheet.spoil("wrong_unit", column, wrong & ~upward, amounts(values, 5))
    replaced = some("replaced_return") & ~wrong
    sheet.repeat("corrected_return", np.flatnonzero(replaced))
    again = np.append(replaced, np.zeros(sheet.count - len(rows), dtype=bool))
    first, second = WRONG_SUBMISSION
    before = amounts(np.append(fen["营业收入"], fen["营业收入"][replaced]) * first // second)
    sheet.spoil("replaced_return", "营业收入", again, before)
    sheet.repeat("duplicate_row", np.flatnonzero(some("duplicate_row") & ~replaced))


def deliver_quarterly(facts: Facts, year: int, file: CsvFile) -> None:
    """Write the quarterly returns of one year for a chunk in thousand yuan; discrete first, year to date later."""
    at = min(year, LAST_YEAR) - FIRST_YEAR
    revenue = facts.chunk.accounts.revenue[:, at] if year <= LAST_YEAR else facts.chunk.accounts.next_revenue
    rows = np.flatnonzero(facts.chunk.members.quarters[:, at] & (revenue > 0))
    draw = facts.draw(f"quarters {year}")
    parts = draw.uniform(0.7, 1.3, (len(rows), QUARTERS))
    course = np.cumsum(parts, axis=1) / parts.sum(axis=1, keepdims=True)
    to_date = np.rint(revenue[rows, None] / FEN_OF_YUAN / THOUSAND * course).astype(np.int64)
    amount = to_date if year >= FIRST_YEAR_TO_DATE else np.diff(to_date, axis=1, prepend=0)
    quarters = QUARTERS if year <= LAST_YEAR else QUARTERS_OF_NEXT_YEAR
    long = np.repeat(rows, quarters)
    index = pa.array(long)
    name, code = named(facts, long)
    columns = dict(
        zip(
            QUARTERLY_COLUMNS,
            (
                name,
                code,
                pa.repeat(str(year), len(long)),
                numbers(np.tile(np.arange(1, quarters + 1), len(rows))),
                numbers(amount[:, :quarters].ravel()),
                numbers(facts.employees[long, at]),
                facts.industry(at).take(index),
            ),
            strict=True,
        )
    )
    sheet = _sheet(facts, quarterly_source(year), f"quarterly_{year}.csv", file, columns, long, year)
    _spoil_quarterly(facts, sheet, long, year)
    file.write(sheet.table())


def quarterly_source(year: int) -> str:
    """Name of the source of a year's quarterly returns."""
    return "quarterly_to_date" if year >= FIRST_YEAR_TO_DATE else "quarterly_discrete"


def _spoil_quarterly(facts: Facts, sheet: Sheet, rows: Array, year: int) -> None:
    draw = facts.draw(f"quarterly faults {year}")
    alone = may_lose_code(facts)[rows]
    wrong = draw.random(len(rows)) < facts.rate("invalid_code")
    sheet.spoil("invalid_code", "统一社会信用代码", wrong & alone, wrong_codes(sheet.columns["统一社会信用代码"]))
    named_unit = joined(sheet.columns["营业收入(千元)"], "(千元)")
    sheet.spoil("unit_in_cell", "营业收入(千元)", draw.random(len(rows)) < facts.rate("full_width"), named_unit)
    blank = draw.random(len(rows)) < facts.rate("blank_like")
    sheet.spoil("blank_like", "平均用工人数", blank, "N/A")
    few = np.flatnonzero(draw.random(len(rows)) < facts.rate("bad_row"))
    sheet.repeat("no_such_quarter", few, {"季度": "5"})


def quarterly_years() -> tuple[int, ...]:
    """Years of the quarterly returns: those of the account and the first half of the next."""
    return (*(int(year) for year in YEARS), LAST_YEAR + 1)
