"""The legend of a figure: above what it explains, in as many columns as fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.figure import Figure

from caseseries.show.draw.style import MARGIN, Column, text_width, wrap_inches

HANDLE = 2.4
"""Width of a sign, in letters."""


def _handle(column: Column) -> float:
    """Inches of a sign with the blank behind it."""
    return (HANDLE + 0.8) * column.text / 72


def _wrapped(labels: Sequence[str], column: Column) -> list[str]:
    room = column.width - 2 * MARGIN - _handle(column) - 0.05
    return [wrap_inches(label, room, column.text) for label in labels]


def _columns(labels: Sequence[str], column: Column) -> int:
    apart = _handle(column) + 1.4 * column.text / 72
    widest = max((text_width(label, column.text) for label in labels), default=0) + apart
    return max(1, min(len(labels), int((column.width - 2 * MARGIN) / widest)))


def legend_height(labels: Sequence[str], column: Column) -> float:
    """Inches that the legend of these labels needs; 0 without any."""
    if not labels:
        return 0.0
    wrapped = _wrapped(labels, column)
    rows = -(-len(wrapped) // _columns(wrapped, column))
    most = max(1 + label.count("\n") for label in wrapped)
    return rows * (column.line * most + 0.035) + 0.08


def draw_legend(figure: Figure, handles: Sequence[Any], labels: Sequence[str], top: float, column: Column) -> None:
    """Draw a legend whose upper edge lies `top` inches below that of the figure; nothing without labels."""
    if not labels:
        return
    wrapped = _wrapped(labels, column)
    width, height = figure.get_size_inches()
    drawn = figure.legend(
        list(handles),
        wrapped,
        loc="upper left",
        ncols=_columns(wrapped, column),
        columnspacing=1.4,
        handlelength=HANDLE,
        handletextpad=0.6,
        labelspacing=0.45,
        bbox_to_anchor=(MARGIN / width, 1 - top / height),
    )
    drawn.set_zorder(4)


def labels_of(handles: Sequence[Artist]) -> list[str]:
    """What the signs of a legend mean."""
    return [str(handle.get_label()) for handle in handles]
