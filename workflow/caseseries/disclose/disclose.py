"""The disclose stage: the one door between results/restricted and results/release.

What is in print or synthetic leaves as it is. Of a restricted cohort leaves what tells of no few people
(`disclose.cohort`); what does not is named in withheld.csv by its kind.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import pandas as pd

from caseseries.audit.counts import flow_steps
from caseseries.disclose.cohort import Results, told_results
from caseseries.disclose.people import People
from caseseries.estimate.definition_counts import count_definitions
from caseseries.estimate.pool import pool_cohorts
from caseseries.estimate.safety import outcomes_of
from caseseries.model.applicable import leads_of, main_definition
from caseseries.model.claim import load_claims
from caseseries.model.cohort import Cohort, load_cohort
from caseseries.model.config import Config, add_settings, load_settings
from caseseries.model.drug import load_drugs
from caseseries.model.layout import Layout
from caseseries.model.records import read_records
from caseseries.model.results import (
    AGREEMENT,
    AUDIT,
    AUDIT_CHOICES,
    CHOICES,
    CLAIM_COUNTS,
    CLAIMS,
    DEFINITION_COUNTS,
    DESCRIPTION,
    ESTIMATES,
    FLOW,
    MULTIVERSE,
    RECOMPUTED,
    RECOMPUTED_COUNTS,
    RESPONSES,
    SPREAD,
    WITHHELD,
    count_rows,
    read_table,
    require,
    write_table,
)
from caseseries.model.safety import load_vocabulary
from caseseries.reconcile.grounds import Grounds
from caseseries.reconcile.judge import judge_claims
from caseseries.reconcile.reconcile import count_verdicts
from caseseries.response.catalogue import read_catalogue

POOLED = "pooled"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries disclose`."""
    parser.epilog = "example: caseseries disclose yu-2023"
    parser.add_argument("cohort", help=f"id of the cohort, or {POOLED} for what stands across cohorts")
    add_settings(parser)


def run(arguments: argparse.Namespace, layout: Layout) -> None:
    """Release what may leave of one cohort, or of what stands across cohorts."""
    config = load_settings(arguments, layout)
    if arguments.cohort == POOLED:
        disclose_across(config, layout)
    else:
        disclose_cohort(load_cohort(layout.cohort(arguments.cohort)), layout, config)


def disclose_cohort(cohort: Cohort, layout: Layout, config: Config) -> None:
    """Write the results of a cohort that may leave."""
    paths = {name: getattr(layout, name)(cohort.id) for name in TABLES}
    audited = [paths[name] for name in ("audit", "audit_choices", "flow")]
    counts = layout.definition_counts(cohort.id)
    estimated = [path for path in paths.values() if path not in audited]
    require({"estimate": [*estimated, counts], "audit": audited}, layout)
    counted = read_table(counts)
    results = Results(**{name: read_table(path) for name, path in paths.items()})
    withheld = pd.DataFrame(columns=list(WITHHELD))
    if not cohort.releasable:
        require({"ingest": [layout.records(cohort.id)], "classify": [layout.responses(cohort.id)]}, layout)
        require({"audit": [layout.path("eligibility", cohort.id)]}, layout)
        people = People(
            cohort,
            read_records(layout.records(cohort.id)),
            read_table(layout.responses(cohort.id)),
            read_table(layout.times(cohort.id)),
        )
        definitions = read_catalogue(layout)
        main = most_wanted(results.estimates, leads_of(cohort, definitions, config.main_definition))
        drugs, eligibility = load_drugs(*layout.drug_folders), read_table(layout.path("eligibility", cohort.id))
        outcomes = outcomes_of(cohort, people.records, drugs, load_vocabulary(layout.safety_words))
        steps = flow_steps(cohort, people.records["episodes"], eligibility, drugs)
        results, withheld = told_results(results, people, definitions, main, config.level, outcomes, steps)
        counted = count_definitions(pd.DataFrame(columns=list(RESPONSES)), results.estimates, definitions)
    told = layout.as_told()
    for name, columns in TABLES.items():
        write_table(getattr(results, name), getattr(told, name)(cohort.id), columns)
    write_table(counted, told.definition_counts(cohort.id), DEFINITION_COUNTS)
    write_table(withheld, layout.withheld(cohort.id), WITHHELD)


