"""Counts of each episode: by day where days are known, by timepoint where only the occasion is known.

The axis is logarithmic. A count known only to lie below or above a value (`<5`) is drawn at
that value as an open mark. Few episodes carry their names; many are split into one panel a response class.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import pandas as pd

from caseseries.model.analytes import PLATELETS, analyte_of
from caseseries.model.applicable import LEADS, REPORTED, main_definition
from caseseries.model.definition import Definition
from caseseries.model.records import Records
from caseseries.model.thresholds import thresholds
from caseseries.show.courses import (
    NAMED_UP_TO,
    LeadingClasses,
    class_order,
    drawn_counts,
    leading_classes,
    split_counts,
)
from caseseries.show.drawing import Count, Drawing, Panel, Trajectories
from caseseries.show.steps import day_ticks
from caseseries.words import numbers
from caseseries.words.labels import DAYS_FROM, DefinitionLabel, cohort_label, definition_label
from caseseries.words.lists import listing
from caseseries.words.nouns import EPISODES, plural
from caseseries.words.numbers import number, plain
from caseseries.words.spelling import capital, words
from caseseries.words.units import behind, signs

MARKS = (1.0, 10.0, 100.0, 1000.0)
"""Marks of an axis of platelets, the same in every figure."""

WIDE = 30
"""Values so many times as far apart have a mark at each power of ten, others at 1, 2 and 5 of it too."""


def marks_of(values: Sequence[float], analyte: str) -> tuple[float, ...]:
    """Marks of the logarithmic axis: powers of ten around the values, 2 and 5 times as much where they lie close."""
    if analyte == PLATELETS:
        return MARKS
    low, high = min(values), max(values)
    steps = (1.0,) if high >= WIDE * low else (1.0, 2.0, 5.0)
    powers = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 2)
    marks = [float(f"{step}e{power}") for power in powers for step in steps]
    below = max((mark for mark in marks if mark <= low), default=marks[0])
    above = min((mark for mark in marks if mark >= high), default=marks[-1])
    return tuple(mark for mark in marks if below <= mark <= above)


def lines_across(definitions: Iterable[Definition], leads: Sequence[str], analyte: str) -> tuple[float, ...]:
    """The counts at which the definition that leads of those on this analyte draws its lines; none where none leads."""
    judging = {one.id: one for one in definitions if one.classes and one.analyte == analyte}
    main = main_definition([name for name in leads if name != REPORTED], judging)
    return tuple(thresholds([judging[main]])) if main else ()


def count_panels(
    by_day: pd.DataFrame, named: pd.DataFrame, classes: LeadingClasses, days_title: str = DAYS_FROM["first_dose"]
) -> list[Panel]:
    """The panels that have something to show: by day (one a class where episodes are many), then by timepoint."""
    panels = []
    if len(by_day):
        dated = _classed(by_day.assign(x=by_day["day"]), classes)
        days = dated["x"].min(), dated["x"].max()
        span = max(days[1] - days[0], 1)
        few = dated["episode_id"].nunique() <= NAMED_UP_TO
        limits = (float(days[0] - 0.02 * span), float(days[1] + (0.1 if few else 0.03) * span))
        ticks = tuple(map(float, day_ticks(days[1])))
        split = not few and dated["response_class"].nunique() > 1
        present = [name for name in class_order(dated["response_class"]) if name]
        for name in present if split else [None]:
            here = dated if name is None else dated[dated["response_class"] == name]
            title = "" if name is None else f"{name} (n = {here['episode_id'].nunique()})"
            responded = _response_days(here, classes)
            labels = tuple(number(day) for day in ticks)
            panels.append(Panel(title, drawn(here), ticks, labels, days_title, limits, responses=responded))
    if len(named):
        placed = _classed(named.assign(x=named["place"] + spread(named["episode_id"])), classes)
        names = placed.drop_duplicates("place").sort_values("place")["timepoint"]
        labels = tuple(words(name).replace(" ", "\n") for name in names)
        limits = (-0.4, len(labels) - 0.6)
        title = f"by occasion (n = {placed['episode_id'].nunique()})" if len(by_day) else ""
        panels.append(
            Panel(title, drawn(placed), tuple(map(float, range(len(labels)))), labels, "", limits, dotted=True)
        )
    return panels


def spread(episodes: pd.Series) -> pd.Series:
    """A small shift to the side for each episode, the same on every occasion, so that equal counts stay apart."""
    order = {episode: place for place, episode in enumerate(dict.fromkeys(episodes))}
    return (episodes.map(order).astype(float) / max(len(order) - 1, 1) - 0.5) * (0.3 if len(order) > 1 else 0.0)


def _classed(counts: pd.DataFrame, classes: LeadingClasses) -> pd.DataFrame:
    found = [classes.by_episode.get(episode, "") for episode in counts["episode_id"]]
    return counts.assign(response_class=found).reset_index(drop=True)


def drawn(counts: pd.DataFrame) -> tuple[Count, ...]:
    """Counts as data to draw."""
    limit = counts["below"] | counts["above"]
    columns = (counts["episode_id"], counts["response_class"], counts["x"].astype(float), counts["value"], limit)
    return tuple(Count(*row) for row in zip(*(column.tolist() for column in columns), strict=True))


def _response_days(counts: pd.DataFrame, classes: LeadingClasses) -> tuple[tuple[float, float], ...]:
    """The count (x, value) of each episode's day of response, the lowest where a day has several."""
    day = counts["episode_id"].map(classes.day).astype(float)
    chosen = counts[counts["x"] == day]
    lowest = chosen.groupby("episode_id", sort=False)[["x", "value"]].min().astype(float)
    return tuple(lowest.itertuples(index=False, name=None))


