"""Which further printed number would tell the histories of a curve apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from caseseries.reconstruct.curve import PrintedCurve
from caseseries.reconstruct.search import History


@dataclass(frozen=True)
class Settling:
    """A number that a source could print.

    Parameters
    ----------
    day : of a number at risk; None for the total of events.
    left : most histories that could still fit with it. values : how many values it may have.
    """

    day: int | None
    left: int
    values: int


def what_settles(curve: PrintedCurve, histories: Sequence[History]) -> list[Settling]:
    """The total of events, where it is not printed and not certain, and the number at risk that settles most.

    Only numbers that differ between the histories are named; the best first.
    """
    if len(histories) < 2:
        return []
    found = []
    if curve.events is None:
        found.append(settling(None, (sum(d for _, d in history) for history in histories)))
    by_day = [
        settling(day, (history[place][0] for history in histories))
        for place, day in enumerate(curve.days)
        if day not in {row for row, _ in curve.rows}
    ]
    found += sorted(by_day, key=lambda one: (one.left, -one.values, one.day or 0))[:1]
    return sorted((one for one in found if one.values > 1), key=lambda one: (one.left, one.day is not None))


def settling(day: int | None, values: Iterable[int]) -> Settling:
    """What one number would leave, given its value in every history."""
    counts = Counter(values)
    return Settling(day, max(counts.values()), len(counts))
