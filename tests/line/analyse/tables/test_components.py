"""Income components and evidence: parts of the benchmarked value added."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.line.analyse.conftest import COMPUTERS, FUTIAN, LIANHUA, SOFTWARE, YI, Tables, control, leaf

Analysed = Callable[..., Tables]


def unit(activity: str, payroll: float, taxes: float, depreciation: float, surplus: float) -> list[dict[str, Any]]:
    parts = {"CE": payroll, "NTP": taxes, "CFC": depreciation, "OS": surplus}
    whole = leaf(2021, activity, sum(parts.values()) * YI)
    return [whole, *(leaf(2021, activity, value * YI, measure=measure) for measure, value in parts.items())]


@pytest.fixture
def components(analysed: Analysed) -> Tables:
    """01: 40 + 4 + 10 - 4 = 50, benchmarked to 60; 03: 30 + 2 + 6 + 12 = 50, left as it is."""
    leaves = [*unit(COMPUTERS, 40, 4, 10, -4), *unit(SOFTWARE, 30, 2, 6, 12)]
    return analysed(leaves=leaves, control_totals=[control(2021, "01", 60 * YI)])


def test_components_are_benchmarked_with_their_major_and_add_up(components: Tables) -> None:
    def found(activity: str) -> list[float]:
        place = {"ref_area": FUTIAN, "activity": activity}
        return [components.value("components", measure=m, **place) for m in ("CE", "NTP", "CFC", "OS", "VA")]

    assert found("01") == pytest.approx([48, 4.8, 12, -4.8, 60])
    assert found("0301") == pytest.approx([30, 2, 6, 12, 50])
    assert found("DE") == pytest.approx([78, 6.8, 18, 7.2, 110])
    assert components.value("value_added", measure="VA", ref_area=FUTIAN, activity="DE", price_base="V") == (
        pytest.approx(110)
    )


def test_shares_rest_on_component_and_total(components: Tables) -> None:
    place = {"ref_area": LIANHUA, "activity": "03"}
    assert components.value("components", measure="SHARE_CE", **place) == pytest.approx(60)
    [cells] = components.rows("components", measure="SHARE_CE", **place)["rests_on"]
    assert list(cells) == [f"CE|all|2021|{LIANHUA}|03|_T", f"VA|all|2021|{LIANHUA}|03|_T"]


def test_components_stop_at_the_middles(components: Tables) -> None:
    assert set(components.rows("components")["activity"]) == {"DE", "01", "0101", "03", "0301"}


def test_shares_in_a_loss_are_missing(analysed: Analysed) -> None:
    tables = analysed(leaves=unit(SOFTWARE, 10, 1, 1, -20))
    assert tables.value("components", measure="VA", ref_area=FUTIAN, activity="DE") == pytest.approx(-8)
    [share] = tables.rows("components", measure="SHARE_CE", ref_area=FUTIAN, activity="DE").to_dict("records")
    assert (share["obs_status"], list(share["rests_on"])) == (
        "M",
        [f"CE|all|2021|{FUTIAN}|DE|_T", f"VA|all|2021|{FUTIAN}|DE|_T"],
    )
    assert tables.rows("components", measure="SHARE_CE")["obs_value"].isna().all()


def test_evidence_by_basis_and_by_split_tier(analysed: Analysed) -> None:
    """03 is benchmarked by 1.5: 60 reported, 20 estimated, and 20 of the 80 split by a sample."""
    leaves = [
        leaf(2021, SOFTWARE, 60 * YI),
        leaf(2021, "030304", 20 * YI, gbt_code="6429", basis="estimated", split_evidence="sample"),
    ]
    tables = analysed(leaves=leaves, control_totals=[control(2021, "03", 120 * YI)])

    def found(measure: str, activity: str, **tier: str) -> float:
        return tables.value("evidence", measure=measure, activity=activity, **tier)

    assert found("VA", "DE", basis="reported") == pytest.approx(90)
    assert found("SHARE_VA", "03", basis="estimated") == pytest.approx(25)
    assert found("SHARE_VA", "DE", split_evidence="full") == pytest.approx(75)
    assert found("VA", "030304", split_evidence="sample") == pytest.approx(30)
    rows = tables.rows("evidence")
    assert set(rows["activity"]) == {"DE", "03", "030304"}
    assert set(rows["ref_area"]) == {FUTIAN}
    assert ((rows["basis"] == "_T") != (rows["split_evidence"] == "_T")).all()
