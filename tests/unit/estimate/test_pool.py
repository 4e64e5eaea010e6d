"""Which cohorts may be pooled, and what the pool stage writes."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from caseseries.estimate.earlier import ANALYSIS
from caseseries.estimate.pool import member_counts, pool_cohorts
from caseseries.estimators.earlier import earlier_rates, update
from caseseries.model.cohort import Cohort
from caseseries.model.config import Config, Pool
from caseseries.model.findings import BadInput
from caseseries.model.layout import Layout
from caseseries.model.methods import METHODS
from caseseries.model.pooling import check_pool
from caseseries.model.results import ESTIMATES, write_table
from caseseries.recompute.pooled import pooled_rows
from caseseries.report.across_section import new_series_sentence
from unit.some_cohort import FIELDS


def cohorts(**overrides):
    """Three cohorts, some with further keys."""
    return {name: Cohort.model_validate(FIELDS | {"id": name} | overrides.get(name, {})) for name in ("a", "b", "c")}


def pool(*members):
    """A pool of whole cohorts."""
    return Pool(id="some", title="Some", members=[{"cohort": member} for member in members])


SHARED = "a and b may share patients and must not be pooled together"


@pytest.mark.parametrize(
    ("overrides", "rule"),
    [
        ({"a": {"overlaps": ["b"]}}, "a and b may share patients and must not be pooled together"),
        (
            {"a": {"overlaps": ["b"]}, "b": {"overlaps": ["a"]}},
            "a and b may share patients and must not be pooled together",
        ),
        ({"b": {"overlaps": ["a"]}}, "a and b may share patients and must not be pooled together"),
        ({"a": {"stratum": "case_reports"}}, "the cases of a were selected to be written up and must not be pooled"),
        ({"b": {"selected_for": "success"}}, "the cases of b were selected by their outcome and must not be pooled"),
    ],
)
def test_what_must_not_be_pooled_is_refused(overrides, rule):
    findings = check_pool(pool("a", "b"), cohorts(**overrides))
    assert [finding.rule for finding in findings] == [rule]


def test_patients_are_shared_pair_by_pair():
    """b may share patients with a and with c, as where it draws on both; that says nothing of a and c."""
    known = cohorts(b={"overlaps": ["a", "c"]})
    rules = [finding.rule for finding in check_pool(pool("a", "b", "c"), known)]
    assert rules == [f"{pair} may share patients and must not be pooled together" for pair in ("a and b", "b and c")]
    assert check_pool(pool("a", "c"), known) == []


def write_rates(folder: Path, counts: dict[str, tuple[int, int]], groups=("all",), unknown=0) -> Layout:
    """Results with one rate a cohort and group."""
    layout = Layout(results=folder)
    for name, (events, n) in counts.items():
        rows = [
            {
                "cohort": name,
                "group": group,
                "definition": "as_reported",
                "analysis": "primary",
                "statistic": "response_rate",
                "events": events,
                "n": n,
                "not_evaluable": unknown,
            }
            for group in groups
        ]
        write_table(pd.DataFrame(rows).reindex(columns=list(ESTIMATES)), layout.estimates(name), ESTIMATES)
    return layout


def test_pool_holds_members_main_result_sensitivity_and_one_row_for_each_left_out(tmp_path):
    layout = write_rates(tmp_path, {"a": (23, 31), "b": (17, 33), "c": (2, 4)})
    frame = pool_cohorts(pool("a", "b", "c"), layout, Config(cohorts=["a", "b", "c"]))
    rates = frame[frame["statistic"] == "pooled_rate"].set_index("analysis")["estimate"]
    assert set(rates.index) == {"main", "inverse_variance", "leave_out"}
    left_out = frame.loc[frame["analysis"] == "leave_out", "contrast"]
    assert list(left_out) == ["without a", "without b", "without c"]
    assert rates["main"] == pytest.approx(0.6178, abs=5e-5)
    assert set(frame.loc[frame["analysis"] == "member", "cohort"]) == {"a", "b", "c"}
    main = frame[frame["analysis"] == "main"]
    assert set(main["statistic"]) == {"pooled_rate", "prediction_interval", "tau2", "i2", "q", "q_df", "q_p_value"}
    assert set(main["method"]) <= set(METHODS) - {""}
    assert set(main.loc[main["level"].notna(), "statistic"]) == {"pooled_rate", "prediction_interval"}


def test_a_pool_has_the_weights_of_its_members_and_whether_they_differ(tmp_path):
    """metafor 3.8: weights(rma(PLO, REML)) 0.4069, 0.4624, 0.1307; QE 3.632; rma.glmm QE.LRT 3.802, p 0.1494."""
    layout = write_rates(tmp_path, {"a": (23, 31), "b": (17, 33), "c": (2, 4)})
    frame = pool_cohorts(pool("a", "b", "c"), layout, Config(cohorts=["a", "b", "c"]))
    weights = frame[frame["statistic"] == "weight"].set_index("cohort")["estimate"]
    assert dict(weights) == pytest.approx({"a": 0.40694651, "b": 0.46239478, "c": 0.13065871}, abs=1e-6)
    tests = {(row.analysis, row.statistic): row.estimate for row in frame.itertuples()}
    assert tests["main", "q"] == pytest.approx(3.8017882, abs=1e-6)
    assert (tests["main", "q_df"], tests["main", "q_p_value"]) == (2, pytest.approx(0.1494349, abs=1e-6))
    assert tests["inverse_variance", "q"] == pytest.approx(3.6320078, abs=1e-6)


def test_a_pool_that_is_not_modelled_has_no_weights(tmp_path):
    layout = write_rates(tmp_path, {"a": (4, 4), "b": (5, 5)})
    frame = pool_cohorts(pool("a", "b"), layout, Config(cohorts=["a", "b"]))
    assert not {"weight", "q", "q_df", "q_p_value"} & set(frame["statistic"])


def test_rows_of_a_pool_say_whose_cases_they_are(tmp_path):
    layout = write_rates(tmp_path, {"a": (23, 31), "b": (17, 33), "c": (2, 4)}, unknown=2)
    frame = pool_cohorts(pool("a", "b", "c"), layout, Config(cohorts=["a", "b", "c"]))
    frame["analysis"] = frame["contrast"].where(frame["contrast"].notna(), frame["analysis"])
    frame = frame.set_index("analysis")
    assert set(frame.loc["member", "case_set"]) == set(frame.loc["main", "case_set"]) == {"some"}
    assert set(frame.loc["member", "not_evaluable"]) == {2}
    assert set(frame.loc["main", "not_evaluable"]) == {6}
    left = frame.loc["without b"]
    assert (left["case_set"], left["events"], left["n"], left["not_evaluable"]) == ("some without b", 25, 35, 4)


def test_two_groups_of_a_cohort_are_left_out_by_name(tmp_path):
    layout = write_rates(tmp_path, {"a": (23, 31), "b": (17, 33)}, groups=("rhTPO", "IVIg", "all"))
    members = [{"cohort": "a", "group": "rhTPO"}, {"cohort": "a", "group": "IVIg"}, {"cohort": "b"}]
    frame = pool_cohorts(Pool(id="some", title="S", members=members), layout, Config(cohorts=["a", "b"]))
    left_out = frame.loc[frame["analysis"] == "leave_out", "contrast"]
    assert list(left_out) == ["without a, rhTPO", "without a, IVIg", "without b"]


def test_two_cohorts_have_no_prediction_interval_and_none_is_left_out(tmp_path):
    layout = write_rates(tmp_path, {"a": (23, 31), "b": (17, 33)})
    frame = pool_cohorts(pool("a", "b"), layout, Config(cohorts=["a", "b"]))
    assert "prediction_interval" not in set(frame["statistic"])
    assert not (frame["analysis"] == "leave_out").any()


@pytest.fixture(scope="module")
def beside(tmp_path_factory):
    """A pool whose new series is c, and its rows; a further group of c says nothing of it."""
    counts = {"a": (23, 31), "b": (17, 33), "c": (2, 4)}
    layout = write_rates(tmp_path_factory.mktemp("pool"), counts, groups=("all", "late"))
    members = [{"cohort": name} for name in counts] + [{"cohort": "c", "group": "late"}]
    chosen = Pool(id="some", title="S", members=members, new_series={"cohort": "c"})
    return chosen, pool_cohorts(chosen, layout, Config(cohorts=list(counts))), layout


def test_a_new_series_stands_beside_the_other_cohorts_and_moves_no_rate(beside):
    chosen, frame, layout = beside
    rows = frame[frame["analysis"] == ANALYSIS].set_index("statistic")
    given = earlier_rates([23, 17], [31, 33])
    assert rows.loc["prior_rate", "estimate"] == pytest.approx(given.mean)
    assert rows.loc["with_earlier_rate", "estimate"] == pytest.approx(update(given, 2, 4).mean)
    assert rows.loc["prior_effective_size", "estimate"] == pytest.approx(given.effective_size)
    assert set(rows["contrast"]) == {"c"} and set(rows["n"]) == {4}
    without = pool_cohorts(chosen.model_copy(update={"new_series": None}), layout, Config(cohorts=["a", "b", "c"]))
    pd.testing.assert_frame_equal(frame[frame["analysis"] != ANALYSIS].reset_index(drop=True), without)


def test_sums_with_scipy_give_what_stands_beside_the_others(beside):
    _, frame, _ = beside
    found = [(row, one) for row, one in pooled_rows(frame, 0.95) if row["analysis"] == ANALYSIS]
    assert {row["statistic"] for row, _ in found} == {
        *(f"{name}_rate" for name in ("prior", "alone", "with_earlier")),
        "vague_share",
        "prior_predictive_p",
    }
    for row, one in found:
        for name in ("estimate", "std_error", "lower", "upper"):
            if not np.isnan(getattr(one, name)):
                assert row[name] == pytest.approx(getattr(one, name), abs=1e-3)


def test_the_report_tells_a_new_series_in_a_line(beside):
    chosen, frame, _ = beside
    said = new_series_sentence(chosen, frame)
    assert said.startswith("Apart from these rates, and mixed into none: what 2 other series say of C is worth about")
    assert "without it 50 % (15 to 85 %); C does not contradict them" in said
    assert new_series_sentence(chosen.model_copy(update={"new_series": None}), frame) == ""
    far = frame.assign(estimate=frame["estimate"].where(frame["statistic"] != "prior_predictive_p", 0.01))
    assert "C contradicts them (1.0 % of series would lie so far out)" in new_series_sentence(chosen, far)


def test_member_without_a_rate_is_named_with_the_groups_that_have_one(tmp_path):
    layout = write_rates(tmp_path, {"a": (23, 31), "b": (0, 0)})
    chosen = Pool(id="some", title="S", members=[{"cohort": "a", "group": "control"}, {"cohort": "b"}])
    with pytest.raises(BadInput) as caught:
        member_counts(chosen, layout)
    assert "a has no evaluable case under as_reported in group control (for example: groups with a rate: all)" in str(
        caught.value
    )
    assert "b has no evaluable case under as_reported in group all" in str(caught.value)
