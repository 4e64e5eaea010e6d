"""Sequence operators on the admitted counts (definition algebra, primitives 9 to 16 and 21).

Each takes the truth `r` of a predicate on every count and gives one value an episode. Operators find whole stretches,
days and visits by sorting keys and segment reductions; nothing loops over episodes or counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caseseries.model.condition import Grid
from caseseries.response import truth
from caseseries.response.series import Counts, join_key

MISSING = np.int8(-2)
"""A visit of the grid without a count."""


@dataclass(frozen=True)
class Confirmed:
    """What `confirm` finds in each of the episodes; positions are -1 where there is none.

    onset, confirming : first and second count of the earliest TRUE pair.
    doubtful : first count of an eligible pair that is UNKNOWN.
    open : a count that could still be confirmed when follow-up ends; `open_onset` the first of these that qualifies
        together with everything after it.
    """

    onset: np.ndarray
    confirming: np.ndarray
    doubtful: np.ndarray
    open: np.ndarray
    open_onset: np.ndarray


def confirm(r: np.ndarray, counts: Counts, gap: int, between: str, onset_in: list[int] | None) -> Confirmed:
    """Pairs of qualifying counts at least `gap` days apart, the first of them on a day of `onset_in`."""
    pairs = pairs_in_run if between == "all" else pairs_at_large
    onset, confirming = pairs(r == truth.TRUE, counts, gap, onset_in)
    possible = r != truth.FALSE
    doubtful = onset
    if (r == truth.UNKNOWN).any():
        doubtful, _ = pairs(possible, counts, gap, onset_in)
    eligible = counts.day > (last_days(counts) - gap)[counts.episode]
    if onset_in is not None:
        eligible &= (counts.day >= onset_in[0]) & (counts.day <= onset_in[1])
    open_at = counts.last_where(eligible & (closing(possible, counts) if between == "all" else possible))
    qualifies = r == truth.TRUE
    open_onset = counts.first_where(eligible & (closing(qualifies, counts) if between == "all" else qualifies))
    return Confirmed(onset, confirming, doubtful, open_at, open_onset)


def last_days(counts: Counts) -> np.ndarray:
    """Day of the last count of each episode; meaningless without counts."""
    result = np.zeros(counts.size, counts.day.dtype)
    result[counts.holders] = counts.day[counts.ends]
    return result


def closing(flag: np.ndarray, counts: Counts) -> np.ndarray:
    """Where the flag holds for a count and for every later one of its episode."""
    last_off = np.full(counts.size, -1, np.int64)
    off = np.flatnonzero(~flag)
    last_off[counts.episode[off]] = off
    return np.arange(len(counts)) > last_off[counts.episode]


def pairs_in_run(flag: np.ndarray, counts: Counts, gap: int, onset_in: list[int] | None) -> tuple:
    """First and second position of the earliest pair of flagged counts with nothing but flagged counts between."""
    start = flag.copy()
    start[1:] &= ~flag[:-1] | counts.first[1:]
    end = flag.copy()
    end[:-1] &= ~flag[1:] | counts.first[1:]
    first, last = np.flatnonzero(start), np.flatnonzero(end)
    if onset_in is not None:
        early = counts.day[first] < onset_in[0]
        if early.any():
            wanted = join_key(counts.episode[first[early]], np.full(int(early.sum()), onset_in[0]))
            first[early] = np.searchsorted(counts.key, wanted, side="left")
        inside = first <= last
        first, last = first[inside], last[inside]
        inside = counts.day[first] <= onset_in[1]
        first, last = first[inside], last[inside]
    fits = (counts.day[last] - counts.day[first] >= gap) & (last > first)
    first = first[fits]
    owner = counts.episode[first]
    leading = np.ones(len(first), bool)
    leading[1:] = owner[1:] != owner[:-1]
    first, owner = first[leading], owner[leading]
    second = reach(counts, first, gap)
    return place(counts.size, owner, first), place(counts.size, owner, second)


def reach(counts: Counts, first: np.ndarray, gap: int) -> np.ndarray:
    """Position of the earliest later count at least `gap` days after each of some counts, which must exist."""
    wanted = join_key(counts.episode[first], counts.day[first] + gap)
    return np.maximum(np.searchsorted(counts.key, wanted, side="left"), first + 1)


def place(size: int, owner: np.ndarray, position: np.ndarray) -> np.ndarray:
    """Positions by episode, -1 for the others."""
    result = np.full(size, -1, np.int64)
    result[owner] = position
    return result


def pairs_at_large(flag: np.ndarray, counts: Counts, gap: int, onset_in: list[int] | None) -> tuple:
    """First and second position of the earliest pair of flagged counts, whatever lies between."""
    opening = flag
    if onset_in is not None:
        opening = flag & (counts.day >= onset_in[0]) & (counts.day <= onset_in[1])
    first, last = counts.first_where(opening), counts.last_where(flag)
    owner = np.flatnonzero(first >= 0)
    first, last = first[owner], last[owner]
    fits = (counts.day[last] - counts.day[first] >= gap) & (last > first)
    owner, first = owner[fits], first[fits]
    flagged = np.flatnonzero(flag)
    second = flagged[np.searchsorted(flagged, reach(counts, first, gap))] if len(first) else first
    return place(counts.size, owner, first), place(counts.size, owner, second)


def nearest(counts: Counts, first_day: int, step: int, visits: int, tol: int) -> np.ndarray:
    """Position of the count that serves each visit of each episode: the nearest within `tol` days, the earlier of two
    equally near ones, -1 for none. Shape (episodes, visits); visit v lies on day `first_day + v * step`.
    """
    result = np.full((counts.size, visits), -1, np.int64)
    shifted = counts.day - first_day
    visit = (shifted + tol) // step
    distance = np.abs(shifted - visit * step)
    found = np.flatnonzero((distance <= tol) & (visit >= 0) & (visit < visits))
    if not len(found):
        return result
    group = counts.episode[found].astype(np.int64) * visits + visit[found]
    near = distance[found]
    new = np.ones(len(found), bool)
    new[1:] = group[1:] != group[:-1]
    starts = np.flatnonzero(new)
    best = np.minimum.reduceat(near, starts)
    chosen = np.flatnonzero(near == np.repeat(best, np.diff(np.append(starts, len(found)))))
    leading = np.ones(len(chosen), bool)
    leading[1:] = group[chosen[1:]] != group[chosen[:-1]]
    chosen = chosen[leading]
    result.reshape(-1)[group[chosen]] = found[chosen]
    return result


def on_grid(r: np.ndarray, counts: Counts, grid: Grid, week_origin: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Truth (int8, MISSING without a count) and position of the count of every visit; (episodes, visits) each."""
    position = nearest(counts, grid.first_day(week_origin), 7 * grid.step, len(grid.visits), grid.tolerance)
    if not len(counts):
        return np.full(position.shape, MISSING), position
    return np.where(position >= 0, r[position], MISSING), position


