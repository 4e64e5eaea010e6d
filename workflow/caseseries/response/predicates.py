"""Point predicates on columns of counts (definition algebra, primitives 5 to 8)."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import numpy as np

from caseseries.model import predicate as model
from caseseries.model.definition import Choices
from caseseries.response import truth
from caseseries.response.series import Counts, Evidence, Values, expand, join_key, within_days


def evaluate_point(  # noqa: PLR0911 - one case each predicate
    point: model.Point,
    counts: Counts,
    evidence: Evidence,
    baseline: Values,
    choices: Choices,
    part: Callable[[model.Point], np.ndarray],
) -> np.ndarray:
    """Truth of a predicate on every count (int8).

    Parameters
    ----------
    point : a predicate without names (names are resolved when a definition file is read).
    counts : the counts, of the episodes of `evidence`.
    baseline : baseline of each episode under the definition's rule.
    part : evaluates a predicate inside this one on the same counts.
    """
    match point:
        case model.Ge():
            return at_least(counts, point.ge)
        case model.Lt():
            return truth.negate(at_least(counts, point.lt))
        case model.Gt():
            return above(counts, point.gt)
        case model.Le():
            return truth.negate(above(counts, point.le))
        case model.In():
            return truth.both(at_least(counts, point.in_[0]), truth.negate(above(counts, point.in_[1])))
        case model.FoldGe() | model.DeltaGe():
            return at_least_limit(counts, limit(baseline, point, choices))
        case model.FoldLe() | model.DeltaLe():
            return at_most_limit(counts, limit(baseline, point, choices))
        case model.BleedLe():
            return bleeding_at_most(counts, evidence, point, choices)
        case model.AllOf():
            return reduce(truth.both, map(part, point.all))
        case model.AnyOf():
            return reduce(truth.either, map(part, point.any))
        case model.Not():
            return truth.negate(part(point.not_))
    raise TypeError(f"not a point predicate: {point!r}")


def at_least(counts: Counts, threshold: float) -> np.ndarray:
    """`ge`: TRUE if lo >= x; FALSE if hi < x, or hi = x and hi is open; else UNKNOWN."""
    result = truth.from_bool(counts.lo >= threshold)
    vague = counts.vague
    if len(vague):
        hi = counts.hi[vague]
        never = (hi < threshold) | ((hi == threshold) & flag_at(counts.hi_open, vague))
        result[vague] = truth.from_bounds(counts.lo[vague] >= threshold, never)
    return result


def above(counts: Counts, threshold: float) -> np.ndarray:
    """`gt`: TRUE if lo > x, or lo = x and lo is open; FALSE if hi <= x; else UNKNOWN."""
    result = truth.from_bool(counts.lo > threshold)
    vague = counts.vague
    if len(vague):
        lo = counts.lo[vague]
        surely = (lo > threshold) | ((lo == threshold) & flag_at(counts.lo_open, vague))
        result[vague] = truth.from_bounds(surely, counts.hi[vague] <= threshold)
    return result


def flag_at(flag: np.ndarray | None, index: np.ndarray) -> np.ndarray:
    """Values of an optional flag column at positions; False where the column is left out."""
    return np.zeros(len(index), bool) if flag is None else flag[index]


DECIMALS = 9
"""Decimals of a limit that is computed from the baseline; counts are written with fewer."""


def limit(
    baseline: Values, point: model.FoldGe | model.DeltaGe | model.FoldLe | model.DeltaLe, choices: Choices
) -> Values:
    """The count of each episode that a predicate compares with: a multiple of the baseline, or a rise over it. Rounded,
    so that 29.7 is three times 9.9: the product of the two as the machine holds them is not.
    """
    match point:
        case model.FoldGe(fold_ge=fold) | model.FoldLe(fold_le=fold):
            rise = 0.0
        case model.DeltaGe(delta_ge=rise) | model.DeltaLe(delta_le=rise):
            fold = 1.0
    low, high = (np.round(fold * end + rise, DECIMALS) for end in (baseline.lo, baseline.hi))
    if choices.zero_baseline == "unknown" and rise == 0:
        zero = baseline.hi == 0
        low, high = np.where(zero, np.nan, low), np.where(zero, np.nan, high)
    return Values(low, high, baseline.lo_open, baseline.hi_open)


def at_least_limit(counts: Counts, limits: Values) -> np.ndarray:
    """`fold_ge`, `delta_ge`: TRUE if lo >= the limit's high; FALSE if hi < its low, or hi = low and either end is open;
    else UNKNOWN, also where the limit is unknown.
    """
    result = truth.from_bool(counts.lo >= counts.spread(limits.hi))
    index = in_doubt(counts, limits)
    if len(index):
        owner, hi = counts.episode[index], counts.hi[index]
        low = limits.lo[owner]
        never = (hi < low) | ((hi == low) & (flag_at(counts.hi_open, index) | limits.lo_open[owner]))
        result[index] = truth.from_bounds(counts.lo[index] >= limits.hi[owner], never)
    return result


def at_most_limit(counts: Counts, limits: Values) -> np.ndarray:
    """`fold_le`, `delta_le`, the mirror: TRUE if hi <= the limit's low; FALSE if lo > its high, or lo = high and either
    end is open; else UNKNOWN.
    """
    result = truth.from_bool(counts.hi <= counts.spread(limits.lo))
    index = in_doubt(counts, limits)
    if len(index):
        owner, lo = counts.episode[index], counts.lo[index]
        high = limits.hi[owner]
        never = (lo > high) | ((lo == high) & (flag_at(counts.lo_open, index) | limits.hi_open[owner]))
        result[index] = truth.from_bounds(counts.hi[index] <= limits.lo[owner], never)
    return result


def in_doubt(counts: Counts, limits: Values) -> np.ndarray:
    """Positions of the counts that are a bound, or whose limit is one or is unknown."""
    blurred = ~(limits.lo == limits.hi)
    mask = counts.spread(blurred) if blurred.any() else np.zeros(len(counts), bool)
    mask[counts.vague] = True
    return np.flatnonzero(mask)


def bleeding_at_most(counts: Counts, evidence: Evidence, point: model.BleedLe, choices: Choices) -> np.ndarray:
    """`bleed_le`: FALSE where a listed spell of a higher grade holds the count's day, UNKNOWN where bleeding
    was not recorded up to that day, else TRUE. A count without a day is UNKNOWN where any spell has a higher grade.
    """
    spells = evidence.bleeding
    worse = np.flatnonzero(spells.value > point.bleed_le)
    if choices.bleeding_unknown == "none" or np.isposinf(evidence.bleeding_to).all():
        result = np.full(len(counts), truth.TRUE)
    else:
        result = bleeding_recorded(counts, evidence).view(np.int8)
    if not len(worse):
        return result
    if not counts.dated:
        bled = np.zeros(counts.size, bool)
        bled[spells.episode[worse]] = True
        result[bled[counts.episode]] = truth.UNKNOWN
        return result
    if point.look_back == "since_previous":
        result[bled_since_previous(counts, evidence, worse)] = truth.FALSE
    else:
        _, hit = within_days(counts, spells.episode[worse], spells.first[worse], spells.last[worse])
        result[hit] = truth.FALSE
    return result


def bleeding_recorded(counts: Counts, evidence: Evidence) -> np.ndarray:
    """For each count whether bleeding was recorded up to its day; the day of an undated one may be any."""
    recorded_to = counts.spread(evidence.bleeding_to)
    return counts.day <= recorded_to if counts.dated else np.isposinf(recorded_to)


def bled_since_previous(counts: Counts, evidence: Evidence, worse: np.ndarray) -> np.ndarray:
    """Positions of the counts with a spell on their own day or since the day after the previous count (for the first
    count: since day 1). A spell touches the counts from its first day to the first one on or after its last day.
    """
    spells = evidence.bleeding
    owner, first, last = spells.episode[worse], spells.first[worse], spells.last[worse]
    key, end = counts.key, join_key(owner, last)
    start = np.searchsorted(key, join_key(owner, first), side="left")
    stop = np.maximum(np.searchsorted(key, end, side="right"), np.searchsorted(key, end, side="left") + 1)
    spell, hit = expand(start, np.minimum(stop, len(counts)))
    before_first = counts.first[hit] & (last[spell] < np.minimum(counts.day[hit], 1))
    return hit[(counts.episode[hit] == owner[spell]) & ~before_first]
