"""Units of time in print, in days: a week has 7, a month 30.4375 and a year 365.25."""

from __future__ import annotations

from fractions import Fraction

DAYS_IN = {
    "hours": Fraction(1, 24),
    "days": Fraction(1),
    "weeks": Fraction(7),
    "months": Fraction(487, 16),
    "years": Fraction(1461, 4),
}
"""Name of a unit -> days in one of it."""

SHORT = {"h": "hours", "d": "days", "wk": "weeks", "w": "weeks", "mo": "months", "yr": "years", "y": "years"}


def time_unit(word: str) -> str | None:
    """The unit that a word names in the singular, the plural or abbreviated; None where it names none."""
    plain = word.strip().lower().rstrip(".")
    for name in (plain, plain + "s", SHORT.get(plain, ""), SHORT.get(plain.rstrip("s"), "")):
        if name in DAYS_IN:
            return name
    return None


def days_of(value: Fraction, word: str) -> Fraction:
    """A time in days; `KeyError` for a unit that is none of time."""
    return value * DAYS_IN[time_unit(word) or word]
