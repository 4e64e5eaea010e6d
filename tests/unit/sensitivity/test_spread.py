"""How far the response depends on its definition: worked by hand on a small synthetic cohort."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from caseseries.estimators.agreement import cohen_kappa
from caseseries.model.results import row_key
from caseseries.response import classify, load_definitions
from caseseries.response.evidence import evidence_of
from caseseries.response.outcome import derive
from caseseries.sensitivity.choices import REGISTER, cases_of_settings, run_choices, run_visits
from caseseries.sensitivity.spread import agreement_table, class_changes, clauses_responsible, spread_table
from caseseries.sensitivity.variants import clauses_left_out, rebuilt, written
from unit.response.response_records import counts, records

ROOT = Path(__file__).parents[3]
ALL = load_definitions(ROOT / "config" / "definitions")
BY_ID = {one.id: one for one in ALL}


def episode(name, baseline="10", **more):
    return {"episode_id": name, "baseline": baseline, "bleeding_recorded": "yes", **more}


# A responds whatever the rule; B is not confirmed; C does not double; D bleeds; E had a transfusion; F never responds;
# G is low between two good counts; H was rescued and recovers later.
COHORT = records(
    episodes=[
        episode("A"),
        episode("B"),
        episode("C", "28"),
        episode("D"),
        episode("E"),
        episode("F"),
        episode("G"),
        episode("H"),
    ],
    counts=[
        *counts("A", (7, 60), (14, 60)),
        *counts("B", (7, 60), (14, 10)),
        *counts("C", (7, 52), (14, 52)),
        *counts("D", (7, 60), (14, 60)),
        *counts("E", (7, 60), (14, 10)),
        *counts("F", (7, 10), (14, 10)),
        *counts("G", (7, 40), (10, 20), (14, 40), (18, 20)),
        *counts("H", (7, 10), (45, 60), (52, 60)),
    ],
    events=[
        {"episode_id": "E", "day": "5", "kind": "platelet_transfusion"},
        {"episode_id": "H", "day": "10", "kind": "rescue"},
    ],
    bleeding=[{"episode_id": "D", "first_day": "1", "last_day": "20", "who_grade": "1"}],
)
RESPONSES = classify(COHORT, ALL).responses


def classes(name):
    rows = RESPONSES[RESPONSES["definition"] == name]
    return dict(zip(rows["episode_id"], rows["response_class"], strict=True))


def test_the_cohort_is_what_it_says():
    assert {name for name, label in classes("iwg2009_confirmed").items() if label == "R"} == set("AH")
    assert {name for name, label in classes("iwg2009_confirmed").items() if label == "NR"} == set("BCDEFG")
    assert {name for name, label in classes("plt50_any").items() if label == "yes"} == set("ABCDH")


def test_the_clause_that_keeps_an_episode_from_responding():
    found = class_changes(COHORT, RESPONSES, ALL).set_index(["definition", "episode_id"])["clause"]
    of = found.loc["iwg2009_confirmed"]
    assert "F" not in of.index  # it responds under no definition
    assert "A" not in of.index
    assert of["B"] == "a second count must confirm"
    assert of["C"] == "at least 2 times the baseline"
    assert of["D"] == "no bleeding"
    assert of["G"] == "every count between the two must qualify; a second count must confirm"
    assert "cut" in found.loc["iwg2009_rescue_is_failure"]["H"]
    assert found.loc["plt50_any"]["E"].startswith("counts from the day of a platelet transfusion to 7 days later")


def test_class_changes_name_no_episode_without_a_difference():
    changes = class_changes(COHORT, RESPONSES, [BY_ID["plt50_any"]])
    assert changes.empty
    assert class_changes(records(), RESPONSES.iloc[:0], ALL).empty


def test_episodes_without_counts_say_so():
    bare = records(episodes=[episode("A", reported_response="CR")])
    changes = class_changes(bare, classify(bare, ALL).responses, ALL)
    assert set(changes["clause"]) == {"no counts are recorded"}
    assert set(changes["responds_under"]) == {1}


def test_clauses_are_found_one_by_one():
    evidence = evidence_of(COHORT)
    assert clauses_responsible(evidence, BY_ID["iwg2009_confirmed"])[0]  # A responds under every variant
    for definition in ALL:
        if definition.classes:
            for words, variant in clauses_left_out(definition):
                assert words
                derive(evidence, variant, trace=False)


@pytest.mark.parametrize("name", [one.id for one in ALL])
def test_a_definition_can_be_written_and_rebuilt(name):
    assert rebuilt(written(BY_ID[name])) == BY_ID[name]


def test_agreement_is_that_of_episodes_both_can_judge():
    names = ("iwg2009_confirmed", "plt50_any", "ash2019_remission")
    table = agreement_table("x", RESPONSES, [BY_ID[name] for name in names])
    (row,) = table.itertuples()
    first = [1, 0, 0, 0, 0, 0, 0, 1]
    second = [1, 1, 1, 1, 0, 0, 0, 1]
    expected = cohen_kappa(first, second)
    assert (row.first, row.second, row.n) == ("iwg2009_confirmed", "plt50_any", 8)
    assert row.kappa == pytest.approx(expected.estimate)
    assert row.kappa == pytest.approx((5 / 8 - 0.5 * 0.75 + 0 - (0.25 * 0.625 + 0.75 * 0.375) + 0.375) / (1 - 0.4375))
    assert np.isnan(row.ac1)  # a quarter responds: not extreme


def test_ac1_stands_beside_kappa_where_few_respond():
    names = ["iwg2009_confirmed", "plt50_any"]
    rare = pd.DataFrame(
        {
            "episode_id": [f"E{i}" for i in range(10)] * 2,
            "definition": [name for name in names for _ in range(10)],
            "response_class": ["R"] + ["NR"] * 9 + ["no", "yes"] + ["no"] * 8,
            "decidable": "both",
        }
    )
    (row,) = agreement_table("x", rare, [BY_ID[name] for name in names]).itertuples()
    assert row.note == "few of one class: read AC1"
    assert row.ac1 > 0.7 > row.kappa
    same = rare.assign(response_class=["NR"] * 10 + ["no"] * 10)
    (row,) = agreement_table("x", same, [BY_ID[name] for name in names]).itertuples()
    assert row.note == "one class only"


def test_choices_one_at_a_time_and_all_together():
    table = run_choices(evidence_of(COHORT), BY_ID["iwg2009_confirmed"])
    single = table[table["analysis"] == "one_at_a_time"].set_index(["choice", "setting"])
    assert single["default"].eq("yes").sum() == len(REGISTER)
    defaults = single[single["default"] == "yes"]
    assert set(defaults["estimate"]) == {2 / 8}
    between = single.loc["counts between the two that confirm"]["events"]
    assert between.to_dict() == {"all must qualify": 2, "may fail": 3}  # G
    assert single.loc[("rescue", "failure"), "events"] == 1  # H fails at rescue
    assert single.loc[("rescue", "56 days left out"), "events"] == 1  # H has one count left, of 10
    note = single.loc[("several counts on one day", "min"), "note"]
    assert note == "nobody has several counts on one day"
    grid = table[table["analysis"] == "grid"].set_index("choice")
    whole = grid.loc["all together"]
    assert whole["runs"] == 2 * 3 * 3 * 3
    assert whole["lowest"] <= 1 / 8 < 3 / 8 <= whole["highest"]
    moved = grid["moves"].drop("all together")
    assert set(moved.nlargest(2).index) == {"counts between the two that confirm", "rescue"}
    assert (moved >= 0).all()


def test_who_counts_under_each_other_setting_is_named():
    definitions, ids = [BY_ID["iwg2009_confirmed"], BY_ID["luna3_8of12"]], COHORT["episodes"]["episode_id"].to_numpy()
    evidence = evidence_of(COHORT)
    table = pd.concat([run_choices(evidence, definitions[0]), run_visits(evidence, definitions[1])])
    named = cases_of_settings(table, definitions, lambda analyte: evidence, ids)
    cases = named.groupby(["case_set", "role"])["episode_id"].agg("".join).unstack(fill_value="")
    other = table[(table["default"] == "no") & (table["n"] > 0)]
    assert set(other["analysis"]) == {"one_at_a_time", "visits"}
    assert list(cases.index) == sorted(row_key("choices", row) for row in other.to_dict("records"))
    for row in other.to_dict("records"):
        responded, not_ = cases.loc[row_key("choices", row)].loc[["event", "non_event"]]
        assert (len(responded), len(responded) + len(not_)) == (row["events"], row["n"])
    between = cases.loc["choices|one_at_a_time|iwg2009_confirmed|counts between the two that confirm|may fail"]
    assert between["event"] == "AGH" and between["non_event"] == "BCDEF"


def test_choices_of_a_cohort_without_counts_are_empty():
    assert run_choices(evidence_of(records(episodes=[episode("A")])), BY_ID["iwg2009_confirmed"]).empty


def test_spread_table_takes_what_was_estimated():
    common = {"group": "all", "analysis": "primary", "level": 0.95, "not_evaluable": 1.0, "n": 7.0, "events": 2.0}
    rows = [
        ("plt50_any", "response_rate", "Wilson", 2 / 7),
        ("plt50_any", "response_rate", "Blaker", 9.0),
        ("plt50_any", "response_rate_best_case", "Wilson", 3 / 8),
        ("plt50_any", "response_rate_worst_case", "Wilson", 2 / 8),
        ("iwg2009_single", "response_rate", "Wilson", 0.5),
    ]
    estimates = pd.DataFrame(rows, columns=["definition", "statistic", "method", "estimate"])
    estimates = estimates.assign(lower=0.1, upper=0.9, **common)
    table = spread_table("x", estimates, ALL).set_index("definition")
    assert table.loc["plt50_any", ["estimate", "worst_case", "best_case"]].tolist() == [2 / 7, 2 / 8, 3 / 8]
    assert table.loc["iwg2009_single", ["worst_case", "best_case"]].tolist() == [0.5, 0.5]
    assert table.loc["plt50_any", "our_choice"] > 0
    assert len(table) == 2
