"""The standard error of value added before benchmarking: rates, residuals and sampled split ratios."""

from __future__ import annotations

import numpy as np
import pandas as pd

from keli.line.analyse.areas import Areas
from keli.methods.uncertainty import prediction_variance, split_variance

PLACE = ["period", "area", "activity"]


def standard_errors(bases: pd.DataFrame, weights: pd.DataFrame, areas: Areas) -> pd.DataFrame:
    """Standard error of value added of each year, area and activity.

    Args:
        bases: uncertainty_bases: sums by year, area, class and industry class.
        weights: leaf, activity, weight: the parents of each class.
        areas: The district, and the area of leaves without a subdistrict.

    Returns:
        One row a year, area and activity: `standard_error` in yuan; not a number where a rate in use has no
        variance.

    Method: units that use one rate share its error, so their estimated revenues are added up over areas and
    classes before they are squared: sum over rate cells of (sum sR)^2 v(r) + sum (sR)^2 c2. To this comes, for each
    industry class with sampled split ratios, (sum over its core classes of VA sqrt(v(s)))^2: the ratios share their
    sampled units, and adding standard errors is safe whatever their correlation. All other sources are taken as
    independent.
    """
    spread = _spread(bases, weights, areas)
    variance = pd.concat([_rate_variance(spread), _split_variance(spread)])
    total = variance.groupby(PLACE, sort=True)["variance"].sum(skipna=False).reset_index()
    return total.assign(standard_error=np.sqrt(total["variance"])).drop(columns="variance")


def _spread(bases: pd.DataFrame, weights: pd.DataFrame, areas: Areas) -> pd.DataFrame:
    """Return the bases once for every parent and for the district, amounts weighted, in a fixed order."""
    parents = bases.rename(columns={"activity": "leaf"}).merge(weights, on="leaf").assign(part=lambda row: row["area"])
    spread = pd.concat([parents.assign(area=areas.district), areas.frame_below(parents)])
    spread["revenue"] = spread["weight"] * spread["estimated_revenue"]
    spread["squares"] = spread["weight"] ** 2 * spread["estimated_revenue_squares"]
    spread["split"] = spread["weight"] * spread["split_value_added"]
    return spread.sort_values([*PLACE, "leaf", "gbt_code", "part"], ignore_index=True)


def _rate_variance(spread: pd.DataFrame) -> pd.DataFrame:
    """Return the variance of each place and rate cell; cells that estimate and impute nothing are left out."""
    estimated = spread[(spread["revenue"] != 0) | (spread["squares"] != 0)]
    cells = estimated.groupby([*PLACE, "rate_cell"], sort=True).agg(
        revenue=("revenue", "sum"),
        squares=("squares", "sum"),
        rate_variance=("rate_variance", "max"),
        residual_variance=("residual_variance", "max"),
    )
    cells["variance"] = prediction_variance(
        cells["revenue"], cells["squares"], cells["rate_variance"], cells["residual_variance"]
    )
    return cells.reset_index()[[*PLACE, "variance"]]


def _split_variance(spread: pd.DataFrame) -> pd.DataFrame:
    """Return the variance of each place and industry class; zero where no ratio was sampled."""
    classes = spread.groupby([*PLACE, "leaf", "gbt_code"], sort=True).agg(
        split=("split", "sum"), share_variance=("split_variance", "max")
    )
    classes["error"] = np.sqrt(split_variance(classes["split"], classes["share_variance"].fillna(0)))
    industries = classes.groupby([*PLACE, "gbt_code"], sort=True)["error"].sum().reset_index()
    return industries.assign(variance=industries["error"] ** 2)[[*PLACE, "variance"]]
