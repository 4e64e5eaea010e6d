"""The pool stage: one rate over several cohorts, each pool declared in the configuration.

Cohorts that may share patients are never pooled together, nor are case reports pooled with cohorts, since case
reports are selected for success.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from caseseries.estimate.earlier import given_rows
from caseseries.estimate.rates import rate_rows
from caseseries.estimators.meta_analysis import Pooled, inverse_variance, leave_one_out, pool_proportions
from caseseries.model import methods as m
from caseseries.model.cohort import load_cohort
from caseseries.model.config import Config, Pool, add_settings, load_settings
from caseseries.model.findings import Finding, raise_errors
from caseseries.model.layout import Layout
from caseseries.model.pooling import check_pool, left_out_name
from caseseries.model.results import ESTIMATES, read_table, require, write_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries pool`."""
    parser.epilog = "example: caseseries pool"
    add_settings(parser)


def run(arguments: argparse.Namespace, layout: Layout) -> None:
    """Pool as configured and write pooled/estimates.csv."""
    config = load_settings(arguments, layout)
    cohorts = {cohort: load_cohort(layout.cohort(cohort)) for cohort in config.cohorts}
    raise_errors(finding for pool in config.pools for finding in check_pool(pool, cohorts))
    members = {member.cohort for pool in config.pools for member in pool.members}
    require({"estimate": [layout.estimates(cohort) for cohort in sorted(members)]}, layout)
    parts = [pool_cohorts(pool, layout, config) for pool in config.pools]
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    write_table(frame.reindex(columns=list(ESTIMATES)), layout.estimates("pooled"), ESTIMATES)


def pool_cohorts(pool: Pool, layout: Layout, config: Config) -> pd.DataFrame:
    """Members' rates and weights, the pooled rate (random-intercept logistic model), sensitivity analyses, spread."""
    counts = member_counts(pool, layout)
    events, n = counts["events"].to_numpy(int), counts["n"].to_numpy(int)
    mixed, inverse = pool_proportions(events, n, config.level), inverse_variance(events, n, config.level)
    rows: list[dict] = []
    for place, member in enumerate(counts.itertuples()):
        found = rate_rows("response_rate", int(member.events), int(member.n), member.not_evaluable, config.level)
        if inverse.weights:
            counted = {"events": member.events, "n": member.n, "not_evaluable": member.not_evaluable}
            share = {"statistic": "weight", "estimate": inverse.weights[place], "method": m.INVERSE_VARIANCE}
            found.append(counted | share)
        name = {"cohort": member.cohort, "group": member.group, "analysis": "member", "case_set": pool.id}
        rows += [row | name for row in found]
    common = {"cohort": "pooled", "group": pool.id, "level": config.level, "case_set": pool.id}
    total = common | _sums(counts)
    rows += _pooled_rows(mixed, m.RANDOM_INTERCEPT, total | {"analysis": "main"})
    rows += _differ_rows(mixed, m.LIKELIHOOD_RATIO, total | {"analysis": "main"})
    rows += _pooled_rows(inverse, m.INVERSE_VARIANCE, total | {"analysis": "inverse_variance"})
    rows += _differ_rows(inverse, m.COCHRAN, total | {"analysis": "inverse_variance"})
    if len(counts) > 2:
        for place, without in enumerate(leave_one_out(events, n, config.level)):
            left_out = left_out_name(pool, pool.members[place])
            name = {"analysis": "leave_out", "contrast": left_out, "case_set": f"{pool.id} {left_out}"}
            found = _pooled_rows(without, m.RANDOM_INTERCEPT, common | _sums(counts.drop(index=place)) | name)
            rows += [row for row in found if row["statistic"] == "pooled_rate"]
    rows += new_series_rows(pool, counts, config.level)
    return pd.DataFrame(rows).assign(definition=pool.definition)


def new_series_rows(pool: Pool, counts: pd.DataFrame, level: float) -> list[dict]:
    """The new series of a pool beside what its other cohorts say; none where it declares none."""
    if pool.new_series is None:
        return []
    of = {(row.cohort, row.group): (int(row.events), int(row.n)) for row in counts.itertuples()}
    given = [of[member.cohort, member.group] for member in pool.earlier]
    found = given_rows(of[pool.new_series.cohort, pool.new_series.group], given, level)
    name = {"cohort": "pooled", "group": pool.id, "case_set": pool.id, "contrast": pool.new_series.cohort}
    return [row | name for row in found]


def _sums(counts: pd.DataFrame) -> dict[str, float]:
    """Events, evaluable and not evaluable cases of members; empty where one of them is not known."""
    return {name: counts[name].sum(skipna=False) for name in ("events", "n", "not_evaluable")}


def member_counts(pool: Pool, layout: Layout) -> pd.DataFrame:
    """Events, evaluable and not evaluable cases of each member, from its estimates.csv.

    Raises
    ------
    BadInput : a member has no response rate under the pool's definition, or nobody evaluable.
    """
    rows, findings = [], []
    for member in pool.members:
        table = read_table(layout.estimates(member.cohort))
        chosen = table[
            (table["statistic"] == "response_rate")
            & (table["definition"] == pool.definition)
            & (table["group"] == member.group)
            & table["analysis"].isin(["primary", "aggregate"])
            & (table["n"] > 0)
        ]
        if len(chosen):
            first = chosen.iloc[0]
            counted = {name: first[name] for name in ("events", "n", "not_evaluable")}
            rows.append({"cohort": member.cohort, "group": member.group, **counted})
        else:
            groups = sorted(set(table.loc[table["statistic"] == "response_rate", "group"]))
            rule = f"{member.cohort} has no evaluable case under {pool.definition} in group {member.group}"
            example = "groups with a rate: " + ", ".join(groups) if groups else ""
            findings.append(Finding("config/config.yaml", column=f"pools.{pool.id}", rule=rule, example=example))
    raise_errors(findings)
    return pd.DataFrame(rows)


def _pooled_rows(pooled: Pooled, method: str, common: dict) -> list[dict]:
    """The pooled rate, and the measures of spread where they exist, each with the rule by which it was made."""
    rate: dict[str, float | str] = {
        "estimate": pooled.estimate,
        "lower": pooled.lower,
        "upper": pooled.upper,
        "std_error": pooled.std_error,
    }
    modelled = not np.isnan(pooled.mu)
    rate |= {"method": method if modelled else m.EXACT, "note": pooled.note}
    rows = [common | rate | {"statistic": "pooled_rate"}]
    if not np.isnan(pooled.prediction_lower):
        limits = {"estimate": pooled.estimate, "lower": pooled.prediction_lower, "upper": pooled.prediction_upper}
        rows.append(common | limits | {"statistic": "prediction_interval", "method": m.PREDICTION})
    spread = {"tau2": (pooled.tau2, method), "i2": (pooled.i2, m.TYPICAL_VARIANCE)}
    rows += [
        common | {"statistic": statistic, "estimate": value, "level": np.nan, "method": rule}
        for statistic, (value, rule) in spread.items()
        if not np.isnan(value)
    ]
    return rows


def _differ_rows(pooled: Pooled, method: str, common: dict) -> list[dict]:
    """Q, its degrees of freedom and its p-value: whether members differ by more than chance; none without a model."""
    if np.isnan(pooled.q):
        return []
    found = {"q": (pooled.q, method), "q_df": (pooled.cohorts - 1, m.COUNT), "q_p_value": (pooled.q_p_value, method)}
    return [
        common | {"statistic": statistic, "estimate": value, "level": np.nan, "method": rule}
        for statistic, (value, rule) in found.items()
    ]
