"""Heat maps of values between things two by two, as a lower triangle."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from caseseries.show.draw.style import (
    ACCENT,
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
from caseseries.show.drawing import HeatMap

SIDE = 0.42
"""Largest side of a cell in inches."""

LABEL_SIZE, LINE = 7.5, 0.125
"""Points of a name, and inches that each of its lines needs."""


def draw_heat_map(plot: HeatMap, title: str, subtitle: str) -> Figure:
    """The figure: numbered names on the left, their numbers again on the diagonal, values below it."""
    import seaborn  # takes seconds to import, and most figures do without it

    names, values, texts = plot.names, np.array(plot.values, dtype=float), np.array(plot.texts, dtype=object)
    left, right = 2.6, 0.15
    side = min(SIDE, (WIDTH - left - right) / len(names))
    numbered = [
        wrap_inches(f"{name}\u00a0\u00a0{number}", left - 0.45, LABEL_SIZE)
        for number, name in enumerate(names, start=1)
    ]
    row = max(side, LINE * max(1 + label.count("\n") for label in numbered))
    figure = new_figure(heading_height(title, subtitle) + row * len(names) + 0.3)
    axes = add_axes(figure, left, 0.2, left + side * len(names), 0.2 + row * len(names))
    longest = max(text_width(text, LABEL_SIZE) for text in texts.ravel())
    size = min(8.5, LABEL_SIZE * 0.95 * side / longest)
    seaborn.heatmap(
        values,
        mask=np.isnan(values),
        annot=texts,
        fmt="",
        vmin=0,
        vmax=1,
        ax=axes,
        cbar=False,
        linewidths=0.6,
        linecolor="white",
        cmap=seaborn.light_palette(ACCENT, as_cmap=True),
        annot_kws={"size": size},
        xticklabels=False,
        yticklabels=False,
    )
    for number in range(len(names)):
        axes.text(
            number + 0.5,
            number + 0.5,
            str(number + 1),
            size=LABEL_SIZE,
            weight="bold",
            color=QUIET,
            ha="center",
            va="center",
        )
    axes.set_yticks(np.arange(len(names)) + 0.5)
    axes.set_yticklabels(numbered, color=INK, rotation=0, linespacing=0.95)
    axes.tick_params(length=0, labelsize=LABEL_SIZE)
    draw_heading(figure, title, subtitle)
    return figure
