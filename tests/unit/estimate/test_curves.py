"""Curves of a cohort: names of causes, starts, medians, groups, intervals."""

import numpy as np
import pandas as pd
import pytest

from caseseries.estimate.curves import cause_codes, estimate_curves
from caseseries.model.cohort import Cohort
from caseseries.model.records import Records, empty_table, type_table
from unit.some_cohort import FIELDS


def curves(rows, definition="iwg2009_confirmed", patients=None, outcomes=None, drugs=None, **more):
    """Curves of times given as (time, cause); `outcomes` are rows of outcomes.csv."""
    identifiers = [f"E{number}" for number in range(len(rows))]
    episodes = pd.DataFrame({"episode_id": identifiers, "patient_id": patients or identifiers}, dtype=str)
    if drugs:
        episodes, more = episodes.assign(drug=drugs), more | {"grouped_by": "drug"}
    times = pd.DataFrame(
        {
            "episode_id": identifiers,
            "definition": definition,
            "time": [row[0] for row in rows],
            "cause": [row[1] for row in rows],
            "left": np.nan,
            "right": np.nan,
        }
    )
    timed = type_table("outcomes", pd.DataFrame(outcomes, dtype=str)) if outcomes else empty_table("outcomes")
    records = Records("some-2020", {"episodes": type_table("episodes", episodes), "outcomes": timed})
    return estimate_curves(Cohort.model_validate(FIELDS | more), records, times, 0.95)


BENCHMARK = list(
    zip(
        [3, 5, 5, 7, 9, 10, 12, 14, 14, 14],
        [
            "response",
            "response",
            "delivery",
            "response",
            "censored",
            "rescue",
            "response",
            "censored",
            "censored",
            "delivery",
        ],
        strict=True,
    )
)
"""Ten cases with ties and three causes; incidences by hand (scipy 1.17.1 and statsmodels CumIncidenceRight agree)."""


def incidence(frame, cause):
    """Cumulative incidence of a cause at the end."""
    chosen = frame[(frame["statistic"] == "cumulative_incidence") & (frame["cause"] == cause)]
    return chosen["estimate"].iloc[-1]


def test_competing_causes_share_what_happens():
    frame = curves(BENCHMARK)
    shares = [incidence(frame, cause) for cause in ("response", "delivery", "rescue")]
    assert shares == pytest.approx([0.42, 0.22, 0.12])


def test_area_under_the_incidence_of_response():
    """Area to day 14 by hand: 0.1 x 2 + 0.2 x 2 + 0.3 x 3 + 0.3 x 2 + 0.42 x 2 = 2.94."""
    (row,) = curves(BENCHMARK).query("statistic == 'mean_time_after_event'").itertuples()
    assert (row.estimate, row.time) == (pytest.approx(2.94), 14)
    assert row.lower < row.estimate < row.upper


def test_every_row_says_what_was_computed():
    found = curves(BENCHMARK).drop_duplicates("statistic").set_index("statistic")["method"]
    assert found.to_dict() == {
        "time_of_events": "median and range",
        "survival": "Kaplan-Meier",
        "median_time": "quantile of Aalen-Johansen",
        "cumulative_incidence": "Aalen-Johansen",
        "mean_time_after_event": "area under Aalen-Johansen",
        "median_follow_up": "reverse Kaplan-Meier",
        "came_first": "count",
        "events_so_far": "count",
        "observation_ended": "count",
        "last_day_drawn": "count",
    }


def summary(frame, statistic):
    (row,) = frame[frame["statistic"] == statistic].itertuples()
    return row


def test_running_totals_stand_by_day():
    days = [(2, "response"), (2, "response"), (3, "delivery"), (5, "response"), (5, "censored"), (9, "censored")]
    frame = curves(days)
    by_day = {
        name: list(frame.query(f"statistic == '{name}'")[["time", "events", "n"]].itertuples(index=False, name=None))
        for name in ("events_so_far", "observation_ended")
    }
    assert by_day == {"events_so_far": [(2, 2, 6), (5, 3, 6)], "observation_ended": [(5, 1, 6), (9, 1, 6)]}


