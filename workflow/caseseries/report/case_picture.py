"""The course of one case as a picture: counts by day with the lines of the definition, doses and happenings below."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from caseseries.model.definition import Definition
from caseseries.model.quantity import parse_interval
from caseseries.model.thresholds import thresholds
from caseseries.report.page import Block, Dot, Lane, Trace
from caseseries.words.events import event_name
from caseseries.words.numbers import is_missing, plain, short_number
from caseseries.words.units import signs

LEFT, RIGHT, TOP, FOOT = 62.0, 560.0, 14.0, 170.0
"""Edges of the field of counts, in units of the picture, which is 600 wide."""

INSET = 10.0
"""Room between the edges of the field and the first and last day."""

LANE = 17.0
"""Height of a row below the days."""

NEXT_VALUE = 24.0
"""A count nearer than this to one with its value beside it has it in the list alone."""

SCALE = (1, 10, 100, 1000)
"""Marks of the logarithmic axis; a count outside lies on its edge."""

TICKS = 6


def case_picture(own: Mapping[str, pd.DataFrame], definition: Definition | None) -> list[Block]:
    """Counts with a day, above what else has one; nothing where fewer than two counts have one."""
    counts = dated_counts(own)
    rows = lanes_of(own)
    if len(counts) < 2:
        return []
    days = [*counts["day"], *(day for _, spans in rows for span in spans for day in span)]
    first, last = min(0.0, *days), max(1.0, *days)

    def across(day: float) -> float:
        return round(LEFT + INSET + (RIGHT - LEFT - 2 * INSET) * (day - first) / (last - first), 1)

    dots = dots_of(counts, across)
    kept = [dot for dot in dots if dot.state != "dropped"]
    lines = [] if definition is None else thresholds([definition])
    lanes = []
    for place, (name, spans) in enumerate(rows):
        bars = [(across(start), max(2.5, round(across(end) - across(start), 1))) for start, end in spans]
        lanes.append(Lane(FOOT + 36 + LANE * place, name, bars))
    unit = "" if definition is None else signs(definition.unit)
    return [
        Trace(
            dots=dots,
            path=" ".join(f"{dot.x},{dot.y}" for dot in kept),
            lines=[(height_of(value), short_number(value)) for value in lines],
            days=[(across(day), plain(day)) for day in ticks(first, last)],
            scale=[(height_of(value), plain(value)) for value in SCALE],
            lanes=lanes,
            unit=unit,
            box=(LEFT, RIGHT, TOP, FOOT),
            height=FOOT + 36 + LANE * len(lanes),
        )
    ]


def dots_of(counts: pd.DataFrame, across: Callable[[float], float]) -> list[Dot]:
    """The counts in their places; those that decide carry their value first, others where there is room."""
    taken: list[float] = []
    shown = set()
    for row in counts.assign(first=counts["state"] != "decides").sort_values(["first", "day"]).itertuples():
        if all(abs(across(row.day) - place) >= NEXT_VALUE for place in taken):
            taken.append(across(row.day))
            shown.add(row.Index)
    return [
        Dot(
            across(row.day),
            height_of(row.value),
            row.written if row.Index in shown else "",
            f"day {plain(row.day)}: {row.written}",
            row.state,
            row.limit,
        )
        for row in counts.itertuples()
    ]


def dated_counts(own: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Counts that have a day and a value: `day, value, limit, written, state`, in order of days.

    `state` is `kept`, `dropped` for one that the definition leaves out, `decides` for one on which the class rests.
    """
    told = own["explained_counts"]
    if len(told):
        states = np.select([told["left_out"] != "", told["deciding"] == "yes"], ["dropped", "decides"], "kept")
        found = pd.DataFrame({"day": told["when"], "written": told["written"], "state": states})
    else:
        counts = own["counts"]
        found = pd.DataFrame({"day": counts["day"], "written": counts["count"].astype(str), "state": "kept"})
    found["day"] = pd.to_numeric(found["day"], errors="coerce")
    read = [parse_interval(text) for text in found["written"]]
    found["value"] = [math.nan if one is None else one.hi if one.lo == 0 else one.lo for one in read]
    found["limit"] = [one is not None and one.lo != one.hi for one in read]
    return found.dropna(subset=["day", "value"]).sort_values("day", kind="stable", ignore_index=True)


def lanes_of(own: Mapping[str, pd.DataFrame]) -> list[tuple[str, list[tuple[float, float]]]]:
    """Rows below the days: each drug, each kind of event, bleeding by grade; name, and first and last day of each."""
    found: dict[str, list[tuple[float, float]]] = {}
    spans: Iterable[tuple[str, float, float]] = (
        *((row.drug or row._asdict()["class_"], row.first_day, row.last_day) for row in exposures(own["exposures"])),
        *((event_name(row.kind).noun, row.day, row.day) for row in own["events"].itertuples()),
        *(
            (f"bleeding, grade {plain(row.who_grade)}", row.first_day, row.last_day)
            for row in own["bleeding"].itertuples()
        ),
    )
    for name, start, end in spans:
        if not is_missing(start):
            found.setdefault(name, []).append((float(start), float(start if is_missing(end) else end)))
    return list(found.items())


def exposures(table: pd.DataFrame) -> Iterable:
    """Rows of exposures; a column called `class` is no name of an attribute."""
    return table.rename(columns={"class": "class_"}).itertuples()


def height_of(value: float) -> float:
    """Where a count stands on the logarithmic axis."""
    share = math.log10(min(max(value, SCALE[0]), SCALE[-1])) / math.log10(SCALE[-1])
    return round(FOOT - (FOOT - TOP) * share, 1)


def ticks(first: float, last: float) -> list[float]:
    """Round days for the axis."""
    steps = (1, 2, 5, 7, 14, 28, 56, 84, 182, 364)
    step = next((one for one in steps if (last - first) / one <= TICKS), (last - first) / TICKS)
    return [float(day) for day in np.arange(math.ceil(first / step) * step, last + 1e-9, step)]
