"""The engine equals the plain evaluator on random cohorts, for every shipped definition and for random ones."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseseries.model.columns import TABLES
from caseseries.model.definition import Definition
from caseseries.model.records import Records, empty_table, type_table
from caseseries.response import load_definitions
from caseseries.response.cases import outcome_of
from caseseries.response.classify import classify
from caseseries.response.evidence import evidence_of
from caseseries.response.outcome import assess, derive
from caseseries.response.recorded import decidable
from property.response_strategies import cohorts, definitions
from spec import cases
from spec import reference_evaluator as reference

SHIPPED = load_definitions(cases.DEFINITIONS)
RAW = cases.raw_definitions()
FIELDS = (
    "class",
    "provisional",
    "value",
    "ttr",
    "ttr_confirm",
    "ttr_cr",
    "loss_cr",
    "loss_r",
    "time",
    "cause",
    "left",
    "right",
)
quick = settings(max_examples=15, deadline=None, derandomize=True, database=None)


def records_of(cohort, seed=0):
    """Typed records of random episodes, with the rows of every table shuffled but numbered as in the file."""
    rows = {name: [] for name in TABLES}
    for number, one in enumerate(cohort):
        name = f"E{number}"
        rows["episodes"].append(
            {
                "episode_id": name,
                "baseline": text(one["baseline"]),
                "follow_up_end_day": text(one["follow_up_end"]),
                "bleeding_recorded": "no" if one["bleeding"] is None else "yes",
                "bleeding_recorded_to": text(one["bleeding_to"]),
                "reported_response": one["reported"],
                "reported_time_to_response": text(one["reported_time"]),
            }
        )
        for day, value, word in one["counts"]:
            flag, point = (word, "") if word == "pre_event" else ("", word)
            rows["counts"].append(
                {"episode_id": name, "day": text(day), "count": text(value), "flag": flag, "timepoint": point}
            )
        for first, last, grade in one["bleeding"] or []:
            rows["bleeding"].append(
                {"episode_id": name, "first_day": text(first), "last_day": text(last), "who_grade": text(grade)}
            )
        for day, kind in one["events"]:
            rows["events"].append({"episode_id": name, "day": text(day), "kind": kind})
        for drug_class, first, last in one["exposures"]:
            rows["exposures"].append(
                {"episode_id": name, "drug": "x", "class": drug_class, "first_day": text(first), "last_day": text(last)}
            )
    tables = {}
    for table, written in rows.items():
        typed = type_table(table, pd.DataFrame(written, dtype=str).fillna("")) if written else empty_table(table)
        order = list(range(len(typed)))
        if table != "episodes":
            random.Random(seed).shuffle(order)
        tables[table] = typed.iloc[order].reset_index(drop=True)
    return Records("random", tables)


def evidence_of_random(cohort, seed=0):
    """Evidence of random episodes; those of one cohort differ in how their visits came about."""
    planned = np.array([one["visits"] == "planned" for one in cohort])
    return replace(evidence_of(records_of(cohort, seed)), planned=planned)


def text(value):
    return "" if value is None else str(value)


def compare(definition, raw, cohort, evidence):
    outcome = derive(evidence, definition)
    for number, episode in enumerate(cohort):
        got, expected = outcome_of(outcome, number), reference.evaluate(raw, episode)
        for field in FIELDS:
            if isinstance(expected[field], float) and got[field] is not None:
                assert got[field] == pytest.approx(expected[field]), (definition.id, field)
            else:
                assert got[field] == expected[field], (definition.id, field)


def compare_by_record(definition, raw, cohort, evidence):
    """Who is not evaluable for want of a recorded fact, and what each record could have decided."""
    outcome = assess(evidence, definition)
    could = decidable(outcome.view) if definition.classes else None
    for number, episode in enumerate(cohort):
        got, expected = outcome_of(outcome, number), reference.assess(raw, episode)
        got["decided"] = outcome.labels[outcome.decided[number]] if outcome.decided[number] >= 0 else "NE"
        if definition.measure is not None:
            got["decided"] = expected["decided"]
        for field in (*FIELDS, "decided"):
            if isinstance(expected[field], float) and got[field] is not None:
                assert got[field] == pytest.approx(expected[field]), (definition.id, field)
            else:
                assert got[field] == expected[field], (definition.id, field)
        if could is not None:
            assert (could[0][number], could[1][number]) == reference.decidable(raw, episode), definition.id


@quick
@given(cohorts(), st.integers(0, 9))
def test_shipped_definitions(cohort, seed):
    evidence = evidence_of_random(cohort, seed)
    for definition in SHIPPED:
        compare(definition, RAW[definition.id], cohort, evidence)
        compare_by_record(definition, RAW[definition.id], cohort, evidence)


@settings(quick, max_examples=80)
@given(definitions(), cohorts(), st.integers(0, 9))
def test_random_definitions(raw, cohort, seed):
    evidence = evidence_of_random(cohort, seed)
    compare(Definition.model_validate(raw), raw, cohort, evidence)
    compare_by_record(Definition.model_validate(raw), raw, cohort, evidence)


@settings(quick, max_examples=8)
@given(cohorts(2, 12))
def test_row_order_and_company_do_not_matter(cohort):
    """Shuffled rows give the same files, and an episode's class does not depend on the others."""
    whole = classify(records_of(cohort, 1), SHIPPED)
    again = classify(records_of(cohort, 2), SHIPPED)
    pd.testing.assert_frame_equal(whole.responses, again.responses)
    pd.testing.assert_frame_equal(whole.times, again.times)
    alone = classify(records_of(cohort[:1], 3), SHIPPED).responses.drop(columns="decided_by")
    of_first = whole.responses[whole.responses["episode_id"] == "E0"].drop(columns="decided_by")
    pd.testing.assert_frame_equal(of_first.reset_index(drop=True), alone)


@settings(quick, max_examples=8)
@given(cohorts(2, 12), st.data())
def test_a_part_of_the_evidence_is_evaluated_as_in_the_whole(cohort, data):
    evidence = evidence_of_random(cohort)
    chosen = np.array(sorted(data.draw(st.sets(st.integers(0, len(cohort) - 1), min_size=1))))
    for definition in SHIPPED[:8]:
        whole, part = derive(evidence, definition), derive(evidence.take(chosen), definition)
        np.testing.assert_array_equal(whole.chosen[chosen], part.chosen)
        np.testing.assert_array_equal(whole.times.time[chosen], part.times.time)
