"""Evaluation of conditions on the evidence (definition algebra, section 3.1, primitives 9 to 18)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from caseseries.model import condition as model
from caseseries.model.predicate import Point
from caseseries.response import operators, truth
from caseseries.response.series import Counts, coded
from caseseries.response.view import View
from caseseries.response.visits import Visits, visits_of, visits_of_share

NO_CAUSE, NO_COUNT, OPEN, VALUE, ANCHOR, VISIT, SPAN, DAYS, WEEKS = range(9)
"""Why a condition is UNKNOWN: no admitted count; a qualifying count not followed long enough; a value, the baseline or
bleeding is unknown; the event that anchors it is not recorded; no count near the day; the span is not covered; the
days of an exposure are not known; weeks in which nobody planned a visit have no count."""


@dataclass
class Verdict:
    """Truth of a condition for every episode, the cause where it is UNKNOWN, and the rows that decide it.

    `ended` is the truth if what only the end of follow-up leaves open counts as not met. `rows` are row codes, shape
    (episodes, any number), -1 for none.
    """

    truth: np.ndarray
    ended: np.ndarray
    cause: np.ndarray
    rows: np.ndarray


def evaluate(condition: model.Condition, view: View) -> Verdict:
    """Verdict of a condition on every episode."""
    match condition:
        case model.And():
            return join([evaluate(part, view) for part in condition.and_], weakest=True)
        case model.Or():
            return join([evaluate(part, view) for part in condition.or_], weakest=False)
        case model.Negation():
            inner = evaluate(condition.not_, view)
            return Verdict(truth.negate(inner.truth), truth.negate(inner.ended), inner.cause, inner.rows)
    if view.trace:  # rows of many episodes would take much memory
        return OPERATORS[type(condition)](condition, view)
    key = ("verdict", asked_by(condition, view), view.definition.week_origin, view.definition.cut_resolves_unknown)
    if key not in view.memo:
        view.memo[key] = OPERATORS[type(condition)](condition, view)
    return view.memo[key]


def asked_by(condition: model.Condition, view: View) -> tuple[str, str]:
    """What an operator asks, as a key: without its criterion where the truth of that is assumed of every count."""
    name = model.key_of(condition)
    of_counts = view.assumed is not None and model.criterion_of(condition) is not None
    return type(condition).__name__, condition.model_dump_json(by_alias=True, exclude={name} if of_counts else None)


def join(parts: list[Verdict], weakest: bool) -> Verdict:
    """Kleene's AND (weakest) or OR of verdicts; cause and rows are those of the parts that have the joint value."""
    combine = truth.both if weakest else truth.either
    value = reduce(combine, [part.truth for part in parts])
    ended = reduce(combine, [part.ended for part in parts])
    cause = np.zeros(len(value), np.int8)
    for part in reversed(parts):
        cause = np.where(part.truth == value, part.cause, cause)
    rows = [np.where((part.truth == value)[:, None], part.rows, -1) for part in parts]
    return Verdict(value, ended, cause, np.concatenate(rows, axis=1))


def settle(
    value: np.ndarray,
    cause: np.ndarray,
    rows: np.ndarray,
    present: np.ndarray,
    view: View,
    ended: np.ndarray | None = None,
) -> Verdict:
    """The verdict of an operator, with the rule for episodes without an admitted count: UNKNOWN, or FALSE where a
    cut explains it. `ended` defaults to `value`.
    """
    ended = np.where(present, value if ended is None else ended, truth.FALSE)
    value = np.where(present, value, np.where(view.cut_short, truth.FALSE, truth.UNKNOWN))
    cause = np.where(value == truth.UNKNOWN, np.where(present, cause, NO_COUNT), NO_CAUSE)
    return Verdict(value, ended, cause.astype(np.int8), rows)


def rows_of(view: View, counts: Counts, *positions: np.ndarray) -> np.ndarray:
    """Row codes of counts at positions, one column each; no columns if the view keeps no trace."""
    if not view.trace:
        return np.empty((view.evidence.size, 0), np.int64)
    return np.stack([counts.rows_at(position) for position in positions], axis=1)


def highest(view: View, counts: Counts) -> np.ndarray:
    """Position of the first of the highest counts of each episode, -1 without counts."""
    if not len(counts) or not view.trace:
        return np.full(view.evidence.size, -1, np.int64)
    top = np.full(counts.size, -np.inf)
    top[counts.holders] = np.maximum.reduceat(counts.lo, counts.starts)
    return counts.first_where(counts.lo == top[counts.episode])


