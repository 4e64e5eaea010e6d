"""The audit stage: doses and cases of a cohort beside what the texts of its drugs say.

Reads the records of a cohort and the drug profiles; writes dosing.csv and eligibility.csv, a row a verdict
(restricted), how many there are of each (audit.csv, flow.csv), and which our own choices move (audit_choices.csv). A
departure is a difference from a text, not an error of the physician.
"""

from __future__ import annotations

import argparse
from itertools import chain

import pandas as pd

from caseseries.audit.choices import audit_choices
from caseseries.audit.counts import ASKED, audit_counts, flow_counts, joined_counts
from caseseries.audit.dosing import dosing_table
from caseseries.audit.eligibility import eligibility_table
from caseseries.model.cohort import Cohort, load_cohort
from caseseries.model.drug import Drug, load_drugs
from caseseries.model.layout import Layout
from caseseries.model.records import Records, read_blocks, read_episodes, read_record_table
from caseseries.model.results import AUDIT, AUDIT_CHOICES, DOSING, ELIGIBILITY, FLOW, require, write_table, written
from caseseries.model.sample import MOST_TRIED, sample


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries audit`."""
    parser.epilog = "example: caseseries audit spain-romiplostim-2017"
    parser.add_argument("cohort", help="id of the cohort")


def run(arguments: argparse.Namespace, layout: Layout) -> None:
    """Audit one cohort, block by block, and write its results."""
    cohort = load_cohort(layout.cohort(arguments.cohort))
    folder = layout.records(cohort.id)
    require({"ingest": [folder]}, layout)
    drugs = load_drugs(*layout.drug_folders)
    blocks = read_blocks(folder)
    records = next(blocks)
    tables = judge(cohort, records, drugs)
    counts, asked = [], []
    with (
        written(layout.path("dosing", cohort.id), DOSING) as dosing,
        written(layout.path("eligibility", cohort.id), ELIGIBILITY) as eligibility,
    ):
        for found in chain([tables], (judge(cohort, block, drugs) for block in blocks)):
            dosing.write(found[0])
            eligibility.write(found[1])
            counts.append(audit_counts(cohort.id, *found))
            asked.append(found[1][ASKED])
    episodes = read_record_table(folder / "episodes.parquet")
    write_table(joined_counts(counts), layout.audit(cohort.id), AUDIT)
    write_table(flow_counts(cohort, episodes, pd.concat(asked), drugs), layout.flow(cohort.id), FLOW)
    if len(counts) > 1:
        records = read_episodes(folder, sample(episodes["episode_id"], MOST_TRIED))
        tables = judge(cohort, records, drugs)
    choices = audit_choices(cohort, records, drugs, *tables, of=len(episodes))
    write_table(choices, layout.audit_choices(cohort.id), AUDIT_CHOICES)


def judge(cohort: Cohort, records: Records, drugs: dict[str, Drug]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of dosing.csv and of eligibility.csv of some episodes."""
    return dosing_table(cohort, records, drugs), eligibility_table(cohort, records, drugs)
