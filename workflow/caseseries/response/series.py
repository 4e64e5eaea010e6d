"""What is known of the episodes of a cohort, as flat arrays: counts, baselines, bleeding, events and exposures.

Counts stand sorted by episode, day and row in the file, whatever the order in which they arrive; episodes are numbered
from 0 in the order of the episodes table. Nothing here loops over episodes or counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

ROW_TABLES = ("counts", "events", "exposures")
"""Tables whose rows can decide a class."""
TABLE_SPAN = 1 << 40


def coded(rows: np.ndarray, table: str) -> np.ndarray:
    """Row codes of rows of a table (int64): they sort by table, then row."""
    return rows.astype(np.int64) + ROW_TABLES.index(table) * TABLE_SPAN


@dataclass(frozen=True)
class Counts:
    """Counts of `size` episodes, sorted by (episode, day, row).

    A value is the interval [lo, hi]; `lo_open`, `hi_open` mark ends that the value cannot equal (None: no end is
    open), `pre_event` counts drawn before an event of the same day (None: none is flagged). `hi is lo` where every
    count is exact. `row` is the row in the file (None: nobody asks for the rows that decide). `dated` is False for
    counts without a day, whose `day` means nothing.
    """

    size: int
    episode: np.ndarray
    day: np.ndarray
    lo: np.ndarray
    hi: np.ndarray
    row: np.ndarray | None
    lo_open: np.ndarray | None = None
    hi_open: np.ndarray | None = None
    pre_event: np.ndarray | None = None
    dated: bool = True

    def __len__(self) -> int:
        return len(self.episode)

    def take(self, index: np.ndarray) -> Counts:
        """The counts at some positions, or where a mask holds, in their order."""
        if index.dtype == bool:
            if index.all():
                return self
            index = np.flatnonzero(index)
        lo = self.lo.take(index)
        return replace(
            self,
            episode=self.episode.take(index),
            day=self.day.take(index),
            lo=lo,
            hi=lo if self.hi is self.lo else self.hi.take(index),
            row=None if self.row is None else self.row.take(index),
            lo_open=None if self.lo_open is None else self.lo_open.take(index),
            hi_open=None if self.hi_open is None else self.hi_open.take(index),
            pre_event=None if self.pre_event is None else self.pre_event.take(index),
        )

    @cached_property
    def first(self) -> np.ndarray:
        """True at the first count of each episode."""
        first = np.empty(len(self), bool)
        first[:1] = True
        np.not_equal(self.episode[1:], self.episode[:-1], out=first[1:])
        return first

    @cached_property
    def starts(self) -> np.ndarray:
        """Position of the first count of every episode that has counts."""
        return np.flatnonzero(self.first)

    @cached_property
    def ends(self) -> np.ndarray:
        """Position of the last count of every episode that has counts."""
        return np.append(self.starts[1:], len(self))[: len(self.starts)] - 1

    @cached_property
    def holders(self) -> np.ndarray:
        """Episodes that have counts, in order."""
        return self.episode[self.starts]

    def of_episodes(self, episode: np.ndarray) -> np.ndarray:
        """Positions of all counts of some episodes."""
        wanted = np.zeros(self.size, bool)
        wanted[episode] = True
        chosen = wanted[self.holders]
        return expand(self.starts[chosen], self.ends[chosen] + 1)[1]

    @cached_property
    def new_day(self) -> np.ndarray:
        """True at the first count of each episode and day."""
        new = self.first.copy()
        new[1:] |= self.day[1:] != self.day[:-1]
        return new

    @cached_property
    def day_starts(self) -> np.ndarray:
        """Position of the first count of every episode and day."""
        return np.flatnonzero(self.new_day)

    @cached_property
    def lengths(self) -> np.ndarray:
        """Number of counts of every episode that has counts."""
        return self.ends - self.starts + 1

    def spread(self, values: np.ndarray) -> np.ndarray:
        """For each count the value of its episode (values by episode)."""
        return np.repeat(values[self.holders], self.lengths)

    @cached_property
    def present(self) -> np.ndarray:
        """For each of the `size` episodes whether it has counts."""
        present = np.zeros(self.size, bool)
        present[self.holders] = True
        return present

    @cached_property
    def key(self) -> np.ndarray:
        """Sort key that joins episode and day."""
        return join_key(self.episode, self.day)

    @cached_property
    def vague(self) -> np.ndarray:
        """Positions of the counts that are not exact."""
        return np.flatnonzero(self.lo != self.hi) if self.hi is not self.lo else np.empty(0, np.int64)

    def tail(self, gap: int) -> np.ndarray:
        """Positions of the counts less than `gap` days before the last count of their episode."""
        if gap not in self.tails:
            last = np.repeat(self.day[self.ends] - gap, self.lengths)
            self.tails[gap] = np.flatnonzero(self.day > last)
        return self.tails[gap]

    @cached_property
    def tails(self) -> dict[int, np.ndarray]:
        """What `tail` has found, by gap."""
        return {}

    def first_where(self, condition: np.ndarray) -> np.ndarray:
        """For each episode the position of its first count where the condition holds, -1 for none (int64)."""
        found = np.flatnonzero(condition)
        owner = self.episode[found]
        result = np.full(self.size, -1, np.int64)
        leading = np.ones(len(found), bool)
        leading[1:] = owner[1:] != owner[:-1]
        result[owner[leading]] = found[leading]
        return result

    def last_where(self, condition: np.ndarray) -> np.ndarray:
        """For each episode the position of its last count where the condition holds, -1 for none (int64)."""
        found = np.flatnonzero(condition)
        result = np.full(self.size, -1, np.int64)
        owner = self.episode[found]
        trailing = np.ones(len(found), bool)
        trailing[:-1] = owner[1:] != owner[:-1]
        result[owner[trailing]] = found[trailing]
        return result

    def greatest(self, values: np.ndarray, empty: np.int8) -> np.ndarray:
        """For each episode the greatest of its counts' values; `empty` without counts."""
        result = np.full(self.size, empty, values.dtype)
        if len(self):
            result[self.holders] = np.maximum.reduceat(values, self.starts)
        return result

    def days_at(self, position: np.ndarray) -> np.ndarray:
        """Days (float) of the counts at positions, NaN where the position is -1."""
        if not len(self):
            return np.full(len(position), np.nan)
        return np.where(position >= 0, self.day[position], np.nan)

    def rows_at(self, position: np.ndarray) -> np.ndarray:
        """Row codes of the counts at positions, -1 where the position is -1; any shape."""
        if self.row is None or not len(self):
            return np.full(np.shape(position), -1, np.int64)
        return np.where(position >= 0, coded(self.row[position], "counts"), -1)


