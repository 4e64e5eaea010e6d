"""Counts of each episode on a logarithmic axis, in panels; of few episodes with their names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullFormatter

from caseseries.show.courses import NAMED_UP_TO, class_order
from caseseries.show.draw.below import legend_columns
from caseseries.show.draw.style import (
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
from caseseries.show.drawing import Count, Panel, Trajectories
from caseseries.words.numbers import plain

PANEL_HEIGHT = 2.6
SIZE = 8.0
CLASS_NAMES = {"NE": "not evaluable", "": "class not known"}


def draw_trajectories(plot: Trajectories, title: str, subtitle: str) -> Figure:
    """Draw panels of counts side by side, two a row."""
    panels = plot.panels
    signs = class_signs(class_order(count.response_class for panel in panels for count in panel.counts))
    handles = _legend(plot, signs)
    columns = legend_columns([str(handle.get_label()) for handle in handles])
    head = heading_height(title, subtitle) + 0.19 * -(-len(handles) // columns) + 0.25
    rows = -(-len(panels) // 2)
    height = PANEL_HEIGHT * (1.25 if rows == 1 else 1.0)
    figure = new_figure(head + rows * (height + 0.75))
    draw_heading(figure, title, subtitle)
    values = [count.value for panel in panels for count in panel.counts]
    low, high = min(plot.marks[0], *values) * 0.85, max(plot.marks[-1], max(values) * 1.3)
    between, edge = 0.75, 0.45 if len(panels) > 1 else 0.75
    wide = (WIDTH - 0.75 - between - edge) / 2 if len(panels) > 1 else WIDTH - 0.75 - edge
    for place, panel in enumerate(panels):
        row, column = divmod(place, 2)
        left = 0.75 + column * (wide + between)
        bottom = 0.55 + (rows - 1 - row) * (height + 0.75)
        axes = add_axes(
            figure, left, bottom, left + wide, bottom + height, yscale="log", ylim=(low, high), xlim=panel.limits
        )
        _draw_panel(axes, panel, plot, signs)
        if column == 0:
            axes.set_ylabel(plot.unit)
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


def _draw_panel(axes: Axes, panel: Panel, plot: Trajectories, signs: dict[str, Sign]) -> None:
    axes.set_yticks(plot.marks, [plain(mark) for mark in plot.marks])
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_xticks(panel.ticks, panel.tick_labels)
    axes.set_xlabel(panel.x_label)
    axes.set_title(panel.title, size=9, loc="left", weight="bold", pad=4)
    for threshold in plot.thresholds:
        axes.axhline(threshold, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
        axes.text(
            1.0,
            threshold,
            f" {plain(threshold)}",
            transform=axes.get_yaxis_transform(),
            size=SIZE,
            color=QUIET,
            va="center",
        )
    many = len({count.episode for count in panel.counts}) > NAMED_UP_TO
    for name in dict.fromkeys(count.response_class for count in panel.counts):
        counts = [count for count in panel.counts if count.response_class == name]
        sign = signs[name]
        dash = (0, (1, 2)) if panel.dotted else "-" if many else sign.dash
        axes.add_collection(
            LineCollection(
                [[(count.x, count.value) for count in course] for course in courses_of(counts)],
                colors=sign.colour,
                linestyles=[dash],
                alpha=0.6 if many else 0.9,
                linewidths=0.8 if many else 1.2,
                zorder=3,
            )
        )
        for limit, face in ((False, sign.colour), (True, "white")):
            chosen = [count for count in counts if count.limit == limit]
            axes.plot(
                [count.x for count in chosen],
                [count.value for count in chosen],
                linestyle="",
                marker=sign.marker,
                color=sign.colour,
                markerfacecolor=face,
                markersize=3.2 if many else 4.5,
                zorder=4,
            )
    axes.plot(
        [day for day, _ in panel.responses],
        [value for _, value in panel.responses],
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
    ends = [sorted(course, key=lambda count: count.x)[-1] for course in courses_of(panel.counts)]
    low, high = np.log10(axes.get_ylim())
    gap = (high - low) * 0.045
    for x in sorted({end.x for end in ends}):
        same = sorted((end for end in ends if end.x == x), key=lambda end: (end.value, end.episode))
        heights: list[float] = []
        for value in np.log10([end.value for end in same]):
            heights.append(max(value, heights[-1] + gap) if heights else value)
        over = max(heights[-1] - (high - gap / 2), 0)
        for end, height in zip(same, heights, strict=True):
            axes.annotate(
                end.episode,
                (end.x, 10 ** (height - over)),
                xytext=(7, 0),
                textcoords="offset points",
                size=SIZE,
                va="center",
                color=INK,
                zorder=6,
            )


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
    if any(panel.responses for panel in plot.panels):
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
    if plot.thresholds:
        handles.append(Line2D([], [], color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)), label=plot.thresholds_label))
    return handles
