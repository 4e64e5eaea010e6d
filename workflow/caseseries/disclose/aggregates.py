"""Counts that stand in place of cases: whom they count is not known, so that any may be a part of any other."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.disclose.shown import Shown
from caseseries.model.groups import ALL

NUMBERS = ("events", "n", "not_evaluable")


def told_aggregates(estimates: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """The rates of estimates.csv from counts in place of cases that may be told.

    The groups of an outcome are told together or not at all, and beside everybody only where the rest is of nobody or
    of enough people. Of two outcomes of one group the worst is taken for true: the smaller is a part of the larger.
    """
    rows = estimates[estimates["analysis"] == "aggregate"]
    if rows.empty:
        return rows
    known = rows.assign(base=rows["statistic"].str.replace(r"_(?:best|worst)_case$", "", regex=True))
    known[list(NUMBERS)] = known[list(NUMBERS)].fillna(0).astype(int)
    sizes = (known["n"] + known["not_evaluable"]).groupby(known["group"]).max()
    shown = {group: Shown(int(size), threshold) for group, size in sizes.items()}
    told: list[int] = []
    for _, same in known.groupby(["definition", "base", "cause"], sort=False):
        everybody, groups = same[same["group"] == ALL], same[same["group"] != ALL]
        if _tell(everybody, shown):
            told += [*everybody.index]
        if not _small_rest(everybody, groups, threshold) and _tell(groups, shown):
            told += [*groups.index]
    return rows[rows.index.isin(told)]


def _tell(rows: pd.DataFrame, shown: dict[str, Shown]) -> bool:
    """Take the counts of an outcome in, those of all its groups, if they may be told."""
    plain = rows[rows["statistic"] == rows["base"]]
    varied = (plain["events"] > 0) & (plain["events"] < plain["n"])
    masks = {group: _masks(mine, shown[group].people) for group, mine in rows.groupby("group")}
    if not varied.all() or not all(shown[group].admits(mine) for group, mine in masks.items()):
        return False
    return all(shown[group].tell(mine) for group, mine in masks.items())


def _masks(rows: pd.DataFrame, people: int) -> list[np.ndarray]:
    """Those with the event, those in n and everybody, as if each were the first of the group."""
    place = np.arange(people)
    numbers = {0, *rows["events"], *rows["n"], *(rows["n"] + rows["not_evaluable"])}
    return [place < number for number in sorted(numbers) if number]


def _small_rest(everybody: pd.DataFrame, groups: pd.DataFrame, threshold: int) -> bool:
    """Whether everybody less all groups is few people."""
    key = ["statistic", "group"]
    of_all = everybody.drop_duplicates(key).set_index("statistic")[list(NUMBERS)]
    of_groups = groups.drop_duplicates(key).groupby("statistic")[list(NUMBERS)].sum()
    rest = (of_all - of_groups).dropna()
    rest["without"] = rest["n"] - rest["events"]
    return bool(((rest > 0) & (rest < threshold)).any(axis=None))
