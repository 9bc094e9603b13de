"""Periods of official statistics: years, quarters and months, discrete or year to date."""

from __future__ import annotations

import re
from dataclasses import dataclass

from keli.base.errors import KeliError

MONTHS_IN_YEAR = 12
QUARTERS_IN_YEAR = 4

_PATTERN = re.compile(r"^(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?$")


@dataclass(frozen=True, order=True)
class Period:
    """One reference period, written as SDMX writes it: 2021, 2021-Q3, 2021-07.

    >>> Period.parse("2021-Q3").previous_year()
    Period(year=2020, quarter=3, month=None)
    >>> str(Period.parse("2021-07"))
    '2021-07'
    """

    year: int
    quarter: int | None = None
    month: int | None = None

    @classmethod
    def parse(cls, text: str) -> Period:
        """Return the period that `text` names.

        Raises:
            KeliError: The text is none of 2021, 2021-Q3, 2021-07.
        """
        match = _PATTERN.match(text.strip())
        if match is None:
            raise KeliError(f'"{text}" is not a period.', example="2021, 2021-Q3 or 2021-07")
        quarter, month = match["quarter"], match["month"]
        return cls(int(match["year"]), int(quarter) if quarter else None, int(month) if month else None)

    @property
    def freq(self) -> str:
        """The SDMX frequency code: A, Q or M."""
        if self.quarter is not None:
            return "Q"
        return "A" if self.month is None else "M"

    def previous_year(self) -> Period:
        """Return the same period one year earlier."""
        return Period(self.year - 1, self.quarter, self.month)

    def __str__(self) -> str:
        """Return the SDMX time period."""
        if self.quarter is not None:
            return f"{self.year}-Q{self.quarter}"
        return f"{self.year}" if self.month is None else f"{self.year}-{self.month:02d}"
