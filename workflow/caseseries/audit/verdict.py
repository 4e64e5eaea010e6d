"""Verdicts, what several of them come to, and the comparison of doses behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from caseseries.model.dosing import Clause

KEPT, DEPARTED, NOT_EVALUABLE = "kept", "departed", "not_evaluable"
VERDICTS = (KEPT, DEPARTED, NOT_EVALUABLE)
DAYS = "days"
WORST_LAST = (KEPT, NOT_EVALUABLE, DEPARTED)
"""Several verdicts come to the last of these among them: an episode departs if one of its rows does."""


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


def worst_by(table: pd.DataFrame, keys: Sequence[str]) -> pd.Series:
    """What the rows of a table with a `verdict` come to, by the values of some of its columns, in their order."""
    ranked = table["verdict"].map(WORST_LAST.index)
    worst = ranked.groupby([table[key] for key in keys], sort=False).max()
    return worst.map(dict(enumerate(WORST_LAST)))


def difference(one: float, other: float) -> float:
    """`one` - `other`, rounded so that 1.1 - 1 is 0.1."""
    return round(one - other, 6)
