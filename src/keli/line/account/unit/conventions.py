"""Items and conventions of the income approach by year, as expressions over periods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from keli.methods.value_added import Item, items_under
from keli.model.catalogue import Catalogue


@dataclass(frozen=True)
class Conventions:
    """The items of value added in each year of the account, under the conventions of the year.

    Args:
        items: Year -> items, in the order of the form.
    """

    items: dict[int, tuple[Item, ...]]

    @property
    def required(self) -> tuple[str, ...]:
        """Items that are required in any year, in the order of the form."""
        names = (item.item for items in self.items.values() for item in items if item.required)
        return tuple(dict.fromkeys(names))

    def by_year(self, period: ir.IntegerValue, formula: Callable[[tuple[Item, ...]], ir.Value]) -> ir.Value:
        """Return the formula under the items of each row's year; one branch for years that agree."""
        vintages = tuple(dict.fromkeys(self.items.values()))
        formulas = [formula(items) for items in vintages]
        if len(formulas) == 1:
            return formulas[0]
        years = [[year for year, items in self.items.items() if items == vintage] for vintage in vintages]
        return ibis.cases(*((period.isin(some), value) for some, value in zip(years, formulas, strict=True)))


def conventions(catalogue: Catalogue, years: range) -> Conventions:
    """Return the items and conventions of the catalogue for the years of the account."""
    return Conventions({year: _items(catalogue, year) for year in years})


def _items(catalogue: Catalogue, year: int) -> tuple[Item, ...]:
    entries = catalogue.parameter("value_added/items").at(year)
    return items_under(
        (Item(entry["item"], entry["component"], entry["sign"], entry["required"]) for entry in entries),
        subsidy=catalogue.parameter("value_added/subsidy_convention").at(year),
        interest=catalogue.parameter("value_added/interest_convention").at(year),
    )
