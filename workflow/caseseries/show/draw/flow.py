"""A flow of episodes: boxes row by row, each below the one that it is a part of."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from caseseries.show.draw.style import (
    INK,
    MARGIN,
    QUIET,
    Column,
    add_axes,
    draw_heading,
    heading_height,
    new_figure,
    wrap_inches,
)
from caseseries.show.drawing import Box, Flow

BETWEEN, INSIDE, BELOW, WIDEST = 0.14, 0.07, 0.26, 1.9
"""Inches between boxes, inside their edge, below a row of them, and of the widest box."""


def draw_flow(plot: Flow, title: str, subtitle: str, column: Column) -> Figure:
    """Draw the boxes and what joins them."""
    rows = rows_of(plot.boxes)
    most = max(map(len, rows))
    wide = min(WIDEST, (column.width - 2 * MARGIN - BETWEEN * (most - 1)) / most)
    texts = {box.step: wrap_inches(f"{box.label}\n{box.counts}", wide - 2 * INSIDE, column.text) for box in plot.boxes}
    high = [max(texts[box.step].count("\n") + 1 for box in row) * column.line + 2 * INSIDE for row in rows]
    height = sum(high) + BELOW * (len(rows) - 1) + 0.1
    figure = new_figure(heading_height(title, subtitle, column) + height, column)
    draw_heading(figure, title, subtitle, column)
    axes = add_axes(figure, 0, 0.05, column.width, 0.05 + height - 0.1, xlim=(0, column.width), ylim=(height - 0.1, 0))
    axes.set_axis_off()
    places: dict[str, tuple[float, float]] = {}
    top = 0.0
    for row, tall in zip(rows, high, strict=True):
        left = MARGIN
        for box in row:
            line: dict[str, Any] = {"facecolor": "none", "edgecolor": INK, "linewidth": 0.8, "clip_on": False}
            axes.add_patch(Rectangle((left, top), wide, tall, **line))
            about: dict[str, Any] = {"size": column.text, "ha": "center", "va": "center", "linespacing": 1.15}
            axes.text(left + wide / 2, top + tall / 2, texts[box.step], **about)
            if box.of in places:
                x, y = places[box.of]
                middle = top - BELOW / 2
                axes.plot(
                    [x, x, left + wide / 2, left + wide / 2], [y, middle, middle, top], color=QUIET, linewidth=0.8
                )
            places[box.step] = (left + wide / 2, top + tall)
            left += wide + BETWEEN
        top += tall + BELOW
    return figure


def rows_of(boxes: tuple[Box, ...]) -> list[list[Box]]:
    """Boxes by how many steps lie above them; the one of a row that has parts of its own stands first."""
    depth: dict[str, int] = {}
    for box in boxes:
        depth[box.step] = depth[box.of] + 1 if box.of in depth else 0
    parents = {box.of for box in boxes}
    rows = [[box for box in boxes if depth[box.step] == level] for level in range(max(depth.values()) + 1)]
    return [sorted(row, key=lambda box: box.step not in parents) for row in rows]
