"""Numbers with their units, and units as they are printed."""

from __future__ import annotations

import math
import re

from caseseries.words.numbers import MINUS, is_missing, number, plain

SINGULAR = {"years": "year", "weeks": "week", "days": "day", "months": "month", "hours": "hour"}
"""Units that have a singular; every other unit is a sign."""

POWER = re.compile(r"\b10\^(\d+)")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def signs(unit: str) -> str:
    """A unit as printed in a header: "10^9/L" -> "10⁹/L"."""
    return POWER.sub(lambda power: "10" + power.group(1).translate(RAISED), unit)


def behind(unit: str) -> str:
    """A unit as it stands behind a number: "10^9/L" -> "× 10⁹/L", "g/dL" -> "g/dL"."""
    return f"× {signs(unit)}" if unit.startswith("10^") else signs(unit)


def each(unit: str) -> str:
    """A unit in the singular: "for each year", "for each 10⁹/L"."""
    return SINGULAR.get(unit, signs(unit))


def amount(value: float | str, unit: str) -> str:
    """A number with its unit: (30, "10^9/L") -> "30 × 10⁹/L"; (1, "weeks") -> "1 week"."""
    shown = plain(value)
    return f"{shown} {SINGULAR[unit] if shown == '1' and unit in SINGULAR else behind(unit)}".rstrip()


def with_signs(text: str) -> str:
    """Text of a source with its units as printed: "42 10^9/L", "42 x 10^9/L" -> "42 × 10⁹/L"."""
    return signs(re.sub(r"(?<=\d) (?:x )?(?=10\^\d)", " × ", text))


def day_number(value: float | None) -> str:
    """A day or a count of days, whole and bare: 19.0 -> "19"; "–" where missing, "not reached" where infinite."""
    if not is_missing(value) and math.isinf(value):
        return "not reached"
    return number(value)


def days(value: float | None) -> str:
    """A count of days with its unit: "1 day", "19 days"; "–" where missing, "not reached" where infinite."""
    if is_missing(value) or math.isinf(value):
        return day_number(value)
    return f"{number(value)} {'day' if number(value) == '1' else 'days'}"


def unbroken(text: str) -> str:
    """The text with every number kept on one line with its unit: "50 %", "30 × 10⁹/L", "n = 4", "k − 1 df"."""
    text = re.sub(r"(?<=[a-z]) - (?=\d+ df\b)", f" {MINUS} ", text)
    return FIXED.sub("\u00a0", text)


FIXED = re.compile(
    r"(?<=\d) (?=%|× 10|df\b)|(?<=×) (?=10)|(?<=\b[np]) (?=[=<>])|(?<=\b[np] [=<>]) (?=\d)"
    r"|(?<=[a-z]) (?=−)|(?<=−) (?=\d)"
)
"""Spaces at which a line is not broken."""
