"""Address coding on labelled addresses of Futian: five folds, coverage and precision; and a million addresses by time.

python benchmarks/address_coding.py --register REGISTER.csv.gz [--seeds 3] [--supplied DIR] [--speed 1000000]

The label of an address is the one subdistrict that its text names; that name and the names of communities are taken out
before coding. Each fold is coded with a gazetteer learned from the other four folds only. Gazetteers derived from the
same register hold the answers: with --supplied they serve for coverage over all addresses, never for precision.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from keli.model.catalogue import Catalogue, load_catalogue
from keli.plain.files import open_plain, read_plain, write_plain
from keli.plain.place import learn_file, place_file

DISTRICT, FOLDS = "440304", 5
Labelled = list[tuple[str, str]]


def main() -> None:
    """Print coverage and precision by origin, coverage over all addresses, and rows a second."""
    asked = arguments()
    catalogue = load_catalogue()
    texts = read_plain(open_plain(asked.register), ["address"])["address"].drop_null().unique().to_pylist()
    district = catalogue.areas[DISTRICT].name_zh
    inside = sorted(text for text in texts if district in text)
    rows = labelled(inside, catalogue)
    print(f"{len(inside)} different addresses in {district}, {len(rows)} labelled and different without their label")
    with tempfile.TemporaryDirectory() as folder:
        five_folds(rows, catalogue, Path(folder), asked.seeds)
        overall(inside, rows, catalogue, Path(folder), asked.supplied)
        speed(inside, rows, catalogue, Path(folder), asked.speed)


def arguments() -> argparse.Namespace:
    """The options of the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--register", type=Path, required=True)
    parser.add_argument("--supplied", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--speed", type=int, default=0)
    return parser.parse_args()


def labelled(texts: list[str], catalogue: Catalogue) -> Labelled:
    """Addresses without the names of subdistrict and community, with the code of the one subdistrict they named."""
    areas = [area for area in catalogue.areas.at_level("subdistrict") if area.code.startswith(DISTRICT)]
    codes = {area.name_zh: area.code for area in areas}
    names = re.compile("|".join(sorted(codes, key=len, reverse=True)))
    communities = [area.name_zh for area in catalogue.areas.at_level("community") if "社区" in area.name_zh]
    shortened = sorted({name.partition("社区")[0] + "社区" for name in communities}, key=len, reverse=True)
    removed = re.compile(f"(?:{names.pattern})(?:办事处)?|(?:{'|'.join(shortened)})(?:居委会)?")
    found: dict[str, set[str]] = {}
    for text in texts:
        told = {codes[name] for name in names.findall(text)}
        if len(told) == 1:
            found.setdefault(removed.sub("", text), set()).update(told)
    return sorted((text, min(told)) for text, told in found.items() if len(told) == 1)


def five_folds(rows: Labelled, catalogue: Catalogue, folder: Path, seeds: int) -> None:
    """Code each fold with what the others teach."""
    for seed in range(seeds):
        order = random.Random(seed).sample(range(len(rows)), len(rows))
        coded, right = 0, 0
        for fold in range(FOLDS):
            asked = {order[place] for place in range(fold, len(rows), FOLDS)}
            learn([row for place, row in enumerate(rows) if place not in asked], catalogue, folder)
            truth = [row for place, row in enumerate(rows) if place in asked]
            answers = code([text for text, _ in truth], catalogue, folder, folder / "gazetteer")
            hits = [
                (area, label)
                for (area, origin), (_, label) in zip(answers, truth, strict=True)
                if origin == "gazetteer"
            ]
            coded, right = coded + len(hits), right + sum(area == label for area, label in hits)
        print(f"seed {seed}: coverage {coded / len(rows):.4f} precision {right / coded:.4f} ({right} of {coded} right)")


def overall(texts: list[str], rows: Labelled, catalogue: Catalogue, folder: Path, supplied: Path | None) -> None:
    """Coverage over all addresses of the district, labelled or not."""
    learn(rows, catalogue, folder)
    for name, gazetteer in (("learned from all labelled", folder / "gazetteer"), ("supplied", supplied)):
        if gazetteer is None:
            continue
        origins = [origin for _, origin in code(texts, catalogue, folder, gazetteer)]
        counts = {origin: origins.count(origin) for origin in sorted(set(origins))}
        print(f"all addresses, gazetteer {name}: {counts}")


def speed(texts: list[str], rows: Labelled, catalogue: Catalogue, folder: Path, count: int) -> None:
    """Time for many different addresses: the known ones with other rooms."""
    if not count:
        return
    many = [f"{texts[number % len(texts)]}{number // len(texts)}室" for number in range(count)]
    learn(rows, catalogue, folder)
    start = time.perf_counter()
    code(many, catalogue, folder, folder / "gazetteer")
    print(f"{count} different addresses, read, coded, written: {time.perf_counter() - start:.1f} s")


def learn(rows: Labelled, catalogue: Catalogue, folder: Path) -> None:
    """Write the gazetteer of labelled rows."""
    path = folder / "train.csv"
    write_plain(path, pa.table({"address": [text for text, _ in rows], "label": [label for _, label in rows]}))
    learn_file(path, folder / "gazetteer", text="address", label="label", catalogue=catalogue, district=DISTRICT)


def code(texts: list[str], catalogue: Catalogue, folder: Path, gazetteer: Path) -> list[tuple[str, str]]:
    """Area and origin of each address, in order."""
    path, out = folder / "asked.csv", folder / "coded.csv"
    write_plain(path, pa.table({"address": texts}))
    place_file(path, out, text="address", catalogue=catalogue, district=DISTRICT, gazetteer=gazetteer)
    rows = read_plain(open_plain(out), ["area", "origin"])
    return list(zip(pc.fill_null(rows["area"], "").to_pylist(), rows["origin"].to_pylist(), strict=True))


if __name__ == "__main__":
    main()
