"""Comparisons: refused in words where data are too few, made where they are not."""

import numpy as np
import pytest

from caseseries.estimators import boschloo, compare, firth_cox, firth_logistic, fisher, gray_test, log_rank
from caseseries.estimators.compare import FEWEST_EVENTS, SMALLEST_GROUP, fisher_statistic
from caseseries.estimators.regression import EVENTS_PER_PARAMETER, logistic_model

rng = np.random.default_rng(11)
TIME = rng.integers(1, 60, 40)
CAUSE = rng.choice([0, 1, 1, 2, 2], 40)
GROUP = np.array(["romiplostim", "eltrombopag"] * 20)


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (log_rank([1, 2, 3, 4], [1, 0, 1, 1], list("aabb")), "the smallest group has 2 subjects, fewer than 5"),
        (log_rank([1, 2, 3, 4], [1, 0, 1, 1], list("abbb")), "the smallest group has 1 subject, fewer than 5"),
        (log_rank(range(1, 11), [1, 0] * 5, list("ab") * 5), "5 events in all, fewer than 10"),
        (log_rank(range(1, 11), [1] * 10, ["a"] * 10), "there is one group only"),
        (gray_test(range(1, 11), [1] + [2] * 9, list("ab") * 5), "1 event of interest in all, fewer than 10"),
        (fisher(2, 2, 0, 2), "with 2 and 2 subjects and 2 events in all, no result could reach p < 0.05"),
        (fisher(1, 20, 0, 19), "with 20 and 19 subjects and 1 event in all, no result could reach p < 0.05"),
        (fisher(0, 9, 0, 9), "with 9 and 9 subjects and 0 events in all, no result could reach p < 0.05"),
        (boschloo(1, 1, 0, 3), "with 1 and 3 subjects, no result could reach p < 0.05"),
        (boschloo(0, 0, 2, 4), "with 0 and 4 subjects, no result could reach p < 0.05"),
    ],
)
def test_too_few_to_compare(result, reason):
    assert result.refused == f"not compared: {reason}"
    assert np.isnan(result.statistic)
    assert np.isnan(result.p_value)


EARLY = np.array(["left early"] * 6 + ["stayed"] * 14)
DAY = np.append(np.linspace(0.1, 0.6, 6), np.arange(1, 15))
EVENT = np.append(np.zeros(6, int), np.ones(14, int))


@pytest.mark.parametrize("test", [log_rank, gray_test])
@pytest.mark.parametrize(
    ("time", "event", "group"),
    [
        (DAY, EVENT, EARLY),  # all of one group were censored before the first event
        (np.append(DAY, DAY[6:] + 0.5), np.append(EVENT, EVENT[6:]), np.append(EARLY, ["third"] * 14)),
        (np.ones(20), np.ones(20, int), ["a", "b"] * 10),  # everybody had the event at once
    ],
)
def test_events_that_cannot_tell_groups_apart(test, time, event, group):
    found = test(time, event, group)
    assert found.refused == "not compared: a group was never at risk beside another when an event could tell them apart"
    assert np.isnan(found.p_value)


def test_a_stratum_that_tells_nothing_leaves_the_others():
    alone = log_rank(TIME, CAUSE == 1, GROUP)
    more = log_rank(
        np.append(TIME, DAY),
        np.append(CAUSE == 1, EVENT),
        np.append(GROUP, np.where(EARLY == "stayed", *sorted(set(GROUP)))),
        strata=["x"] * 40 + ["y"] * 20,
    )
    assert more.statistic == pytest.approx(alone.statistic)


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (firth_logistic([1, 0, 1, 0], [31, 28, 40, 35]), "2 responders for 1 coefficient, fewer than 5 for each"),
        (firth_logistic([1] * 9 + [0], range(10)), "1 non-responder for 1 coefficient, fewer than 5 for each"),
        (firth_logistic([1, 0] * 8, list("abc") * 5 + ["a"]), "8 responders for 2 coefficients, fewer than 5 for each"),
        (firth_logistic([1, 0] * 8, [1] * 16), "the predictor has one value only"),
        (firth_logistic([1, 0] * 8, ["a"] * 16), "the predictor has one value only"),
        (firth_cox([1, 2, 3, 4], [1, 0, 1, 1], [1, 2, 3, 4]), "3 events for 1 coefficient, fewer than 5 for each"),
    ],
)
def test_too_few_events_per_parameter(result, reason):
    assert result.refused == f"not fitted: {reason}"
    assert result.terms.empty


