"""The audit stage: doses and cases of a cohort beside what the texts of its drugs say.

Reads the records of a cohort and the drug profiles; writes dosing.csv and eligibility.csv, a row a verdict
(restricted), how many there are of each (audit.csv, flow.csv), and which our own choices move (audit_choices.csv). A
departure is a difference from a text, not an
error of the physician.
"""

from __future__ import annotations

import argparse

from caseseries.audit.choices import audit_choices
from caseseries.audit.counts import audit_counts, flow_counts
from caseseries.audit.dosing import dosing_table
from caseseries.audit.eligibility import eligibility_table
from caseseries.model.cohort import load_cohort
from caseseries.model.drug import load_drugs
from caseseries.model.layout import Layout
from caseseries.model.records import read_records
from caseseries.model.results import AUDIT, AUDIT_CHOICES, DOSING, ELIGIBILITY, FLOW, require, write_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries audit`."""
    parser.epilog = "example: caseseries audit spain-romiplostim-2017"
    parser.add_argument("cohort", help="id of the cohort")


def run(arguments: argparse.Namespace, layout: Layout) -> None:
    """Audit one cohort and write its results."""
    cohort = load_cohort(layout.cohort(arguments.cohort))
    require({"ingest": [layout.records(cohort.id)]}, layout)
    records, drugs = read_records(layout.records(cohort.id)), load_drugs(*layout.drug_folders)
    dosing, eligibility = dosing_table(cohort, records, drugs), eligibility_table(cohort, records, drugs)
    counts = audit_counts(cohort.id, dosing, eligibility)
    flow = flow_counts(cohort, records["episodes"], eligibility, drugs)
    write_table(dosing, layout.path("dosing", cohort.id), DOSING)
    write_table(eligibility, layout.path("eligibility", cohort.id), ELIGIBILITY)
    write_table(counts, layout.audit(cohort.id), AUDIT)
    write_table(flow, layout.flow(cohort.id), FLOW)
    choices = audit_choices(cohort, records, drugs, dosing, eligibility)
    write_table(choices, layout.audit_choices(cohort.id), AUDIT_CHOICES)
