"""Forest plots: one row a rate, its interval drawn to scale, its counts in words beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Polygon

from caseseries.show.draw.style import (
    ACCENT,
    FAINT,
    INK,
    QUIET,
    WIDTH,
    add_axes,
    draw_heading,
    heading_height,
    new_figure,
    text_width,
    wrap_inches,
)
from caseseries.show.drawing import Forest, ForestRow

SIZE = 8.5
MARGIN, GAP = 0.12, 0.18
LABEL_INCHES = 1.75
LINE, PADDING, BOUNDS_BELOW = 0.15, 0.13, 0.085
BASELINE = 0.042
"""Inches from the middle of a line to the foot of its letters: numbers beside each other stand on one line."""

LOWER = 0.045
"""Inches by which a heading stands nearer to its rows than to those above it."""


def draw_forest(plot: Forest, title: str, subtitle: str) -> Figure:
    """Draw a forest plot."""
    headers = {str(name): heading for name, heading in plot.headers}
    shown = [replace(row, label=_wrapped(row)) for row in plot.rows]
    heights = [(row.label.count("\n") + 1) * LINE + PADDING for row in shown]
    handles = _legend_handles(plot.rows, plot.level)
    head = heading_height(title, subtitle) + LINE * (max(h.count("\n") for h in headers.values()) + 1) + 0.1
    foot = 0.42 + 0.2 * ((len(handles) + 1) // 2)
    figure = new_figure(head + sum(heights) + foot)
    draw_heading(figure, title, subtitle)
    rates = [row for row in shown if row.kind not in ("heading", "note")]
    left = MARGIN + max(text_width(text, SIZE) for text in [*(row.label for row in rates), "Definition"]) + GAP
    widths = {
        name: max(text_width(header, SIZE), *(text_width(getattr(row, name), SIZE, _weight(row)) for row in rates))
        for name, header in headers.items()
    }
    right = WIDTH - MARGIN - sum(widths.values()) - GAP * len(widths)
    axes = add_axes(figure, left, foot, right, foot + sum(heights), xlim=(0, 1), ylim=(sum(heights), 0))
    _draw_frame(axes)
    middle = 0.0
    for row, height in zip(shown, heights, strict=True):
        middle += height / 2
        _draw_row(axes, row, middle)
        _write_row(axes, row, middle, left, right, widths)
        middle += height / 2
    _write_headers(figure, axes, headers, right, widths)
    anchor = (MARGIN / WIDTH, 0.08 / figure.get_size_inches()[1])
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=anchor, ncols=2, columnspacing=2.0)
    return figure


def _weight(row: ForestRow) -> str:
    return "bold" if row.kind == "pooled" else "normal"


def _wrapped(row: ForestRow) -> str:
    inches = WIDTH - 2 * MARGIN if row.kind in ("heading", "note") else LABEL_INCHES
    return wrap_inches(row.label, inches, SIZE, "bold" if row.kind == "heading" else "normal")


def _draw_frame(axes: Axes) -> None:
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100 %"])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(length=3)
    for share in (0, 0.25, 0.5, 0.75, 1):
        axes.axvline(share, color=FAINT, linewidth=0.7, zorder=0)


def drawn(*numbers: float | None) -> list[float]:
    """Numbers as matplotlib takes them, NaN where there is none."""
    return [math.nan if number is None else number for number in numbers]


def _draw_row(axes: Axes, row: ForestRow, y: float) -> None:
    if row.kind == "pooled":
        lower, middle, upper = drawn(row.lower, row.estimate, row.upper)
        corners = [(lower, y), (middle, y - 0.075), (upper, y), (middle, y + 0.075)]
        axes.add_patch(Polygon(corners, closed=True, facecolor=INK, edgecolor=INK, zorder=4))
    elif row.kind == "prediction":
        axes.plot(drawn(row.lower, row.upper), [y, y], color=INK, linewidth=1.4, linestyle=(0, (2, 1.5)), zorder=3)
        axes.plot(drawn(row.lower, row.upper), [y, y], color=INK, linestyle="", marker="|", markersize=7, zorder=3)
    elif row.kind == "rate":
        if row.worst is not None:
            below = y + BOUNDS_BELOW
            axes.plot(drawn(row.worst, row.best), [below, below], color=QUIET, linewidth=0.8, zorder=2)
            axes.plot(drawn(row.worst, row.best), [below, below], color=QUIET, linestyle="", marker="|", markersize=4)
        if row.exact_lower is not None:
            axes.plot(drawn(row.exact_lower, row.exact_upper), [y, y], color=ACCENT, linewidth=0.9, zorder=3)
            axes.plot(
                drawn(row.exact_lower, row.exact_upper),
                [y, y],
                color=ACCENT,
                linestyle="",
                marker="|",
                markersize=5,
                markeredgewidth=0.9,
                zorder=3,
            )
        axes.plot(drawn(row.lower, row.upper), [y, y], color=ACCENT, linewidth=3.0, zorder=4)
        size = 5.5 if row.weight is None else 3.5 + 6.5 * row.weight
        axes.plot(
            drawn(row.estimate),
            [y],
            marker="s",
            color=ACCENT,
            markeredgecolor="white",
            markeredgewidth=0.8,
            markersize=size,
            zorder=5,
            clip_on=False,
        )


def _write_row(axes: Axes, row: ForestRow, y: float, left: float, right: float, widths: dict[str, float]) -> None:
    scale = 1 / (right - left)
    heading = row.kind in ("heading", "note")
    single = "\n" not in row.label
    lower = (LOWER if heading else 0) + (BASELINE if single else 0)
    axes.text(
        (MARGIN - left) * scale,
        y + lower,
        row.label,
        size=SIZE,
        va="baseline" if single else "center",
        linespacing=1.2,
        clip_on=False,
        weight="bold" if row.kind in ("heading", "pooled") else "normal",
        color=QUIET if row.kind == "note" else INK,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0} if heading else None,
    )
    if heading:
        return
    edge = right
    for name, width in widths.items():
        edge += GAP + width
        axes.text(
            1 + (edge - right) * scale,
            y + BASELINE,
            getattr(row, name),
            size=SIZE,
            va="baseline",
            ha="right",
            weight=_weight(row),
        )


def _write_headers(figure: Figure, axes: Axes, headers: dict[str, str], right: float, widths: dict[str, float]) -> None:
    figure_width, figure_height = figure.get_size_inches()
    top = axes.get_position().y1 + 0.05 / figure_height
    edge = right
    for name, header in headers.items():
        edge += GAP + widths[name]
        for above, line in enumerate(reversed(header.split("\n"))):
            y = top + (above * LINE + BASELINE) / figure_height
            figure.text(edge / figure_width, y, line, size=SIZE, color=QUIET, ha="right", va="baseline")


def _legend_handles(rows: Sequence[ForestRow], level: str) -> list[Line2D | Patch]:
    kinds, rates = {row.kind for row in rows}, [row for row in rows if row.kind == "rate"]
    handles: list[Line2D | Patch] = [
        Line2D(
            [],
            [],
            color=ACCENT,
            linewidth=3,
            marker="s",
            markeredgecolor="white",
            markersize=6,
            label=f"rate with {level} interval, Wilson",
        )
    ]
    if any(row.exact_lower is not None for row in rates):
        handles.append(
            Line2D(
                [],
                [],
                color=ACCENT,
                linewidth=0.9,
                marker="|",
                markersize=5,
                label=f"{level} interval, Clopper-Pearson",
            )
        )
    if any(row.worst is not None for row in rates):
        handles.append(
            Line2D(
                [],
                [],
                color=QUIET,
                linewidth=0.8,
                marker="|",
                markersize=4,
                label="worst to best case: none or all of those not evaluable responded",
            )
        )
    if "pooled" in kinds:
        handles.append(Line2D([], [], color=INK, linestyle="", marker="D", label=f"pooled rate with {level} interval"))
    if "prediction" in kinds:
        handles.append(
            Line2D(
                [],
                [],
                color=INK,
                linewidth=1.4,
                linestyle=(0, (2, 1.5)),
                marker="|",
                markersize=7,
                label=f"{level} prediction interval for a further cohort",
            )
        )
    return handles
