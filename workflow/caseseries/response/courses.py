"""Small pictures of the courses of worked cases, drawn as SVG for the documentation pages.

All courses of a page stand below each other in one file; each has a `<view>` of its own, so that a page shows the one
it speaks of by `file.svg#id`. Numbers are written with one decimal: the same bytes on every machine.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from math import isinf, isnan
from typing import NamedTuple

from caseseries.model.quantity import parse_interval
from caseseries.model.worked_case import Case
from caseseries.words.events import event_name
from caseseries.words.numbers import plain

WIDTH, HEIGHT = 420, 96
LEFT, RIGHT, TOP, BOTTOM = 34, 64, 16, 18
INK, QUIET, ACCENT, LINE = "#1b1b1b", "#6b6b6b", "#0072b2", "#b8b8b8"


class Mark(NamedTuple):
    """A count of a course: its day, the value at which it is drawn, and whether that is a limit only."""

    day: int
    value: float
    limit: bool


class Scale(NamedTuple):
    """Days and counts as places in a panel."""

    first: int
    last: int
    top: float

    def x(self, day: float) -> float:
        """Place of a day."""
        return LEFT + (WIDTH - LEFT - RIGHT) * (day - self.first) / (self.last - self.first)

    def y(self, value: float) -> float:
        """Place of a count."""
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / self.top


def course_id(case: Case) -> str:
    """Name of a case inside the file of pictures."""
    return re.sub(r"[^a-z0-9]+", "-", case.id.lower()).strip("-")


def draw_courses(cases: Sequence[Case], levels: Sequence[float]) -> str:
    """The courses of worked cases as one SVG; `levels` are drawn across each that comes near them."""
    height = HEIGHT * len(cases)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        'font-family="sans-serif" font-size="9">',
        "<title>Courses of the worked cases</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
    ]
    for number, case in enumerate(cases):
        top = number * HEIGHT
        parts.append(f'<view id="{course_id(case)}" viewBox="0 {top} {WIDTH} {HEIGHT}"/>')
        parts += [f'<g transform="translate(0 {top})">', *draw_course(case, levels), "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def draw_course(case: Case, levels: Sequence[float]) -> list[str]:
    """One course: lines at the thresholds, counts joined in the order of days, events above, days below."""
    marks, baseline = marks_of(case), value_of(case.baseline)
    days = [mark.day for mark in marks] + [event.day for event in case.events]
    values = [mark.value for mark in marks] + ([baseline.value] if baseline else [])
    if not values:
        return [text(LEFT, HEIGHT / 2, "no dated count", QUIET)]
    seen = [level for level in levels if level <= 2 * max(values)]
    scale = Scale(min([0, *days]), max([1, *days]), 1.1 * max([*values, *seen, 1]))
    parts = []
    for level in seen:
        parts.append(line(scale.x(scale.first), scale.y(level), scale.x(scale.last), scale.y(level), LINE, "3 2"))
        parts.append(text(LEFT - 5, scale.y(level) + 3, plain(level), QUIET, "end"))
    parts.append(line(scale.x(scale.first), scale.y(0), scale.x(scale.last), scale.y(0), QUIET))
    for day in sorted({scale.first, 0, scale.last}):
        parts.append(text(scale.x(day), HEIGHT - 6, f"day {day}", QUIET, "middle"))
    for event in case.events:
        parts.append(line(scale.x(event.day), TOP - 4, scale.x(event.day), scale.y(0), INK, "1 2"))
        parts.append(text(scale.x(event.day), TOP - 6, event_name(event.kind).mark, INK, "middle"))
    path = " ".join(f"{scale.x(mark.day):.1f},{scale.y(mark.value):.1f}" for mark in marks)
    parts.append(f'<polyline points="{path}" fill="none" stroke="{ACCENT}" stroke-width="1.2"/>')
    parts += [dot(scale.x(mark.day), scale.y(mark.value), mark.limit) for mark in marks]
    if baseline:
        parts += [dot(scale.x(0), scale.y(baseline.value), True, QUIET)]
    if marks:
        end = marks[-1]
        parts.append(text(scale.x(end.day) + 6, scale.y(end.value) + 3, plain(end.value), ACCENT))
    return parts


def marks_of(case: Case) -> list[Mark]:
    """The dated counts of a case by day; a limit (`<5`) at its figure."""
    found = []
    for day, written, *_ in case.count_rows:
        mark = value_of(written, day) if day is not None else None
        found += [mark] if mark else []
    if case.weekly is not None:
        found += [mark for day, written in case.weekly.dated() if (mark := value_of(written, day))]
    return sorted(found, key=lambda mark: mark.day)


def value_of(written: float | str | None, day: int = 0) -> Mark | None:
    """A written count as a mark; None where it is unknown."""
    value = parse_interval(written)
    if value is None or isnan(value.lo):
        return None
    if value.lo == value.hi:
        return Mark(day, value.lo, False)
    return Mark(day, value.lo if isinf(value.hi) else value.hi, True)


def line(x1: float, y1: float, x2: float, y2: float, colour: str, dashes: str = "") -> str:
    """A straight line."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="0.8"{dashed}/>'
    )


def dot(x: float, y: float, hollow: bool, colour: str = ACCENT) -> str:
    """A count; hollow where only a limit is known."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.4" fill="{"#ffffff" if hollow else colour}" stroke="{colour}"/>'


def text(x: float, y: float, words: str, colour: str, anchor: str = "start") -> str:
    """Words at a place."""
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}">{escape(words)}</text>'
