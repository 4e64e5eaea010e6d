"""Worked cases of definition files: the evidence that they hold, and what a definition makes of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from caseseries.model.columns import POST_DOSE_TIMEPOINTS
from caseseries.model.definition import Definition
from caseseries.model.quantity import UNKNOWN, Interval, parse_interval
from caseseries.model.results import CAUSES
from caseseries.model.worked_case import Case, Expected
from caseseries.response.outcome import Outcome, derive
from caseseries.response.series import Counts, Events, Evidence, Spells, Values, sort_counts, sort_events, sort_spells


def case_rows(case: Case) -> list[tuple[int | None, Interval, str]]:
    """Day, value and flag or time point of every count of a case, in the order in which it is written.

    Raises ValueError where a count is not written as the format asks.
    """
    rows: list[tuple[int | None, Interval, str]] = []
    for entry in case.count_rows:
        day, written, *further = entry
        value = parse_interval(written)
        word = further[0] if further else ""
        good_day = isinstance(day, int) and not isinstance(day, bool) and word in ("", "pre_event")
        good_point = day is None and word in POST_DOSE_TIMEPOINTS
        if value is None or np.isnan(value.lo) or not (good_day or good_point):
            raise ValueError("a count is [day, count], [day, count, pre_event] or [null, count, best]")
        rows.append((day, value, word))
    if case.weekly is not None:
        weekly = [(day, parse_interval(written)) for day, written in case.weekly.dated() if written is not None]
        rows += [(day, value, "") for day, value in weekly if value is not None]
    return rows


def evidence_of_cases(cases: list[Case]) -> Evidence:
    """The evidence of worked cases; case i is episode i, and a count's row is its number in the file of cases."""
    counts = [(number, *row) for number, case in enumerate(cases) for row in case_rows(case)]
    dated = [(row, *count) for row, count in enumerate(counts) if count[1] is not None]
    loose = [(row, *count) for row, count in enumerate(counts) if count[1] is None]
    events = [(number, event.day, event.kind) for number, case in enumerate(cases) for event in case.events]
    bleeding = [(number, *spell) for number, case in enumerate(cases) for spell in case.bleeding or ()]
    exposures = [
        (number, as_day(exposure.start), as_day(exposure.end), exposure.class_)
        for number, case in enumerate(cases)
        for exposure in case.exposures
    ]
    baselines = [parse_interval(case.baseline) or UNKNOWN for case in cases]
    size = len(cases)
    return Evidence(
        size,
        counts_from(size, dated, True),
        counts_from(size, loose, False),
        Values(
            *(
                np.array([getattr(value, name) for value in baselines], kind)
                for name, kind in (("lo", float), ("hi", float), ("lo_open", bool), ("hi_open", bool))
            )
        ),
        spells_from(bleeding, np.int64, float),
        np.array([recorded_to(case) for case in cases], float),
        events_from(events),
        spells_from(exposures, float, str),
        np.array([as_day(case.follow_up_end) for case in cases], float),
        np.array([case.reported for case in cases], str),
        np.array([as_day(case.reported_time) for case in cases], float),
        np.array([case.visits == "planned" for case in cases], bool),
    )


def recorded_to(case: Case) -> float:
    """Last day up to which the bleeding of a case is known; see `Evidence.bleeding_to`."""
    if case.bleeding is None:
        return -np.inf
    return np.inf if case.bleeding_to is None else float(case.bleeding_to)


def as_day(day: int | None) -> float:
    """A day as float, NaN where it is not known."""
    return np.nan if day is None else float(day)


def counts_from(size: int, rows: list, dated: bool) -> Counts:
    """Counts from rows (row, episode, day, interval, word)."""
    columns = list(zip(*rows, strict=True)) or [()] * 5
    row, episode, day, values, words = columns
    lo, hi = (np.array([getattr(value, name) for value in values], float) for name in ("lo", "hi"))
    lo_open, hi_open = (np.array([getattr(value, name) for value in values], bool) for name in ("lo_open", "hi_open"))
    counts = sort_counts(
        size,
        np.array(episode, np.int64),
        np.array(day if dated else [0] * len(rows), np.int64),
        lo,
        hi,
        np.array(row, np.int64),
        lo_open,
        hi_open,
        np.array([word == "pre_event" for word in words], bool),
    )
    return replace(counts, dated=dated)


def events_from(rows: list) -> Events:
    """Events from rows (episode, day, kind)."""
    episode, day, kind = list(zip(*rows, strict=True)) or [()] * 3
    row = np.arange(len(rows), dtype=np.int64)
    return sort_events(np.array(episode, np.int64), np.array(day, np.int64), np.array(kind, str), row)


def spells_from(rows: list, days: type, values: type) -> Spells:
    """Spells from rows (episode, first, last, value)."""
    episode, first, last, value = list(zip(*rows, strict=True)) or [()] * 4
    return sort_spells(
        np.array(episode, np.int64),
        np.array(first, days),
        np.array(last, days),
        np.array(value, values),
        np.arange(len(rows), dtype=np.int64),
    )


def outcomes_of_cases(definition: Definition, cases: list[Case]) -> list[dict[str, object]]:
    """What a definition makes of each worked case: the fields of `Expected` by their names in the file."""
    outcome = derive(evidence_of_cases(cases), definition)
    return [outcome_of(outcome, number) for number in range(len(cases))]


def outcome_of(outcome: Outcome, number: int) -> dict[str, object]:
    """One episode's outcome as plain values, None where a field does not apply."""
    clocks, times = outcome.clocks, outcome.times
    days = {
        "ttr": clocks.onset,
        "ttr_confirm": clocks.confirmed,
        "ttr_cr": clocks.complete,
        "loss_cr": clocks.loss_complete,
        "loss_r": clocks.loss,
        "value": outcome.value,
        "time": times.time,
        "left": times.left,
        "right": times.right,
    }
    plain: dict[str, object] = {
        name: None if np.isnan(column[number]) else float(column[number]) for name, column in days.items()
    }
    plain["class"] = outcome.class_name(number)
    plain["provisional"] = outcome.provisional_name(number)
    plain["cause"] = None if plain["time"] is None else CAUSES[times.cause[number]]
    return plain


def disagreements(definition: Definition, expected: Expected | str, got: dict[str, object]) -> list[str]:
    """The fields in which an outcome is not as a worked case expects, in words; a bare class speaks of the class."""
    if isinstance(expected, str):
        expected = Expected(**{"class": expected})
    wrong = []
    for name in Expected.model_fields:
        key = "class" if name == "class_" else name
        if name not in expected.model_fields_set:
            continue
        wanted = getattr(expected, name)
        if got[key] != wanted and not (key == "class" and wanted is None):
            shown = "nothing" if got[key] is None else f"{got[key]:g}" if isinstance(got[key], float) else got[key]
            hoped = "nothing" if wanted is None else wanted
            wrong.append(f"{definition.id} gives {key} {shown}, the case expects {hoped}")
    return wrong
