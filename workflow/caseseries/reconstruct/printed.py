"""Rows of curves.csv, at_risk.csv and aggregates.csv as printed curves that can be searched."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd

from caseseries.model.findings import Finding, raise_errors
from caseseries.model.printed_curve import curve_in_shares, days_from, is_traced
from caseseries.reconstruct.curve import PrintedCurve
from caseseries.reconstruct.traced import steps_of_line

KEY = ["curve", "group", "outcome"]


def printed_curves(
    curves: pd.DataFrame, at_risk: pd.DataFrame, aggregates: pd.DataFrame, shown: str = ""
) -> list[PrintedCurve]:
    """Every curve of a cohort, in the order of the file.

    Parameters
    ----------
    curves, at_risk, aggregates : typed tables of the contract that passed every check.
    shown : folder in messages.

    Raises
    ------
    BadInput : a curve whose number of cases is nowhere, or whose events exceed it.
    """
    found, findings = [], []
    for (curve, group, outcome), rows in curves.groupby(KEY, sort=False):
        read = curve_in_shares(rows)
        below = at_risk[(at_risk["curve"] == curve) & (at_risk["group"] == group)]
        marks = sorted(zip(map(nearest, days_from(below)), below["at_risk"].astype(int), strict=True))
        total = total_of(aggregates, group, outcome)
        n = total.get("n", marks[0][1] if marks and marks[0][0] == 0 else None)
        if n is None:
            rule = "the number of cases of the curve is nowhere: aggregates.csv needs n, or at_risk.csv its day 0"
            findings.append(Finding(f"{shown}curves.csv", line=int(rows["source_row"].iloc[0]), rule=rule))
            continue
        events = total.get("events")
        fault = impossible(n, events, marks)
        if fault:
            findings.append(Finding(f"{shown}{fault[0]}.csv", rule=fault[1], column=fault[2]))
            continue
        in_days = bool((pd.concat([rows["time_unit"], below["time_unit"]]).replace("", "days") == "days").all())
        kind = str(rows["kind"].iloc[0])
        found.append(one_curve(read, (curve, group, outcome), n, events, marks, kind, in_days=in_days))
    raise_errors(findings)
    return found


def impossible(n: int, events: int | None, marks: list[tuple[int, int]]) -> tuple[str, str, str] | None:
    """Table, rule and column of totals that no curve can have; None where they can be."""
    if n < 1:
        return "aggregates", "a curve needs at least one case", "n"
    if events is not None and events > n:
        return "aggregates", "events must not exceed n", "events"
    if any(left > n for _, left in marks):
        return "at_risk", "more are at risk than there are cases", "at_risk"
    return None


def total_of(aggregates: pd.DataFrame, group: str, outcome: str) -> dict[str, int]:
    """Printed n and events of a group: those of the outcome, else an n that all rows of the group share."""
    of_group = aggregates[(aggregates["group"] == group) & (aggregates["origin"] != "estimates")]
    same = of_group[of_group["outcome"] == outcome]
    found = {name: int(same[name].dropna().iloc[0]) for name in ("n", "events") if same[name].notna().any()}
    known = of_group["n"].dropna().unique()
    if "n" not in found and len(known) == 1:
        found["n"] = int(known[0])
    return found


def one_curve(
    read: pd.DataFrame,
    names: tuple[str, str, str],
    n: int,
    events: int | None,
    marks: Iterable[tuple[int, int]],
    kind: str,
    *,
    in_days: bool = True,
) -> PrintedCurve:
    """A curve from its readings: the start, a row a step, and the end of follow-up, where the level is read again."""
    error = float(read["error"].iloc[0])
    traced = is_traced(read)
    days = [nearest(day) for day in read["day"]]
    levels = read["level"].tolist()
    if days[0] == 0 and not traced and abs(levels[0] - 1) <= 2 * error:
        days, levels = days[1:], levels[1:]
    day_error = 0 if in_days else 1
    if traced:
        day_error = max(1, math.ceil(2 * float(np.median(np.diff(read["day"])))))
        end, end_level = days[-1], float(np.median(levels[-3:]))
        days, levels = steps_of_line(days, levels, n)
        if days and end - days[-1] <= day_error:  # the line ends with a step, as wide as its stroke
            end = days[-1]
    elif len(levels) < 2 or levels[-2] - levels[-1] > 2 * error:  # the curve ends with a step
        end, end_level = (days[-1], levels[-1]) if days else (0, 1.0)
    else:
        end, end_level = days.pop(), levels.pop()
    steps = merged(days, levels)
    return PrintedCurve(
        *names,
        n,
        events,
        tuple(day for day, _ in steps),
        tuple(level for _, level in steps),
        error,
        end,
        end_level,
        tuple(marks),
        kind,
        traced,
        day_error,
    )


def merged(days: list[int], levels: list[float]) -> list[tuple[int, float]]:
    """Steps of one day as one, at the last level."""
    return list(dict(zip(days, levels, strict=True)).items())


def nearest(day: float) -> int:
    """The whole day nearest to a reading, a half upwards."""
    return math.floor(day + 0.5)
