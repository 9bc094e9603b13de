"""Printed figures judged: published ones that agree, press slips, revised bases, another denominator."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from keli.base.errors import KeliError
from keli.base.printed import Interval, Printed, printed_number
from keli.methods.printed_relations.assumptions import Plausibility, divided
from keli.methods.printed_relations.relations import RELATIONS, recomputed
from keli.methods.printed_relations.slips import mistyped
from keli.methods.printed_relations.verdicts import Figure, Judgement, judged

TENTH = Fraction(1, 10)
LIMITS = Plausibility(TENTH, TENTH, TENTH, Fraction(1, 20))


def figure(text: str, decimals: int | None = None, width: str | None = None) -> Figure:
    """A figure as printed; with a width, one that is known no better than that."""
    printed = printed_number(Decimal(text), decimals)
    half = Fraction(width) if width else printed.step / 2
    return Figure(printed, Interval(printed.value - half, printed.value + half))


def judge(relation: str, args: list[str], printed: str, decimals: int | None = None) -> Judgement:
    return judged(relation, [figure(arg) for arg in args], figure(printed, decimals), LIMITS)


@pytest.mark.parametrize(
    ("relation", "args", "printed"),
    [
        ("ratio", ["4037", "127555"], "3.2"),  # 数字产品服务业 in the national core of 2023
        ("growth", ["52385", "44945"], "16.6"),  # 文化产业 2021
        ("sum", ["11538", "109846", "174915"], "296299"),  # national GDP of 2024Q1
        ("ppdiff", ["54.6", "39.6"], "15.0"),  # 光明区 2021 against the city
        ("diff", ["9020", "8617"], "403"),  # 北京 core enterprises above scale
        ("mean", ["91", "36"], "2.53"),  # 小项 for each 大项
        ("density", ["9499", "72.5"], "131"),
        ("subset", ["58"], "798"),  # fast among all charging stations
        ("cumulative", ["11.07", "12.5"], "12.5"),
    ],
)
def test_published_figures_that_agree(relation: str, args: list[str], printed: str) -> None:
    judgement = judge(relation, args, printed)
    assert (judgement.verdict, judgement.explanations) == ("consistent", ())


def test_a_sum_may_miss_by_half_a_unit_for_each_addend() -> None:
    """龙岗 2023: 1.50 + 3338.13 + 1703.39 = 5043.02, printed 5043.03; 0.02 more is too much for three addends."""
    assert judge("sum", ["1.5", "3338.13", "1703.39"], "5043.03").verdict == "consistent_rounding"
    assert judge("sum", ["1.50", "3338.13", "1703.39"], "5043.04").verdict == "inconsistent"
    assert judge("ppdiff", ["54.6", "39.6"], "15.1").verdict == "consistent_rounding"


def test_a_growth_rate_on_a_revised_base_or_at_constant_prices() -> None:
    """北京 2022: 17330.2 over the printed 16251.9 is 6.6 %, printed 4.4 %: the base became 16592 to 16608."""
    judgement = judge("growth", ["17330.2", "16251.9"], "4.4")
    revised, constant = judgement.explanations
    assert (judgement.verdict, revised.name, constant.name) == ("consistent_if", "revised_base", "constant_prices")
    assert [round(float(end)) for end in (revised.implied.low, revised.implied.high)] == [16592, 16608]
    assert [round(float(end), 3) for end in (constant.implied.low, constant.implied.high)] == [1.021, 1.022]


def test_a_change_over_a_revised_share() -> None:
    """专利密集型产业 2023: 13.04 % is +0.44 points, but 12.71 % was printed before: it became 12.60 %."""
    judgement = judge("ppdiff", ["13.04", "12.71"], "0.44")
    assert (judgement.verdict, judgement.explanations[0].name) == ("consistent_if", "revised_base")
    assert judgement.explanations[0].implied.holds(Fraction("12.60"))


@pytest.mark.parametrize(
    ("relation", "args", "printed", "low", "high"),
    [
        ("density", ["9499", "78.66"], "131", 72.24, 72.79),
        ("ratio", ["624.92", "5318.17"], "11.7", 5318.47, 5364.12),
        ("ratio", ["169254", "1015986"], "17.08", 990658.47, 991238.65),
    ],
)
def test_another_denominator(relation: str, args: list[str], printed: str, low: float, high: float) -> None:
    judgement = judge(relation, args, printed)
    implied = judgement.explanations[0].implied
    assert (judgement.verdict, judgement.explanations[0].name) == ("consistent_if", "other_denominator")
    assert [round(float(implied.low), 2), round(float(implied.high), 2)] == [low, high]


def test_worked_out_before_rounding() -> None:
    """20.5 of 48.4 is 42.36 %, printed 42.3 %: right, if both were longer before they were rounded."""
    judgement = judge("ratio", ["20.5", "48.4"], "42.3")
    assert (judgement.verdict, judgement.explanations[0].name) == ("consistent_if", "inputs_rounded")
    assert judge("subset", ["100.4"], "100").explanations[0].name == "inputs_rounded"
    assert judge("subset", ["100.4"], "100").verdict == "consistent_if"


def test_slips_of_the_pen() -> None:
    """98 providers, 91 brokers and 295 buyers are 484, printed 448; 900 of 30664.85 is 2.9 %, printed 30.5 %."""
    typing = judge("sum", ["98", "91", "295"], "448")
    assert (typing.verdict, typing.explanations[0].name) == ("inconsistent", "typing_slip")
    assert typing.explanations[0].implied == Interval(Fraction(484), Fraction(484))
    unit = judge("ratio", ["900", "30664.85"], "29.5")
    assert (unit.verdict, unit.explanations[0].name) == ("inconsistent", "unit_slip")
    addend = judge("sum", ["84429", "42888", "4659", "15768"], "147762")
    assert addend.explanations[-1].words.endswith("argument 4")
    assert addend.explanations[-1].implied.low == 15786
    assert judge("subset", ["484"], "48").explanations[0].name == "unit_slip"


def test_what_nothing_explains() -> None:
    assert judge("sum", ["10", "20"], "77").explanations == ()
    assert judge("sum", ["0", "0"], "77").verdict == "inconsistent"
    assert judge("sum", ["100", "200"], "7").verdict == "inconsistent"
    assert judge("growth", ["50", "200"], "900").verdict == "inconsistent"
    assert judge("ratio", ["5", "200"], "0").verdict == "inconsistent"


def test_a_vague_figure_agrees_where_the_intervals_meet() -> None:
    """42 is "about a fifth" of 200; the value of the year before is known to lie between 513.4 and 523."""
    assert judged("ratio", [figure("42"), figure("203")], figure("20", width="1"), LIMITS).verdict == "consistent"
    before = Figure(Printed(Fraction(518), Fraction(1, 100)), Interval(Fraction("513.4"), Fraction(523)))
    judgement = judged("growth", [figure("624.92"), before], figure("17.8"), LIMITS)
    deflator = judgement.explanations[1].implied
    assert judgement.verdict == "consistent_if"
    assert [round(float(deflator.low), 3), round(float(deflator.high), 3)] == [1.014, 1.034]


def test_what_cannot_be_worked_out_is_told() -> None:
    with pytest.raises(KeliError, match='no relation "share"'):
        judge("share", ["1", "2"], "50")
    with pytest.raises(KeliError, match="exactly 2 arguments"):
        judge("ratio", ["1"], "50")
    with pytest.raises(KeliError, match="at least 1 argument"):
        judge("sum", [], "50")
    with pytest.raises(KeliError, match="is zero"):
        judge("growth", ["1", "0"], "50")


def test_every_relation_has_a_value() -> None:
    values = [Fraction(6), Fraction(3)]
    assert {name: float(recomputed(name, values)) for name in RELATIONS} == {
        "ratio": 200, "growth": 100, "density": 2, "mean": 2, "diff": 3, "ppdiff": 3, "sum": 9, "cumulative": 6,
        "subset": 6,
    }  # fmt: skip


def test_one_slip_of_typing() -> None:
    assert mistyped("448", "484")
    assert mistyped("127", "1207")
    assert mistyped("131", "121")
    assert not mistyped("131", "131")
    assert not mistyped("12", "13")
    assert not mistyped("1234", "4321")
    assert not mistyped("12345", "125")


def test_nothing_is_divided_by_what_may_be_zero() -> None:
    assert divided(Interval(Fraction(1), Fraction(1)), Interval(Fraction(-1), Fraction(1))) is None