def test_the_stated_sizes_are_those_of_the_rules():
    n = SMALLEST_GROUP
    assert log_rank(range(1, 2 * n + 1), [1] * 2 * n, list("ab") * n).refused == ""
    assert 2 * n == FEWEST_EVENTS
    k = EVENTS_PER_PARAMETER
    assert firth_logistic([1, 0] * k, list(range(2 * k))).refused == ""
    assert firth_logistic([1, 0] * (k - 1), list(range(2 * k - 2))).refused != ""


def test_groups_swapped_change_nothing():
    event = (CAUSE == 1).astype(int)
    other = np.where(GROUP == "romiplostim", "a", "z")
    assert log_rank(TIME, event, GROUP).p_value == pytest.approx(log_rank(TIME, event, other).p_value)
    assert gray_test(TIME, CAUSE, GROUP).p_value == pytest.approx(gray_test(TIME, CAUSE, other).p_value)
    assert fisher(8, 12, 2, 11).p_value == pytest.approx(fisher(2, 11, 8, 12).p_value)
    assert boschloo(8, 12, 2, 11).p_value == pytest.approx(boschloo(2, 11, 8, 12).p_value, abs=1e-6)


def test_gray_takes_the_event_by_name_of_its_argument():
    first, second = gray_test(TIME, CAUSE, GROUP), gray_test(TIME, CAUSE, GROUP, of_interest=2)
    assert first.refused == second.refused == ""
    assert first.statistic != second.statistic
    assert second.method == "Gray's test, cause 2"


def test_gray_without_competing_events_is_close_to_log_rank():
    time = rng.permutation(np.arange(1, 201))
    group = np.where(np.arange(200) % 2, "a", "b")
    event = np.ones(200, dtype=int)
    assert gray_test(time, event, group).statistic == pytest.approx(log_rank(time, event, group).statistic, rel=0.05)


def test_stratified_tests_say_so():
    event = (CAUSE == 1).astype(int)
    strata = np.repeat(["first", "second"], 20)
    found = log_rank(TIME, event, GROUP, strata, rho=1)
    assert found.method == "Fleming-Harrington, rho = 1, stratified"
    assert gray_test(TIME, CAUSE, GROUP, strata=strata).method == "Gray's test, cause 1, stratified"


@pytest.mark.parametrize("table", [[[3, 1], [1, 3]], [[6, 0], [4, 8]], [[0, 7], [5, 3]], [[16, 15], [8, 23]]])
def test_fisher_is_that_of_scipy(table):
    from scipy.stats import fisher_exact
    from scipy.stats.contingency import odds_ratio

    found = fisher_statistic(np.array(table))
    assert found.p_value == pytest.approx(fisher_exact(table).pvalue, rel=1e-12)
    assert found.statistic == pytest.approx(odds_ratio(table).statistic, rel=1e-6)


def test_odds_ratio_of_a_table_without_events_is_not_defined():
    assert np.isnan(fisher_statistic(np.array([[0, 7], [0, 5]])).statistic)


def test_strata_of_one_kind_change_nothing():
    event = (CAUSE == 1).astype(int)
    assert log_rank(TIME, event, GROUP, ["all"] * 40).p_value == log_rank(TIME, event, GROUP).p_value


def test_separated_predictor_gives_finite_limits():
    found = firth_logistic([1] * 6 + [0] * 6, [1] * 6 + [0] * 6)
    assert found.refused == ""
    assert np.isfinite(found.terms[["ratio", "lower", "upper", "p_value"]].to_numpy(dtype=float)).all()
    assert found.terms["lower"].item() > 1


def test_labels_become_coefficients_against_the_first():
    label = np.resize(["a", "b", "c"], 40)
    found = firth_cox(TIME, np.ones(40, dtype=int), label)
    assert found.terms["term"].tolist() == ["predictor: b", "predictor: c"]


