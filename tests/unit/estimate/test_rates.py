"""Rates of a cohort: denominators, unknowns, groups, repeated episodes, printed counts."""

from pathlib import Path

import pandas as pd
import pytest

from caseseries.estimate.rates import aggregate_rates, count_reasons, estimate_rates
from caseseries.model.records import Records, empty_table, type_table
from caseseries.response.definition_files import load_definitions
from caseseries.show.rates import forest_row, rate_frame
from unit.some_cohort import some_cohort


def definition(name="iwg2009_confirmed"):
    """A definition of the catalogue."""
    return load_definitions(Path(__file__).parents[3] / "config" / "definitions", [name])


def records(episodes=None, aggregates=None):
    """Records with the given rows."""
    tables = {name: empty_table(name) for name in ("episodes", "outcomes", "aggregates")}
    for name, rows in (("episodes", episodes), ("aggregates", aggregates)):
        if rows:
            tables[name] = type_table(name, pd.DataFrame(rows).astype(str))
    return Records("some-2020", tables)


def responses(classes, definition="iwg2009_confirmed"):
    """Responses of E1, E2 ... under one definition."""
    return pd.DataFrame(
        {
            "episode_id": [f"E{number}" for number in range(1, len(classes) + 1)],
            "definition": definition,
            "response_class": classes,
            "provisional_class": "",
            "decided_class": classes,
            "decidable": ["" if name == "NE" else "both" for name in classes],
            "value": float("nan"),
        }
    )


FOUR = [{"episode_id": f"E{number}", "patient_id": f"P{number}"} for number in range(1, 5)]


def rows_of(frame, statistic, method="Wilson"):
    """The rows of one statistic and method."""
    return frame[(frame["statistic"] == statistic) & (frame["method"] == method)]


def test_not_evaluable_cases_are_no_part_of_the_rate_and_bound_it():
    rates, _ = estimate_rates(some_cohort(), records(FOUR), responses(["CR", "NR", "NE", "R"]), definition(), 0.95)
    (rate,) = rows_of(rates, "response_rate").itertuples()
    assert (rate.events, rate.n, rate.not_evaluable) == (2, 3, 1)
    (best,) = rows_of(rates, "response_rate_best_case").itertuples()
    (worst,) = rows_of(rates, "response_rate_worst_case").itertuples()
    assert (best.events, best.n) == (3, 4)
    assert (worst.events, worst.n) == (2, 4)
    (complete,) = rows_of(rates, "complete_response_rate").itertuples()
    (best,) = rows_of(rates, "complete_response_rate_best_case").itertuples()
    (worst,) = rows_of(rates, "complete_response_rate_worst_case").itertuples()
    assert [(row.events, row.n) for row in (complete, best, worst)] == [(1, 3), (2, 4), (1, 4)]


def test_nobody_evaluable_gives_no_estimate_but_says_how_many():
    rates, _ = estimate_rates(some_cohort(), records(FOUR), responses(["NE"] * 4), definition(), 0.95)
    (rate,) = rates[rates["statistic"] == "response_rate"].itertuples()
    assert (rate.method, rate.note) == ("Wilson", "nobody evaluable")
    assert (rate.events, rate.n, rate.not_evaluable) == (0, 0, 4)
    assert pd.isna(getattr(rate, "estimate", float("nan")))


def test_complete_responses_leave_out_responses_of_unknown_kind():
    rates, _ = estimate_rates(
        some_cohort(),
        records(FOUR),
        responses(["CR", "responded", "R", "NR"], "as_reported"),
        definition("as_reported"),
        0.95,
    )
    (rate,) = rows_of(rates, "complete_response_rate").itertuples()
    assert (rate.events, rate.n, rate.not_evaluable) == (1, 3, 1)


def test_where_most_responses_are_of_unknown_kind_failures_alone_make_no_complete_rate():
    told = responses(["responded", "responded", "NR", "NR"], "as_reported")
    rates, _ = estimate_rates(some_cohort(), records(FOUR), told, definition("as_reported"), 0.95)
    (complete,) = rates[rates["statistic"] == "complete_response_rate"].itertuples()
    assert (complete.events, complete.n, complete.not_evaluable) == (0, 0, 4)
    assert complete.note == "some are not evaluable, and of most others only one outcome could have been decided"
    bounds = [rows_of(rates, f"complete_response_rate_{case}_case") for case in ("worst", "best")]
    assert [(row["events"].item(), row["n"].item()) for row in bounds] == [(0, 4), (2, 4)]


