"""Daily drugs given in courses: how long a course is, and what counts ask for while it lasts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from caseseries.audit.history import Given, History
from caseseries.audit.verdict import DAYS, DEPARTED, KEPT, NOT_EVALUABLE, Row, source_of, verdict_of
from caseseries.model.columns import COUNT_UNIT
from caseseries.model.dosing import CourseLength, Dosing, EveryOtherDay, Rules, StopAt
from caseseries.model.needed import needed
from caseseries.model.quantity import exceeds, reaches

OF_A_COURSE = frozenset({"course_length", "every_other_day", "stop_at_100"})
"""Rules whose verdict is of a whole course: the day of their rows is its first, not that of a departure."""


@dataclass(frozen=True)
class Course:
    """A course: its known dosing days in order. `in_series` are those that lie within a row, not at its start."""

    days: list[int]
    in_series: frozenset[int]
    last_open: bool

    @property
    def first(self) -> int:
        """First day; the day of the course in dosing.csv."""
        return self.days[0]

    @property
    def length(self) -> int:
        """Days from the first to the last known one, both included."""
        return self.days[-1] - self.days[0] + 1


def courses_of(history: History, given: list[Given], dosing: Dosing) -> list[Course]:
    """The courses of a case, from its doses in order of days. A new one begins more than so many days after the last
    known day of the rows before.
    """
    gap = needed(dosing.choices.course_gap_days).value
    doses = [one for one in given if not one.withheld]
    dated = {
        place: (row.first, row.first if row.last is None else row.last)
        for place, row in enumerate(history.rows)
        if row.first is not None
    }
    groups: list[list[int]] = []
    last = 0
    for row in sorted({one.row for one in doses}, key=lambda row: (dated[row][0], row)):
        first, end = dated[row]
        if not groups or first - last > gap:
            groups.append([])
            last = end
        groups[-1].append(row)
        last = max(last, end)
    return [course_of(history, [one for one in doses if one.row in group], group[-1]) for group in groups]


def course_of(history: History, doses: list[Given], last_row: int) -> Course:
    """The course of some doses; `last_row` is the row that began last."""
    return Course(
        days=[one.day for one in doses],
        in_series=frozenset(one.day for one in doses if one.day != history.rows[one.row].first),
        last_open=history.rows[last_row].open,
    )


def judge_courses(history: History, rules: Rules, doses: list[Given], dosing: Dosing) -> Iterator[Row]:
    """The rules of a course, for each course."""
    late = 0 if dosing.choices.count_steers.value == "same_day" else 1
    for course in courses_of(history, doses, dosing):
        if rules.course_length:
            yield judge_length(course, rules.course_length)
        if rules.every_other_day:
            yield from judge_every_other_day(history, course, rules.every_other_day, late)
        if rules.stop_at_100:
            yield judge_stop_at(history, course, rules.stop_at_100, late)


def judge_length(course: Course, rule: CourseLength) -> Row:
    """The length of a course; that of one that nobody ended is known only to be too long."""
    verdict = (
        NOT_EVALUABLE if course.last_open and course.length <= rule.days else verdict_of(course.length <= rule.days)
    )
    return Row("course_length", course.first, verdict, rule.days, course.length, DAYS, source_of(rule))


def judge_every_other_day(history: History, course: Course, rule: EveryOtherDay, late: int) -> Iterator[Row]:
    """Once a count is above, no dose on the day after a dose. Within a row nobody wrote how often it was given."""
    found = set()
    for day in course.days[1:]:
        count = history.last_count(course.first, day - late)
        above = False if count is None else exceeds(count.value, rule.above)
        if above is False:
            continue
        if day in course.in_series:
            found.add(NOT_EVALUABLE)
        elif day - 1 in course.days:
            found.add(DEPARTED if above else NOT_EVALUABLE)
        elif above:
            found.add(KEPT)
    for verdict in (DEPARTED, NOT_EVALUABLE, KEPT):
        if verdict in found:
            given = {DEPARTED: 1, KEPT: 2}.get(verdict)
            yield Row("every_other_day", course.first, verdict, 2, given, DAYS, source_of(rule))
            return


def judge_stop_at(history: History, course: Course, rule: StopAt, late: int) -> Row:
    """No dose once a count has reached the figure."""
    last = course.days[-1]
    counts = [count for count in history.counts if course.first <= count.day <= last - late]
    reached = [(count, reaches(count.value, rule.count)) for count in counts]
    over = next((count for count, truth in reached if truth), None)
    row = partial(Row, "stop_at_100", course.first, expected=rule.count, unit=COUNT_UNIT, source=source_of(rule))
    if over is not None:
        return row(verdict=DEPARTED, given=over.value.lo)
    open_ = course.last_open or any(truth is None for _, truth in reached) or (course.length > 1 and not counts)
    return row(verdict=NOT_EVALUABLE if open_ else KEPT)
