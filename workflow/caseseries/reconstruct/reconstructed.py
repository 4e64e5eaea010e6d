"""One printed curve reconstructed: its histories, or Guyot's cases where these cannot be found, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

from caseseries.reconstruct.curve import PrintedCurve
from caseseries.reconstruct.guyot import Cases, guyot, reread
from caseseries.reconstruct.log_rank import log_rank_range
from caseseries.reconstruct.ranges import Range, named, quantities, ranges
from caseseries.reconstruct.search import LARGEST, Found, History, search
from caseseries.reconstruct.settle import Settling, what_settles
from caseseries.reconstruct.timeline import Line, timeline

WIDER = (1.25, 1.5, 1.75, 2.0)
"""Multiples of the reading error that are tried where nothing fits: it was read less well than was thought."""
SPAN = (2.5, 97.5)
"""Percentiles of the rereadings between which a result of Guyot's algorithm is given."""


@dataclass(frozen=True)
class Reconstruction:
    """What became of one curve.

    Parameters
    ----------
    curve : as printed.
    found : histories that fit; None where the curve has too many cases to search.
    solutions : what is listed, the best first, a line a day on which the number at risk is known.
    ranges : what follows, with its range. settling : further numbers that would tell the histories apart.
    widened : whether nothing fits as read, and `curve` has the smallest wider reading error with which something does.
    """

    curve: PrintedCurve
    found: Found | None
    solutions: tuple[tuple[Line, ...], ...]
    ranges: tuple[Range, ...]
    settling: tuple[Settling, ...] = ()
    widened: bool = False

    @property
    def histories(self) -> tuple[History, ...]:
        """Histories as the steps alone, the best first; that of Guyot's algorithm where none was searched or fits."""
        if self.found and self.found.histories:
            return self.found.histories
        return (tuple((line.at_risk, line.events) for line in self.solutions[0] if line.events),)

    @property
    def by_guyot(self) -> bool:
        """Whether the one history is that of Guyot's algorithm, which need not fit."""
        return not (self.found and self.found.histories)

    @property
    def stepped(self) -> PrintedCurve:
        """The curve with a step for every event of `histories`."""
        if not self.by_guyot:
            return self.curve
        days = tuple(line.day for line in self.solutions[0] if line.events)
        return replace(self.curve, days=days, levels=(0.0,) * len(days), rows=())


def reconstruct(
    curve: PrintedCurve, at: Sequence[float] | None = None, progress: Callable[[int], None] | None = None
) -> Reconstruction:
    """Reconstruct a curve.

    Parameters
    ----------
    at : days at which the share without the event is told; the quarters of the follow-up where None.
    progress : told now and then how many histories were found.
    """
    days = quarters(curve) if at is None else [day for day in at if 0 <= day <= curve.end]
    if curve.n > LARGEST:
        return by_guyot(curve, None, days)
    found = search(curve, progress)
    for factor in WIDER if not found.histories else ():
        wider = replace(curve, error=curve.error * factor)
        found = search(wider, progress)
        if found.histories:
            return replace(by_search(wider, found, days), widened=True)
    return by_search(curve, found, days) if found.histories else by_guyot(curve, found, days)


def by_search(curve: PrintedCurve, found: Found, at: Sequence[float]) -> Reconstruction:
    """What follows from the histories that fit."""
    return Reconstruction(
        curve,
        found,
        tuple(tuple(timeline(curve, history)) for history in found.listed),
        tuple(ranges(curve, found.histories, at, found.events or (0, curve.n), found.exhausted)),
        tuple(what_settles(curve, found.listed)),
    )


def quarters(curve: PrintedCurve) -> list[float]:
    """Days after a quarter, a half and three quarters of the follow-up."""
    return [float(round(curve.end * part)) for part in (0.25, 0.5, 0.75)]


def by_guyot(curve: PrintedCurve, found: Found | None, at: Sequence[float]) -> Reconstruction:
    """The one history of Guyot's algorithm, with the error of its results by reading it again."""
    cases = guyot(curve)
    best = values_of(cases, at, curve.end)
    again = np.array([values_of(other, at, curve.end) for other in reread(curve, cases)])
    again[np.isnan(again)] = np.inf
    low, high = np.percentile(again, SPAN, axis=0, method="nearest")
    found_ranges = tuple(
        Range(statistic, time, value, finite(min(below, value)), finite(max(above, value)), "simulated")
        for (statistic, time), value, below, above in zip(named(at, curve.end), best, low, high, strict=True)
    )
    lines = tuple(lines_of(cases))
    return Reconstruction(curve, found, (lines,), found_ranges)


def finite(value: float) -> float:
    """A number, nan for one that is never reached."""
    return float(value) if np.isfinite(value) else float("nan")


def values_of(cases: Cases, at: Sequence[float], end: int) -> list[float]:
    """`quantities` of cases by day."""
    steps = np.flatnonzero(cases.events)
    levels = np.cumprod(1 - cases.events[steps] / cases.at_risk[steps])
    return quantities([int(day) for day in cases.days[steps]], levels, int(cases.events.sum()), at, end)


def lines_of(cases: Cases) -> list[Line]:
    """Days on which somebody leaves, and the start; who is left at the end is censored there."""
    rows = np.flatnonzero((cases.events > 0) | (cases.censored > 0) | (cases.days == 0))
    found = [
        Line(int(cases.days[i]), int(cases.at_risk[i]), int(cases.events[i]), int(cases.censored[i])) for i in rows
    ]
    last = found[-1]
    return [*found[:-1], last._replace(censored=last.at_risk - last.events)]


@dataclass(frozen=True)
class Pair:
    """The log-rank test of two groups of one printed figure and outcome."""

    one: Reconstruction
    other: Reconstruction
    log_rank: Range = field()


def pairs(found: Sequence[Reconstruction]) -> list[Pair]:
    """Each two groups of one curve and outcome, with the range of their log-rank p-value."""
    return [
        Pair(one, other, log_rank_range(one.stepped, one.histories, other.stepped, other.histories, exact(one, other)))
        for one, other in combinations(found, 2)
        if (one.curve.curve, one.curve.outcome) == (other.curve.curve, other.curve.outcome)
    ]


def exact(*found: Reconstruction) -> bool:
    """Whether every history of all of them was visited."""
    return all(one.found is not None and one.found.exhausted and not one.by_guyot for one in found)
