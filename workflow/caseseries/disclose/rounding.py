"""Results of a restricted cohort with every number of people rounded, and all else made again from the rounded numbers.

OpenSAFELY's projects redact counts up to 7 and then round what is left to the nearest 5, numerator and denominator
before the rate (opensafely/medication-reviews, analysis/redact_and_round.py). Only what may be told as it is is rounded
here, so that nothing follows from rounded numbers that would not follow from the exact ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from caseseries.disclose.people import People
from caseseries.estimate.contrasts import contrast_groups
from caseseries.estimate.curves import estimate_curves
from caseseries.estimators.proportion import proportion
from caseseries.model.cohort import Cohort
from caseseries.model.groups import ALL
from caseseries.model.methods import RATE_INTERVALS
from caseseries.model.records import Records
from caseseries.model.results import event_of

NUMBERS = ("events", "n", "not_evaluable")
"""Columns of estimates.csv that count people."""


def rounded(number: pd.Series | pd.DataFrame | float, base: int) -> np.ndarray:
    """The nearest multiple of the base, halves up; what is not known stays so."""
    return np.floor(np.asarray(number, dtype=float) / base + 0.5) * base


def rounded_rates(rates: pd.DataFrame, base: int) -> pd.DataFrame:
    """Rates (rows of estimates.csv) with their intervals, made again from rounded numbers."""
    told = rates.assign(**{name: rounded(rates[name], base) for name in NUMBERS})
    for place, row in told[told["method"].isin(RATE_INTERVALS) & (told["n"] > 0)].iterrows():
        rate = proportion(int(row["events"]), int(row["n"]), RATE_INTERVALS[row["method"]], row["level"])
        told.loc[place, ["estimate", "lower", "upper"]] = rate.estimate, rate.lower, rate.upper
    return told


def rounded_description(description: pd.DataFrame, base: int) -> pd.DataFrame:
    """Table 1 with its counts rounded; medians and quartiles already are so that enough people share them."""
    value = description["value"].where(description["statistic"] != "count", rounded(description["value"], base))
    return description.assign(value=value, **{name: rounded(description[name], base) for name in ("n", "missing")})


def rounded_curves(times: pd.DataFrame, by_group: set[str], people: People, level: float) -> Iterator[pd.DataFrame]:
    """Curves, tests and what is read from them, of as many people as the rounded numbers say.

    Parameters
    ----------
    times : each definition's, one row a person in their order, each day the end of a block (`curves.told_times`).
    by_group : definitions whose curves are told by group too.
    """
    base, least = people.cohort.disclosure.rounding or 1, people.cohort.disclosure.least
    alone = people.cohort.model_copy(update={"grouped_by": None})
    group = np.zeros(people.number, dtype=int)
    for code, mask in enumerate(people.groups.values()):
        group[mask] = code
    for definition, these in times.groupby("definition", sort=False):
        records, moved = rounded_people(people.records, these, np.zeros_like(group), base, least)
        yield _curves(alone, records, moved, level)
        if definition in by_group:
            records, moved = rounded_people(people.records, these, group, base, least)
            curves = _curves(people.cohort, records, moved, level)
            yield curves[curves["group"] != ALL] if len(curves) else curves
            yield contrast_groups(people.cohort, records, pd.DataFrame(), moved, level)


def _curves(cohort: Cohort, records: Records, times: pd.DataFrame, level: float) -> pd.DataFrame:
    curves = estimate_curves(cohort, records, times, level)
    return curves[curves["statistic"] != "later_events"] if len(curves) else curves


def rounded_people(
    records: Records, times: pd.DataFrame, group: np.ndarray, base: int, least: int
) -> tuple[Records, pd.DataFrame]:
    """Records and times of as many people as the rounded numbers of a curve say, for the estimators to read.

    Parameters
    ----------
    times : one definition's, one row a person, each day the end of its block.
    group : code of each person's group, in the order of `times`.
    least : fewest people that a rounded number may be, but 0.
    """
    event = event_of(times["definition"].iloc[0])
    parts = [_rounded_group(times[group == code], event, base, least) for code in np.unique(group)]
    if any(part.empty for part in parts):
        return records, times.iloc[:0]
    made = pd.concat(parts, ignore_index=True)
    labels = [f"rounded {place}" for place in range(len(made))]
    episodes = records["episodes"]
    if len(episodes):
        alike = episodes.set_index("episode_id", drop=False).loc[made["episode_id"]]
        episodes = alike.assign(episode_id=labels, patient_id=labels).reset_index(drop=True)
    return replace(records, tables=records.tables | {"episodes": episodes}), made.assign(episode_id=labels)


def _rounded_group(times: pd.DataFrame, event: str, base: int, least: int) -> pd.DataFrame:
    """Rows of one group: by the end of each block so many have ended in each way as the rounded number says.

    What is then missing of the rounded number of people, or too much, is made up where most of those are who ended
    otherwise than by the event. No rows where that cannot be.
    """
    cells = times.groupby(["time", "cause"]).size().unstack(fill_value=0)
    counts = np.diff(rounded(cells.cumsum(), base), axis=0, prepend=0)
    others = np.where(cells.columns == event, 0, counts)
    over = rounded(len(times), base) - counts.sum()
    while over and others.any():
        largest = np.unravel_index(others.argmax(), others.shape)
        for numbers in (counts, others):
            numbers[largest] += np.sign(over) * base
        over -= np.sign(over) * base
    if over or (counts[cells.to_numpy() > 0] < least).any():
        return times.iloc[:0]
    row, column = np.nonzero(counts)
    ended = pd.MultiIndex.from_arrays([cells.index[row], cells.columns[column]])
    first = times.drop_duplicates(["time", "cause"]).set_index(["time", "cause"], drop=False).loc[ended]
    return first.loc[first.index.repeat(counts[row, column].astype(int))].reset_index(drop=True)
