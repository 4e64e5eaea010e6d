"""What must hold for estimates of any data."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import special

from caseseries.estimators import (
    cumulative_incidence,
    inverse_variance,
    kaplan_meier,
    newcombe,
    pool_proportions,
    proportion,
    quantile,
    restricted_mean,
    turnbull,
)
from caseseries.estimators.arrays import merge_ties
from caseseries.estimators.proportion import interval

METHODS = ["wilson", "clopper_pearson", "jeffreys", "mid_p", "blaker"]
counts = st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
subjects = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3)), min_size=1, max_size=40)
quick = settings(max_examples=60, deadline=None, derandomize=True)


@quick
@given(counts, st.sampled_from(METHODS), st.floats(0.5, 0.99))
def test_interval_holds_the_rate_and_mirrors(pair, method, level):
    k, n = pair
    found, mirrored = proportion(k, n, method, level), proportion(n - k, n, method, level)
    assert 0 <= found.lower <= found.upper <= 1
    if n:
        assert found.lower - 1e-12 <= found.estimate <= found.upper + 1e-12
    assert found.lower == pytest.approx(1 - mirrored.upper, abs=1e-9)


@quick
@given(st.integers(1, 40), st.sampled_from(METHODS))
def test_limits_rise_with_responders(n, method):
    lower, upper = interval(np.arange(n + 1), np.full(n + 1, n), method)
    assert (np.diff(lower) >= 0).all()
    assert (np.diff(upper) >= 0).all()


@quick
@given(st.integers(1, 40))
def test_blaker_lies_within_clopper_pearson(n):
    k = np.arange(n + 1)
    inner, outer = interval(k, np.full(n + 1, n), "blaker"), interval(k, np.full(n + 1, n), "clopper_pearson")
    assert (inner[0] >= outer[0] - 1e-9).all()
    assert (inner[1] <= outer[1] + 1e-9).all()


@quick
@given(subjects)
def test_curves_add_up(rows):
    time, cause = map(np.array, zip(*rows, strict=True))
    survival = kaplan_meier(time, (cause > 0).astype(int))
    incidence = cumulative_incidence(time, cause)
    total = incidence.groupby("time")["incidence"].sum().to_numpy()
    np.testing.assert_allclose(total, 1 - survival["survival"], atol=1e-12)
    assert survival["at_risk"].iloc[0] == len(rows)
    assert survival["events"].sum() + survival["censored"].sum() == len(rows)
    for _, curve in incidence.groupby("cause"):
        assert (np.diff(curve["incidence"]) >= 0).all()
        drawn = curve.dropna(subset=["lower"])
        assert ((drawn["lower"] <= drawn["incidence"]) & (drawn["incidence"] <= drawn["upper"])).all()
        assert drawn[["lower", "upper"]].apply(lambda c: c.between(0, 1)).all(axis=None)


@quick
@given(subjects)
def test_without_censoring_the_incidence_is_a_rate_with_its_binomial_variance(rows):
    time, cause = map(np.array, zip(*((t, c % 3 + 1) for t, c in rows), strict=True))
    last = cumulative_incidence(time, cause).query("cause == 1").iloc[-1]
    rate = float((cause == 1).mean())
    assert last["incidence"] == pytest.approx(rate, abs=1e-12)
    assert last["std_error"] == pytest.approx(np.sqrt(rate * (1 - rate) / len(rows)), abs=1e-7)


@quick
@given(subjects, st.integers(1, 5))
def test_stretching_time_stretches_the_answers(rows, factor):
    time, cause = map(np.array, zip(*((t + 1, c) for t, c in rows), strict=True))
    event, tau = (cause == 1).astype(int), int(time.max())
    first, second = kaplan_meier(time, event), kaplan_meier(time * factor, event)
    pd.testing.assert_frame_equal(first.drop(columns="time"), second.drop(columns="time"))
    assert quantile(second, 0.5).estimate == pytest.approx(quantile(first, 0.5).estimate * factor, nan_ok=True)
    mean = restricted_mean(time, event, tau)
    assert restricted_mean(time * factor, event, tau * factor).estimate == pytest.approx(mean.estimate * factor)


@quick
@given(subjects)
def test_entry_at_the_start_changes_nothing(rows):
    time, cause = map(np.array, zip(*((t + 1, c) for t, c in rows), strict=True))
    late = cumulative_incidence(time, cause, entry=np.zeros(len(rows)))
    pd.testing.assert_frame_equal(late, cumulative_incidence(time, cause))


@quick
@example([(0, 0, False)] * 5 + [(12, 0, False), (9, 0, False), (10, 0, True), (8, 3, False)])  # mass creeps to 0
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 8), st.booleans()), min_size=1, max_size=25))
def test_turnbull_is_self_consistent(rows):
    left = np.array([r[0] for r in rows], dtype=float)
    right = np.array([np.inf if r[2] else r[0] + r[1] for r in rows])
    curve = turnbull(left, right)
    assert curve["mass"].sum() == pytest.approx(1)
    lower, upper, mass = (curve[name].to_numpy() for name in ("left", "right", "mass"))
    point = lower == upper
    holds = (left[:, None] <= lower) & (upper <= right[:, None])
    holds &= ~(point & (lower == left[:, None]) & (left[:, None] < right[:, None]))
    expected = ((holds * mass) / (holds @ mass)[:, None]).mean(axis=0)
    np.testing.assert_allclose(mass, expected, atol=1e-8)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.lists(st.integers(1, 20).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=7))
def test_pooled_rate_lies_among_its_cohorts(rows):
    events, n = zip(*rows, strict=True)
    for function in (pool_proportions, inverse_variance):
        found = function(events, n)
        assert 0 <= found.lower <= found.estimate <= found.upper <= 1
        assert np.isnan(found.tau2) or found.tau2 >= 0


@quick
@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30))
def test_rounding_is_taken_out_of_times(whole):
    exact = np.array(whole, dtype=float) / 10
    shaken = exact + np.resize([0, 1e-12, -1e-12], exact.size).clip(-exact)
    (merged,) = merge_ties([shaken])
    assert np.unique(merged).size == np.unique(exact).size
    np.testing.assert_allclose(merged, exact, atol=1e-9)


def weighted_incidence(time, cause, weight, entry, at):
    """Aalen-Johansen of cause 1 at a time from its definition, with case weights: a loop over distinct times."""
    free, incidence = 1.0, 0.0
    for t in np.unique(time[time <= at]):
        risk = weight[(entry < t) & (time >= t)].sum()
        here = time == t
        incidence += free * weight[here & (cause == 1)].sum() / risk
        free *= 1 - weight[here & (cause > 0)].sum() / risk
    return incidence, free


entering = st.lists(
    st.tuples(st.integers(0, 12), st.integers(1, 12), st.integers(0, 3)).map(lambda r: (r[0], r[0] + r[1], r[2])),
    min_size=1,
    max_size=25,
)


@quick
@given(entering)
def test_curves_are_their_definition_also_with_late_entry(rows):
    entry, time, cause = map(np.array, zip(*rows, strict=True))
    curve = cumulative_incidence(time, cause, entry=entry).query("cause == 1")
    survival = kaplan_meier(time, (cause > 0).astype(int), entry=entry)
    one = np.ones(len(rows))
    expected = np.array([weighted_incidence(time, cause, one, entry, t) for t in curve["time"]])
    np.testing.assert_allclose(curve["incidence"], expected[:, 0], atol=1e-12)
    np.testing.assert_allclose(survival["survival"], expected[:, 1], atol=1e-12)


@quick
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2)), min_size=2, max_size=20))
def test_standard_error_is_the_infinitesimal_jackknife(rows):
    """Root of the summed squares of the derivatives of the incidence by each subject's weight, taken numerically."""
    time, cause = map(np.array, zip(*rows, strict=True))
    entry = np.full(len(rows), -1)
    curve = cumulative_incidence(time, cause).query("cause == 1")
    for at, std_error in zip(curve["time"], curve["std_error"], strict=True):
        slopes = []
        for place in range(len(rows)):
            step = 1e-5 * (np.arange(len(rows)) == place)
            above, below = (weighted_incidence(time, cause, 1 + s, entry, at)[0] for s in (step, -step))
            slopes.append((above - below) / 2e-5)
        assert std_error == pytest.approx(np.sqrt(np.sum(np.square(slopes))), abs=1e-7)


