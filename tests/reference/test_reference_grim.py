"""GRIM beside pysprite and grim, on every mean from 3.00 to 3.99 of some numbers of people."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from caseseries.reconcile.mean import sums_that_give
from caseseries.reconcile.rounding import modes

HERE = Path(__file__).parent
THEIRS = json.loads((HERE / "grim.json").read_text(encoding="utf-8"))["possible"]
ROUNDED = json.loads((HERE / "grim_roundings.json").read_text(encoding="utf-8"))["possible"]


@pytest.mark.parametrize("n", sorted(map(int, THEIRS)))
def test_means_that_pysprite_allows_and_those_that_only_a_half_gives(n):
    """pysprite rounds a half by the binary fraction at hand, here it may go either way: no other mean may differ."""
    for k, theirs in enumerate(THEIRS[str(n)]):
        mean = Decimal(300 + k).scaleb(-2)
        sums = sums_that_give(mean, n, Decimal(1))
        if bool(sums) != (theirs == "1"):
            assert sums, (n, mean)
            assert all(abs(Fraction(total, n) - Fraction(mean)) == Fraction(1, 200) for total in sums), (n, mean)


@pytest.mark.parametrize("rounding", ROUNDED)
def test_means_of_each_rounding_are_those_of_grim(rounding):
    """Sums around the mean are rounded in each of the five ways, exactly."""
    for n, theirs in ROUNDED[rounding].items():
        for k, possible in enumerate(theirs):
            mean = Decimal(300 + k).scaleb(-2)
            around = int(mean * int(n))
            named = {
                name for total in (around - 1, around, around + 1) for name in modes(mean, Fraction(total, int(n)))
            }
            assert (rounding in named) == (possible == "1"), (n, mean)
