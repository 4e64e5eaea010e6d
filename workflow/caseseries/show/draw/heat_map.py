"""Heat maps of values between things two by two, as a lower triangle.

Where cells are too small for a legible number, shades alone stand in them, with a bar that tells what they mean.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from caseseries.show.draw.style import (
    ACCENT,
    BEHIND,
    INK,
    LIGHT,
    MARGIN,
    QUIET,
    SMALLEST,
    Column,
    add_axes,
    draw_heading,
    heading_height,
    new_figure,
    text_width,
    wrap_inches,
)
from caseseries.show.drawing import HeatMap

SIDE = 0.4
"""Largest side of a cell in inches."""

EMPTY = "#eeeeee"
"""Colour of a cell that has a sign and no value."""

BAR = 0.42
"""Inches of the bar of shades below."""

SHADES = LinearSegmentedColormap.from_list("shades", [LIGHT, ACCENT])


def draw_heat_map(plot: HeatMap, title: str, subtitle: str, column: Column) -> Figure:
    """The figure: numbered names on the left, their numbers again on the diagonal, values below it."""
    size = column.text
    left = MARGIN + (1.3 if column.narrow else 2.0)
    count = len(plot.names)
    side = min(SIDE, (column.width - left - 0.25) / count)
    longest = max(text_width(text) for row in plot.texts for text in row)
    written = longest <= 0.97 * side
    names = [
        wrap_inches(f"{name}\u00a0\u00a0{number}", left - MARGIN - 0.08, size)
        for number, name in enumerate(plot.names, start=1)
    ]
    row = max(side, column.line * max(1 + name.count("\n") for name in names))
    bar = 0 if written else BAR
    figure = new_figure(heading_height(title, subtitle, column) + row * count + 0.2 + bar, column)
    box = left, 0.12 + bar, left + side * count, 0.12 + bar + row * count
    limits: dict[str, Any] = {"xlim": (0, count), "ylim": (count, 0)}
    _draw_cells(add_axes(figure, *box, **limits, zorder=BEHIND - 1), plot)
    axes = add_axes(figure, *box, **limits)
    if written:
        _write_cells(axes, plot)
    for number in range(0, count, 1 if text_width("00", size) < side else 2):
        place = number + 0.5
        axes.text(place, place, str(number + 1), size=size, weight="bold", color=QUIET, ha="center", va="center")
    _frame(axes, names)
    draw_heading(figure, title, subtitle, column)
    if bar:
        _draw_bar(figure, column)
    return figure


def _draw_cells(axes: Axes, plot: HeatMap) -> None:
    values = np.array(plot.values, dtype=float)
    signed = np.isnan(values) & (np.array(plot.texts, dtype=object) != "")
    edges = np.arange(len(plot.names) + 1)
    about: dict[str, Any] = {"edgecolors": "white", "linewidth": 0.6}
    signs = np.where(signed, 1.0, np.nan)
    axes.pcolormesh(edges, edges, signs, cmap=LinearSegmentedColormap.from_list("empty", [EMPTY, EMPTY]), **about)
    axes.pcolormesh(edges, edges, values, vmin=0, vmax=1, cmap=SHADES, **about)
    axes.set_axis_off()


def _write_cells(axes: Axes, plot: HeatMap) -> None:
    for down, (texts, values) in enumerate(zip(plot.texts, plot.values, strict=True)):
        for across, (text, value) in enumerate(zip(texts, values, strict=True)):
            colour = "white" if value is not None and value > 0.6 else INK
            axes.text(across + 0.5, down + 0.5, text, size=SMALLEST, color=colour, ha="center", va="center")


def _frame(axes: Axes, names: list[str]) -> None:
    axes.set_xticks([])
    axes.set_yticks(np.arange(len(names)) + 0.5, names, linespacing=1.0)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _draw_bar(figure: Figure, column: Column) -> None:
    axes = add_axes(figure, MARGIN + 0.2, 0.25, MARGIN + 1.6, 0.35, xlim=(0, 1), ylim=(0, 1))
    axes.pcolormesh(np.linspace(0, 1, 33), [0, 1], [np.linspace(0, 1, 32)], vmin=0, vmax=1, cmap=SHADES)
    axes.set_xticks([0, 0.5, 1], ["0 or less", ".5", "1"])
    axes.set_yticks([])
    axes.tick_params(length=2)