@quick
@given(subjects)
def test_restricted_mean_is_the_area_and_grows_with_tau(rows):
    time, cause = map(np.array, zip(*((t + 1, c) for t, c in rows), strict=True))
    event = (cause == 1).astype(int)
    curve = kaplan_meier(time, event).set_index("time")["survival"]
    days = np.arange(int(time.max()))
    area = sum(curve[curve.index <= day].iloc[-1] if (curve.index <= day).any() else 1.0 for day in days)
    assert restricted_mean(time, event, int(time.max())).estimate == pytest.approx(area)
    means = [restricted_mean(time, event, tau).estimate for tau in range(1, int(time.max()) + 1)]
    assert (np.diff(means) >= -1e-12).all()


@quick
@given(subjects, st.floats(0.05, 0.95))
def test_quantile_is_reached_and_its_limits_hold_it(rows, p):
    time, cause = map(np.array, zip(*rows, strict=True))
    curve = kaplan_meier(time, (cause == 1).astype(int))
    found = quantile(curve, p)
    with_event = 1 - curve["survival"].to_numpy()
    if np.isnan(found.estimate):
        assert with_event.max() < p
    else:
        assert with_event[curve["time"] <= found.estimate].max(initial=0) >= p - 1e-6
        assert with_event[curve["time"] < found.estimate].max(initial=0) <= p + 1e-6
    assert not found.lower > found.estimate
    assert not found.upper < found.estimate
    assert np.isnan(found.upper) or not np.isnan(found.lower)


