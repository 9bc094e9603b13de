"""How long keli index takes: units x indicators x replicates, from the file to the report, in processor seconds.

python benchmarks/plain/composite_index.py [UNITS] [INDICATORS] [REPLICATES]
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import yaml

from keli.model.catalogue import load_catalogue
from keli.plain.index.index import make_index

PILLARS = 6


def written(folder: Path, units: int, indicators: int, replicates: int) -> tuple[Path, Path]:
    random = np.random.default_rng(7)
    common = random.normal(size=(units, 1))
    values = np.exp(0.5 * common + random.normal(size=(units, indicators)))
    values[random.random(values.shape) < 0.02] = np.nan
    names = [f"i{number}" for number in range(indicators)]
    data = folder / "data.csv"
    rows = ["code,region," + ",".join(names)]
    rows += [
        f"u{unit},r{unit % 8}," + ",".join("" if np.isnan(cell) else repr(float(cell)) for cell in row)
        for unit, row in enumerate(values)
    ]
    data.write_text("\n".join(rows) + "\n", encoding="utf-8")
    pillars = [
        {"name": f"pillar{pillar}", "parts": [{"indicator": name} for name in names[pillar::PILLARS]]}
        for pillar in range(PILLARS)
    ]
    vary = {
        "imputation": [{"method": "mean"}, {"method": "group_mean"}],
        "treatment": [{"method": "none"}, {"method": "winsorise", "then": "shifted_log"}],
        "normalisation": [{"method": "minmax", "range": [1, 100]}, {"method": "zscore", "mean": 50, "deviation": 5}],
        "weights": [{"method": "equal"}, {"method": "entropy"}, {"method": "critic"}],
        "aggregation": [{"method": "arithmetic"}, {"method": "geometric"}],
        "weight_noise": 0.25,
    }
    spec = {
        "unit": "code", "group": "region", "index": {"name": "index", "parts": pillars},
        "imputation": {"method": "group_mean"}, "normalisation": {"method": "minmax", "range": [1, 100]},
        "uncertainty": {"replicates": replicates, "seed": 7, "sensitivity": False, "vary": vary},
    }  # fmt: skip
    file = folder / "spec.yaml"
    file.write_text(yaml.safe_dump(spec), encoding="utf-8")
    return data, file


def main() -> None:
    units, indicators, replicates = (int(given) for given in (sys.argv[1:] or ["500", "60", "1000"]))
    catalogue = load_catalogue()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data, spec = written(folder, units, indicators, replicates)
        begun, worked = time.perf_counter(), time.process_time()
        for line in make_index(data, spec, folder / "out.csv", folder / "report.json", catalogue):
            print(line)
        took = f"{time.process_time() - worked:.1f} s of processors, {time.perf_counter() - begun:.1f} s by the clock"
        print(f"{units} units x {indicators} indicators x {replicates} replicates: {took}")


if __name__ == "__main__":
    main()
