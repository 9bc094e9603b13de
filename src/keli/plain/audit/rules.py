"""What an audit rests on, read from the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from keli.base.printed import Interval, Printed
from keli.methods.printed_relations.assumptions import Plausibility
from keli.methods.printed_relations.verdicts import Figure
from keli.model.catalogue import Catalogue

YEAR = 9999
"""The newest value of every parameter."""


@dataclass(frozen=True)
class AuditRules:
    """Qualifiers of figures, plausible differences and the rounding of print.

    Args:
        words: Word of a qualifier -> the qualifier it stands for, empty where it changes nothing.
        widths: Qualifier -> share of the figure by which the value may lie below and above.
        limits: How far implied values may lie.
        convention: Rounding convention of print.
    """

    words: dict[str, str]
    widths: dict[str, tuple[Fraction, Fraction]]
    limits: Plausibility
    convention: str

    def figure(self, printed: Printed) -> Figure:
        """Return a figure with the values that may stand behind it."""
        below, above = (abs(printed.value) * width for width in self.widths.get(printed.qualifier, (0, 0)))
        if not below + above:
            return Figure(printed, printed.rounded)
        return Figure(printed, Interval(printed.value - below, printed.value + above))


def audit_rules(catalogue: Catalogue) -> AuditRules:
    """Return the rules of the audit."""
    qualifiers = catalogue.parameter("audit/qualifiers").at(YEAR)
    limits = catalogue.parameter("audit/plausibility").at(YEAR)
    return AuditRules(
        words={
            word: name if entry["below"] or entry["above"] else ""
            for name, entry in qualifiers.items()
            for word in entry["words"]
        },
        widths={name: (_exact(entry["below"]), _exact(entry["above"])) for name, entry in qualifiers.items()},
        limits=Plausibility(**{name: _exact(value) for name, value in limits.items()}),
        convention=catalogue.parameter("rounding/convention").at(YEAR),
    )


def _exact(number: float) -> Fraction:
    return Fraction(str(number))
