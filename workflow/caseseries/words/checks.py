"""What the checks asked about the data, as sentences."""

from __future__ import annotations

from caseseries.words.nouns import Noun, plural
from caseseries.words.numbers import number
from caseseries.words.spelling import sentence, words


def say_quality(errors: int, warnings: int) -> str:
    """How many questions the checks raised about the data."""
    total = errors + warnings
    if not total:
        return "The checks raised no question about the data."
    first = f"the checks raised {plural(total, 'question')} about the data"
    if errors:
        return sentence(f"{first}, {number(errors)} of them an error")
    blocking = "it does not keep" if total == 1 else "none keeps"
    return sentence(f"{first}; {blocking} the results from being computed")


ROWS = {
    "bleeding": Noun("bleed", "bleeds"),
    "curves": Noun("point of a curve", "points of curves"),
    "at_risk": Noun("number at risk", "numbers at risk"),
}
"""What the rows of a table are where it is not called by them."""


def say_rows(size: int, table: str) -> str:
    """How many rows a table has: "1 episode", "2 adverse events"."""
    noun = ROWS.get(table) or Noun(words(table.removesuffix("s")), words(table))
    return noun.count(size)
