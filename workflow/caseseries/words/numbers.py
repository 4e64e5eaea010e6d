"""Numbers as a reader sees them: one way for each kind, for tables, figures and sentences alike.

Shares are percent, without decimals below n = 100 and with one from there on, and always stand beside their counts.
A minus is the sign U+2212; an en dash alone means "no value".
Rounding is half away from zero on the decimal value, as a reader does it by hand (1 of 8 is 13 %).
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import TypeIs

NOTHING = "–"
"""What a cell says that has no value."""

MINUS = "−"
DECIMALS_FROM = 100
"""Size of the denominator from which percent carries one decimal."""

P_VALUE_FROM = 10
"""Smallest number of people for whom a p-value is printed; below it every p-value is noise with a decimal point."""


def is_missing(value: object) -> TypeIs[None]:
    """True for None, NaN and the empty string; a value of which it is not true is not None."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def number(value: float | None, decimals: int = 0) -> str:
    """A number with a fixed count of decimals: 12.5 -> "13", -3.2 with 1 decimal -> "−3.2"; "–" where missing."""
    if is_missing(value):
        return NOTHING
    if math.isinf(value):
        return (MINUS if value < 0 else "") + "∞"
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded)}"
    return (MINUS if rounded < 0 else "") + text


def short_number(value: float | None, decimals: int = 1) -> str:
    """A number with at most `decimals` decimals and no trailing zeros: 31.0 -> "31", 31.25 -> "31.3"."""
    text = number(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain(value: float | str) -> str:
    """A number as one would write it, without needless digits: 0.5 -> "0.5", 30.0 -> "30"; text as it is."""
    return value if isinstance(value, str) else f"{value:.10g}"


def fraction(events: float, n: float) -> str:
    """Counts in a table cell: "2/4"."""
    return f"{number(events)}/{number(n)}"


def counts(events: float, n: float) -> str:
    """Counts in a sentence: "2 of 4"."""
    return f"{number(events)} of {number(n)}"


def percent_decimals(n: float | None) -> int:
    """Decimals of a percent whose denominator is `n` (unknown: none)."""
    return 0 if is_missing(n) or n < DECIMALS_FROM else 1


def percent(share: float | None, n: float | None = None) -> str:
    """A share of 0 to 1 as percent: (0.5, 4) -> "50 %"; "–" where missing. `n` is its denominator."""
    return NOTHING if is_missing(share) else f"{number(hundredfold(share), percent_decimals(n))} %"


def percent_of(events: float, n: float) -> str:
    """Percent of counts: (1, 8) -> "13 %"; "–" of nobody."""
    return percent(events / n, n) if n else NOTHING


def share(events: float, n: float) -> str:
    """Counts with their percent: "2 of 4 (50 %)"; "0 of 0" alone, for nobody has no percent."""
    return f"{counts(events, n)} ({percent_of(events, n)})" if n else counts(events, n)


def hundredfold(value: float) -> float:
    """Percent of a share, without the dust of binary multiplication (0.145 * 100 = 14.499...)."""
    return float(Decimal(repr(round(float(value), 12))) * 100)


def p_value(p: float | None, n: float) -> str:
    """A p-value: "p < 0.001", "p = 0.012", "p = 0.34", "p > 0.99"; "" where missing or among fewer than ten people.

    Three decimals below 0.1 and two from there on; a p-value below 0.05 is never rounded up to it.
    """
    if is_missing(p) or n < P_VALUE_FROM:
        return ""
    if not 0 <= p <= 1:
        raise ValueError("a p-value lies between 0 and 1")
    if p < 0.001:
        return "p < 0.001"
    if p > 0.99:
        return "p > 0.99"
    text = number(p, 3 if p < 0.1 else 2)
    decimals = 3
    while p < 0.05 and float(text) >= 0.05 and decimals < 12:
        decimals += 1
        text = number(p, decimals)
    return f"p = {text}"


def quantity(lo: float, hi: float, lo_open: bool = False, hi_open: bool = False) -> str:
    """A count as written: [42, 42] -> "42", [0, 5) -> "<5", (1000, inf) -> ">1000", unknown -> "–"."""
    if is_missing(lo) or is_missing(hi):
        return NOTHING
    if math.isinf(hi):
        return f"{'>' if lo_open else '≥'}{short_number(lo)}"
    if lo == hi:
        return short_number(lo)
    if lo == 0 and not lo_open:
        return f"{'<' if hi_open else '≤'}{short_number(hi)}"
    return f"{short_number(lo)} to {short_number(hi)}"
