"""Table 1: who is in a cohort, variable by variable, what is missing included.

Nothing is imputed and no group is compared: a description of a handful of people carries no p-value
(CARE 2013 items on patient information; PROCESS 2023 items on participants).
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

import numpy as np
import pandas as pd

from caseseries.model.cohort import Cohort
from caseseries.model.columns import Column
from caseseries.model.groups import ALL, groups_of
from caseseries.model.methods import WORKED_OUT
from caseseries.model.records import Records
from caseseries.model.results import DESCRIPTION
from caseseries.words.nouns import people_of
from caseseries.words.spelling import capital
from caseseries.words.variables import label_of

QUANTILES = (("median", 0.5), ("q1", 0.25), ("q3", 0.75), ("minimum", 0.0), ("maximum", 1.0))


def describe(cohort: Cohort, records: Records) -> pd.DataFrame:
    """Long Table 1 (`results.DESCRIPTION`) of a cohort and of each of its groups.

    `n` is the number with a known value and `missing` the number without. Categories: one row a level with
    statistic `count`. Numbers: median, quartiles (linear interpolation) and range. A baseline given as `<x` is an
    interval: where a statistic depends on where in the interval the count lies, both ends are given, as
    `<statistic>_from` and `<statistic>_to`.
    """
    rows: list[dict] = []
    episodes = records["episodes"]
    if len(episodes):
        for group, members in [(ALL, episodes), *groups_of(cohort, episodes)[1:]]:
            rows += _describe_episodes(cohort, group, members)
    rows += _describe_aggregates(cohort, records["aggregates"], described=len(episodes) > 0)
    frame = pd.DataFrame(rows, columns=list(DESCRIPTION))
    return frame.assign(cohort=cohort.id)


def leave_out_told(description: pd.DataFrame, elsewhere: Collection[str]) -> pd.DataFrame:
    """A description without the empty variables of which other tables tell (`elsewhere`): they were recorded."""
    known = description[description["n"] > 0]["variable"]
    return description[~description["variable"].isin(set(elsewhere) - set(known))]


def _describe_episodes(cohort: Cohort, group: str, episodes: pd.DataFrame) -> list[dict]:
    rows = [
        _row(group, "episodes", "Episodes", statistic="count", value=len(episodes), n=len(episodes), missing=0),
        _row(
            group,
            "patients",
            capital(people_of([cohort]).many),
            statistic="count",
            value=episodes["patient_id"].nunique(),
            n=len(episodes),
            missing=0,
        ),
    ]
    for variable in cohort.variables:
        if variable.role == "variable":
            rows += _describe_variable(group, variable, episodes)
    return rows


def _describe_variable(group: str, variable: Column, episodes: pd.DataFrame) -> list[dict]:
    values = episodes[variable.name]
    if variable.kind == "quantity":
        return _describe_quantity(group, variable, episodes)
    if variable.kind == "text":
        return _describe_categories(group, variable, values)
    return _describe_numbers(group, variable, pd.to_numeric(values.replace("", None)).to_numpy(dtype=float))


def _row(
    group: str,
    variable: str,
    label: str,
    *,
    statistic: str,
    value: float = np.nan,
    n: int,
    missing: int,
    unit: str = "",
    level: str = "",
) -> dict:
    return {
        "group": group,
        "variable": variable,
        "label": label,
        "unit": unit,
        "level": level,
        "statistic": statistic,
        "value": value,
        "n": n,
        "missing": missing,
    }


def _describe_categories(group: str, variable: Column, values: pd.Series) -> list[dict]:
    labels = variable.levels
    written = values[values != ""].value_counts()
    number = written.groupby([labels.get(value, value) for value in written.index]).sum()
    known = int(number.sum())
    missing = len(values) - known
    ordered = dict.fromkeys(labels.get(value, value) for value in variable.allowed or labels)
    present = [level for level in ordered if level in number.index]
    present += sorted(set(number.index) - set(present))
    row = partial(_row, group, variable.name, variable.label, statistic="count")
    if not present:
        return [row(n=0, missing=missing)]
    return [row(level=level, value=int(number[level]), n=known, missing=missing) for level in present]


def _describe_numbers(group: str, variable: Column, values: np.ndarray) -> list[dict]:
    known = values[~np.isnan(values)]
    missing = len(values) - len(known)
    row = partial(_row, group, variable.name, variable.label, unit=variable.unit)
    if not len(known):
        return [row(statistic="median", n=0, missing=missing)]
    with np.errstate(invalid="ignore"):  # between two ends that nobody knows there is no number
        found = [float(np.quantile(known, share)) for _, share in QUANTILES]
    return [
        row(statistic=statistic, value=value, n=len(known), missing=missing)
        for (statistic, _), value in zip(QUANTILES, found, strict=True)
    ]


def _describe_quantity(group: str, variable: Column, episodes: pd.DataFrame) -> list[dict]:
    lower = _describe_numbers(group, variable, episodes[f"{variable.name}_lo"].to_numpy())
    upper = _describe_numbers(group, variable, episodes[f"{variable.name}_hi"].to_numpy())
    rows = []
    for from_, to in zip(lower, upper, strict=True):
        if from_["value"] == to["value"] or np.isnan(from_["value"]):
            rows.append(from_)
        else:
            rows.append(from_ | {"statistic": from_["statistic"] + "_from"})
            if np.isfinite(to["value"]):
                rows.append(to | {"statistic": to["statistic"] + "_to"})
    return rows


def _describe_aggregates(cohort: Cohort, aggregates: pd.DataFrame, *, described: bool) -> list[dict]:
    """What a source prints of its cases: group sizes where there are no rows of cases, medians and the like."""
    rows = []
    if not described:
        counted = aggregates.dropna(subset=["n"])
        everybody = counted["n"] + counted["not_evaluable"].fillna(0)
        sizes = everybody.groupby(counted["group"], sort=False).max()
        rows = [
            _row(group, "episodes", "Episodes", statistic="count", value=size, n=int(size), missing=0)
            for group, size in sizes.items()
        ]
    printed = aggregates[aggregates["value"].notna() & aggregates["events"].isna()]
    labels = {variable.name: variable.label for variable in cohort.variables}
    for line in printed.itertuples():
        known = 0 if np.isnan(line.n) else int(line.n)
        noted = f" ({WORKED_OUT})" if line.origin == "derived" else ""
        for statistic, value in (("value", line.value), ("lower", line.lower), ("upper", line.upper)):
            if not np.isnan(value):
                rows.append(
                    _row(
                        line.group,
                        line.outcome,
                        (labels.get(line.outcome) or label_of(line.outcome, line.unit)) + noted,
                        unit=line.unit,
                        statistic=f"printed_{statistic}",
                        value=value,
                        n=known,
                        missing=0,
                    )
                )
    return rows
