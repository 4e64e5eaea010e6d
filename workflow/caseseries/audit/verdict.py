"""Verdicts, and the comparisons of doses and counts behind them."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

from caseseries.model.dosing import Clause
from caseseries.model.quantity import Interval

KEPT, DEPARTED, NOT_EVALUABLE = "kept", "departed", "not_evaluable"
VERDICTS = (KEPT, DEPARTED, NOT_EVALUABLE)
DAYS = "days"

Truth = bool | None
"""True, False, or None for unknown (Kleene)."""


@dataclass(frozen=True)
class Row:
    """One row of dosing.csv: a rule on a day (None: it has none) and what came of it."""

    rule: str
    day: int | None
    verdict: str
    expected: float | str | None = None
    given: float | None = None
    unit: str = ""
    source: str = ""


def source_of(clause: Clause) -> str:
    """The sources of a clause, as the profile names them."""
    return " ".join(clause.source)


def verdict_of(holds: bool) -> str:
    """Kept or departed."""
    return KEPT if holds else DEPARTED


def difference(one: float, other: float) -> float:
    """`one` - `other`, rounded so that 1.1 - 1 is 0.1."""
    return round(one - other, 6)


def exceeds(value: Interval, limit: float) -> Truth:
    """Whether a count is above a limit."""
    if isnan(value.lo):
        return None
    if value.lo > limit or (value.lo == limit and value.lo_open):
        return True
    return False if value.hi <= limit else None


def reaches(value: Interval, limit: float) -> Truth:
    """Whether a count is at or above a limit."""
    if isnan(value.lo):
        return None
    if value.lo >= limit:
        return True
    return False if value.hi < limit or (value.hi == limit and value.hi_open) else None


def either(truths: list[Truth]) -> Truth:
    """Kleene's OR."""
    if True in truths:
        return True
    return None if None in truths else False
