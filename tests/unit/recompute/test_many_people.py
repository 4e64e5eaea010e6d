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

    outer = proportion_confint(events, n, alpha=alpha, method="beta")
    return [proportions._edge(kept, end, events / n) for end in outer]


@pytest.mark.parametrize(("events", "n"), [(0, 700), (3, 700), (350, 700), (699, 700), (1900, 4000), (2, 5)])
def test_blaker_by_likely_counts_is_that_by_all(events, n):
    assert proportions._blaker(events, n, 0.05) == pytest.approx(blaker_by_all_counts(events, n, 0.05), abs=1e-11)


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
