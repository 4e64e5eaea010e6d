"""Table 1 of a restricted cohort: no level, and no missing, of fewer than k people, and no single person's value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from caseseries.disclose.people import People
from caseseries.disclose.quantiles import rounded_quantile
from caseseries.disclose.shown import Shown
from caseseries.estimate.describe import describe
from caseseries.model.groups import ALL

SHARES = {"median": 0.5, "q1": 0.25, "q3": 0.75}
QUANTILES = {
    **{name: (share, "lo") for name, share in SHARES.items()},
    **{f"{name}_from": (share, "lo") for name, share in SHARES.items()},
    **{f"{name}_to": (share, "hi") for name, share in SHARES.items()},
}
"""Statistic -> the share below it, and the end of the values of which it is read."""
EVERYBODY = ("episodes", "patients")


def of_first_episodes(description: pd.DataFrame, people: People) -> pd.DataFrame:
    """Table 1 of one episode a person: how many more there are tells of the few people who have several."""
    records = people.records
    if len(records["episodes"]) == people.number:
        return description
    made = describe(people.cohort, replace(records, tables=records.tables | {"episodes": people.episodes}))
    return made[made["variable"].isin(description["variable"])]


def told_description(description: pd.DataFrame, groups: list[str], people: People, shown: Shown) -> pd.DataFrame:
    """The rows of description.csv that may be told; quantiles are rounded until k people share the rounded value.

    A variable is told for everybody, and by group where its counts in every group may be told beside that.
    """
    sizes = description[description["variable"].isin(EVERYBODY) & description["group"].isin([ALL, *groups])]
    parts = [sizes[~shown.small(sizes["value"])]]  # of counts in place of cases they are not looked at before
    for variable, rows in description.groupby("variable", sort=False):
        if variable in EVERYBODY or variable not in people.episodes:
            continue
        values = _labelled(people, variable)
        parts.append(_told_variable(rows[rows["group"] == ALL], values, [ALL], people, shown))
        if groups and len(parts[-1]):
            parts.append(_told_variable(rows[rows["group"].isin(groups)], values, groups, people, shown))
    return pd.concat(parts).sort_index()


def _labelled(people: People, variable: str) -> pd.Series:
    """Values of a variable as Table 1 counts them: by label."""
    covariate = next((one for one in people.cohort.covariates if one.name == variable), None)
    labels = covariate.levels if covariate else {}
    values = people.episodes[variable]
    return values.map(lambda value: labels.get(value, value)) if labels else values


def _told_variable(
    rows: pd.DataFrame, values: pd.Series, groups: list[str], people: People, shown: Shown
) -> pd.DataFrame:
    known = (values.notna() & (values != "")).to_numpy()
    inside = {group: people.group(group) for group in groups}
    missing = [~known & mask for mask in inside.values() if (~known & mask).any()]
    if (rows["statistic"] == "count").any():
        return _told_levels(rows, values, known, inside, missing, shown)
    if not shown.tell(missing):
        return rows.iloc[:0]
    told = rows[rows["statistic"].isin(QUANTILES)].copy()
    for place, row in told.iterrows():
        share, end = QUANTILES[row["statistic"]]
        of_group = _numbers(people, values, end)[known & inside[row["group"]]]
        told.loc[place, "value"] = rounded_quantile(of_group, share, shown.threshold)
    return told[told["value"].notna()]


def _numbers(people: People, values: pd.Series, end: str) -> np.ndarray:
    """A variable as numbers; of a quantity that may be known as a limit alone (`<5`), one of its ends."""
    ends = people.episodes.get(f"{values.name}_{end}")
    if ends is not None:
        return ends.to_numpy(float)
    return pd.to_numeric(values.replace("", None) if values.dtype == object else values).to_numpy(float)


def _told_levels(
    rows: pd.DataFrame,
    values: pd.Series,
    known: np.ndarray,
    inside: dict[str, np.ndarray],
    missing: list[np.ndarray],
    shown: Shown,
) -> pd.DataFrame:
    """Levels from the largest on; the smallest are left out until those left out together are enough people."""
    sizes = values[known].value_counts()
    levels = sorted(sizes.index, key=lambda level: (-sizes[level], level))
    while levels:
        masks = {level: (values == level).to_numpy() & known for level in levels}
        rest = known & ~np.logical_or.reduce(list(masks.values()))
        told = [mask & group for mask in (*masks.values(), rest) for group in inside.values()]
        all_there = all((mask & group).any() for mask in masks.values() for group in inside.values())
        if all_there and shown.tell([mask for mask in (*told, *missing) if mask.any()]):
            return rows[rows["level"].isin(levels)]
        levels.pop()
    return rows.iloc[:0]
