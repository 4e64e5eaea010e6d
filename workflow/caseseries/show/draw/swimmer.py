"""Swimmer plots, one bar an episode, and what stands for them where episodes are many: a strip a kind of happening."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from caseseries.show.draw.legend import draw_legend, labels_of, legend_height
from caseseries.show.draw.style import (
    ACCENT,
    FAINT,
    GROUPS,
    INK,
    MARGIN,
    QUIET,
    Column,
    Sign,
    add_axes,
    draw_heading,
    group_sign,
    heading_height,
    new_figure,
    text_width,
    wrap_inches,
)
from caseseries.show.drawing import Bar, Strips, Swimmer
from caseseries.show.steps import day_ticks
from caseseries.words.events import event_name
from caseseries.words.numbers import number

ROW, STRIP = 0.185, 0.34
"""Inches of an episode, and of a kind of happening."""

AXIS = 0.42
THICK = 4.5
SEEN, TREATED = "#b5b5b5", "#9ecae8"
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


def mark_signs(kinds: list[str]) -> dict[str, Sign]:
    """Sign of each kind of mark, the known ones first; further kinds take the signs of groups."""
    known = {kind: SIGNS[kind] for kind in SIGNS if kind in kinds}
    taken = {(sign.marker, sign.colour) for sign in known.values()}
    free = [sign for sign in map(group_sign, range(len(GROUPS))) if (sign.marker, sign.colour) not in taken]
    return known | dict(zip(sorted(set(kinds) - set(SIGNS)), cycle(free), strict=False))


def draw_swimmer(plot: Swimmer, title: str, subtitle: str, column: Column) -> Figure:
    """Draw courses with their marks."""
    bars, last = plot.bars, plot.last
    signs = mark_signs(list(dict.fromkeys(mark.kind for mark in plot.marks)))
    handles = _legend(plot, signs)
    legend = legend_height(labels_of(handles), column)
    head = heading_height(title, subtitle, column)
    height = ROW * len(bars) + 0.1
    figure = new_figure(head + legend + height + AXIS, column)
    draw_heading(figure, title, subtitle, column)
    labels = [f"{bar.episode}  {bar.response_class}".strip() for bar in bars]
    left = MARGIN + 0.12 + max((text_width(label, column.text) for label in labels), default=0)
    room = 0.05 / ROW
    axes = add_axes(
        figure,
        left,
        AXIS,
        column.width - 0.3,
        AXIS + height,
        xlim=(0, last * 1.02),
        ylim=(len(bars) - 0.5 + room, -0.5 - room),
    )
    axes.set_yticks(range(len(labels)), labels)
    _draw_days(axes, last, plot.days, column)
    _draw_bars(axes, bars, last, column)
    _draw_marks(axes, plot, signs)
    draw_legend(figure, handles, labels_of(handles), head, column)
    return figure


def _draw_days(axes: Axes, last: float, title: str, column: Column) -> None:
    ticks = day_ticks(last)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xticks(ticks[:: 2 if column.narrow and len(ticks) > 6 else 1])
    axes.set_xlabel(title, labelpad=2)
    axes.grid(axis="x", color=FAINT, linewidth=0.7)
    axes.set_axisbelow(True)


def _draw_bars(axes: Axes, bars: Sequence[Bar], last: float, column: Column) -> None:
    places = np.arange(len(bars))
    ends, firsts, lasts = (
        np.array([getattr(bar, name) for bar in bars], dtype=float) for name in ("end", "drug_first", "drug_last")
    )
    axes.hlines(places, 0, np.minimum(ends, last), color=SEEN, linewidth=THICK * 0.4, zorder=2)
    treated = ~np.isnan(lasts)
    first = np.maximum(np.nan_to_num(firsts), 0)[treated]
    axes.hlines(places[treated], first, np.minimum(lasts[treated], last), color=TREATED, linewidth=THICK, zorder=3)
    longer = ends > last
    beyond: dict[str, Any] = {
        "linestyle": "",
        "marker": ">",
        "color": QUIET,
        "markersize": THICK,
        "clip_on": False,
        "zorder": 6,
    }
    axes.plot([last * 1.02] * longer.sum(), places[longer], **beyond)
    for place, end in zip(places[longer], ends[longer], strict=True):
        axes.annotate(
            f"to day {number(end)}",
            (last * 1.0, place),
            size=column.text,
            ha="right",
            va="center",
            color=QUIET,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
            zorder=6,
        )


def _draw_marks(axes: Axes, plot: Swimmer, signs: dict[str, Sign]) -> None:
    place = {bar.episode: y for y, bar in enumerate(plot.bars)}
    shown = [mark for mark in plot.marks if mark.episode in place and 0 <= mark.day <= plot.last]
    for kind, sign in signs.items():
        here = [(mark.day, place[mark.episode]) for mark in shown if mark.kind == kind]
        days, places = zip(*here, strict=True) if here else ((), ())
        axes.plot(days, places, **mark_style(sign, 6.0), clip_on=False, zorder=5)


def mark_style(sign: Sign, size: float) -> dict:
    """How matplotlib draws the mark of a sign."""
    edge = ACCENT if sign.colour == "white" else sign.colour if sign.marker == "|" else "white"
    return {
        "linestyle": "",
        "marker": sign.marker,
        "color": sign.colour,
        "markeredgecolor": edge,
        "markersize": size,
        "markeredgewidth": 1.4 if edge != "white" else 0.5,
    }


def _legend(plot: Swimmer, signs: dict[str, Sign]) -> list[Line2D]:
    handles = [Line2D([], [], color=SEEN, linewidth=2, label="observed")]
    if any(bar.drug_last is not None for bar in plot.bars):
        handles.append(Line2D([], [], color=TREATED, linewidth=THICK, label="on study drug"))
    if any(bar.end > plot.last for bar in plot.bars):
        beyond: dict[str, Any] = {"linestyle": "", "marker": ">", "color": QUIET, "markersize": THICK}
        handles.append(Line2D([], [], label="observed beyond the axis", **beyond))
    return handles + [
        Line2D([], [], **mark_style(sign, 6.0), label=event_name(kind).mark) for kind, sign in signs.items()
    ]


def draw_strips(plot: Strips, title: str, subtitle: str, column: Column) -> Figure:
    """Draw each kind of happening as stems by day, all to one scale: its top is the largest number of any day."""
    head = heading_height(title, subtitle, column)
    names = [wrap_inches(f"{strip.label}\n{strip.counts}", 1.0, column.text) for strip in plot.strips]
    row = max(STRIP, column.line * max(1 + name.count("\n") for name in names) + 0.06)
    height = row * len(names)
    figure = new_figure(head + height + AXIS + 0.1, column)
    draw_heading(figure, title, subtitle, column)
    left = MARGIN + 0.12 + max(text_width(name, column.text) for name in names)
    box = left, AXIS, column.width - 0.3, AXIS + height
    axes = add_axes(figure, *box, xlim=(0, plot.last * 1.02), ylim=(len(names), 0))
    axes.set_yticks(np.arange(len(names)) + 0.55, names, linespacing=1.1)
    _draw_days(axes, plot.last, plot.days, column)
    signs = mark_signs([strip.kind for strip in plot.strips])
    most = max(count for strip in plot.strips for day, count in strip.days if day <= plot.last)
    for place, strip in enumerate(plot.strips):
        days, counts = np.array([pair for pair in strip.days if pair[0] <= plot.last], dtype=float).reshape(-1, 2).T
        colour = signs[strip.kind].colour
        top = place + 0.95 - 0.8 * counts / most
        axes.vlines(days, place + 0.95, top, color=ACCENT if colour == "white" else colour, linewidth=1.6, zorder=3)
        axes.axhline(place + 0.95, color=QUIET, linewidth=0.6, zorder=2)
    return figure
