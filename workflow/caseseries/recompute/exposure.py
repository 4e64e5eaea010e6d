"""Exposure, follow-up and events by time on the drug again: medians by Python, exact limits by statsmodels."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.recompute.opinion import Opinion
from caseseries.recompute.people import People

EXPOSURES = ("days_on_drug", "cumulative_dose", "days_followed")
BY_TIME = "_per_100_weeks"
DAYS = 700
"""Days in a hundred weeks."""


def measured(row: pd.Series, people: People) -> list[float]:
    """Values of a measure of exposure or follow-up, of the members of a group of whom it is known."""
    members = people.members(row["group"])
    if row["statistic"] == "days_followed":
        return [float(day) for day in members["follow_up_end_day"].dropna()]
    exposures = people.exposures
    of_all = exposures.days if row["statistic"] == "days_on_drug" else exposures.doses[row["cause"]]
    return [float(value) for value in of_all[people.numbers(row["group"])] if not np.isnan(value)]


def by_time(row: pd.Series, people: People) -> Opinion:
    """Episodes with an event per 100 weeks on the drug, counted from what is on record of each."""
    from statsmodels.stats.rates import confint_poisson

    harm, members = people.harms[row["statistic"].removesuffix(BY_TIME), row["cause"]], people.numbers(row["group"])
    inside = members[harm.evaluable.iloc[members].to_numpy()]
    events = harm.among(inside).events
    time = float(np.nansum(people.exposures.days[inside])) / DAYS
    lower, upper = confint_poisson(events, time, method="exact-c", alpha=1 - float(row["level"]))
    return Opinion("statsmodels", events / time, lower=float(lower) if events else 0.0, upper=float(upper))
