"""What the digital part of every starred unit rests on: its own evidence, else the coefficient of its class."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from keli.line.account.digital.classes import CoreClasses, core_classes
from keli.line.account.digital.coefficients import (
    Coefficients,
    class_coefficients,
    class_statements,
    coefficient_table,
    sampled_units,
)
from keli.line.account.digital.evidence import own_shares, stated_shares, usable_statements
from keli.model.catalogue import Catalogue


@dataclass(frozen=True)
class SplitBasis:
    """Evidence on starred classes, ready for the years of the account.

    Args:
        classes: Core classes of GB/T codes.
        own: One unit in one year with evidence of its own.
        coefficients: Year and starred class -> coefficient.
    """

    classes: CoreClasses
    own: ir.Table
    coefficients: Coefficients

    @property
    def coefficient_table(self) -> ir.Table:
        """Coefficients, one row a year and starred class."""
        return coefficient_table(self.coefficients, self.classes)

    def unsplit_units(self, units: ir.Table, years: range) -> ir.Table | None:
        """Units of starred classes that nothing is known about, one unit in one year; None where there are none.

        Args:
            units: One unit in one year with its class.
            years: Years of the account.
        """
        missing = [
            {"n_period": year, "n_code": code}
            for year in years
            for code in sorted(self.classes.starred)
            if (year, code) not in self.coefficients
        ]
        if not missing:
            return None
        gaps = ibis.memtable(missing, schema={"n_period": "int32", "n_code": "string"})
        units = units.select("unit_id", "period", "gbt_code")
        units = units.semi_join(gaps, [units.period == gaps.n_period, units.gbt_code == gaps.n_code])
        own = self.own.select(o_unit="unit_id", o_period="period")
        return units.anti_join(own, [units.unit_id == own.o_unit, units.period == own.o_period])


def weighed_evidence(
    split_evidence: ir.Table,
    units: ir.Table,
    revenues: tuple[ir.Table, ir.Table],
    catalogue: Catalogue,
    years: range,
) -> SplitBasis:
    """Return the evidence on starred classes for the years of the account.

    Args:
        split_evidence: One statement on a unit or a class.
        units: One unit in one year with its class.
        revenues: Returns and revenue bases, one unit in one year, in yuan.
        catalogue: Crosswalk and highest age of evidence.
        years: Years of the account.
    """
    classes = core_classes(catalogue)
    max_months = {year: catalogue.parameter("split/evidence_max_age_months").at(year) for year in years}
    usable = usable_statements(stated_shares(split_evidence), max_months).cache()
    sample = sampled_units(usable, units, revenues, classes).to_pyarrow().to_pylist()
    statements = class_statements(usable).to_pyarrow().to_pylist()
    own = own_shares(usable, units, classes).cache()
    return SplitBasis(classes, own, class_coefficients(statements, sample, classes))
