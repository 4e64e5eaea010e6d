"""Forest plots: one row a rate, its interval drawn to scale, its counts in words beside it.

In one column of a page names stand above their mark, and an interval below its rate, for want of room beside them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Polygon

from caseseries.show.draw.legend import draw_legend, labels_of, legend_height
from caseseries.show.draw.style import (
    ACCENT,
    FAINT,
    GROUPS,
    INK,
    MARGIN,
    QUIET,
    Column,
    add_axes,
    draw_heading,
    heading_height,
    new_figure,
    text_width,
    wrap_inches,
)
from caseseries.show.drawing import Forest, ForestRow

LABEL_INCHES = 1.65
PADDING, BOUNDS_BELOW, AXIS = 0.11, 0.08, 0.3
BASELINE = 0.04
"""Inches from the middle of a line to the foot of its letters: numbers beside each other stand on one line."""

LOWER = 0.04
"""Inches by which a heading stands nearer to its rows than to those above it."""

CHOSEN: dict[str, Any] = {
    "linestyle": "",
    "marker": "D",
    "markersize": 5.0,
    "markerfacecolor": "white",
    "color": GROUPS[1],
    "markeredgewidth": 1.3,
}
"""The mark of a rate after a choice."""

ASIDE = ("heading", "note")
"""Kinds of rows without a mark."""


def draw_forest(plot: Forest, title: str, subtitle: str, column: Column) -> Figure:
    """Draw a forest plot."""
    headers = {str(name): heading for name, heading in plot.headers}
    shown = [_fitted(row, headers, column) for row in plot.rows]
    heights = [_height(row, column) for row in shown]
    heights[-1] += LOWER * (shown[-1].kind in ASIDE)
    handles = _legend_handles(plot.rows, plot.level)
    legend = legend_height(labels_of(handles), column)
    head = heading_height(title, subtitle, column) + column.line * (max(h.count("\n") for h in headers.values()) + 1)
    foot = AXIS + legend
    figure = new_figure(head + 0.08 + sum(heights) + foot, column)
    draw_heading(figure, title, subtitle, column)
    rates = [row for row in shown if row.kind not in ASIDE]
    widths = {
        name: max(
            text_width(header, column.text),
            *(text_width(getattr(row, name), column.text, _weight(row)) for row in rates),
        )
        for name, header in headers.items()
    }
    gap = 0.09 if column.narrow else 0.17
    beside = [] if column.narrow else [MARGIN + text_width(row.label, column.text, _weight(row)) for row in rates]
    left = max([MARGIN + 0.06, *(label + gap for label in beside)])
    right = column.width - MARGIN - sum(widths.values()) - (gap + 0.08) * bool(column.narrow) - gap * len(widths)
    axes = add_axes(figure, left, foot, right, foot + sum(heights), xlim=(0, 1), ylim=(sum(heights), 0))
    _draw_frame(axes, column)
    if plot.reference is not None:
        axes.axvline(plot.reference, color=QUIET, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    top, edges = 0.0, _edges(widths, column, gap)
    for row, height in zip(shown, heights, strict=True):
        middle = top + height / 2 + (_label_height(row, column) / 2 if column.narrow and row.kind not in ASIDE else 0)
        _draw_row(axes, row, middle)
        _write_label(axes, row, top + height / 2, top, (left, right), column)
        _write_numbers(axes, row, middle, edges, (left, right), column)
        top += height
    _write_headers(figure, axes, headers, edges, column)
    draw_legend(figure, handles, labels_of(handles), figure.get_size_inches()[1] - legend, column)
    return figure


def _weight(row: ForestRow) -> str:
    return "bold" if row.kind == "pooled" else "normal"


def _fitted(row: ForestRow, headers: dict[str, str], column: Column) -> ForestRow:
    """The row with its label broken to the room that it has, and in one column its interval below its rate."""
    whole = column.width - 2 * MARGIN
    inches = whole if row.kind in ASIDE else whole - 0.9 if column.narrow else LABEL_INCHES
    weight = "bold" if row.kind in ("heading", "pooled") else "normal"
    rate = row.rate.replace(" (", "\n(") if column.narrow and "rate" in headers else row.rate
    return replace(row, label=wrap_inches(row.label, inches, column.text, weight), rate=rate)


def _label_height(row: ForestRow, column: Column) -> float:
    return (row.label.count("\n") + 1) * column.line


def _height(row: ForestRow, column: Column) -> float:
    below = column.line if column.narrow and row.kind not in ASIDE else 0
    return _label_height(row, column) + PADDING + below


def _edges(widths: dict[str, float], column: Column, gap: float) -> dict[str, float]:
    """Right edge of each column of texts, in inches from the left of the figure."""
    edge, found = column.width - MARGIN, {}
    for name, width in reversed(widths.items()):
        found[name] = edge
        edge -= width + gap
    return dict(reversed(found.items()))


def _draw_frame(axes: Axes, column: Column) -> None:
    ticks = (0, 0.5, 1) if column.narrow else (0, 0.25, 0.5, 0.75, 1)
    axes.set_xticks(ticks, [f"{100 * tick:g}" + (" %" if tick == 1 else "") for tick in ticks])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(length=3)
    for share in ticks:
        axes.axvline(share, color=FAINT, linewidth=0.7, zorder=0)


def drawn(*numbers: float | None) -> list[float]:
    """Numbers as matplotlib takes them, NaN where there is none."""
    return [math.nan if number is None else number for number in numbers]


def _draw_row(axes: Axes, row: ForestRow, y: float) -> None:
    if row.kind == "pooled":
        lower, middle, upper = drawn(row.lower, row.estimate, row.upper)
        corners = [(lower, y), (middle, y - 0.065), (upper, y), (middle, y + 0.065)]
        axes.add_patch(Polygon(corners, closed=True, facecolor=INK, edgecolor=INK, zorder=4))
    elif row.kind == "prediction":
        axes.plot(drawn(row.lower, row.upper), [y, y], color=INK, linewidth=1.4, linestyle=(0, (2, 1.5)), zorder=3)
        axes.plot(drawn(row.lower, row.upper), [y, y], color=INK, linestyle="", marker="|", markersize=7, zorder=3)
    elif row.kind == "choice":
        axes.plot(drawn(row.estimate), [y], **CHOSEN, zorder=5, clip_on=False)
    elif row.kind == "rate":
        _draw_rate(axes, row, y)


def _draw_rate(axes: Axes, row: ForestRow, y: float) -> None:
    if row.worst is not None:
        below = y + BOUNDS_BELOW
        axes.plot(drawn(row.worst, row.best), [below, below], color=QUIET, linewidth=0.8, zorder=2)
        axes.plot(drawn(row.worst, row.best), [below, below], color=QUIET, linestyle="", marker="|", markersize=4)
    if row.exact_lower is not None:
        ends = drawn(row.exact_lower, row.exact_upper)
        axes.plot(ends, [y, y], color=ACCENT, linewidth=0.9, zorder=3)
        bars: dict[str, Any] = {"linestyle": "", "marker": "|", "markersize": 5, "markeredgewidth": 0.9}
        axes.plot(ends, [y, y], color=ACCENT, zorder=3, **bars)
    axes.plot(drawn(row.lower, row.upper), [y, y], color=ACCENT, linewidth=2.6, zorder=4)
    size = 5.0 if row.weight is None else 3.5 + 6.0 * row.weight
    edge: dict[str, Any] = {"markeredgecolor": "white", "markeredgewidth": 0.8}
    axes.plot(drawn(row.estimate), [y], marker="s", color=ACCENT, markersize=size, zorder=5, clip_on=False, **edge)


def _write_label(
    axes: Axes, row: ForestRow, middle: float, top: float, box: tuple[float, float], column: Column
) -> None:
    left, right = box
    heading = row.kind in ASIDE
    single = "\n" not in row.label
    if column.narrow and not heading:
        middle = top + PADDING / 2 + _label_height(row, column) / 2
    axes.text(
        (MARGIN - left) / (right - left),
        middle + (LOWER if heading else 0) + (BASELINE if single else 0),
        row.label,
        size=column.text,
        va="baseline" if single else "center",
        linespacing=1.1,
        clip_on=False,
        weight="bold" if row.kind in ("heading", "pooled") else "normal",
        color=QUIET if row.kind == "note" else INK,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5} if heading or column.narrow else None,
    )


def _write_numbers(
    axes: Axes, row: ForestRow, middle: float, edges: dict[str, float], box: tuple[float, float], column: Column
) -> None:
    if row.kind in ASIDE:
        return
    left, right = box
    for name, edge in edges.items():
        for above, line in enumerate(reversed(getattr(row, name).split("\n"))):
            y = middle + BASELINE - above * column.line
            about: dict[str, Any] = {"size": column.text, "va": "baseline", "ha": "right", "weight": _weight(row)}
            axes.text((edge - left) / (right - left), y, line, **about)


def _write_headers(
    figure: Figure, axes: Axes, headers: dict[str, str], edges: dict[str, float], column: Column
) -> None:
    figure_width, figure_height = figure.get_size_inches()
    top = axes.get_position().y1 + 0.05 / figure_height
    for name, header in headers.items():
        for above, line in enumerate(reversed(header.split("\n"))):
            y = top + (above * column.line + BASELINE) / figure_height
            about: dict[str, Any] = {"size": column.text, "color": QUIET, "ha": "right", "va": "baseline"}
            figure.text(edges[name] / figure_width, y, line, **about)


def _legend_handles(rows: Sequence[ForestRow], level: str) -> list[Line2D | Patch]:
    kinds, rates = {row.kind for row in rows}, [row for row in rows if row.kind == "rate"]
    square: dict[str, Any] = {"marker": "s", "markeredgecolor": "white", "markersize": 6}
    handles: list[Line2D | Patch] = [
        Line2D([], [], color=ACCENT, linewidth=2.6, label=f"rate with {level} interval, Wilson", **square)
    ]
    if any(row.exact_lower is not None for row in rates):
        said = f"{level} interval, Clopper-Pearson"
        handles.append(Line2D([], [], color=ACCENT, linewidth=0.9, marker="|", markersize=5, label=said))
    if any(row.worst is not None for row in rates):
        said = "worst to best case: none or all of those not evaluable responded"
        handles.append(Line2D([], [], color=QUIET, linewidth=0.8, marker="|", markersize=4, label=said))
    if "choice" in kinds:
        handles.append(Line2D([], [], label="rate after one choice of ours is changed", **CHOSEN))
    if "pooled" in kinds:
        handles.append(Line2D([], [], color=INK, linestyle="", marker="D", label=f"pooled rate with {level} interval"))
    if "prediction" in kinds:
        dashed: dict[str, Any] = {"linewidth": 1.4, "linestyle": (0, (2, 1.5)), "marker": "|", "markersize": 7}
        said = f"{level} prediction interval for a further cohort"
        handles.append(Line2D([], [], color=INK, label=said, **dashed))
    return handles
