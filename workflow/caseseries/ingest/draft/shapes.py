"""What the cells of a column look like, in numbers alone: no cell leaves this module but words of the vocabulary."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from caseseries.ingest.dates import AMBIGUOUS, PARTIAL, TWO_DIGITS, read_date
from caseseries.ingest.draft.headers import UNITS
from caseseries.ingest.units import WEEKS, normalise
from caseseries.ingest.written_doses import pattern_of
from caseseries.model.quantity import tidy_number

MOST = 0.6
"""Share of the filled cells from which a column is of one kind."""
MARKS = ("*", "**", "↑", "↓", "†", "‡", "#", "!", "?", "(H)", "(L)", "H", "L")
"""Marks that laboratories and wards write behind a number."""
FIRST_SERIAL, LAST_SERIAL = 29_221, 54_789
"""Numbers by which a spreadsheet keeps the days from 1980 to 2050, where nobody gave the cells a format of dates."""
BEFORE = ("≈", "~", "ca.", "约")
"""Marks that stand before a number."""
_NUMBER = re.compile(
    rf"({'|'.join(map(re.escape, BEFORE))})?\s*" + r"([<>]?\s*-?(?:\d{1,3}(?: \d{3})+(?!\d)|\d[\d.,'’]*))\s*(.*)",
    re.ASCII,
)
_PARTED = re.compile(r"[<>]?\s*\d{1,3}(?:(?P<mark>[ '’])\d{3})+", re.ASCII)


@dataclass(frozen=True)
class Shape:
    """A column in numbers.

    Parameters
    ----------
    rows, filled, distinct : how many rows there are, how many have a value, and how many different ones.
    dates : cells that are a date, whatever the order of day and month; `orders` how many allow one order alone.
    either, partial, short : dates that can be read in two ways, that lack their day, whose year has two digits.
    numbers, weeks : cells that are a number once unit and mark are off, and gestations such as 30+4.
    serials : numbers that may be such of days in a spreadsheet; a word for a date in the header must say so.
    units, marks : how many cells have a unit, and which mark, behind the number.
    written : how many cells are doses by which pattern, if any of them is more than a number and its unit.
    commas, points, thousands : numbers with a decimal comma, with a point, and with a comma before three digits.
    parted : numbers whose thousands are parted by a blank or an apostrophe, by that mark.
    middle : median of the numbers, for the choice of a unit; never written, for it may be one person's value.
    """

    rows: int
    filled: int
    distinct: int
    dates: int = 0
    orders: Counter[str] = field(default_factory=Counter)
    either: int = 0
    partial: int = 0
    short: int = 0
    numbers: int = 0
    weeks: int = 0
    serials: int = 0
    units: Counter[str] = field(default_factory=Counter)
    marks: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)
    commas: int = 0
    points: int = 0
    thousands: int = 0
    parted: Counter[str] = field(default_factory=Counter)
    middle: float = field(default=np.nan, repr=False)

    @property
    def kind(self) -> str:
        """What most of the filled cells are, in a word."""
        if not self.filled:
            return "empty"
        if self.dates + self.partial + self.short > MOST * self.filled:
            return "dates"
        if self.weeks > MOST * self.filled:
            return "weeks and days"
        if sum(self.written.values()) > MOST * self.filled:
            return "doses"
        return "numbers" if self.numbers > MOST * self.filled else "words"

    def __str__(self) -> str:
        if not self.filled:
            return "empty"
        kind = f"{self.kind} ({self.distinct} different)" if self.kind == "words" else self.kind
        return f"{kind} in {self.filled} of {self.rows} rows"

    @property
    def odd(self) -> int:
        """Filled cells that are not what most are."""
        same = {
            "doses": sum(self.written.values()),
            "dates": self.dates,
            "weeks and days": self.weeks + self.numbers,
            "numbers": self.numbers,
        }
        return self.filled - same.get(self.kind, self.filled)


def look_at(cells: pd.Series, missing: frozenset[str], in_sheet: bool = False) -> Shape:
    """The shape of a column of text cells; words of `missing` count as empty.

    `in_sheet` : the cells are of a workbook, where a number may stand for a day.
    """
    filled = [text for text in cells if text and text.casefold() not in missing]
    counts = Counter(filled)
    seen, orders, units, marks, parted = (Counter[str]() for _ in range(5))
    numbers: list[float] = []
    for text, times in counts.items():
        for name in _look_at_date(text, orders, times):
            seen[name] += times
        found = _take_apart(text)
        if found is not None:
            number, unit, mark = found
            seen["numbers"] += times
            units.update({unit: times} if unit else {})
            marks.update({mark: times} if mark else {})
            seen["thousands"] += times * bool(re.fullmatch(r"[<>]?\s*\d{1,3}(,\d{3})+", number))
            if apart := _PARTED.fullmatch(number):
                parted[apart["mark"].replace("’", "'")] += times
            seen["commas"] += times * bool(re.fullmatch(r"[<>]?\s*-?\d+,\d+", number))
            seen["points"] += times * ("." in number)
            numbers += [_value(number)] * times
            if in_sheet and re.fullmatch(r"\d{5}", text, re.ASCII):
                seen["serials"] += times * (FIRST_SERIAL <= int(text) <= LAST_SERIAL)
        elif re.search(r"[+/wW周週]|SSW|sem", text) and WEEKS.fullmatch(tidy_number(text).lower()):
            seen["weeks"] += times
    written = Counter[str]()
    for text, times in counts.items():
        written[pattern_of(text)] += times
    del written[""]
    if not set(written) - {"{dose}", "{dose}{unit}"}:
        written.clear()
    middle = float(np.nanmedian(numbers)) if numbers and not np.isnan(numbers).all() else np.nan
    return Shape(
        len(cells),
        len(filled),
        len(counts),
        orders=orders,
        units=units,
        marks=marks,
        written=written,
        parted=parted,
        middle=middle,
        **_named(seen),
    )


def _named(seen: Counter[str]) -> dict[str, int]:
    names = ("dates", "either", "partial", "short", "numbers", "weeks", "serials", "commas", "points", "thousands")
    return {name: seen[name] for name in names}


def _look_at_date(text: str, orders: Counter[str], times: int) -> list[str]:
    """What a text is as a date; orders of day and month that alone fit it are counted."""
    reading = read_date(text, None)
    if reading.rule == PARTIAL:
        return ["partial"]
    if reading.rule == TWO_DIGITS:
        return ["short"]
    if reading.rule == AMBIGUOUS:
        return ["dates", "either"]
    if reading.day is None:
        return []
    fits = [order for order in ("day-month-year", "month-day-year") if read_date(text, order).day is not None]
    if len(fits) == 1:
        orders[fits[0]] += times
    return ["dates"]


def _take_apart(text: str) -> tuple[str, str, str] | None:
    """Number, unit and mark of a cell; None where it is no number with one of them behind it."""
    found = _NUMBER.fullmatch(tidy_number(text))
    if found is None:
        return None
    before, number, tail = found[1] or "", found[2].rstrip(".,'’ "), found[3].strip()
    if not tail:
        return number, "", before
    if tail in MARKS and not before:
        return number, "", tail
    unit = normalise(tail.rstrip(". "))
    return (number, unit, before) if unit in UNITS else None


def _value(number: str) -> float:
    plain = re.sub(r"[<>\s'’]", "", number)
    if re.fullmatch(r"\d{1,3}(,\d{3})+", plain):
        plain = plain.replace(",", "")
    try:
        return float(plain.replace(",", "."))
    except ValueError:
        return np.nan
