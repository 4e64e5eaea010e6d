"""What was given to a case, and what was counted and weighed: the plain facts that every dosing rule looks at."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from caseseries.model.dosing import Dosing
from caseseries.model.quantity import UNKNOWN, Interval
from caseseries.response.day_counts import DayCount


@dataclass(frozen=True)
class DoseRow:
    """One row of exposures.csv of the study drug; None where the cell is empty.

    `amount` 0 is a dose recorded as withheld. `unit` is the declared one, "" where it is none of the profile.
    """

    first: int | None
    last: int | None
    amount: float | None
    unit: str

    @property
    def open(self) -> bool:
        """Begun on a known day, and nobody wrote when it ended."""
        return self.first is not None and self.last is None

    @property
    def given(self) -> bool:
        """Something was given, though perhaps nobody knows how much."""
        return self.amount != 0


@dataclass(frozen=True)
class Given:
    """A day on which a dose was given (`dose` None: how much is unknown) or recorded as withheld (0)."""

    day: int
    dose: float | None
    row: int
    open: bool

    @property
    def withheld(self) -> bool:
        """Recorded as not given."""
        return self.dose == 0


@dataclass(frozen=True)
class History:
    """All that is known of one episode and one drug.

    `counts` in order of days. `weights` are (day, kg) in order of days; `weights_listed` says that the cohort's
    table of weights has rows for this episode.
    """

    episode: str
    rows: list[DoseRow] = field(default_factory=list)
    counts: list[DayCount] = field(default_factory=list)
    baseline: Interval = UNKNOWN
    age: float | None = None
    weights: list[tuple[int, float]] = field(default_factory=list)
    weights_listed: bool = False

    @cached_property
    def start_weight(self) -> float | None:
        """The latest weight of day 0 or before."""
        return self.weight_on(0)

    def weight_on(self, day: int) -> float | None:
        """The latest weight of that day or before."""
        found = self.weighed(day)
        return found[1] if found else None

    def weighed(self, day: int) -> tuple[int, float] | None:
        """Day and value of the latest weight of that day or before."""
        return next((entry for entry in reversed(self.weights) if entry[0] <= day), None)

    def last_count(self, first: int, last: int) -> DayCount | None:
        """The last count of the days from `first` to `last`, both included."""
        return next((count for count in reversed(self.counts) if first <= count.day <= last), None)


def dose_in(history: History, row: DoseRow, day: int | None, unit: str, dosing: Dosing) -> float | None:
    """The dose of a row on a day in a unit; None where it is unknown or cannot be turned into it.

    Parameters
    ----------
    day : None for a row without a day, which is turned by the weight at the start, in adults alone.
    """
    if row.amount is None or row.amount == 0 or row.unit == unit:
        return row.amount
    if row.unit == "":
        return None
    weight = weight_for(history, day, dosing)
    if weight is None:
        return None
    if unit == f"{row.unit}/kg":
        return row.amount / weight
    return row.amount * weight if row.unit == f"{unit}/kg" else None


def weight_for(history: History, day: int | None, dosing: Dosing) -> float | None:
    """The weight by which the dose of a day is turned into one per kg, or back.

    From the age of the profile on that of the start; below it that of the day; where the age is unknown, either, if
    both are the same.
    """
    if dosing.weight is None:
        return None
    settled = dosing.weight.start_weight_from_age
    start = history.start_weight
    if settled == 0 or (history.age is not None and history.age >= settled):
        return start
    on_day = None if day is None else history.weight_on(day)
    if history.age is not None:
        return on_day
    return start if start == on_day else None


def doses_given(history: History, unit: str, dosing: Dosing) -> list[Given]:
    """Every dated dose in order of days, the rows of several days written out.

    A row from `first` to a later `last` is a series of doses, as many days apart as the profile says; of an open row
    the first dose alone is known. A day on which a dose was given, or withheld by another row, is not withheld again.
    """
    found = []
    for number, row in enumerate(history.rows):
        if row.first is None:
            continue
        last = row.first if row.last is None else row.last
        for day in range(row.first, last + 1, dosing.every_days):
            found.append(Given(day, dose_in(history, row, day, unit, dosing), number, row.open))
    found.sort(key=lambda one: (one.day, one.withheld, one.row))
    return [one for place, one in enumerate(found) if not (one.withheld and place and found[place - 1].day == one.day)]


def given_twice(doses: list[Given]) -> bool:
    """Whether two rows give the drug on one day, so that the series cannot be read."""
    days = [one.day for one in doses if not one.withheld]
    return len(set(days)) < len(days)


def undated_doses(history: History, unit: str, dosing: Dosing) -> list[float | None]:
    """Doses of the rows without a day."""
    return [dose_in(history, row, None, unit, dosing) for row in history.rows if row.first is None]
