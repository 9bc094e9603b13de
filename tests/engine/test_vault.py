"""The vault: tables as files, and views that a later reader finds again."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pytest

from keli.base.errors import ContractError
from keli.engine.connect import connect_duckdb
from keli.engine.vault import Vault
from keli.model.catalogue import Catalogue

CELL = {"period": 2021, "area": "440304001", "gbt_code": "6513", "measure": "UNITS", "units": 3, "lone_units": 2}


def with_rate(vault: Vault) -> None:
    """Count leaves as a file, and a view on them that doubles their units."""
    counts = vault.write_rows("count_leaves", [CELL])
    doubled = counts.select("period", "area", "gbt_code", "measure", holder_id=1, units=counts.units * 2)
    vault.define("count_contributors", doubled, ("count_leaves",))


def units_of(vault: Vault) -> Any:
    return vault.read("count_contributors").units.sum().execute()


def test_view_is_a_query_and_no_rows(vault: Vault) -> None:
    with_rate(vault)
    assert not vault.path("count_contributors").exists()
    assert units_of(vault) == 6


def test_view_is_found_by_a_later_reader(vault: Vault, catalogue: Catalogue, tmp_path: Path) -> None:
    with_rate(vault)
    later = Vault(vault.folder, connect_duckdb(tmp_path / "spill", threads=1), catalogue.tables)
    assert units_of(later) == 6


def test_view_takes_the_place_of_an_earlier_file_and_a_file_of_a_view(vault: Vault) -> None:
    vault.write_rows("count_contributors", [{**CELL, "holder_id": 1}])
    with_rate(vault)
    assert units_of(vault) == 6
    vault.write_rows("count_contributors", [{**CELL, "holder_id": 1, "units": 5}])
    assert units_of(vault) == 5


def test_view_must_have_the_columns_of_its_entry(vault: Vault) -> None:
    counts = vault.write_rows("count_leaves", [CELL])
    with pytest.raises(ContractError, match=r"lacks the columns \['holder_id'\] and has \['lone_units'\] besides"):
        vault.define("count_contributors", counts, ("count_leaves",))


def test_table_that_nobody_wrote_cannot_be_read(vault: Vault) -> None:
    with pytest.raises(ContractError, match="read before it is written"):
        vault.read("leaves")


def test_amounts_of_a_view_have_the_type_of_their_entry(vault: Vault) -> None:
    counts = vault.write_rows("count_leaves", [CELL])
    texts = {"activity": "030103", "size_class": "M", "ownership": "_U", "basis": "estimated", "split_evidence": "full",
             "measure": "VA"}  # fmt: skip
    amounts = counts.select(
        "period", "area", "gbt_code", holder_id=1, unit_id=1, matched_previous=ibis.literal(value=True),
        matched_next=ibis.literal(value=True), value=counts.units / 4,
        **{name: ibis.literal(text) for name, text in texts.items()},
    )  # fmt: skip
    view = vault.define("contributors", amounts, ("count_leaves",))
    assert view.value.execute().tolist() == [Decimal("0.75")]
