"""Register-like rows from real parts of names and addresses: two files of a million rows, and their true pairs.

python benchmarks/linking/million.py DATA FOLDER [ROWS]
/usr/bin/time -v keli link FOLDER/left.csv FOLDER/right.csv --id id --out FOLDER/pairs.csv
python benchmarks/linking/million.py DATA FOLDER --score
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from firms import TRADE, TRADES, cores_of, firms_of

ROWS, SEED = 1_000_000, 5
KEPT, RENAMED, MOVED = 0.8, 0.10, 0.30
FORMS = ("有限公司", "有限公司", "有限公司", "有限责任公司", "股份有限公司")
ROOM = re.compile(r"^(.*?(?:路|街|大道))")


def parts_of(data: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Characters of cores with their frequency, trade words, and roads with their district, of real firms."""
    firms = firms_of(data, "register")
    letters = np.array(list("".join(cores_of(data))))
    trades = [found[2] for firm in firms if (found := TRADE.match(re.sub("(股份|有限|公司|深圳市?)", "", firm.name)))]
    roads = [found[1] for firm in firms if (found := ROOM.match(firm.address)) and len(found[1]) < 22]
    return letters, np.array([*trades, *TRADES]), np.array(roads)


def rows(data: Path, count: int, draw: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Names and addresses."""
    letters, trades, roads = parts_of(data)
    core = draw.choice(letters, (count, 3))
    third = np.where(draw.random(count) < 0.5, core[:, 2], "")
    name = (
        "深圳市" + pd.Series(core[:, 0]) + core[:, 1] + third + draw.choice(trades, count) + draw.choice(FORMS, count)
    )
    number = pd.Series(draw.integers(1, 3000, count).astype(str))
    room = pd.Series(draw.integers(1, 30, count).astype(str)) + pd.Series(
        draw.integers(1, 25, count).astype(str)
    ).str.zfill(2)
    address = (
        pd.Series(draw.choice(roads, count))
        + number
        + "号"
        + draw.choice(letters, count)
        + draw.choice(letters, count)
        + "大厦"
        + room
    )
    # One business secretary gives its address to thousands.
    shared = draw.random(count) < 0.03
    return name.to_numpy(), np.where(shared, "深圳市前海深港合作区前湾一路1号A栋201室", address)


def write(data: Path, folder: Path, count: int) -> None:
    """The two files: the right one holds most rows of the left, some renamed, some moved, and new ones."""
    draw = np.random.default_rng(SEED)
    name, address = rows(data, count, draw)
    new_name, new_address = rows(data, count, draw)
    left = pd.DataFrame({"id": [f"L{at}" for at in range(count)], "name": name, "address": address})
    kept, renamed, moved = (draw.random(count) < share for share in (KEPT, RENAMED, MOVED))
    right = pd.DataFrame(
        {
            "id": [f"R{at}" if same else f"N{at}" for at, same in enumerate(kept)],
            "name": np.where(kept & ~renamed, name, new_name),
            "address": np.where(kept & ~moved, address, new_address),
        }
    ).sample(frac=1, random_state=SEED)
    left.to_csv(folder / "left.csv", index=False)
    right.to_csv(folder / "right.csv", index=False)


def score(folder: Path) -> None:
    """Precision and recall of the pairs."""
    pairs, right = pd.read_csv(folder / "pairs.csv"), pd.read_csv(folder / "right.csv", usecols=["id"])
    true = (right.id.str[0] == "R").sum()
    hits = (pairs.left_id.str[1:] == pairs.right_id.str[1:]) & (pairs.right_id.str[0] == "R")
    print(f"precision {hits.mean():.4f}  recall {hits.sum() / true:.4f}  ({len(pairs)} found, {true} true)")


if __name__ == "__main__":
    data, folder = Path(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(exist_ok=True)
    if sys.argv[3:] == ["--score"]:
        score(folder)
    else:
        write(data, folder, int(sys.argv[3]) if sys.argv[3:] else ROWS)
