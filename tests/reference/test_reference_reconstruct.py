"""Histories behind printed curves, held to the truth that another program knows of them."""

import math

import pytest

from caseseries.estimators.survival import EQUAL_SURVIVAL
from caseseries.reconstruct.log_rank import log_rank_range
from caseseries.reconstruct.reconstructed import reconstruct
from reference.printed_curves import KEYS, curves, summary, table, truth

SLOW = {"brec-2c-experimental", "s15b"}
"""More than 3,900 histories each; the others take less than a second."""


@pytest.fixture(scope="module")
def found():
    """Every curve reconstructed once."""
    kept = {}

    def of(folder, key):
        if (folder, key) not in kept:
            known = summary(folder, key)
            kept[folder, key] = reconstruct(curves(folder)[key], [known[f"day{i}"] for i in (1, 2, 3)])
        return kept[folder, key]

    return of


QUICK = [case for case in KEYS if case[1][1] not in SLOW]


@pytest.mark.parametrize(("folder", "key"), QUICK, ids=[key[1] for _, key in QUICK])
def test_as_many_histories_fit_as_another_search_found_and_the_truth_is_among_them(found, folder, key):
    one, known = found(folder, key), summary(folder, key)
    assert str(one.found.counted) == known["histories"]
    assert one.found.exhausted
    assert truth(folder, key) in one.found.histories


@pytest.mark.parametrize(("folder", "key"), QUICK, ids=[key[1] for _, key in QUICK])
def test_ranges_are_those_over_all_histories_and_hold_the_truth(found, folder, key):
    one, known = found(folder, key), summary(folder, key)
    numbers = {(number.statistic, number.time): number for number in one.ranges}
    events = numbers["events", None]
    assert (events.lower, events.upper) == (known["events_low"], known["events_high"])
    median = numbers["median_time", None]
    ends = [math.nan if value == math.inf else value for value in (known["median_low"], known["median_high"])]
    assert [median.lower, median.upper] == pytest.approx(ends, nan_ok=True)
    for i in (1, 2, 3):
        level = numbers["survival", known[f"day{i}"]]
        assert level.lower - EQUAL_SURVIVAL <= known[f"survival{i}"] + 1e-6
        assert level.upper + EQUAL_SURVIVAL >= known[f"survival{i}"] - 1e-6


PAIRS = [
    (folder, row) for folder in ("simulated", "figures") for row in table(folder, "truth_pairs").to_dict("records")
]


@pytest.mark.parametrize(("folder", "pair"), [case for case in PAIRS if not SLOW & set(case[1].values())])
def test_the_log_rank_p_value_of_the_rows_lies_in_its_range(found, folder, pair):
    one, other = (found(folder, (pair["curve"], pair[name])) for name in ("group_a", "group_b"))
    p = log_rank_range(one.curve, one.histories, other.curve, other.histories, complete=True)
    assert p.lower - 1e-6 <= pair["log_rank_p"] <= p.upper + 1e-6


def test_a_line_that_a_program_followed_becomes_its_steps():
    """1,202 readings with two slips; 80 cases, of whom as many are lost as the numbers at risk say."""
    (curve,) = curves("digitised").values()
    assert curve.traced
    assert 28 <= len(curve.days) <= 33
    falls = [a - b for a, b in zip((1.0, *curve.levels), curve.levels, strict=False)]
    assert min(falls) > 0.7 / 80