def join_key(episode: np.ndarray, day: np.ndarray) -> np.ndarray:
    """One int64 that sorts by episode, then day."""
    key = episode.astype(np.int64)
    key <<= 32
    key += day if day.dtype.kind == "i" else day.astype(np.int64)
    key += 1 << 31
    return key


def expand(start: np.ndarray, stop: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number of the range, and element, for every element of the ranges [start, stop)."""
    length = np.maximum(stop - start, 0)
    owner = np.repeat(np.arange(len(start)), length)
    begins = np.cumsum(length) - length
    return owner, np.arange(len(owner)) - begins[owner] + start[owner]


def within_days(counts: Counts, episode: np.ndarray, first: np.ndarray, last: np.ndarray) -> tuple:
    """Pairs (interval, position of count) of every count that lies in an interval of days of its episode."""
    if not len(counts) or not len(episode):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    start = np.searchsorted(counts.key, join_key(episode, first), side="left")
    stop = np.searchsorted(counts.key, join_key(episode, last), side="right")
    return expand(start, stop)


@dataclass(frozen=True)
class Events:
    """Events sorted by (episode, day)."""

    episode: np.ndarray
    day: np.ndarray
    kind: np.ndarray
    row: np.ndarray

    def of(self, kinds: Sequence[str]) -> Events:
        """The events of some kinds."""
        return self.where(np.isin(self.kind, list(kinds)))

    def where(self, keep: np.ndarray) -> Events:
        """The events where a mask holds."""
        return Events(self.episode[keep], self.day[keep], self.kind[keep], self.row[keep])

    def first_day(self, size: int) -> np.ndarray:
        """Day of the first event of each of `size` episodes (float), NaN without one."""
        result = np.full(size, np.nan)
        result[self.episode[::-1]] = self.day[::-1]
        return result

    def first_row(self, size: int) -> np.ndarray:
        """Row code of the first event of each of `size` episodes, -1 without one."""
        result = np.full(size, -1, np.int64)
        result[self.episode[::-1]] = coded(self.row[::-1], "events")
        return result


@dataclass(frozen=True)
class Spells:
    """Days from `first` to `last`, both included: bleeding (value = grade) or exposures (value = drug class)."""

    episode: np.ndarray
    first: np.ndarray
    last: np.ndarray
    value: np.ndarray
    row: np.ndarray


@dataclass(frozen=True)
class Values:
    """One interval-valued quantity for each episode; NaN ends mean that it is unknown."""

    lo: np.ndarray
    hi: np.ndarray
    lo_open: np.ndarray
    hi_open: np.ndarray

    @property
    def known(self) -> np.ndarray:
        """Where there is a value."""
        return ~np.isnan(self.lo)


@dataclass(frozen=True)
class Evidence:
    """All that a definition can look at, for `size` episodes.

    `undated` holds the counts without a day whose time point says that they were taken after the first dose.
    `bleeding_to` is the last day up to which the list of bleeding is complete: inf for the whole course, -inf where
    bleeding was never recorded; `follow_up_end` and `reported_time` are NaN where unknown, `reported` is the class
    that the source gives ("" for none). `planned` says for which episodes visits were planned, so that a missing one
    is a missed one (`visits` of cohort.yaml); `transfusion` names the kind of event that raises the counts from
    outside. `memo` keeps what several definitions share.
    """

    size: int
    counts: Counts
    undated: Counts
    baseline: Values
    bleeding: Spells
    bleeding_to: np.ndarray
    events: Events
    exposures: Spells
    follow_up_end: np.ndarray
    reported: np.ndarray
    reported_time: np.ndarray
    planned: np.ndarray
    transfusion: str = "platelet_transfusion"
    memo: dict = field(default_factory=dict, compare=False, repr=False)

    def without_rows(self) -> Evidence:
        """The same where nobody asks which rows decide: those of the counts take no memory and no time."""
        return replace(self, counts=replace(self.counts, row=None), undated=replace(self.undated, row=None), memo={})

    def take(self, episodes: np.ndarray) -> Evidence:
        """The evidence on some episodes (sorted numbers), renumbered from 0."""
        number = np.full(self.size, -1, np.int64)
        number[episodes] = np.arange(len(episodes))

        def counts(old: Counts) -> Counts:
            kept = old.take(number[old.episode] >= 0)
            return replace(kept, size=len(episodes), episode=number[kept.episode])

        def spells(old: Spells) -> Spells:
            keep = number[old.episode] >= 0
            return Spells(number[old.episode[keep]], old.first[keep], old.last[keep], old.value[keep], old.row[keep])

        events = self.events.where(number[self.events.episode] >= 0)
        base = self.baseline
        return Evidence(
            len(episodes),
            counts(self.counts),
            counts(self.undated),
            Values(base.lo[episodes], base.hi[episodes], base.lo_open[episodes], base.hi_open[episodes]),
            spells(self.bleeding),
            self.bleeding_to[episodes],
            replace(events, episode=number[events.episode]),
            spells(self.exposures),
            self.follow_up_end[episodes],
            self.reported[episodes],
            self.reported_time[episodes],
            self.planned[episodes],
            self.transfusion,
        )


def sort_counts(
    size: int,
    episode: np.ndarray,
    day: np.ndarray,
    lo: np.ndarray,
    hi: np.ndarray,
    row: np.ndarray,
    lo_open: np.ndarray | None = None,
    hi_open: np.ndarray | None = None,
    pre_event: np.ndarray | None = None,
) -> Counts:
    """Counts in their order, from columns in any order; flags that are never set are left out."""
    hi = lo if hi is lo or np.array_equal(lo, hi) else hi
    lo_open, hi_open, pre_event = (
        None if flag is None or not flag.any() else flag for flag in (lo_open, hi_open, pre_event)
    )
    counts = Counts(size, episode, day, lo, hi, row, lo_open, hi_open, pre_event)
    return counts if stands_in_order(counts) else replace(counts.take(np.lexsort((row, counts.key))))


def stands_in_order(counts: Counts) -> bool:
    """Whether counts stand in order of episode, day and row already; it takes less memory than to sort them."""
    assert counts.row is not None
    before, after = slice(None, -1), slice(1, None)
    episode, day, row = counts.episode, counts.day, counts.row
    rising = (day[after] > day[before]) | ((day[after] == day[before]) & (row[after] > row[before]))
    rising &= episode[after] == episode[before]
    rising |= episode[after] > episode[before]
    return bool(rising.all())


def sort_events(episode: np.ndarray, day: np.ndarray, kind: np.ndarray, row: np.ndarray) -> Events:
    """Events in their order, from columns in any order."""
    order = np.lexsort((row, day, episode))
    return Events(episode[order], day[order], kind[order], row[order])


def sort_spells(episode: np.ndarray, first: np.ndarray, last: np.ndarray, value: np.ndarray, row: np.ndarray) -> Spells:
    """Spells in order of episode and first day, from columns in any order."""
    order = np.lexsort((row, first, episode))
    return Spells(episode[order], first[order], last[order], value[order], row[order])