def test_first_episode_per_person_is_primary_and_all_episodes_are_clustered():
    people = [f"P{number}" for number in range(1, 12)] + ["P1"]
    episodes = [{"episode_id": f"E{number}", "patient_id": person} for number, person in enumerate(people, start=1)]
    classes = ["NR"] * 5 + ["R"] * 7
    rates, sets = estimate_rates(some_cohort(), records(episodes), responses(classes), definition(), 0.95)
    (primary,) = rows_of(rates, "response_rate").itertuples()
    assert (primary.analysis, primary.events, primary.n) == ("primary", 6, 11)
    clustered = rates[rates["analysis"] == "all_episodes"]
    assert list(clustered["method"]) == ["GEE", "bootstrap by person"]
    assert set(clustered["events"]) == {7}
    assert (clustered["upper"] - clustered["lower"]).min() > 0
    roles = sets[sets["case_set"] == "iwg2009_confirmed:all:primary"].set_index("episode_id")["role"]
    assert "E12" not in roles
    assert (roles["E1"], roles["E11"]) == ("non_event", "event")


def test_all_episodes_have_bounds_and_say_how_many_people_they_are_of():
    people = [f"P{number}" for number in range(1, 12)] + ["P1", "P2"]
    episodes = [{"episode_id": f"E{number}", "patient_id": person} for number, person in enumerate(people, start=1)]
    classes = ["NR"] * 5 + ["R"] * 6 + ["NE", "R"]
    rates, _ = estimate_rates(some_cohort(), records(episodes), responses(classes), definition(), 0.95)
    every = rates[rates["analysis"] == "all_episodes"].set_index("statistic")
    assert set(every.loc["response_rate", "note"]) == {"11 persons"}
    bounds = [every.loc[f"response_rate_{name}_case"] for name in ("best", "worst")]
    assert [(row["events"], row["n"], row["estimate"]) for row in bounds] == [(8, 13, 8 / 13), (7, 13, 7 / 13)]
    assert all(pd.isna(row["lower"]) and row["method"] == "bound" for row in bounds)


def test_few_people_with_several_episodes_get_a_reason_in_place_of_limits():
    twice = [row | {"patient_id": "P1"} if row["episode_id"] == "E4" else row for row in FOUR]
    rates, _ = estimate_rates(some_cohort(), records(twice), responses(["NR", "NR", "R", "R"]), definition(), 0.95)
    clustered = rates[rates["analysis"] == "all_episodes"]
    assert set(clustered["note"]) == {"no interval: 3 persons, fewer than 10"}
    assert clustered["lower"].isna().all()


def test_groups_follow_everyone_in_declared_order():
    arms = [row | {"arm": arm} for row, arm in zip(FOUR, ["b", "a", "b", ""], strict=True)]
    meta = some_cohort(
        grouped_by="arm", covariates=[{"name": "arm", "label": "Arm", "levels": {"b": "Beta", "a": "Alpha"}}]
    )
    rates, _ = estimate_rates(meta, records(arms), responses(["R", "NR", "R", "R"]), definition(), 0.95)
    found = [(row.group, row.events, row.n) for row in rows_of(rates, "response_rate").itertuples()]
    assert found == [("all", 3, 4), ("Beta", 2, 2), ("Alpha", 0, 1), ("not recorded", 1, 1)]


def test_cases_selected_by_their_outcome_have_no_rate():
    meta = some_cohort(selected_for="sustained remission")
    assert len(estimate_rates(meta, records(FOUR), responses(["R"] * 4), definition(), 0.95)[0]) == 0
    printed = records(aggregates=[{"group": "all", "outcome": "response", "events": 4, "n": 4, "origin": "printed"}])
    assert len(aggregate_rates(meta, printed["aggregates"], 0.95)) == 0


def test_printed_counts_become_rates_and_outcomes_keep_their_name():
    printed = records(
        aggregates=[
            {"group": "rhTPO", "outcome": "response", "events": 23, "n": 31, "origin": "printed"},
            {"group": "rhTPO", "outcome": "dizziness", "events": 1, "n": 31, "origin": "printed"},
        ]
    )
    rates = aggregate_rates(some_cohort(), printed["aggregates"], 0.95)
    (rate,) = rows_of(rates, "response_rate", "Clopper-Pearson").itertuples()
    assert (round(rate.lower, 4), round(rate.upper, 4)) == (0.5539, 0.8814)
    assert set(rates.loc[rates["statistic"] == "outcome_rate", "cause"]) == {"dizziness"}


def test_a_count_that_was_worked_out_from_print_says_so():
    """Its note is what tables, figures and sentences show."""
    rows = [
        {"group": "rhTPO", "outcome": outcome, "events": 2, "n": 33, "origin": origin}
        for outcome, origin in (("bleeding", "derived"), ("transfusion", "printed"), ("response", "derived"))
    ]
    rates = aggregate_rates(some_cohort(), records(aggregates=rows)["aggregates"], 0.95)
    noted = rates[rates["note"] == "worked out from print"]
    assert set(noted["cause"].fillna("")) == {"bleeding", ""}
    shown = rate_frame(rates.assign(cohort="toy", cause=rates["cause"].fillna("")))
    (rate,) = shown.itertuples()
    assert forest_row(rate, "Lin 2023").label == "Lin 2023 (worked out from print)"
    chosen = some_cohort(selected_for="success")
    assert (
        aggregate_rates(chosen, records(aggregates=rows[:1])["aggregates"], 0.95)["note"]
        .str.startswith("worked out from print; ")
        .all()
    )


