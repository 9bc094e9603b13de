"""Calibration by hand: temperatures, pull of the section, reliability, error."""

from __future__ import annotations

import numpy as np
import pytest

from keli.methods.industry_coding.calibration import (
    automatic_share,
    best_temperature,
    calibration_error,
    pulled,
    reliability_of,
    softmax,
)


def test_softmax_by_hand() -> None:
    # exp(ln 3) : exp(0) = 3 : 1; at temperature one half the odds are squared, 9 : 1.
    scores = np.log(np.array([[3.0, 1.0]], dtype=np.float32))
    assert softmax(scores)[0].tolist() == pytest.approx([0.75, 0.25])
    assert softmax(scores, 0.5)[0].tolist() == pytest.approx([0.9, 0.1])


def test_the_temperature_fits_what_came_true() -> None:
    # Scores say code 0 by 1; it is right three times in four: odds 3 = exp(1 / t), t = 1 / ln 3 = 0.910.
    scores = np.tile(np.array([[1.0, 0.0]], dtype=np.float32), (4, 1))
    assert best_temperature(scores, np.array([0, 0, 0, 1])) == pytest.approx(0.910, abs=0.04)


def test_the_section_pulls_the_choice() -> None:
    # Shares 0.4 | 0.3 0.3: the second section has 0.6. With pull 1: 0.4 * 0.4 = 0.16 against 0.3 * 0.6 = 0.18.
    scores = np.log(np.array([[0.4, 0.3, 0.3]], dtype=np.float32))
    groups = np.array([0, 1, 1])
    assert pulled(scores, groups, 1.0, 0.0).argmax() == 0
    assert np.exp(pulled(scores, groups, 1.0, 1.0))[0].tolist() == pytest.approx([0.16, 0.18, 0.18])


def test_calibration_error_by_hand() -> None:
    # Bin 0.9: two of four right, gap 0.4; bin 0.2: one of one right, gap 0.8. (4 * 0.4 + 1 * 0.8) / 5 = 0.48.
    stated = np.array([0.9, 0.9, 0.9, 0.9, 0.2])
    right = np.array([True, True, False, False, True])
    assert calibration_error(stated, right) == pytest.approx(0.48)


def test_reliability_never_falls() -> None:
    # Ten decisions, a tenth each: the two that would fall (0.5 right, 0.6 wrong) become one point of a half.
    stated = np.linspace(0.1, 1.0, 10).astype(np.float32)
    right = np.array([False, False, False, False, True, False, True, True, True, True])
    curve = reliability_of(stated, right)
    assert np.all(np.diff(curve.right) > 0)
    assert curve(np.array([0.55], dtype=np.float32))[0] == pytest.approx(0.5)
    assert curve(np.array([0.0, 1.0], dtype=np.float32)).tolist() == [0.0, 1.0]


def test_automatic_share_by_hand() -> None:
    # The surest four are right, the fifth is wrong: 80 % hold at 100 %, and at 80 % all five.
    stated = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    right = np.array([True, True, True, True, False])
    assert automatic_share(stated, right, 1.0) == 0.8
    assert automatic_share(stated, right, 0.8) == 1.0
    assert automatic_share(stated, ~right, 0.9) == 0.0