def _some(condition: model.Some, view: View) -> Verdict:
    counts, undated = view.admitted.counts, view.admitted.undated
    r = view.point(condition.some, counts)
    value = counts.greatest(r, truth.FALSE)
    present = counts.present
    rows = np.empty((view.evidence.size, 0), np.int64)
    if view.trace:
        deciding = counts.first_where(r == value[counts.episode])
        deciding = np.where(value == truth.FALSE, highest(view, counts), deciding)
        rows = rows_of(view, counts, deciding)
    if len(undated):
        q = view.point(condition.some, undated)
        loose = undated.greatest(q, truth.FALSE)
        if view.trace:
            at = undated.first_where(q == loose[undated.episode])
            better = undated.present & ((loose > value) | ~present)
            rows = np.where(better[:, None], rows_of(view, undated, at), rows)
        value, present = truth.either(value, loose), present | undated.present
    return settle(value, np.full(len(value), VALUE), rows, present, view)


def _confirm(condition: model.Confirm, view: View) -> Verdict:
    counts = view.admitted.counts
    r, found = view.confirmed(condition.confirm, condition.gap, condition.between, condition.onset_in)
    met, doubtful = found.onset >= 0, found.doubtful >= 0
    still_open = (found.open >= 0) & ~view.closed
    onset = found.onset
    if view.definition.choices.open_at_end == "accept":
        met = met | (found.open_onset >= 0)
        onset = np.where(onset >= 0, onset, found.open_onset)
    value = truth.from_bounds(met, ~(met | doubtful | still_open))
    ended = truth.from_bounds(met, ~(met | doubtful))
    unsure = np.zeros(len(value), bool)
    unsure[still_open] = r[found.open[still_open]] == truth.UNKNOWN
    cause = np.where(doubtful | unsure, VALUE, OPEN)
    if not view.trace:
        return settle(value, cause, rows_of(view, counts), counts.present, view, ended)
    confirming = operators.confirming(r == truth.TRUE, counts, found.onset, condition.gap)
    first = np.where(met, onset, np.where(doubtful, found.doubtful, np.where(still_open, found.open, -1)))
    first = np.where(value == truth.FALSE, highest(view, counts), first)
    return settle(value, cause, rows_of(view, counts, first, confirming), counts.present, view, ended)


def _at_position(r: np.ndarray, counts: Counts, position: np.ndarray, cause: np.ndarray | int, view: View) -> Verdict:
    """Verdict of an operator that looks at one count; UNKNOWN for a cause where there is no such count."""
    value = np.full(view.evidence.size, truth.UNKNOWN)
    value[position >= 0] = r[position[position >= 0]]
    cause = np.where(position >= 0, VALUE, cause)
    return settle(value, cause, rows_of(view, counts, position), counts.present, view)


def _at(condition: model.At, view: View) -> Verdict:
    counts = view.admitted.all_counts
    r = view.point(condition.at, counts)
    slots = operators.nearest(counts, condition.day, 2 * condition.tol + 1, 1, condition.tol)
    return _at_position(r, counts, slots.positions()[:, 0], VISIT, view)


def _last_before(condition: model.LastBefore, view: View) -> Verdict:
    counts = view.admitted.counts
    r = view.point(condition.last_before, counts)
    events = view.evidence.events.of([condition.event])
    day = events.first_day(view.evidence.size)
    position = operators.last_before(counts, day, condition.within)
    return _at_position(r, counts, position, np.where(np.isnan(day), ANCHOR, VISIT), view)


def _from_grid(found: Visits, view: View, rule: Callable[[np.ndarray], np.ndarray]) -> Verdict:
    """The verdict of a rule on visits: as they are read, and as they are read once the end of follow-up decides."""
    counts = view.admitted.counts
    value, ended = rule(found.read), rule(found.ended)
    rows = np.empty((view.evidence.size, 0), np.int64)
    if view.trace:
        wanted = np.where(value == truth.UNKNOWN, truth.UNKNOWN, truth.TRUE)
        rows = np.where(found.seen == wanted[:, None], counts.rows_at(found.slots.positions()), -1)
        best = np.where((rows < 0).all(axis=1), counts.rows_at(highest(view, counts)), -1)
        rows = np.concatenate([rows, best[:, None]], axis=1)
    return settle(value, np.where(found.unseen, WEEKS, VALUE), rows, counts.present, view, ended)