def trajectories_drawing(
    records: Records,
    responses: pd.DataFrame,
    times: pd.DataFrame,
    labels: dict[str, DefinitionLabel],
    *,
    cohort: str,
    synthetic: bool,
    days: str = DAYS_FROM["first_dose"],
    leads: Sequence[str] = LEADS,
    analyte: str = PLATELETS,
    lines: Sequence[float] = (),
) -> Drawing | None:
    """The counts of a cohort's main analyte with lines at some of them; None where no count can be placed by day or
    timepoint.
    """
    classes = leading_classes(responses, times, leads)
    drawn_here = drawn_counts(records, analyte)
    by_day, named = split_counts(drawn_here)
    panels = count_panels(by_day, named, classes, days)
    if not panels:
        return None
    shown = set(by_day["episode_id"]) | set(named["episode_id"])
    total = max(len(records["episodes"]), len(shown))
    rule = f" Classes: {definition_label(classes.definition, labels).title}." if classes.definition else ""
    measured, counted = analyte_of(analyte), len(by_day) + len(named)
    units = records["counts"].loc[records["counts"]["analyte"] == analyte, "unit"]
    unit = measured.unit if measured.unit is not None else next((one for one in units if one), "")
    title = f"{cohort_label(cohort)}: {measured.plural}"
    subtitle = f"{numbers.counts(len(shown), total)} {EPISODES.of(total)} with counts.{rule}"
    dashed = f"{listing(map(plain, lines))} {behind(unit)}".strip() if lines else ""
    axis = capital(words(analyte)) + (f" ({signs(unit)})" if unit else "")
    marks = marks_of([*drawn_here["value"], *lines], analyte)
    plot = Trajectories("trajectories", tuple(panels), axis, marks, tuple(lines), dashed)
    undated = (
        (
            " Counts whose day is not known stand by the occasion that the source names; a dotted line joins the "
            "counts of one episode and says nothing of time."
        )
        if len(named)
        else ""
    )
    caption = (
        f"{number(counted)} {measured.noun if counted == 1 else measured.plural} of {plural(len(shown), 'episode')}, "
        f"logarithmic scale, one line an episode.{rule} Open marks: only a limit is known."
        f"{f' Dashed lines: {dashed}.' if dashed else ''}{undated}"
    )
    alt = (
        f"{capital(measured.plural)} of {plural(len(shown), 'episode')}: {plural(len(by_day), 'count')} by day and "
        f"{number(len(named))} by timepoint."
    )
    return Drawing(
        "trajectories", "trajectories", title, subtitle, plot, caption, alt, 65, individual=True, synthetic=synthetic
    )
