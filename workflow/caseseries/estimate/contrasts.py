"""Groups of a cohort against each other: difference of rates with its interval, and tests, refused where too small.

Groups are those of cohort.yaml's `grouped_by`. A retrospective comparison is descriptive: nothing is adjusted for,
and tests that could not have been conclusive are refused in words by `estimate.compare`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.estimate.curves import cause_codes
from caseseries.estimators.compare import Comparison, fisher, gray_test
from caseseries.estimators.proportion import newcombe
from caseseries.model.cohort import Cohort
from caseseries.model.groups import NOT_RECORDED, groups_of
from caseseries.model.records import Records
from caseseries.model.results import event_of
from caseseries.response.roles import first_episodes


def contrast_groups(
    cohort: Cohort, records: Records, case_sets: pd.DataFrame, times: pd.DataFrame, level: float
) -> pd.DataFrame:
    """Rows of estimates.csv (without `cohort`) that compare groups; empty for a cohort without groups.

    Returns
    -------
    For two groups `rate_difference` (first minus second, `group` "first - second") and `p_value` of Fisher's test
    for each definition with both groups evaluable; `p_value` of Gray's test over all groups for each timed event.
    A refused test has no estimate and its reason stands in `method`.
    """
    episodes = records["episodes"]
    if cohort.grouped_by is None or not len(episodes):
        return pd.DataFrame()
    groups = [one for one in groups_of(cohort, episodes[first_episodes(episodes)])[1:] if one[0] != NOT_RECORDED]
    rows = [] if len(groups) != 2 else _contrast_rates([name for name, _ in groups], case_sets, level)
    return pd.DataFrame(rows + _contrast_times(groups, times))


def _contrast_rates(groups: list[str], case_sets: pd.DataFrame, level: float) -> list[dict]:
    first, second = groups
    rows = []
    of_case_set = {key: roles["role"] for key, roles in case_sets.groupby("case_set", sort=False)}
    for key, one in of_case_set.items():
        definition, rest = key.split(":", 1)
        group, analysis = rest.rsplit(":", 1)
        if group != first or analysis != "primary":
            continue
        other = of_case_set.get(f"{definition}:{second}:primary", pd.Series(dtype=str))
        counts = [int((roles == role).sum()) for roles in (one, other) for role in ("event", "non_event")]
        unknown = int((one == "not_evaluable").sum() + (other == "not_evaluable").sum())
        n_first, n_second = counts[0] + counts[1], counts[2] + counts[3]
        if not (n_first and n_second):
            continue
        common = {
            "group": f"{first} - {second}",
            "definition": definition,
            "analysis": "primary",
            "events": counts[0] + counts[2],
            "n": n_first + n_second,
            "not_evaluable": unknown,
        }
        difference = newcombe(counts[0], n_first, counts[2], n_second, level)
        limits = {"estimate": difference.estimate, "lower": difference.lower, "upper": difference.upper, "level": level}
        rows.append(common | limits | {"statistic": "rate_difference", "method": difference.method})
        rows.append(common | _test_row(fisher(counts[0], n_first, counts[2], n_second)))
    return rows


def _contrast_times(groups: list[tuple[str, pd.DataFrame]], times: pd.DataFrame) -> list[dict]:
    group_of = {episode: name for name, members in groups for episode in members["episode_id"]}
    rows = []
    for definition, here in times[times["episode_id"].isin(group_of)].groupby("definition", sort=False):
        event = event_of(definition)
        labels = here["episode_id"].map(group_of).to_numpy()
        codes, _ = cause_codes(here["cause"], event)
        present = [name for name, _ in groups if name in set(labels)]
        if len(present) < 2 or not (codes == 1).any():
            continue
        vague = int(here["time"].isna().sum())
        if vague:
            words = f"not compared: the day of {vague} of {len(here)} is known only as an interval"
            test = Comparison(np.nan, 0, np.nan, "Gray's test", words)
        else:
            test = gray_test(here["time"].to_numpy(float), codes, labels, of_interest=1)
        common = {
            "group": " / ".join(present),
            "definition": definition,
            "analysis": "primary",
            "cause": event,
            "events": int((codes == 1).sum()),
            "n": len(here),
        }
        row = _test_row(test)
        if not test.refused:
            row["method"] += f", chi-squared {test.statistic:.4g} on {test.df} df"
        rows.append(common | row)
    return rows


def _test_row(test: Comparison) -> dict:
    method = test.method.removesuffix(", cause 1")
    if test.refused:
        return {"statistic": "p_value", "estimate": np.nan, "method": f"{method} refused: {test.refused}"}
    return {"statistic": "p_value", "estimate": test.p_value, "method": method}
