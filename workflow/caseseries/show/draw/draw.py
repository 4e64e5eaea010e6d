"""A figure of matplotlib from a drawing, by its shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matplotlib.figure import Figure

from caseseries.show.draw.bleeding import draw_bleeding
from caseseries.show.draw.curves import draw_curves
from caseseries.show.draw.doses import draw_doses
from caseseries.show.draw.flow import draw_flow
from caseseries.show.draw.forest import draw_forest
from caseseries.show.draw.heat_map import draw_heat_map
from caseseries.show.draw.multiverse import draw_multiverse
from caseseries.show.draw.stack import draw_stack
from caseseries.show.draw.style import DOUBLE, Column, apply_style, draw_watermark
from caseseries.show.draw.swimmer import draw_strips, draw_swimmer
from caseseries.show.draw.trajectories import draw_trajectories
from caseseries.show.drawing import Drawing

SHAPES: dict[str, Callable[[Any, str, str, Column], Figure]] = {
    "curves": draw_curves,
    "stack": draw_stack,
    "forest": draw_forest,
    "heat_map": draw_heat_map,
    "swimmer": draw_swimmer,
    "strips": draw_strips,
    "trajectories": draw_trajectories,
    "doses": draw_doses,
    "flow": draw_flow,
    "bleeding": draw_bleeding,
    "multiverse": draw_multiverse,
}
"""How each shape is drawn: from its data, the title, the subtitle and the column that it fills."""


def draw(drawing: Drawing, column: Column = DOUBLE) -> Figure:
    """The picture of a drawing as wide as a column, with SYNTHETIC across it where no patient stands behind it."""
    apply_style(column)  # marks of a legend take their widths from it before there is a figure
    figure = SHAPES[drawing.plot.shape](drawing.plot, drawing.title, drawing.subtitle, column)
    if drawing.synthetic:
        draw_watermark(figure)
    return figure
