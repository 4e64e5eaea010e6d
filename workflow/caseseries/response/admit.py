"""Admission: which counts a definition looks at (definition algebra, primitives 1 to 4), and the baseline rules."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from caseseries.model.definition import Definition, Drop, PerDay, Window
from caseseries.response.series import Counts, Evidence, Values, expand, within_days

TRANSFUSION_DAYS = 7
"""A baseline count so many days after a transfusion shows the transfusion (algebra, section Baseline)."""


@dataclass(frozen=True)
class Admitted:
    """The counts that a definition sees.

    `counts` serve response; `all_counts` hold those after delivery too, for `at`, `sustain` and the loss clocks;
    `undated` serve `some` alone. `cut` says in which episodes follow-up was cut; `memo` keeps
    what has been evaluated on these counts.
    """

    counts: Counts
    all_counts: Counts
    undated: Counts
    cut: np.ndarray
    memo: dict = field(default_factory=dict, compare=False, repr=False)


MEMO_COUNTS = 20_000_000
"""Counts that are kept for further definitions with the same admission; more would take too much memory."""


def admit(evidence: Evidence, definition: Definition) -> Admitted:
    """Counts that a definition admits; shared by the definitions that admit the same."""
    rule = definition.model_dump_json(
        include={"cut_at": True, "admit": {"__all__": {"window", "drop", "per_day"}}, "choices": {"after_delivery"}}
    )
    kept = evidence.memo.setdefault("admitted", {})
    if rule not in kept:
        if (len(kept) + 1) * len(evidence.counts) > MEMO_COUNTS:
            kept.clear()
        kept[rule] = apply_admission(evidence, definition)
    return kept[rule]


def apply_admission(evidence: Evidence, definition: Definition) -> Admitted:
    """Apply `cut_at`, the admission steps in their order, and the rule for counts after delivery."""
    counts, cut = evidence.counts, np.zeros(evidence.size, bool)
    keep = None
    if definition.cut_at:
        day = cut_day(evidence, definition)
        cut = ~np.isnan(day)
        keep = kept_by_cut(counts, day)
    for step in definition.admit:
        match step:
            case Window():
                keep = combine(keep, kept_by_window(counts, step))
            case Drop():
                dropped = dropped_after(counts, evidence, step.drop.after, step.drop.days)
                keep = np.ones(len(counts), bool) if keep is None else keep
                keep[dropped] = False
            case PerDay():
                counts = one_a_day(counts, step.per_day, keep)
                keep = None
    counts = counts if keep is None else counts.take(keep)
    bounded = any(isinstance(step, Window) and step.window[1] is not None for step in definition.admit)
    undated = evidence.undated
    if bounded:
        undated = undated.take(np.zeros(len(undated), bool))
    before = counts
    if definition.choices.after_delivery == "exclude":
        before = counts.take(kept_by_delivery(counts, evidence))
    return Admitted(before, counts, undated, cut)


def combine(keep: np.ndarray | None, mask: np.ndarray) -> np.ndarray:
    """Both masks; None keeps everything."""
    return mask if keep is None else keep & mask


def kept_by_window(counts: Counts, step: Window) -> np.ndarray:
    """Counts on the days of a window, both ends included."""
    first, last = step.window
    keep = counts.day >= first if first is not None else np.ones(len(counts), bool)
    return keep & (counts.day <= last) if last is not None else keep


def dropped_after(counts: Counts, evidence: Evidence, kind: str, days: int) -> np.ndarray:
    """Positions of the counts from the day d of an event to d + days, but for those drawn before it on day d."""
    events = evidence.events.of([kind])
    event, hit = within_days(counts, events.episode, events.day, events.day + days)
    if counts.pre_event is not None:
        hit = hit[~(counts.pre_event[hit] & (counts.day[hit] == events.day[event]))]
    return hit


def cut_day(evidence: Evidence, definition: Definition) -> np.ndarray:
    """Day of the first event on or after day 0 that ends follow-up (float), NaN without one."""
    events = evidence.events.of(definition.cut_at)
    return events.where(events.day >= 0).first_day(evidence.size)


def kept_by_cut(counts: Counts, day: np.ndarray) -> np.ndarray:
    """Counts before the day of the cut, and those on it that were drawn before the event."""
    limit = counts.spread(day)
    keep = ~(counts.day >= limit)
    if counts.pre_event is not None:
        keep |= (counts.day == limit) & counts.pre_event
    return keep


def kept_by_delivery(counts: Counts, evidence: Evidence) -> np.ndarray:
    """Counts up to the day of the first delivery."""
    events = evidence.events.of(["delivery"])
    if not len(events.episode):
        return np.ones(len(counts), bool)
    return ~(counts.day > counts.spread(events.first_day(evidence.size)))


def one_a_day(counts: Counts, which: str, keep: np.ndarray | None = None) -> Counts:
    """One count for each episode and day, of those where `keep` holds: the lowest, the highest, or the first or last
    of the file.

    The lowest of several intervals lies between their smallest lo and their smallest hi. Its lower end is open if
    every interval that begins there is open there, its upper end if any that ends there is open there.
    """
    if keep is not None and counts.pre_event is not None:
        # A count drawn before an event may be kept where others of its day are not.
        return one_a_day(counts.take(keep), which)
    starts = np.flatnonzero(counts.new_day if keep is None else counts.new_day & keep)
    more = np.append(~counts.new_day[1:], False)[starts] if len(starts) < len(counts) else np.zeros(len(starts), bool)
    shared = np.flatnonzero(more)
    if not len(shared):
        return counts.take(starts) if len(starts) < len(counts) else counts
    sizes = days_from(counts, starts[shared])
    if which == "last":
        starts[shared] += sizes - 1
    kept = counts.take(starts)
    if which in ("first", "last"):
        return kept
    for name, values in merged(counts, starts[shared], sizes, lowest=which == "min").items():
        getattr(kept, name)[shared] = values  # the columns that were taken are this function's own
    return kept


def days_from(counts: Counts, starts: np.ndarray) -> np.ndarray:
    """Number of counts of the days that begin at some positions, all of days with several counts."""
    further = np.flatnonzero(~counts.new_day)
    leading = np.flatnonzero(counts.new_day[further - 1])  # the second count of each such day
    numbers = np.diff(np.append(leading, len(further))) + 1
    return numbers[np.searchsorted(further[leading], starts)]


def merged(counts: Counts, starts: np.ndarray, sizes: np.ndarray, lowest: bool) -> dict[str, np.ndarray]:
    """Columns of the lowest (highest) count of each group of neighbouring counts, as far as the counts have them."""
    group, index = expand(starts, starts + sizes)
    at = np.cumsum(sizes) - sizes
    pick = np.minimum if lowest else np.maximum
    lo = counts.lo[index]
    best_lo = pick.reduceat(lo, at)
    columns, hi = {"lo": best_lo}, lo
    if counts.hi is not counts.lo:
        hi = counts.hi[index]
        columns["hi"] = pick.reduceat(hi, at)
    if counts.lo_open is not None:
        columns["lo_open"] = opened(counts.lo_open[index], lo == best_lo[group], at, every=lowest)
    if counts.hi_open is not None:
        ends = hi == columns.get("hi", best_lo)[group]
        columns["hi_open"] = opened(counts.hi_open[index], ends, at, every=not lowest)
    if counts.row is not None:
        columns["row"] = counts.row[index][extreme(lo, hi, best_lo, group, at, lowest)]
    if counts.pre_event is not None:
        columns["pre_event"] = np.logical_and.reduceat(counts.pre_event[index], at)
    return columns


def opened(flags: np.ndarray, ends: np.ndarray, at: np.ndarray, every: bool) -> np.ndarray:
    """Whether `every` interval of a group that ends where the group does is open there, or any is."""
    if every:
        return np.logical_and.reduceat(flags | ~ends, at)
    return np.logical_or.reduceat(flags & ends, at)


def extreme(
    lo: np.ndarray, hi: np.ndarray, best_lo: np.ndarray, group: np.ndarray, at: np.ndarray, lowest: bool
) -> np.ndarray:
    """Place of the lowest (highest) count of each group by lo, then hi; the first of the file among equals."""
    outside = np.inf if lowest else -np.inf
    rest = np.where(lo == best_lo[group], hi, outside)
    best = (np.minimum if lowest else np.maximum).reduceat(rest, at)
    candidates = np.flatnonzero((lo == best_lo[group]) & (rest == best[group]))
    first = np.zeros(len(at), np.int64)
    first[group[candidates[::-1]]] = candidates[::-1]
    return first


def derive_baseline(evidence: Evidence, rule: str) -> Values:
    """Baseline of each episode.

    `last7`: the recorded baseline, else the latest count of days -7 to 0. `mean_screen`, `min14`: mean or lowest
    count of days -14 to 0, else the recorded baseline. Counts within 7 days of a transfusion are left out
    and the lowest of a day is taken. Unknown (NaN) where there is none.
    """
    counts, recorded = evidence.counts, evidence.baseline
    if rule == "last7" and recorded.known.all():
        return recorded
    keep = (counts.day >= (-7 if rule == "last7" else -14)) & (counts.day <= 0)
    keep[dropped_after(counts, evidence, evidence.transfusion, TRANSFUSION_DAYS)] = False
    counts = one_a_day(counts.take(keep), "min")
    if rule == "last7":
        counts = counts.take(counts.ends)
    elif rule == "min14":
        same_day = replace(counts, day=np.zeros(len(counts), counts.day.dtype))
        counts = one_a_day(same_day, "min")
    else:
        counts = mean_count(counts)
    derived = values_of(counts)
    use = ~recorded.known & derived.known if rule == "last7" else derived.known
    return Values(
        *(np.where(use, getattr(derived, name), getattr(recorded, name)) for name in ("lo", "hi", "lo_open", "hi_open"))
    )


def mean_count(counts: Counts) -> Counts:
    """One count for each episode that has any: the mean; an end is open if that of any count is."""
    if not len(counts):
        return counts
    number = np.diff(np.append(counts.starts, len(counts)))
    ends: dict[str, Any] = {}
    for name in ("lo_open", "hi_open"):
        flag = getattr(counts, name)
        ends[name] = None if flag is None else np.logical_or.reduceat(flag, counts.starts)
    first = counts.take(counts.starts)
    lo = np.add.reduceat(counts.lo, counts.starts) / number
    hi = np.add.reduceat(counts.hi, counts.starts) / number
    return replace(first, lo=lo, hi=hi, **ends)


def values_of(counts: Counts) -> Values:
    """The only count of each episode as a quantity of the episode, unknown where it has none."""
    lo, hi = np.full(counts.size, np.nan), np.full(counts.size, np.nan)
    lo_open, hi_open = np.zeros(counts.size, bool), np.zeros(counts.size, bool)
    lo[counts.episode], hi[counts.episode] = counts.lo, counts.hi
    if counts.lo_open is not None:
        lo_open[counts.episode] = counts.lo_open
    if counts.hi_open is not None:
        hi_open[counts.episode] = counts.hi_open
    return Values(lo, hi, lo_open, hi_open)
