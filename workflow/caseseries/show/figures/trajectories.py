"""Counts of each episode: by day where days are known, by timepoint where only the occasion is known.

The axis is logarithmic from 1 to 1000 x 10^9/L. A count known only to lie below or above a value (`<5`) is drawn at
that value as an open mark. Few episodes carry their names; many are split into one panel a response class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullFormatter

from caseseries.model.applicable import LEADS
from caseseries.model.columns import COUNT_UNIT
from caseseries.model.records import Records
from caseseries.show.courses import Classes, drawn_counts, leading_classes, split_counts
from caseseries.show.figures.curve import legend_columns
from caseseries.show.save import Drawing
from caseseries.show.steps import day_ticks
from caseseries.show.style import (
    INK,
    QUIET,
    WIDTH,
    Sign,
    add_axes,
    class_signs,
    draw_heading,
    heading_height,
    new_figure,
)
from caseseries.words import numbers
from caseseries.words.labels import DAYS_FROM, DefinitionLabel, cohort_label, definition_label
from caseseries.words.lists import listing
from caseseries.words.nouns import EPISODES, plural
from caseseries.words.numbers import number, plain
from caseseries.words.spelling import words
from caseseries.words.units import behind, signs

THRESHOLDS = (30.0, 100.0)
DASHED = f"{listing(map(plain, THRESHOLDS))} {behind(COUNT_UNIT)}"
NAMED_UP_TO = 8
PANEL_HEIGHT = 2.6
SIZE = 8.0
CLASS_ORDER = ("CR", "durable", "yes", "R", "responded", "transient", "NR", "no", "none", "NE", "")
CLASS_NAMES = {"NE": "not evaluable", "": "class not known"}


@dataclass(frozen=True)
class Panel:
    """One panel: counts (`x, value, below, above, episode_id, response_class`) and the ticks of its axis."""

    title: str
    counts: pd.DataFrame
    ticks: list[float]
    tick_labels: list[str]
    x_label: str
    limits: tuple[float, float]
    dotted: bool
    response_days: pd.DataFrame


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
        limits = (days[0] - 0.02 * span, days[1] + (0.1 if few else 0.03) * span)
        ticks = [day for day in day_ticks(days[1])]
        split = not few and dated["response_class"].nunique() > 1
        present = [name for name in _class_order(dated["response_class"]) if name]
        for name in present if split else [None]:
            here = dated if name is None else dated[dated["response_class"] == name]
            title = "" if name is None else f"{name} (n = {here['episode_id'].nunique()})"
            responded = _response_days(here, classes)
            panels.append(Panel(title, here, ticks, [str(day) for day in ticks], days_title, limits, False, responded))
    if len(named):
        placed = _classed(named.assign(x=named["place"] + spread(named["episode_id"])), classes)
        names = placed.drop_duplicates("place").sort_values("place")["timepoint"]
        labels = [words(name).replace(" ", "\n") for name in names]
        limits = (-0.4, len(labels) - 0.6)
        title = f"by occasion (n = {placed['episode_id'].nunique()})" if len(by_day) else ""
        panels.append(
            Panel(title, placed, list(range(len(labels))), labels, "", limits, True, placed.iloc[:0][["x", "value"]])
        )
    return panels


def spread(episodes: pd.Series) -> pd.Series:
    """A small shift to the side for each episode, the same on every occasion, so that equal counts stay apart."""
    order = {episode: place for place, episode in enumerate(dict.fromkeys(episodes))}
    return (episodes.map(order).astype(float) / max(len(order) - 1, 1) - 0.5) * (0.3 if len(order) > 1 else 0.0)


def _classed(counts: pd.DataFrame, classes: Classes) -> pd.DataFrame:
    found = [classes.by_episode.get(episode, "") for episode in counts["episode_id"]]
    return counts.assign(response_class=found).reset_index(drop=True)


def _class_order(found: pd.Series) -> list[str]:
    present = set(found)
    return [name for name in CLASS_ORDER if name in present] + sorted(present - set(CLASS_ORDER))


def _response_days(counts: pd.DataFrame, classes: Classes) -> pd.DataFrame:
    """The count (`x, value`) of each episode's day of response, the lowest where a day has several."""
    day = counts["episode_id"].map(classes.day).astype(float)
    chosen = counts[counts["x"] == day]
    return chosen.groupby("episode_id", sort=False)[["x", "value"]].min().reset_index(drop=True)


