"""Response rates of a cohort under every definition, with the number evaluable and the bounds of what is unknown.

The first episode of each person is the primary analysis, since episodes of one person are not independent; all
episodes are a sensitivity analysis where somebody has several. Cases that cannot be evaluated are counted apart:
the best case takes all of them as responders, the worst case none.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.estimators.arrays import counted
from caseseries.estimators.clustered import bootstrap_rate, gee_rate
from caseseries.estimators.proportion import proportion
from caseseries.model import methods as m
from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition
from caseseries.model.groups import groups_of
from caseseries.model.order import first_episodes
from caseseries.model.records import Records
from caseseries.model.results import CASE_SETS
from caseseries.response.roles import role_of

INTERVALS = {
    m.WILSON: "wilson",
    m.EXACT: "clopper_pearson",
    m.JEFFREYS: "jeffreys",
    m.MID_P: "mid_p",
    m.BLAKER: "blaker",
}
"""Name in the column `method` -> name of the interval in `estimators.proportion`."""

HEADLINE = (m.WILSON, m.EXACT)
NOBODY = "nobody evaluable"
SELECTED = "no share: the cases were selected"


def estimate_rates(
    cohort: Cohort, records: Records, responses: pd.DataFrame, definitions: list[Definition], level: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rates by definition, group and analysis, and the cases behind them.

    Returns
    -------
    Rows of estimates.csv (without `cohort`) and of case_sets.csv. A cohort whose cases were selected by their
    outcome has no rate: both are empty.
    """
    episodes = records["episodes"]
    rows: list[dict] = []
    sets = [pd.DataFrame(columns=list(CASE_SETS))]
    if cohort.selected or not len(episodes):
        return pd.DataFrame(rows), sets[0]
    primary = first_episodes(episodes)
    analyses = {"primary": episodes[primary]} | ({} if primary.all() else {"all_episodes": episodes})
    of_definition = dict(list(responses.groupby("definition")))
    for definition in definitions:
        if definition.id not in of_definition:
            continue
        of_episodes = of_definition[definition.id].set_index("episode_id")
        for analysis, included in analyses.items():
            for group, members in groups_of(cohort, included):
                case_set = f"{definition.id}:{group}:{analysis}"
                common = {"group": group, "definition": definition.id, "analysis": analysis}
                if definition.measure is not None:
                    rows += [common | row for row in value_rows(of_episodes["value"].reindex(members["episode_id"]))]
                    continue
                roles = role_of(of_episodes["response_class"].reindex(members["episode_id"]), definition.responses)
                sets.append(pd.DataFrame({"case_set": case_set, "role": roles, "episode_id": roles.index}))
                common["case_set"] = case_set
                if analysis == "all_episodes":
                    rows += [common | row for row in clustered_rows(roles, members["patient_id"], level)]
                    continue
                rows += [common | row for row in _rates_of(roles, level)]
                classes = of_episodes["response_class"].reindex(members["episode_id"])
                rows += [common | row for row in _complete_rates(classes, definition, level)]
    return pd.DataFrame(rows), pd.concat(sets, ignore_index=True)


def _rates_of(roles: pd.Series, level: float) -> list[dict]:
    events, unknown = int((roles == "event").sum()), int((roles == "not_evaluable").sum())
    return _response_rows(events, len(roles) - unknown, unknown, level)


def _response_rows(events: int, n: int, unknown: int, level: float) -> list[dict]:
    return _bounded("response_rate", events, n, unknown, level, tuple(INTERVALS))


def _complete_rows(events: int, n: int, unknown: int, level: float) -> list[dict]:
    return _bounded("complete_response_rate", events, n, unknown, level, HEADLINE)


def _bounded(statistic: str, events: int, n: int, unknown: int, level: float, methods: tuple[str, ...]) -> list[dict]:
    """Rate among the n evaluable by each method, and its bounds where some are not evaluable."""
    rows = rate_rows(statistic, events, n, unknown, level, methods)
    if unknown:
        rows += rate_rows(f"{statistic}_best_case", events + unknown, n + unknown, 0, level)
        rows += rate_rows(f"{statistic}_worst_case", events, n + unknown, 0, level)
    return rows


