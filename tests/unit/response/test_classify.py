"""Responses and times of a cohort as other rooms see them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caseseries.cli import main
from caseseries.model.layout import Layout
from caseseries.model.records import write_records
from caseseries.model.results import CAUSES, RESPONSES, TIMES, read_table
from caseseries.response import classify, load_definitions
from unit.response.response_records import counts, records, write_cohort

ROOT = Path(__file__).parents[3]
ALL = load_definitions(ROOT / "config" / "definitions")
BY_ID = {one.id: one for one in ALL}


def of(cohort, name, episode="A"):
    rows = classify(cohort, [BY_ID[name]]).responses
    return rows[rows["episode_id"] == episode].iloc[0]


def times_of(cohort, name):
    rows = classify(cohort, [BY_ID[name]]).times
    return {row.episode_id: (row.time, row.cause) for row in rows.itertuples()}


def episode(name="A", **more):
    return {"episode_id": name, "baseline": "10", "bleeding_recorded": "yes", **more}


def test_every_episode_stands_under_every_definition():
    cohort = records(episodes=[episode("A"), episode("B")], counts=counts("A", (7, 110), (14, 120)))
    rows = classify(cohort, ALL).responses
    assert tuple(rows.columns) == RESPONSES
    assert len(rows) == 2 * len(ALL)
    of_b = rows[(rows["episode_id"] == "B") & (rows["definition"] != "as_reported")]
    assert set(of_b["response_class"]) == {"NE"}
    assert all(reason.startswith("Not evaluable: no dated count after the first dose") for reason in of_b["reason"])


def test_decided_by_names_the_rows():
    cohort = records(episodes=[episode()], counts=counts("A", (14, 120), (3, 20), (7, 110)))
    assert of(cohort, "iwg2009_confirmed")["decided_by"] == "counts:2;counts:4"
    assert of(cohort, "iwg2009_single")["decided_by"] == "counts:4"
    assert of(cohort, "fit_stable")["decided_by"] == "counts:2"


def test_a_class_with_a_condition_of_its_own_is_told_from_that_of_those_who_meet_none():
    """The same whoever else is in the cohort."""
    days = {"A": "80", "B": "3"}
    course = {"drug": "prednisone", "class": "corticosteroid", "first_day": "0"}
    cohort = records(
        episodes=[episode(name) for name in days],
        counts=[*counts("A", (7, 12), (70, 12)), *counts("B", (7, 12), (70, 12))],
        exposures=[{"episode_id": name, **course, "last_day": last} for name, last in days.items()],
    )
    said = {name: of(cohort, "iwg2009_steroid_dependent_is_nr", name) for name in days}
    assert {row["response_class"] for row in said.values()} == {"NR"}
    assert said["A"]["reason"] == "Corticosteroid on at least 61 days."
    assert said["B"]["reason"] == "No condition for CR or R is met."


def test_an_unknown_baseline_is_told_from_one_known_as_a_bound():
    cohort = records(
        episodes=[episode("A", baseline=""), episode("B", baseline="<40")],
        counts=[*counts("A", (7, 60)), *counts("B", (7, 60))],
    )
    remains = "; a response remains possible."
    without, bound = (of(cohort, "romi_bussel2009", name)["reason"] for name in "AB")
    assert without == "Not evaluable: the baseline count is not known" + remains
    assert bound == "Not evaluable: a count or the baseline is known only as a bound" + remains


def test_an_event_decides_a_guard():
    weeks = [(7 * week, 60) for week in range(13, 25)]
    cohort = records(
        episodes=[episode()], counts=counts("A", *weeks), events=[{"episode_id": "A", "day": "100", "kind": "rescue"}]
    )
    row = of(cohort, "luna3_8of12")
    assert (row["response_class"], row["decided_by"]) == ("no", "events:2")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([("7", "delivery")], (7, "response")),
        ([("7", "rescue"), ("7", "death")], (7, "response")),
        ([("6", "delivery")], (6, "delivery")),
        ([("6", "rescue"), ("6", "delivery")], (6, "delivery")),
        ([("6", "stop_drug"), ("6", "death")], (6, "stop_drug")),
        ([("6", "stop_drug"), ("6", "rescue")], (6, "rescue")),
        ([("-1", "rescue"), ("9", "lost")], (7, "response")),
        ([("5", "lost"), ("6", "rescue")], (7, "response")),
    ],
)
def test_what_comes_first_with_ties(events, expected):
    """A count of 60 on day 7; what the definition sees of it, and what came before."""
    cohort = records(
        episodes=[episode()],
        counts=counts("A", (3, 20), (7, 60)),
        events=[{"episode_id": "A", "day": day, "kind": kind} for day, kind in events],
    )
    assert times_of(cohort, "plt50_any")["A"] == expected


def test_precedence_on_one_day_without_a_response():
    kinds = ["death", "stop_drug", "rescue", "delivery"]
    for first, kind in enumerate(kinds):
        cohort = records(
            episodes=[episode()],
            counts=counts("A", (3, 20)),
            events=[{"episode_id": "A", "day": "9", "kind": later} for later in kinds[: first + 1]],
        )
        assert times_of(cohort, "plt50_any")["A"] == (9, kind)
    assert CAUSES[2:] == tuple(reversed(kinds))


def test_a_transfusion_competes_only_while_bleeding():
    events = [{"episode_id": "A", "day": "9", "kind": "platelet_transfusion"}]
    quiet = records(episodes=[episode(follow_up_end_day="20")], counts=counts("A", (3, 20)), events=events)
    assert times_of(quiet, "plt50_any")["A"] == (20, "censored")
    bleeding = [{"episode_id": "A", "first_day": "8", "last_day": "9", "who_grade": "1"}]
    bled = records(
        episodes=[episode(follow_up_end_day="20")], counts=counts("A", (3, 20)), events=events, bleeding=bleeding
    )
    assert times_of(bled, "plt50_any")["A"] == (9, "rescue")


def test_interval_of_the_response():
    cohort = records(episodes=[episode()], counts=counts("A", (3, 20), (7, 40), (14, 40)))
    row = classify(cohort, [BY_ID["iwg2009_confirmed"]]).times.iloc[0]
    assert (row["left"], row["right"], row["time"]) == (3, 7, 7)
    censored = records(episodes=[episode(follow_up_end_day="30")], counts=counts("A", (3, 20)))
    row = classify(censored, [BY_ID["iwg2009_confirmed"]]).times.iloc[0]
    assert (row["left"], row["time"], row["cause"]) == (30, 30, "censored")
    assert np.isnan(row["right"])


def test_unknown_values_give_no_time_but_an_early_end_does():
    unknown = records(episodes=[episode(baseline="")], counts=counts("A", (7, 40), (14, 40)))
    assert times_of(unknown, "iwg2009_confirmed") == {}
    early = records(episodes=[episode()], counts=counts("A", (7, 40)))
    assert times_of(early, "iwg2009_confirmed") == {"A": (7, "censored")}


def test_a_loss_may_be_seen_after_delivery():
    cohort = records(
        episodes=[episode()],
        counts=counts("A", (7, 40), (14, 40), (30, 10), (37, 10)),
        events=[{"episode_id": "A", "day": "20", "kind": "delivery"}],
    )
    assert of(cohort, "iwg2009_confirmed")["loss_of_response"] == 30


def test_reported_classes_pass_through():
    cohort = records(
        episodes=[
            episode("A", reported_response="CR", reported_time_to_response="9"),
            episode("B", reported_response="NR", follow_up_end_day="28"),
            episode("C", reported_response="NR"),
            episode("D", reported_response="responded"),
            episode("E"),
        ]
    )
    found = classify(cohort, [BY_ID["as_reported"]])
    assert found.responses["response_class"].tolist() == ["CR", "NR", "NR", "responded", "NE"]
    assert times_of(cohort, "as_reported") == {"A": (9, "response"), "B": (28, "censored")}


def test_outcomes_pass_into_times():
    cohort = records(
        episodes=[episode("A", reported_response="R", reported_time_to_response="5")],
        outcomes=[
            {"episode_id": "A", "outcome": "response", "left_day": "7", "right_day": "14", "cause": "response"},
            {"episode_id": "B", "outcome": "recovery", "day": "10", "cause": "death"},
            {"episode_id": "C", "outcome": "recovery", "left_day": "30", "cause": "recovery"},
        ],
    )
    times = classify(cohort, [BY_ID["as_reported"]]).times.set_index(["episode_id", "definition"])
    assert times.loc[("A", "as_reported")].tolist() == [14, "response", 7, 14]
    assert times.loc[("B", "as_reported_recovery")].tolist()[:3] == [10, "death", 10]
    assert times.loc[("C", "as_reported_recovery")].tolist()[:3] == [30, "censored", 30]
    assert len(classify(cohort, [BY_ID["plt50_any"]]).responses) == 3


def test_another_analyte_has_its_own_counts_and_baseline():
    platelet = BY_ID["plt50_any"].model_copy(update={"analyte": "haemoglobin", "unit": "g/L"})
    rows = [{"episode_id": "A", "day": "7", "count": "90", "analyte": "haemoglobin"}]
    cohort = records(episodes=[episode()], counts=[*counts("A", (7, 10)), *rows])
    row = classify(cohort, [platelet]).responses.iloc[0]
    assert (row["response_class"], row["decided_by"]) == ("yes", "counts:3")


def test_the_verb_writes_the_same_bytes_whatever_the_order(tmp_path):
    cohort = records(episodes=[episode("A"), episode("B")], counts=counts("A", (7, 110), (14, 120)))
    write_cohort(tmp_path)
    where = ["--config", str(ROOT / "config"), "--data", str(tmp_path)]
    written = []
    for name in ("one", "two"):
        layout = Layout(results=tmp_path / name)
        write_records(cohort, layout.records("synthetic"))
        assert main(["classify", "synthetic", "--results", str(tmp_path / name), *where]) == 0
        written.append((layout.responses("synthetic").read_bytes(), layout.times("synthetic").read_bytes()))
        cohort.tables["counts"] = cohort["counts"].iloc[::-1].reset_index(drop=True)
    assert written[0] == written[1]
    assert tuple(read_table(layout.times("synthetic")).columns) == TIMES


def test_a_cohort_without_episodes_gives_headers(tmp_path):
    layout = Layout(results=tmp_path)
    write_cohort(tmp_path)
    write_records(records(), layout.records("synthetic"))
    where = ["--config", str(ROOT / "config"), "--results", str(tmp_path), "--data", str(tmp_path)]
    assert main(["classify", "synthetic", *where]) == 0
    assert layout.responses("synthetic").read_text() == ",".join(RESPONSES) + "\n"
    assert layout.times("synthetic").read_text() == ",".join(TIMES) + "\n"
    assert main(["classify", "synthetic", "--definitions", "iwg2009", *where]) == 2


def test_a_cohort_must_be_ingested_first(tmp_path, capsys):
    write_cohort(tmp_path)
    where = ["--config", str(ROOT / "config"), "--results", str(tmp_path), "--data", str(tmp_path)]
    for words in (["classify", "synthetic"], ["explain", "synthetic", "A"]):
        assert main([*words, *where]) == 2
        assert "ingest it first (for example: caseseries ingest synthetic)" in capsys.readouterr().err


@pytest.mark.parametrize(("lost", "end"), [("-1", 9), ("0", 0), ("4", 4)])
def test_nobody_is_watched_after_loss_to_follow_up_from_the_first_dose_on(lost, end):
    cohort = records(
        episodes=[episode()],
        counts=counts("A", (3, 12), (9, 14)),
        events=[{"episode_id": "A", "day": lost, "kind": "lost"}],
    )
    assert times_of(cohort, "iwg2009_single")["A"] == (end, "censored")
