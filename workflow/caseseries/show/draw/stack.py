"""Areas laid on each other: everyone's state by day."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from matplotlib.figure import Figure

from caseseries.show.draw.below import lay_out, write_legend
from caseseries.show.draw.style import QUIET, Column, group_sign
from caseseries.show.drawing import Stack


def draw_stack(plot: Stack, title: str, subtitle: str, column: Column) -> Figure:
    """Draw the share in each state by day; what is left above the areas is white."""
    figure, axes = lay_out(plot.frame, title, subtitle, [*plot.labels, plot.rest], column)
    times, edges = np.array(plot.times, dtype=float), np.array(plot.edges, dtype=float)
    for place, (label, (low, high)) in enumerate(zip(plot.labels, pairwise(edges), strict=True)):
        sign = group_sign(place)
        axes.fill_between(times, low, high, step="post", facecolor=sign.colour, alpha=0.55, linewidth=0, zorder=2)
        axes.fill_between(
            times, low, high, step="post", facecolor="none", edgecolor="white", hatch=sign.hatch, linewidth=0, zorder=3
        )
        axes.step(times, high, where="post", color=sign.colour, linewidth=1.2, zorder=4)
        axes.fill_between(
            [], [], [], facecolor=sign.colour, alpha=0.55, hatch=sign.hatch, edgecolor="white", linewidth=0, label=label
        )
    axes.fill_between([], [], [], facecolor="white", edgecolor=QUIET, linewidth=0.8, label=plot.rest)
    write_legend(figure, axes, column)
    return figure
