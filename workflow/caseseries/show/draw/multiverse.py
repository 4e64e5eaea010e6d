"""Outcomes of every combination of choices: a sorted curve, and beside it bars of what moves it."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from caseseries.show.draw.style import (
    ACCENT,
    FAINT,
    GROUPS,
    INK,
    MARGIN,
    Column,
    add_axes,
    draw_heading,
    heading_height,
    new_figure,
    text_width,
)
from caseseries.show.drawing import Multiverse, Outcome
from caseseries.words.numbers import number, percent
from caseseries.words.spelling import capital

BAR, CURVE, AXIS, GAP = 0.17, 1.15, 0.3, 0.12


def draw_multiverse(plot: Multiverse, title: str, subtitle: str, column: Column) -> Figure:
    """Draw each outcome below the one before it; in one column of a page its bars stand below its curve."""
    head = heading_height(title, subtitle, column)
    figure = new_figure(head + sum(_height(one, column) for one in plot.outcomes), column)
    draw_heading(figure, title, subtitle, column)
    top = figure.get_size_inches()[1] - head
    for one in plot.outcomes:
        _draw_outcome(figure, one, top, column)
        top -= _height(one, column)
    return figure


def _height(one: Outcome, column: Column) -> float:
    bars = BAR * len(one.shares)
    return column.line + AXIS + GAP + (CURVE + 0.06 + bars if column.narrow else max(CURVE, bars))


def _draw_outcome(figure: Figure, one: Outcome, top: float, column: Column) -> None:
    width, height = figure.get_size_inches()
    figure.text(MARGIN / width, top / height, capital(one.label), weight="bold", va="top")
    top -= column.line + 0.04
    left, bars = MARGIN + 0.42, BAR * len(one.shares)
    whole = column.width - MARGIN - 0.1
    right = whole if column.narrow or not one.shares else 0.5 * column.width
    bottom = top - (CURVE if column.narrow else max(CURVE, bars))
    _draw_curve(add_axes(figure, left, bottom, right, top), one)
    if one.shares:
        names = max(text_width(capital(name), column.text) for name, _ in one.shares)
        start = names + (MARGIN + 0.05 if column.narrow else right + 0.3)
        end = bottom - AXIS - 0.06 if column.narrow else top
        _draw_bars(add_axes(figure, start, end - bars, whole - 0.35, end), one)


def _draw_curve(axes: Axes, one: Outcome) -> None:
    values, times = (np.array(part, dtype=float) for part in zip(*one.values, strict=True))
    ends = np.concatenate(([0.0], times.cumsum()))
    scale = 100 if one.percent else 1
    axes.stairs(scale * values, ends, baseline=None, color=ACCENT, linewidth=1.4)
    middle = dict(zip(values.tolist(), ((ends[1:] + ends[:-1]) / 2).tolist(), strict=True))
    marks: dict[str, Any] = {
        "marker": "D",
        "markersize": 4,
        "markerfacecolor": "white",
        "color": GROUPS[1],
        "linestyle": "",
        "clip_on": False,
    }
    axes.plot([middle[own] for own in one.own], [scale * own for own in one.own], **marks)
    axes.set_xlim(0, ends[-1])
    axes.margins(y=0.12)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    ticks = axes.get_yticks()
    low, high = axes.get_ylim()
    shown = [tick for tick in ticks if low <= tick <= high]
    axes.set_yticks(shown, [f"{number(tick)} %" if one.percent else number(tick) for tick in shown])
    axes.set_ylim(low, high)
    axes.set_xticks([0, ends[-1]], ["0", number(ends[-1])])
    axes.set_xlabel("combinations", labelpad=-6)
    axes.grid(axis="y", color=FAINT, linewidth=0.7)
    axes.set_axisbelow(True)


def _draw_bars(axes: Axes, one: Outcome) -> None:
    names, shares = zip(*one.shares, strict=True)
    places = np.arange(len(names))
    axes.barh(places, shares, height=0.62, color=ACCENT)
    for place, share in zip(places, shares, strict=True):
        text = "< 1 %" if 0 < share < 0.005 else percent(share)
        axes.text(share + 0.015, float(place), text, va="center_baseline", color=INK)
    axes.set_yticks(places, [capital(name) for name in names])
    axes.set_xlim(0, 1)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xticks([])
    axes.tick_params(axis="y", length=0)
    axes.spines["bottom"].set_visible(False)
