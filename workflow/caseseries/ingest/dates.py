"""Dates of a source become whole days from the first dose while they are read, and are kept nowhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january", "januar", "ene", "enero", "jän", "jänner", "janv", "janvier"),
            ("feb", "february", "februar", "febrero", "févr", "février"),
            ("mar", "march", "mär", "märz", "mrz", "marzo", "mars"),
            ("apr", "april", "abr", "abril", "avr", "avril"),
            ("may", "mai", "mayo"),
            ("jun", "june", "juni", "junio", "juin"),
            ("jul", "july", "juli", "julio", "juil", "juillet"),
            ("aug", "august", "ago", "agosto", "août"),
            ("sep", "sept", "september", "septiembre", "setiembre", "septembre"),
            ("oct", "october", "okt", "oktober", "octubre", "octobre"),
            ("nov", "november", "noviembre", "novembre"),
            ("dec", "december", "dez", "dezember", "dic", "diciembre", "déc", "décembre"),
        ),
        1,
    )
    for name in names
}

_TIME = r"(?:[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?(?: ?(?:Z|UTC|GMT|Uhr|[+-]\d{2}:?\d{2}))?)?"
_DASHES = re.compile("[‐‑‒–—−]")
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-./](\d{{1,2}})[-./](\d{{1,2}}){_TIME}", re.ASCII)
_BASIC = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})", re.ASCII)
_CHINESE = re.compile(rf"(\d{{4}})年 ?(\d{{1,2}})月 ?(\d{{1,2}})[日号]?{_TIME}")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})[-./] ?(\d{{1,2}})[-./] ?(\d{{4}}){_TIME}", re.ASCII)
_DAY_NAMED = re.compile(
    rf"(\d{{1,2}})(?:er|º|st|nd|rd|th| de )?[. /-]*(?:of )?([^\W\d_]{{3,10}})(?: del? )?[. ,/-]*(\d{{4}}){_TIME}"
)
_NAMED_DAY = re.compile(rf"([^\W\d_]{{3,10}})[. ]*(\d{{1,2}})[a-z]{{0,2}},? *(\d{{4}}){_TIME}")
_MONTH = re.compile(r"(\d{4})[-./年](\d{1,2})月?|(\d{1,2})[-./](\d{4})", re.ASCII)
_MONTH_NAMED = re.compile(r"([^\W\d_]{3,10})[. -]*(\d{4})")

REFUSED = "the cell holds no date that can be read"
AMBIGUOUS = "the date can be read in two ways; declare date_order in the mapping of cohort.yaml"
TWO_DIGITS = "the year of a date must have four digits; show it so where the file comes from"
PARTIAL = "the date lacks its day; complete it, or declare partial_dates in the mapping of cohort.yaml"
YEAR_ONLY = "the date is only a year, which is too coarse for days"
ORDER = "the date does not follow the date_order of the mapping"
UNREADABLE = (REFUSED, AMBIGUOUS, TWO_DIGITS, YEAR_ONLY, ORDER)


@dataclass(frozen=True)
class Reading:
    """A date, or the rule that the text breaks; `completed` where a month was given a day by the declared rule."""

    day: date | None = None
    rule: str = ""
    completed: bool = False


def read_date(text: str, order: str | None, partial: str = "refuse") -> Reading:
    """Read one written date.

    Parameters
    ----------
    text : as written; a time of day is passed over.
    order : `day-month-year`, `month-day-year`, `year-month-day`, or None where the mapping declares none.
    partial : what is done with a month without a day: `refuse`, `middle-of-month` (15th) or `first-of-month`.
    """
    text = _DASHES.sub("-", text.strip())
    for pattern in (_YEAR_FIRST, _CHINESE, _BASIC):
        if match := pattern.fullmatch(text):
            year, month, day = (int(part) for part in match.groups())
            return _make(year, month, day)
    if match := _YEAR_LAST.fullmatch(text):
        first, second, year = (int(part) for part in match.groups())
        return _read_year_last(first, second, year, order)
    if match := _DAY_NAMED.fullmatch(text):
        return _make(int(match[3]), MONTHS.get(match[2].lower(), 0), int(match[1]))
    if match := _NAMED_DAY.fullmatch(text):
        return _make(int(match[3]), MONTHS.get(match[1].lower(), 0), int(match[2]))
    return _read_partial(text, partial)


def _read_year_last(first: int, second: int, year: int, order: str | None) -> Reading:
    if order == "day-month-year":
        return _make(year, second, first, ORDER)
    if order == "month-day-year":
        return _make(year, first, second, ORDER)
    if order == "year-month-day":
        return Reading(rule=ORDER)
    if first > 12:
        return _make(year, second, first)
    if second > 12:
        return _make(year, first, second)
    return _make(year, first, second) if first == second else Reading(rule=AMBIGUOUS)


def _read_partial(text: str, partial: str) -> Reading:
    if re.fullmatch(r"\d{4}", text, re.ASCII):
        return Reading(rule=YEAR_ONLY)
    if re.fullmatch(rf"\d{{1,2}}[-./ ]+(\d{{1,2}}|[^\W\d_]{{3,10}})[-./ ]+\d{{2}}{_TIME}", text):
        return Reading(rule=TWO_DIGITS)
    if match := _MONTH.fullmatch(text):
        year, month = int(match[1] or match[4]), int(match[2] or match[3])
    elif match := _MONTH_NAMED.fullmatch(text):
        year, month = int(match[2]), MONTHS.get(match[1].lower(), 0)
    else:
        return Reading(rule=REFUSED)
    if partial == "refuse":
        return Reading(rule=PARTIAL)
    made = _make(year, month, 15 if partial == "middle-of-month" else 1)
    return Reading(made.day, made.rule, completed=made.day is not None)


def _make(year: int, month: int, day: int, otherwise: str = REFUSED) -> Reading:
    try:
        return Reading(date(year, month, day))
    except ValueError:
        return Reading(rule=otherwise)


def read_serial(number: float, epoch: date) -> Reading:
    """The date behind a number that a spreadsheet keeps in a date column; `epoch` is its day 0."""
    if not 1 <= number <= 109_574:
        return Reading(rule=REFUSED)
    return Reading(epoch + timedelta(days=int(number)))
