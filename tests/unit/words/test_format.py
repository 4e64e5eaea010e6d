"""Numbers as text: every rule of the house style, at its edges."""

import math

import numpy as np
import pytest

from caseseries.words.intervals import day_interval, percent_interval, rate
from caseseries.words.lists import listing
from caseseries.words.nouns import plural
from caseseries.words.numbers import (
    P_VALUE_FROM,
    fraction,
    number,
    p_value,
    percent,
    percent_of,
    quantity,
    share,
    short_number,
)
from caseseries.words.spelling import words
from caseseries.words.units import days, unbroken

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (12.5, 0, "13"),
        (-3.25, 1, "−3.3"),
        (-0.2, 0, "0"),
        (0.145, 2, "0.15"),
        (1e9, 0, "1000000000"),
        (NAN, 0, "–"),
        (None, 1, "–"),
        (math.inf, 0, "∞"),
        (-math.inf, 0, "−∞"),
        (np.float64(2.0), 1, "2.0"),
    ],
)
def test_number(value, decimals, text):
    assert number(value, decimals) == text


@pytest.mark.parametrize(("value", "text"), [(31.0, "31"), (31.25, "31.3"), (100.0, "100"), (NAN, "–"), (0.0, "0")])
def test_short_number_has_no_trailing_zeros(value, text):
    assert short_number(value) == text


@pytest.mark.parametrize(
    ("events", "n", "text"),
    [
        (2, 4, "50 %"),
        (1, 8, "13 %"),
        (0, 4, "0 %"),
        (4, 4, "100 %"),
        (98, 99, "99 %"),
        (120, 137, "87.6 %"),
        (99, 100, "99.0 %"),
        (29, 200, "14.5 %"),
        (0, 0, "–"),
    ],
)
def test_percent_has_decimals_only_from_a_hundred_people_on(events, n, text):
    assert percent_of(events, n) == text


def test_percent_of_an_unknown_share():
    assert percent(NAN, 4) == "–"


@pytest.mark.parametrize(
    ("lower", "upper", "n", "text"),
    [
        (0.15003899, 0.84996101, 4, "15 to 85 %"),
        (0.0675859, 0.9324141, 4, "7 to 93 %"),
        (0.0, 0.6024, 4, "0 to 60 %"),
        (0.3976, 1.0, 4, "40 to 100 %"),
        (0.000844, 0.17217, 30, "0.1 to 17 %"),
        (0.8, 0.9996, 30, "80 to 99.96 %"),
        (0.8104, 0.9213, 137, "81.0 to 92.1 %"),
        (NAN, NAN, 0, "–"),
    ],
)
def test_interval_of_shares(lower, upper, n, text):
    assert percent_interval(lower, upper, n) == text


def test_rate_in_a_sentence():
    assert rate(2, 4, 0.1500, 0.8500) == "2 of 4, 50 % (95 % interval 15 to 85 %)"
    assert rate(2, 4, 0.2, 0.8, level=0.9) == "2 of 4, 50 % (90 % interval 20 to 80 %)"


def test_counts_stand_beside_every_percent():
    assert share(2, 4) == "2 of 4 (50 %)"
    assert share(0, 0) == "0 of 0"
    assert fraction(23, 31) == "23/31"


@pytest.mark.parametrize(
    ("value", "text"), [(1, "1 day"), (0, "0 days"), (19.0, "19 days"), (NAN, "–"), (math.inf, "not reached")]
)
def test_days_are_whole(value, text):
    assert days(value) == text


@pytest.mark.parametrize(
    ("lower", "upper", "text"),
    [
        (17, 21, "17 to 21 days"),
        (5, NAN, "5 days to not reached"),
        (1, math.inf, "1 day to not reached"),
        (NAN, NAN, "–"),
        (NAN, 9, "not reached to 9 days"),
    ],
)
def test_interval_of_days(lower, upper, text):
    assert day_interval(lower, upper) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0, "p < 0.001"),
        (0.00099, "p < 0.001"),
        (0.001, "p = 0.001"),
        (0.0116, "p = 0.012"),
        (0.04996, "p = 0.04996"),
        (0.05, "p = 0.050"),
        (0.0994, "p = 0.099"),
        (0.344, "p = 0.34"),
        (0.99, "p = 0.99"),
        (0.9951, "p > 0.99"),
        (1.0, "p > 0.99"),
        (NAN, ""),
        (None, ""),
    ],
)
def test_p_value(p, text):
    assert p_value(p, n=40) == text


def test_four_people_have_no_p_value():
    assert p_value(0.03, n=4) == ""
    assert p_value(0.03, n=P_VALUE_FROM) == "p = 0.030"


def test_a_p_value_outside_its_range_is_our_fault():
    with pytest.raises(ValueError, match="between 0 and 1"):
        p_value(1.2, n=40)


@pytest.mark.parametrize(
    ("ends", "text"),
    [
        ((42, 42), "42"),
        ((0, 5, False, True), "<5"),
        ((1000, math.inf, True, False), ">1000"),
        ((NAN, NAN), "–"),
        ((0, 0), "0"),
        ((10, 20), "10 to 20"),
        ((7.5, 7.5), "7.5"),
    ],
)
def test_counts_as_written(ends, text):
    assert quantity(*ends) == text


def test_words_and_lists():
    assert plural(1, "woman", "women") == "1 woman"
    assert plural(4, "woman", "women") == "4 women"
    assert plural(0, "case") == "0 cases"
    assert listing([]) == ""
    assert listing(["a"]) == "a"
    assert listing(["a", "b", "c"]) == "a, b and c"
    assert listing(["a", "b"], "or") == "a or b"
    assert words("platelet_transfusion") == "platelet transfusion"


def test_a_number_stays_with_its_unit():
    assert unbroken("n = 4, 50 % of 30 × 10⁹/L, p < 0.001") == (
        "n\u00a0=\u00a04, 50\u00a0% of 30\u00a0×\u00a010⁹/L, p\u00a0<\u00a00.001"
    )
    assert unbroken("t with k - 1 df") == "t with k\u00a0−\u00a01\u00a0df"
    assert unbroken("a % sign alone, × 3") == "a % sign alone, × 3"
