"""Every table has a catalogue entry and one writer; the wall stands between the vault and what is open."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path
from types import ModuleType

import pytest

from keli.model.tables import TableSpec

LEDGER_FOR_PUBLISH = {"intake", "coder"}
"""What publish may read besides open tables: the hashes of the files as delivered and of the coder, no microdata."""

PLACES = {"vault", "release"}


def writes(stages: dict[str, ModuleType]) -> list[tuple[str, str]]:
    """Return (stage, table) for every table that a stage declares to write."""
    return [(name, table) for name, stage in stages.items() for table in stage.WRITES]


def read_too_early(order: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]) -> list[str]:
    """Return the reads of tables that no earlier stage has written; `order` is stage -> (reads, writes)."""
    written: set[str] = set()
    early: list[str] = []
    for name, (reads, written_here) in order.items():
        early += [f"{name} reads {table}" for table in reads if table not in written]
        written |= set(written_here)
    return early


def test_stages_are_named_for_their_folder(stages: dict[str, ModuleType]) -> None:
    assert [stage.NAME for stage in stages.values()] == list(stages)


def test_the_flow_runs_the_stages_in_the_order_of_the_design(root: Path, stages: dict[str, ModuleType]) -> None:
    importlib.import_module("keli.line.flow")
    tree = ast.parse((root / "src/keli/line/flow.py").read_text(encoding="utf-8"))
    entered = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    doors = [f"{node.module}.{name.name}" for node in entered for name in node.names if node.module]
    inside = [door for door in doors if door.startswith("keli.line.")]
    assert sorted(inside) == sorted(f"keli.line.{name}.stage" for name in stages)


def test_every_declared_table_is_catalogued(stages: dict[str, ModuleType], tables: dict[str, TableSpec]) -> None:
    declared = {table for stage in stages.values() for table in (*stage.READS, *stage.WRITES)}
    assert declared - set(tables) == set()


def test_every_table_has_one_writer_that_declares_it(
    stages: dict[str, ModuleType], tables: dict[str, TableSpec]
) -> None:
    by_catalogue = sorted((spec.writer, name) for name, spec in tables.items())
    assert sorted(writes(stages)) == by_catalogue


def test_every_table_is_read_after_it_is_written(stages: dict[str, ModuleType]) -> None:
    assert read_too_early({name: (stage.READS, stage.WRITES) for name, stage in stages.items()}) == []


def test_only_protect_writes_open_tables(stages: dict[str, ModuleType]) -> None:
    assert {name for name, table in writes(stages) if table.startswith("open_")} == {"protect"}


def test_publish_reads_open_tables_and_the_ledger_of_files(stages: dict[str, ModuleType]) -> None:
    reads = set(stages["publish"].READS)
    assert {table for table in reads if not table.startswith("open_")} <= LEDGER_FOR_PUBLISH
    assert any(table.startswith("open_") for table in reads)


def test_every_open_table_is_published(stages: dict[str, ModuleType], tables: dict[str, TableSpec]) -> None:
    assert {name for name in tables if name.startswith("open_")} <= set(stages["publish"].READS)


def test_open_tables_lie_in_the_release_and_all_others_in_the_vault(tables: dict[str, TableSpec]) -> None:
    assert {spec.place for spec in tables.values()} == PLACES
    assert {n for n, s in tables.items() if (s.place == "release") != n.startswith("open_")} == set()


def test_a_table_says_what_a_row_is(tables: dict[str, TableSpec]) -> None:
    lacking = [name for name, spec in tables.items() if not (spec.grain and spec.title_zh and spec.columns)]
    assert lacking == []
    keys = {name: set(spec.key) - set(spec.column_names) for name, spec in tables.items()}
    assert {name: missing for name, missing in keys.items() if missing or not tables[name].key} == {}


def test_a_column_says_what_it_means(tables: dict[str, TableSpec]) -> None:
    bare = [f"{name}.{column.name}" for name, spec in tables.items() for column in spec.columns if not column.meaning]
    assert bare == []


def test_amounts_and_measures_name_their_unit(tables: dict[str, TableSpec]) -> None:
    """A number has a unit, but for surrogates, codes of scale and the figure whose unit stands beside it."""
    free = {"obs_value", "unit_mult", "decimals", "measured", "threshold", "value"}
    bare = [
        f"{name}.{column.name}"
        for name, spec in tables.items()
        for column in spec.columns
        if column.type.startswith(("decimal", "float")) and column.unit is None and column.name not in free
    ]
    assert bare == []


def test_open_tables_speak_sdmx(tables: dict[str, TableSpec]) -> None:
    concepts = ("freq", "time_period", "ref_area", "activity", "size_class", "ownership", "accumulation",
                "price_base", "base_period", "measure", "unit_measure", "unit_mult", "decimals", "obs_value",
                "obs_status", "conf_status")  # fmt: skip
    lacking = {n: set(concepts) - set(s.column_names) for n, s in tables.items() if n.startswith("open_")}
    assert {name: missing for name, missing in lacking.items() if missing} == {}


def test_reading_before_writing_is_found() -> None:
    order: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {"first": ((), ("a",)), "second": (("a", "b"), ("b",))}
    assert read_too_early(order) == ["second reads b"]


@pytest.mark.parametrize("name", ["contributors", "unit_account", "primary_reasons", "base_cells"])
def test_microdata_and_reasons_never_leave_the_vault(name: str, tables: dict[str, TableSpec]) -> None:
    assert tables[name].place == "vault"