def draw_trajectories(panels: list[Panel], title: str, subtitle: str, unit: str) -> Figure:
    """Draw panels of counts side by side, two a row."""
    classes = _class_order(pd.concat([panel.counts["response_class"] for panel in panels]))
    signs = class_signs(classes)
    handles = _legend(panels, signs)
    columns = legend_columns([handle.get_label() for handle in handles])
    head = heading_height(title, subtitle) + 0.19 * -(-len(handles) // columns) + 0.25
    rows = -(-len(panels) // 2)
    height = PANEL_HEIGHT * (1.25 if rows == 1 else 1.0)
    figure = new_figure(head + rows * (height + 0.75))
    draw_heading(figure, title, subtitle)
    high = max(1000.0, max(panel.counts["value"].max() for panel in panels) * 1.3)
    between, edge = 0.75, 0.45 if len(panels) > 1 else 0.75
    wide = (WIDTH - 0.75 - between - edge) / 2 if len(panels) > 1 else WIDTH - 0.75 - edge
    for place, panel in enumerate(panels):
        row, column = divmod(place, 2)
        left = 0.75 + column * (wide + between)
        bottom = 0.55 + (rows - 1 - row) * (height + 0.75)
        axes = add_axes(
            figure, left, bottom, left + wide, bottom + height, yscale="log", ylim=(0.85, high), xlim=panel.limits
        )
        _draw_panel(axes, panel, signs)
        if column == 0:
            axes.set_ylabel(unit)
    top = 1 - (head - 0.06) / figure.get_size_inches()[1]
    figure.legend(
        handles=handles,
        loc="lower left",
        ncols=columns,
        columnspacing=2.0,
        handlelength=2.6,
        bbox_to_anchor=(0.12 / WIDTH, top + 0.1 / figure.get_size_inches()[1]),
    )
    return figure


def _draw_panel(axes: Axes, panel: Panel, signs: dict[str, Sign]) -> None:
    axes.set_yticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_xticks(panel.ticks, panel.tick_labels)
    axes.set_xlabel(panel.x_label)
    axes.set_title(panel.title, size=9, loc="left", weight="bold", pad=4)
    for threshold in THRESHOLDS:
        axes.axhline(threshold, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
        axes.text(
            1.0,
            threshold,
            f" {number(threshold)}",
            transform=axes.get_yaxis_transform(),
            size=SIZE,
            color=QUIET,
            va="center",
        )
    many = panel.counts["episode_id"].nunique() > NAMED_UP_TO
    for name, counts in panel.counts.groupby("response_class", sort=False):
        sign = signs[name]
        dash = (0, (1, 2)) if panel.dotted else "-" if many else sign.dash
        lines = [course[["x", "value"]].to_numpy() for _, course in counts.groupby("episode_id", sort=False)]
        axes.add_collection(
            LineCollection(
                lines,
                colors=sign.colour,
                linestyles=[dash],
                alpha=0.6 if many else 0.9,
                linewidths=0.8 if many else 1.2,
                zorder=3,
            )
        )
        exact = ~(counts["below"] | counts["above"])
        for chosen, face in ((exact, sign.colour), (~exact, "white")):
            axes.plot(
                counts["x"][chosen],
                counts["value"][chosen],
                linestyle="",
                marker=sign.marker,
                color=sign.colour,
                markerfacecolor=face,
                markersize=3.2 if many else 4.5,
                zorder=4,
            )
    axes.plot(
        panel.response_days["x"],
        panel.response_days["value"],
        linestyle="",
        marker="o",
        markersize=6.5 if many else 9,
        markerfacecolor="none",
        markeredgecolor=INK,
        markeredgewidth=0.7 if many else 1.0,
        zorder=5,
    )
    if not many:
        _name_lines(axes, panel)


def _name_lines(axes: Axes, panel: Panel) -> None:
    """Episode names behind the last counts; those that end on one day are moved apart where they would touch."""
    ends = panel.counts.sort_values("x", kind="stable").groupby("episode_id", sort=False).tail(1)
    low, high = np.log10(axes.get_ylim())
    gap = (high - low) * 0.045
    for _, same in ends.sort_values(["value", "episode_id"], kind="stable").groupby("x"):
        heights: list[float] = []
        for value in np.log10(same["value"].to_numpy()):
            heights.append(max(value, heights[-1] + gap) if heights else value)
        over = max(heights[-1] - (high - gap / 2), 0)
        for end, height in zip(same.itertuples(), heights, strict=True):
            axes.annotate(
                end.episode_id,
                (end.x, 10 ** (height - over)),
                xytext=(7, 0),
                textcoords="offset points",
                size=SIZE,
                va="center",
                color=INK,
                zorder=6,
            )


def _legend(panels: list[Panel], signs: dict[str, Sign]) -> list[Line2D]:
    handles = [
        Line2D(
            [],
            [],
            color=sign.colour,
            marker=sign.marker,
            linestyle=sign.dash,
            markersize=4.5,
            label=CLASS_NAMES.get(name, name),
        )
        for name, sign in signs.items()
        if name or len(signs) > 1
    ]
    if any((panel.counts["below"] | panel.counts["above"]).any() for panel in panels):
        handles.append(
            Line2D(
                [],
                [],
                color=QUIET,
                marker="o",
                markerfacecolor="white",
                linestyle="",
                markersize=4.5,
                label="only a limit known (such as <5)",
            )
        )
    if any(len(panel.response_days) for panel in panels):
        handles.append(
            Line2D(
                [],
                [],
                marker="o",
                markerfacecolor="none",
                markeredgecolor=INK,
                linestyle="",
                markersize=9,
                label="day of response",
            )
        )
    handles.append(Line2D([], [], color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)), label=DASHED))
    return handles


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
    figure = draw_trajectories(panels, title, subtitle, f"Platelets ({signs(COUNT_UNIT)})")
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
        "trajectories", "trajectories", figure, title, caption, alt, 65, individual=True, synthetic=synthetic
    )
