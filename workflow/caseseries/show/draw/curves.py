"""Step curves with the numbers at risk set exactly below the days they belong to."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from caseseries.show.draw.below import lay_out, write_legend
from caseseries.show.draw.style import DASHES, QUIET, Column, group_sign
from caseseries.show.drawing import Curves, Line

THIN = 0.8
"""Points of a line that stands beside another."""


def draw_curves(plot: Curves, title: str, subtitle: str, column: Column) -> Figure:
    """Draw step curves with their bands."""
    legend = [line.label for line in plot.lines if line.dash is None] + [name for name, _ in plot.dashes]
    figure, axes = lay_out(plot.frame, title, subtitle, legend, column)
    for line in plot.lines:
        _draw_line(axes, line, plot.frame.last_day)
    for name, dash in plot.dashes:
        axes.plot([], [], color=QUIET, linewidth=THIN, linestyle=DASHES[dash], label=name)
    if plot.median is not None:
        days = [0, plot.median, plot.median]
        axes.plot(days, [0.5, 0.5, 0], color=QUIET, linewidth=0.9, linestyle=(0, (2, 2)), zorder=3)
    write_legend(figure, axes, column)
    return figure


def _draw_line(axes: Axes, line: Line, last_day: float) -> None:
    sign = group_sign(line.sign)
    time, estimate, lower, upper = (
        np.array(numbers, dtype=float) for numbers in (line.time, line.estimate, line.lower, line.upper)
    )
    if line.dash is not None:
        thin: dict[str, Any] = {"linewidth": THIN, "linestyle": DASHES[line.dash]}
        axes.step(time, estimate, where="post", color=sign.colour, zorder=3, **thin)
        return
    axes.step(time, estimate, where="post", color=sign.colour, linestyle=sign.dash, label=line.label, zorder=4)
    if time[-1] <= last_day:
        end = [time[-1]], [estimate[-1]]
        axes.plot(*end, marker=sign.marker, color=sign.colour, markersize=4.5, clip_on=False, zorder=5)
    if line.censored:
        axes.plot(
            *zip(*line.censored, strict=True),
            color=sign.colour,
            linestyle="",
            marker="|",
            markersize=7,
            markeredgewidth=1.0,
            zorder=5,
        )
    if line.band:
        edges = np.repeat(time, 2)[1:]
        low, high = (np.repeat(limit, 2)[:-1] for limit in (lower, upper))
        axes.fill_between(edges, low, high, color=sign.colour, alpha=0.14, linewidth=0, zorder=2)
