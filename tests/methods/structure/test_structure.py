"""Concentration, diversity, specialisation, relatedness, complexity, structural change: examples by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keli.base.errors import KeliError
from keli.methods.structure.complexity import complexity
from keli.methods.structure.concentration import concentration_ratio, gini, herfindahl, theil, theil_parts
from keli.methods.structure.diversity import evenness, related_variety, shannon
from keli.methods.structure.relatedness import Likeness, co_occurrences, presence, relatedness, relatedness_density
from keli.methods.structure.specialisation import hoover, krugman, location_quotients
from keli.methods.structure.structural_change import absolute_change, lilien, modified_lilien, moore

VALUES = st.lists(st.floats(0, 1e6), min_size=2, max_size=30).filter(lambda values: sum(values) > 1)

# Hidalgo and Hausmann (2009), supplement, figure S4: four countries, four products.
NETWORK = [[1, 1, 1, 1], [0, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 1]]


def test_concentration_by_hand() -> None:
    assert concentration_ratio([5, 50, 20, 25], 3) == pytest.approx(0.95)
    assert herfindahl([50, 25, 25], normalised=True) == pytest.approx((0.375 - 1 / 3) / (2 / 3))
    assert herfindahl([7], normalised=True) == 0


def test_gini_with_and_without_weights() -> None:
    """Two units of 1 and one of 4 as a list and with weights; normalised 3/2 of it."""
    assert gini([1, 1, 4]) == pytest.approx(1 / 3)
    assert gini([4, 1], weights=[1, 2]) == pytest.approx(1 / 3)
    assert gini([1, 1, 4], normalised=True) == pytest.approx(0.5)
    assert gini([3], normalised=True) == pytest.approx(0)


def test_theil_parts_by_hand() -> None:
    """Groups {1, 3} and {8}: means 2 and 8, total 12, mean 4."""
    parts = theil_parts([1, 3, 8], ["a", "a", "b"])
    between = 4 / 12 * np.log((4 / 12) / (2 / 3)) + 8 / 12 * np.log((8 / 12) / (1 / 3))
    within = 4 / 12 * (0.5 * np.log(0.5) + 1.5 * np.log(1.5)) / 2
    assert [parts.between, parts.within] == pytest.approx([between, within])
    assert parts.total == pytest.approx(theil([1, 3, 8]))
    assert theil_parts([0, 3, 8], ["a", "b", "b"]).between == pytest.approx(np.log(1.5))


@given(VALUES, st.integers(1, 5))
def test_theil_adds_up(values: list[float], groups: int) -> None:
    parts = theil_parts(values, [number % groups for number in range(len(values))])
    assert parts.between + parts.within == pytest.approx(parts.total, abs=1e-9)


@given(VALUES)
def test_measures_lie_within_their_bounds(values: list[float]) -> None:
    number = len(values)
    assert 1 / number - 1e-9 <= herfindahl(values) <= 1 + 1e-9
    assert -1e-9 <= gini(values) <= 1 - 1 / number + 1e-9
    assert -1e-9 <= theil(values) <= np.log(number) + 1e-9
    assert 0 <= shannon(values) <= np.log(number) + 1e-9


@pytest.mark.parametrize("values", [[], [0, 0], [1, -1], [1, float("nan")]])
def test_values_without_a_structure(values: list[float]) -> None:
    with pytest.raises(KeliError, match="not negative, not missing, and not all zero"):
        herfindahl(values)


def test_diversity_by_hand() -> None:
    assert shannon([2, 1, 1, 0], base=2) == pytest.approx(1.5)
    assert evenness([1, 1, 1]) == pytest.approx(1)
    assert evenness([4]) == 1


def test_variety_adds_up_to_the_entropy() -> None:
    unrelated, related = related_variety([2, 2, 4, 0], ["a", "a", "b", "c"])
    assert [unrelated, related] == pytest.approx([1, 0.5])
    assert unrelated + related == pytest.approx(shannon([2, 2, 4], base=2))


def test_specialisation_by_hand() -> None:
    """An area without values has no quotient, a class that is nowhere neither."""
    quotients = location_quotients([[30, 10, 0], [10, 30, 0], [0, 0, 0]])
    assert quotients.tolist() == [[1.5, 0.5, 0], [0.5, 1.5, 0], [0, 0, 0]]
    assert krugman([[20, 0], [0, 20]]).tolist() == [1, 1]
    assert hoover([3, 1]) == pytest.approx(0.25)


def test_relatedness_by_hand() -> None:
    """Product 1 with country 1 only; 2 with 1, 2; 3 with 1, 3; 4 with 1, 3, 4."""
    both = co_occurrences(NETWORK)
    assert both.tolist() == [[0, 1, 1, 1], [1, 0, 1, 1], [1, 1, 0, 2], [1, 1, 2, 0]]
    assert relatedness(NETWORK)[2, 3] == pytest.approx(2 / 3)
    sums = [3, 3, 4, 4]
    assert relatedness(NETWORK, Likeness.ASSOCIATION)[2, 3] == pytest.approx(14 * 2 / (sums[2] * sums[3]))
    assert relatedness(NETWORK, Likeness.COSINE)[0, 3] == pytest.approx(1 / np.sqrt(12))
    assert relatedness(NETWORK, Likeness.JACCARD)[2, 3] == pytest.approx(2 / 6)
    expected = (4 / 14 * 4 / (14 - 4) + 4 / 14 * 4 / (14 - 4)) * 14 / 2
    assert relatedness(NETWORK, Likeness.PROBABILITY)[2, 3] == pytest.approx(2 / expected)
    with pytest.raises(KeliError, match="0 or 1"):
        co_occurrences([[2, 1]])


def test_density_by_hand() -> None:
    """Country 3 has products 3 and 4; product 1 is related to 2, 3, 4 alike, so it has two thirds."""
    density = relatedness_density(NETWORK, co_occurrences(NETWORK))
    assert density[2, 0] == pytest.approx(200 / 3)
    assert relatedness_density([[1, 0]], np.zeros((2, 2))).tolist() == [[0, 0]]


def test_presence_is_a_quotient_of_one_and_more() -> None:
    assert presence([[30, 10], [10, 30]]).tolist() == [[1, 0], [0, 1]]
    assert presence([[10, 10], [10, 10]]).tolist() == [[1, 1], [1, 1]]


def test_complexity_of_the_simple_network() -> None:
    """The most diverse country and the product of one country alone are the most complex; mean 0, deviation 1."""
    found = complexity(NETWORK)
    assert found.diversity.tolist() == [4, 1, 2, 1]
    assert found.ubiquity.tolist() == [1, 2, 2, 3]
    assert [found.areas.mean(), found.areas.std()] == pytest.approx([0, 1], abs=1e-12)
    projected = (np.array(NETWORK) / found.diversity[:, None]) @ (np.array(NETWORK) / found.ubiquity).T
    ratio = (projected @ found.areas - (projected @ found.areas).mean()) / found.areas
    assert ratio == pytest.approx(np.full(4, ratio[0]))
    assert float(found.areas @ (found.diversity - 2)) > 0
    assert float(found.classes @ (found.ubiquity - 2)) < 0


def test_complexity_needs_differences() -> None:
    with pytest.raises(KeliError, match="two areas and two classes"):
        complexity([[1, 1]])
    with pytest.raises(KeliError, match="two areas and two classes"):
        complexity([[1, 1], [0, 0]])
    with pytest.raises(KeliError, match="same classes"):
        complexity([[1, 1], [1, 1]])


def test_structural_change_by_hand() -> None:
    """Shares 50:50 become 60:40; growth of 20 % and -20 % around a total that stays."""
    assert absolute_change([50, 50], [60, 40]) == pytest.approx(0.1)
    deviations = np.log([1.2, 0.8])
    assert lilien([50, 50], [60, 40]) == pytest.approx(np.sqrt((np.array([0.6, 0.4]) * deviations**2).sum()))
    assert modified_lilien([50, 50], [60, 40]) == pytest.approx(np.sqrt((np.array([0.55, 0.45]) * deviations**2).sum()))
    assert moore([3, 4], [6, 8]) == pytest.approx(0, abs=1e-5)


def test_structural_change_needs_the_same_classes() -> None:
    with pytest.raises(KeliError, match="different classes: 1 and 2"):
        absolute_change([1], [1, 2])
    with pytest.raises(KeliError, match="above zero in both periods"):
        lilien([1, 0], [1, 2])
