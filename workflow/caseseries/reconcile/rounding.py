"""How a number was rounded to what is printed: to the nearest, or cut off, or up; in exact arithmetic.

Binary fractions call halves wrongly (2.675, 0.145), so that printed numbers are decimals and true ones fractions.
A half may have been rounded either way: programs differ, and so do people.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from caseseries.model.printed import decimals_of

NEAREST = ("half_up", "half_even", "half_down")
"""Roundings to the nearest number; they differ where the true one is a half."""

CUT_OFF, UP = "truncation", "up"
WORDS = {
    "half_up": "half up",
    "half_even": "half to even",
    "half_down": "half down",
    CUT_OFF: "cut off, not rounded",
    UP: "rounded up",
}
"""Roundings as the reason of a verdict names them."""


def modes(printed: int | Decimal, value: Fraction) -> tuple[str, ...]:
    """The roundings under which a value is printed so, of `WORDS`; none where no rounding gives it."""
    scale = 10 ** decimals_of(printed)
    wanted, exact = Fraction(printed) * scale, abs(value) * scale
    if value < 0:
        wanted = -wanted
    floor = exact.numerator // exact.denominator
    rest = exact - floor
    half_up = floor + (rest >= Fraction(1, 2))
    half_down = floor + (rest > Fraction(1, 2))
    half_even = half_down if rest == Fraction(1, 2) and floor % 2 == 0 else half_up
    made = {"half_up": half_up, "half_even": half_even, "half_down": half_down, CUT_OFF: floor, UP: floor + (rest > 0)}
    return tuple(name for name, number in made.items() if number == wanted)


def is_nearest(printed: int | Decimal, value: Fraction) -> bool:
    """Whether rounding to the nearest, a half either way, prints a value so."""
    low, high = span(printed)
    return low <= value <= high


def span(printed: int | Decimal) -> tuple[Fraction, Fraction]:
    """Smallest and largest number that is printed so."""
    half = Fraction(1, 2 * 10 ** decimals_of(printed))
    return Fraction(printed) - half, Fraction(printed) + half


def surely_below(one: int | Decimal, other: int | Decimal) -> bool:
    """Whether the number printed as `one` lies below that printed as `other`, however both were rounded.

    No rounding changes an order, so that numbers with as many decimals are compared as they are printed.
    """
    if decimals_of(one) == decimals_of(other):
        return one < other
    return span(one)[1] < span(other)[0]


def agrees(printed: int | Decimal, ours: float | Fraction | None) -> bool:
    """Whether our number is as printed. One that is no fraction has the error of floats, which is allowed for."""
    if ours is None or math.isnan(ours):
        return False
    if isinstance(ours, Fraction):
        return is_nearest(printed, ours)
    return abs(float(printed) - ours) <= 0.5 * 10.0 ** -decimals_of(printed) * (1 + 1e-9)


def odd_rounding(found: tuple[str, ...]) -> str:
    """The name in words where no rounding to the nearest gives what is printed but another does, else ""."""
    if not found or set(found) & set(NEAREST):
        return ""
    return WORDS[found[0]]


def half_words(found: tuple[str, ...]) -> str:
    """How a half was rounded, where the value was one: "half to even, half down"; else ""."""
    nearest = [WORDS[name] for name in NEAREST if name in found]
    return ", ".join(nearest) if 0 < len(nearest) < len(NEAREST) else ""


def written(value: Fraction, decimals: int) -> str:
    """A value as text with so many decimals, the nearest, a half away from 0."""
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    text = f"{whole // 10**decimals}" + (f".{whole % 10**decimals:0{decimals}d}" if decimals else "")
    return f"-{text}" if value < 0 and whole else text


def exact(value: Fraction) -> str:
    """A value with as many decimals as it has, at most 4: "27.5", "34.2857"."""
    text = written(value, 4)
    return text.rstrip("0").rstrip(".")
