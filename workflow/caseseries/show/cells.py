"""Cells of a table: a text as `words` writes it, with the numbers behind it."""

from __future__ import annotations

from dataclasses import replace

from caseseries.model.results import NUMBER_KEY, ROW_KEYS, case_key, key_in, number_key, row_key
from caseseries.show.table import Cell, known
from caseseries.words import intervals, numbers, units

EMPTY = Cell(numbers.NOTHING)
"""A cell without a value."""


def number(value: float | None, decimals: int = 0) -> Cell:
    """A number with a fixed count of decimals."""
    return Cell(numbers.number(value, decimals), known(value=value))


def short_number(value: float | None) -> Cell:
    """A number with at most one decimal."""
    return Cell(numbers.short_number(value), known(value=value))


def day(value: float | None) -> Cell:
    """A day or a count of days."""
    return Cell(units.day_number(value), known(value=value))


def day_reached(value: float | None) -> Cell:
    """A quantile of a time: a day, or "not reached" where it is missing."""
    return Cell(_day_or_not_reached(value), known(value=value))


def day_interval(lower: float | None, upper: float | None) -> Cell:
    """Limits of a time; a limit that the curve does not reach is said."""
    if numbers.is_missing(lower) and numbers.is_missing(upper):
        return EMPTY
    text = f"{_day_or_not_reached(lower)} to {_day_or_not_reached(upper)}"
    return Cell(text, known(low=lower, high=upper))


def _day_or_not_reached(days: float | None) -> str:
    return "not reached" if numbers.is_missing(days) else units.day_number(days)


def fraction(events: float, n: float, not_evaluable: float = 0) -> Cell:
    """Events of those evaluable: "2/4", and who is not: "2/4; 1 NE"."""
    unknown = f"; {numbers.number(not_evaluable)} NE" if not_evaluable else ""
    return Cell(numbers.fraction(events, n) + unknown, known(events=events, n=n, not_evaluable=not_evaluable or None))


def walked(cell: Cell, statistic: str, rate: object) -> Cell:
    """A cell that names the number that it shows: a row of `rates.rate_frame` or of estimates.csv."""
    return replace(
        cell, key=number_key({name: getattr(rate, name, "") for name in NUMBER_KEY} | {"statistic": statistic})
    )


def case(episode: str) -> Cell:
    """The name of a case, which leads to it."""
    return Cell(episode, key=case_key(episode))


def of_cohort(cell: Cell, cohort: str) -> Cell:
    """A cell of `walked` where numbers of several cohorts stand side by side."""
    return replace(cell, key=key_in(cohort, cell.key))


def from_row(cell: Cell, result: str, row: object) -> Cell:
    """A cell that names the row of a result (`results.ROW_KEYS`) that it shows."""
    return replace(cell, key=row_key(result, {name: getattr(row, name, "") for name in ROW_KEYS[result]}))


def percent(share: float | None, n: float | None = None) -> Cell:
    """A share of `n` as percent."""
    return Cell(numbers.percent(share, n), known(estimate=share))


def percent_interval(lower: float | None, upper: float | None, n: float | None = None, sign: str = "") -> Cell:
    """Limits of a share of `n`, with a sign behind them that a note explains."""
    text = intervals.percent_interval(lower, upper, n)
    return Cell(f"{text} {sign}" if sign and text != numbers.NOTHING else text, known(lower=lower, upper=upper))


def decimal_interval(lower: float | None, upper: float | None) -> Cell:
    """Limits of a coefficient, with two decimals."""
    return Cell(intervals.number_interval(lower, upper), known(low=lower, high=upper))


def rate(
    events: float, n: float, estimate: float, limits: tuple[float | None, float | None], not_evaluable: float = 0
) -> Cell:
    """A rate in one cell: counts and percent, the interval below them, and who is not evaluable."""
    if not n:
        return Cell(f"{numbers.number(not_evaluable)} NE", known(n=n, not_evaluable=not_evaluable))
    lower, upper = limits
    unknown = f"; {numbers.number(not_evaluable)} NE" if not_evaluable else ""
    interval = intervals.percent_interval(lower, upper, n)
    text = f"{numbers.fraction(events, n)}, {numbers.percent(estimate, n)}\n({interval}){unknown}"
    parts = {"estimate": estimate, "events": events, "n": n, "lower": lower, "upper": upper}
    return Cell(text, known(**parts, not_evaluable=not_evaluable or None))


def words_or_number(value: str | float | None) -> Cell:
    """A value of the records as it is: words, or a number with at most one decimal."""
    if numbers.is_missing(value):
        return EMPTY
    return Cell(value) if isinstance(value, str) else short_number(value)
