"""Our numbers for a claim on a curve or a time: survival and incidence on a day, medians and their intervals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd

from caseseries.estimators.survival import crossing
from caseseries.model import methods as m
from caseseries.model.claim import Claim
from caseseries.model.results import event_of
from caseseries.model.time_unit import DAYS_IN, time_unit
from caseseries.reconcile.answer import DIFFERS, Answer
from caseseries.reconcile.grounds import Grounds, Numbers, Ours, compared, differing_numbers, said
from caseseries.reconcile.interval import NAMES, curve_limits, fitting_limits, level_of, no_method
from caseseries.reconcile.mean import RANGE
from caseseries.reconcile.rounding import agrees, exact, written
from caseseries.reconcile.share import printed_share
from caseseries.words.lists import listing


def timed_definition(claim: Claim, definitions: list[str]) -> str | None:
    """The definition whose times a claim is about: the one it names, else that of its cause, else the only one."""
    if claim.definition in definitions:
        return claim.definition
    of_cause = [one for one in definitions if claim.cause and one == f"as_reported_{claim.cause}"]
    reported = [one for one in definitions if one.startswith("as_reported_")]
    if claim.definition != "as_reported":
        return None
    return next(iter(of_cause or (reported if len(reported) == 1 else [])), None)


def _curve(claim: Claim, grounds: Grounds, statistic: str) -> pd.DataFrame:
    """Rows of a timed statistic for the claim's group, definition and cause."""
    estimates = grounds.estimates
    timed = estimates[(estimates["statistic"] == statistic) & (estimates["analysis"] == "primary")]
    definition = timed_definition(claim, list(dict.fromkeys(timed["definition"])))
    rows = timed[(timed["definition"] == definition) & (timed["group"] == claim.group) & timed["estimate"].notna()]
    if statistic == "median_follow_up" or definition is None:
        return rows
    return rows[rows["cause"] == (claim.cause or event_of(definition))]


def point_of_curve(claim: Claim, grounds: Grounds) -> Ours | None:
    """Survival or incidence on the day of the claim, its interval by each method; None beyond the end of the curve."""
    rows = _curve(claim, grounds, claim.statistic)
    rows = rows[rows["time"] <= (claim.time or 0.0)].sort_values("time", kind="stable")
    printed, per = printed_share(claim)
    if not len(rows):
        return None
    if claim.time is not None and _ended_before(claim, grounds, claim.time):
        return None
    point = rows.iloc[-1]
    ours = per * float(point["estimate"])
    numbers = said(claim, {"percent": ours, "value": ours, "unit": claim.says.unit})
    differing = [] if printed is None or agrees(printed, ours) else ["percentage" if per == 100 else "value"]
    basis = f"{100 * ours / per:.4g} % at day {claim.time:g}"
    if claim.says.lower is None and claim.says.upper is None:
        return compared(numbers, differing, basis)
    limits = curve_limits(float(point["estimate"]), float(point["std_error"]), level_of(claim.says))
    fitting = fitting_limits(claim.says, limits, per)
    if differing or fitting:
        by = f"; interval: {listing(NAMES[name] for name in fitting)}" if fitting else ""
        return compared(numbers, differing, basis + by)
    return Ours(numbers, Answer(DIFFERS, f"{basis}; {no_method(limits, per).reason}"))


def _ended_before(claim: Claim, grounds: Grounds, day: float) -> bool:
    """Whether a day lies beyond the last one observed while some were still without any event."""
    estimates = grounds.estimates
    rows = _curve(claim.model_copy(update={"statistic": "cumulative_incidence"}), grounds, "cumulative_incidence")
    if not len(rows) or day <= rows["time"].max():
        return False
    first = rows.iloc[0]
    every = estimates[(estimates["statistic"] == "cumulative_incidence") & (estimates["analysis"] == "primary")]
    every = every[(every["definition"] == first["definition"]) & (every["group"] == first["group"])]
    return float(every.sort_values("time", kind="stable").groupby("cause")["estimate"].last().sum()) < 1 - 1e-9


def time_of_cases(claim: Claim, grounds: Grounds) -> Ours | None:
    """A time of estimates.csv, converted from days to the printed unit and then rounded."""
    rows = _curve(claim, grounds, claim.statistic)
    if not len(rows):
        return None
    row, unit = rows.iloc[0], time_unit(claim.says.unit or "days") or "days"
    limits = _time_limits(claim, grounds, row)
    days = _fraction(row["estimate"])
    numbers: Numbers = {"value": days / DAYS_IN[unit], "unit": claim.says.unit}
    differing = differing_numbers(claim, numbers)
    basis = (
        f"{exact(days)} days are {written(days / DAYS_IN[unit], 3)} {unit}" if unit != "days" else f"{exact(days)} days"
    )
    if claim.says.lower is None and claim.says.upper is None:
        return compared(said(claim, numbers), differing, basis)
    scaled = {name: tuple(float(end) / float(DAYS_IN[unit]) for end in ends) for name, ends in limits.items()}
    fitting = fitting_limits(claim.says.model_copy(), scaled, 1) if scaled else []  # type: ignore[arg-type]
    made = ", ".join(f"{NAMES.get(name, name)} {low:.3g} to {high:.3g}" for name, (low, high) in scaled.items())
    if not fitting:
        differing = [*differing, "interval"]
        return compared(said(claim, numbers), differing, f"{basis}; {made} {unit}")
    return compared(said(claim, numbers), differing, f"{basis}; {listing(NAMES.get(name, name) for name in fitting)}")


def _time_limits(claim: Claim, grounds: Grounds, row: pd.Series) -> dict[str, tuple[float, float]]:
    """Limits of a time in days: the range of those with the event at level 100, else an interval by each method."""
    if claim.says.level == RANGE:
        spread = _curve(claim, grounds, "time_of_events")
        return (
            {"range of those with the event": (spread["lower"].iloc[0], spread["upper"].iloc[0])} if len(spread) else {}
        )
    if claim.statistic != "median_time" or row["method"] != m.KAPLAN_MEIER_QUANTILE:
        return {"interval": (row["lower"], row["upper"])} if row["level"] == level_of(claim.says) else {}
    curve = _curve(claim, grounds, "survival").sort_values("time", kind="stable")
    curve = curve if curve["time"].iloc[0] > 0 else curve.iloc[1:]
    time = np.concatenate(([0.0], curve["time"].to_numpy(dtype=float)))
    level = level_of(claim.says)
    points = [
        curve_limits(s, se, level) if not np.isnan(se) else {}
        for s, se in zip(curve["estimate"], curve["std_error"], strict=True)
    ]
    found = {}
    for name in ("plain", "log", "log_log"):
        ends = np.array([one.get(name, (np.nan, np.nan)) for one in points])
        lower = crossing(time, 1 - np.clip(ends[:, 0], 0, 1), 0.5)
        upper = crossing(time, 1 - np.clip(ends[:, 1], 0, 1), 0.5)
        found[name] = (lower, upper)
    return found


def _fraction(days: float) -> Fraction:
    """Days as they are: whole and half ones exactly."""
    return Fraction(Decimal(repr(float(days))))
