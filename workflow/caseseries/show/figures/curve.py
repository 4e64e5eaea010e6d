"""Step curves with the numbers at risk set exactly below the days they belong to.

`draw_curves` draws lines, `draw_stack` areas; both write the table that they are handed and calculate nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from caseseries.show.steps import Line
from caseseries.show.style import (
    FAINT,
    QUIET,
    WIDTH,
    Sign,
    add_axes,
    draw_heading,
    heading_height,
    new_figure,
    text_width,
    wrap_inches,
)
from caseseries.words.labels import DAYS_FROM

SIZE = 8.5
PLOT_HEIGHT = 2.9
ROW = 0.19
LABEL_INCHES = 1.6


@dataclass(frozen=True)
class Frame:
    """What surrounds the curves: texts, days on the axis, and the rows of the table below it.

    `risk` has one (label, numbers as text) pair a row, one number a tick; `risk_heading` stands above them. `days` is
    the title of the axis of days.
    """

    title: str
    subtitle: str
    y_label: str
    last_day: float
    ticks: Sequence[int]
    risk: Sequence[tuple[str, Sequence[str]]]
    risk_heading: str = "At risk"
    days: str = DAYS_FROM["first_dose"]


def draw_curves(lines: Sequence[Line], frame: Frame, median: float | None = None) -> Figure:
    """Draw step curves with their bands; `median` is the day at which the curve crosses one half."""
    figure, axes = _lay_out(frame, [line.label for line in lines])
    for line in lines:
        _draw_line(axes, line, frame.last_day)
    if median is not None:
        axes.plot([0, median, median], [0.5, 0.5, 0], color=QUIET, linewidth=0.9, linestyle=(0, (2, 2)), zorder=3)
    _write_legend(figure, axes)
    return figure


def draw_stack(
    times: np.ndarray, edges: np.ndarray, labels: Sequence[str], signs: Sequence[Sign], rest: str, frame: Frame
) -> Figure:
    """Draw areas on each other: the share in each state by day; what is left above them is `rest`."""
    figure, axes = _lay_out(frame, [*labels, rest])
    for low, high, label, sign in zip(edges[:-1], edges[1:], labels, signs, strict=True):
        axes.fill_between(times, low, high, step="post", facecolor=sign.colour, alpha=0.55, linewidth=0, zorder=2)
        axes.fill_between(
            times, low, high, step="post", facecolor="none", edgecolor="white", hatch=sign.hatch, linewidth=0, zorder=3
        )
        axes.step(times, high, where="post", color=sign.colour, linewidth=1.2, zorder=4)
        axes.fill_between(
            [], [], [], facecolor=sign.colour, alpha=0.55, hatch=sign.hatch, edgecolor="white", linewidth=0, label=label
        )
    axes.fill_between([], [], [], facecolor="white", edgecolor=QUIET, linewidth=0.8, label=rest)
    _write_legend(figure, axes)
    return figure


def _draw_line(axes: Axes, line: Line, last_day: float) -> None:
    steps, sign = line.steps, line.sign
    axes.step(
        steps["time"],
        steps["estimate"],
        where="post",
        color=sign.colour,
        linestyle=sign.dash,
        label=line.label,
        zorder=4,
    )
    end = steps.iloc[-1]
    if end["time"] <= last_day:
        axes.plot(
            [end["time"]],
            [end["estimate"]],
            marker=sign.marker,
            color=sign.colour,
            markersize=4.5,
            clip_on=False,
            zorder=5,
        )
    if line.censored is not None and len(line.censored):
        axes.plot(
            line.censored["time"],
            line.censored["estimate"],
            color=sign.colour,
            linestyle="",
            marker="|",
            markersize=7,
            markeredgewidth=1.0,
            zorder=5,
        )
    if line.band:
        edges = np.repeat(steps["time"].to_numpy(), 2)[1:]
        limits = (np.repeat(steps[name].to_numpy(), 2)[:-1] for name in ("lower", "upper"))
        axes.fill_between(edges, *limits, color=sign.colour, alpha=0.14, linewidth=0, zorder=2)


def _lay_out(frame: Frame, legend: Sequence[str]) -> tuple[Figure, Axes]:
    labels = [wrap_inches(label, LABEL_INCHES, SIZE) for label, _ in frame.risk]
    heights = [ROW + 0.15 * label.count("\n") for label in labels]
    columns = legend_columns(legend)
    head = heading_height(frame.title, frame.subtitle) + 0.19 * -(-len(legend) // columns) + 0.15
    foot = 0.62 + (0.22 + sum(heights) + 0.06 if labels else 0)
    figure = new_figure(head + PLOT_HEIGHT + foot)
    draw_heading(figure, frame.title, frame.subtitle)
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


def _write_legend(figure: Figure, axes: Axes) -> None:
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
