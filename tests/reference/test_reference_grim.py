"""GRIM beside pysprite, on every mean from 3.00 to 3.99 of some numbers of people."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from caseseries.reconcile.mean import sums_that_give

THEIRS = json.loads((Path(__file__).parent / "grim.json").read_text(encoding="utf-8"))["possible"]


@pytest.mark.parametrize("n", sorted(map(int, THEIRS)))
def test_means_that_pysprite_allows_and_those_that_only_a_half_gives(n):
    """pysprite rounds a half by the binary fraction at hand, here it may go either way: no other mean may differ."""
    for k, theirs in enumerate(THEIRS[str(n)]):
        mean = Decimal(300 + k).scaleb(-2)
        sums = sums_that_give(mean, n, Decimal(1))
        if bool(sums) != (theirs == "1"):
            assert sums, (n, mean)
            assert all(abs(Fraction(total, n) - Fraction(mean)) == Fraction(1, 200) for total in sums), (n, mean)
