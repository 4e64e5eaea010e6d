"""Counts of an episode above its doses on one axis of days, two episodes a row, departures from the label marked."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullFormatter

from caseseries.show.draw.legend import draw_legend, labels_of, legend_height
from caseseries.show.draw.style import (
    ACCENT,
    FAINT,
    GROUPS,
    INK,
    QUIET,
    Column,
    add_axes,
    draw_heading,
    heading_height,
    new_figure,
    text_width,
    wrap_inches,
)
from caseseries.show.drawing import Doses, Treatment
from caseseries.show.steps import day_ticks
from caseseries.words.lists import listing
from caseseries.words.numbers import plain

DEPARTED = GROUPS[1]
COUNT_HEIGHT, DOSE_HEIGHT, ROW_HEIGHT = 1.0, 0.5, 2.35
LEFT, BETWEEN, RIGHT = 0.62, 0.72, 0.2


def draw_doses(plot: Doses, title: str, subtitle: str, column: Column) -> Figure:
    """Draw each episode as counts above doses."""
    handles = legend(plot)
    across = 1 if column.narrow else 2
    head = heading_height(title, subtitle, column)
    rows = -(-len(plot.treatments) // across)
    figure = new_figure(head + legend_height(labels_of(handles), column) + rows * ROW_HEIGHT, column)
    draw_heading(figure, title, subtitle, column)
    draw_legend(figure, handles, labels_of(handles), head, column)
    wide = (column.width - LEFT - RIGHT - BETWEEN * (across - 1)) / across
    for number, treatment in enumerate(plot.treatments):
        row, place = divmod(number, across)
        left = LEFT + place * (wide + BETWEEN)
        bottom = (rows - 1 - row) * ROW_HEIGHT + 0.42
        known = [*(count.x for count in treatment.counts), *(day for day, _ in treatment.doses)]
        margin = max(max(known) - min(known), 7) * 0.05
        limits = (min(known) - margin, max(known) + margin)
        doses = add_axes(figure, left, bottom, left + wide, bottom + DOSE_HEIGHT, xlim=limits)
        low = bottom + DOSE_HEIGHT + 0.12
        upper = add_axes(
            figure, left, low, left + wide, low + COUNT_HEIGHT, xlim=limits, yscale="log", ylim=(0.85, 1300)
        )
        name_episode(upper, treatment, wide, column)
        draw_counts(upper, treatment, plot.unit)
        draw_bars(doses, treatment)
        doses.set_xticks(day_ticks(max(known)))
        doses.set_xlabel(plot.days, labelpad=2)
        for axes in (upper, doses):
            mark_days(axes, treatment)
    return figure


def name_episode(axes: Axes, treatment: Treatment, wide: float, column: Column) -> None:
    """The name of an episode, and behind it the rules that it departs from."""
    axes.set_title(treatment.episode, size=column.text, loc="left", weight="bold", pad=4)
    rules = list(dict.fromkeys(rule for _, rule in treatment.departures))
    if rules:
        room = text_width(treatment.episode, column.text, "bold") + 0.15
        text = wrap_inches(f"departs from: {listing(rules)}", wide - room, column.text).split("\n")[0]
        axes.text(room / wide, 1.035, text, transform=axes.transAxes, size=column.text, color=DEPARTED, va="bottom")


def draw_counts(axes: Axes, treatment: Treatment, unit: str) -> None:
    """The counts of an episode; an open mark where only a limit is known."""
    axes.set_yticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_xticks([])
    axes.set_ylabel(unit)
    axes.plot([one.x for one in treatment.counts], [one.value for one in treatment.counts], color=ACCENT, linewidth=1.0)
    for limit, face in ((False, ACCENT), (True, "white")):
        chosen = [one for one in treatment.counts if one.limit is limit]
        days, heights = [one.x for one in chosen], [one.value for one in chosen]
        axes.plot(days, heights, linestyle="", marker="o", markersize=3.5, color=ACCENT, markerfacecolor=face, zorder=4)


def draw_bars(axes: Axes, treatment: Treatment) -> None:
    """The doses of an episode as bars; an open mark for one withheld or of unknown amount."""
    known = [(day, dose) for day, dose in treatment.doses if dose]
    highest = max(dose for _, dose in known)
    wide = 1.0 if treatment.every_days == 1 else 1.6
    axes.bar([day for day, _ in known], [dose for _, dose in known], width=wide, color=INK, alpha=0.75, zorder=3)
    open_ = [day for day, dose in treatment.doses if not dose]
    axes.plot(open_, [highest * 0.08] * len(open_), linestyle="", marker="o", markersize=4, color=QUIET, mfc="white")
    for day in sorted({day for day, _ in treatment.departures if day is not None}):
        axes.plot([day], [highest * 1.35], linestyle="", marker="v", markersize=6, color=DEPARTED, zorder=5)
    axes.set_ylim(0, highest * 1.6)
    axes.set_yticks([0, highest], ["0", plain(highest)])
    axes.set_ylabel(treatment.unit)
    axes.grid(axis="y", color=FAINT, linewidth=0.6)


def mark_days(axes: Axes, treatment: Treatment) -> None:
    """A line across at each day of a departure."""
    for day in sorted({day for day, _ in treatment.departures if day is not None}):
        axes.axvline(day, color=DEPARTED, linewidth=0.8, linestyle=(0, (2, 2)), zorder=2)


def legend(plot: Doses) -> list[Line2D]:
    """What the signs mean that stand in the figure."""
    signs = [
        Line2D([], [], color=ACCENT, marker="o", markersize=3.5, linewidth=1.0, label="platelet count"),
        Line2D([], [], color=INK, alpha=0.75, linewidth=5, label="dose"),
    ]
    if any(day is not None for treatment in plot.treatments for day, _ in treatment.departures):
        signs.append(Line2D([], [], color=DEPARTED, marker="v", ls="", markersize=6, label="departure from the label"))
    return signs
