"""Figures from outside the account: price indices, gross domestic product, control totals, published figures."""

from __future__ import annotations

import pyarrow as pa

from keli.sample.delivery.facts import DISTRICT
from keli.sample.delivery.files import CsvFile
from keli.sample.truth.calibration import DECIMALS_OF_INDEX, PRICE_YEARS, Calibration
from keli.sample.truth.conventions import LAST_YEAR, YEARS
from keli.sample.truth.world import Plan

PRICE_COLUMNS = ("指数名称", "年份", "上年=100", "依据")
CONTROL_COLUMNS = ("地区代码", "年份", "分类代码", "指标", "数值(亿元)", "价格基准", "核算阶段", "依据")
FEN_OF_YI = 10**10
DECIMALS_OF_CONTROL = 6
DECIMALS_PUBLISHED = 2
REFERENCE = "合成 SYNTHETIC"


def deliver_prices(truth: Calibration, file: CsvFile) -> None:
    """Write the price indices, previous year = 100, one row a series and year."""
    rows = [
        (series, str(year), f"{truth.indices[at, place]:.{DECIMALS_OF_INDEX}f}", REFERENCE)
        for at, series in enumerate(truth.series)
        for place, year in enumerate(PRICE_YEARS.tolist())
    ]
    file.write(pa.table(dict(zip(PRICE_COLUMNS, (list(column) for column in zip(*rows, strict=True)), strict=True))))


def deliver_controls(plan: Plan, file: CsvFile) -> None:
    """Write control totals of the core, gross domestic product, and the core as published at the time."""
    truth, rows = plan.truth, []
    ratio = plan.catalogue.parameter("sample/published_of_revised").at(LAST_YEAR)
    for at, year in enumerate(YEARS.tolist()):
        stage = "初步核算" if year == LAST_YEAR else "最终核实"
        rows.append(_row(year, "DE", "VA", truth.core[at] / FEN_OF_YI, DECIMALS_OF_CONTROL, stage))
        rows.append(_row(year, "_T", "GDP", truth.gdp[at] / FEN_OF_YI, DECIMALS_OF_CONTROL, stage))
        if year < LAST_YEAR:
            published = truth.core[at] / FEN_OF_YI * ratio
            rows.append(_row(year, "DE", "VA_PUBLISHED", published, DECIMALS_PUBLISHED, "初步核算"))
    file.write(pa.table(dict(zip(CONTROL_COLUMNS, (list(column) for column in zip(*rows, strict=True)), strict=True))))


def _row(year: int, activity: str, measure: str, value: float, decimals: int, stage: str) -> tuple[str, ...]:
    return DISTRICT, str(year), activity, measure, f"{value:.{decimals}f}", "V", stage, REFERENCE
