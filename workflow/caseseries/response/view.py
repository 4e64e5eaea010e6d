"""A definition's view of the evidence: what it admits, and how it reads what is not known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from caseseries.model.condition import Schedule
from caseseries.model.definition import Definition
from caseseries.model.predicate import Point, written
from caseseries.response import operators, truth
from caseseries.response.admit import Admitted, admit, derive_baseline
from caseseries.response.predicates import evaluate_point
from caseseries.response.series import Counts, Evidence, Values


@dataclass
class View:
    """A definition's view of the evidence: admitted counts, baseline, and how unknowns at the end are read.

    Where `assumed` is given, every predicate has that truth on every count, whatever its value.
    """

    evidence: Evidence
    definition: Definition
    trace: bool = True
    assumed: np.int8 | None = None

    @cached_property
    def admitted(self) -> Admitted:
        """The counts that the definition looks at."""
        return admit(self.evidence, self.definition)

    @cached_property
    def baseline(self) -> Values:
        """Baseline of each episode under the definition's rule."""
        rule = self.definition.choices.baseline
        kept = self.evidence.memo.setdefault("baseline", {})
        if rule not in kept:
            kept[rule] = derive_baseline(self.evidence, rule)
        return kept[rule]

    @cached_property
    def outside(self) -> np.ndarray:
        """Episodes whose baseline is known not to be what the definition was made for (its `entry`): it judges none of
        them. An unknown baseline puts nobody outside.
        """
        entry = self.definition.entry
        if entry is None:
            return np.zeros(self.evidence.size, bool)
        return self.at_baseline(entry.baseline) == truth.FALSE

    def at_baseline(self, point: Point) -> np.ndarray:
        """Truth of a predicate on each baseline as if it were a count of day 0; UNKNOWN without one."""
        base = self.baseline
        known = np.flatnonzero(base.known)
        none = np.zeros(len(known), np.int64)
        lo, hi, lo_open, hi_open = (values[known] for values in (base.lo, base.hi, base.lo_open, base.hi_open))
        counts = Counts(base.lo.size, known, none, lo, hi, none, lo_open, hi_open)
        result = np.full(self.evidence.size, truth.UNKNOWN)
        result[known] = self._point(point, counts, {})
        return result

    @cached_property
    def cut_short(self) -> np.ndarray:
        """Episodes in which a cut ended follow-up, and what it left open counts as not met."""
        return self.admitted.cut if self.definition.cut_resolves_unknown else np.zeros(self.evidence.size, bool)

    @cached_property
    def closed(self) -> np.ndarray:
        """Episodes in which a count that follow-up ended too early to confirm counts as not met.

        The choice `open_at_end: failure` says so of every episode. It is no word on those without any count: of them
        nothing is known.
        """
        if self.definition.choices.open_at_end == "failure":
            return np.ones(self.evidence.size, bool)
        return self.cut_short

    @cached_property
    def planned(self) -> np.ndarray:
        """Episodes in which a visit without a count was missed, and counts as not met."""
        if self.definition.choices.visits == "cohort":
            return self.evidence.planned
        return np.full(self.evidence.size, self.definition.choices.visits == "planned")

    @cached_property
    def last_day(self) -> np.ndarray:
        """Day of the last admitted count of each episode; -inf without one."""
        last = np.full(self.evidence.size, -np.inf)
        counts = self.admitted.counts
        last[counts.holders] = counts.day[counts.ends]
        return last

    @cached_property
    def left_out(self) -> Counts:
        """A count of each day whose counts the cut and the admission steps left out, every one of them."""
        memo = self.admitted.memo
        if "left_out" not in memo:
            memo["left_out"] = days_without(self.evidence.counts, self.admitted.all_counts)
        return memo["left_out"]

    def on_grid(self, grid: Schedule, counts: Counts) -> operators.Slots:
        """Which of the admitted counts, or of those left out, serve the visits of a grid; remembered."""
        shape = (grid.first_day(self.definition.week_origin), grid.pace, len(grid.visits), grid.tolerance)
        key = ("slots", id(counts), *shape)
        if key not in self.admitted.memo:
            self.admitted.memo[key] = operators.nearest(counts, *shape)
        return self.admitted.memo[key]

    def point(self, point: Point, counts: Counts) -> np.ndarray:
        """Truth of a predicate on each of some counts; remembered for the admitted ones."""
        if self.assumed is not None:
            return np.full(len(counts), self.assumed)
        memo = self.memo if counts is self.admitted.counts or counts is self.admitted.all_counts else {}
        return self._point(point, counts, memo)

    def _point(self, point: Point, counts: Counts, memo: dict) -> np.ndarray:
        key = (id(counts), written(point))
        if key not in memo:
            memo[key] = evaluate_point(
                point,
                counts,
                self.evidence,
                self.baseline,
                self.definition.choices,
                lambda part: self._point(part, counts, memo),
            )
        return memo[key]

    @cached_property
    def memo(self) -> dict:
        """What has been evaluated on the admitted counts under the same choices, and if need be the same assumption."""
        return self.admitted.memo.setdefault((self.definition.choices.model_dump_json(), self.assumed), {})

    def confirmed(
        self, point: Point, gap: int, between: str, onset_in: list[int] | None
    ) -> tuple[np.ndarray, operators.Confirmed]:
        """Truth of a predicate on the admitted counts, and what `confirm` finds of it; remembered."""
        counts = self.admitted.counts
        r = self.point(point, counts)
        asked = written(point) if self.assumed is None else ""
        key = ("confirm", asked, gap, between, tuple(onset_in or ()))
        if key not in self.memo:
            self.memo[key] = operators.confirm(r, counts, gap, between, onset_in)
        return r, self.memo[key]


def days_without(counts: Counts, kept: Counts) -> Counts:
    """The first count of each day of which none is among those kept. Both stand in their order."""
    days = counts.take(counts.day_starts)
    if len(kept.day_starts) == len(days):
        return days.take(np.empty(0, np.int64))
    if not len(kept):
        return days
    place = np.minimum(np.searchsorted(kept.key, days.key), len(kept) - 1)
    return days.take(kept.key[place] != days.key)
