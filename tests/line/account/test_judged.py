"""How far judged digital shares move value added: who is judged, within 0 and 1, signs, holders."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

D = Decimal
# Shifts: visited 0.05, catalogue, census and coefficient 0.1; value added of every unit is 40 unless told otherwise.


def moves(result: Any, **key: Any) -> dict[str, tuple[float, int]]:
    """Sum and lone contributors by direction of the one leaf that has the key."""
    return {row["measure"]: (float(row["value"]), row["units"]) for row in result.all("split_moves", **key)}


def test_counted_and_drawn_shares_do_not_move(district: Any) -> None:
    """Taken in full, or drawn with a ratio for the rest: 36 and 20 of two sampled units stand for the class."""
    district.reporters(1, 5, "7320")
    district.evidence(1, "040703", 0.9)
    district.evidence(2, "040703", 0.5, design="probability", revenue=D(100))
    district.evidence(3, "040703", 0.1, design="probability", revenue=D(100))
    result = district.run()
    assert result.one("split_coefficients")["variance"] is not None
    assert result.all("split_moves") == []


def test_judged_shares_move_within_nothing_and_all(district: Any) -> None:
    """A visit chosen on purpose, a catalogue, a census share: 2 + 2 + 4 down, 2 + 4 + 2 up, and the class."""
    district.reporters(1, 4, "7320")
    district.evidence(1, "040703", 0.3, design="purposive")
    district.evidence(2, "040703", 0.05, tier="catalogue")
    district.evidence(3, "040703", 0.95, tier="census")
    district.evidence(None, "040703", 0.5, gbt_code="7320", tier="coefficient")
    result = district.run()
    # Unit 4 has the coefficient of its class: 0.5 -/+ 0.1, 4 each way.
    assert moves(result) == {"SPLIT_DOWN": (12, 4), "SPLIT_UP": (12, 4)}
    down = result.one("split_moves", measure="SPLIT_DOWN")
    assert (down["absolute"], down["x1"], down["x2"]) == (12, 4, 4)
    assert result.all("split_movers") == []


def test_classes_of_a_unit_move_together(district: Any) -> None:
    """Shares 0.3 and 0.5 of 40: 0.8 -/+ 0.1 is 4, of which 3/8 and 5/8; 0.6 and 0.4 are all of a unit, only down."""
    district.reporters(1, 2, "6429")
    for unit, shares in ((1, (0.3, 0.5)), (2, (0.6, 0.4))):
        for activity, share in zip(("030304", "030307"), shares, strict=True):
            district.evidence(unit, activity, share, tier="catalogue")
    result = district.run()
    assert moves(result, activity="030304") == {"SPLIT_DOWN": (1.5 + 2.4, 0), "SPLIT_UP": (1.5, 0)}
    assert moves(result, activity="030307") == {"SPLIT_DOWN": (2.5 + 1.6, 0), "SPLIT_UP": (2.5, 0)}
    held = {(row["holder_id"], row["activity"], row["measure"]): row["value"] for row in result.all("split_movers")}
    assert held[1, "030304", "SPLIT_UP"] == D("1.50")
    assert (2, "030304", "SPLIT_UP") not in held


def test_a_share_of_nothing_moves_up_in_equal_parts(district: Any) -> None:
    district.reporters(1, 1, "6429")
    for activity in ("030304", "030307"):
        district.evidence(1, activity, 0.0, tier="catalogue")
    result = district.run()
    assert moves(result, activity="030304") == {"SPLIT_DOWN": (0, 0), "SPLIT_UP": (2, 0)}


def test_a_loss_moves_with_its_sign(district: Any) -> None:
    """Value added -20 on a share of 0.5: a larger share makes the loss 2 larger."""
    district.reporters(1, 1, "7320", operating_profit=-50)
    district.evidence(1, "040703", 0.5, tier="census")
    up = district.run().one("split_moves", measure="SPLIT_UP")
    assert (up["value"], up["absolute"], up["x1"]) == (-2, 2, 2)


def test_a_holder_with_two_judged_units_is_one_contributor(district: Any) -> None:
    for unit in (1, 2):
        district.unit(unit, "7320", holder_id=9, has_return=True)
        district.returns(unit)
        district.evidence(unit, "040703", 0.5, tier="census")
    result = district.run()
    assert moves(result) == {"SPLIT_DOWN": (8, 0), "SPLIT_UP": (8, 0)}
    assert result.one("split_movers", measure="SPLIT_DOWN")["value"] == 8
