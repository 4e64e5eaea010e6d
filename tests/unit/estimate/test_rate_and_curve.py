"""Rate by class and curve by time of the same cases: days tell what came first, and why the two differ is said."""

import pandas as pd
import pytest

from caseseries.model.config import Config
from caseseries.model.results import CLAIMS, read_table
from caseseries.report.speed_section import leading_median, leading_times, rate_and_curve
from caseseries.report.study import read_cohort
from caseseries.response.catalogue import read_catalogue
from unit.response.cohort_folders import Study

EPISODES = "episode_id,pregnant,follow_up_end_day,reported_response,reported_time_to_response\n"
OUTCOMES = "episode_id,outcome,day,cause\n"
EVENTS = "episode_id,day,kind\n"


@pytest.fixture
def study(tmp_path):
    """Made up: A responds, B is delivered before the reported response, C is NR, D responds on a day nobody knows,
    E is NR by class and responds by time, F has a time alone."""
    return Study(
        tmp_path,
        episodes=EPISODES + "A,yes,60,R,14\nB,yes,60,R,14\nC,yes,60,NR,\nD,yes,60,R,\nE,yes,60,NR,\nF,yes,60,,\n",
        outcomes=OUTCOMES + "E,response,50,response\nF,response,7,response\n",
        events=EVENTS + "B,10,delivery\nA,14,delivery\n",
    ).run()


def read_study(study):
    claims, config = pd.DataFrame(columns=list(CLAIMS)), Config(cohorts=[study.name])
    return read_cohort(study.name, study.layout, claims, config, read_catalogue(study.layout))


def alone(study):
    rows = read_table(study.layout.estimates(study.name))
    rows = rows[rows["statistic"].str.endswith("_alone") & (rows["definition"] == "as_reported")]
    return {(row.statistic, row.cause): (row.events, row.n) for row in rows.itertuples()}


def test_what_came_first_is_told_by_the_days_and_the_class_stays(study):
    times = read_table(study.layout.times(study.name))
    own = times[times["definition"] == "as_reported"].set_index("episode_id")
    assert own.loc["B", ["time", "cause"]].tolist() == [10, "delivery"]
    assert own.loc["A", ["time", "cause"]].tolist() == [14, "response"]  # of one day the response comes first
    assert study.classes("as_reported")["B"] == "R"


def test_whom_rate_and_curve_do_not_share_is_counted(study):
    assert alone(study) == {
        ("responders_by_class_alone", "delivery"): (1, 6),
        ("responders_by_class_alone", "no_day"): (1, 6),
        ("responders_by_time_alone", "non_event"): (1, 6),
        ("responders_by_time_alone", "not_evaluable"): (1, 6),
    }


def test_the_report_says_why_they_differ(study):
    found = read_study(study)
    assert rate_and_curve(found, leading_median(found)) == (
        "The rate counts 3 of 5 by class, the curve 3 of 5 by time: in 1 with the class of a response delivery came "
        "first; of 1 with the class of a response no day is known; 1 with a day of response is no responder by class; "
        "1 with a day of response cannot be judged by class."
    )


def test_nothing_is_said_where_they_agree(tmp_path):
    study = Study(tmp_path, episodes=EPISODES + "A,,60,R,14\nB,,60,NR,\n").run()
    found = read_study(study)
    assert alone(study) == {}
    assert rate_and_curve(found, leading_median(found)) == ""


def test_totals_beside_a_curve_of_cases(tmp_path):
    totals = "group,outcome,definition,events,n,unit,origin\nall,response,,29,38,,printed\n"
    outcomes = OUTCOMES + "A,response,14,response\nB,response,60,censored\n"
    study = Study(tmp_path, outcomes=outcomes, aggregates=totals).run()
    found = read_study(study)
    assert rate_and_curve(found, leading_median(found)) == (
        "The rate is of totals in print, 29 of 38; the curve is of the cases whose days are known, 1 of 2."
    )


def test_times_without_classes_make_a_curve_and_a_test(tmp_path):
    """Made up: group a responds on days 1 to 6, b on 7 to 12. Gray's statistic as R cmprsk 2.2-11, cuminc, $Tests."""
    cases = [f"E{day}" for day in range(1, 13)]
    arms = "episode_id,arm\n" + "".join(f"{case},{'ab'[place >= 6]}\n" for place, case in enumerate(cases))
    days = OUTCOMES + "".join(f"{case},response,{day},response\n" for day, case in enumerate(cases, start=1))
    more = "covariates: [{name: arm, label: Arm}]\ngrouped_by: arm\n"
    rows = read_table(Study(tmp_path, more, episodes=arms, outcomes=days).run().layout.estimates("made-up"))
    gray = rows[(rows["method"] == "Gray's test") & (rows["definition"] == "as_reported")]
    assert "11.13" in gray["note"].iloc[0]
    assert gray["estimate"].iloc[0] == pytest.approx(0.00085, abs=5e-6)


UNFOLLOWED = "A,,60,R,14\nB,,60,R,21\nC,,,NR,\nD,,,NR,\nE,,,NR,\n"
OF_TIME = ("survival", "cumulative_incidence", "median_time", "p_value", "hazard_ratio")


def test_a_curve_that_responders_alone_can_enter_is_none(tmp_path):
    """Made up: of those who did not respond nobody wrote how long they were followed."""
    more = "covariates: [{name: arm, label: Arm}]\ngrouped_by: arm\npredictor: arm\n"
    lines = (EPISODES + UNFOLLOWED).splitlines()
    arms = "\n".join(f"{line},{arm}" for line, arm in zip(lines, ["arm", *"ababa"], strict=True)) + "\n"
    study = Study(tmp_path, more, episodes=arms).run()
    rows = read_table(study.layout.estimates(study.name))
    own = rows[(rows["definition"] == "as_reported") & (rows["cause"] == "response") & rows["statistic"].isin(OF_TIME)]
    assert own["group"].tolist() == []
    assert not (rows["method"].isin(["Gray's test", "log-rank"]) & (rows["definition"] == "as_reported")).any()
    assert study.rates("as_reported")["response_rate"] == (2, 5)
    assert leading_times(read_study(study), None) == [
        "Among the 2 with response the median is 18 days, days 14 to 21.",
        "No curve is drawn: how long the 3 patients without response were followed is not recorded, and those with it "
        "alone do not show how soon it comes.",
    ]


def test_a_curve_that_leaves_out_a_failure_says_so(tmp_path):
    study = Study(tmp_path, episodes=EPISODES + UNFOLLOWED.replace("C,,,NR", "C,,60,NR")).run()
    said = leading_times(read_study(study), None)
    assert said[0] == "2 of 3 patients reached response; 1 was observed to the end without it."
    assert (
        "The curve leaves out 2 without response of whom nobody wrote how long they were followed, and so is too high."
        in said
    )
