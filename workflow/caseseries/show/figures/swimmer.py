"""Swimmer plot: one bar an episode, from day 0 to the last day on which anything is known of it.

The longest course stands on top. Of more than `BARS_UP_TO` episodes it is a strip a kind of happening, by day.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from caseseries.model.applicable import LEADS
from caseseries.model.records import Records
from caseseries.show.courses import (
    axis_end,
    by_day,
    course_marks,
    courses,
    episodes_with,
    leading_classes,
    number_courses,
)
from caseseries.show.drawing import Bar, Drawing, Mark, Strip, Strips, Swimmer, values
from caseseries.words import numbers
from caseseries.words.events import event_name
from caseseries.words.labels import DAYS_FROM, DefinitionLabel, cohort_label, definition_label
from caseseries.words.lists import listing
from caseseries.words.nouns import EPISODES, plural
from caseseries.words.numbers import number

FEWEST = 2

BARS_UP_TO = 40
"""Most episodes that have a bar each: as many as a page has room for."""


STRIPS = "A strip for each kind of happening, by day, all to one scale."
ENDED = "lost"
"""The kind whose sign the end of observation has."""


def strips_of(bars: pd.DataFrame, marks: pd.DataFrame, number_of: int, days: str, last: float) -> Strips:
    """Every kind of happening by day, and where observation of the `number_of` courses ended, as data to draw."""
    shown = marks[marks["day"] >= 0]
    strips = [
        Strip(
            kind, event_name(kind).mark, numbers.counts(had, number_of), by_day(shown.loc[shown["kind"] == kind, "day"])
        )
        for kind, had in episodes_with(shown).items()
    ]
    ended = Strip(ENDED, "last day known", numbers.counts(number_of, number_of), by_day(bars["end"]))
    return Strips("strips", days, last, (*strips, ended))


def courses_of(bars: pd.DataFrame, marks: pd.DataFrame) -> tuple[tuple[Bar, ...], tuple[Mark, ...]]:
    """Courses (as `courses` gives them) and what happened to them (as `course_marks`), as data to draw."""
    names = ("episode_id", "response_class")
    days = (values(bars[name]) for name in ("end", "drug_first", "drug_last"))
    drawn = zip(*(bars[name] for name in names), *days, strict=True)
    happened = zip(marks["episode_id"], marks["day"].astype(float), marks["kind"], strict=True)
    return tuple(Bar(*bar) for bar in drawn), tuple(Mark(*mark) for mark in happened)


def swimmer_drawing(
    records: Records,
    responses: pd.DataFrame,
    times: pd.DataFrame,
    labels: dict[str, DefinitionLabel],
    *,
    cohort: str,
    synthetic: bool,
    days: str = DAYS_FROM["first_dose"],
    leads: Sequence[str] = LEADS,
) -> Drawing | None:
    """The swimmer plot of a cohort; None where no episode has a course in days, or one of many."""
    classes = leading_classes(responses, times, leads)
    marks = course_marks(records, times, classes)
    bars = courses(records, times, marks, classes)
    marks = marks[marks["episode_id"].isin(bars["episode_id"])]
    numbered = number_courses(records, times, bars)
    if bars.empty or numbered.drawn < min(FEWEST, numbered.total):
        return None
    many = numbered.drawn > BARS_UP_TO
    title = f"{cohort_label(cohort)}: {'what happened when' if many else 'course of each episode'}"
    label = definition_label(classes.definition, labels).title if classes.definition else ""
    rule = f" Class and day of response: {label}." if label else ""
    missing = f" {plural(numbered.left_out, 'episode')} without a dated course not drawn." if numbered.left_out else ""
    subtitle = f"{numbers.counts(numbered.drawn, numbered.total)} {EPISODES.of(numbered.total)}.{rule}{missing}"
    last = axis_end(bars["end"])
    plot: Strips | Swimmer = Swimmer("swimmer", days, last, *courses_of(bars, marks))
    if many:
        plot = strips_of(bars, marks, numbered.drawn, days, last)
    had = sorted(episodes_with(marks).items())
    events = listing([f"{event_name(kind).mark} in {count}" for kind, count in had]) or "no dated event"
    longest = number(bars["end"].max())
    cut = f" The axis ends on day {number(last)}; the longest course goes on to day {longest}."
    cut = cut if last < bars["end"].max() else ""
    drawn = STRIPS if many else "One bar an episode, from day 0 to the last day known, the longest on top."
    caption = f"{drawn}{rule}{missing}{cut}"
    alt = f"{'What happened when in' if many else 'Swimmer plot of'} {plural(numbered.drawn, 'episode')}: {events}."
    return Drawing("swimmer", "swimmer", title, subtitle, plot, caption, alt, 60, individual=True, synthetic=synthetic)
