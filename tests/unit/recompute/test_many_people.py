"""The second opinion on large cohorts is that on small ones, in time that does not grow with the square."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from caseseries.estimators.clustered import gee_rate
from caseseries.estimators.proportion import proportion
from caseseries.recompute import curves, proportions


def blaker_by_all_counts(events, n, alpha):
    counts = np.arange(n + 1)

    def kept(p):
        smaller = np.minimum(stats.binom.cdf(counts, n, p), stats.binom.sf(counts - 1, n, p))
        return bool(stats.binom.pmf(counts, n, p)[smaller <= smaller[events] * (1 + 1e-12)].sum() > alpha)

    def edge(outer):
        grid = np.linspace(outer, events / n, proportions.GRID)
        place = next(place for place, p in enumerate(grid) if kept(p))
        return grid[0] if place == 0 else halved(kept, grid[place - 1], grid[place])

    return [edge(end) for end in proportion_confint(events, n, alpha=alpha, method="beta")]


def halved(kept, outside, inside):
    while abs(inside - outside) > 1e-12:
        middle = (inside + outside) / 2
        outside, inside = (outside, middle) if kept(middle) else (middle, inside)
    return inside


COUNTS = [(0, 700), (3, 700), (350, 700), (699, 700), (1900, 4000), (2, 5), (0, 12), (7, 12), (12, 12)]


@pytest.mark.parametrize(("events", "n"), COUNTS)
def test_blaker_by_likely_counts_is_that_by_all(events, n):
    assert proportions._blaker(events, n, 0.05) == pytest.approx(blaker_by_all_counts(events, n, 0.05), abs=1e-11)


@pytest.mark.parametrize(("events", "n"), COUNTS)
def test_tails_found_by_trying_few_counts_are_those_of_all(events, n):
    rates = np.array([1e-4, 0.01, 0.3, 0.5, max(events, 1) / n, 0.95, 1 - 1e-4])
    of_all = proportions._chances_beyond(events, n, rates)
    assert [proportions._chance_beyond(events, n, rate) for rate in rates] == pytest.approx(
        of_all, rel=1e-12, abs=1e-28
    )


@pytest.mark.parametrize("size", [1, 2, 9, 10, 100, 101])
def test_the_first_count_at_which_something_holds_is_found(size):
    counts = np.arange(5, 5 + size)
    for first in range(size + 1):
        assert proportions._first_true(lambda k, least=5 + first: k >= least, counts) == first


def test_blaker_of_many_is_ours():
    ours, theirs = proportion(412_345, 900_000, method="blaker"), proportions.rate(412_345, 900_000, "blaker", 0.95)
    assert (theirs.lower, theirs.upper) == pytest.approx((ours.lower, ours.upper), abs=1e-8)


def test_gee_of_many_converges():
    random = np.random.default_rng(3)
    person = np.sort(random.integers(0, 2700, 3000))
    event = (random.random(3000) < 0.6).astype(int)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        theirs = proportions.gee(event.astype(float), person, 0.95)
    ours = gee_rate(event, person, 0.95)
    assert (theirs.estimate, theirs.lower, theirs.upper) == pytest.approx(
        (ours.estimate, ours.lower, ours.upper), abs=1e-9
    )


@pytest.mark.parametrize("persons", [40, 300, 2000])
def test_gee_of_many_persons_is_that_person_by_person(persons, monkeypatch):
    random = np.random.default_rng(persons)
    person = random.integers(0, persons, persons * 2)
    event = (random.random(person.size) < random.random(persons)[person]).astype(float)
    one_by_one = proportions.gee(event, person, 0.95)
    monkeypatch.setattr(proportions, "MOST_FITTED", 10)
    together = proportions.gee(event, person, 0.95)
    assert together != one_by_one
    assert (together.estimate, together.lower, together.upper) == pytest.approx(
        (one_by_one.estimate, one_by_one.lower, one_by_one.upper), abs=1e-10
    )


def test_share_by_visits_is_read_off_one_curve():
    left, right = np.array([0.0, 0.0, 7.0, 14.0]), np.array([7.0, 7.0, 14.0, np.inf])
    survival = curves.interval_survival(left, right)
    shares = [curves.interval_incidence(survival, day).estimate for day in (0.0, 7.0, 14.0)]
    assert shares == pytest.approx([0.0, 0.5, 0.75], abs=1e-4)
