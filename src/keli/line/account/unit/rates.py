"""Value-added rates and rates of items by class, falling back to group, division, section and the total."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

import ibis.expr.types as ir

from keli.engine.functions import MONEY
from keli.line.account.unit.components import rate_of, reported_components, required_items_reported
from keli.line.account.unit.conventions import Conventions
from keli.methods.value_added import COMPONENTS, value_added
from keli.methods.value_added_rate import RateCell, fallback_cell, ratio_rate
from keli.model.catalogue import Catalogue

TOTAL = "_T"
NO_CLASS = "_N"
# A variance needs two units, whatever smaller minimum a workspace sets.
_FEWEST_UNITS = 2
_DIGITS = 80
# The product of two amounts in yuan with two places, exact.
SQUARE = "decimal(38,4)"
# One factor is widened first: two DECIMAL(18,2) are multiplied in 64 bits, which ends at 30 million yuan squared.
WIDE = "decimal(38,2)"
HUNDRED = 100
# Components that are estimated by a rate of their own; the operating surplus is the residual.
RATED_COMPONENTS = COMPONENTS[:-1]

Sums = dict[str, Decimal]


def reporter_sums(units: ir.Table, rules: Conventions) -> ir.Table:
    """Exact sums over the district's reporting units with revenue, by year and class.

    Args:
        units: One unit in one year with the items of its return (`accounted_units`).
        rules: Items by year.

    Returns:
        One row a year and GB/T code: number, revenue, value added, components, squares and products of the units that
        report all required items; for each required item number, sum and revenue of the units that report it.
    """
    reporters = units.filter(units.return_revenue > 0, units.in_district, ~units.consolidated, ~units.covered)
    parts = {f"part_{name}": part for name, part in reported_components(reporters, rules).items()}
    rows = reporters.select(
        "period", "gbt_code", *rules.required,
        revenue=reporters.return_revenue, complete=required_items_reported(reporters, rules), **parts,
    )  # fmt: skip
    rows = rows.mutate(value_added=value_added(*(rows[f"part_{name}"] for name in COMPONENTS)).cast(MONEY))
    summed = (*(f"part_{name}" for name in RATED_COMPONENTS), "value_added", "revenue")
    whole = {name: rows[name].sum(where=rows.complete) for name in summed}
    items = {
        key: value
        for name in rules.required
        for key, value in {
            f"{name}_units": rows[name].count(),
            f"{name}_sum": rows[name].sum(),
            f"{name}_revenue": rows.revenue.sum(where=rows[name].notnull()),
        }.items()
    }
    return rows.group_by("period", "gbt_code").agg(
        units=rows.complete.sum(),
        value_added_squares=_products(rows.value_added, rows.value_added, rows.complete),
        products=_products(rows.value_added, rows.revenue, rows.complete),
        revenue_squares=_products(rows.revenue, rows.revenue, rows.complete),
        revenue_cubes=_cubes(rows.revenue, rows.complete),
        **whole,
        **items,
    )


def _products(left: ir.DecimalValue, right: ir.DecimalValue, where: ir.BooleanValue) -> ir.DecimalValue:
    return (left.cast(WIDE) * right).cast(SQUARE).sum(where=where)


def _cubes(revenue: ir.DecimalValue, where: ir.BooleanValue) -> ir.DecimalValue:
    """Sum of cubes in hundreds of yuan: the cube of a unit is binary, their sum exact and within 38 digits."""
    hundreds = revenue.cast("float64") / HUNDRED
    return (hundreds * hundreds * hundreds).cast(SQUARE).sum(where=where)


@dataclass(frozen=True)
class YearCells:
    """Reporting units of one year summed up to every cell of the industry classification.

    Args:
        sums: Cell -> sums.
        chains: GB/T code -> the cell itself and what it falls back to, in order.
        min_cell: Smallest number of reporting units.
        external: Item -> rate from outside.
        reference: Where the external rates come from.
    """

    sums: dict[str, Sums]
    chains: dict[str, tuple[str, ...]]
    min_cell: int
    external: dict[str, float]
    reference: str

    def first_cell(self, code: str) -> str:
        """Return the first cell of the code's chain with reporting units: codes that share it share their rates."""
        return next((cell for cell in self.chains[code] if cell in self.sums), TOTAL)

    def rate_row(self, code: str, items: tuple[str, ...]) -> dict[str, Any]:
        """Return the rates that units of the code use."""
        rates, outside = {}, []
        for item in items:
            rates[rate_of(item)] = self._item_rate(code, item)
            if rates[rate_of(item)] is None and item in self.external:
                rates[rate_of(item)] = self.external[item]
                outside.append(item)
        source = f"{' '.join(outside)}: {self.reference}" if outside else None
        return {**self._value_added_rates(code), **rates, "imputation_source": source}

    def _cell(self, code: str, number: str, revenue: str) -> str | None:
        units = {
            cell: int(sums[number])
            for cell in self.chains[code]
            if (sums := self.sums.get(cell)) is not None and sums[revenue] > 0
        }
        return fallback_cell(self.chains[code], units, self.min_cell)

    def _item_rate(self, code: str, item: str) -> float | None:
        cell = self._cell(code, f"{item}_units", f"{item}_revenue")
        return None if cell is None else _ratio(self.sums[cell][f"{item}_sum"], self.sums[cell][f"{item}_revenue"])

    def _value_added_rates(self, code: str) -> dict[str, Any]:
        cell = self._cell(code, "units", "revenue")
        if cell is None:
            empty = dict.fromkeys(f"{name}_ratio" for name in RATED_COMPONENTS)
            return {"cell": TOTAL, "units": 0, "value_added_rate": None, "rate_variance": None,
                    "residual_variance": None, **empty}  # fmt: skip
        sums = self.sums[cell]
        rate = ratio_rate(
            RateCell(int(sums["units"]), sums["revenue"], sums["value_added"], sums["value_added_squares"],
                     sums["products"], sums["revenue_squares"], sums["revenue_cubes"] * HUNDRED**3)
        )  # fmt: skip
        shares = {f"{name}_ratio": _ratio(sums[f"part_{name}"], sums["revenue"]) for name in RATED_COMPONENTS}
        return {"cell": cell, "units": int(sums["units"]), "value_added_rate": rate.rate,
                "rate_variance": rate.rate_variance, "residual_variance": rate.residual_variance, **shares}  # fmt: skip


