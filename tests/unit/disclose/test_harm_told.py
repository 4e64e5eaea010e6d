"""Harm of a restricted cohort: told where no part is of few people, and withheld with all its rows elsewhere."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from caseseries.disclose.harm import tell_harms, told_harms
from caseseries.disclose.people import People
from caseseries.disclose.shown import Shown
from caseseries.estimate.safety import estimate_safety, outcomes_of
from caseseries.model.columns import TABLES
from caseseries.model.drug import load_drugs
from caseseries.model.methods import EXACT
from caseseries.model.records import Records, empty_table, type_table
from caseseries.model.results import ESTIMATES
from caseseries.model.safety import load_vocabulary
from unit.some_cohort import restricted_cohort

CONFIG = Path(__file__).resolve().parents[3] / "config"
DRUGS, VOCABULARY = load_drugs(CONFIG / "drugs"), load_vocabulary(CONFIG / "safety.yaml")
K = 10


def project(number, events, recorded=None, spells=(), places=(), **more):
    """A restricted cohort of so many people; `events` are (person, term), `spells` (person, grade), all made up."""
    cohort = restricted_cohort(**more)
    ids = [f"E{place}" for place in range(number)]
    recorded = recorded or ["yes"] * number
    episodes = {"episode_id": ids, "adverse_events_recorded": recorded, "bleeding_recorded": ["yes"] * number}
    episodes |= {"place": places} if places else {}
    tables = {name: empty_table(name) for name in TABLES}
    tables["episodes"] = type_table("episodes", pd.DataFrame(episodes, dtype=str))
    rows = [{"episode_id": ids[i], "subject": "patient", "term": term, "serious": "no"} for i, term in events]
    if rows:
        tables["adverse_events"] = type_table("adverse_events", pd.DataFrame(rows, dtype=str))
    rows = [{"episode_id": ids[i], "first_day": "1", "last_day": "2", "who_grade": str(g)} for i, g in spells]
    if rows:
        tables["bleeding"] = type_table("bleeding", pd.DataFrame(rows, dtype=str))
    records = Records("site", tables)
    estimates = estimate_safety(cohort, records, DRUGS, VOCABULARY, 0.95).reindex(columns=list(ESTIMATES))
    people = People(cohort, records, pd.DataFrame(), pd.DataFrame())
    return people, outcomes_of(cohort, records, DRUGS, VOCABULARY), estimates


def told(*arguments, **more):
    people, outcomes, estimates = project(*arguments, **more)
    return told_harms(estimates, tell_harms(outcomes, ["all"], people, Shown(people.number, K)))


def causes(rows):
    return set(rows["cause"])


def test_a_harm_of_enough_people_on_both_sides_is_told():
    rows = told(40, [(i, "fever") for i in range(15)])
    assert {"patient/any", "patient/fever"} <= causes(rows)


@pytest.mark.parametrize("sick", [0, 1, 9, 31, 39, 40])
def test_a_harm_of_few_or_nobody_or_all_but_few_is_not(sick):
    rows = told(40, [(i, "fever") for i in range(sick)])
    assert not causes(rows) & {"patient/any", "patient/fever"}


def test_the_rates_of_groups_are_told_after_that_of_everybody():
    about = {"places": ["a", "b"] * 30, "grouped_by": "place", "covariates": [{"name": "place", "label": "Place"}]}
    people, outcomes, _ = project(60, [(i, "fever") for i in range(30)], **about)
    shown = Shown(people.number, K)
    for groups in (["all"], ["a", "b"]):
        rates = tell_harms(outcomes, groups, people, shown)
        assert {("adverse_event_rate", "patient/fever", group) for group in groups} <= rates


@pytest.mark.parametrize(("before", "leaves"), [(25, True), (20, False)])
def test_those_known_to_have_had_a_harm_in_the_rate_or_not_are_counted_together_too(before, leaves):
    """Fifteen of those whose harms were recorded, and fifteen of the others; of 35 told before, five would be left."""
    events = [(i, "fever") for i in [*range(15), *range(40, 55)]]
    people, outcomes, _ = project(80, events, ["yes"] * 40 + ["no"] * 40)
    shown = Shown(people.number, K)
    place = np.arange(80)
    assert shown.tell([(place < 15) | ((place >= 40) & (place < 40 + before))])
    rates = tell_harms(outcomes, ["all"], people, shown)
    assert (("adverse_event_rate", "patient/fever", "all") in rates) is leaves


def test_a_rate_of_nobody_is_not_told():
    """Its bounds, 0 and all of them, would say that of nobody a harm was written down."""
    assert told(14, [(i, "headache") for i in range(5)], ["unknown"] * 14).empty
    assert told(14, [(i, "headache") for i in range(5)], ["no"] * 14).empty


def test_neither_counts_of_events_nor_ranges_nor_rates_by_time_leave():
    people, outcomes, estimates = project(40, [(i, "fever") for i in range(15)])
    rows = told_harms(estimates, tell_harms(outcomes, ["all"], people, Shown(40, K)))
    assert set(rows["method"]) == {"Clopper-Pearson"}
    assert not set(rows["statistic"]) & {"adverse_events", "days_on_drug", "days_followed", "cumulative_dose"}


def test_two_spellings_of_one_event_of_few_people_each_are_not_told_by_name():
    events = [(i, "fever") for i in range(8)] + [(i, "pyrexia") for i in range(8, 15)]
    rows = told(40, events)
    assert "patient/any" in causes(rows)
    assert "patient/fever" not in causes(rows)


def test_cases_that_were_selected_have_no_count_that_leaves():
    assert told(40, [(i, "fever") for i in range(15)], selected_for="success").empty


@pytest.mark.parametrize("seed", range(25))
def test_no_number_of_few_people_is_told_nor_follows_between_two_rows(seed):
    random = np.random.default_rng(seed)
    number = int(random.integers(30, 80))
    recorded = [str(value) for value in random.choice(["yes", "yes", "yes", "no"], number)]
    events = [(int(i), str(random.choice(["fever", "rash", "rash"]))) for i in random.integers(0, number, number // 2)]
    spells = [(int(i), int(random.integers(1, 4))) for i in random.integers(0, number, number // 2)]
    rows = told(number, events, recorded, spells)
    small = range(1, K)
    for column in ("events", "n", "not_evaluable"):
        assert not rows[column].isin(small).any()
    assert not (rows["n"] - rows["events"]).isin(small).any()
    plain = rows[~rows["statistic"].str.contains("_case")].set_index(["statistic", "cause"])
    for bound in ("best", "worst"):
        of = rows[rows["statistic"].str.endswith(f"_{bound}_case")]
        for row in of.itertuples():
            key = (row.statistic.removesuffix(f"_{bound}_case"), row.cause)
            assert row.events - plain.loc[key, "events"] not in small
    graded = plain.xs("bleeding_rate")["events"].sort_index().to_list() if "bleeding_rate" in plain.index else []
    assert not any(0 < before - after < K for before, after in pairwise(graded))


def test_a_rate_is_told_with_both_of_its_bounds():
    names = ["bleeding_rate", "bleeding_rate_best_case", "bleeding_rate_worst_case", "rescue_rate_worst_case"]
    rows = pd.DataFrame({"statistic": names, "cause": "2", "group": "all", "analysis": "primary", "method": EXACT})
    told = told_harms(rows, {("bleeding_rate", "2", "all")})
    assert told["statistic"].tolist() == names[:3]
