"""What a cohort holds beside its claims, and our numbers held against printed ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from caseseries.model.claim import Claim
from caseseries.model.results import DESCRIPTION, ESTIMATES, TIMES
from caseseries.reconcile.answer import DIFFERS, REPRODUCED, Answer
from caseseries.reconcile.rounding import agrees
from caseseries.words.lists import listing
from caseseries.words.nouns import inflected

COUNTED = ("group", "outcome", "events", "n", "origin")
"""Columns of aggregates.csv that are read here."""

CASES = "cases"
"""Basis of a number that the cases of the cohort give."""

Numbers = dict[str, object]
"""Our numbers by their key in `says`, and their `unit`."""


@dataclass(frozen=True)
class Grounds:
    """What a cohort holds beside its claims; what must not be told of a restricted one stays empty.

    Parameters
    ----------
    estimates, description : `results.ESTIMATES`, `results.DESCRIPTION`.
    aggregates : the counts that stand in place of cases.
    groups : episodes of everybody and of each group that is compared, first episode of each person.
    times : `results.TIMES`.
    from_totals : the rows of cases hold nothing that the printed total does not say.
    """

    estimates: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(ESTIMATES)))
    description: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(DESCRIPTION)))
    aggregates: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(COUNTED)))
    groups: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    times: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(TIMES)))
    from_totals: bool = False


@dataclass(frozen=True)
class Ours:
    """Our numbers for a claim and how they compare with print.

    Parameters
    ----------
    numbers : by their key in `says`.
    answer : `reproduced` or `differs` as far as the numbers go, with what they rest on.
    basis : `CASES`; else the origin of a row of aggregates.csv.
    """

    numbers: Numbers
    answer: Answer
    basis: str = CASES


def compared(numbers: Numbers, differing: list[str], basis: str, origin: str = CASES) -> Ours:
    """Our numbers with their answer; `differing` names those that are not as printed."""
    if differing:
        verb = inflected(len(differing), "is", "are")
        return Ours(numbers, Answer(DIFFERS, f"{listing(differing)} {verb} not the same; {basis}"), origin)
    return Ours(numbers, Answer(REPRODUCED, basis), origin)


def chosen(claim: Claim, estimates: pd.DataFrame, statistic: str, definition: str) -> pd.DataFrame:
    """Rows of a statistic of everybody once, for the claim's group and, where it names one, its cause."""
    rows = estimates[
        (estimates["statistic"] == statistic)
        & (estimates["definition"] == definition)
        & (estimates["group"] == claim.group)
        & estimates["analysis"].isin(["primary", "aggregate"])
        & estimates["estimate"].notna()
    ]
    return rows[rows["cause"] == claim.cause] if claim.cause else rows


def said(claim: Claim, numbers: Numbers) -> Numbers:
    """Of our numbers those that the claim prints, and the unit."""
    return {name: value for name, value in numbers.items() if name == "unit" or getattr(claim.says, name) is not None}


def differing_numbers(claim: Claim, numbers: Numbers) -> list[str]:
    """Names of the printed numbers that ours, rounded to the printed decimals, are not."""
    words = {"events": "events", "n": "number of cases", "percent": "percentage", "value": "value", "mean": "mean"}
    words |= {"sd": "SD", "lower": "lower end", "upper": "upper end"}
    printed = {name: getattr(claim.says, name) for name in words}
    return [
        words[name]
        for name, value in printed.items()
        if value is not None and name in numbers and not agrees(value, numbers[name])  # type: ignore[arg-type]
    ]


def column(episodes: pd.DataFrame, name: str) -> list[float]:
    """Known numbers of a column of episodes; [] where it holds none, or one that is no exact number."""
    if name not in episodes:
        return []
    known = episodes[name].replace("", None).dropna()
    values = pd.to_numeric(known, errors="coerce")
    return [] if values.isna().any() else values.astype(float).tolist()