def most_wanted(estimates: pd.DataFrame, leads: Sequence[str]) -> str:
    """The definition that leads of those with a rate or a time; "" where none does."""
    rates = estimates[(estimates["statistic"] == "response_rate") & (estimates["n"] > 0)]
    timed = estimates[estimates["time"].notna()]
    return main_definition(leads, rates["definition"]) or main_definition(leads, timed["definition"])


TABLES = {
    "estimates": ESTIMATES,
    "description": DESCRIPTION,
    "spread": SPREAD,
    "agreement": AGREEMENT,
    "choices": CHOICES,
    "multiverse": MULTIVERSE,
    "audit": AUDIT,
    "audit_choices": AUDIT_CHOICES,
    "flow": FLOW,
}
"""Tables of a cohort's results with their columns."""


def disclose_across(config: Config, layout: Layout) -> None:
    """Write pools and claims that may leave: those for which no rate of a restricted cohort was withheld.

    A pool with a cohort whose numbers are rounded is made again from what is told.
    """
    cohorts = {cohort: load_cohort(layout.cohort(cohort)) for cohort in config.cohorts}
    told = layout.as_told()
    require({"pool": [layout.estimates(POOLED)], "reconcile": [layout.claims]}, layout)
    require({"recompute": [layout.recomputed]}, layout)
    require({"disclose": [told.estimates(cohort) for cohort in cohorts]}, layout)
    rates = {cohort: read_table(told.estimates(cohort)) for cohort in cohorts}
    pooled = read_table(layout.estimates(POOLED))
    kept = [
        pool
        for pool in config.pools
        if all(_rate_told(rates[member.cohort], pool.definition, member.group) for member in pool.members)
    ]
    again = [pool for pool in kept if any(cohorts[member.cohort].disclosure.rounding for member in pool.members)]
    same = [pool.id for pool in kept if pool not in again]
    as_pooled = pooled["group"].isin(same) | ((pooled["analysis"] == "member") & pooled["case_set"].isin(same))
    parts = [pooled[as_pooled], *(pool_cohorts(pool, told, config) for pool in again)]
    write_table(pd.concat(parts).reindex(columns=list(ESTIMATES)), told.estimates(POOLED), ESTIMATES)
    recomputed = read_table(layout.recomputed)
    leaving = {one.id for one in cohorts.values() if one.releasable} | ({POOLED} if as_pooled.all() else set())
    recomputed = recomputed[recomputed["cohort"].isin(leaving)]
    write_table(recomputed, told.recomputed, RECOMPUTED)
    write_table(count_rows(recomputed, RECOMPUTED_COUNTS), told.recomputed_counts, RECOMPUTED_COUNTS)
    claims = read_table(layout.claims)
    parts = [claims[claims["cohort"].isin([one.id for one in cohorts.values() if one.releasable])]]
    parts += [_judged_again(one, layout) for one in cohorts.values() if not one.releasable]
    claims = pd.concat(parts, ignore_index=True)
    write_table(claims, told.claims, CLAIMS)
    write_table(count_verdicts(claims, layout, cohorts), told.claim_counts, CLAIM_COUNTS)


def _judged_again(cohort: Cohort, layout: Layout) -> pd.DataFrame:
    """Claims of a restricted cohort beside what is told of it: ours is no number that was withheld.

    A rounded number says nothing of a printed one: there print is held to itself alone.
    """
    told = layout.as_told()
    estimates, description = read_table(told.estimates(cohort.id)), read_table(told.description(cohort.id))
    beside = Grounds(estimates, description) if cohort.disclosure.rounding is None else Grounds()
    rows = judge_claims(load_claims(layout.cohort(cohort.id)), beside)
    return pd.DataFrame(rows, columns=list(CLAIMS)).assign(cohort=cohort.id)


def _rate_told(estimates: pd.DataFrame, definition: str, group: str) -> bool:
    rate = estimates[(estimates["statistic"] == "response_rate") & (estimates["definition"] == definition)]
    return bool((rate["group"] == group).any())
