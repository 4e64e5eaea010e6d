"""Whether a case is evaluable depends on what was recorded, never on how it turned out."""

from __future__ import annotations

import pandas as pd
import pytest

from caseseries.model.definition import Definition
from caseseries.response.classify import classify
from caseseries.response.roles import parts_of, roles_of
from unit.response.cohort_folders import Study
from unit.response.response_records import counts, records

LOW, HIGH = ("8", ((0, 8), (14, 16), (28, 14))), ("11", ((0, 11), (14, 94), (28, 124)))


def tables(cases, recorded="", baseline=True, group=""):
    """episodes.csv and counts.csv of cases (baseline, counts)."""
    episodes, rows = [], []
    for number, (low, pairs) in enumerate(cases, start=1):
        start = low if baseline else ""
        episodes.append(f"E{number},{start},{recorded},56" + (f",{group[number - 1]}" if group else ""))
        rows += [f"E{number},{day},{count}" for day, count in pairs if baseline or day > 0]
    head = "episode_id,baseline,bleeding_recorded,follow_up_end_day" + (",drug" if group else "")
    return {"episodes": "\n".join([head, *episodes]), "counts": "\n".join(["episode_id,day,count", *rows])}


@pytest.fixture(scope="module")
def bleeding_unknown(tmp_path_factory):
    three_and_five = tables([LOW] * 3 + [HIGH] * 5, group="aaabbbbb")
    return Study(tmp_path_factory.mktemp("bleeding"), "grouped_by: drug\n", **three_and_five).run()


IWG = ("iwg2009_confirmed", "iwg2009_single", "iwg2009_confirmed_pair", "iwg2009_attributable_28d")


@pytest.mark.parametrize("definition", IWG)
def test_where_bleeding_is_unknown_failures_alone_make_no_rate(bleeding_unknown, definition):
    assert set(bleeding_unknown.classes(definition).values()) == {"NE"}
    assert bleeding_unknown.rates(definition) == {
        "response_rate": (0, 0),
        "response_rate_best_case": (5, 8),
        "response_rate_worst_case": (0, 8),
    }


def test_the_bounds_of_groups_are_made_of_what_is_known(bleeding_unknown):
    assert bleeding_unknown.rates("iwg2009_confirmed", "a")["response_rate_best_case"] == (0, 3)
    assert bleeding_unknown.rates("iwg2009_confirmed", "b")["response_rate_best_case"] == (5, 5)


def test_what_cannot_be_a_rate_is_in_no_agreement_choice_or_curve(bleeding_unknown):
    agreement = bleeding_unknown.table("agreement")
    assert not {*agreement["first"], *agreement["second"]} & set(IWG)
    choices = bleeding_unknown.table("choices").query("choice == 'bleeding that was not recorded'")
    assert choices.query("analysis == 'one_at_a_time'")[["setting", "events", "n"]].to_numpy().tolist() == [
        ["unknown", 0, 0],
        ["none", 5, 8],
    ]
    spread = bleeding_unknown.table("spread").set_index("definition")
    assert spread.loc["iwg2009_confirmed", ["n", "worst_case", "best_case"]].tolist() == [0, 0, 0.625]
    estimates = bleeding_unknown.table("estimates")
    assert not (estimates["definition"].isin(IWG) & estimates["statistic"].isin(["survival", "rate_difference"])).any()


def test_the_reason_names_the_fact_and_what_the_counts_alone_would_be(bleeding_unknown):
    rows = bleeding_unknown.table("responses").query("definition == 'iwg2009_confirmed'").set_index("episode_id")
    assert rows.loc["E1", "reason"] == "Not evaluable: bleeding was not recorded; NR by its counts alone."
    assert rows.loc["E4", "reason"] == "Not evaluable: bleeding was not recorded; CR remains possible."
    assert rows["decided_class"].tolist() == ["NR"] * 3 + ["NE"] * 5


def test_where_the_baseline_is_unknown_responses_alone_make_no_rate(tmp_path):
    """Of those above 100 CR could be said, which asks for no baseline; of those at 40 nothing."""
    cases = [("9", ((7, 120), (14, 130)))] * 3 + [("9", ((7, 40), (14, 45)))] * 2
    study = Study(tmp_path, **tables(cases, baseline=False)).run()
    assert set(study.classes("kong2017_registry").values()) == {"NE"}
    assert study.rates("kong2017_registry") == {
        "response_rate": (0, 0),
        "response_rate_best_case": (5, 5),
        "response_rate_worst_case": (3, 5),
    }
    assert study.rates("kong2017_abstract")["response_rate"] == (5, 5)


def test_several_episodes_of_a_person_make_no_rate_of_failures_either(tmp_path):
    made = tables([LOW] * 3 + [HIGH] * 5)
    lines = made["episodes"].splitlines()
    persons = ["patient_id,episode_order", *(f"{person},{order}" for person in "ABCD" for order in (1, 2))]
    made["episodes"] = "\n".join(f"{line},{person}" for line, person in zip(lines, persons, strict=True))
    study = Study(tmp_path, **made).run()
    rows = study.table("estimates").query("definition == 'iwg2009_confirmed' and analysis == 'all_episodes'")
    assert rows.loc[rows["statistic"] == "response_rate", "estimate"].isna().all()
    bounds = rows[rows["statistic"] != "response_rate"].set_index("statistic")["estimate"]
    assert bounds.to_dict() == {"response_rate_best_case": 0.625, "response_rate_worst_case": 0}


