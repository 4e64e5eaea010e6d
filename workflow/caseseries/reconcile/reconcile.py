"""The reconcile stage: every claim of claims.yaml gets our number and a verdict.

A printed number agrees with ours when ours, rounded to as many decimals as were printed, is the printed one; a half
may have been rounded either way. What can be checked in print alone is checked first (`from_print`).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable

import pandas as pd

from caseseries.model.claim import load_claims
from caseseries.model.cohort import load_cohort
from caseseries.model.config import add_settings, load_settings
from caseseries.model.groups import ALL, compared_groups, groups_of, primary_episodes
from caseseries.model.layout import Layout
from caseseries.model.records import Records, read_records
from caseseries.model.result_columns import CLAIM_SOURCES
from caseseries.model.results import CLAIM_COUNTS, CLAIMS, count_rows, read_table, require, write_table
from caseseries.reconcile.grounds import Grounds
from caseseries.reconcile.judge import judge_claims

OF_EVERYBODY = ("episode_id", "patient_id", "reported_response", "source_row")
"""Columns of episodes.csv that tell no case from another, or only what a total tells too."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries reconcile`."""
    parser.epilog = "example: caseseries reconcile"
    add_settings(parser)


def run(arguments: argparse.Namespace, layout: Layout) -> None:
    """Compare the claims of every configured cohort and write claims.csv."""
    rows: list[dict] = []
    cohorts = load_settings(arguments, layout).cohorts
    estimated = [path for cohort in cohorts for path in (layout.estimates(cohort), layout.description(cohort))]
    classified = [layout.times(cohort) for cohort in cohorts]
    records = [layout.records(cohort) for cohort in cohorts]
    require({"ingest": records, "classify": classified, "estimate": estimated}, layout)
    for cohort in cohorts:
        claims = load_claims(layout.cohort(cohort))
        if claims:
            rows += [{"cohort": cohort} | row for row in judge_claims(claims, grounds_of(cohort, layout))]
    judged = pd.DataFrame(rows, columns=list(CLAIMS))
    write_table(judged, layout.claims, CLAIMS)
    write_table(count_verdicts(judged, layout, cohorts), layout.claim_counts, CLAIM_COUNTS)


def count_verdicts(judged: pd.DataFrame, layout: Layout, cohorts: Iterable[str]) -> pd.DataFrame:
    """Verdicts on what each publication says itself, and on what others tell of it (`results.CLAIM_COUNTS`)."""
    told = {(cohort, one.id) for cohort in cohorts for one in load_claims(layout.cohort(cohort)) if one.told_by}
    sources = [CLAIM_SOURCES[key in told] for key in zip(judged["cohort"], judged["claim"], strict=True)]
    return count_rows(judged.assign(source=sources), CLAIM_COUNTS)


def grounds_of(cohort: str, layout: Layout) -> Grounds:
    """What the restricted results of a cohort hold beside its claims."""
    records = read_records(layout.records(cohort))
    described = load_cohort(layout.cohort(cohort))
    episodes = records["episodes"]
    groups = {}
    if len(episodes):
        first = episodes[primary_episodes(described, episodes)]
        groups = {ALL: groups_of(described, first)[0][1]} | dict(compared_groups(described, first))
    return Grounds(
        read_table(layout.estimates(cohort)),
        read_table(layout.description(cohort)),
        records["aggregates"],
        groups,
        read_table(layout.times(cohort)),
        described.provenance == "reconstructed"
        or (described.provenance != "registry" and written_from_totals(records)),
    )


def written_from_totals(records: Records) -> bool:
    """Whether rows of cases hold nothing that a printed total does not: no case can be told from another by them.

    "2 of 4 responded", entered as four rows of which two say `responded`, is counted as 2 of 4 whatever is true.
    """
    episodes = records["episodes"]
    if not len(episodes):
        return False
    others = episodes.drop(columns=[name for name in OF_EVERYBODY if name in episodes])
    alike = len(others.drop_duplicates()) == 1
    return alike and not any(
        len(table) for name, table in records.tables.items() if name not in ("episodes", "aggregates")
    )
