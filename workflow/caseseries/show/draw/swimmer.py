"""Swimmer plots: one bar an episode; beyond `NAMED_UP_TO` of them the bars are thin and carry no names."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from caseseries.show.draw.below import legend_columns
from caseseries.show.draw.style import (
    ACCENT,
    FAINT,
    GROUPS,
    INK,
    QUIET,
    WIDTH,
    Sign,
    add_axes,
    draw_heading,
    group_sign,
    heading_height,
    new_figure,
    text_width,
)
from caseseries.show.drawing import Bar, Swimmer
from caseseries.show.steps import day_ticks
from caseseries.words.events import event_name
from caseseries.words.numbers import number

NAMED_UP_TO = 60
SIZE = 8.0
THICK, THIN = 4.5, 2.2
SIGNS = {
    "response": Sign(ACCENT, "o", "-"),
    "loss_of_response": Sign("white", "o", "-"),
    "rescue": Sign("#D55E00", "^", "-"),
    "platelet_transfusion": Sign("#CC79A7", "P", "-"),
    "itp_therapy": Sign("#E69F00", "s", "-"),
    "stop_drug": Sign(INK, "|", "-"),
    "delivery": Sign("#009E73", "D", "-"),
    "death": Sign(INK, "X", "-"),
    "lost": Sign(QUIET, ">", "-"),
}


def mark_signs(kinds: list[str]) -> dict[str, Sign]:
    """Sign of each kind of mark, the known ones first; further kinds take the signs of groups."""
    known = {kind: SIGNS[kind] for kind in SIGNS if kind in kinds}
    taken = {(sign.marker, sign.colour) for sign in known.values()}
    free = [sign for sign in map(group_sign, range(len(GROUPS))) if (sign.marker, sign.colour) not in taken]
    return known | dict(zip(sorted(set(kinds) - set(SIGNS)), cycle(free), strict=False))


def draw_swimmer(plot: Swimmer, title: str, subtitle: str) -> Figure:
    """Draw courses with their marks."""
    bars, last = plot.bars, plot.last
    named = len(bars) <= NAMED_UP_TO
    row = 0.23 if named else 0.075
    signs = mark_signs(list(dict.fromkeys(mark.kind for mark in plot.marks)))
    handles = _legend(bars, signs)
    columns = legend_columns([str(handle.get_label()) for handle in handles])
    head = heading_height(title, subtitle) + 0.19 * -(-len(handles) // columns) + 0.2
    height = row * len(bars) + 0.1
    figure = new_figure(head + height + 0.5)
    draw_heading(figure, title, subtitle)
    labels = [f"{bar.episode}  {bar.response_class}".strip() for bar in bars] if named else []
    left = 0.3 + max((text_width(label, SIZE) for label in labels), default=0)
    axes = add_axes(
        figure,
        left,
        0.5,
        WIDTH - 0.45,
        0.5 + height,
        xlim=(0, last * 1.02),
        ylim=(len(bars) - 0.5 + 0.05 / row, -0.5 - 0.05 / row),
    )
    axes.set_yticks(range(len(labels)), labels, size=SIZE)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xticks(day_ticks(last))
    axes.set_xlabel(plot.days)
    axes.grid(axis="x", color=FAINT, linewidth=0.7)
    axes.set_axisbelow(True)
    _draw_bars(axes, bars, last, thick=THICK if named else THIN)
    _draw_marks(axes, plot, signs, size=6.0 if named else 3.2)
    top = axes.get_position().y1 + 0.1 / figure.get_size_inches()[1]
    figure.legend(
        handles=handles,
        loc="lower left",
        ncols=columns,
        columnspacing=2.0,
        handlelength=2.6,
        bbox_to_anchor=(0.12 / WIDTH, top),
    )
    return figure


def _draw_bars(axes: Axes, bars: Sequence[Bar], last: float, thick: float) -> None:
    places = np.arange(len(bars))
    ends, firsts, lasts = (
        np.array([getattr(bar, name) for bar in bars], dtype=float) for name in ("end", "drug_first", "drug_last")
    )
    axes.hlines(places, 0, np.minimum(ends, last), color="#b5b5b5", linewidth=thick * 0.4, zorder=2)
    treated = ~np.isnan(lasts)
    first = np.maximum(np.nan_to_num(firsts), 0)[treated]
    axes.hlines(places[treated], first, np.minimum(lasts[treated], last), color="#9ecae8", linewidth=thick, zorder=3)
    longer = ends > last
    axes.plot(
        [last * 1.02] * longer.sum(),
        places[longer],
        linestyle="",
        marker=">",
        color=QUIET,
        markersize=thick,
        clip_on=False,
        zorder=6,
    )
    for place, end in zip(places[longer], ends[longer], strict=True) if thick > THIN else ():
        axes.annotate(
            f"to day {number(end)}",
            (last * 1.01, place),
            size=6.5,
            ha="right",
            va="center",
            color=QUIET,
            xytext=(0, 5),
            textcoords="offset points",
            zorder=6,
        )


def _draw_marks(axes: Axes, plot: Swimmer, signs: dict[str, Sign], size: float) -> None:
    place = {bar.episode: y for y, bar in enumerate(plot.bars)}
    shown = [mark for mark in plot.marks if mark.episode in place and 0 <= mark.day <= plot.last]
    for kind, sign in signs.items():
        here = [(mark.day, place[mark.episode]) for mark in shown if mark.kind == kind]
        days, places = zip(*here, strict=True) if here else ((), ())
        axes.plot(days, places, **_mark(sign, size), clip_on=False, zorder=5)


def _mark(sign: Sign, size: float) -> dict:
    edge = ACCENT if sign.colour == "white" else sign.colour if sign.marker == "|" else "white"
    return {
        "linestyle": "",
        "marker": sign.marker,
        "color": sign.colour,
        "markeredgecolor": edge,
        "markersize": size,
        "markeredgewidth": 1.4 if edge != "white" else 0.5,
    }


def _legend(bars: Sequence[Bar], signs: dict[str, Sign]) -> list[Line2D | Patch]:
    handles: list[Line2D | Patch] = [Line2D([], [], color="#b5b5b5", linewidth=2, label="observed")]
    if any(bar.drug_last is not None for bar in bars):
        handles.append(Line2D([], [], color="#9ecae8", linewidth=5, label="on study drug"))
    return handles + [Line2D([], [], **_mark(sign, 6.5), label=event_name(kind).mark) for kind, sign in signs.items()]
