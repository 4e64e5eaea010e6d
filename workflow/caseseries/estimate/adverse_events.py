"""Adverse events of single cases: how many were recorded, and in how many episodes each occurred.

An event that is entered twice, alike in every cell, is one event. Episodes without an entry count as episodes in which
none was recorded, which is not the same as none having occurred. Cases that were chosen have counts and no shares:
one whose source is silent on harm is not one without.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.estimate.rates import rate_rows
from caseseries.model import methods as m
from caseseries.model.cohort import Cohort
from caseseries.model.groups import ALL
from caseseries.model.order import first_episodes
from caseseries.model.records import Records
from caseseries.model.results import ADVERSE_EVENT_RATES

SELECTED = "no share: the cases were selected, and silence on harm is not its absence"
REPEATED = "no interval: several episodes of one person are not independent"


def count_adverse_events(cohort: Cohort, records: Records, level: float) -> pd.DataFrame:
    """Rows of estimates.csv (without `cohort`) on adverse events; empty where none is recorded.

    Returns
    -------
    `adverse_events`, the number recorded among n episodes; `adverse_event_rate`, episodes with any at all, and by who
    had it (`results.ADVERSE_EVENT_RATES`) those with any and those with each term (`cause`).
    """
    events, episodes = records["adverse_events"].drop(columns="source_row").drop_duplicates(), records["episodes"]
    if events.empty or episodes.empty:
        return pd.DataFrame()
    once = bool(first_episodes(episodes).all())
    common = {"group": ALL, "definition": "", "analysis": "primary" if once else "all_episodes", "not_evaluable": 0}
    number = {"statistic": "adverse_events", "estimate": len(events), "events": len(events), "n": len(episodes)}
    rows = [common | number | {"method": m.COUNT}]
    found = {("adverse_event_rate", ""): events["episode_id"].nunique()}
    for subject, same in events.groupby("subject"):
        found[ADVERSE_EVENT_RATES[subject], ""] = same["episode_id"].nunique()
    for (term, subject), same in events.groupby(["term", "subject"]):
        found[ADVERSE_EVENT_RATES[subject], term] = same["episode_id"].nunique()
    for (statistic, term), count in found.items():
        shares = _shares(statistic, count, len(episodes), level, selected=bool(cohort.selected), once=once)
        rows += [common | {"cause": term} | row for row in shares]
    return pd.DataFrame(rows)


def _shares(statistic: str, count: int, n: int, level: float, *, selected: bool, once: bool) -> list[dict]:
    """Episodes with an event, and their share with its intervals where these mean something."""
    if once and not selected:
        return rate_rows(statistic, count, n, 0, level)
    share = {"estimate": np.nan, "note": SELECTED} if selected else {"estimate": count / n, "note": REPEATED}
    return [{"statistic": statistic, "events": count, "n": n, "method": m.COUNT} | share]
