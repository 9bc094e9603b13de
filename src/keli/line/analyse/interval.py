"""Errors of value added before benchmarking: rates, residuals and sampled split ratios; their covariance over years."""

from __future__ import annotations

import numpy as np
import pandas as pd

from keli.line.analyse.areas import Areas
from keli.methods.uncertainty import error_covariance, prediction_variance, residual_correlation, split_variance

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

    Method: units that use one rate share its error, so their estimated revenues are added up over areas and classes
    before they are squared: sum over rate cells of (sum sR)^2 v(r) + sum (sR)^2 c2. A unit of an industry class with
    several core classes has one residual: there the roots of sum (sR)^2 are added up over them before they are squared,
    which is exact where all units of the class have the same shares, else too wide. To this comes, for each industry
    class with sampled split ratios, (sum over its core classes of VA sqrt(v(s)))^2: the ratios share their sampled
    units, and adding standard errors is safe whatever their correlation. All other sources are taken as independent.
    """
    spread = _spread(bases, weights, areas)
    variance = pd.concat([_rate_variance(spread), _split_variance(spread)])
    total = variance.groupby(PLACE, sort=True)["variance"].sum(skipna=False).reset_index()
    return total.assign(standard_error=np.sqrt(total["variance"])).drop(columns="variance")


def covariances(bases: pd.DataFrame, residuals: pd.DataFrame, weights: pd.DataFrame, areas: Areas) -> pd.DataFrame:
    """Covariance of the errors of value added of each year and of the year before, by area and activity.

    Args:
        bases: change_bases: products of revenues of units estimated in both years.
        residuals: residual_sums: what the correlation of residuals over two years is formed from.
        weights: leaf, activity, weight: the parents of each class.
        areas: The district, and the area of leaves without a subdistrict.

    Returns:
        One row a year, area and activity: `covariance` in yuan squared. A place that is not there has none.

    Method: one correlation for each pair of years; rho sqrt(c2_t c2_(t-1)) sum sR_t sR_(t-1), added up over rate
    cells. Errors of the rates and of sampled ratios count as independent over years: where they go together, as they
    mostly do, the interval of a change is too wide rather than too narrow.
    """
    correlation = {
        row["period"]: residual_correlation(row["products"], row["squares"], row["squares_previous"])
        for row in residuals.to_dict("records")
    }
    spread = _placed(bases, weights, areas).sort_values([*PLACE, "leaf", "gbt_code", "gbt_code_previous", "part"])
    rho = spread["period"].map(correlation).fillna(0.0).astype(float)
    products = spread["weight"] ** 2 * spread["revenue_products"]
    spread["covariance"] = error_covariance(
        products, rho, spread["residual_variance"], spread["residual_variance_previous"]
    )
    return spread.groupby(PLACE, sort=True)["covariance"].sum(skipna=False).reset_index()


def _placed(bases: pd.DataFrame, weights: pd.DataFrame, areas: Areas) -> pd.DataFrame:
    """Return the bases once for every parent of their class, for the district and for the area below it."""
    parents = bases.rename(columns={"activity": "leaf"}).merge(weights, on="leaf").assign(part=lambda row: row["area"])
    return pd.concat([parents.assign(area=areas.district), areas.frame_below(parents)])


def _spread(bases: pd.DataFrame, weights: pd.DataFrame, areas: Areas) -> pd.DataFrame:
    """Return the bases once for every parent and for the district, amounts weighted, in a fixed order."""
    spread = _placed(bases, weights, areas)
    spread["revenue"] = spread["weight"] * spread["estimated_revenue"]
    spread["squares"] = spread["weight"] ** 2 * spread["estimated_revenue_squares"]
    spread["split"] = spread["weight"] * spread["split_value_added"]
    return spread.sort_values([*PLACE, "leaf", "gbt_code", "part"], ignore_index=True)


def _rate_variance(spread: pd.DataFrame) -> pd.DataFrame:
    """Return the variance of each place and rate cell; cells that estimate and impute nothing are left out."""
    estimated = spread[(spread["revenue"] != 0) | (spread["squares"] != 0)]
    estimated = estimated.assign(root=np.sqrt(estimated["squares"]))
    # The parts of a unit in several classes share its residual: their standard errors add up, not their variances.
    units = estimated.groupby([*PLACE, "rate_cell", "gbt_code", "part"], sort=True).agg(
        revenue=("revenue", "sum"),
        root=("root", "sum"),
        rate_variance=("rate_variance", "max"),
        residual_variance=("residual_variance", "max"),
    )
    units["squares"] = units["root"] ** 2
    cells = units.groupby([*PLACE, "rate_cell"], sort=True).agg(
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
