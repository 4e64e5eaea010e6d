"""Harm of single cases as estimates: whom it counts, its bounds, time on the drug, and cases that were selected."""

from pathlib import Path

import pandas as pd
import pytest
from scipy.stats import binomtest

from caseseries.estimate.safety import safety_and_cases
from caseseries.model.cohort import Cohort
from caseseries.model.columns import TABLES
from caseseries.model.drug import load_drugs
from caseseries.model.records import Records, empty_table, type_table
from caseseries.model.safety import load_vocabulary
from unit.some_cohort import FIELDS as SOME

CONFIG = Path(__file__).resolve().parents[3] / "config"
DRUGS, VOCABULARY = load_drugs(CONFIG / "drugs"), load_vocabulary(CONFIG / "safety.yaml")
FIELDS = SOME | {"drug": "romiplostim"}


def found(events=(), persons=("P1", "P2", "P3", "P4"), columns=None, exposures=(), **more):
    """Rows for episodes E1, E2 ... of some persons; events are (episode, day, subject, term), all made up."""
    return made(events, persons, columns, exposures, **more)[0]


def made(events=(), persons=("P1", "P2", "P3", "P4"), columns=None, exposures=(), **more):
    """`found`, and the cases behind each number."""
    episodes = pd.DataFrame(
        [{"episode_id": f"E{place}", "patient_id": person} for place, person in enumerate(persons, start=1)]
    )
    for name, values in (columns or {}).items():
        episodes[name] = values
    tables = {name: empty_table(name) for name in TABLES} | {"episodes": type_table("episodes", episodes.astype(str))}
    names = {
        "adverse_events": ["episode_id", "day", "subject", "term"],
        "exposures": ["episode_id", "drug", "role", "first_day", "last_day", "dose", "dose_unit"],
    }
    for table, rows in (("adverse_events", events), ("exposures", exposures)):
        if rows:
            tables[table] = type_table(table, pd.DataFrame(rows, columns=names[table], dtype=str))
    cohort = Cohort.model_validate(FIELDS | more)
    return safety_and_cases(cohort, Records("some-2020", tables), DRUGS, VOCABULARY, 0.95)


def rate(frame, cause, statistic="adverse_event_rate", group="all"):
    rows = frame[(frame["statistic"] == statistic) & (frame["cause"] == cause) & (frame["group"] == group)]
    (row,) = rows.to_dict("records")
    return row


def counts(row):
    return row["events"], row["n"], row["not_evaluable"]


def test_absence_counts_where_it_was_recorded_and_nowhere_else():
    event = [("E1", "3", "patient", "pyrexia")]
    yes, no = found(event, adverse_events_recorded="yes"), found(event, adverse_events_recorded="no")
    assert counts(rate(yes, "patient/fever")) == (1, 4, 0)
    limits = binomtest(1, 4).proportion_ci(0.95)
    row = rate(yes, "patient/fever")
    assert [row["lower"], row["upper"]] == pytest.approx([limits.low, limits.high])
    row = rate(no, "patient/fever")
    assert counts(row) == (0, 0, 4)
    assert pd.isna(row["estimate"])
    assert row["note"] == "of nobody was it recorded whether it happened"
    assert rate(no, "patient/fever", "adverse_event_rate_best_case")["events"] == 1
    assert rate(no, "patient/fever", "adverse_event_rate_worst_case")["events"] == 4


@pytest.mark.parametrize("more", [{}, {"selected_for": "outcome", "design": "case report"}])
def test_every_number_of_harm_names_its_cases(more):
    events = [("E1", "3", "patient", "pyrexia"), ("E3", "3", "patient", "rash")]
    recorded = {"adverse_events_recorded": ["yes", "yes", "no", "yes"]}
    rows, sets = made(events, columns=recorded, adverse_events_recorded="by_episode", **more)
    rows = rows[rows["statistic"] == "adverse_event_rate"]
    by_set = sets.groupby("case_set")["role"].value_counts().unstack(fill_value=0)
    for row in rows.itertuples():
        assert by_set.loc[row.case_set, "event"] == row.events
        assert by_set.loc[row.case_set].sum() == 4
    fever = sets[sets["case_set"] == "adverse_event_rate:patient/fever:all"]
    assert dict(zip(fever["episode_id"], fever["role"], strict=True)) == (
        {"E1": "event", "E2": "not_evaluable", "E3": "not_evaluable", "E4": "not_evaluable"}
        if more
        else {"E1": "event", "E2": "non_event", "E3": "not_evaluable", "E4": "non_event"}
    )


def test_none_of_four_reaches_up_to_sixty_percent():
    row = rate(found(adverse_events_recorded="yes"), "patient/any")
    assert counts(row) == (0, 4, 0)
    assert row["upper"] == pytest.approx(0.6023646356)


