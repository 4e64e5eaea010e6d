"""Rules that look at single doses: the first, the highest, the one dose, and whether doses can be read at all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from caseseries.audit.history import Given, History, undated_doses
from caseseries.audit.verdict import DEPARTED, KEPT, NOT_EVALUABLE, Row, difference, source_of, verdict_of
from caseseries.model.dosing import Clause, DailyDose, Dosing, Maximum, Start
from caseseries.model.needed import needed
from caseseries.words.lists import listing
from caseseries.words.numbers import plain


def judge_start(doses: list[Given], rule: Start, dosing: Dosing, readable: bool) -> Row:
    """The first given dose; only one of day 0 is known to be the first of the course."""
    first = next((one for one in doses if not one.withheld), None)
    expected = rule.doses[0] if len(rule.doses) == 1 else listing([plain(dose) for dose in rule.doses], "or")
    row = partial(Row, "start", expected=expected, unit=dosing.unit, source=source_of(rule))
    if first is None:
        return row(day=None, verdict=NOT_EVALUABLE)
    given, tolerance = first.dose, needed(dosing.choices.dose_tolerance).value
    if first.day != 0 or given is None or not readable:
        return row(day=first.day, verdict=NOT_EVALUABLE, given=given)

    def near(doses: list[float]) -> bool:
        return any(abs(difference(given, dose)) <= tolerance for dose in doses)

    return row(day=first.day, verdict=NOT_EVALUABLE if near(rule.open) else verdict_of(near(rule.doses)), given=given)


def judge_maximum(history: History, given: list[Given], rule: Maximum, dosing: Dosing) -> Row:
    """The highest dose; departed on the day of the first dose above it."""
    tolerance = needed(dosing.choices.dose_tolerance).value
    row = judge_each(history, given, dosing, dosing.unit, lambda dose: difference(dose, rule.dose) <= tolerance)
    return Row("maximum", *row[:2], rule.dose, row[2], dosing.unit, source_of(rule))


def judge_dose(history: History, given: list[Given], rule: DailyDose, dosing: Dosing) -> Row:
    """The one dose, per kg or in all; departed on the day of the first dose outside."""
    share = needed(dosing.choices.dose_tolerance_percent).value / 100

    def near(dose: float) -> bool:
        return dose == 0 or abs(difference(dose, rule.dose)) <= share * rule.dose

    fits = judge_each(history, given, dosing, rule.unit, near)
    if not any(row.given for row in history.rows):
        fits = (None, NOT_EVALUABLE, None)
    return Row("dose", *fits[:2], rule.dose, fits[2], rule.unit, source_of(rule))


def judge_each(
    history: History, given: list[Given], dosing: Dosing, unit: str, fits: Callable[[float], bool]
) -> tuple[int | None, str, float | None]:
    """Day, verdict and dose where every known dose must fit: the first that does not, else the highest known.

    Parameters
    ----------
    given : the dated doses in that unit.
    """
    dated: list[tuple[int | None, float | None]] = [(one.day, one.dose) for one in given]
    doses = [*dated, *((None, dose) for dose in undated_doses(history, unit, dosing))]
    known = [(day, dose) for day, dose in doses if dose is not None]
    for day, dose in known:
        if not fits(dose):
            return day, DEPARTED, dose
    highest = max((dose for _, dose in known), default=None)
    return None, NOT_EVALUABLE if not doses or len(known) < len(doses) else KEPT, highest


def judge_dose_unit(history: History, given: list[Given], rule: Clause, dosing: Dosing) -> Row:
    """Whether every dose can be read in the unit of the labels; what cannot is never a departure."""
    doses = [one.dose for one in given]
    doses += undated_doses(history, dosing.unit, dosing)
    known = bool(doses) and None not in doses
    return Row("dose_unit", None, KEPT if known else NOT_EVALUABLE, unit=dosing.unit, source=source_of(rule))
