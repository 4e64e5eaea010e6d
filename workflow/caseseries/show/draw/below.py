"""What curves share: axes of days, the numbers below them, and the legend above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from caseseries.show.draw.legend import draw_legend, legend_height
from caseseries.show.draw.style import (
    FAINT,
    MARGIN,
    Column,
    add_axes,
    draw_heading,
    heading_height,
    new_figure,
    text_width,
    wrap_inches,
)
from caseseries.show.drawing import Frame

HEIGHT, NARROW_HEIGHT = 2.5, 1.9
"""Inches of the axes."""

LABEL_INCHES = 1.5
AXIS = 0.5
"""Inches of the days below the axes."""


def lay_out(frame: Frame, title: str, subtitle: str, legend: Sequence[str], column: Column) -> tuple[Figure, Axes]:
    """Figure and axes with room for heading and legend, with the numbers below; `legend` are its labels."""
    room = column.width - 2 * MARGIN if column.narrow else LABEL_INCHES
    labels = [wrap_inches(label, room, column.text) for label, _ in frame.risk]
    heights = [column.line * (1 + label.count("\n") + column.narrow) + 0.05 for label in labels]
    high = NARROW_HEIGHT if column.narrow else HEIGHT
    head = heading_height(title, subtitle, column) + legend_height(legend, column) + 0.06
    foot = AXIS + (column.line + 0.05 + sum(heights) + 0.06 if labels else 0)
    figure = new_figure(head + high + foot, column)
    draw_heading(figure, title, subtitle, column)
    beside = [0] if column.narrow else [MARGIN + text_width(label, column.text) + 0.3 for label in labels]
    y_label = wrap_inches(frame.y_label, high, column.text)
    left = max([0.62 + column.line * y_label.count("\n"), *beside])
    right = column.width - 0.25
    axes = add_axes(figure, left, foot, right, foot + high, xlim=(0, max(frame.last_day, 1) * 1.03), ylim=(0, 1.0))
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100 %"])
    axes.set_xticks(list(frame.ticks[:: tick_stride(frame, right - left, column)]))
    axes.set_xlabel(frame.days, labelpad=2)
    axes.set_ylabel(y_label)
    axes.grid(axis="y", color=FAINT, linewidth=0.7)
    axes.set_axisbelow(True)
    _write_risk(axes, frame, labels, heights, (left, right, high), column)
    return figure, axes


def tick_stride(frame: Frame, wide: float, column: Column) -> int:
    """Every which tick is shown so that days and the numbers below them stay apart."""
    texts = [*map(str, frame.ticks), *(count for _, counts in frame.risk for count in counts)]
    need = max((text_width(text, column.text) for text in texts), default=0) + 0.08
    between = wide * (frame.ticks[1] - frame.ticks[0]) / max(frame.last_day, 1) / 1.03 if len(frame.ticks) > 1 else wide
    return max(1, -int(-need // between))


def _write_risk(
    axes: Axes, frame: Frame, labels: list[str], heights: list[float], box: tuple[float, float, float], column: Column
) -> None:
    if not labels:
        return
    left, right, high = box
    stride, place = tick_stride(frame, right - left, column), (MARGIN - left) / (right - left)
    about: dict[str, Any] = {"size": column.text, "va": "center"}
    y = AXIS + column.line / 2 + 0.03
    axes.text(place, -y / high, frame.risk_heading, transform=axes.transAxes, weight="bold", **about)
    y += column.line / 2 + 0.02
    for (_, counts), label, height in zip(frame.risk, labels, heights, strict=True):
        lines = column.line * (1 + label.count("\n"))
        beside = y + (lines / 2 if column.narrow else height / 2)
        axes.text(place, -beside / high, label, transform=axes.transAxes, linespacing=1.1, **about)
        middle = y + lines + column.line / 2 if column.narrow else beside
        for day, count in list(zip(frame.ticks, counts, strict=True))[::stride]:
            axes.text(day, -middle / high, count, transform=axes.get_xaxis_transform(), ha="center", **about)
        y += height


def write_legend(figure: Figure, axes: Axes, column: Column) -> None:
    """Write the legend above the axes, in as many columns as fit."""
    handles, labels = axes.get_legend_handles_labels()
    high = figure.get_size_inches()[1]
    top = high * (1 - axes.get_position().y1) - legend_height(labels, column)
    draw_legend(figure, handles, labels, top, column)
