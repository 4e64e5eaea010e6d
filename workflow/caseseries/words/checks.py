"""What the checks asked about the data, as sentences."""

from __future__ import annotations

from caseseries.words.nouns import Noun
from caseseries.words.spelling import words

QUESTIONS = "The checks raised questions about the data; none keeps the results from being computed."
"""Above the table of questions."""

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
