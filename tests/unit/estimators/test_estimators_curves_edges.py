"""Curves of very small cohorts: no events, one subject, all tied, rounding, late entry, landmark, bands."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import nnls

from caseseries.estimators import (
    cumulative_incidence,
    follow_up,
    incidence_quantile,
    interval,
    kaplan_meier,
    landmark,
    number_at_risk,
    quantile,
    restricted_mean,
    time_lost,
    turnbull,
)
from caseseries.estimators.arrays import NOTHING_VARIED
from caseseries.estimators.survival import normal_limits

# Worked by hand: ten women, causes 1 response, 2 delivery, 3 rescue, with ties at days 5 and 14.
TIMES = [3, 5, 5, 7, 9, 10, 12, 14, 14, 14]
CAUSES = [1, 1, 2, 1, 0, 3, 1, 0, 0, 2]


def test_competing_risks_by_hand():
    curve = cumulative_incidence(TIMES, CAUSES)
    at = curve.set_index(["cause", "time"])["incidence"]
    assert at[1].loc[[3, 5, 7, 10, 12]].tolist() == pytest.approx([0.1, 0.2, 0.3, 0.3, 0.42])
    assert [at[cause][14] for cause in (1, 2, 3)] == pytest.approx([0.42, 0.22, 0.12])


def test_naive_curve_overstates_response():
    naive = kaplan_meier(TIMES, (np.array(CAUSES) == 1).astype(int))
    assert 1 - naive["survival"].iloc[-1] == pytest.approx(0.4857, abs=5e-5)


def test_area_under_incidence_by_hand():
    lost = time_lost(TIMES, CAUSES, 14)
    assert lost.estimate == pytest.approx(2.94)
    assert 0 <= lost.lower < lost.estimate < lost.upper <= 14


def test_area_with_one_cause_is_the_rest_of_the_restricted_mean():
    event = (np.array(CAUSES) == 1).astype(int)
    mean, lost = restricted_mean(TIMES, event, 14), time_lost(TIMES, event, 14)
    assert lost.estimate == pytest.approx(14 - mean.estimate)
    assert lost.std_error == pytest.approx(mean.std_error)


def test_band_with_one_cause_is_that_of_kaplan_meier():
    event = (np.array(CAUSES) == 1).astype(int)
    survival, incidence = kaplan_meier(TIMES, event), cumulative_incidence(TIMES, event)
    np.testing.assert_allclose(incidence["std_error"], survival["std_error"], atol=1e-14)
    np.testing.assert_allclose(incidence["lower"], 1 - survival["upper"], atol=1e-14)
    np.testing.assert_allclose(incidence["upper"], 1 - survival["lower"], atol=1e-14)


def test_no_event():
    curve = kaplan_meier([3, 5, 9], [0, 0, 0])
    assert (curve["survival"] == 1).all()
    assert curve[["lower", "upper"]].isna().all(axis=None)
    median = quantile(curve, 0.5)
    assert np.isnan([median.estimate, median.lower, median.upper]).all()
    mean = restricted_mean([3, 5, 9], [0, 0, 0], 9)
    assert (mean.estimate, mean.std_error) == (9, 0)
    incidence = cumulative_incidence([3, 5, 9], [0, 0, 0])
    assert (incidence["cause"] == 1).all()
    assert (incidence["incidence"] == 0).all()


def test_a_cohort_without_responders_still_has_a_flat_curve():
    curve = cumulative_incidence([3, 5, 9], [2, 0, 2])
    assert (curve.loc[curve["cause"] == 1, "incidence"] == 0).all()
    assert curve.loc[curve["cause"] == 2, "incidence"].iloc[-1] == pytest.approx(1)


def test_one_subject():
    curve = kaplan_meier([4], [1])
    assert curve["survival"].tolist() == [0]
    assert quantile(curve, 0.5).estimate == 4
    assert cumulative_incidence([4], [1])["incidence"].tolist() == [1]
    assert restricted_mean([4], [1], 28).estimate == 4


def test_all_tied():
    curve = cumulative_incidence([7] * 4, [1, 1, 2, 0])
    assert curve["incidence"].tolist() == [0.5, 0.25]
    survival = kaplan_meier([7] * 4, [1, 1, 0, 0])
    assert (survival["at_risk"].iloc[0], survival["events"].iloc[0], survival["survival"].iloc[0]) == (4, 2, 0.5)


def test_certainty_is_not_missed_by_rounding():
    curve = cumulative_incidence([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 1, 0, 0, 1, 1, 1, 1])
    last = curve.iloc[-1]
    assert (last["incidence"], last["std_error"]) == (1, 0)
    assert last[["lower", "upper"]].isna().all()


def test_day_zero_counts():
    curve = kaplan_meier([0, 0, 3], [1, 0, 1])
    assert curve["time"].tolist() == [0, 3]
    assert curve["survival"].tolist() == pytest.approx([2 / 3, 0])


def test_order_of_rows_and_repetition_change_nothing():
    order = np.random.default_rng(1).permutation(len(TIMES))
    first = cumulative_incidence(TIMES, CAUSES)
    second = cumulative_incidence(np.array(TIMES)[order], np.array(CAUSES)[order])
    pd.testing.assert_frame_equal(first, second, check_exact=True)


@pytest.mark.parametrize("scale", [1.0, 0.1])
def test_times_equal_but_for_rounding_are_one(scale):
    curve = kaplan_meier([0.1 * scale + 0.2 * scale, 0.3 * scale, 1], [0, 1, 1])
    assert curve["at_risk"].tolist() == [3, 1]


def test_whole_and_continuous_times_go_the_same_way():
    rng = np.random.default_rng(5)
    time, cause = rng.integers(0, 40, 300), rng.integers(0, 3, 300)
    whole = cumulative_incidence(time, cause)
    shifted = cumulative_incidence(time + 0.5, cause)
    pd.testing.assert_frame_equal(whole.drop(columns="time"), shifted.drop(columns="time"))


def test_median_in_the_middle_of_a_flat_piece():
    drops_again = kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1])
    assert quantile(drops_again, 0.5).estimate == 2.5
    stays = kaplan_meier([1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 0, 0])
    assert quantile(stays, 0.5).estimate == 4.5


def test_late_entry_is_at_risk_only_from_then_on():
    curve = kaplan_meier([2, 4, 6], [1, 1, 1], entry=[0, 3, 0])
    assert curve["at_risk"].tolist() == [2, 2, 1]
    assert curve["survival"].tolist() == pytest.approx([0.5, 0.25, 0])
    counted = number_at_risk([2, 4, 6], [1, 1, 1], [1, 4], entry=[0, 3, 0])
    assert counted["at_risk"].tolist() == [2, 2]


def test_nobody_at_risk_before_a_late_entry_leaves_the_curve_defined():
    curve = cumulative_incidence([2, 6], [1, 1], entry=[0, 4])
    assert curve["incidence"].tolist() == [1, 1]
    assert not curve["incidence"].isna().any()


def test_no_event_gives_no_interval_of_an_area():
    """An interval without width would say that the mean is known for certain."""
    mean = restricted_mean([3, 5, 9], [0, 0, 0], 9)
    area = time_lost([3, 5, 9], [0, 2, 0], 9)
    assert (mean.estimate, area.estimate) == (9, 0)
    tied = restricted_mean([7] * 4, [1] * 4, 7)
    for found in (mean, area, tied, time_lost([7] * 4, [1] * 4, 9)):
        assert found.std_error == 0
        assert np.isnan([found.lower, found.upper]).all()
        assert found.note == "no interval: nothing varied"


def test_reverse_follow_up():
    curve = follow_up(TIMES, CAUSES)
    pd.testing.assert_frame_equal(curve, kaplan_meier(TIMES, (np.array(CAUSES) == 0).astype(int)))


def test_landmark_starts_both_groups_alike():
    frame = landmark([5, 20, 30, 40], [0, 1, 0, 2], [np.nan, 3, 14, 15], 14)
    assert frame["subject"].tolist() == [1, 2, 3]
    assert frame["time"].tolist() == [6, 16, 26]
    assert frame["group"].tolist() == [1, 1, 0]  # a response after the landmark counts as none
    assert frame["event"].tolist() == [1, 0, 2]


def test_numbers_at_risk():
    frame = number_at_risk(TIMES, CAUSES, [0, 5, 14, 20])
    assert frame["at_risk"].tolist() == [10, 9, 3, 0]
    assert frame["events"].tolist() == [0, 3, 7, 7]
    assert frame["censored"].tolist() == [0, 0, 3, 3]


def test_turnbull_of_shared_visit_days():
    curve = turnbull([0, 3, 3, 5, 7, 7, 14, 0], [3, 7, 7, 10, 14, np.inf, np.inf, 7])
    assert curve[["left", "right"]].to_numpy().tolist() == [[0, 3], [5, 7], [7, 10], [14, np.inf]]
    assert curve["mass"].tolist() == pytest.approx([0.1594, 0.4198, 0.2430, 0.1778], abs=5e-5)


def test_turnbull_of_exact_and_censored_times_is_kaplan_meier():
    curve = turnbull([3, 5, 5, 7], [3, 5, np.inf, 7])
    survival = kaplan_meier([3, 5, 5, 7], [1, 1, 0, 1])
    assert curve["right"].tolist() == [3, 5, 7]
    assert (1 - curve["mass"].cumsum()).tolist() == pytest.approx(survival["survival"].tolist(), abs=1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_few_and_many_intervals_are_solved_alike(seed):
    """The least squares of a Newton step, full rank and not, from any guess: ours and scipy's."""
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(1, 25), rng.integers(1, 15)
    design = rng.normal(size=(rows, columns)) if seed % 2 else rng.integers(0, 2, (rows, columns)) - rng.random()
    design, target = np.vstack((design, np.ones(columns))), np.append(np.zeros(rows), 1.0)
    ours = interval.least_squares(design, target, rng.random(columns) * (rng.random(columns) > 0.3))
    theirs = nnls(design, target)[0]
    assert ours.min() >= 0
    fits = [np.linalg.norm(design @ found - target) for found in (ours, theirs)]
    assert fits[0] == pytest.approx(fits[1], abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_turnbull_is_the_same_by_either_way(monkeypatch, seed):
    rng = np.random.default_rng(seed)
    left = rng.integers(0, 12, 40) * 7
    right = np.where(rng.random(40) < 0.3, np.inf, left + rng.integers(0, 4, 40) * 7)
    here = turnbull(left, right)
    monkeypatch.setattr(interval, "FEW", 0)
    pd.testing.assert_frame_equal(here, turnbull(left, right), rtol=0, atol=1e-10)


@pytest.mark.parametrize(("left", "right"), [([4, 4], [np.inf, np.inf]), ([0], [9]), ([7, 7], [7, 7])])
def test_turnbull_with_one_place_for_all_mass(left, right):
    curve = turnbull(left, right)
    assert curve.to_numpy().tolist() == [[left[0], right[0], 1]]


def test_the_quantile_of_an_incidence_is_the_first_day_on_which_it_is_reached():
    """R survival 3.5-3: pstate of survfit(Surv(time, factor(cause, 0:2)) ~ 1) is 0.4167 from day 10 and 0.5833 from
    day 14 (times made up); R reads no quantile of it. Limits: the days on which the band reaches a half.
    """
    time = [3, 5, 7, 7, 9, 10, 12, 14, 14, 20, 21, 28]
    curve = cumulative_incidence(time, [1, 1, 1, 2, 1, 1, 2, 1, 1, 0, 1, 0])
    own = curve[curve["cause"] == 1]
    assert own.set_index("time")["incidence"][[10, 14]].tolist() == pytest.approx([0.41666667, 0.58333333])
    median = incidence_quantile(own, 0.5)
    assert (median.estimate, median.lower) == (14, own.loc[own["upper"] >= 0.5, "time"].min())
    assert np.isnan(median.upper) and own["lower"].max() < 0.5
    assert np.isnan(incidence_quantile(own, 0.75).estimate)


def test_the_quantile_of_an_incidence_is_kaplan_meiers_where_nothing_competes():
    time, event = [3, 5, 7, 9, 9, 12, 14, 20], [1, 1, 0, 1, 0, 1, 1, 0]
    for p in (0.25, 0.5, 0.75):
        theirs, ours = quantile(kaplan_meier(time, event), p), incidence_quantile(cumulative_incidence(time, event), p)
        assert [ours.estimate, ours.lower, ours.upper] == pytest.approx(
            [theirs.estimate, theirs.lower, theirs.upper], nan_ok=True
        )


def test_limits_of_a_median_are_the_first_days_of_flat_pieces_though_rounding_bends_them():
    """29 of 48 on day 7, then only others: the band is flat from there but for the last bits of its numbers."""
    others = {20: 1, 22: 1, 27: 1, 57: 1, 59: 1, 61: 1, 64: 1, 68: 1, 70: 2, 71: 1, 72: 1, 73: 1, 78: 1, 80: 1, 84: 4}
    time = [7] * 29 + [day for day, count in others.items() for _ in range(count)]
    for competing in range(len(time) - 29):
        cause = [1] * 29 + [2] * competing + [0] * (len(time) - 29 - competing)
        curve = cumulative_incidence(time, cause)
        median = incidence_quantile(curve[curve["cause"] == 1], 0.5)
        assert (median.estimate, median.lower) == (7, 7)
        assert np.isnan(median.upper)


@pytest.mark.parametrize("days", [1, 365])
def test_limits_of_an_area_end_at_0_and_at_its_end_in_any_unit_of_time(days):
    """0.5 -+ 1.96 x 0.4 and 9.5 -+ 1.96 x 0.4 of 10."""
    unit = 1 / days
    low = normal_limits(0.5 * unit, 0.16 * unit**2, 10 * unit, 8, 0.95)
    assert low[:3] == pytest.approx((0.4 * unit, 0, 1.283986 * unit), rel=1e-6)
    high = normal_limits(9.5 * unit, 0.16 * unit**2, 10 * unit, 8, 0.95)
    assert high[1:3] == pytest.approx((8.716014 * unit, 10 * unit), rel=1e-6)


@pytest.mark.parametrize("tau", [1e-3, 1.0, 1e3])
def test_what_counts_as_no_spread_follows_the_unit_of_time(tau):
    assert normal_limits(tau / 2, 1e-14 * tau**2, tau, 4, 0.95)[3] == NOTHING_VARIED
    assert normal_limits(tau / 2, 1e-10 * tau**2, tau, 4, 0.95)[3] == ""
