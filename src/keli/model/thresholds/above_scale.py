"""Above scale (四上): the yearly revenue from which a unit of an industry belongs on the administrative list."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from keli.model.catalogue import Catalogue

PARAMETER = "thresholds/above_scale"
ALL = "all"


@dataclass(frozen=True)
class Threshold:
    """What makes a unit of an industry above scale.

    Args:
        label_zh: Official name of the group of industries.
        revenue_min: Yearly revenue from which a unit belongs on the list, or is asked whether it does; yuan.
        asked: No revenue decides: all units with the qualification or activity belong, which no source tells. From
            revenue_min on they are asked.
    """

    label_zh: str
    revenue_min: Decimal
    asked: bool


def above_scale(catalogue: Catalogue, year: int) -> dict[str, Threshold]:
    """Return the threshold of every industry code that has one.

    Method: the nearest scope at or above the code counts. A code above several scopes, such as F or 70, and an industry
    that the parameter does not name, such as finance, have none.

    Args:
        catalogue: Industry codes and the parameter `thresholds/above_scale`.
        year: Year whose value holds.
    """
    of_scope: dict[str, Threshold] = {}
    for entry in catalogue.parameter(PARAMETER).at(year):
        asked = entry["rule"] == ALL
        amount = entry.get("asked_from") if asked else entry["revenue_min"]
        if amount is not None:
            threshold = Threshold(entry["label_zh"], Decimal(str(amount)), asked)
            of_scope.update(dict.fromkeys(entry["scope"], threshold))
    nearest = {
        code: next((scope for scope in catalogue.gbt.ancestors(code) if scope in of_scope), None)
        for code in catalogue.gbt.codes
    }
    return {code: of_scope[scope] for code, scope in sorted(nearest.items()) if scope is not None}
