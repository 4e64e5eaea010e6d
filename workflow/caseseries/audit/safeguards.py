"""Rules that guard a weekly course as a whole: when to stop for want of effect, and how old a child's weight may be."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from math import isnan

from caseseries.audit.history import Given, History
from caseseries.audit.titration import Slot
from caseseries.audit.verdict import DAYS, DEPARTED, KEPT, NOT_EVALUABLE, Row, difference, source_of
from caseseries.model.dosing import Dosing, Maximum, StopRule, WeightCheck
from caseseries.model.needed import needed
from caseseries.model.quantity import Interval, Truth, either, exceeds, reaches
from caseseries.response.day_counts import DayCount


def judge_stop(
    history: History, points: list[Given], slots: list[Slot], rule: StopRule, maximum: Maximum, dosing: Dosing
) -> Iterator[Row]:
    """Whether the drug went on after so many doses at the maximum without an improvement; no row without such doses."""
    doses = [point for point in points if not point.withheld]
    late: dict[str, tuple[int, float | None]] = {}
    windows = windows_at_maximum(points, rule, maximum, dosing)
    for window in windows:
        fourth = window[-1].day
        truth = either([improved(history, point, points, slots, window, rule, dosing) for point in window])
        later = next((one for one in doses if one.day > fourth), None)
        if later and truth is not True:
            late.setdefault(DEPARTED if truth is False else NOT_EVALUABLE, (fourth, later.dose))
    if not windows:
        return
    verdict = next((verdict for verdict in (DEPARTED, NOT_EVALUABLE) if verdict in late), KEPT)
    day, given = late.get(verdict, (windows[0][-1].day, None))
    yield Row("stop_rule", day, verdict, 0.0 if verdict == DEPARTED else None, given, dosing.unit, source_of(rule))


def windows_at_maximum(points: list[Given], rule: StopRule, maximum: Maximum, dosing: Dosing) -> list[list[Given]]:
    """Every run of so many neighbouring doses at the maximum, each within a weekly interval of the one before."""
    longest = dosing.every_days + needed(dosing.choices.interval_tolerance_days).value
    least = maximum.dose - needed(dosing.choices.dose_tolerance).value

    def together(window: list[Given]) -> bool:
        at_maximum = all(one.dose is not None and difference(one.dose, least) >= 0 for one in window)
        return at_maximum and all(b.day - a.day <= longest for a, b in pairwise(window))

    windows = [points[i : i + rule.doses] for i in range(len(points) - rule.doses + 1)]
    return [window for window in windows if together(window)]


def improved(
    history: History,
    point: Given,
    points: list[Given],
    slots: list[Slot],
    window: list[Given],
    rule: StopRule,
    dosing: Dosing,
) -> Truth:
    """Whether the count after a dose is an improvement, in the reading that the profile chooses."""
    count = count_after(history, point, points, slots, dosing)
    reading = needed(dosing.choices.no_improvement).value
    if count is None or reading == "clinician":
        return None  # no column holds the clinician's word
    if reading == "no_rise":
        before = history.last_count(-(10**6), window[0].day)
        return None if before is None else rises(count.value, before.value)
    truths = [reaches(count.value, rule.improved_at)]
    if reading == "below_target_and_not_doubled":
        truths.append(doubled(count.value, history.baseline))
    return either(truths)


def count_after(
    history: History, point: Given, points: list[Given], slots: list[Slot], dosing: Dosing
) -> DayCount | None:
    """The count that follows a dose: that of the next slot, or the last one of the days in which the next was due."""
    following = next((slot for slot in slots if slot.day > point.day), None)
    if following is not None:
        return following.count
    longest = dosing.every_days + needed(dosing.choices.interval_tolerance_days).value
    return history.last_count(point.day + 1, point.day + longest)


def doubled(count: Interval, baseline: Interval) -> Truth:
    """Whether a count is at least twice the baseline."""
    if isnan(baseline.lo) or isnan(count.lo):
        return None
    if reaches(count, 2 * baseline.hi):
        return True
    # Where the baseline is above its lower end, a count of twice that end is too low still.
    reached = (exceeds if baseline.lo_open else reaches)(count, 2 * baseline.lo)
    return False if reached is False else None


def rises(count: Interval, before: Interval) -> Truth:
    """Whether a count is above an earlier one."""
    if (reaches if before.hi_open else exceeds)(count, before.hi):
        return True
    return False if exceeds(count, before.lo) is False else None


def judge_weight(history: History, points: list[Given], rule: WeightCheck, dosing: Dosing) -> Iterator[Row]:
    """Whether a child was weighed often enough; departed at the first dose on too old a weight."""
    if history.age is not None and history.age >= rule.under_age:
        return
    row = partial(Row, "weight_check", expected=rule.days, unit=DAYS, source=source_of(rule))
    doses = [point for point in points if not point.withheld]
    if history.age is None or not doses:
        yield row(day=None, verdict=NOT_EVALUABLE)
        return
    complete = history.weights_listed and needed(dosing.choices.weights_complete).value == "if_any_is_listed"
    found: dict[str, tuple[int, int | None]] = {}
    for dose in doses:
        weighed = history.weighed(dose.day)
        old = None if weighed is None else dose.day - weighed[0]
        if old is None or (old > rule.days and not complete):
            found.setdefault(NOT_EVALUABLE, (dose.day, old))
        elif old > rule.days:
            found.setdefault(DEPARTED, (dose.day, old))
    verdict = next((verdict for verdict in (DEPARTED, NOT_EVALUABLE) if verdict in found), KEPT)
    day, old = found.get(verdict, (None, None))
    yield row(day=day, verdict=verdict, given=old)
