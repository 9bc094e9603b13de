"""Accuracy and speed of record linkage.

    python benchmarks/linkage.py DATA            febrl4, fake_1000 (against Splink's demo models), firms
    python benchmarks/linkage.py DATA --million  register rows, 1e6 x 1e6

DATA is the folder with linkage/, register/, finance/ and autocoder/.
"""

from __future__ import annotations

import argparse
import csv
import logging
import random
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import splink.comparison_library as cl
from linking.firms import cores_of, firms_of, five_years_apart
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from keli.model.catalogue import load_catalogue
from keli.plain.link import LinkTask, link_files

Pairs = set[tuple[str, str]]


def scores(found: Pairs, truth: Pairs) -> str:
    """Precision, recall and F1 in one line."""
    right = len(found & truth)
    precision, recall = right / max(1, len(found)), right / max(1, len(truth))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return f"precision {precision:.4f}  recall {recall:.4f}  F1 {f1:.4f}  ({len(found)} found, {len(truth)} true)"


def keli_pairs(left: Path, right: Path | None, identifier: str, mapping: Iterable[str] = (), **more: object) -> Pairs:
    """Pairs that the command finds."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "pairs.csv"
        link_files(LinkTask(left, right, identifier, out, tuple(mapping), **more), load_catalogue())  # type: ignore[arg-type]
        with out.open(encoding="utf-8") as file:
            return {(row["left_id"], row["right_id"]) for row in csv.DictReader(file)}


def febrl4(data: Path) -> None:
    """5,000 x 5,000 synthetic persons, one duplicate each."""
    left, right = (data / "linkage" / f"synthetic_febrl4{side}.csv.gz" for side in "ab")
    frames = [pd.read_csv(path, dtype=str) for path in (left, right)]
    number = [frame.rec_id.str.extract(r"rec-(\d+)-")[0] for frame in frames]
    of_left = dict(zip(number[0], frames[0].rec_id, strict=True))
    truth = {(of_left[key], rec) for key, rec in zip(number[1], frames[1].rec_id, strict=True)}
    print("febrl4     keli  ", scores(keli_pairs(left, right, "rec_id"), truth))
    print("febrl4     splink", scores(_febrl4_demo(frames), truth))


def _febrl4_demo(frames: list[pd.DataFrame]) -> Pairs:
    """The model of Splink's febrl4 demonstration."""
    settings = SettingsCreator(
        unique_id_column_name="rec_id",
        link_type="link_only",
        blocking_rules_to_generate_predictions=[
            block_on("given_name", "surname"), block_on("given_name", "date_of_birth"),
            block_on("surname", "state", "postcode"),
            block_on("soc_sec_id"), block_on("date_of_birth", "postcode"), block_on("given_name", "postcode"),
            block_on("surname", "date_of_birth"),
        ],
        comparisons=[
            cl.NameComparison("given_name"), cl.NameComparison("surname"),
            cl.DateOfBirthComparison(
                "date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True
            ),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
        ],
    )  # fmt: skip
    cleaned = [
        frame.assign(date_of_birth=frame.date_of_birth.where(frame.date_of_birth.str.match(r"^\d{8}$", na=False)))
        for frame in frames
    ]
    api = DuckDBAPI()
    linker = Linker([api.register(frame) for frame in cleaned], settings, log_level=logging.ERROR)
    rules = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")]
    linker.training.estimate_probability_two_random_records_match(rules, recall=0.9)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("date_of_birth"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("postcode"))
    found = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
    pairs = zip(found.rec_id_l, found.rec_id_r, strict=True)
    return {(one, two) if one.endswith("org") else (two, one) for one, two in pairs}


def fake_1000(data: Path) -> None:
    """1,000 rows on 251 synthetic persons, by the clusters and by the labels that come with the file."""
    path = data / "linkage" / "synthetic_fake_1000.csv.gz"
    frame = pd.read_csv(path, dtype=str)
    labels = pd.read_csv(data / "linkage" / "synthetic_fake_1000_labels.csv.gz", dtype=str)
    truth = {
        (one, two)
        for group in frame.groupby("cluster").unique_id.apply(list)
        for at, one in enumerate(group)
        for two in group[at + 1 :]
    }
    judged = {
        _ordered(one, two): float(score)
        for one, two, score in zip(labels.unique_id_l, labels.unique_id_r, labels.clerical_match_score, strict=True)
    }
    yes = {pair for pair, score in judged.items() if score > 0.5}
    truth = {_ordered(*pair) for pair in truth}
    for name, pairs in (("keli  ", keli_pairs(path, None, "unique_id")), ("splink", _fake_1000_demo(frame))):
        found = {_ordered(*pair) for pair in pairs}
        print("fake_1000 ", name, scores(found, truth))
        print("   labels ", name, scores(found & set(judged), yes))


def _ordered(one: str, two: str) -> tuple[str, str]:
    return (one, two) if int(one) < int(two) else (two, one)


def _fake_1000_demo(frame: pd.DataFrame) -> Pairs:
    """The model of Splink's first demonstrations on fake_1000."""
    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[block_on(one) for one in ("first_name", "surname", "dob", "email")],
        comparisons=[
            cl.NameComparison("first_name"), cl.NameComparison("surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True), cl.EmailComparison("email"),
        ],
    )  # fmt: skip
    api = DuckDBAPI()
    linker = Linker(api.register(frame.drop(columns="cluster")), settings, log_level=logging.ERROR)
    rules = [block_on("first_name", "dob"), "l.email = r.email", block_on("first_name", "surname")]
    linker.training.estimate_probability_two_random_records_match(rules, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("first_name", "surname"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("dob"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("email"))
    found = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
    return set(zip(found.unique_id_l, found.unique_id_r, strict=True))


def firms(data: Path, source: str, seed: int) -> None:
    """Firms of which 23 % were renamed and 65 % moved; half of them tunes, the other half reports."""
    everyone = firms_of(data, source)
    random.Random(seed).shuffle(everyone)
    half = len(everyone) // 2
    for part, some, others in (
        ("tuning  ", everyone[:half], everyone[half:]),
        ("reported", everyone[half:], everyone[:half]),
    ):
        left, right, truth = five_years_apart(some, others, cores_of(data), seed)
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder) / "left.csv", Path(folder) / "right.csv"]
            for path, frame in zip(paths, (left, right), strict=True):
                frame.to_csv(path, index=False)
            for single in (False, True):
                found = keli_pairs(*paths, "id", one_to_one=single)
                print(f"{source:9} {part} {'one to one' if single else '          '}", scores(found, truth))
        print(f"{source:9} {part} exact     ", scores(_exact(left, right), truth))


def _exact(left: pd.DataFrame, right: pd.DataFrame) -> Pairs:
    """Pairs with the same name or the same address but for blanks, brackets and full width."""
    found: Pairs = set()
    for column in ("name", "address"):
        plain = [
            frame.assign(key=frame[column].str.normalize("NFKC").str.replace(r"[\s()]", "", regex=True))
            for frame in (left, right)
        ]
        joined = plain[0].merge(plain[1], on="key")
        found |= set(zip(joined.id_x, joined.id_y, strict=True))
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    arguments = parser.parse_args()
    febrl4(arguments.data)
    fake_1000(arguments.data)
    for source in ("neeq", "register"):
        firms(arguments.data, source, seed=1)
