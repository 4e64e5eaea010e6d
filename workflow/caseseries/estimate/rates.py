"""Response rates of a cohort under every definition, with the number evaluable and the bounds of what is unknown.

The first episode of each person is the primary analysis, since episodes of one person are not independent; all
episodes are a sensitivity analysis where somebody has several. Cases that cannot be evaluated are counted apart:
the best case takes all of them as responders, the worst case none.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.estimate.describe import groups_of
from caseseries.estimate.proportion import proportion
from caseseries.model.cohort import Cohort
from caseseries.model.records import Records

METHODS = {
    "wilson": "Wilson",
    "clopper_pearson": "Clopper-Pearson",
    "jeffreys": "Jeffreys",
    "mid_p": "mid-P",
    "blaker": "Blaker",
}
HEADLINE = ("wilson", "clopper_pearson")
NOT_RESPONSES = frozenset({"NR", "no", "none", "lt50", "NE", ""})
"""Classes that are no response in any definition: everything else that a definition names is one."""


def first_episodes(episodes: pd.DataFrame) -> pd.Series:
    """Mask of the first episode of each person, in the order of the source."""
    return ~episodes["patient_id"].duplicated()


def estimate_rates(
    cohort: Cohort, records: Records, responses: pd.DataFrame, level: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rates by definition, group and analysis, and the cases behind them.

    Returns
    -------
    Rows of estimates.csv (without `cohort`) and of case_sets.csv. A cohort whose cases were selected by their
    outcome has no rate: both are empty.
    """
    episodes = records["episodes"]
    rows: list[dict] = []
    sets: list[pd.DataFrame] = []
    if cohort.selected_for or not len(episodes):
        return pd.DataFrame(rows), pd.DataFrame(columns=["case_set", "role", "episode_id"])
    analyses = {"primary": first_episodes(episodes)}
    if not analyses["primary"].all():
        analyses["all_episodes"] = pd.Series(True, index=episodes.index)
    classed = responses[responses["response_class"] != ""]
    for definition, of_definition in classed.groupby("definition", sort=False):
        classes = of_definition.set_index("episode_id")["response_class"]
        for analysis, mask in analyses.items():
            for group, members in groups_of(cohort, episodes[mask]):
                classes_here = classes.reindex(members["episode_id"])
                case_set = f"{definition}:{group}:{analysis}"
                common = {"group": group, "definition": definition, "analysis": analysis, "case_set": case_set}
                rows += [common | row for row in _rates_of(classes_here, level)]
                sets.append(_roles(classes_here).assign(case_set=case_set))
    measured = responses[responses["response_class"] == ""]
    for definition, of_definition in measured.groupby("definition", sort=False):
        values = of_definition.set_index("episode_id")["value"]
        for analysis, mask in analyses.items():
            for group, members in groups_of(cohort, episodes[mask]):
                common = {"group": group, "definition": definition, "analysis": analysis}
                rows += [common | row for row in _values_of(values.reindex(members["episode_id"]))]
    return pd.DataFrame(rows), pd.concat(sets, ignore_index=True) if sets else pd.DataFrame()


def is_response(classes: pd.Series) -> pd.Series:
    """True where a class is a response."""
    return ~classes.isin(NOT_RESPONSES)


def _roles(classes: pd.Series) -> pd.DataFrame:
    role = np.where(classes == "NE", "not_evaluable", np.where(is_response(classes), "event", "non_event"))
    return pd.DataFrame({"role": role, "episode_id": classes.index})


def _rates_of(classes: pd.Series, level: float) -> list[dict]:
    evaluable = classes[classes != "NE"]
    unknown = len(classes) - len(evaluable)
    events = int(is_response(evaluable).sum())
    rows = rate_rows("response_rate", events, len(evaluable), unknown, level, tuple(METHODS))
    if (evaluable == "CR").any() or evaluable.isin(["CR", "R", "NR"]).all():
        complete = evaluable[evaluable != "responded"]
        unclear = unknown + len(evaluable) - len(complete)
        if len(complete):
            rows += rate_rows("complete_response_rate", int((complete == "CR").sum()), len(complete), unclear, level)
    if unknown:
        rows += rate_rows("response_rate_best_case", events + unknown, len(classes), 0, level)
        rows += rate_rows("response_rate_worst_case", events, len(classes), 0, level)
    return rows


def rate_rows(
    statistic: str, events: int, n: int, not_evaluable: int, level: float, methods: tuple[str, ...] = HEADLINE
) -> list[dict]:
    """One row a method for events among n; with n = 0 a single row without an estimate."""
    common = {"statistic": statistic, "events": events, "n": n, "not_evaluable": not_evaluable, "level": level}
    if n == 0:
        return [common | {"method": "not estimable: nobody evaluable"}]
    rows = []
    for method in methods:
        rate = proportion(events, n, method=method, level=level)
        limits = {"estimate": rate.estimate, "lower": rate.lower, "upper": rate.upper}
        rows.append(common | limits | {"method": METHODS[method]})
    return rows


def _values_of(values: pd.Series) -> list[dict]:
    known = values.dropna().to_numpy()
    common = {"n": len(known), "not_evaluable": len(values) - len(known)}
    if not len(known):
        return [common | {"statistic": "median_value", "method": "not estimable: nobody evaluable"}]
    row = {"estimate": float(np.median(known)), "lower": known.min(), "upper": known.max()}
    return [common | row | {"statistic": "median_value", "method": "median and range"}]


def aggregate_rates(cohort: Cohort, aggregates: pd.DataFrame, level: float) -> pd.DataFrame:
    """Rates from counts that a source prints instead of cases (aggregates.csv).

    Responses keep the source's definition where it is one of ours and are `as_reported` otherwise.
    """
    rows: list[dict] = []
    counted = aggregates[aggregates["events"].notna() & aggregates["n"].notna()]
    for line in counted.itertuples():
        events, n = int(line.events), int(line.n)
        common = {"group": line.group, "definition": "as_reported", "analysis": "aggregate"}
        if line.outcome in ("response", "complete_response"):
            if cohort.selected_for:
                continue
            methods = tuple(METHODS) if line.outcome == "response" else HEADLINE
            rows += [common | row for row in rate_rows(f"{line.outcome}_rate", events, n, 0, level, methods)]
        else:
            found = rate_rows("outcome_rate", events, n, 0, level)
            rows += [common | row | {"cause": line.outcome} for row in found]
    return pd.DataFrame(rows)
