"""Counts of each episode: by day where days are known, by timepoint where only the occasion is known.

The axis is logarithmic from 1 to 1000 x 10^9/L. A count known only to lie below or above a value (`<5`) is drawn at
that value as an open mark. Few episodes carry their names; many are split into one panel a response class.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from caseseries.model.applicable import LEADS
from caseseries.model.columns import COUNT_UNIT
from caseseries.model.records import Records
from caseseries.show.courses import NAMED_UP_TO, Classes, class_order, drawn_counts, leading_classes, split_counts
from caseseries.show.drawing import Count, Drawing, Panel, Trajectories
from caseseries.show.steps import day_ticks
from caseseries.words import numbers
from caseseries.words.labels import DAYS_FROM, DefinitionLabel, cohort_label, definition_label
from caseseries.words.lists import listing
from caseseries.words.nouns import EPISODES, plural
from caseseries.words.numbers import number, plain
from caseseries.words.spelling import words
from caseseries.words.units import behind, signs

THRESHOLDS = (30.0, 100.0)
DASHED = f"{listing(map(plain, THRESHOLDS))} {behind(COUNT_UNIT)}"


def count_panels(
    by_day: pd.DataFrame, named: pd.DataFrame, classes: Classes, days_title: str = DAYS_FROM["first_dose"]
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


def _classed(counts: pd.DataFrame, classes: Classes) -> pd.DataFrame:
    found = [classes.by_episode.get(episode, "") for episode in counts["episode_id"]]
    return counts.assign(response_class=found).reset_index(drop=True)


def drawn(counts: pd.DataFrame) -> tuple[Count, ...]:
    """Counts as data to draw."""
    limit = counts["below"] | counts["above"]
    columns = (counts["episode_id"], counts["response_class"], counts["x"].astype(float), counts["value"], limit)
    return tuple(Count(*row) for row in zip(*(column.tolist() for column in columns), strict=True))


def _response_days(counts: pd.DataFrame, classes: Classes) -> tuple[tuple[float, float], ...]:
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
) -> Drawing | None:
    """The platelet counts of a cohort; None where no count can be placed by day or timepoint."""
    classes = leading_classes(responses, times, leads)
    by_day, named = split_counts(drawn_counts(records))
    panels = count_panels(by_day, named, classes, days)
    if not panels:
        return None
    shown = set(by_day["episode_id"]) | set(named["episode_id"])
    total = max(len(records["episodes"]), len(shown))
    rule = f" Classes: {definition_label(classes.definition, labels).title}." if classes.definition else ""
    title = f"{cohort_label(cohort)}: platelet counts"
    subtitle = f"{numbers.counts(len(shown), total)} {EPISODES.of(total)} with counts.{rule}"
    plot = Trajectories("trajectories", tuple(panels), f"Platelets ({signs(COUNT_UNIT)})", THRESHOLDS, DASHED)
    counts = len(by_day) + len(named)
    undated = (
        (
            " Counts whose day is not known stand by the occasion that the source names; a dotted line joins the "
            "counts of one episode and says nothing of time."
        )
        if len(named)
        else ""
    )
    caption = (
        f"{plural(counts, 'platelet count')} of {plural(len(shown), 'episode')}, logarithmic scale, one line "
        f"an episode.{rule} Open marks: only a limit is known. Dashed lines: {DASHED}.{undated}"
    )
    alt = (
        f"Platelet counts of {plural(len(shown), 'episode')}: {plural(len(by_day), 'count')} by day and "
        f"{number(len(named))} by timepoint."
    )
    return Drawing(
        "trajectories", "trajectories", title, subtitle, plot, caption, alt, 65, individual=True, synthetic=synthetic
    )