def test_the_median_is_that_of_everybody_where_others_come_first():
    """Made up: seven deliveries on day 2, responses on days 5, 6, 7. The incidence ends at 0.3 (R cmprsk 2.2-11,
    cuminc); a curve that censors the deliveries has a median of 6 (R survival 3.5-3, survfit)."""
    frame = curves([(2, "delivery")] * 7 + [(5, "response"), (6, "response"), (7, "response")])
    assert incidence(frame, "response") == pytest.approx(0.3)
    median = summary(frame, "median_time")
    assert np.isnan(median.estimate) and median.method == "quantile of Aalen-Johansen"
    own = summary(frame, "time_of_events")
    assert (own.estimate, own.lower, own.upper, own.events) == (6, 5, 7, 3)
    assert "restricted_mean_time" not in set(frame["statistic"])


def test_the_median_is_kaplan_meiers_where_nothing_competes():
    """R survival 3.5-3: quantile(survfit(Surv(c(3, 5, 7, 9, 12, 14), c(1, 1, 0, 1, 1, 0)) ~ 1, conf.type =
    "log-log"), 0.5) is 9, limits 3 and NA."""
    rows = [(3, "response"), (5, "response"), (7, "censored"), (9, "response"), (12, "response"), (14, "censored")]
    frame = curves(rows)
    median = summary(frame, "median_time")
    assert (median.estimate, median.lower, median.method) == (9, 3, "Brookmeyer-Crowley")
    assert np.isnan(median.upper)
    assert set(frame.loc[frame["statistic"] == "survival", "note"]) == {""}


def test_areas_of_groups_are_taken_up_to_one_day():
    rows = [(day, "response") for day in (4, 9, 30)] + [(day, "censored") for day in (5, 12, 20)]
    drugs = ["A", "A", "A", "B", "B", "B"]
    frame = curves([*rows, (8, "response")], drugs=[*drugs, "B"])
    ends = frame[frame["statistic"] == "restricted_mean_time"].set_index("group")["time"]
    assert ends.to_dict() == {"all": 30, "A": 20, "B": 20}


def test_cases_that_were_selected_have_the_times_of_the_event_and_no_curve():
    rows = [(7, "response"), (14, "response"), (14, "response"), (21, "response")]
    for how in ({"selected_for": "remission that lasted"}, {"stratum": "case_reports"}):
        frame = curves(rows, **how)
        assert set(frame["statistic"]) == {"time_of_events"}
        own = summary(frame, "time_of_events")
        assert (own.estimate, own.lower, own.upper) == (14, 7, 21)


def test_a_mean_without_an_interval_has_its_reason_in_a_note():
    found = curves([(7, "response")] * 4).set_index("statistic").loc["restricted_mean_time"]
    assert (found["method"], found["note"]) == ("area under Kaplan-Meier", "no interval: nothing varied")
    assert np.isnan(found["lower"])


def test_order_of_rows_changes_nothing():
    columns = ["statistic", "cause", "time", "estimate", "lower", "upper"]
    shuffled = [BENCHMARK[place] for place in (9, 2, 4, 0, 7, 1, 8, 3, 6, 5)]
    pd.testing.assert_frame_equal(curves(BENCHMARK)[columns], curves(shuffled)[columns])


def test_causes_have_fixed_codes_and_new_ones_follow_in_alphabetical_order():
    codes, names = cause_codes(pd.Series(["relapse", "death", "recovery", "censored", "abortion"]), "recovery")
    assert names == ["recovery", "death", "abortion", "relapse"]
    assert codes.tolist() == [4, 2, 1, 0, 3]


def test_curve_starts_at_time_zero():
    frame = curves(BENCHMARK)
    first = frame[frame["statistic"] == "survival"].iloc[0]
    assert (first["time"], first["estimate"], first["n"]) == (0, 1, 10)


def test_median_is_missing_where_the_curve_does_not_reach_one_half():
    frame = curves([(5, "response"), (20, "censored"), (20, "censored"), (20, "censored")])
    (median,) = frame[frame["statistic"] == "median_time"].itertuples()
    assert np.isnan(median.estimate)


def test_definition_without_any_event_has_no_curve():
    assert len(curves([(5, "censored"), (9, "delivery")])) == 0


def test_first_episode_of_a_person_stands_for_them():
    frame = curves([(5, "response"), (9, "response")], patients=["P1", "P1"])
    (median,) = frame[frame["statistic"] == "median_time"].itertuples()
    assert (median.n, median.events) == (1, 1)


def test_timed_outcome_is_named_by_its_own_event():
    frame = curves([(5, "recovery"), (9, "relapse")], definition="as_reported_recovery")
    assert incidence(frame, "recovery") == pytest.approx(0.5)


