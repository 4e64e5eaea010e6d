"""Curves of estimates.csv made ready to draw: steps, numbers at risk, the days on the axis.

The number at risk on a day is the number not yet with an event or censored before that day, so that someone with an
event on the day itself still counts (`summary(survfit(...), times)$n.risk` in R's survival).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from caseseries.model.groups import ALL

INCIDENCE, SURVIVAL = "cumulative_incidence", "survival"
TICK_DAYS = (1, 2, 5, 7, 14, 28, 56, 91, 182, 365, 730, 1825)
TICKS = 10

BAND_AT_RISK = 10
"""No band is drawn where fewer are at risk than this ..."""

BAND_FRACTION = 0.2
"""... or, in a cohort of fewer than 50, where fewer than this fraction of those who entered are still at risk.

Pocock, Clayton and Altman (2002, Lancet 359:1686) end a curve when 10 to 20 % are still in follow-up."""

BAND_FROM = 10
"""Fewest people with whom a curve has a band at all.

Where half of nine have had the event a log-log band at 95 % still reaches from 20 to 80 %: it says nothing, and hides
the steps. Shape and band of fewer are not to be read (`words.times.SMALL`)."""


def curve_steps(estimates: pd.DataFrame, statistic: str, definition: str, group: str, cause: str) -> pd.DataFrame:
    """Rows of one curve by time: `time, estimate, lower, upper, events, n`; starts at day 0."""
    here = estimates[
        (estimates["statistic"] == statistic)
        & (estimates["definition"] == definition)
        & (estimates["group"] == group)
        & (estimates["cause"] == cause)
    ]
    columns = ["time", "estimate", "lower", "upper", "events", "n"]
    steps = here[columns].sort_values("time", kind="stable").reset_index(drop=True)
    if len(steps) and steps["time"].iloc[0] > 0:
        first = steps.iloc[[0]].assign(time=0.0, estimate=float(statistic == "survival"), lower=np.nan, upper=np.nan)
        steps = pd.concat([first.assign(events=0.0), steps], ignore_index=True)
    return steps


def at_risk(steps: pd.DataFrame, days: Sequence[float]) -> list[int]:
    """Number at risk on each day: at the first step on or after the day; nobody after the last step."""
    position = np.searchsorted(steps["time"].to_numpy(), days, side="left")
    counts = np.append(steps["n"].to_numpy(), 0)
    return [int(counts[index]) for index in position]


def band_drawn(risk: np.ndarray) -> np.ndarray:
    """At which of the numbers at risk along a curve (T,) enough are left for a band to be drawn.

    At least `BAND_AT_RISK`, or at least `BAND_FRACTION` of the largest where that is less: of 10 women 2 are enough, of
    31 seven, of 50 and more ten; nowhere of fewer than `BAND_FROM`. The band is computed everywhere.
    """
    if risk.max(initial=0) < BAND_FROM:
        return np.zeros(len(risk), bool)
    return risk >= min(BAND_AT_RISK, int(np.ceil(BAND_FRACTION * risk.max(initial=0))))


def events_by(totals: pd.DataFrame, days: Sequence[float]) -> list[int]:
    """Number with the event up to and including each day; `totals` are rows of `events_so_far`, by time."""
    position = np.searchsorted(totals["time"].to_numpy(), days, side="right")
    counts = np.append(0, totals["events"].to_numpy())
    return [int(counts[index]) for index in position]


def points_at(steps: pd.DataFrame, days: Iterable[float]) -> pd.DataFrame:
    """Points of a curve (`time, estimate`) on those of the days on which it has a step or somebody leaves it."""
    return steps.loc[steps["time"].isin(set(days)), ["time", "estimate"]]


def last_day(estimates: pd.DataFrame, definition: str) -> float:
    """Last day on the axis of every curve of a definition, so that they can be laid side by side.

    Where the days of events are not known, it is the last right end of an interval.
    """
    ends = estimates[(estimates["definition"] == definition) & (estimates["group"] == ALL)]
    drawn = ends.loc[ends["statistic"] == "last_day_drawn", "estimate"]
    return float(drawn.iloc[0] if len(drawn) else ends.loc[ends["statistic"] == INCIDENCE, "time"].max())


def day_ticks(last: float) -> list[int]:
    """At most eleven evenly spaced days from 0 on, in weeks where the axis is long enough."""
    step = next((days for days in TICK_DAYS if last / days <= TICKS), TICK_DAYS[-1])
    return list(range(0, int(last) + 1, step))


def stacked(parts: list[pd.DataFrame]) -> tuple[np.ndarray, np.ndarray]:
    """Cumulative shares of several causes laid on each other.

    Returns
    -------
    Times (T,) and upper edges (causes + 1, T); the first edge is 0. Where nobody is left without an event the last
    shares go on a little, so that the last step can be seen.
    """
    times = np.unique(np.concatenate([part["time"].to_numpy() for part in parts]))
    edges = [np.zeros(len(times))]
    for part in parts:
        position = np.searchsorted(part["time"].to_numpy(), times, side="right") - 1
        edges.append(edges[-1] + part["estimate"].to_numpy()[position])
    upper = np.array(edges)
    if upper[-1, -1] > 1 - 1e-9:
        times, upper = np.append(times, times[-1] * 1.03), np.column_stack([upper, upper[:, -1]])
    return times, upper