def test_firth_cox_maximises_its_penalised_likelihood():
    """Breslow's partial likelihood with half the log determinant of its information, written out afresh."""
    x = (GROUP == "romiplostim").astype(float)
    event = (CAUSE == 1).astype(int)

    def penalised(beta: float) -> float:
        value, information = 0.0, 0.0
        for t in np.unique(TIME[event == 1]):
            risk, dead = t <= TIME, (t == TIME) & (event == 1)
            weight = np.exp(beta * x[risk])
            mean = np.sum(weight * x[risk]) / weight.sum()
            value += beta * x[dead].sum() - dead.sum() * np.log(weight.sum())
            information += dead.sum() * (np.sum(weight * x[risk] ** 2) / weight.sum() - mean**2)
        return value + 0.5 * np.log(information)

    found = firth_cox(TIME, event, x)
    best = found.terms["coefficient"].item()
    assert penalised(best) >= max(penalised(best - 1e-3), penalised(best + 1e-3))
    drop = penalised(best) - penalised(np.log(found.terms["upper"].item()))
    assert drop == pytest.approx(3.841458820694124 / 2, abs=1e-4)


def test_predictor_that_did_not_vary_when_events_happened():
    """Whoever had the marker was censored before the first event: nothing is known of its effect."""
    found = firth_cox(DAY, EVENT, (EARLY == "stayed").astype(int))
    assert found.refused == "not fitted: the predictor has one value only among those at risk at every event"


@pytest.mark.parametrize(("factor", "shift"), [(1e-7, 0), (1e7, 0), (1, 2010)])
def test_unit_and_origin_of_the_predictor_change_nothing_but_the_coefficient(factor, shift):
    x = np.random.default_rng(3).normal(size=40)
    for fit in (lambda z: firth_logistic(CAUSE == 1, z), lambda z: firth_cox(TIME, CAUSE == 1, z)):
        first, second = (found.terms.iloc[0] for found in (fit(x), fit(x * factor + shift)))
        assert second["coefficient"] * factor == pytest.approx(first["coefficient"], rel=1e-6)
        assert second["std_error"] * factor == pytest.approx(first["std_error"], rel=1e-6)
        if factor >= 1:  # else the ratio for one unit is beyond all numbers
            assert np.log(second["upper"]) * factor == pytest.approx(np.log(first["upper"]), rel=1e-5)
        assert second["p_value"] == pytest.approx(first["p_value"], rel=1e-5)


def test_a_model_that_cannot_converge_says_so():
    import pandas as pd

    twice = pd.DataFrame({"x": [1e308, 0] * 6, "y": [1e308, 0] * 6})
    found = logistic_model(np.array([1, 0] * 6), twice, 0.95, "")
    assert found.refused == "not fitted: the iteration did not converge"


TWO, THREE = ["a"] * 6 + ["b"] * 6, ["a"] * 6 + ["b"] * 6 + ["c"] * 6


@pytest.mark.parametrize(
    ("time", "cause", "group", "statistic", "df"),
    [
        (range(1, 13), [1] * 12, TWO, 11.12966, 1),
        (range(1, 19), [1] * 18, THREE, 23.08676, 2),
        ([1] * 5 + [2] * 5, [1] * 10, ["a"] * 5 + ["b"] * 5, 9.0, 1),
        (range(1, 13), [1] * 6 + [2] * 6, TWO, 11.12966, 1),
        ([*range(1, 7)] * 2, [1] * 6 + [0] * 6, TWO, 7.080371, 1),
        (range(1, 13), [1, 1, 1, 1, 1, 0] + [1] * 6, TWO, 7.738775, 1),
        ([1, 2, 3] * 4, [1] * 12, TWO, 0.0, 1),
    ],
)
def test_grays_test_of_groups_that_hardly_meet_is_that_of_r(time, cause, group, statistic, df):
    """R 4.2.2, cmprsk 2.2-11: cuminc(time, cause, group)$Tests[1, ]; times made up."""
    codes = np.unique(group, return_inverse=True)[1]
    found = compare.gray_statistic(np.array(time, float), np.array(cause), codes, np.zeros(len(codes), int), 1, 0)
    assert (found.statistic, found.df) == (pytest.approx(statistic, rel=1e-6), df)


def test_grays_test_is_refused_where_its_variance_cannot_be_had():
    time = np.array([*range(1, 7), *range(7, 13), *range(7, 13)], float)
    codes = np.unique(THREE, return_inverse=True)[1]
    found = compare.gray_statistic(time, np.ones(18, int), codes, np.zeros(18, int), 1, 0)
    assert found.refused.startswith("not compared: the common incidence had reached 1")
