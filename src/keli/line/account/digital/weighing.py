"""What the digital part of every starred unit rests on: its own evidence, else the coefficient of its class."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir

from keli.line.account.digital.classes import CoreClasses, core_classes
from keli.line.account.digital.coefficients import (
    Coefficients,
    class_coefficients,
    class_statements,
    sampled_units,
)
from keli.line.account.digital.evidence import own_shares, stated_shares, usable_statements
from keli.model.catalogue import Catalogue


@dataclass(frozen=True)
class SplitBasis:
    """Evidence on starred classes, ready for the years of the account.

    Args:
        classes: Core classes of GB/T codes.
        own: One unit in one year with evidence of its own, the columns of `own_shares`.
        coefficients: Year and starred class -> coefficient.
    """

    classes: CoreClasses
    own: ir.Table
    coefficients: Coefficients

    def has_gaps(self, years: range) -> bool:
        """Whether a starred class has no coefficient in a year.

        Args:
            years: Years of the account.
        """
        return any((year, code) not in self.coefficients for year in years for code in self.classes.starred)


def unsplit_units(units: ir.Table, own: ir.Table, core_shares: ir.Table) -> ir.Table:
    """Units of starred classes that nothing is known about, one unit in one year.

    Args:
        units: One unit in one year with its class (`accounted_units`).
        own: One unit in one year with evidence of its own (`own_shares`).
        core_shares: One core code, digital class and year.
    """
    gaps = core_shares.filter(core_shares.class_tier.isnull(), core_shares["slot"] == 1)
    starred = units.filter(units.starred).select("unit_id", "period", "gbt_code")
    unknown = starred.semi_join(gaps, ["period", "gbt_code"])
    return unknown.anti_join(own, ["unit_id", "period"]).select("unit_id", "period")


def weighed_evidence(split_evidence: ir.Table, units: ir.Table, catalogue: Catalogue, years: range) -> SplitBasis:
    """Return the evidence on starred classes for the years of the account.

    Args:
        split_evidence: One statement on a unit or a class.
        units: One unit in one year with its class and revenue bases (`accounted_units`).
        catalogue: Crosswalk and highest age of evidence.
        years: Years of the account.
    """
    classes = core_classes(catalogue)
    max_months = {year: catalogue.parameter("split/evidence_max_age_months").at(year) for year in years}
    usable = usable_statements(stated_shares(split_evidence), max_months).cache()
    sample = sampled_units(usable, units).to_pyarrow().to_pylist()
    statements = class_statements(usable).to_pyarrow().to_pylist()
    return SplitBasis(classes, own_shares(usable, units, classes), class_coefficients(statements, sample, classes))
