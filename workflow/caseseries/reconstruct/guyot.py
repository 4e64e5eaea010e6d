"""The algorithm of Guyot and others (2012, BMC Med Res Methodol 12:9) with isotonic repair, for curves of many people.

It takes the level on every day, spreads censorings evenly between two printed numbers at risk and rounds the events of
each day; it gives one history, which need not be one that fits. How far that is from the truth is measured on the same
curve: its result is read again with the reading error, many times, and reconstructed each time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from caseseries.reconstruct.curve import PrintedCurve

REREADINGS = 100
"""Times that a reconstructed curve is read and reconstructed again."""
SEED = 20120201
ROUNDS = 1000
"""Corrections of the censorings of one interval; published code has no such end and can swing for ever."""


@dataclass(frozen=True)
class Cases:
    """Events and censorings by day: `days`, `events`, `censored`, `at_risk` just before, all of one length."""

    days: np.ndarray
    events: np.ndarray
    censored: np.ndarray
    at_risk: np.ndarray


def daily_levels(curve: PrintedCurve) -> np.ndarray:
    """Level on day 0, 1, ... to the end; readings that rise are repaired by isotonic regression (pool adjacent)."""
    levels = isotonic(np.array([1.0, *curve.levels]))
    places = np.searchsorted(np.array(curve.days), np.arange(curve.end + 1), "right")
    return np.clip(levels[places], 0.0, 1.0)


def isotonic(levels: np.ndarray) -> np.ndarray:
    """The falling sequence nearest to the readings by least squares, from 1 at the first."""
    from scipy.optimize import isotonic_regression

    return np.minimum(np.asarray(isotonic_regression(levels, increasing=False).x), 1.0)


def guyot(curve: PrintedCurve) -> Cases:
    """Cases behind a curve by Guyot's algorithm, fed with the level of every day."""
    levels = daily_levels(curve)
    days = np.arange(curve.end + 1)
    printed = [(day, left) for day, left in curve.rows if 0 < day <= curve.end]
    starts = [0, *(day for day, _ in printed)]
    risks = [curve.n, *(left for _, left in printed)]
    return Run(levels, days, starts, risks, curve.events).cases()


class Run:
    """One run: levels by day, first day and printed number at risk of each interval, printed total of events."""

    def __init__(self, levels: np.ndarray, days: np.ndarray, starts: list[int], risks: list[int], total: int | None):
        self.levels, self.days, self.total = levels, days, total
        self.starts, self.risks = starts, list(risks)
        self.ends = [*(start - 1 for start in starts[1:]), int(days[-1])]
        self.events, self.censored = (np.zeros(days.size, int) for _ in range(2))
        self.left = np.zeros(days.size + 1, int)
        self.left[0] = risks[0]
        self.level = np.ones(days.size)
        self.last_event = [0] * (len(starts) + 1)
        self.lost = [0] * len(starts)

    def cases(self) -> Cases:
        """Go through the intervals; the last has no printed end and takes the rate of censoring of those before."""
        for place in range(len(self.starts) - 1):
            self._between_rows(place)
        self._last_interval()
        return Cases(self.days, self.events, self.censored, self.left[:-1].copy())

    def _between_rows(self, place: int) -> None:
        first, following = self.starts[place], self.starts[place + 1]
        survived = self.levels[following] / self.levels[first] if self.levels[first] > 0 else 0.0
        self.lost[place] = round(self.risks[place] * survived - self.risks[place + 1])
        for _ in range(ROUNDS):
            self.lost[place] = max(self.lost[place], 0)
            self._spread(place)
            self._events(place)
            over = self.left[following] - self.risks[place + 1]
            if over == 0 or (over < 0 and self.lost[place] <= 0):
                break
            self.lost[place] += over
        self.risks[place + 1] = min(self.risks[place + 1], int(self.left[following]))

    def _last_interval(self) -> None:
        place = len(self.starts) - 1
        first, end = self.starts[place], self.ends[place]
        if place:
            rate = sum(self.lost[:place]) / max(first, 1)
            self.lost[place] = min(round(rate * (end - first)), self.risks[place])
        self._spread(place)
        self._events(place)
        if self.total is None:
            return
        before = int(self.events[:first].sum())
        if before >= self.total:
            self.events[first:] = 0
            return
        for _ in range(ROUNDS):
            over = int(self.events.sum()) - self.total
            if over == 0 or (over < 0 and self.lost[place] <= 0):
                break
            self.lost[place] = max(self.lost[place] + over, 0)
            self._spread(place)
            self._events(place)

    def _spread(self, place: int) -> None:
        """Censorings evenly over an interval."""
        first, end, lost = self.starts[place], self.ends[place], max(self.lost[place], 0)
        self.censored[first : end + 1] = 0
        times = first + np.arange(1, lost + 1) * (end + 1 - first) / (lost + 1)
        np.add.at(self.censored, np.clip(times.astype(int), first, end), 1)

    def _events(self, place: int) -> None:
        """Events of each day that bring the product-limit level nearest to the one read."""
        last = self.last_event[place]
        for day in range(self.starts[place], self.ends[place] + 1):
            left = max(int(self.left[day]), 0)
            held = self.level[last]
            events = round(left * (1 - self.levels[day] / held)) if day and held > 0 else 0
            self.events[day] = events = min(max(events, 0), left)
            self.level[day] = held * (1 - events / left) if left else held
            self.censored[day] = min(self.censored[day], left - events)
            self.left[day + 1] = left - events - self.censored[day]
            if events:
                last = day
        self.last_event[place + 1] = last


def reread(curve: PrintedCurve, cases: Cases, times: int = REREADINGS) -> list[Cases]:
    """The reconstructed curve read again with an error, uniform within the reading error, and reconstructed."""
    random = np.random.default_rng(SEED)
    happened = np.flatnonzero(cases.events)
    true = np.cumprod(1 - cases.events[happened] / cases.at_risk[happened])
    drawn = replace(curve, days=tuple(int(day) for day in cases.days[happened]))
    found = []
    for _ in range(times):
        levels = true + random.uniform(-curve.error, curve.error, true.size)
        found.append(guyot(replace(drawn, levels=tuple(float(level) for level in levels))))
    return found
