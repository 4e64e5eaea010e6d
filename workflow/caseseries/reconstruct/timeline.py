"""A history day by day: numbers at risk at the steps and under the printed rows, and what may lie between."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from caseseries.reconstruct.curve import PrintedCurve
from caseseries.reconstruct.search import History


class Line(NamedTuple):
    """A day on which the number at risk is known.

    `events` happen on it; `censored` leave from it on and before the day of the next line.
    """

    day: int
    at_risk: int
    events: int
    censored: int


def timeline(curve: PrintedCurve, history: History) -> list[Line]:
    """The days of a history on which the number at risk is known: the start, the steps and the printed rows."""
    known = {0: (curve.n, 0)}
    for day, at_risk in curve.rows:
        doubtful = curve.day_error and curve.step_near(day) is not None  # it stands before the step or after it
        if day <= curve.end and not doubtful:
            known[day] = at_risk, 0
    known |= dict(zip(curve.days, history, strict=True))
    days = sorted(known)
    following = [known[day][0] for day in days[1:]] + [0]
    return [
        Line(day, known[day][0], known[day][1], known[day][0] - known[day][1] - rest)
        for day, rest in zip(days, following, strict=True)
    ]


def at_risk_by_day(curve: PrintedCurve, history: History, *, late: float) -> tuple[np.ndarray, np.ndarray]:
    """Days from which a number at risk holds, and that number.

    Those censored between two lines leave as early as they can (`late` 0), as late (1), or half of them are held to be
    at risk (0.5). Somebody is followed to the end of the curve.
    """
    lines = timeline(curve, history)
    marks: dict[int, float] = {}
    for place, line in enumerate(lines):
        marks[line.day] = line.at_risk
        left = line.at_risk - line.events
        last = place + 1 == len(lines)
        rest = min(left, 1) if last else lines[place + 1].at_risk
        marks[line.day + 1] = late * left + (1 - late) * rest
    marks[curve.end + 1] = 0
    days = np.array(sorted(day for day in marks if day <= curve.end + 1))
    return days, np.array([marks[int(day)] for day in days])
