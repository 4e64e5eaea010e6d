"""Counts filled in for every day between the first and the last of an episode (primitive 21, `time_in`)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from caseseries.response.admit import one_a_day
from caseseries.response.series import Counts, expand


def fill_days(counts: Counts, linear: bool) -> Counts:
    """One count for every day from the first to the last count of each episode.

    A count holds until the next (`linear` False), or the days between two counts are interpolated; of several counts
    on one day the last of the file holds. An interpolated end is open if that of either neighbour is.
    """
    counts = one_a_day(counts, "last")
    if not len(counts):
        return counts
    following = np.append(counts.day[1:], 0)
    last = np.append(counts.first[1:], True)
    stop = np.where(last, counts.day + 1, following)
    source, day = expand(counts.day.astype(np.int64), stop.astype(np.int64))
    daily = replace(counts.take(source), day=day)
    if not linear:
        return daily
    passed = day - counts.day[source]
    between = passed > 0
    source, passed = source[between], passed[between]
    weight = passed / (counts.day[source + 1] - counts.day[source])
    columns: dict[str, Any] = {}
    for name in ("lo", "hi"):
        value = getattr(daily, name).copy()
        ends = getattr(counts, name)
        with np.errstate(invalid="ignore"):
            value[between] = np.where(
                ends[source] == ends[source + 1],
                ends[source],
                ends[source] + weight * (ends[source + 1] - ends[source]),
            )
        flag = getattr(counts, f"{name}_open")
        columns[name] = np.where(np.isnan(value), np.inf, value)
        if flag is not None:
            opened = getattr(daily, f"{name}_open").copy()
            opened[between] = flag[source] | flag[source + 1]
            columns[f"{name}_open"] = opened
    if counts.hi is counts.lo:
        columns["hi"] = columns["lo"]
    return replace(daily, **columns)
