"""Groups of a cohort against each other: difference of rates with its interval, and tests, refused where too small.

Groups are those of cohort.yaml's `grouped_by`. A retrospective comparison is descriptive: nothing is adjusted for,
and tests that could not have been conclusive are refused in words by `estimators.compare`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.estimate.curves import cause_codes
from caseseries.estimators.compare import Comparison, fisher, gray_test, log_rank
from caseseries.estimators.proportion import newcombe
from caseseries.model import methods as m
from caseseries.model.cohort import Cohort
from caseseries.model.groups import ALL, compared_groups, contrast_of, primary_episodes
from caseseries.model.numbering import by_definition
from caseseries.model.records import Records
from caseseries.model.results import event_of


def contrast_groups(
    cohort: Cohort, records: Records, rates: pd.DataFrame, times: pd.DataFrame, level: float
) -> pd.DataFrame:
    """Rows of estimates.csv (without `cohort`) that compare groups; empty for a cohort without groups.

    Parameters
    ----------
    rates : rows of estimates.csv from `estimate_rates`.

    Returns
    -------
    For two groups `rate_difference` (first minus second) and `p_value` of Fisher's test for each definition with both
    groups evaluable; `p_value` of Gray's test over all groups for each timed event, and of the log-rank test where
    nothing competes with it. `contrast` names the groups, and beside the tests `groups_compared` says how many they
    are. A refused test has no estimate; `note` says why.
    """
    episodes = records["episodes"]
    if cohort.grouped_by is None or cohort.selected or not len(episodes):
        return pd.DataFrame()
    groups = compared_groups(cohort, episodes[primary_episodes(cohort, episodes)])
    rows = [] if len(groups) != 2 else _contrast_rates([key for key, _ in groups], rates, level)
    return pd.DataFrame(rows + _contrast_times(groups, times))


def _contrast_rates(groups: list[str], rates: pd.DataFrame, level: float) -> list[dict]:
    if rates.empty:
        return []
    counted = rates[
        (rates["statistic"] == "response_rate")
        & (rates["analysis"] == "primary")
        & (rates["method"] == m.WILSON)
        & (rates["n"] > 0)
    ]
    first, second = (counted[counted["group"] == group].set_index("definition") for group in groups)
    rows = []
    for definition in first.index.intersection(second.index, sort=False):
        one, other = first.loc[definition], second.loc[definition]
        events, n, other_events, other_n = (int(row[name]) for row in (one, other) for name in ("events", "n"))
        common = _common(groups, definition) | {
            "events": events + other_events,
            "n": n + other_n,
            "not_evaluable": int(one["not_evaluable"] + other["not_evaluable"]),
        }
        difference = newcombe(events, n, other_events, other_n, level)
        limits = {"estimate": difference.estimate, "lower": difference.lower, "upper": difference.upper, "level": level}
        rows.append(common | limits | {"statistic": "rate_difference", "method": m.NEWCOMBE})
        rows += _test_rows(fisher(events, n, other_events, other_n), m.FISHER, common)
        rows.append(common | _number_of(groups))
    return rows


def _contrast_times(groups: list[tuple[str, pd.DataFrame]], times: pd.DataFrame) -> list[dict]:
    group_of = {episode: key for key, members in groups for episode in members["episode_id"]}
    rows = []
    for definition, here in by_definition(times[times["episode_id"].isin(group_of)]).items():
        event = event_of(definition)
        keys = here["episode_id"].astype(object).map(group_of)
        codes, _ = cause_codes(here["cause"], event)
        present = [key for key, _ in groups if (keys == key).any()]
        if len(present) < 2 or not (codes == 1).any():
            continue
        counts = {"cause": event, "events": int((codes == 1).sum()), "n": len(here)}
        common = _common(present, definition) | counts
        for method, test in _compare_times(here["time"].to_numpy(float), codes, keys.to_numpy()).items():
            rows += _test_rows(test, method, common)
        rows.append(common | _number_of(present))
    return rows


def _compare_times(time: np.ndarray, codes: np.ndarray, groups: np.ndarray) -> dict[str, Comparison]:
    """Gray's test of the incidences; beside it, where nothing competes, the log-rank test of the hazards."""
    vague = int(np.isnan(time).sum())
    if vague:
        words = f"not compared: the day of {vague} of {len(time)} is known only as an interval"
        return {m.GRAY: Comparison(np.nan, 0, np.nan, m.GRAY, words)}
    tests = {m.GRAY: gray_test(time, codes, groups, of_interest=1)}
    return tests if codes.max() > 1 else tests | {m.LOG_RANK: log_rank(time, codes, groups)}


def _common(groups: list[str], definition: str) -> dict:
    return {"group": ALL, "contrast": contrast_of(groups), "definition": definition, "analysis": "primary"}


def _test_rows(test: Comparison, method: str, common: dict) -> list[dict]:
    chi_squared = "" if method == m.FISHER else f"chi-squared {test.statistic:.4g} on {test.df} df"
    note = {"method": method, "note": test.refused or chi_squared}
    return [common | note | {"statistic": "p_value", "estimate": test.p_value}]


def _number_of(groups: list[str]) -> dict:
    return {"statistic": "groups_compared", "estimate": len(groups), "method": m.COUNT}
