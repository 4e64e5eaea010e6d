"""Numbers that a paper prints, judged by themselves: which people, and which recorded values, can have them."""

from decimal import Decimal
from itertools import combinations_with_replacement, product

import pytest

from caseseries.model.claim import Printed
from caseseries.reconcile import whole_values
from caseseries.reconcile.mean import judge_mean
from caseseries.reconcile.median import judge_median
from caseseries.reconcile.percent import judge_percent


@pytest.mark.parametrize(
    ("events", "percent", "verdict", "reason"),
    [
        (3, "30", "consistent", "n may be 10"),  # 3 of 9 is 33 %, of 11 27 %
        (100, "50", "consistent", "n may be 199, 200, 201 or 202"),
        (500, "50", "consistent", "n may be 991 to 1010"),
        (1, "70", "inconsistent", "there is no n of which 1 are 70 %"),
        (0, "0", "consistent", "0 of any number is 0 %"),
        (0, "12", "inconsistent", "0 of any number is 0 %"),
        (2, "0", "not_derivable", "n is not printed beside 2"),
    ],
)
def test_a_percentage_without_its_n(events, percent, verdict, reason):
    answer = judge_percent(events, None, Decimal(percent))
    assert (answer.verdict, answer.reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("says", "verdict", "reason"),
    [
        ({"lower": 9, "upper": 4}, "inconsistent", "the lower end lies above the upper"),
        ({"value": 3, "lower": 4, "upper": 9, "level": 100}, "inconsistent", "the median lies outside the range"),
        ({"value": 10, "lower": 4, "upper": 9, "level": 50}, "inconsistent", "the median lies outside the quartiles"),
        ({"value": 10, "lower": 4, "upper": 9}, "inconsistent", "the median lies outside the interval"),
        ({"value": 5, "lower": 4, "upper": 9, "level": 100}, "consistent", "the median lies between its ends"),
        ({"value": 5}, "not_derivable", "a median needs the single values"),
        ({"value": 5, "step": 1}, "not_derivable", "a median needs the single values"),
        (
            {"lower": "4.5", "upper": 9, "level": 100, "step": 1},
            "inconsistent",
            "an end of the range is no possible value: no multiple of 1",
        ),
        (
            {"value": 5, "lower": "4.10", "upper": 9, "level": 50, "n": 9, "step": 1},
            "inconsistent",
            "a quartile of 9 such values is a multiple of 0.0625 at least, whatever the rule",
        ),
        ({"value": "5.5", "n": 9, "step": 1}, "inconsistent", "the median of 9 such values is a multiple of 1"),
        ({"value": "5.5", "n": 8, "step": 1}, "consistent", "possible: 8 values in steps of 1 can have it"),
        (
            {"value": 5, "lower": 3, "upper": 5, "level": 100, "n": 1, "step": 1},
            "inconsistent",
            "the median of one value, and both ends, are that value",
        ),
        ({"value": 5, "n": 1, "step": 1}, "consistent", "possible: 1 values in steps of 1 can have it"),
        (
            {"value": 5, "lower": 4, "upper": 9, "level": 100, "n": 2, "step": 1},
            "inconsistent",
            "the median of 2 values is the middle of the range",
        ),
        (
            {"value": "6.5", "lower": 4, "upper": 9, "level": 100, "n": 2, "step": 1},
            "consistent",
            "possible: 2 values in steps of 1 can have it",
        ),
    ],
)
def test_a_median_and_its_ends(says, verdict, reason):
    answer = judge_median(Printed.model_validate(says))
    assert (answer.verdict, answer.reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("says", "verdict", "reason"),
    [
        # one value has no deviation, and is its own range
        (
            {"mean": 5, "sd": 1, "n": 1, "step": 1},
            "inconsistent",
            "no 1 values give mean and standard deviation (n - 1)",
        ),
        ({"mean": 5, "lower": 5, "upper": 5, "level": 100, "n": 1, "step": 1}, "consistent", "some 1 values give"),
        ({"mean": 5, "lower": 4, "upper": 6, "level": 100, "n": 1, "step": 1}, "inconsistent", "no 1 values give"),
        # 1, 9 and one more with the sum 18 would be 1, 8, 9
        ({"mean": 6, "lower": 1, "upper": 9, "level": 100, "n": 3, "step": 1}, "consistent", "some 3 values give"),
        ({"mean": 8, "lower": 1, "upper": 9, "level": 100, "n": 3, "step": 1}, "inconsistent", "no 3 values give"),
        (
            {"mean": 6, "lower": "1.5", "upper": 9, "level": 100, "n": 3, "step": 1},
            "inconsistent",
            "an end of the range is no multiple of 1",
        ),
        # 2, 4, 6: SD 2 with n - 1, 1.633 with n, standard error 1.155
        ({"mean": "4.00", "sd": "1.63", "n": 3, "step": 1}, "inconsistent", "an SD with divisor n would fit"),
        ({"mean": "4.00", "sd": "1.15", "n": 3, "step": 1}, "inconsistent", "a standard error would fit"),
        # t on 8 df 2.306, normal 1.960, times 3 / 3
        ({"mean": 10, "sd": 3, "n": 9, "lower": "7.7", "upper": "12.3"}, "consistent", "interval by t"),
        (
            {"mean": "10.00", "sd": "3.00", "n": 9, "lower": "8.04", "upper": "11.96"},
            "consistent",
            "interval by normal",
        ),
        (
            {"mean": "10.00", "sd": "3.00", "n": 9, "lower": "9.00", "upper": "11.00"},
            "differs",
            "neither t nor normal gives the interval: t 7.694 to 12.31 or normal 8.04 to 11.96",
        ),
        ({"mean": 10, "lower": 12, "upper": 11}, "inconsistent", "the lower end lies above the upper"),
        ({"mean": 10, "lower": 11, "upper": 12}, "inconsistent", "the mean lies outside the interval"),
        ({"mean": 10, "lower": 11, "upper": 12, "level": 100}, "inconsistent", "the mean lies outside the range"),
        ({"mean": 10, "lower": 8, "upper": 12, "level": 100}, "consistent", "the mean lies within the range"),
    ],
)
def test_a_mean_with_its_deviation_and_ends(says, verdict, reason):
    answer = judge_mean(Printed.model_validate(says))
    assert answer.verdict == verdict, answer.reason
    assert reason in answer.reason


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_whole_values_exist_where_counting_all_of_them_finds_some(n):
    """All sets of n whole numbers from 0 to 4, by their sum and sum of squares; with ends, those that reach both."""
    every = list(combinations_with_replacement(range(5), n))
    for low, high in [(0, 4), (1, 3), (2, 2)]:
        known = {(sum(one), sum(x * x for x in one)) for one in every if min(one) == low and max(one) == high}
        for total, squares in product(range(4 * n + 1), range(16 * n + 1)):
            assert whole_values.exist(n, total, [squares], low, high) == ((total, squares) in known)
    known = {(sum(one), sum(x * x for x in one)) for one in every}
    assert all(whole_values.exist(n, total, [squares]) for total, squares in known)


def test_what_was_not_looked_for_to_the_end_is_not_called_impossible(monkeypatch):
    """Three whole numbers with the sum 21 and 151 as sum of squares do not exist."""
    assert not whole_values.exist(3, 21, [151])
    monkeypatch.setattr(whole_values, "MOST_STEPS", 0)
    assert whole_values.exist(3, 21, [151])
