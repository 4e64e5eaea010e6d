"""What is printed of a curve, made ready for a search: a level with its error at each step, who is at risk between."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

ROUNDING = 1e-9
"""What arithmetic adds to a level; no printed decimal is as small."""


@dataclass(frozen=True)
class PrintedCurve:
    """One curve of one group, as the share still without the event.

    Parameters
    ----------
    curve, group, outcome : as the file names them.
    n : cases at day 0. events : printed total of events, None where none is printed.
    days : day of each step, rising. levels : share without the event after it, as read. error : how far each reading
        may be from the true level.
    end : last day of follow-up; end_level : the level read there.
    rows : (day, number at risk) under the curve: those whose time is that day or later.
    kind : `survival` or `incidence`, as it was drawn; levels are always shares without the event.
    traced : whether the readings followed the line, so that the steps were found in them.
    day_error : how many days a step may be off; a row within them of a step stands before or after it.
    """

    curve: str
    group: str
    outcome: str
    n: int
    events: int | None
    days: tuple[int, ...]
    levels: tuple[float, ...]
    error: float
    end: int
    end_level: float
    rows: tuple[tuple[int, int], ...] = ()
    kind: str = "survival"
    traced: bool = False
    day_error: int = 0

    @property
    def bands(self) -> list[tuple[float, float]]:
        """Lowest and highest level after each step that the readings allow; the last is read twice."""
        slack = self.error + ROUNDING
        found = [(level - slack, level + slack) for level in self.levels]
        if found:
            low, high = found[-1]
            found[-1] = max(low, self.end_level - slack), min(high, self.end_level + slack)
        return [(max(0.0, low), min(1.0, high)) for low, high in found]

    @property
    def gaps(self) -> list[Gap]:
        """What the rows say between one step and the next: before the first step, after each, and after the last."""
        if not self.days:
            return [Gap(max((left for _, left in self.rows), default=0), self.n, None)]
        left, at_risk = [0] * (len(self.days) + 1), [self.n] * (len(self.days) + 1)
        exact: list[int | None] = [None] * (len(self.days) + 1)
        for day, row in self.rows:
            after = bisect_left(self.days, day)  # the gap that ends with the first step on that day or later
            near = self.step_near(day)
            if near is None or not self.day_error:
                left[after], at_risk[after] = max(left[after], row), min(at_risk[after], row)
                exact[after] = row if near is not None else exact[after]
            else:
                left[near], at_risk[near + 1] = max(left[near], row), min(at_risk[near + 1], row)
        if self.end > self.days[-1] and not self.ends_at_zero:
            left[-1] = max(1, left[-1])
        return [Gap(*one) for one in zip(left, at_risk, exact, strict=True)]

    @property
    def ends_at_zero(self) -> bool:
        """Whether the line ends so low that nobody can be left: one in n is the lowest level above 0. Where it is drawn
        on along the axis, it does not tell of further follow-up.
        """
        return bool(self.days) and self.bands[-1][1] < 1 / self.n

    def step_near(self, day: int) -> int | None:
        """The step within the error of days of a day; None where there is none."""
        near = [place for place, step in enumerate(self.days) if abs(step - day) <= self.day_error]
        return min(near, key=lambda place: abs(self.days[place] - day)) if near else None


@dataclass(frozen=True)
class Gap:
    """The rows between two steps.

    left : fewest who are left after the earlier step. at_risk : most who are at risk at the later step.
    exact : how many are at risk at the later step, where a row stands on its day.
    """

    left: int
    at_risk: int
    exact: int | None
