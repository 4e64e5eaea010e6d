"""What used to stand in one module, for callers that have not moved yet: import from the module of the subject."""

from caseseries.words.intervals import day_interval, level_text, percent_interval, percent_limit, rate
from caseseries.words.lists import listing
from caseseries.words.nouns import plural
from caseseries.words.numbers import (
    MINUS,
    NOTHING,
    P_VALUE_FROM,
    counts,
    fraction,
    is_missing,
    number,
    p_value,
    percent,
    percent_of,
    quantity,
    share,
    short_number,
)
from caseseries.words.spelling import words
from caseseries.words.units import day_number, days, unbroken

__all__ = [
    "MINUS",
    "NOTHING",
    "P_VALUE_FROM",
    "counts",
    "day_interval",
    "day_number",
    "days",
    "fraction",
    "is_missing",
    "level_text",
    "listing",
    "number",
    "p_value",
    "percent",
    "percent_interval",
    "percent_limit",
    "percent_of",
    "plural",
    "quantity",
    "rate",
    "share",
    "short_number",
    "unbroken",
    "words",
]
