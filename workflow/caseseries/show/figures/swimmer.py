"""Swimmer plot: one bar an episode, from day 0 to the last day on which anything is known of it.

The longest course stands on top. Beyond `NAMED_UP_TO` episodes the bars are thin and carry no names.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from caseseries.model.applicable import LEADS
from caseseries.model.records import Records
from caseseries.show.courses import course_marks, courses, leading_classes
from caseseries.show.figures.curve import legend_columns
from caseseries.show.save import Drawing
from caseseries.show.steps import day_ticks
from caseseries.show.style import (
    ACCENT,
    FAINT,
    GROUPS,
    INK,
    QUIET,
    WIDTH,
    Sign,
    add_axes,
    draw_heading,
    group_sign,
    heading_height,
    new_figure,
    text_width,
)
from caseseries.words import numbers
from caseseries.words.events import event_name
from caseseries.words.labels import DAYS_FROM, DefinitionLabel, cohort_label, definition_label
from caseseries.words.lists import listing
from caseseries.words.nouns import EPISODES, plural
from caseseries.words.numbers import number

NAMED_UP_TO = 60
SIZE = 8.0
FEWEST = 2
THICK, THIN = 4.5, 2.2
SIGNS = {
    "response": Sign(ACCENT, "o", "-"),
    "loss_of_response": Sign("white", "o", "-"),
    "rescue": Sign("#D55E00", "^", "-"),
    "platelet_transfusion": Sign("#CC79A7", "P", "-"),
    "itp_therapy": Sign("#E69F00", "s", "-"),
    "stop_drug": Sign(INK, "|", "-"),
    "delivery": Sign("#009E73", "D", "-"),
    "death": Sign(INK, "X", "-"),
    "lost": Sign(QUIET, ">", "-"),
}


def axis_end(ends: pd.Series) -> float:
    """Last day on the axis: the longest course, or where that dwarfs nine tenths of them the longest that does not."""
    most = float(np.quantile(ends, 0.9))
    return float(ends.max()) if ends.max() <= 3 * most else float(ends[ends <= 2 * most].max())


def mark_signs(kinds: list[str]) -> dict[str, Sign]:
    """Sign of each kind of mark, the known ones first; further kinds take the signs of groups."""
    known = {kind: SIGNS[kind] for kind in SIGNS if kind in kinds}
    taken = {(sign.marker, sign.colour) for sign in known.values()}
    free = [sign for sign in map(group_sign, range(len(GROUPS))) if (sign.marker, sign.colour) not in taken]
    return known | dict(zip(sorted(set(kinds) - set(SIGNS)), cycle(free), strict=False))


def draw_swimmer(bars: pd.DataFrame, marks: pd.DataFrame, last: float, title: str, subtitle: str, days: str) -> Figure:
    """Draw courses (as `courses` gives them) with their marks (as `course_marks`).

    The axis ends at `last` and has the title `days`.
    """
    named = len(bars) <= NAMED_UP_TO
    row = 0.23 if named else 0.075
    signs = mark_signs(list(dict.fromkeys(marks["kind"])))
    handles = _legend(bars, signs)
    columns = legend_columns([handle.get_label() for handle in handles])
    head = heading_height(title, subtitle) + 0.19 * -(-len(handles) // columns) + 0.2
    height = row * len(bars) + 0.1
    figure = new_figure(head + height + 0.5)
    draw_heading(figure, title, subtitle)
    labels = [f"{bar.episode_id}  {bar.response_class}".strip() for bar in bars.itertuples()] if named else []
    left = 0.3 + max((text_width(label, SIZE) for label in labels), default=0)
    axes = add_axes(
        figure,
        left,
        0.5,
        WIDTH - 0.45,
        0.5 + height,
        xlim=(0, last * 1.02),
        ylim=(len(bars) - 0.5 + 0.05 / row, -0.5 - 0.05 / row),
    )
    axes.set_yticks(range(len(labels)), labels, size=SIZE)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xticks(day_ticks(last))
    axes.set_xlabel(days)
    axes.grid(axis="x", color=FAINT, linewidth=0.7)
    axes.set_axisbelow(True)
    _draw_bars(axes, bars, last, thick=THICK if named else THIN)
    _draw_marks(axes, bars, marks, signs, last, size=6.0 if named else 3.2)
    top = axes.get_position().y1 + 0.1 / figure.get_size_inches()[1]
    figure.legend(
        handles=handles,
        loc="lower left",
        ncols=columns,
        columnspacing=2.0,
        handlelength=2.6,
        bbox_to_anchor=(0.12 / WIDTH, top),
    )
    return figure


def _draw_bars(axes: Axes, bars: pd.DataFrame, last: float, thick: float) -> None:
    places = np.arange(len(bars))
    axes.hlines(places, 0, bars["end"].clip(upper=last), color="#b5b5b5", linewidth=thick * 0.4, zorder=2)
    treated = bars["drug_last"].notna().to_numpy()
    first = bars["drug_first"].fillna(0).clip(lower=0)[treated]
    axes.hlines(
        places[treated], first, bars["drug_last"].clip(upper=last)[treated], color="#9ecae8", linewidth=thick, zorder=3
    )
    longer = (bars["end"] > last).to_numpy()
    axes.plot(
        [last * 1.02] * longer.sum(),
        places[longer],
        linestyle="",
        marker=">",
        color=QUIET,
        markersize=thick,
        clip_on=False,
        zorder=6,
    )
    for place, end in zip(places[longer], bars["end"][longer], strict=True) if thick > THIN else ():
        axes.annotate(
            f"to day {number(end)}",
            (last * 1.01, place),
            size=6.5,
            ha="right",
            va="center",
            color=QUIET,
            xytext=(0, 5),
            textcoords="offset points",
            zorder=6,
        )


def _draw_marks(
    axes: Axes, bars: pd.DataFrame, marks: pd.DataFrame, signs: dict[str, Sign], last: float, size: float
) -> None:
    place = {episode: y for y, episode in enumerate(bars["episode_id"])}
    shown = marks[marks["episode_id"].isin(place) & (marks["day"] <= last) & (marks["day"] >= 0)]
    for kind, sign in signs.items():
        here = shown[shown["kind"] == kind]
        axes.plot(here["day"], here["episode_id"].map(place), **_mark(sign, size), clip_on=False, zorder=5)


def _mark(sign: Sign, size: float) -> dict:
    edge = ACCENT if sign.colour == "white" else sign.colour if sign.marker == "|" else "white"
    return {
        "linestyle": "",
        "marker": sign.marker,
        "color": sign.colour,
        "markeredgecolor": edge,
        "markersize": size,
        "markeredgewidth": 1.4 if edge != "white" else 0.5,
    }


def _legend(bars: pd.DataFrame, signs: dict[str, Sign]) -> list[Line2D | Patch]:
    handles: list[Line2D | Patch] = [Line2D([], [], color="#b5b5b5", linewidth=2, label="observed")]
    if bars["drug_last"].notna().any():
        handles.append(Line2D([], [], color="#9ecae8", linewidth=5, label="on study drug"))
    return handles + [Line2D([], [], **_mark(sign, 6.5), label=event_name(kind).mark) for kind, sign in signs.items()]


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
    total = len(set(records["episodes"]["episode_id"]) | set(times["episode_id"]))
    if bars.empty or len(bars) < min(FEWEST, total):
        return None
    left_out = total - len(bars)
    title = f"{cohort_label(cohort)}: course of each episode"
    label = definition_label(classes.definition, labels).title if classes.definition else ""
    rule = f" Class and day of response: {label}." if label else ""
    missing = f" {plural(left_out, 'episode')} without a dated course not drawn." if left_out else ""
    subtitle = f"{numbers.counts(len(bars), total)} {EPISODES.of(total)}.{rule}{missing}"
    last = axis_end(bars["end"])
    figure = draw_swimmer(bars, marks, last, title, subtitle, days)
    counts = marks[marks["episode_id"].isin(bars["episode_id"])].groupby("kind")["episode_id"].nunique()
    events = listing([f"{event_name(kind).mark} in {count}" for kind, count in counts.items()]) or "no dated event"
    longest = number(bars["end"].max())
    cut = f" Longer courses are cut at the right edge; the longest goes on to day {longest}."
    cut = cut if last < bars["end"].max() else ""
    caption = f"One bar an episode, from day 0 to the last day known, the longest on top.{rule}{missing}{cut}"
    alt = f"Swimmer plot of {plural(len(bars), 'episode')}: {events}."
    return Drawing("swimmer", "swimmer", figure, title, caption, alt, 60, individual=True, synthetic=synthetic)
