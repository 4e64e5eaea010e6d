"""Sequence operators on the admitted counts (definition algebra, primitives 9 to 16 and 21).

Each takes the truth `r` of a predicate on every count and gives one value an episode. Operators find whole stretches,
days and visits by sorting keys and segment reductions; nothing loops over episodes or counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caseseries.response import truth
from caseseries.response.series import Counts, join_key

MISSING = np.int8(-2)
"""A visit of the grid without a count."""


@dataclass(frozen=True)
class Confirmed:
    """What `confirm` finds in each of the episodes; positions are -1 where there is none.

    onset : first count of the earliest TRUE pair.
    doubtful : first count of an eligible pair that is not FALSE.
    open : a count that could still be confirmed when follow-up ends; `open_onset` the first of these that qualifies
        together with everything after it.
    """

    onset: np.ndarray
    doubtful: np.ndarray
    open: np.ndarray
    open_onset: np.ndarray


def confirm(r: np.ndarray, counts: Counts, gap: int, between: str, onset_in: list[int] | None) -> Confirmed:
    """Pairs of qualifying counts at least `gap` days apart, the first of them on a day of `onset_in`."""
    onsets = onset_in_run if between == "all" else onset_at_large
    onset = onsets(r == truth.TRUE, counts, gap, onset_in)
    doubtful = onset
    unknown = np.flatnonzero(r == truth.UNKNOWN)
    if len(unknown):
        # Only episodes with an UNKNOWN count can have a pair that is neither TRUE nor FALSE.
        part = counts.of_episodes(counts.episode[unknown])
        found = onsets(r[part] != truth.FALSE, counts.take(part), gap, onset_in)
        doubtful = np.where(found >= 0, part[found], onset)
    return Confirmed(onset, doubtful, *open_counts(r, counts, gap, between, onset_in))


def open_counts(
    r: np.ndarray, counts: Counts, gap: int, between: str, onset_in: list[int] | None
) -> tuple[np.ndarray, np.ndarray]:
    """Last open count of each episode, and the first that qualifies with all after it (`between` any: by itself).

    Only counts less than `gap` days before the last one can be open, and so can everything after them: the rest of
    the series need not be looked at.
    """
    tail = counts.tail(gap)
    owner, value = counts.episode[tail], r[tail]
    eligible = np.ones(len(tail), bool)
    if onset_in is not None:
        eligible = (counts.day[tail] >= onset_in[0]) & (counts.day[tail] <= onset_in[1])
    possible, qualifies = value != truth.FALSE, value == truth.TRUE
    if between == "all":
        possible, qualifies = (closing(flag, owner, counts.size) for flag in (possible, qualifies))
    last = np.flatnonzero(eligible & possible)
    open_at = np.full(counts.size, -1, np.int64)
    open_at[owner[last]] = tail[last]  # of several the last is kept
    first = np.flatnonzero(eligible & qualifies)[::-1]
    open_onset = np.full(counts.size, -1, np.int64)
    open_onset[owner[first]] = tail[first]
    return open_at, open_onset


def closing(flag: np.ndarray, owner: np.ndarray, size: int) -> np.ndarray:
    """Where the flag holds for an element and for every later one of its owner; elements are sorted by owner."""
    last_off = np.full(size, -1, np.int64)
    off = np.flatnonzero(~flag)
    last_off[owner[off]] = off
    return np.arange(len(flag)) > last_off[owner]


def onset_in_run(flag: np.ndarray, counts: Counts, gap: int, onset_in: list[int] | None) -> np.ndarray:
    """First position of the earliest pair of flagged counts with nothing but flagged counts between, by episode."""
    if not flag.any():
        return np.full(counts.size, -1, np.int64)
    edge = counts.first.copy()
    edge[1:] |= flag[1:] != flag[:-1]
    edges = np.flatnonzero(edge)
    runs = flag[edges]
    first = edges[runs]
    last = np.append(edges[1:], len(flag))[: len(edges)][runs] - 1
    if onset_in is not None:
        early = counts.day[first] < onset_in[0]
        if early.any():
            wanted = join_key(counts.episode[first[early]], np.full(int(early.sum()), onset_in[0]))
            first[early] = np.searchsorted(counts.key, wanted, side="left")
        inside = first <= last
        first, last = first[inside], last[inside]
        inside = counts.day[first] <= onset_in[1]
        first, last = first[inside], last[inside]
    first = first[(counts.day[last] - counts.day[first] >= gap) & (last > first)]
    return earliest(counts, first)


def onset_at_large(flag: np.ndarray, counts: Counts, gap: int, onset_in: list[int] | None) -> np.ndarray:
    """First position of the earliest pair of flagged counts, whatever lies between, by episode."""
    opening = flag
    if onset_in is not None:
        opening = flag & (counts.day >= onset_in[0]) & (counts.day <= onset_in[1])
    first, last = counts.first_where(opening), counts.last_where(flag)
    found = np.flatnonzero(first >= 0)
    first, last = first[found], last[found]
    return earliest(counts, first[(counts.day[last] - counts.day[first] >= gap) & (last > first)])


def earliest(counts: Counts, position: np.ndarray) -> np.ndarray:
    """The first of some rising positions for each episode, -1 without one."""
    result = np.full(counts.size, -1, np.int64)
    result[counts.episode[position[::-1]]] = position[::-1]
    return result


def confirming(flag: np.ndarray, counts: Counts, onset: np.ndarray, gap: int) -> np.ndarray:
    """Position of the earliest flagged count that confirms the onset of each episode, -1 without an onset.

    Steps forward from every onset at once; a confirming count exists wherever `confirm` found an onset.
    """
    second = onset.copy()
    waiting = np.flatnonzero(onset >= 0)
    wanted = counts.day[onset[waiting]] + gap
    while len(waiting):
        second[waiting] += 1
        here = second[waiting]
        short = (counts.day[here] < wanted) | ~flag[here]
        waiting, wanted = waiting[short], wanted[short]
    return second


@dataclass(frozen=True)
class Slots:
    """Which count serves which visit: `slot` is the place in the flattened (episodes, visits) grid, `position` that of
    the count.
    """

    shape: tuple[int, int]
    slot: np.ndarray
    position: np.ndarray

    def spread(self, values: np.ndarray, missing: np.int8 | bool) -> np.ndarray:
        """Values of the counts (by position) on the grid, `missing` where a visit has no count."""
        grid = np.full(self.shape, missing, values.dtype)
        grid.reshape(-1)[self.slot] = values[self.position]
        return grid

    def positions(self) -> np.ndarray:
        """Position of the count of every visit, -1 without one."""
        grid = np.full(self.shape, -1, np.int64)
        grid.reshape(-1)[self.slot] = self.position
        return grid


def nearest(counts: Counts, first_day: int, step: int, visits: int, tol: int) -> Slots:
    """The count that serves each visit of each episode: the nearest within `tol` days, the earlier of two equally near
    ones. Visit v lies on day `first_day + v * step`.
    """
    found = np.flatnonzero((counts.day >= first_day - tol) & (counts.day <= first_day + (visits - 1) * step + tol))
    shifted = counts.day[found] - first_day
    visit = (shifted + tol) // step
    distance = np.abs(shifted - visit * step)
    near = distance <= tol
    if not near.all():
        found, visit, distance = found[near], visit[near], distance[near]
    slot = counts.episode[found].astype(np.int64) * visits + visit
    new = np.ones(len(found), bool)
    new[1:] = slot[1:] != slot[:-1]
    if not new.all():
        starts = np.flatnonzero(new)
        best = np.minimum.reduceat(distance, starts)
        chosen = np.flatnonzero(distance == np.repeat(best, np.diff(np.append(starts, len(found)))))
        leading = np.ones(len(chosen), bool)
        leading[1:] = slot[chosen[1:]] != slot[chosen[:-1]]
        chosen = chosen[leading]
        found, slot = found[chosen], slot[chosen]
    return Slots((counts.size, visits), slot, found)


def at_least_of(visits: np.ndarray, k: int) -> np.ndarray:
    """`k_of`: TRUE if k visits are TRUE, FALSE if no more than k can be, else UNKNOWN."""
    met = np.count_nonzero(visits == truth.TRUE, axis=1)
    unknown = np.count_nonzero(visits == truth.UNKNOWN, axis=1)
    return truth.from_bounds(met >= k, met + unknown < k)


def share_of(visits: np.ndarray, share: tuple[int, int], min_obs: int, planned: np.ndarray) -> np.ndarray:
    """`frac_of`: the visits with a count must be `min_obs` or more, and at least x of y of them TRUE. Fewer visits are
    FALSE for an episode whose visits were planned, else UNKNOWN.
    """
    x, y = share
    seen = np.count_nonzero(visits != MISSING, axis=1)
    met = np.count_nonzero(visits == truth.TRUE, axis=1)
    unknown = np.count_nonzero(visits == truth.UNKNOWN, axis=1)
    value = truth.from_bounds(met * y >= x * seen, (met + unknown) * y < x * seen)
    return np.where(seen >= min_obs, value, np.where(planned, truth.FALSE, truth.UNKNOWN))


def consecutive_days(
    flag: np.ndarray, counts: Counts, n: int, onset_in: list[int] | None
) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the first and the last count of the earliest n consecutive days that are all flagged, by episode; -1
    without any. Of several counts on one day the first of the file stands for it.
    """
    daily = counts.day_starts
    episode, day, run = counts.episode[daily], counts.day[daily], flag[daily].copy()
    for shift in range(1, n):
        follows = (episode[shift:] == episode[:-shift]) & (day[shift:] == day[:-shift] + shift) & flag[daily][shift:]
        run[: len(follows)] &= follows
        run[len(follows) :] = False
    if onset_in is not None:
        run &= (day >= onset_in[0]) & (day <= onset_in[1])
    found = np.flatnonzero(run)[::-1]
    first, last = np.full(counts.size, -1, np.int64), np.full(counts.size, -1, np.int64)
    first[episode[found]], last[episode[found]] = daily[found], daily[found + n - 1]
    return first, last