SENT = {"group": "all", "outcome": "response", "definition": "iwg2009_confirmed", "origin": "estimates"}


def test_counts_of_another_run_keep_their_definition_and_what_it_could_not_evaluate():
    lines = [
        SENT | {"events": 2, "n": 3, "not_evaluable": 1},
        SENT | {"events": 1, "n": 2, "not_evaluable": 2, "outcome": "complete_response"},
        SENT | {"events": 4, "n": 4, "not_evaluable": 0, "definition": "as_reported"},
        SENT | {"events": 0, "n": 0, "not_evaluable": 4, "definition": "soap2021_confirmed"},
    ]
    sent = aggregate_rates(some_cohort(), records(aggregates=lines)["aggregates"], 0.95)
    assert dict.fromkeys(sent["definition"]) == dict.fromkeys(
        ["iwg2009_confirmed", "as_reported", "soap2021_confirmed"]
    )
    (nobody,) = sent[sent["note"] == "nobody evaluable"].itertuples()
    assert (nobody.definition, nobody.n, nobody.not_evaluable) == ("soap2021_confirmed", 0, 4)
    complete = rows_of(sent, "complete_response_rate")
    assert complete[["events", "n", "not_evaluable"]].to_numpy().tolist() == [[1, 2, 2]]


def test_counts_of_another_run_give_the_rates_that_its_own_cases_give():
    own, _ = estimate_rates(some_cohort(), records(FOUR), responses(["CR", "NR", "NE", "R"]), definition(), 0.95)
    own = own[own["statistic"].str.startswith("response_rate")].drop(columns=["analysis", "case_set"])
    sent = records(aggregates=[SENT | {"events": 2, "n": 3, "not_evaluable": 1}])
    rates = aggregate_rates(some_cohort(), sent["aggregates"], 0.95)
    assert set(rates["analysis"]) == {"aggregate"}
    pd.testing.assert_frame_equal(rates.drop(columns="analysis"), own.reset_index(drop=True))


def test_printed_counts_are_the_sources_own_class_whatever_it_defined():
    line = {
        "group": "all",
        "outcome": "response",
        "definition": "iwg2009_confirmed",
        "events": 2,
        "n": 3,
        "origin": "printed",
    }
    rates = aggregate_rates(some_cohort(), records(aggregates=[line])["aggregates"], 0.95)
    assert set(rates["definition"]) == {"as_reported"}
    assert set(rates["not_evaluable"]) == {0}


def test_measures_are_summarised_by_median_and_range():
    weeks = responses([""] * 4, "ava_cum_weeks").assign(value=[3, 8, float("nan"), 4])
    rates, _ = estimate_rates(some_cohort(), records(FOUR), weeks, definition("ava_cum_weeks"), 0.95)
    (row,) = rates.itertuples()
    assert (row.statistic, row.estimate, row.lower, row.upper, row.n, row.not_evaluable) == (
        "median_value",
        4,
        3,
        8,
        3,
        1,
    )


@pytest.mark.parametrize("classes", [["CR", "R"], ["NR", "NR"]])
def test_intervals_stay_inside_zero_and_one_at_the_edges(classes):
    rates, _ = estimate_rates(some_cohort(), records(FOUR[:2]), responses(classes), definition(), 0.95)
    assert rates["lower"].min() >= 0
    assert rates["upper"].max() <= 1


def test_rates_are_of_treatment_starts_and_the_others_stand_apart():
    before = [row | {"before": word} for row, word in zip(FOUR, ["no", "yes", "no", "no"], strict=True)]
    meta = some_cohort(not_a_start={"before": ["yes"]}, covariates=[{"name": "before", "label": "Before"}])
    rates, _ = estimate_rates(meta, records(before), responses(["R", "R", "NR", "NE"]), definition(), 0.95)
    found = [(row.group, row.events, row.n) for row in rows_of(rates, "response_rate").itertuples()]
    assert found == [("all", 1, 2), ("not a treatment start", 1, 1)]
    (apart,) = rates[rates["statistic"] == "not_a_start"].itertuples()
    assert (apart.events, apart.n) == (1, 4)


def test_reasons_are_counted_over_first_episodes_the_commonest_first():
    again = {"episode_id": "E5", "patient_id": "P1"}
    found = responses(["NE", "NE", "R", "NE", "NE"])
    found["because"] = ["baseline_unknown", "bleeding_not_recorded", "", "baseline_unknown", "no_dated_count"]
    rows = count_reasons(some_cohort(), records([*FOUR, again]), found)
    assert list(rows[["cause", "events", "n"]].itertuples(index=False, name=None)) == [
        ("baseline_unknown", 2, 4),
        ("bleeding_not_recorded", 1, 4),
    ]
    tied = found.assign(because=["baseline_unknown", "no_dated_count", "", "", ""])
    assert list(count_reasons(some_cohort(), records(FOUR), tied)["cause"]) == ["no_dated_count", "baseline_unknown"]
    assert count_reasons(some_cohort(selected_for="sustained remission"), records(FOUR), found).empty
