"""What must hold for estimates of any data."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from caseseries.estimate import (
    cumulative_incidence,
    inverse_variance,
    kaplan_meier,
    pool_proportions,
    proportion,
    quantile,
    restricted_mean,
    turnbull,
)
from caseseries.estimate.arrays import merge_ties
from caseseries.estimate.proportion import interval

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