def neighbours(visits: np.ndarray, n: int) -> np.ndarray:
    """`consec`: OR over n neighbouring visits of the AND of their values."""
    length = visits.shape[1] - n + 1
    runs = visits[:, :length]
    for shift in range(1, n):
        runs = np.minimum(runs, visits[:, shift : shift + length])
    return runs.max(axis=1)


@dataclass(frozen=True)
class Sustained:
    """What `sustain` finds: its truth, the position of a failing count, of the closing count, and whether the span is
    covered (a closing count is there, qualifies, and no hole is too long).
    """

    truth: np.ndarray
    failing: np.ndarray
    closing: np.ndarray
    covered: np.ndarray


def sustain(r: np.ndarray, counts: Counts, start: np.ndarray, days: int, max_gap: int) -> Sustained:
    """Every count from `start` (day by episode, NaN where unknown) for `days` days, with no hole over `max_gap`."""
    begin = counts.spread(start)
    end = begin + days
    after = counts.day >= begin
    span = after & (counts.day <= end)
    failing = counts.first_where(span & (r == truth.FALSE))
    closing_at = counts.first_where(counts.day >= end)
    previous = begin.copy()
    previous[1:] = np.where(after[:-1] & ~counts.first[1:], counts.day[:-1], begin[1:])
    until_close = after & (np.arange(len(counts)) <= counts.spread(closing_at))
    holes = counts.first_where(until_close & (counts.day - previous > max_gap))
    good = np.zeros(counts.size, bool)
    good[closing_at >= 0] = r[closing_at[closing_at >= 0]] == truth.TRUE
    covered = (closing_at >= 0) & good & (holes < 0)
    doubtful = counts.first_where(span & (r == truth.UNKNOWN)) >= 0
    value = truth.from_bounds(covered & ~doubtful & (failing < 0), failing >= 0)
    return Sustained(value, failing, closing_at, covered)


def last_before(counts: Counts, day: np.ndarray, within: int) -> np.ndarray:
    """Position of the last count on days `day - within` to `day` (by episode, NaN where unknown), -1 for none."""
    limit = counts.spread(day)
    return counts.last_where((counts.day <= limit) & (counts.day >= limit - within))
