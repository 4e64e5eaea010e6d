"""The second opinion: other packages on the same records, and a planted fault that it finds."""

import io
import json

import numpy as np
import pandas as pd
import pytest

from caseseries.cli import main
from caseseries.estimators import (
    cumulative_incidence,
    gray_test,
    inverse_variance,
    kaplan_meier,
    pool_proportions,
    proportion,
    quantile,
    restricted_mean,
    time_lost,
)
from caseseries.estimators.meta_analysis import leave_one_out
from caseseries.estimators.regression import cox_model, logistic_model
from caseseries.model import methods as m
from caseseries.recompute import curves, pooled, proportions, regressions
from caseseries.recompute.opinion import Opinion
from caseseries.recompute.recompute import compare

LEVEL = 0.95


@pytest.mark.parametrize("method", ["wilson", "clopper_pearson", "jeffreys", "mid_p", "blaker"])
@pytest.mark.parametrize("n", [1, 4, 31])
def test_rates(method, n):
    for events in sorted({0, 1, n // 2, n}):
        ours, theirs = proportion(events, n, method=method), proportions.rate(events, n, method, LEVEL)
        assert (theirs.lower, theirs.upper) == pytest.approx((ours.lower, ours.upper), abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_curves_and_what_is_read_from_them(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(8, 50))
    time, cause = rng.integers(1, 30, n).astype(float), rng.integers(0, 3, n)
    cause[0] = 1
    happened = (cause == 1).astype(int)
    survival, theirs = kaplan_meier(time, happened), curves.kaplan_meier(time, happened, LEVEL)
    for row in survival.itertuples():
        found = theirs[row.time]
        assert found.estimate == pytest.approx(row.survival, abs=1e-9)
        assert (found.lower, found.upper) == pytest.approx((row.lower, row.upper), abs=1e-9, nan_ok=True)
    incidence = curves.incidence(time, cause, LEVEL)
    for row in cumulative_incidence(time, cause).itertuples():
        found = incidence[row.cause, row.time]
        assert found.estimate == pytest.approx(row.incidence, abs=1e-9)
        assert found.known or found.std_error == pytest.approx(row.std_error, abs=1e-9)
    median = curves.median(time, happened, LEVEL)
    assert median.known or median.estimate == pytest.approx(quantile(survival, 0.5).estimate, nan_ok=True)
    tau = float(time.max())
    mean = restricted_mean(time, happened, tau).estimate
    assert curves.restricted_mean(time, happened, tau).estimate == pytest.approx(mean)
    assert curves.time_after_event(incidence, tau).estimate == pytest.approx(time_lost(time, cause, tau).estimate)


def test_regressions():
    rng = np.random.default_rng(3)
    x, time, event = rng.normal(size=(40, 1)), rng.integers(1, 30, 40).astype(float), rng.integers(0, 2, 40)
    design = pd.DataFrame({"x": x[:, 0]})
    for ours, theirs in (
        (logistic_model(event, design, LEVEL, "m"), regressions.firth_logistic(event, x, LEVEL)),
        (cox_model(time, event, design, LEVEL, "m"), regressions.firth_cox(time, event, x, LEVEL)),
    ):
        row = ours.terms.iloc[0]
        found = (theirs[0].estimate, theirs[0].lower, theirs[0].upper)
        assert found == pytest.approx((row["ratio"], row["lower"], row["upper"]), rel=1e-4)


@pytest.mark.parametrize(("events", "n"), [([2, 5, 3], [4, 9, 10]), ([4, 0, 7, 3], [4, 5, 12, 9])])
def test_pools(events, n):
    events, n = np.array(events), np.array(n)
    ours, (theirs, spread) = pool_proportions(events, n), pooled.random_intercept(events, n, LEVEL)
    assert (theirs.estimate, theirs.lower, theirs.upper) == pytest.approx(
        (ours.estimate, ours.lower, ours.upper), abs=2e-4
    )
    assert spread.estimate == pytest.approx(ours.tau2, abs=1e-3)
    assert [one.estimate for one in pooled.likelihood_ratio(events, n)] == pytest.approx([ours.q, ours.q_p_value])
    ours, (theirs, spread) = inverse_variance(events, n), pooled.inverse_variance(events, n, LEVEL)
    assert (theirs.estimate, theirs.lower) == pytest.approx((ours.estimate, ours.lower), abs=1e-5)
    assert spread.estimate == pytest.approx(ours.tau2, abs=1e-4)
    assert [one.estimate for one in pooled.cochran(events, n)] == pytest.approx([ours.q, ours.q_p_value])


def test_every_number_of_a_pool_has_a_second_opinion():
    events, n = np.array([4, 0, 7, 3]), np.array([4, 5, 12, 9])
    ours, left_out = pool_proportions(events, n), leave_one_out(events, n)
    about = {"cohort": "pooled", "group": "some", "level": LEVEL, "method": m.RANDOM_INTERCEPT, "case_set": "some"}
    rows = [
        {"cohort": f"c{place}", "analysis": "member", "statistic": "response_rate", "method": m.WILSON}
        | {"events": events[place], "n": n[place], "estimate": events[place] / n[place]}
        for place in range(4)
    ]
    rows += [
        {"analysis": "main", "statistic": "pooled_rate", "estimate": ours.estimate},
        {"analysis": "main", "statistic": "i2", "estimate": ours.i2, "method": m.TYPICAL_VARIANCE},
        {"analysis": "main", "statistic": "prediction_interval", "estimate": ours.estimate, "method": m.PREDICTION},
        *({"analysis": "leave_out", "statistic": "pooled_rate", "estimate": one.estimate} for one in left_out),
    ]
    found = list(pooled.pooled_rows(pd.DataFrame([about | row for row in rows]), LEVEL))
    assert len(found) == len(rows)
    assert [opinion.estimate for _, opinion in found] == pytest.approx([row["estimate"] for row, _ in found], abs=1e-3)
    (reach,) = (opinion for row, opinion in found if row["statistic"] == "prediction_interval")
    assert (reach.lower, reach.upper) == pytest.approx((ours.prediction_lower, ours.prediction_upper), abs=1e-3)


def test_a_difference_is_named_by_its_kind():
    assert compare(0.5, 0.5 + 1e-12, Opinion("scipy"))["agrees"] == "yes"
    assert compare(0.5, 0.51, Opinion("scipy"))["agrees"] == "no"
    assert compare(0.5, float("nan"), Opinion("scipy"))["agrees"] == "no"
    known = compare(0.5, 0.51, Opinion("scipy", known="by rule"))
    assert (known["agrees"], known["note"]) == ("known difference", "by rule")


def test_a_number_that_was_changed_ends_the_stage(tmp_path, capsys):
    settings = json.dumps({"cohorts": ["yu-2023"], "pools": []})
    results = ["--results", str(tmp_path)]
    assert main(["definitions", "write", *results]) == 0
    for verb in ("ingest", "classify", "estimate"):
        assert main([verb, "yu-2023", *results]) == 0
    assert main(["recompute", "--settings", settings, *results]) == 0
    found = pd.read_csv(tmp_path / "restricted" / "recomputed.csv")
    assert set(found["agrees"]) == {"yes"}
    assert {"statsmodels", "scipy"} <= set(found["package"])
    path = tmp_path / "restricted" / "yu-2023" / "estimates.csv"
    true = path.read_text()
    path.write_text(true.replace("0.8499609", "0.8599609").replace("0.8499", "0.8599"))
    capsys.readouterr()
    assert main(["recompute", "--settings", settings, *results]) == 3
    assert "is not what statsmodels makes of the same records" in capsys.readouterr().err
    path.write_text(one_more(true, "adverse_event_rate_best_case", "mother/any"))
    assert main(["recompute", "--settings", settings, *results]) == 3
    assert "adverse_event_rate_best_case of mother/any is not what" in capsys.readouterr().err


def one_more(estimates, statistic, cause):
    """The table with one more event in a rate, its estimate and limits as they then are."""
    table = pd.read_csv(io.StringIO(estimates), dtype=str, keep_default_na=False)
    row = table.index[(table["statistic"] == statistic) & (table["cause"] == cause)][0]
    events, n = int(table.loc[row, "events"]) + 1, int(table.loc[row, "n"])
    rate = proportion(events, n, method="clopper_pearson")
    table.loc[row, ["events", "estimate", "lower", "upper"]] = [
        str(events),
        str(events / n),
        str(rate.lower),
        str(rate.upper),
    ]
    return table.to_csv(index=False)


@pytest.mark.parametrize("codes", [[0, 1, 2], [0, 1], [1, 2], [1]])
def test_grays_test_is_asked_of_the_other_package_also_where_nobody_is_censored(codes):
    """Its own test sees cause 1 as the censored where no 0 occurs."""
    random = np.random.default_rng(1)
    time, cause, group = random.integers(1, 30, 40).astype(float), random.choice(codes, 40), random.integers(0, 2, 40)
    assert curves.gray(time, cause, group).estimate == pytest.approx(gray_test(time, cause, group).p_value, abs=1e-9)


def test_grays_test_of_groups_far_apart():
    """R cmprsk: 11.12966 on 1 df, p = 0.00085."""
    found = curves.gray(np.arange(1.0, 13.0), np.ones(12, int), np.repeat([0, 1], 6))
    assert found.estimate == pytest.approx(0.00085, abs=5e-6)