def test_intervals_are_estimated_by_turnbull():
    """(0,3] (3,7] (3,7] (5,10] (7,14] (7,inf) (14,inf) (0,7]: masses 0.1594, 0.4198, 0.2430 (standard example)."""
    bounds = [(0, 3), (3, 7), (3, 7), (5, 10), (7, 14), (7, np.inf), (14, np.inf), (0, 7)]
    names = [f"E{number}" for number in range(8)]
    times = pd.DataFrame(
        {
            "episode_id": names,
            "definition": "as_reported",
            "time": np.nan,
            "cause": ["censored" if np.isinf(right) else "response" for _, right in bounds],
            "left": [left for left, _ in bounds],
            "right": [np.nan if np.isinf(right) else right for _, right in bounds],
        }
    )
    records = Records("some-2020", {"episodes": empty_table("episodes"), "outcomes": empty_table("outcomes")})
    frame = estimate_curves(Cohort.model_validate(FIELDS), records, times, 0.95)
    assert frame["time"].tolist() == [3, 7, 10]
    assert frame["estimate"].tolist() == pytest.approx([0.1594, 0.1594 + 0.4198, 0.1594 + 0.4198 + 0.2430], abs=2e-4)


def test_visits_widen_what_is_known_and_leave_the_main_curve():
    """One response on a known day, two seen at visits a week apart: both readings stand, named apart."""
    times = pd.DataFrame(
        {
            "episode_id": ["E1", "E2", "E3", "E4"],
            "definition": "iwg2009_confirmed",
            "time": [3.0, 14.0, 14.0, 20.0],
            "cause": ["response", "response", "response", "censored"],
            "left": [2.0, 7.0, 7.0, np.nan],
            "right": [3.0, 14.0, 14.0, np.nan],
        }
    )
    records = Records("some-2020", {"episodes": empty_table("episodes"), "outcomes": empty_table("outcomes")})
    frame = estimate_curves(Cohort.model_validate(FIELDS), records, times, 0.95)
    visits = frame[frame["statistic"] == "interval_incidence"]
    assert visits["time"].tolist() == [3, 14]
    assert visits["estimate"].tolist() == pytest.approx([0.25, 0.75])
    assert incidence(frame[frame["analysis"] == "primary"], "response") == pytest.approx(0.75)


def test_who_had_the_event_after_the_last_day_known_before_it_is_counted():
    """Censored for the curve on day 21, and no case without the event for all that."""
    outcomes = [
        {"episode_id": "E0", "outcome": "response", "left_day": "0", "right_day": "7", "cause": "response"},
        {"episode_id": "E1", "outcome": "response", "left_day": "21", "right_day": "", "cause": "response"},
        {"episode_id": "E2", "outcome": "response", "left_day": "", "right_day": "", "cause": "censored"},
    ]
    days = [(7, "response"), (21, "censored"), (21, "censored")]
    (later,) = curves(days, "as_reported", outcomes=outcomes).query("statistic == 'later_events'").itertuples()
    assert (later.events, later.n, later.cause, later.analysis) == (1, 3, "response", "primary")
    assert later.method == "later than the last known day"
    judged = curves(days, "iwg2009_single", outcomes=outcomes)
    assert not (judged["statistic"] == "later_events").any()


def drawn(days, causes):
    row = curves(list(zip(days, causes, strict=True))).set_index("statistic").loc["last_day_drawn"]
    return row["estimate"], row["time"], row["n"]


def test_a_long_flat_end_of_a_few_is_not_drawn():
    many = [*range(1, 20), 20, 1000]
    assert drawn(many, ["response"] * 20 + ["censored"]) == (pytest.approx(23), 1000, 1)
    assert drawn([*many[:-1], 30], ["response"] * 20 + ["censored"]) == (30, 30, 1)


def test_the_long_follow_up_of_many_is_drawn():
    assert drawn([120, 340, 390, 1040], ["response", "censored", "censored", "censored"])[0] == 1040


def test_competing_events_after_the_last_response_are_drawn():
    days, causes = [7, 9, 60, 62, 70], ["response", "response", "delivery", "delivery", "delivery"]
    assert drawn(days, causes)[0] == 70
    days, causes = [*range(1, 41), 40, 200], ["response"] * 30 + ["delivery"] * 11 + ["censored"]
    assert drawn(days, causes)[0] == pytest.approx(1.15 * 37)


def test_who_had_what_first_is_counted():
    found = curves([(7, "response"), (9, "delivery"), (9, "response"), (12, "censored")]).query(
        "statistic == 'came_first'"
    )
    assert dict(zip(found["cause"], found["events"], strict=True)) == {"censored": 1, "response": 2, "delivery": 1}