def test_bleeding_recorded_to_a_day_says_nothing_of_later_counts():
    episode = {"baseline": "10", "bleeding_recorded": "yes", "follow_up_end_day": "60"}
    cohort = records(
        episodes=[
            {"episode_id": "A", **episode, "bleeding_recorded_to": "30"},
            {"episode_id": "B", **episode, "bleeding_recorded_to": "30"},
            {"episode_id": "C", **episode, "bleeding_recorded_to": "30"},
            {"episode_id": "D", **episode, "bleeding_recorded_to": ""},
        ],
        counts=[
            *counts("A", (14, 110), (28, 120)),
            *counts("B", (14, 20), (35, 110), (45, 120)),
            *counts("C", (14, 20), (35, 25), (45, 15)),
            *counts("D", (14, 20), (35, 110), (45, 120)),
        ],
    )
    rows = classify(cohort, [SINGLE]).responses
    assert rows["response_class"].tolist() == ["yes", "NE", "NE", "yes"]
    assert rows["decided_class"].tolist() == ["yes", "NE", "no", "yes"]


BASIS = {"C": "for the test"}
SINGLE = Definition.model_validate(
    {
        "id": "single",
        "label": "single",
        "population": "synthetic",
        "classes": [{"label": "yes", "when": {"some": {"all": [{"ge": 100}, {"bleed_le": 0}]}}, "basis": BASIS}],
        "else": "no",
        "responses": ["yes"],
    }
)
AT_28 = SINGLE.model_copy(
    update={
        "classes": [
            SINGLE.classes[0].model_validate(
                {
                    "label": "yes",
                    "when": {"at": {"all": [{"ge": 100}, {"bleed_le": 0}]}, "day": 28, "tol": 3},
                    "basis": BASIS,
                }
            )
        ]
    }
)


def test_a_record_of_bleeding_need_not_reach_counts_that_nobody_asks_for():
    episode = {"episode_id": "A", "baseline": "10", "bleeding_recorded": "yes", "bleeding_recorded_to": "30"}
    cohort = records(episodes=[episode], counts=counts("A", (28, 110), (45, 20)))
    assert classify(cohort, [AT_28]).responses["response_class"].tolist() == ["yes"]


def rows(*cases):
    """Rows of responses.csv: (class, decided, decidable)."""
    return pd.DataFrame(cases, columns=["response_class", "decided_class", "decidable"])


def test_a_rate_needs_cases_that_could_have_had_either_outcome():
    failures = rows(("no", "no", "no response"), ("no", "no", "no response"), ("NE", "NE", ""))
    assert set(roles_of(failures, ["yes"])) == {"not_evaluable"}
    parts = parts_of(failures, ["yes"])
    assert (parts.surely.sum(), parts.possibly.sum(), parts.unknown.sum()) == (0, 1, 3)
    responses = rows(("yes", "yes", "response"), ("NE", "NE", ""))
    assert set(roles_of(responses, ["yes"])) == {"not_evaluable"}
    either = rows(("no", "no", "no response"), ("no", "no", "both"), ("NE", "NE", ""))
    assert roles_of(either, ["yes"]).tolist() == ["non_event", "non_event", "not_evaluable"]
    mostly = rows(*[("yes", "yes", "response")] * 2, ("no", "no", "both"), ("NE", "NE", ""))
    assert set(roles_of(mostly, ["yes"])) == {"not_evaluable"}
    parts = parts_of(mostly, ["yes"])
    assert (parts.surely.sum(), parts.possibly.sum(), parts.unknown.sum()) == (2, 1, 4)
    everybody = rows(("no", "no", "no response"), ("no", "no", "no response"))
    assert set(roles_of(everybody, ["yes"])) == {"non_event"}


def test_a_rescue_that_forbids_a_response_makes_no_rate_where_nobody_else_can_be_judged(tmp_path):
    """Followed to day 60, no week from 13 on is known; only the rescued can be said not to have responded."""
    cases = [("10", ((7, 60), (28, 70)))] * 3
    made = tables(cases, "yes")
    made["events"] = "episode_id,day,kind\nE1,90,rescue\n"
    made["episodes"] = made["episodes"].replace("E1,10,yes,56", "E1,10,yes,100")
    study = Study(tmp_path, **made).run()
    assert study.classes("luna3_8of12") == {"E1": "no", "E2": "NE", "E3": "NE"}
    assert study.rates("luna3_8of12") == {
        "response_rate": (0, 0),
        "response_rate_best_case": (2, 3),
        "response_rate_worst_case": (0, 3),
    }


def test_early_responders_alone_make_no_rate_of_weeks_that_nobody_saw_in_the_others(tmp_path):
    """Made up: three were seen in two good weeks and no more, one was seen failing in each of twelve weeks, two were
    seen failing in two weeks. Who is evaluable would follow from who responded."""

    def weeks(case, *values):
        return "".join(f"{case},{7 * week},{value}\n" for week, value in enumerate(values, 1))

    seen = (
        "".join(weeks(case, 60, 70) for case in "ABC") + weeks("D", *[10] * 12) + weeks("E", 10, 12) + weeks("F", 9, 8)
    )
    cases = "episode_id,baseline,bleeding_recorded,follow_up_end_day\n" + "".join(
        f"{case},9,yes,90\n" for case in "ABCDEF"
    )
    study = Study(tmp_path, episodes=cases, counts="episode_id,day,count\n" + seen).run()
    assert list(study.classes("romi_ped_bussel2011_50x2").values()) == ["yes"] * 3 + ["no", "NE", "NE"]
    rates = study.rates("romi_ped_bussel2011_50x2")
    assert rates["response_rate"] == (0, 0)
    assert (rates["response_rate_worst_case"], rates["response_rate_best_case"]) == ((3, 6), (5, 6))
