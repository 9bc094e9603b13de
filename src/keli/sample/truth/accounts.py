"""Accounts of the units by the income approach, in fen, so that every sum is exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from keli.sample.truth.classes import ClassList
from keli.sample.truth.conventions import YEARS, Conventions, Stream
from keli.sample.truth.population import Population

Array = npt.NDArray[Any]

FEN_OF_YUAN = 100
# Items of the annual return that enter the account, in the order of the form.
ITEMS = (
    "payroll", "taxes_surcharges", "vat_payable", "depreciation", "operating_profit", "asset_impairment",
    "credit_impairment", "fair_value_gain", "investment_income", "hedging_gain", "asset_disposal_gain", "other_income",
)  # fmt: skip


@dataclass(frozen=True)
class Accounts:
    """Accounts of one chunk in fen; arrays of shape (units, years), `digital` by activity of the class besides.

    Args:
        revenue: Operating revenue.
        next_revenue: Revenue of the year after the last, shape (units,).
        items: Items of the annual return by name, with `interest_net` and `assets`.
        value_added: Compensation, net taxes, depreciation and surplus together.
        digital: Digital value added by activity of the class.
    """

    revenue: Array
    next_revenue: Array
    items: dict[str, Array]
    value_added: Array
    digital: Array

    def component(self, name: str) -> Array:
        """Return one income component: compensation, net_taxes, depreciation or surplus.

        Method: net taxes are taxes less subsidies; surplus is operating profit with impairment added and gains
        that production does not earn taken out; 财务状况 form, subsidies netted in taxes.
        """
        of = self.items
        return {
            "compensation": of["payroll"],
            "net_taxes": of["taxes_surcharges"] + of["vat_payable"] - of["other_income"],
            "depreciation": of["depreciation"],
            "surplus": of["operating_profit"]
            + of["asset_impairment"]
            + of["credit_impairment"]
            - of["fair_value_gain"]
            - of["investment_income"]
            - of["hedging_gain"]
            - of["asset_disposal_gain"],
        }[name]


def value_added_rates(classes: ClassList, units: Population, rules: Conventions, stream: Stream) -> Array:
    """Value added per revenue by unit and year: the class mean with a lasting and a yearly deviation.

    Method: the deviation is proportional to revenue and free of scale, so that units above and below scale have the
    same mean, which is what a value-added rate assumes. A few units lose more than they add.
    """
    draw, income = stream.draw("rates"), rules.income
    most = income["rate_largest_deviation"]
    lasting = np.clip(draw.standard_normal(units.count), -most, most)[:, None]
    yearly = np.clip(draw.standard_normal((units.count, len(YEARS))), -most, most)
    keep = income["rate_persistence"]
    deviation = income["rate_deviation"] * (keep * lasting + np.sqrt(1 - keep**2) * yearly)
    losing = draw.random((units.count, len(YEARS))) < income["loss_units"]
    losing &= units.revenue[:, : len(YEARS)] < np.quantile(units.revenue[:, : len(YEARS)], 0.99, axis=0)
    rates: Array = classes.rate[units.klass] * np.where(losing, income["loss_rate"], 1 + deviation)
    return rates


def unit_accounts(
    classes: ClassList,
    units: Population,
    rates: Array,
    shares: Array,
    factors: Array,
    rules: Conventions,
    stream: Stream,
) -> Accounts:
    """Accounts of the units of one chunk, scaled by year, in fen.

    Args:
        classes: Industry classes.
        units: Units of the chunk.
        rates: Value added per revenue by unit and year.
        shares: Digital shares by unit, year and activity of the class.
        factors: Factor of each year from the calibration, yuan.
        rules: Conventions of the sample.
        stream: Random numbers of the chunk.
    """
    revenue = fen(units.revenue[:, : len(YEARS)] * factors)
    value_added = fen(revenue * rates / FEN_OF_YUAN)
    items = _items(classes, units, revenue, value_added, rules, stream)
    digital = fen(value_added[:, :, None] * shares / FEN_OF_YUAN)
    next_factor = factors[-1] * (1 + rules.sizes["half_year_growth"])
    return Accounts(revenue, fen(units.revenue[:, len(YEARS)] * next_factor), items, value_added, digital)


def fen(yuan: Array) -> Array:
    """Amounts in yuan as whole fen."""
    whole: Array = np.rint(yuan * FEN_OF_YUAN).astype(np.int64)
    return whole


def _items(
    classes: ClassList, units: Population, revenue: Array, value_added: Array, rules: Conventions, stream: Stream
) -> dict[str, Array]:
    """Items of the annual return; operating profit is what makes the income approach add up to value added."""
    draw, income = stream.draw("items"), rules.income
    usual = revenue * classes.rate[units.klass] / FEN_OF_YUAN

    def part(share: Any, share_of_units: float = 1.0, deviation: float = income["deviation"]) -> Array:
        spread = draw.uniform(1 - deviation, 1 + deviation, usual.shape)
        return fen(usual * share * spread * (draw.random(usual.shape) < share_of_units))

    gains, having = income["gains"], income["gains_units"]
    of = {
        "payroll": part(classes.labour[units.klass], 1.0, income["share_deviation"]),
        "taxes_surcharges": part(income["taxes_surcharges"]),
        "vat_payable": part(income["vat_payable"]),
        "depreciation": part(income["depreciation"]),
        "asset_impairment": part(income["impairment"], income["impairment_units"]),
        "credit_impairment": part(income["impairment"], income["impairment_units"]),
        "fair_value_gain": part(gains, having) - part(gains, having),
        "investment_income": part(gains, having),
        "hedging_gain": part(gains, income["hedging_units"]),
        "asset_disposal_gain": part(gains, having) - part(gains, having),
        "other_income": part(income["other_income"], income["other_income_units"]),
        "interest_net": part(income["interest_net"]),
        "assets": fen(revenue / FEN_OF_YUAN * draw.uniform(0.6, 2.4, usual.shape)),
    }
    net_taxes = of["taxes_surcharges"] + of["vat_payable"] - of["other_income"]
    surplus = value_added - of["payroll"] - net_taxes - of["depreciation"]
    gained = of["fair_value_gain"] + of["investment_income"] + of["hedging_gain"] + of["asset_disposal_gain"]
    return of | {"operating_profit": surplus - of["asset_impairment"] - of["credit_impairment"] + gained}
