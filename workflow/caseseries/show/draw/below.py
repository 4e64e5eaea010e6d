"""What curves share: axes of days, the numbers below them, and the legend above."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from caseseries.show.draw.style import (
    FAINT,
    WIDTH,
    add_axes,
    draw_heading,
    heading_height,
    new_figure,
    text_width,
    wrap_inches,
)
from caseseries.show.drawing import Frame

SIZE = 8.5
PLOT_HEIGHT = 2.9
ROW = 0.19
LABEL_INCHES = 1.6


def lay_out(frame: Frame, title: str, subtitle: str, legend: Sequence[str]) -> tuple[Figure, Axes]:
    """Figure and axes with room for heading, legend and the numbers below, which are written."""
    labels = [wrap_inches(label, LABEL_INCHES, SIZE) for label, _ in frame.risk]
    heights = [ROW + 0.15 * label.count("\n") for label in labels]
    columns = legend_columns(legend)
    head = heading_height(title, subtitle) + 0.19 * -(-len(legend) // columns) + 0.15
    foot = 0.62 + (0.22 + sum(heights) + 0.06 if labels else 0)
    figure = new_figure(head + PLOT_HEIGHT + foot)
    draw_heading(figure, title, subtitle)
    left = max([0.95, *(0.2 + text_width(label, SIZE) + 0.25 for label in labels)])
    end = max(frame.last_day, 1) * 1.03
    axes = add_axes(figure, left, foot, WIDTH - 0.3, foot + PLOT_HEIGHT, xlim=(0, end), ylim=(0, 1.0))
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100 %"])
    axes.set_xticks(list(frame.ticks))
    axes.set_xlabel(frame.days, labelpad=3)
    axes.set_ylabel(frame.y_label)
    axes.grid(axis="y", color=FAINT, linewidth=0.7)
    axes.set_axisbelow(True)
    _write_risk(axes, frame, labels, heights, left)
    return figure, axes


def _write_risk(axes: Axes, frame: Frame, labels: list[str], heights: list[float], left: float) -> None:
    if not labels:
        return
    y = -0.62 / PLOT_HEIGHT
    width = WIDTH - 0.3 - left
    axes.text(
        (0.12 - left) / width, y, frame.risk_heading, transform=axes.transAxes, size=SIZE, weight="bold", va="center"
    )
    y -= 0.2 / PLOT_HEIGHT
    for (_, counts), label, height in zip(frame.risk, labels, heights, strict=True):
        y -= (height - ROW) / 2 / PLOT_HEIGHT
        axes.text((0.12 - left) / width, y, label, transform=axes.transAxes, size=SIZE, va="center")
        for day, count in zip(frame.ticks, counts, strict=True):
            axes.text(day, y, count, transform=axes.get_xaxis_transform(), size=SIZE, ha="center", va="center")
        y -= (height + ROW) / 2 / PLOT_HEIGHT


def legend_columns(labels: Sequence[str]) -> int:
    """Columns in which the legend fits the figure's width."""
    widest = max(text_width(label, SIZE) for label in labels) + 0.75
    return max(1, min(len(labels), int((WIDTH - 0.6) / widest)))


def write_legend(figure: Figure, axes: Axes) -> None:
    """Write the legend above the axes, in as many columns as fit."""
    width, height = figure.get_size_inches()
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(
        handles,
        labels,
        loc="lower left",
        ncols=legend_columns(labels),
        columnspacing=2.0,
        handlelength=2.6,
        bbox_to_anchor=(0.12 / width, axes.get_position().y1 + 0.12 / height),
    )