@pytest.mark.parametrize(
    "said, recorded",
    [
        ("yes", {"mother": 2, "neonate": 2}),
        ("no", {"mother": 0, "neonate": 0}),
        (["neonate"], {"mother": 0, "neonate": 2}),
        ("by_episode", {"mother": 1, "neonate": 1}),
    ],
)
def test_the_cohort_says_of_whom_harm_was_recorded(said, recorded):
    columns = {"pregnant": ["yes", "yes"], "sex": "female", "adverse_events_recorded": ["yes", ""]}
    frame = found(persons=("P1", "P2"), columns=columns, adverse_events_recorded=said)
    assert {subject: rate(frame, f"{subject}/any")["n"] for subject in recorded} == recorded


def test_an_event_of_one_person_counts_once_and_rows_alike_are_one_event():
    twice = [("E1", "3", "patient", "headache")] * 2 + [("E1", "9", "patient", "headache")]
    frame = found(twice, adverse_events_recorded="yes")
    assert counts(rate(frame, "patient/headache")) == (1, 4, 0)
    assert frame.set_index("statistic").loc["adverse_events", "events"] == 2


def test_the_first_episode_of_a_person_stands_for_it():
    frame = found([("E2", "3", "patient", "headache")], persons=("P1", "P1", "P2"), adverse_events_recorded="yes")
    assert counts(rate(frame, "patient/headache")) == (0, 2, 0)


def test_selected_cases_have_counts_and_no_shares():
    frame = found([("E1", "3", "patient", "headache")], selected_for="success")
    rates = frame[frame["statistic"] == "adverse_event_rate"]
    assert set(rates["cause"]) == {"patient/any", "patient/headache"}
    assert set(rates["events"]) == {1}
    assert set(rates["note"]) == {"no share: the cases were selected, and silence on harm is not its absence"}
    assert "estimate" not in rates or rates["estimate"].isna().all()


def test_whether_an_event_is_listed_is_unknown_where_no_text_of_the_drug_was_read():
    event = [("E1", "3", "patient", "hiccups")]
    frame = found(event, adverse_events_recorded="yes", drug="")
    assert counts(rate(frame, "patient/any not listed")) == (0, 3, 1)


WEEKLY = [("E1", "romiplostim", "study", str(day), str(day), "2", "mcg/kg") for day in (0, 7, 14)]
DAILY = [("E2", "rhTPO", "study", "0", "13", "300", "U/kg")]


def test_exposure_is_days_on_the_drug_and_the_sum_of_the_doses():
    frame = found(exposures=[*WEEKLY, *DAILY], persons=("P1", "P2"))
    days = rate(frame, "", "days_on_drug")
    assert [days["lower"], days["estimate"], days["upper"], days["n"]] == [14, 17.5, 21, 2]
    assert rate(frame, "romiplostim/mcg/kg", "cumulative_dose")["estimate"] == 6
    assert rate(frame, "rhtpo/U/kg", "cumulative_dose")["estimate"] == 4200


@pytest.mark.parametrize(
    "row",
    [
        ("E1", "romiplostim", "study", "21", "", "2", "mcg/kg"),
        ("E1", "romiplostim", "study", "", "", "2", "mcg/kg"),
        ("E1", "romiplostim", "study", "21", "21", "", ""),
    ],
    ids=["open", "undated", "dose not recorded"],
)
def test_exposure_is_unknown_where_a_row_is(row):
    frame = found(exposures=[*WEEKLY, row], persons=("P1",))
    assert counts(rate(frame, "", "days_on_drug") | {"events": 0}) == (0, 0, 1)
    assert rate(frame, "", "cumulative_dose")["note"] == "known of nobody"


def test_events_by_time_on_the_drug_need_the_days_of_everybody_who_counts():
    event = [("E1", "3", "patient", "headache")]
    whole = found(event, exposures=[*WEEKLY, *DAILY], persons=("P1", "P2"), adverse_events_recorded="yes")
    row = rate(whole, "patient/headache", "adverse_event_rate_per_100_weeks")
    assert row["estimate"] == pytest.approx(100 / 5)
    assert row["upper"] == pytest.approx(20 * 5.571643, rel=1e-6)  # chi-squared of the tables: 11.143287 / 2
    part = found(event, exposures=WEEKLY, persons=("P1", "P2"), adverse_events_recorded="yes")
    assert "adverse_event_rate_per_100_weeks" not in set(part["statistic"])


def test_a_cohort_that_counts_days_from_birth_has_no_harm_after_the_first_dose():
    frame = found(day_zero="birth", persons=("P1",))
    assert not set(frame["statistic"]) & {"overshoot_rate", "rebound_rate", "days_on_drug"}


def test_a_cohort_without_rows_of_episodes_has_no_rows():
    assert found(persons=()).empty