def _k_of(condition: model.KOf, view: View) -> Verdict:
    if condition.min_obs is not None:  # given with `missing: ignore`, and only there
        return _share(condition, condition.k_of, (condition.k, len(condition.visits)), condition.min_obs, view)
    found = visits_of(condition, condition.k_of, view)
    return _from_grid(found, view, lambda visits: operators.at_least_of(visits, condition.k))


def _frac_of(condition: model.FracOf, view: View) -> Verdict:
    x, y = condition.ge
    return _share(condition, condition.frac_of, (x, y), condition.min_obs, view)


def _share(grid: model.KOf | model.FracOf, point: Point, share: tuple[int, int], least: int, view: View) -> Verdict:
    found = visits_of_share(grid, point, view, least)
    return _from_grid(found, view, lambda visits: operators.share_of(visits, share, least, view.planned))


def _consec(condition: model.Consec | model.ConsecDays, view: View) -> Verdict:
    found = visits_of(condition, condition.consec, view)
    return _from_grid(found, view, lambda visits: operators.neighbours(visits, condition.n))


def _sustain(condition: model.Sustain, view: View) -> Verdict:
    counts = view.admitted.all_counts
    start = view.evidence.events.of([condition.start]).first_day(view.evidence.size)
    found = operators.sustain(view.point(condition.sustain, counts), counts, start, condition.days, condition.max_gap)
    cause = np.where(np.isnan(start), ANCHOR, np.where(found.covered, VALUE, SPAN))
    deciding = np.where(found.truth == truth.FALSE, found.failing, found.closing)
    return settle(found.truth, cause, rows_of(view, counts, deciding), counts.present, view)


def _none(condition: model.NoneOf, view: View) -> Verdict:
    size = view.evidence.size
    events = view.evidence.events.of(condition.none)
    anchor = None
    if condition.after is not None:
        anchor = view.evidence.events.of([condition.after]).first_day(size)
        begin = anchor[events.episode]
        inside = (events.day >= begin) & (events.day <= begin + condition.days)
    else:
        first, last = condition.window or (None, None)
        inside = np.ones(len(events.day), bool)
        inside &= True if first is None else events.day >= first
        inside &= True if last is None else events.day <= last
    row = events.where(inside).first_row(size)
    value = truth.from_bool(row < 0)
    if anchor is not None:
        value = np.where(np.isnan(anchor), truth.UNKNOWN, value)
    cause = np.where(value == truth.UNKNOWN, ANCHOR, NO_CAUSE)
    return Verdict(value, value, cause.astype(np.int8), column(row, view))


def column(rows: np.ndarray, view: View) -> np.ndarray:
    """One row code an episode as a column; no column if the view keeps no trace."""
    return rows[:, None] if view.trace else rows[:, None][:, :0]


def _exposed(condition: model.Exposed, view: View) -> Verdict:
    size, spells = view.evidence.size, view.evidence.exposures
    chosen = np.flatnonzero(spells.value == condition.exposed)
    episode, first, last = spells.episode[chosen], spells.first[chosen], spells.last[chosen]
    dated = ~(np.isnan(first) | np.isnan(last))
    vague = np.zeros(size, bool)
    vague[episode[~dated]] = True
    days = covered_days(size, episode[dated], first[dated], last[dated])
    value = truth.from_bounds(days >= condition.min_days, (days < condition.min_days) & ~vague)
    rows = np.full(size, -1, np.int64)
    rows[episode[::-1]] = coded(spells.row[chosen][::-1], "exposures")
    cause = np.where(value == truth.UNKNOWN, DAYS, NO_CAUSE)
    return Verdict(value, value, cause.astype(np.int8), column(rows, view))


def covered_days(size: int, episode: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Number of different days from day 0 on that spells (sorted by episode and first day) cover; by episode."""
    first, keep = np.maximum(first, 0.0), last >= 0
    episode, first, last = episode[keep], first[keep], last[keep]
    shift = episode * 1e7
    reached = np.maximum.accumulate(last + shift) if len(last) else last
    before = np.append(-np.inf, reached[:-1]) - shift
    fresh = np.maximum(last - np.maximum(first, before + 1) + 1, 0.0)
    return np.bincount(episode, weights=fresh, minlength=size)


OPERATORS: dict[type, Callable[[Any, View], Verdict]] = {
    model.Some: _some,
    model.Confirm: _confirm,
    model.At: _at,
    model.KOf: _k_of,
    model.FracOf: _frac_of,
    model.Consec: _consec,
    model.ConsecDays: _consec,
    model.Sustain: _sustain,
    model.LastBefore: _last_before,
    model.NoneOf: _none,
    model.Exposed: _exposed,
}