def rate_rows(
    sums: list[dict[str, Any]], catalogue: Catalogue, rules: Conventions, years: range
) -> list[dict[str, Any]]:
    """Rates of every GB/T code and year, formed on the smallest cell with enough reporting units.

    Method: r = sum VA / sum R; class, else group, division, section, all (imputation/min_cell); an item that no cell
    can rate takes the external rate of value_added/external_rates.

    Args:
        sums: One row a year and GB/T code (`reporter_sums`).
        catalogue: GB/T codes and parameters.
        rules: Items by year.
        years: Years of the account.

    Returns:
        Rows of the table `rates`, in the order of year and code.
    """
    chains = {code: (*catalogue.gbt.ancestors(code), TOTAL) for code in sorted(catalogue.gbt.codes)}
    chains |= {NO_CLASS: (TOTAL,), TOTAL: (TOTAL,)}
    rows: list[dict[str, Any]] = []
    for year in years:
        cells = _year_cells([row for row in sums if row["period"] == year], chains, catalogue, year)
        first = {code: cells.first_cell(code) for code in chains if code != TOTAL}
        rates = {cell: cells.rate_row(cell, rules.required) for cell in sorted({*first.values()})}
        rows.extend({"period": year, "gbt_code": code} | rates[cell] for code, cell in first.items())
    return rows


def _year_cells(
    rows: list[dict[str, Any]], chains: dict[str, tuple[str, ...]], catalogue: Catalogue, year: int
) -> YearCells:
    cells: dict[str, Sums] = {}
    with localcontext(prec=_DIGITS):
        for row in rows:
            sums = {name: Decimal(value or 0) for name, value in row.items() if name not in {"period", "gbt_code"}}
            for cell in chains[row["gbt_code"] or NO_CLASS]:
                known = cells.setdefault(cell, dict.fromkeys(sums, Decimal(0)))
                cells[cell] = {name: known[name] + value for name, value in sums.items()}
    external = catalogue.parameter("value_added/external_rates").entry(year)
    min_cell = max(catalogue.parameter("imputation/min_cell").at(year), _FEWEST_UNITS)
    return YearCells(cells, chains, min_cell, external.value, external.reference)


def _ratio(part: Decimal, whole: Decimal) -> float:
    with localcontext(prec=_DIGITS):
        return float(part / whole)
