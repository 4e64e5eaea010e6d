"""Clauses of definitions as a clinician reads them."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from caseseries.model.predicate import Point
from caseseries.words.definitions import say_point

POINT = TypeAdapter(Point)


@pytest.mark.parametrize(
    ("point", "unit", "words"),
    [
        ({"fold_ge": 2}, "10^9/L", "at least 2 times the baseline"),
        ({"fold_le": 0.5}, "g/g", "at most 50 % of the baseline"),
        ({"fold_le": 0.07}, "g/g", "at most 7 % of the baseline"),
        ({"fold_le": 1.5}, "g/g", "at most 1.5 times the baseline"),
        ({"delta_ge": 2}, "g/dL", "at least 2 g/dL above the baseline"),
        ({"delta_ge": -2}, "g/dL", "at most 2 g/dL below the baseline"),
        ({"delta_ge": 0}, "g/dL", "not below the baseline"),
        ({"delta_le": -2}, "g/dL", "at least 2 g/dL below the baseline"),
        ({"delta_le": 20}, "10^9/L", "at most 20 × 10⁹/L above the baseline"),
        ({"delta_le": 0}, "g/dL", "not above the baseline"),
    ],
)
def test_a_comparison_with_the_baseline(point, unit, words):
    assert say_point(POINT.validate_python(point), unit) == words
