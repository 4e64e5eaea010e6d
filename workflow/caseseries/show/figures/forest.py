"""Forest plots: one row a rate, its interval drawn to scale, its counts in words beside it.

`draw_forest` draws what a frame of rows says and calculates nothing. Columns of the frame (NaN or "" where a row has
none): `kind` (heading, note: a quiet heading, rate, pooled, prediction), `label`, `estimate`, `lower`, `upper` (main
interval), `exact_lower`, `exact_upper` (second, more cautious interval), `worst`, `best` (bounds with those not
evaluable), `weight` (0 to 1, area of the mark), and the texts `counts`, `not_evaluable`, `rate`.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Polygon

from caseseries.show.style import (
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

COLUMNS = (
    "kind",
    "label",
    "estimate",
    "lower",
    "upper",
    "exact_lower",
    "exact_upper",
    "worst",
    "best",
    "weight",
    "counts",
    "not_evaluable",
    "rate",
)
TEXTS = {"kind", "label", "counts", "not_evaluable", "rate"}
SIZE = 8.5
MARGIN, GAP = 0.12, 0.18
LABEL_INCHES = 1.75
LINE, PADDING, BOUNDS_BELOW = 0.15, 0.13, 0.085
BASELINE = 0.042
"""Inches from the middle of a line to the foot of its letters: numbers beside each other stand on one line."""

LOWER = 0.045
"""Inches by which a heading stands nearer to its rows than to those above it."""


def forest_frame(rows: list[dict]) -> pd.DataFrame:
    """Rows as a frame with every column that `draw_forest` reads."""
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    for name in COLUMNS:
        frame[name] = frame[name].fillna("") if name in TEXTS else frame[name].astype(float)
    return frame


def draw_forest(frame: pd.DataFrame, title: str, subtitle: str, headers: dict[str, str], level: str) -> Figure:
    """Draw a forest plot.

    Parameters
    ----------
    frame : as `forest_frame` makes it, from top to bottom.
    headers : heading of each text column that is shown (`counts`, `not_evaluable`, `rate`), in their order.
    level : confidence level as text, such as "95 %".
    """
    shown = frame.assign(label=[_wrapped(row) for row in frame.itertuples()])
    lines = shown["label"].str.count("\n") + 1
    heights = (lines * LINE + PADDING).tolist()
    handles = _legend_handles(frame, level)
    head = heading_height(title, subtitle) + LINE * (max(h.count("\n") for h in headers.values()) + 1) + 0.1
    foot = 0.42 + 0.2 * ((len(handles) + 1) // 2)
    figure = new_figure(head + sum(heights) + foot)
    draw_heading(figure, title, subtitle)
    rates = shown[~shown["kind"].isin(["heading", "note"])]
    left = MARGIN + max(text_width(text, SIZE) for text in [*rates["label"], "Definition"]) + GAP
    weights = ["bold" if kind == "pooled" else "normal" for kind in rates["kind"]]
    widths = {
        name: max([text_width(header, SIZE), *map(text_width, rates[name], [SIZE] * len(rates), weights)])
        for name, header in headers.items()
    }
    right = WIDTH - MARGIN - sum(widths.values()) - GAP * len(widths)
    axes = add_axes(figure, left, foot, right, foot + sum(heights), xlim=(0, 1), ylim=(sum(heights), 0))
    _draw_frame(axes)
    middle = 0.0
    for row, height in zip(shown.itertuples(), heights, strict=True):
        middle += height / 2
        _draw_row(axes, row, middle)
        _write_row(axes, row, middle, left, right, widths)
        middle += height / 2
    _write_headers(axes, headers, right, widths)
    anchor = (MARGIN / WIDTH, 0.08 / figure.get_size_inches()[1])
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=anchor, ncols=2, columnspacing=2.0)
    return figure


def _wrapped(row: object) -> str:
    inches = WIDTH - 2 * MARGIN if row.kind in ("heading", "note") else LABEL_INCHES
    return wrap_inches(row.label, inches, SIZE, "bold" if row.kind == "heading" else "normal")


def _draw_frame(axes: Axes) -> None:
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100 %"])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(length=3)
    for share in (0, 0.25, 0.5, 0.75, 1):
        axes.axvline(share, color=FAINT, linewidth=0.7, zorder=0)


def _draw_row(axes: Axes, row: object, y: float) -> None:
    if row.kind == "pooled":
        corners = [(row.lower, y), (row.estimate, y - 0.075), (row.upper, y), (row.estimate, y + 0.075)]
        axes.add_patch(Polygon(corners, closed=True, facecolor=INK, edgecolor=INK, zorder=4))
    elif row.kind == "prediction":
        axes.plot([row.lower, row.upper], [y, y], color=INK, linewidth=1.4, linestyle=(0, (2, 1.5)), zorder=3)
        axes.plot([row.lower, row.upper], [y, y], color=INK, linestyle="", marker="|", markersize=7, zorder=3)
    elif row.kind == "rate":
        if row.worst == row.worst:
            below = y + BOUNDS_BELOW
            axes.plot([row.worst, row.best], [below, below], color=QUIET, linewidth=0.8, zorder=2)
            axes.plot([row.worst, row.best], [below, below], color=QUIET, linestyle="", marker="|", markersize=4)
        if row.exact_lower == row.exact_lower:
            axes.plot([row.exact_lower, row.exact_upper], [y, y], color=ACCENT, linewidth=0.9, zorder=3)
            axes.plot(
                [row.exact_lower, row.exact_upper],
                [y, y],
                color=ACCENT,
                linestyle="",
                marker="|",
                markersize=5,
                markeredgewidth=0.9,
                zorder=3,
            )
        axes.plot([row.lower, row.upper], [y, y], color=ACCENT, linewidth=3.0, zorder=4)
        size = 5.5 if row.weight != row.weight else 3.5 + 6.5 * row.weight
        axes.plot(
            [row.estimate],
            [y],
            marker="s",
            color=ACCENT,
            markeredgecolor="white",
            markeredgewidth=0.8,
            markersize=size,
            zorder=5,
            clip_on=False,
        )


def _write_row(axes: Axes, row: object, y: float, left: float, right: float, widths: dict[str, float]) -> None:
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
            weight="bold" if row.kind == "pooled" else "normal",
        )


def _write_headers(axes: Axes, headers: dict[str, str], right: float, widths: dict[str, float]) -> None:
    figure_width, figure_height = axes.figure.get_size_inches()
    top = axes.get_position().y1 + 0.05 / figure_height
    edge = right
    for name, header in headers.items():
        edge += GAP + widths[name]
        for above, line in enumerate(reversed(header.split("\n"))):
            y = top + (above * LINE + BASELINE) / figure_height
            axes.figure.text(edge / figure_width, y, line, size=SIZE, color=QUIET, ha="right", va="baseline")


def _legend_handles(frame: pd.DataFrame, level: str) -> list[Line2D | Patch]:
    rates = frame[frame["kind"] == "rate"]
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
    if rates["exact_lower"].notna().any():
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
    if rates["worst"].notna().any():
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
    if (frame["kind"] == "pooled").any():
        handles.append(Line2D([], [], color=INK, linestyle="", marker="D", label=f"pooled rate with {level} interval"))
    if (frame["kind"] == "prediction").any():
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
