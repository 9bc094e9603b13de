"""Does `keli disaggregate` give what the R package tempdisagg gives on its own data?

Compares the first ten quarters of four methods (sales.a ~ exports.q + imports.q, rho not truncated) with the values
that the package keeps of its version 0.24.1, and two regressions (sales.a ~ exports.q) with its manual. The data are
not part of Keli: export them with R into FOLDER as sales.csv, exports.csv and imports.csv (columns time, value):

    data(tempdisagg); year <- floor(time(exports.q)); quarter <- cycle(exports.q)
    write.csv(data.frame(time = paste0(year, "-Q", quarter), value = c(exports.q)), "exports.csv", row.names = FALSE)

    python benchmarks/disaggregation/reference.py FOLDER

Prints the greatest relative difference of each; ends with 1 where it is above 1e-8 (closed form) or 1e-4 (estimated).
"""

from __future__ import annotations

import csv
import sys
import tempfile
from pathlib import Path

from keli.plain.disaggregate.task import DisaggregateTask, disaggregate_file

QUARTERS = {
    "fernandez": "30.6645443975 30.8809117534 29.9338961272 31.5300107504 31.7254275179 31.9913519817 32.060256688 "
    "33.1479292732 36.9901490699 38.153782642",
    "chow-lin-maxlog": "30.8957937267 31.2145424609 29.7518464152 32.2513261944 32.3279995961 32.8269209836 "
    "32.8317836851 34.0730685505 39.4243199059 40.7028002148",
    "chow-lin-minrss": "31.0648296314 31.376628094 29.9492852367 32.3700157927 32.4855992935 32.9370177056 "
    "32.9416949892 34.2025283839 39.4907189242 40.6948442203",
    "litterman-minrss": "24.3686906726 24.5556141176 24.8805391048 25.0169084874 25.9365352397 26.2217041913 "
    "27.0337754387 28.6411343647 30.3927507945 32.4751826273",
}
"""Method -> 1972-Q1 to 1974-Q2; tests/testthat/helper-fixtures.R of tempdisagg 1.1.1."""
COEFFICIENTS = {0.0: (12.41, 0.01339), -1.0: (12.31579, 0.01341)}
"""Least rho -> constant and coefficient of exports, chow-lin-maxlog; the package's introduction, digits as printed."""
CLOSED_FORM, ESTIMATED, PRINTED = 1e-8, 1e-4, 5e-4


def difference(found: list[float], expected: list[float]) -> float:
    """The greatest relative difference."""
    return max(abs(one / other - 1) for one, other in zip(found, expected, strict=True))


def differences(folder: Path, out: Path) -> list[tuple[str, float, float]]:
    """Name, greatest relative difference and limit of each comparison."""
    low, exports, imports = (folder / f"{name}.csv" for name in ("sales", "exports", "imports"))
    compared = []
    for method, printed in QUARTERS.items():
        disaggregate_file(DisaggregateTask(low, out, method, (exports, imports), least_rho=-1.0))
        with out.open(encoding="utf-8", newline="") as file:
            found = [float(row["value"]) for row in csv.DictReader(file)]
        expected = [float(value) for value in printed.split()]
        limit = CLOSED_FORM if method == "fernandez" else ESTIMATED
        compared.append((method, difference(found[: len(expected)], expected), limit))
    for least, printed_coefficients in COEFFICIENTS.items():
        done = disaggregate_file(DisaggregateTask(low, out, "chow-lin-maxlog", (exports,), least_rho=least))
        coefficients = [] if done.fit is None else done.fit.coefficients.tolist()
        name = f"coefficients, least rho {least:g}"
        compared.append((name, difference(coefficients, list(printed_coefficients)), PRINTED))
    return compared


def main() -> int:
    """Print the comparisons; 1 where one is beyond its limit."""
    with tempfile.TemporaryDirectory() as folder:
        compared = differences(Path(sys.argv[1]), Path(folder) / "out.csv")
    for name, found, limit in compared:
        print(f"{name}: {found:.1e} (limit {limit:g})")
    return int(any(found > limit for _, found, limit in compared))


if __name__ == "__main__":
    sys.exit(main())
