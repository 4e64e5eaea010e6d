"""Exposure, follow-up and events by time on the drug again: medians by Python, exact limits by statsmodels."""

from __future__ import annotations

import pandas as pd

from caseseries.estimate.safety import in_rate
from caseseries.recompute.opinion import Opinion
from caseseries.recompute.people import People

EXPOSURES = ("days_on_drug", "cumulative_dose", "days_followed")
DAYS = 700
"""Days in a hundred weeks."""


def measured(row: pd.Series, people: People) -> list[float]:
    """Values of a measure of exposure or follow-up, of the members of a group of whom it is known."""
    members = people.members(row["group"])
    if row["statistic"] == "days_followed":
        return [float(day) for day in members["follow_up_end_day"].dropna()]
    mine = [people.exposures[episode] for episode in members["episode_id"]]
    if row["statistic"] == "days_on_drug":
        return [float(one.days) for one in mine if one.days is not None]
    return [one.doses[row["cause"]] for one in mine if row["cause"] in one.doses]


def by_time(row: pd.Series, people: People) -> Opinion:
    """Episodes with an event per 100 weeks on the drug, counted from what is on record of each."""
    from statsmodels.stats.rates import confint_poisson

    statistic = row["statistic"].removesuffix("_per_100_weeks")
    found = people.harms[statistic, row["cause"]]
    members = [episode for episode in people.members(row["group"])["episode_id"] if episode in found]
    inside = [episode for episode in members if in_rate(found[episode])]
    events = sum(found[episode].happened is True for episode in inside)
    time = sum(people.exposures[episode].days or 0 for episode in inside) / DAYS
    lower, upper = confint_poisson(events, time, method="exact-c", alpha=1 - float(row["level"]))
    return Opinion("statsmodels", events / time, lower=float(lower) if events else 0.0, upper=float(upper))
