"""Doses that counts steer, week by week: which change was due at each dose, and whether it was made.

Where a count or what came before is not known exactly, the state of the course is a set of possible ones; a change
is due only if it is due in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from caseseries.audit.history import Given, History
from caseseries.audit.verdict import DAYS, DEPARTED, KEPT, NOT_EVALUABLE, Row, difference, source_of, verdict_of
from caseseries.model.dosing import Clause, Dosing, Rules, Step
from caseseries.model.dosing import Interval as Spacing
from caseseries.model.needed import needed
from caseseries.model.quantity import Interval, exceeds, reaches
from caseseries.response.day_counts import DayCount

HOLD, RESUME, RAISE, REDUCE, UNCHANGED = "hold", "resume", "raise", "reduce", "unchanged"
DUES = frozenset({HOLD, RESUME, RAISE, REDUCE, UNCHANGED})


class State(NamedTuple):
    """Whether the drug is held, and how many counts running were above the limit of a reduction."""

    held: bool = False
    high: int = 0


FRESH = frozenset({State()})
ANY = frozenset({State(), State(False, 1), State(True)})
"""What may be after a stretch of which nothing is known."""


@dataclass(frozen=True)
class Slot:
    """A day on which a dose was given, withheld, or would have been due (`point` None), and its count."""

    day: int
    point: Given | None
    count: DayCount | None
    after_open: bool

    @property
    def given(self) -> bool:
        """Something was given."""
        return self.point is not None and not self.point.withheld


@dataclass(frozen=True)
class Judged:
    """A slot with the changes that may have been due and the last dose before it, None where unknown."""

    slot: Slot
    dues: frozenset[str]
    before: float | None

    @property
    def alone(self) -> str:
        """The change that was due whatever is unknown; "" where that cannot be told."""
        return next(iter(self.dues)) if len(self.dues) == 1 else ""


def slots_of(history: History, points: list[Given], dosing: Dosing) -> list[Slot]:
    """Every recorded day after the first dose, and the days in between on which the record has none.

    The count of a slot is the last one after the slot before it, up to its own day (or the day before, where the
    profile has counts steer from the next day on).
    """
    spell, slack = dosing.every_days, needed(dosing.choices.interval_tolerance_days).value
    late = 0 if dosing.choices.count_steers.value == "same_day" else 1
    days: list[tuple[int, Given | None, bool]] = []
    for before, after in pairwise(points):
        if not before.open:
            implied = range(before.day + spell, after.day - (spell - slack) + 1, spell)
            days += [(day, None, False) for day in implied]
        days.append((after.day, after, before.open))
    slots, previous = [], points[0].day if points else 0
    for day, point, after_open in days:
        count = history.last_count(previous + 1 - late, day - late)
        slots.append(Slot(day, point, count, after_open))
        previous = day
    return slots


def changes_due(state: State, count: Interval, rules: Rules) -> Iterator[tuple[str, State]]:
    """Every change that may be due in a state on a count, and the state after it."""
    up, _, down, hold, resume = needed(rules.by_count)
    high, over = exceeds(count, down.above), exceeds(count, hold.above)
    low, under = reaches(count, up.below), reaches(count, resume.below)
    if state.held:
        if under is not True:
            yield RESUME, State()
        if under is not False:
            yield HOLD, State(True)
        return
    if over is not False:
        yield HOLD, State(True)
    if over is not True and high is not False:
        if state.high:
            yield REDUCE, State()
        else:
            yield UNCHANGED, State(False, 1)
    if high is not True and low is not False:
        yield UNCHANGED, State()
    if low is not True:
        yield RAISE, State()


def judge_slots(points: list[Given], slots: list[Slot], rules: Rules) -> list[Judged]:
    """Walk the slots in order of days with the set of states in which the course may be."""
    states, dose, judged = FRESH, points[0].dose if points else None, []
    for slot in slots:
        if slot.after_open:
            dues, states, dose = DUES, ANY, None
        elif slot.count is None:
            dues, states = DUES, frozenset(State(state.held) for state in states)
        else:
            changes = {change for state in states for change in changes_due(state, slot.count.value, rules)}
            dues = frozenset(due for due, _ in changes)
            # A resumption that was not made leaves the drug held.
            states = frozenset(State(True) if due == RESUME and not slot.given else after for due, after in changes)
        judged.append(Judged(slot, dues, dose))
        if slot.point is not None and slot.given:
            dose = slot.point.dose
            states = FRESH if slot.after_open else frozenset(State(False, state.high) for state in states)
    return judged


def expected_dose(due: str, before: float | None, rules: Rules) -> float | None:
    """The dose that a change asks for, None where the dose before it is unknown."""
    if due == HOLD:
        return 0.0
    if before is None:
        return None
    up, _, down, _, resume = needed(rules.by_count)
    if due == RAISE:
        dose = before + up.by
        return min(rules.maximum.dose, dose) if rules.maximum else dose
    if due in (REDUCE, RESUME):
        rule = down if due == REDUCE else resume
        return max(rule.floor, before - rule.by)
    return before


def judge_changes(judged: list[Judged], rules: Rules, dosing: Dosing) -> Iterator[Row]:
    """A row for each change that was due, and `adjust` where it cannot be told which one was."""
    tolerance = needed(dosing.choices.dose_tolerance).value
    for one in judged:
        slot, due = one.slot, one.alone
        given = slot.point.dose if slot.point is not None else 0.0
        if not due or slot.after_open:
            if slot.point is not None:
                source = source_of(rules.given[UNCHANGED])
                yield Row("adjust", slot.day, NOT_EVALUABLE, None, given, dosing.unit, source)
            continue
        expected = expected_dose(due, one.before, rules)
        if due == HOLD:
            verdict = verdict_of(not slot.given)
        elif not slot.given:
            verdict = DEPARTED
        elif given is None or expected is None:
            verdict = NOT_EVALUABLE
        else:
            verdict = verdict_of(abs(difference(given, expected)) <= tolerance)
        if slot.point is None and (due, verdict) not in ((HOLD, KEPT), (RESUME, DEPARTED)):
            continue  # the missing dose shows in the interval alone
        yield Row(due, slot.day, verdict, expected, given, dosing.unit, source_of(rules.given[due]))


def judge_pairs(points: list[Given], judged: list[Judged], rules: Rules, dosing: Dosing) -> Iterator[Row]:
    """Rows of each two neighbouring given doses: how far apart, how large the step, and whether one was doubled."""
    doses = [point for point in points if not point.withheld]
    for first, second in pairwise(doses):
        yield from judge_step(first, second, rules, dosing)
        if first.row == second.row:
            continue
        if rules.interval:
            yield judge_interval(first, second, judged, rules.interval, dosing)
        if rules.missed_dose_doubled:
            yield from judge_doubling(first, second, rules.missed_dose_doubled, rules.step_up, dosing)


def judge_step(first: Given, second: Given, rules: Rules, dosing: Dosing) -> Iterator[Row]:
    """The size of a change of dose, whether or not it was due."""
    if first.dose is None or second.dose is None:
        return
    rise = difference(second.dose, first.dose)
    name, rule = ("step_up", rules.step_up) if rise > 0 else ("step_down", rules.step_down)
    if rule is None or abs(rise) <= (tolerance := needed(dosing.choices.dose_tolerance).value):
        return
    expected = first.dose + rule.at_most if rise > 0 else first.dose - rule.at_most
    kept = difference(abs(rise), rule.at_most) <= tolerance
    yield Row(name, second.day, verdict_of(kept), expected, second.dose, dosing.unit, source_of(rule))


def judge_interval(first: Given, second: Given, judged: list[Judged], rule: Spacing, dosing: Dosing) -> Row:
    """Days between two doses. A longer gap is kept if the drug was to be held all along."""
    slack, gap = needed(dosing.choices.interval_tolerance_days).value, second.day - first.day
    between = [one.dues for one in judged if first.day < one.slot.day < second.day]
    if gap < rule.days - slack:
        verdict = DEPARTED
    elif gap <= rule.days + slack:
        verdict = KEPT
    elif first.open:
        verdict = NOT_EVALUABLE
    elif not between or any(HOLD not in dues for dues in between):
        verdict = DEPARTED
    else:
        verdict = KEPT if all(dues == {HOLD} for dues in between) else NOT_EVALUABLE
    return Row("interval", second.day, verdict, rule.days, gap, DAYS, source_of(rule))


def judge_doubling(first: Given, second: Given, rule: Clause, up: Step | None, dosing: Dosing) -> Iterator[Row]:
    """After a missed dose the next one is not doubled; 1 to 2 is an ordinary step."""
    shortest = 2 * dosing.every_days - needed(dosing.choices.interval_tolerance_days).value
    if first.open or second.day - first.day < shortest:
        return
    tolerance, step = needed(dosing.choices.dose_tolerance).value, up.at_most if up else 0
    about = (first.dose, second.dose, dosing.unit, source_of(rule))
    if first.dose is None or second.dose is None:
        yield Row("missed_dose_doubled", second.day, NOT_EVALUABLE, *about)
        return
    doubled = difference(second.dose, 2 * first.dose) >= -tolerance
    more_than_a_step = difference(second.dose - first.dose, step) > tolerance
    yield Row("missed_dose_doubled", second.day, verdict_of(not (doubled and more_than_a_step)), *about)