@quick
@given(counts, st.sampled_from(METHODS), st.floats(0.5, 0.98), st.floats(0.001, 0.02))
def test_a_higher_level_gives_an_interval_around_the_lower_one(pair, method, level, more):
    """Blaker's interval among them: its acceptable rates are nested by level, and so are their ends."""
    inner, outer = proportion(*pair, method, level), proportion(*pair, method, level + more)
    assert outer.lower <= inner.lower + 1e-12
    assert inner.upper <= outer.upper + 1e-12


@quick
@given(
    st.integers(1, 25).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.sampled_from([0.8, 0.9, 0.95])
)
def test_blakers_limits_are_the_ends_of_the_acceptable_rates(pair, level):
    """Acceptability of a rate p: the tail of the count plus the largest opposite tail no heavier (Blaker 2000)."""
    x, n = pair
    outcomes = np.arange(n + 1)

    def acceptability(p):
        chance = special.binom(n, outcomes) * p**outcomes * (1 - p) ** (n - outcomes)
        lighter = np.minimum(np.cumsum(chance), np.cumsum(chance[::-1])[::-1])
        return chance[lighter <= lighter[x] * (1 + 1e-9)].sum()

    found = proportion(x, n, "blaker", level)
    grid = np.linspace(0.0005, 0.9995, 1000)
    accepted = grid[[acceptability(p) > 1 - level for p in grid]]
    assert found.lower - 1e-9 <= accepted.min() <= found.lower + 0.001001
    assert found.upper - 0.001001 <= accepted.max() <= found.upper + 1e-9


@quick
@given(counts, counts, st.floats(0.5, 0.99))
def test_newcombes_interval_holds_the_difference_and_changes_sides(first, second, level):
    found, other = newcombe(*first, *second, level), newcombe(*second, *first, level)
    assert -1 <= found.lower <= found.upper <= 1
    assert (found.lower, found.upper) == pytest.approx((-other.upper, -other.lower))
    if first[1] and second[1]:
        assert found.lower - 1e-12 <= found.estimate <= found.upper + 1e-12


@quick
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 8), st.booleans()), min_size=1, max_size=25))
def test_no_mass_elsewhere_would_make_turnbulls_data_likelier(rows):
    """The conditions of Kuhn and Tucker on every interval between two ends, which self-consistency does not ensure."""
    left = np.array([r[0] for r in rows], dtype=float)
    right = np.array([np.inf if r[2] else r[0] + r[1] for r in rows])
    curve = turnbull(left, right)
    ends = np.unique(np.concatenate((left, right)))
    points = [(t, t) for t in ends[np.isfinite(ends)]]
    places = np.array([*curve[["left", "right"]].to_numpy(), *points, *pairwise(ends)])
    lower, upper = places[:, 0], places[:, 1]
    holds = (left[:, None] <= lower) & (upper <= right[:, None])
    holds &= ~((lower == upper) & (lower == left[:, None]) & (left[:, None] < right[:, None]))
    chance = holds[:, : len(curve)] @ curve["mass"].to_numpy()
    slope = (holds / chance[:, None]).mean(axis=0)
    assert slope.max() <= 1 + 1e-7
    np.testing.assert_allclose(slope[: len(curve)], 1, atol=1e-6)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.lists(st.integers(1, 20).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=5))
def test_pooled_model_has_the_largest_likelihood_of_a_plain_grid(rows):
    """The likelihood by 2,001 equal steps of the intercept, without adaptive quadrature; nothing near it is larger."""
    events, n = (np.array(values)[:, None] for values in zip(*rows, strict=True))
    found = pool_proportions(events.ravel(), n.ravel())
    if np.isnan(found.mu):
        return
    u = np.linspace(-9, 9, 2001)

    def likelihood(mu, tau):
        eta = mu + tau * u
        logs = events * eta - n * np.logaddexp(0, eta) - u**2 / 2
        return special.logsumexp(logs, axis=1).sum()

    tau = np.sqrt(found.tau2)
    best = likelihood(found.mu, tau)
    for d_mu, d_tau in [(0.05, 0), (-0.05, 0), (0, 0.05), (0, -min(0.05, tau)), (0.2, 0.2), (-0.2, 0.2)]:
        assert likelihood(found.mu + d_mu, tau + d_tau) <= best + 1e-7
