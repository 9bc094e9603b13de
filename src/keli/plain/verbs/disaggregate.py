"""keli disaggregate: quarters and months from years and quarters."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from keli.plain.disaggregate.task import DisaggregateTask, disaggregate_file, told_of_disaggregation


def disaggregate(  # noqa: PLR0913 - one argument for each option of the verb
    more: Annotated[list[Path] | None, typer.Argument(metavar="[Q.csv ...]", help="Further indicators.")] = None,
    *,
    low: Annotated[Path, typer.Option(metavar="A.csv", help="Years or quarters: columns time, value.")],
    out: Annotated[Path, typer.Option(metavar="OUT.csv", help="CSV file to write: time, value.")],
    method: Annotated[
        str,
        typer.Option(
            help="denton, denton-cholette, uniform, fast, fernandez, chow-lin-maxlog, chow-lin-minrss, chow-lin-fixed, "
            "litterman-maxlog, litterman-minrss or litterman-fixed."
        ),
    ],
    high: Annotated[
        list[Path] | None, typer.Option(metavar="Q.csv", help="Indicator of quarters or months; repeatable.")
    ] = None,
    to: Annotated[str | None, typer.Option(help="q or m; where there is no indicator.")] = None,
    conversion: Annotated[str, typer.Option(help="sum, average, first or last.")] = "sum",
    criterion: Annotated[str | None, typer.Option(help="Denton: proportional (default) or additive.")] = None,
    h: Annotated[int | None, typer.Option("--h", help="Denton: order of differences 0, 1 (default) or 2.")] = None,
    fixed_rho: Annotated[float | None, typer.Option(help="Fixed methods: rho; 0.5 by default.")] = None,
    least_rho: Annotated[float | None, typer.Option(help="Estimated rho: the least; 0 by default, -1 for all.")] = None,
    no_constant: Annotated[bool, typer.Option("--no-constant", help="Regress on the indicators alone.")] = False,
    variant: Annotated[str | None, typer.Option(help="chow-lin-minrss: ecotrim (default) or quilis.")] = None,
) -> None:
    """Divide years into quarters or months, or quarters into months, with or without indicators.

    Times are 2005, 2005-Q1, 2005-01. Periods of the indicators outside the years are extrapolated.

    \b
    keli disaggregate --low gdp.csv --to q --method denton-cholette --out gdp_q.csv
    keli disaggregate --low gdp.csv --high tax_q.csv --high power_q.csv --method chow-lin-maxlog --out gdp_q.csv
    """  # noqa: D301 - \b keeps the lines of the examples apart
    files = (*(high or ()), *(more or ()))
    task = DisaggregateTask(
        low, out, method, files, to, conversion, criterion, h, fixed_rho, least_rho, not no_constant, variant
    )
    for line in told_of_disaggregation(task, disaggregate_file(task)):
        print(line, file=sys.stderr)  # noqa: T201 - data go to stdout, everything else to stderr
