"""Time-to-event curves of a cohort: cumulative incidence with competing causes, Kaplan-Meier beside it, summaries.

Delivery, rescue, stopping and death compete with response: one minus Kaplan-Meier would overstate it (Satagopan
2004, Br J Cancer), so that the median is read from Aalen-Johansen's curve, and Kaplan-Meier's is a labelled supplement
wherever something competes. Times
known only as intervals are estimated by Turnbull's method on (left, right].
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from caseseries.estimators.competing import cumulative_incidence, incidence_quantile, time_lost
from caseseries.estimators.interval import turnbull
from caseseries.estimators.survival import follow_up, kaplan_meier, quantile, restricted_mean
from caseseries.model import methods as m
from caseseries.model.cohort import Cohort
from caseseries.model.groups import ALL, NOT_RECORDED, first_of
from caseseries.model.numbering import by_definition, numbering_of
from caseseries.model.records import Records
from caseseries.model.results import CAUSES, event_of


def cause_codes(causes: pd.Series, event: str) -> tuple[np.ndarray, list[str]]:
    """Integer causes for the estimators, and the name of each code from 1 on.

    Censoring is 0 and the event of interest 1; competing causes follow in the order of `results.CAUSES`, others
    alphabetically, so that codes never depend on the order of rows.
    """
    numbers, words = pd.factorize(causes)
    present = set(words) - {"censored", event}
    known = [cause for cause in CAUSES if cause in present]
    names = [event, *known, *sorted(present - set(known))]
    codes = {"censored": 0} | {name: code for code, name in enumerate(names, start=1)}
    return np.array([codes[word] for word in words], np.int64)[numbers], names


def estimate_curves(
    cohort: Cohort, records: Records, times: pd.DataFrame, level: float, failures: dict[str, pd.Series] | None = None
) -> pd.DataFrame:
    """Rows of estimates.csv (without `cohort`) for every definition with at least one event.

    The primary analysis keeps the first episode of each person; persons of a cohort without an episodes table are
    its episodes. Cases that were selected by their outcome have no curve, only the times of those with the event. Nor
    has a group in which some did not respond (`failures`, ids of episodes by definition) and none of them has a time: a
    curve that responders alone can enter says nothing.
    """
    failures = failures or {}
    if not len(records["episodes"]):
        identifiers = pd.unique(times["episode_id"])
        persons = pd.DataFrame({"episode_id": identifiers, "patient_id": identifiers})
        records = replace(records, tables=records.tables | {"episodes": persons})
    numbering = numbering_of(records)
    members_of = {group: numbering.mask(places) for group, places in first_of(cohort, records).groups.items()}
    rows: list[dict] = []
    for definition, of_definition in by_definition(times).items():
        event = event_of(definition)
        number = numbering.of(of_definition["episode_id"])
        groups = {key: of_definition[members[number]] for key, members in members_of.items()}
        failed = numbering.of(failures.get(definition, of_definition["episode_id"].iloc[:0]))
        competes = not set(groups[ALL]["cause"]) <= {event, "censored"}
        tau = _shared_day([here for key, here in groups.items() if key not in (ALL, NOT_RECORDED)])
        for group, members in members_of.items():
            here = groups[group]
            if (here["cause"] != event).all():
                continue
            failed_here = failed[members[failed]]
            common = {"group": group, "definition": definition, "level": level}
            found = _times_of_events(here, event)
            followed = not len(failed_here) or numbering.marked(here["episode_id"])[failed_here].any()
            if not cohort.selected and followed:
                found += _curves_of(here, event, level, competes=competes, tau=None if group == ALL else tau)
                found += _later_rows(records["outcomes"], here, event)
                if here["time"].notna().all() and _seen_at_visits(here, event):
                    by_visit = _interval_rows(here, event, "interval_incidence")
                    rows += [common | {"analysis": "sensitivity"} | row for row in by_visit]
            rows += [common | {"analysis": "primary"} | row for row in found]
    return pd.DataFrame(rows)


def _shared_day(groups: list[pd.DataFrame]) -> float | None:
    """Last day up to which every group was observed: areas of several groups are compared up to one day."""
    ends = [here["time"].max() for here in groups if len(here) and here["time"].max() > 0]
    return float(min(ends)) if ends else None


def _times_of_events(here: pd.DataFrame, event: str) -> list[dict]:
    """Median and range of the days of those who had the event; none where a day is not known."""
    days = here.loc[here["cause"] == event, "time"].to_numpy(dtype=float)
    if np.isnan(days).any():
        return []
    limits = {"estimate": float(np.median(days)), "lower": days.min(), "upper": days.max(), "level": np.nan}
    counts = {"cause": event, "events": len(days), "n": len(days), "method": m.MEDIAN_AND_RANGE}
    return [{"statistic": "time_of_events"} | limits | counts]


def _curves_of(here: pd.DataFrame, event: str, level: float, *, competes: bool, tau: float | None) -> list[dict]:
    """Curves and what is read from them; areas up to `tau`, or the last day. Intervals alone where days are unknown."""
    if here["time"].isna().any():
        return _interval_rows(here, event, "cumulative_incidence")
    time = here["time"].to_numpy(dtype=float)
    codes, names = cause_codes(here["cause"], event)
    happened = (codes == 1).astype(int)
    counts = {"events": int(happened.sum()), "n": len(time)}
    survival = kaplan_meier(time, happened, level)
    note = {"note": m.CENSORING if competes else ""}
    rows = [row | note for row in _curve_rows(survival, "survival", event, m.KAPLAN_MEIER, "survival", start=1.0)]
    incidence = cumulative_incidence(time, codes, level)
    by_cause = dict(list(incidence.groupby("cause")))
    for code, name in enumerate(names, start=1):
        rows += _curve_rows(by_cause[code], "cumulative_incidence", name, m.AALEN_JOHANSEN, "incidence", start=0.0)
    rows += _counted(time, codes, names) + _running(time, codes, event)
    median = incidence_quantile(by_cause[1], 0.5)
    method = m.INCIDENCE_QUANTILE if competes else m.KAPLAN_MEIER_QUANTILE
    rows.append(_summary("median_time", event, median, method) | counts)
    until = float(time.max()) if tau is None else tau
    if until > 0:
        if not competes:
            mean = restricted_mean(time, happened, until, level)
            rows.append(_summary("restricted_mean_time", event, mean, m.KAPLAN_MEIER_AREA) | counts | {"time": until})
        after = time_lost(time, codes, until, of_interest=1, level=level)
        rows.append(_summary("mean_time_after_event", event, after, m.AALEN_JOHANSEN_AREA) | counts | {"time": until})
    if (codes == 0).any():
        watched = {"events": int((codes == 0).sum()), "n": len(time)}
        median = quantile(follow_up(time, codes, level), 0.5)
        rows.append(_summary("median_follow_up", "censored", median, m.REVERSE_KAPLAN_MEIER) | watched)
    return rows


def _counted(time: np.ndarray, codes: np.ndarray, names: list[str]) -> list[dict]:
    """What came first in how many, and the day until which the curve is worth drawing, with those at risk on it.

    It is the end of observation, or soon after the events where the rest is a long flat line of a few. The events are
    all those of interest, and nine tenths of those of all causes. A few are less than a tenth of those who entered:
    the long follow-up of more is itself a result.
    """
    end, counted = float(time.max()), {"n": len(time), "method": m.COUNT}
    rows = [
        counted | {"statistic": "came_first", "cause": name, "events": number, "estimate": number}
        for number, name in zip(
            np.bincount(codes, minlength=len(names) + 1).tolist(), ["censored", *names], strict=True
        )
    ]
    last = 1.15 * max(time[codes == 1].max(), np.quantile(time[codes > 0], 0.9, method="inverted_cdf"))
    few = (time >= last).sum() < 0.1 * len(time)
    last = last if few and end > 3 * last / 1.15 else end
    axis = {"statistic": "last_day_drawn", "estimate": last, "time": end, "n": int((time >= last).sum())}
    return [*rows, counted | axis | {"cause": names[0]}]


def _running(time: np.ndarray, codes: np.ndarray, event: str) -> list[dict]:
    """How many have the event by each day on which somebody has it, and how many are last seen on a day without any."""
    counted = {"n": len(time), "method": m.COUNT}
    days, number = np.unique(time[codes == 1], return_counts=True)
    rows = [
        counted | {"statistic": "events_so_far", "cause": event, "time": day, "events": total, "estimate": total}
        for day, total in zip(days.tolist(), number.cumsum().tolist(), strict=True)
    ]
    days, number = np.unique(time[codes == 0], return_counts=True)
    return rows + [
        counted | {"statistic": "observation_ended", "cause": "censored", "time": day, "events": left, "estimate": left}
        for day, left in zip(days.tolist(), number.tolist(), strict=True)
    ]


def _later_rows(outcomes: pd.DataFrame, here: pd.DataFrame, event: str) -> list[dict]:
    """How many of those that the curve censors had the event after all, on a day without an upper limit."""
    if not here["definition"].iloc[0].startswith("as_reported"):
        return []
    open_end = (outcomes["cause"] == event) & outcomes["day"].isna() & outcomes["right_day"].isna()
    later = outcomes.loc[open_end & (outcomes["outcome"] == event), "episode_id"]
    number = int(here.loc[here["cause"] == "censored", "episode_id"].isin(later).sum())
    row = {"statistic": "later_events", "cause": event, "method": m.LATER, "events": number, "n": len(here)}
    return [row] if number else []


def _curve_rows(
    curve: pd.DataFrame, statistic: str, cause: str, method: str, column: str, *, start: float
) -> list[dict]:
    first = {"time": 0.0, "estimate": start, "std_error": 0.0, "events": 0, "n": int(curve["at_risk"].max())}
    steps = [] if len(curve) and curve["time"].iloc[0] == 0 else [first]
    names = ("time", "estimate", "std_error", "lower", "upper", "events", "n")
    columns = ("time", column, "std_error", "lower", "upper", "events", "at_risk")
    for line in zip(*(curve[name].to_numpy() for name in columns), strict=True):
        steps.append(dict(zip(names, line, strict=True)))
    return [step | {"statistic": statistic, "cause": cause, "method": method} for step in steps]


def _summary(statistic: str, cause: str, value: object, method: str) -> dict:
    row = {"statistic": statistic, "cause": cause, "method": method, "note": getattr(value, "note", "")}
    for name in ("estimate", "std_error", "lower", "upper"):
        row[name] = getattr(value, name, np.nan)
    return row


def _seen_at_visits(here: pd.DataFrame, event: str) -> bool:
    """Some event is known to lie in an interval of more than one day rather than on the day it was seen."""
    happened = here[here["cause"] == event]
    return bool((happened["right"] - happened["left"] > 1).any())


def _interval_rows(here: pd.DataFrame, event: str, statistic: str) -> list[dict]:
    """Turnbull's curve: the only one where days are unknown, else a check on dating an event by the visit that saw it.

    The share with the event by the right end of each innermost interval; all else, competing events included, is
    censored on its day.
    """
    happened = (here["cause"] == event).to_numpy()
    time = here["time"].to_numpy(dtype=float)
    left = np.where(here["left"].notna(), here["left"], time).astype(float)
    right = np.where(happened, np.where(here["right"].notna(), here["right"], time), np.inf)
    left = np.where(happened | here["time"].isna(), left, time)
    masses = turnbull(left, right)
    common = {"statistic": statistic, "cause": event, "method": m.TURNBULL, "n": len(here)}
    rows = zip(masses["right"], masses["mass"].cumsum(), strict=True)
    return [common | {"time": end, "estimate": share} for end, share in rows if np.isfinite(end)]
