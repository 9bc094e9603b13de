"""Register counts by one dimension at a time; a unit counts once at every parent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.line.analyse.conftest import FUTIAN, LIANHUA, NANYUAN, UNPLACED, Tables

Analysed = Callable[..., Tables]


def units(count: int, **changes: Any) -> dict[str, Any]:
    row = {
        "period": 2021, "area": LIANHUA, "gbt_code": "4851", "size_class": "S", "ownership": "private",
        "status": "active", "measure": "UNITS", "units": count,
    }  # fmt: skip
    return row | changes


def test_counts_by_area_size_ownership_and_status(analysed: Analysed) -> None:
    leaves = [
        units(3),
        units(2, area=NANYUAN, size_class="L"),
        units(4, gbt_code="_U", area=FUTIAN, size_class="_U", ownership="_U"),
        units(1, measure="DEATHS", status="closed"),
    ]
    tables = analysed(enterprise_leaves=leaves)
    total = {"size_class": "_T", "ownership": "_T", "status": "_T", "measure": "UNITS"}

    def found(**where: Any) -> float:
        return tables.value("enterprises", **total | {"ref_area": FUTIAN} | where)

    assert found(activity="_T") == 9
    assert found(activity="DE") == found(activity="04") == found(activity="040502") == 5
    assert found(activity="DE", ref_area=NANYUAN) == 2
    assert [found(activity="_T", ref_area=area) for area in (LIANHUA, NANYUAN, UNPLACED)] == [3, 2, 4]
    assert found(activity="DE", size_class="L") == 2
    assert found(activity="_T", ownership="_U") == 4
    assert found(activity="DE", measure="DEATHS", status="closed") == 1
    rows = tables.rows("enterprises")
    assert [list(cells) for cells in rows["rests_on"]] == [[]] * len(rows)
    broken_down = (rows[["size_class", "ownership", "status"]] != "_T").sum(axis=1)
    assert broken_down.max() == 1
    assert set(rows.loc[broken_down == 1, "ref_area"]) == {FUTIAN}
