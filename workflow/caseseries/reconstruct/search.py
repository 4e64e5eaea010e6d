"""All histories that fit a printed curve: events and numbers at risk in whole people, by a pruned search.

A history has at each step the number at risk and the number of events. It fits if the product-limit level after every
step lies within the reading error, the numbers at risk agree with the printed rows, and the events add up to the
printed total. A backward pass over (step, people left, events to come) first keeps the lowest and the highest level
from which the rest can still fit: the search never enters a state outside, and the pass alone bounds the total.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from caseseries.reconstruct.curve import PrintedCurve

Step = tuple[int, int]
"""Number at risk and events of one step."""
History = tuple[Step, ...]

LISTED = 1000
"""Histories that are listed; where more fit, a sample of as many."""
COUNTED = 20_000
"""Histories that are searched for before a sample stands for them."""
VISITS = 1_500_000
"""States that one search may enter; it takes some ten seconds at most."""
LARGEST = 150
"""Largest number of people that is searched: the backward pass has as many states as steps times its square."""
SEED = 20120201
"""Of the sample; the same curve has the same sample in every run."""

NOTHING = (math.inf, -math.inf)
TINY = 1e-12
"""What arithmetic adds to a level on its way through the steps."""


@dataclass(frozen=True)
class Found:
    """What fits a curve.

    Parameters
    ----------
    histories : every one that was found, or a sample where not all were; the one nearest to the readings first.
    exhausted : whether every history that fits was visited.
    counted : how many were visited; a lower bound of their number unless `exhausted`.
    events : lowest and highest total of events that the backward pass allows; None where nothing fits.
    """

    histories: tuple[History, ...]
    exhausted: bool
    counted: int
    events: tuple[int, int] | None

    @property
    def complete(self) -> bool:
        """Whether every history that fits is listed."""
        return self.exhausted and self.counted <= LISTED

    @property
    def listed(self) -> tuple[History, ...]:
        """All histories, or `LISTED` of them from the nearest to the readings to the farthest."""
        if len(self.histories) <= LISTED:
            return self.histories
        return tuple(self.histories[round(place)] for place in np.linspace(0, len(self.histories) - 1, LISTED))


def search(curve: PrintedCurve, progress: Callable[[int], None] | None = None) -> Found:
    """Find every history that fits, or a seeded sample where more than `COUNTED` do.

    Parameters
    ----------
    curve : with n up to `LARGEST`.
    progress : told now and then how many histories were found.

    Raises
    ------
    ValueError : n beyond `LARGEST`.
    """
    if curve.n > LARGEST:
        raise ValueError(f"n: must not exceed {LARGEST}")
    states = States(curve)
    totals = states.totals()
    if not totals:
        return Found((), True, 0, None)
    bounds = totals[0], totals[-1]
    found, visits = [], Visits(VISITS)
    try:
        for history in states.histories(totals, visits):
            found.append(history)
            if progress and not len(found) % LISTED:
                progress(len(found))
            if len(found) > COUNTED:
                break
        exhausted = len(found) <= COUNTED
    except OutOfVisits:
        exhausted = False
    counted = len(found)
    if not exhausted:
        found = states.sample(totals, LISTED, Visits(VISITS)) or found
    found = sorted(dict.fromkeys(found), key=lambda history: (misfit(curve, history), history))
    return Found(tuple(found), exhausted, counted, bounds)


class OutOfVisits(Exception):
    """The search has entered as many states as it may."""


@dataclass
class Visits:
    """How many states may still be entered."""

    left: int

    def __call__(self) -> None:
        """Enter one; `OutOfVisits` where none is left."""
        self.left -= 1
        if self.left < 0:
            raise OutOfVisits


class States:
    """The backward pass over a curve, and the searches that it prunes.

    `low[i][m, e]` and `high[i][m, e]` are the ends of the levels before step i from which the rest can fit with m
    people left after the step before and e events to come.
    """

    def __init__(self, curve: PrintedCurve):
        self.curve = curve
        self.bands = curve.bands
        self.gaps = curve.gaps
        self.total = curve.n if curve.events is None else curve.events
        steps = len(self.bands)
        shape = (curve.n + 1, self.total + 1)
        self.low = [np.full(shape, math.inf) for _ in range(steps + 1)]
        self.high = [np.full(shape, -math.inf) for _ in range(steps + 1)]
        last = max(self.gaps[-1].left, 0)
        self.low[steps][last:, 0], self.high[steps][last:, 0] = 0.0, 1.0
        for step in range(steps - 1, -1, -1):
            self._pass(step)
        self.lowest = [table.tolist() for table in self.low]  # single cells of a list are read faster
        self.highest = [table.tolist() for table in self.high]

    def _pass(self, step: int) -> None:
        """Ends of the levels before a step, from those after it."""
        n = self.curve.n
        low, high = np.full_like(self.low[0], math.inf), np.full_like(self.low[0], -math.inf)
        floor, top = self.bands[step]
        before = self.bands[step - 1] if step else (1.0, 1.0)
        ahead_low, ahead_high = self.low[step + 1], self.high[step + 1]
        gap = self.gaps[step]
        people = np.arange(n + 1)
        within = (people <= gap.at_risk) if gap.exact is None else (people == gap.exact)
        for events in range(1, n + 1):
            if events > self.total:
                break
            share = 1 - events / np.maximum(people[events:], 1)
            fits = within[events:] & (share * before[1] >= floor - TINY) & (share * before[0] <= top + TINY)
            if not fits.any():
                continue
            rows = np.flatnonzero(fits)
            after_low = np.maximum(ahead_low[rows, : self.total + 1 - events], floor)
            after_high = np.minimum(ahead_high[rows, : self.total + 1 - events], top)
            share = share[rows][:, None]
            with np.errstate(divide="ignore", invalid="ignore"):
                ends = np.where(share > 0, after_low / share, 0.0), np.where(share > 0, after_high / share, 1.0)
            gone = (after_low > after_high) | ((share <= 0) & (after_low > 0))
            at = rows + events
            low[at, events:] = np.minimum(low[at, events:], np.where(gone, math.inf, np.maximum(ends[0], before[0])))
            high[at, events:] = np.maximum(high[at, events:], np.where(gone, -math.inf, np.minimum(ends[1], before[1])))
        empty = low > high + TINY
        low[empty], high[empty] = NOTHING
        self.low[step] = np.minimum.accumulate(low, axis=0)
        self.high[step] = np.maximum.accumulate(high, axis=0)
        self.low[step][: gap.left], self.high[step][: gap.left] = NOTHING

    def open(self, step: int, left: int, level: float, to_come: int) -> bool:
        """Whether the rest may fit from a level before a step."""
        return bool(self.low[step][left, to_come] - TINY <= level <= self.high[step][left, to_come] + TINY)

    def totals(self) -> list[int]:
        """Totals of events that the backward pass does not rule out."""
        wanted = range(self.total + 1) if self.curve.events is None else [self.total]
        return [total for total in wanted if self.open(0, self.curve.n, 1.0, total)]

    def choices(self, step: int, left: int, level: float, to_come: int) -> list[tuple[int, int, float]]:
        """(at risk, events, level after) of a step from which the rest may fit."""
        gap = self.gaps[step]
        floor, top = self.bands[step]
        most = min(left, gap.at_risk)
        risks = range(1, most + 1) if gap.exact is None else range(gap.exact, min(gap.exact, most) + 1)
        if level <= TINY:
            return []
        low, high = self.lowest[step + 1], self.highest[step + 1]
        fewest, most_events = 1 - (top + TINY) / level, 1 - (floor - TINY) / level
        found = []
        for risk in risks:
            first = max(1, math.ceil(risk * fewest - TINY))
            last = min(risk, to_come, math.floor(risk * most_events + TINY))
            for events in range(first, last + 1):
                after = level * (1 - events / risk)
                left, rest = risk - events, to_come - events
                if low[left][rest] - TINY <= after <= high[left][rest] + TINY and floor - TINY <= after <= top + TINY:
                    found.append((risk, events, after))
        return found

    def histories(self, totals: list[int], visits: Visits) -> Iterator[History]:
        """Every history, total by total, depth first."""
        for total in totals:
            yield from self._deeper(0, self.curve.n, 1.0, total, (), visits)

    def _deeper(
        self, step: int, left: int, level: float, to_come: int, path: History, visits: Visits
    ) -> Iterator[History]:
        visits()
        if step == len(self.bands):
            yield path
            return
        for risk, events, after in self.choices(step, left, level, to_come):
            yield from self._deeper(step + 1, risk - events, after, to_come - events, (*path, (risk, events)), visits)

    def sample(self, totals: list[int], size: int, visits: Visits) -> list[History]:
        """Histories found by going down at random, each total in turn; the same for the same curve."""
        random = np.random.default_rng(SEED)
        found: dict[History, None] = {}
        try:
            for turn in range(3 * size):
                path = self._at_random(totals[turn % len(totals)], random, visits)
                if path is not None:
                    found[path] = None
                if len(found) >= size:
                    break
        except OutOfVisits:
            pass
        return list(found)

    def _at_random(self, total: int, random: np.random.Generator, visits: Visits) -> History | None:
        """One history with a total, the choices at each step taken in a random order; None where the way is long."""
        tries = Visits(50 * len(self.bands) + 50)

        def deeper(step: int, left: int, level: float, to_come: int) -> list[Step] | None:
            visits()
            tries()
            if step == len(self.bands):
                return []
            choices = self.choices(step, left, level, to_come)
            for place in random.permutation(len(choices)):
                risk, events, after = choices[place]
                rest = deeper(step + 1, risk - events, after, to_come - events)
                if rest is not None:
                    return [(risk, events), *rest]
            return None

        try:
            path = deeper(0, self.curve.n, 1.0, total)
        except OutOfVisits:
            if visits.left < 0:
                raise
            return None
        return None if path is None else tuple(path)


def levels_of(history: History) -> np.ndarray:
    """Share without the event after each step."""
    return np.cumprod([1 - events / risk for risk, events in history])


def misfit(curve: PrintedCurve, history: History) -> float:
    """Sum of squared distances of the levels from the readings."""
    return float(np.sum((levels_of(history) - np.array(curve.levels)) ** 2))
