"""What is read off a printed curve, in shares without the event and days."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.model.time_unit import DAYS_IN, time_unit

OF_A_SHARE = {"": 1.0, "share": 1.0, "percent": 100.0}
"""Unit of a value -> how much of it is everybody."""

MOST_OUTLIERS = 0.01
"""Share of the readings along a line that may turn back: programs that follow a line slip now and then."""


def days_from(frame: pd.DataFrame) -> pd.Series:
    """Days of rows whose column `time_unit` names another unit; days where it is empty.

    Raises
    ------
    KeyError : a unit that is none of time.
    """
    factors = {unit: float(DAYS_IN[time_unit(unit or "days") or unit]) for unit in frame["time_unit"].unique()}
    return frame["day"] * frame["time_unit"].map(factors).astype(float)


def curve_in_shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of one curve in order of their days: `day`, `level` (share without the event), `error` (of the share)."""
    whole = rows["value_unit"].map(OF_A_SHARE).astype(float)
    share = rows["value"] / whole
    level = share.where(rows["kind"] != "incidence", 1 - share).clip(0.0, 1.0)
    read = pd.DataFrame({"day": days_from(rows), "level": level, "error": rows["error"] / whole})
    return read.sort_values("day", kind="stable")


def is_traced(read: pd.DataFrame) -> bool:
    """Whether the readings follow the line: half of them or more stand where the one before stood, within a third of
    the error. Readings of steps change at each."""
    if len(read) < 10:
        return False
    change = np.abs(np.diff(read["level"].to_numpy()))
    return bool((change <= read["error"].iloc[0] / 3).mean() >= 0.5)


def rises(read: pd.DataFrame) -> pd.Index:
    """Rows of a curve (`curve_in_shares`) at which the share without the event grows by more than two errors.

    It is held against the lowest level read before, since small steps back add up. Of readings along a line a few that
    stand alone are passed over; the steps are found without them.
    """
    level, error = read["level"].to_numpy(), float(read["error"].iloc[0])
    if is_traced(read):
        jumps = np.flatnonzero(np.diff(level) > 2 * error) + 1
        return read.index[jumps] if len(jumps) > MOST_OUTLIERS * len(level) else read.index[:0]
    lowest = np.minimum.accumulate(level)
    return read.index[1:][level[1:] - lowest[:-1] > 2 * error + 1e-9]