def at_least_of(visits: np.ndarray, k: int) -> np.ndarray:
    """`k_of`: TRUE if k visits are TRUE, FALSE if no more than k can be, else UNKNOWN; a missing visit is FALSE."""
    met = (visits == truth.TRUE).sum(axis=1)
    unknown = (visits == truth.UNKNOWN).sum(axis=1)
    return truth.from_bounds(met >= k, met + unknown < k)


def share_of(visits: np.ndarray, share: tuple[int, int], min_obs: int) -> np.ndarray:
    """`frac_of`: the visits with a count must be `min_obs` or more, and at least x of y of them TRUE."""
    x, y = share
    seen = (visits != MISSING).sum(axis=1)
    met = (visits == truth.TRUE).sum(axis=1)
    unknown = (visits == truth.UNKNOWN).sum(axis=1)
    enough = seen >= min_obs
    return truth.from_bounds(enough & (met * y >= x * seen), ~enough | ((met + unknown) * y < x * seen))


def neighbours(visits: np.ndarray, n: int) -> np.ndarray:
    """`consec`: OR over n neighbouring visits of the AND of their values; a missing visit is FALSE."""
    values = np.where(visits == MISSING, truth.FALSE, visits)
    runs = np.lib.stride_tricks.sliding_window_view(values, n, axis=1)
    return runs.min(axis=2).max(axis=1)


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
    begin = start[counts.episode]
    end = begin + days
    after = counts.day >= begin
    span = after & (counts.day <= end)
    failing = counts.first_where(span & (r == truth.FALSE))
    closing_at = counts.first_where(counts.day >= end)
    previous = begin.copy()
    previous[1:] = np.where(after[:-1] & ~counts.first[1:], counts.day[:-1], begin[1:])
    until_close = after & (np.arange(len(counts)) <= closing_at[counts.episode])
    holes = counts.first_where(until_close & (counts.day - previous > max_gap))
    good = counts.first_where(np.zeros(0, bool)) >= 0 if not len(counts) else r[closing_at] == truth.TRUE
    covered = (closing_at >= 0) & good & (holes < 0)
    doubtful = counts.first_where(span & (r == truth.UNKNOWN)) >= 0
    value = truth.from_bounds(covered & ~doubtful & (failing < 0), failing >= 0)
    return Sustained(value, failing, closing_at, covered)


def last_before(counts: Counts, day: np.ndarray, within: int) -> np.ndarray:
    """Position of the last count on days `day - within` to `day` (by episode, NaN where unknown), -1 for none."""
    limit = day[counts.episode]
    return counts.last_where((counts.day <= limit) & (counts.day >= limit - within))
