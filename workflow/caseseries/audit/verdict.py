"""Verdicts, and the comparison of doses behind them."""

from __future__ import annotations

from dataclasses import dataclass

from caseseries.model.dosing import Clause

KEPT, DEPARTED, NOT_EVALUABLE = "kept", "departed", "not_evaluable"
VERDICTS = (KEPT, DEPARTED, NOT_EVALUABLE)
DAYS = "days"


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
