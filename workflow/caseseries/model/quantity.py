"""Counts as intervals: `<5` is [0, 5), `>1000` is (1000, inf), 42 is [42, 42], empty is unknown.

An end is open when the true value cannot equal it. Source: the project's definition algebra, section "Values".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import isnan
from typing import NamedTuple

import numpy as np
import pandas as pd

from caseseries.model.text import tidy_text

PATTERN = re.compile(r"^\s*([<>]?)\s*(\d{1,15}(?:\.\d{1,15})?|\.\d{1,15})\s*$", re.ASCII)


class Interval(NamedTuple):
    """A non-negative quantity known to lie between `lo` and `hi`; NaN ends mean unknown."""

    lo: float
    hi: float
    lo_open: bool = False
    hi_open: bool = False


UNKNOWN = Interval(np.nan, np.nan)

Truth = bool | None
"""True, False, or None for unknown (Kleene)."""

_PLAIN_SIGNS = str.maketrans({code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {ord("\u2212"): "-"})


def tidy_number(text: str) -> str:
    """A written number in plain characters: full-width digits and signs (`１２`, `＜5`), blanks that do not break,
    invisible marks and the minus sign of typesetters mean the same as the plain ones."""
    return tidy_text(text).translate(_PLAIN_SIGNS)


def parse_interval(text: object) -> Interval | None:
    """Read one quantity as written in a table.

    Returns `UNKNOWN` for an empty cell and None where the text is no quantity (negative, words, two numbers).
    """
    if text is None or (isinstance(text, float) and np.isnan(text)) or str(text).strip() == "":
        return UNKNOWN
    match = PATTERN.match(str(text))
    if match is None:
        return None
    sign, value = match.group(1), float(match.group(2))
    if sign == "<":
        return Interval(0.0, value, False, True) if value > 0 else None
    if sign == ">":
        return Interval(value, np.inf, True, False)
    return Interval(value, value)


def interval_columns(texts: pd.Series, prefix: str = "") -> pd.DataFrame:
    """Interval columns `lo`, `hi` (float) and `lo_open`, `hi_open` (bool) of a column of written quantities.

    Cells that are no quantity become unknown here: the contract has refused them before this is called.
    """
    codes, unique = pd.factorize(texts.to_numpy(), use_na_sentinel=False)
    parsed = pd.DataFrame([parse_interval(text) or UNKNOWN for text in unique], columns=list(Interval._fields))
    parsed = parsed.astype({"lo": float, "hi": float, "lo_open": bool, "hi_open": bool})
    return parsed.take(codes).set_axis(texts.index).add_prefix(prefix)


def exceeds(value: Interval, limit: float) -> Truth:
    """Whether a count is above a limit."""
    if isnan(value.lo):
        return None
    if value.lo > limit or (value.lo == limit and value.lo_open):
        return True
    return False if value.hi <= limit else None


def reaches(value: Interval, limit: float) -> Truth:
    """Whether a count is at or above a limit."""
    if isnan(value.lo):
        return None
    if value.lo >= limit:
        return True
    return False if value.hi < limit or (value.hi == limit and value.hi_open) else None


def either(truths: Iterable[Truth]) -> Truth:
    """Kleene's OR."""
    truths = list(truths)
    if True in truths:
        return True
    return None if None in truths else False
