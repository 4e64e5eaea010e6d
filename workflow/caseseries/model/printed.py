"""Numbers as a publication prints them: the decimals that were written, and p-values that are a bound or a word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, cast

from pydantic import BeforeValidator

NOT_SIGNIFICANT = Decimal("0.05")
"""What `NS` says: p is at least this."""

_P = re.compile(r"(?:p\s*)?(?P<sign><=|>=|[<>=≤≥])?\s*(?P<number>\d*\.?\d+(?:e-?\d+)?)", re.IGNORECASE)
_NS = re.compile(r"(?:p\s*[=:]?\s*)?(?:n\.?\s*s\.?|(?:not|non)[- ]?significant)", re.IGNORECASE)
_SIGNS = {"": "=", None: "=", "<=": "≤", ">=": "≥"}


Sign = Literal["=", "<", ">", "≤", "≥"]


@dataclass(frozen=True)
class PrintedP:
    """A printed p-value: `=` a number, else a bound; `NS` is `≥ 0.05`."""

    sign: Sign
    number: Decimal
    text: str

    def holds(self, p: float) -> bool:
        """Whether a p-value is as printed: rounded to the printed decimals, or on the printed side of the bound."""
        limit = float(self.number)
        if self.sign == "=":
            return abs(p - limit) <= 0.5 * 10.0 ** -decimals_of(self.number) * (1 + 1e-9)
        return {"<": p < limit, ">": p > limit, "≤": p <= limit, "≥": p >= limit}[self.sign]

    def span(self) -> tuple[Fraction, Fraction]:
        """Smallest and largest p-value that may be printed so; a bound is an end that may not belong to it."""
        number, half = Fraction(self.number), Fraction(1, 2 * 10 ** decimals_of(self.number))
        if self.sign == "=":
            return max(Fraction(0), number - half), min(Fraction(1), number + half)
        return (Fraction(0), number) if self.sign in "<≤" else (number, Fraction(1))

    def agrees_with(self, other: PrintedP) -> bool:
        """Whether some p-value is printed as both."""
        low, high = (max(self.span()[0], other.span()[0]), min(self.span()[1], other.span()[1]))
        return low < high or (low == high and self.holds(float(low)) and other.holds(float(low)))


def read_p(value: object) -> PrintedP:
    """A p-value from a number or a text: `0.03`, `<0.001`, `P > 0.05`, `NS`."""
    if isinstance(value, PrintedP):
        return value
    text = str(value).strip()
    if _NS.fullmatch(text):
        return PrintedP("≥", NOT_SIGNIFICANT, "NS")
    found = _P.fullmatch(text)
    if found is None or isinstance(value, bool) or Decimal(found["number"]) > 1:
        raise ValueError("p is a number from 0 to 1, a bound such as <0.001, or NS")
    number = Decimal(found["number"])
    sign = cast("Sign", _SIGNS.get(found["sign"], found["sign"]))
    return PrintedP(sign, number, f"p {sign} {number}")


P = Annotated[PrintedP, BeforeValidator(read_p)]


def decimals_of(printed: int | Decimal) -> int:
    """How many decimals a number is printed with."""
    exponent = Decimal(printed).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
