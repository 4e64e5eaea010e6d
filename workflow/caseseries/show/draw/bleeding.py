"""Bleeding by day, a row an episode; many rows share a height that stays the same."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from caseseries.show.draw.legend import draw_legend, labels_of, legend_height
from caseseries.show.draw.style import (
    FAINT,
    INK,
    MARGIN,
    Column,
    add_axes,
    draw_heading,
    heading_height,
    new_figure,
    text_width,
)
from caseseries.show.drawing import Bleeding
from caseseries.show.steps import day_ticks

GRADES = {1: "#E69F00", 2: "#D55E00", 3: "#8c1d04", 4: INK}
"""Colour of each WHO grade, the darker the worse, so that grey tells them apart too."""

ROW, TALLEST, AXIS = 0.18, 5.5, 0.42
SEEN = "#b5b5b5"


def draw_bleeding(plot: Bleeding, title: str, subtitle: str, column: Column) -> Figure:
    """Draw each episode as a line with its bleeding on it."""
    grades = sorted({one.grade for one in plot.bleeds})
    handles = [Line2D([], [], color=GRADES[grade], linewidth=5, label=f"WHO grade {grade}") for grade in grades]
    handles.append(Line2D([], [], color=SEEN, linewidth=1.2, label="bleeding recorded until"))
    count = len(plot.seen)
    height = min(ROW * count, TALLEST)
    named = height == ROW * count
    head = heading_height(title, subtitle, column)
    figure = new_figure(head + legend_height(labels_of(handles), column) + height + 0.1 + AXIS, column)
    draw_heading(figure, title, subtitle, column)
    draw_legend(figure, handles, labels_of(handles), head, column)
    left = MARGIN + 0.12 + (max(text_width(name, column.text) for name, _ in plot.seen) if named else 0)
    room = max(plot.last - plot.first, 1) * 0.02
    axes = add_axes(
        figure,
        left,
        AXIS,
        column.width - 0.25,
        AXIS + height + 0.1,
        xlim=(plot.first - room, plot.last + room),
        ylim=(count - 0.4, -0.6),
    )
    place = {name: down for down, (name, _) in enumerate(plot.seen)}
    axes.hlines(range(count), plot.first, [end for _, end in plot.seen], color=SEEN, linewidth=1.0, zorder=2)
    thick = min(6.0, 0.75 * 72 * height / count)
    for one in sorted(plot.bleeds, key=lambda one: one.grade):
        axes.hlines(
            place[one.episode], one.first - 0.5, one.last + 0.5, color=GRADES[one.grade], linewidth=thick, zorder=3
        )
    axes.set_yticks(range(count) if named else [], [name for name, _ in plot.seen] if named else [])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    ticks = day_ticks(plot.last)
    axes.set_xticks(ticks[:: 2 if column.narrow and len(ticks) > 6 else 1])
    axes.set_xlabel(plot.days, labelpad=2)
    axes.grid(axis="x", color=FAINT, linewidth=0.7)
    axes.set_axisbelow(True)
    return figure
