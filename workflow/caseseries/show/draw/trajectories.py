"""Counts of each episode on a logarithmic axis, in panels; of few episodes with their names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullFormatter, NullLocator

from caseseries.show.courses import NAMED_UP_TO, class_order
from caseseries.show.draw.legend import draw_legend, labels_of, legend_height
from caseseries.show.draw.style import (
    INK,
    QUIET,
    Column,
    Sign,
    add_axes,
    class_signs,
    draw_heading,
    heading_height,
    new_figure,
    text_width,
)
from caseseries.show.draw.swimmer import mark_signs, mark_style
from caseseries.show.drawing import LINEAR_DAYS, Count, Panel, Trajectories
from caseseries.words.events import event_name
from caseseries.words.numbers import plain

PANEL_HEIGHT, LOWEST = 2.3, 1.5
"""Inches of a panel that has a row to itself, and of one of several."""

LEFT, BETWEEN, EDGE, FOOT, ABOVE = 0.62, 0.34, 0.36, 0.48, 0.24
CLASS_NAMES = {"NE": "not evaluable", "": "class not known"}
DASHED = (0, (4, 3))


def draw_trajectories(plot: Trajectories, title: str, subtitle: str, column: Column) -> Figure:
    """Draw panels of counts side by side; each row of them is as wide as the figure."""
    panels = plot.panels
    signs = class_signs(class_order(count.response_class for panel in panels for count in panel.counts))
    handles = _legend(plot, signs)
    legend = legend_height(labels_of(handles), column)
    head = heading_height(title, subtitle, column)
    rows = rows_of(panels, column)
    height = PANEL_HEIGHT if len(rows) == 1 else LOWEST
    broken = max(label.count("\n") for panel in panels for label in panel.tick_labels)
    foot = FOOT + column.line * broken
    figure = new_figure(head + legend + len(rows) * (height + foot + ABOVE), column)
    draw_heading(figure, title, subtitle, column)
    values = [count.value for panel in panels for count in panel.counts]
    limits = min(plot.marks[0], *values) * 0.85, max(plot.marks[-1], max(values) * 1.3)
    for down, row in enumerate(rows):
        wide = (column.width - LEFT - EDGE - BETWEEN * (len(row) - 1)) / len(row)
        bottom = foot + (len(rows) - 1 - down) * (height + foot + ABOVE)
        for across, panel in enumerate(row):
            left = LEFT + across * (wide + BETWEEN)
            axes = add_axes(figure, left, bottom, left + wide, bottom + height, yscale="log", ylim=limits)
            _draw_axes(axes, panel, plot, column, first=across == 0, last=across == len(row) - 1)
            _draw_panel(axes, panel, signs, column)
    draw_legend(figure, handles, labels_of(handles), head, column)
    return figure


def rows_of(panels: Sequence[Panel], column: Column) -> list[Sequence[Panel]]:
    """The panels row by row: one in a narrow column, else as evenly as they go, three at most."""
    most = 1 if column.narrow else 2 if len(panels) == 4 else 3
    return [panels[start : start + most] for start in range(0, len(panels), most)]


def _draw_axes(axes: Axes, panel: Panel, plot: Trajectories, column: Column, *, first: bool, last: bool) -> None:
    if panel.log_days:
        axes.set_xscale("symlog", linthresh=LINEAR_DAYS, linscale=0.8)
        axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlim(panel.limits[0], _end(axes, panel, column))
    axes.set_yticks(plot.marks, [plain(mark) for mark in plot.marks] if first else [])
    axes.yaxis.set_minor_formatter(NullFormatter())
    wide = axes.bbox.width / axes.figure.dpi
    need = sum(max(text_width(line, column.text) for line in label.split("\n")) + 0.06 for label in panel.tick_labels)
    stride = 1 if panel.dotted else max(1, -int(-need // wide))
    axes.set_xticks(panel.ticks[::stride], panel.tick_labels[::stride])
    axes.set_xlabel(panel.x_label, labelpad=2)
    axes.set_title(panel.title, size=column.text, loc="left", weight="bold", pad=3)
    if first:
        axes.set_ylabel(plot.unit)
    for threshold in plot.thresholds:
        axes.axhline(threshold, color=QUIET, linewidth=0.8, linestyle=DASHED, zorder=1)
        place: dict[str, Any] = {
            "transform": axes.get_yaxis_transform(),
            "size": column.text,
            "color": QUIET,
            "va": "center",
        }
        if last:
            axes.text(1.0, threshold, f" {plain(threshold)}", **place)


def _end(axes: Axes, panel: Panel, column: Column) -> float:
    """The right end of an axis of days: names behind the last counts end before it, where thresholds have theirs."""
    start, end = panel.limits
    names = {count.episode for count in panel.counts}
    if panel.log_days or len(names) > NAMED_UP_TO:
        return end
    share = (max(text_width(name, column.text) for name in names) + 0.14) / (axes.bbox.width / axes.figure.dpi)
    return max(end, (max(count.x for count in panel.counts) - share * start) / (1 - share))


def _draw_panel(axes: Axes, panel: Panel, signs: dict[str, Sign], column: Column) -> None:
    many = len({count.episode for count in panel.counts}) > NAMED_UP_TO
    for name in dict.fromkeys(count.response_class for count in panel.counts):
        counts = [count for count in panel.counts if count.response_class == name]
        sign = signs[name]
        dash = (0, (1, 2)) if panel.dotted and not many else "-" if many else sign.dash
        axes.add_collection(
            LineCollection(
                [[(count.x, count.value) for count in course] for course in courses_of(counts)],
                colors=sign.colour,
                linestyles=[dash],
                alpha=0.45 if many else 0.9,
                linewidths=0.7 if many else 1.2,
                zorder=3,
            )
        )
        for limit, face in ((False, sign.colour), (True, "white")):
            chosen = [count for count in counts if count.limit == limit]
            places = [count.x for count in chosen], [count.value for count in chosen]
            size = 2.6 if many else 4.5
            marks: dict[str, Any] = {
                "linestyle": "",
                "marker": sign.marker,
                "markersize": size,
                "markerfacecolor": face,
            }
            axes.plot(*places, color=sign.colour, zorder=4, **marks)
    rings = [day for day, _ in panel.responses], [value for _, value in panel.responses]
    axes.plot(*rings, zorder=5, **_ring(5.5 if many else 8.5, 0.7 if many else 1.0))
    kinds = list(dict.fromkeys(kind for _, _, kind in panel.events))
    for kind, sign in mark_signs(kinds).items():
        here = [(x, value) for x, value, each in panel.events if each == kind]
        axes.plot(*zip(*here, strict=True), **mark_style(sign, 6.0), zorder=6)
    if not many:
        _name_lines(axes, panel, column)


def _ring(size: float, edge: float) -> dict:
    return {
        "linestyle": "",
        "marker": "o",
        "markersize": size,
        "markerfacecolor": "none",
        "markeredgecolor": INK,
        "markeredgewidth": edge,
    }


def _name_lines(axes: Axes, panel: Panel, column: Column) -> None:
    """Episode names behind the last counts; those that end on one day are moved apart where they would touch, and a
    thin line leads from each that was moved to its count. No line runs through a name.
    """
    ends = [sorted(course, key=lambda count: count.x)[-1] for course in courses_of(panel.counts)]
    low, high = np.log10(axes.get_ylim())
    gap = (high - low) * column.line / (axes.bbox.height / axes.figure.dpi)
    width = axes.bbox.width / axes.figure.dpi
    where = {end.episode: round(end.x) if panel.dotted else end.x for end in ends}
    for x in sorted(set(where.values())):
        same = sorted((end for end in ends if where[end.episode] == x), key=lambda end: (end.value, end.episode))
        heights: list[float] = []
        for value in np.log10([end.value for end in same]):
            heights.append(max(value, heights[-1] + gap) if heights else value)
        over = max(heights[-1] - (high - gap / 2), 0)
        right = max(end.x for end in same)
        for end, height in zip(same, heights, strict=True):
            room = (1 - axes.transAxes.inverted().transform(axes.transData.transform((right, 1)))[0]) * width + EDGE
            before = text_width(end.episode, column.text) + 0.12 > room
            moved = abs(height - over - np.log10(end.value)) > gap / 2
            axes.annotate(
                end.episode,
                (end.x, end.value),
                xytext=_offset(axes, end, (right, 10 ** (height - over)), before=before),
                textcoords="offset points",
                size=column.text,
                ha="right" if before else "left",
                va="center",
                color=INK,
                zorder=7,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.3},
                arrowprops={"arrowstyle": "-", "color": QUIET, "linewidth": 0.5, "shrinkA": 0} if moved else None,
            )


def _offset(axes: Axes, end: Count, place: tuple[float, float], *, before: bool) -> tuple[float, float]:
    """Points from a count to its name at a place in the panel, behind or before it."""
    here, there = axes.transData.transform([(end.x, end.value), place])
    right, up = (there - here) * 72 / axes.figure.dpi
    return float(right) + (-6 if before else 6), float(up) + (5 if before else 0)


def courses_of(counts: Sequence[Count]) -> list[list[Count]]:
    """Counts of one episode together, as they come."""
    courses: dict[str, list[Count]] = {}
    for count in counts:
        courses.setdefault(count.episode, []).append(count)
    return list(courses.values())


def _legend(plot: Trajectories, signs: dict[str, Sign]) -> list[Line2D]:
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
    if any(count.limit for panel in plot.panels for count in panel.counts):
        open_mark: dict[str, Any] = {"marker": "o", "markerfacecolor": "white", "linestyle": "", "markersize": 4.5}
        handles.append(Line2D([], [], color=QUIET, label="only a limit known (such as <5)", **open_mark))
    if any(panel.responses for panel in plot.panels):
        handles.append(Line2D([], [], label="day of response", **_ring(8.5, 1.0)))
    kinds = list(dict.fromkeys(kind for panel in plot.panels for _, _, kind in panel.events))
    handles += [
        Line2D([], [], label=event_name(kind).mark, **mark_style(sign, 6.0)) for kind, sign in mark_signs(kinds).items()
    ]
    if plot.thresholds:
        handles.append(Line2D([], [], color=QUIET, linewidth=0.8, linestyle=DASHED, label=plot.thresholds_label))
    return handles
