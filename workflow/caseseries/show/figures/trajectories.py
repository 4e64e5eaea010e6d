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
from caseseries.show.courses import LeadingClasses, leading_classes
from caseseries.show.drawing import Count, Drawing, Panel, Trajectories
from caseseries.show.drawn import Part, counted_courses, parts_of
from caseseries.show.steps import day_ticks
from caseseries.words import numbers
from caseseries.words.events import event_name
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


LATE_FROM, EARLY = 60, 4
"""An axis of days is logarithmic where the last day is this one or later, and half of all counts stand in its first
quarter."""

LOG_DAYS = (0, 3, 7, 14, 28, 56, 91, 182, 365, 730, 1825, 3650)
GIVEN = ("rescue", "platelet_transfusion")
"""Events that are marked, since a count after them is not the drug's alone."""


def count_panels(
    by_day: pd.DataFrame,
    named: pd.DataFrame,
    classes: LeadingClasses,
    days_title: str = DAYS_FROM["first_dose"],
    events: pd.DataFrame | None = None,
) -> list[Panel]:
    """The panels that have something to show: by day, then by occasion; one a class where episodes are many."""
    return [
        *_day_panels(_classed(by_day.assign(x=by_day["day"]), classes), classes, days_title, events),
        *_occasion_panels(_classed(named, classes), beside=bool(len(by_day))),
    ]


def title_of(part: Part) -> str:
    """What stands above the counts of a class; nothing above those of all."""
    return f"{part.response_class} (n = {number(part.number)})" if part.response_class else ""


def _day_panels(
    dated: pd.DataFrame, classes: LeadingClasses, days_title: str, events: pd.DataFrame | None
) -> list[Panel]:
    if dated.empty:
        return []
    first, last = float(dated["x"].min()), float(dated["x"].max())
    log = last >= LATE_FROM and float(dated["x"].median()) <= last / EARLY
    parts = parts_of(dated)
    room = 0.1 if parts[0].few and not parts[0].response_class else 0.03
    right = last * 1.2 if log else last + room * (last - first)
    limits = (first - 0.02 * max(last - first, 1), max(right, first + 1))
    ticks = [day for day in LOG_DAYS if day <= last] if log else day_ticks(last)
    labels = tuple(number(day) for day in ticks)
    return [
        Panel(
            title_of(part),
            drawn(part.counts),
            tuple(map(float, ticks)),
            labels,
            days_title,
            limits,
            responses=_response_days(part.counts, classes),
            events=given_to(part.counts, events),
            log_days=log,
        )
        for part in parts
    ]


def given_to(counts: pd.DataFrame, events: pd.DataFrame | None) -> tuple[tuple[float, float, str], ...]:
    """Rescue and transfusions (day, height, kind) of those with counts, each at the last count up to its day."""
    if events is None:
        return ()
    found = []
    courses = dict(list(counts.sort_values("x", kind="stable").groupby("episode_id", sort=False)))
    for event in events[events["kind"].isin(GIVEN)].dropna(subset=["day"]).itertuples():
        course = courses.get(event.episode_id)
        if course is not None and course["x"].iloc[0] <= event.day <= counts["x"].max():
            before = course.loc[course["x"] <= event.day, "value"].iloc[-1]
            found.append((float(event.day), float(before), str(event.kind)))
    return tuple(found)


def _occasion_panels(named: pd.DataFrame, *, beside: bool) -> list[Panel]:
    if named.empty:
        return []
    names = named.drop_duplicates("place").sort_values("place")["timepoint"]
    labels = tuple(words(name).replace(" ", "\n") for name in names)
    panels = []
    for part in parts_of(named):
        placed = part.counts.assign(x=part.counts["place"] + spread(part.counts["episode_id"]))
        said = title_of(part) or (f"by occasion (n = {number(part.number)})" if beside else "")
        places = tuple(map(float, range(len(labels))))
        panels.append(Panel(said, drawn(placed), places, labels, "", (-0.4, len(labels) - 0.6), dotted=True))
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
    found = counted_courses(records, analyte)
    panels = count_panels(found.by_day, found.named, classes, days, records["events"])
    if not panels:
        return None
    episodes = plural(found.shown, "episode")
    rule = f" Classes: {definition_label(classes.definition, labels).title}." if classes.definition else ""
    measured = analyte_of(analyte)
    units = records["counts"].loc[records["counts"]["analyte"] == analyte, "unit"]
    unit = measured.unit if measured.unit is not None else next((one for one in units if one), "")
    title = f"{cohort_label(cohort)}: {measured.plural}"
    subtitle = f"{numbers.counts(found.shown, found.total)} {EPISODES.of(found.total)} with counts.{rule}"
    dashed = f"{listing(map(plain, lines))} {behind(unit)}".strip() if lines else ""
    axis = capital(words(analyte)) + (f" ({signs(unit)})" if unit else "")
    marks = marks_of([*found.values, *lines], analyte)
    plot = Trajectories("trajectories", tuple(panels), axis, marks, tuple(lines), dashed)
    undated = (
        (
            " Counts whose day is not known stand by the occasion that the source names; a dotted line joins the "
            "counts of one episode and says nothing of time."
        )
        if found.undated
        else ""
    )
    scale = " Days are logarithmic too." if any(panel.log_days for panel in panels) else ""
    kinds = dict.fromkeys(kind for panel in panels for _, _, kind in panel.events)
    given = (
        f" {capital(listing([event_name(kind).mark for kind in kinds]))} stands at the count before it."
        if kinds
        else ""
    )
    caption = (
        f"{plural(found.counts, measured.noun, measured.plural)} of {episodes}, "
        f"logarithmic scale, one line an episode.{rule} Open marks: only a limit is known.{scale}{given}"
        f"{f' Dashed lines: {dashed}.' if dashed else ''}{undated}"
    )
    alt = (
        f"{capital(measured.plural)} of {episodes}: {plural(found.dated, 'count')} by day and "
        f"{number(found.undated)} by timepoint."
    )
    return Drawing(
        "trajectories", "trajectories", title, subtitle, plot, caption, alt, 65, individual=True, synthetic=synthetic
    )