def _complete_rates(classes: pd.Series, definition: Definition, level: float) -> list[dict]:
    """Rate of complete response; a response of unknown kind (`responded`) is not evaluable for it."""
    if definition.complete is None:
        return []
    unclear = int(classes.isin(["NE", "responded"]).sum())
    if definition.reported and unclear == len(classes):
        return []
    complete = int((classes == definition.complete).sum())
    return _complete_rows(complete, len(classes) - unclear, unclear, level)


def clustered_rows(roles: pd.Series, persons: pd.Series, level: float) -> list[dict]:
    """Rate over all episodes, several of a person allowed for: GEE, and the bootstrap by person beside it."""
    known = (roles != "not_evaluable").to_numpy()
    common = {
        "statistic": "response_rate",
        "events": int((roles == "event").sum()),
        "n": int(known.sum()),
        "not_evaluable": int((~known).sum()),
        "level": level,
    }
    if not known.any():
        return [common | {"method": m.GEE, "note": NOBODY}]
    event, person = (roles == "event").to_numpy(int)[known], persons.to_numpy()[known]
    rows = []
    made = {m.GEE: gee_rate(event, person, level), m.BOOTSTRAP: bootstrap_rate(event, person, level)}
    for method, rate in made.items():
        row = {"estimate": rate.estimate, "lower": rate.lower, "upper": rate.upper, "method": method}
        rows.append(common | row | {"note": rate.refused or counted(rate.persons, "person")})
    if not known.all():
        everybody = {"n": known.size, "not_evaluable": 0, "method": m.BOUND}
        for name, unknown in (("best", int((~known).sum())), ("worst", 0)):
            events = common["events"] + unknown
            row = {"statistic": f"response_rate_{name}_case", "events": events, "estimate": events / known.size}
            rows.append(common | everybody | row)
    return rows


def rate_rows(
    statistic: str, events: int, n: int, not_evaluable: int, level: float, methods: tuple[str, ...] = HEADLINE
) -> list[dict]:
    """One row a method for events among n; with n = 0 a single row without an estimate."""
    common = {"statistic": statistic, "events": events, "n": n, "not_evaluable": not_evaluable, "level": level}
    if n == 0:
        return [common | {"method": methods[0], "note": NOBODY}]
    rows = []
    for method in methods:
        rate = proportion(events, n, method=INTERVALS[method], level=level)
        limits = {"estimate": rate.estimate, "lower": rate.lower, "upper": rate.upper}
        rows.append(common | limits | {"method": method})
    return rows


def value_rows(values: pd.Series) -> list[dict]:
    """Median and range of what a definition measures (weeks, share of days)."""
    known = values.dropna().to_numpy()
    common = {"statistic": "median_value", "n": len(known), "not_evaluable": len(values) - len(known)}
    common |= {"method": m.MEDIAN_AND_RANGE}
    if not len(known):
        return [common | {"note": NOBODY}]
    return [common | {"estimate": float(np.median(known)), "lower": known.min(), "upper": known.max()}]


def aggregate_rates(cohort: Cohort, aggregates: pd.DataFrame, level: float) -> pd.DataFrame:
    """Rates from counts that stand in place of cases (aggregates.csv), with intervals made here from the counts.

    Counts that a source prints are of its own classes, whatever its definition, and so stand under `as_reported`.
    Counts of another run of caseseries (origin `estimates`) stand under the definition by which it classed the cases.
    """
    rows: list[dict] = []
    countable = aggregates[aggregates["events"].notna() & aggregates["n"].notna()]
    for line in countable.itertuples():
        events, n = int(line.events), int(line.n)
        unknown = 0 if np.isnan(line.not_evaluable) else int(line.not_evaluable)
        definition = line.definition if line.origin == "estimates" else "as_reported"
        common = {"group": line.group, "definition": definition, "analysis": "aggregate"}
        if line.outcome not in ("response", "complete_response"):
            found = rate_rows("outcome_rate", events, n, unknown, level)
            if cohort.selected:
                counts = {"events": events, "n": n, "not_evaluable": unknown, "method": m.COUNT, "note": SELECTED}
                found = [{"statistic": "outcome_rate"} | counts]
            rows += [common | row | {"cause": line.outcome} for row in found]
        elif not cohort.selected:
            made = _response_rows if line.outcome == "response" else _complete_rows
            rows += [common | row for row in made(events, n, unknown, level)]
    return pd.DataFrame(rows)
