"""Exposure, follow-up and events by time on the drug again: medians by Python, exact limits by statsmodels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caseseries.recompute.opinion import Opinion
from caseseries.recompute.people import People

EXPOSURES = ("days_on_drug", "cumulative_dose", "days_followed")
BY_TIME = "_per_100_weeks"
DAYS = 700
"""Days in a hundred weeks."""


def measured(row: Mapping[str, Any], people: People) -> np.ndarray:
    """Values of a measure of exposure or follow-up, of the members of a group of whom it is known."""
    if row["statistic"] == "days_followed":
        of_all = people.episodes["follow_up_end_day"].to_numpy(float)
    else:
        exposures = people.exposures
        of_all = exposures.days if row["statistic"] == "days_on_drug" else exposures.doses[row["cause"]]
    values = of_all[people.members(row["group"])]
    return values[~np.isnan(values)]


def by_time(row: Mapping[str, Any], people: People) -> Opinion:
    """Episodes with an event per 100 weeks on the drug, counted from what is on record of each."""
    from statsmodels.stats.rates import confint_poisson

    harm, members = people.harms[row["statistic"].removesuffix(BY_TIME), row["cause"]], people.members(row["group"])
    inside = members[harm.evaluable.iloc[members].to_numpy()]
    events = harm.among(inside).events
    time = float(np.nansum(people.exposures.days[inside])) / DAYS
    lower, upper = confint_poisson(events, time, method="exact-c", alpha=1 - float(row["level"]))
    return Opinion("statsmodels", events / time, lower=float(lower) if events else 0.0, upper=float(upper))
