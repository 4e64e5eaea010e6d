"""`caseseries check`: everything that is wrong or odd in configuration, cohort folders and the definitions that are run
on them, all at once, before any work is done.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from caseseries.ingest.check import Checked, check_folders, tell
from caseseries.model.applicable import applicable
from caseseries.model.cohort import Cohort
from caseseries.model.config import add_configfile, configuration_files
from caseseries.model.definition import Definition
from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import Layout
from caseseries.model.records import Records
from caseseries.response.applied import condition_findings, named_findings
from caseseries.response.baselines import already_met
from caseseries.response.catalogue import read_catalogue
from caseseries.response.definition_files import check_configured
from caseseries.response.evaluate import View
from caseseries.response.evidence import evidence_of
from caseseries.words.definitions import say_point
from caseseries.words.lists import listing

NAMED = 6
"""Definitions that a warning names; the others are counted."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries check`."""
    parser.epilog = (
        "examples:\n  caseseries check\n  caseseries check --configfile config/further-series.yaml\n"
        "  caseseries check data/yu-2023 --queries queries.csv"
    )
    about = "cohort folders; absent: those of the configuration, and the configuration itself"
    parser.add_argument("path", nargs="*", type=Path, help=about)
    add_configfile(parser)
    parser.add_argument("--queries", type=Path, help="also write the findings to this CSV file")


def run(arguments: argparse.Namespace, layout: Layout) -> int:
    """Check, print the findings, and return 2 where there are errors, else 0."""
    checked = check_folders(arguments, layout)
    files = configuration_files(layout, arguments.configfile) if checked.config is not None else []
    found = definition_findings(checked, files, layout)
    return tell(replace(checked, findings=[*checked.findings, *found]), arguments)


def definition_findings(checked: Checked, files: list[Path], layout: Layout) -> list[Finding]:
    """What is wrong with the definitions, with those that configuration and cohorts name, and with running them on the
    records of folders without error.
    """
    if not any(any(folder.glob("*.yaml")) for folder in layout.definition_folders):
        return []
    try:
        catalogue = read_catalogue(layout)
        if files:
            check_configured(catalogue, files)
    except BadInput as error:
        return error.findings
    configured = "all" if checked.config is None else checked.config.definitions
    findings = []
    for folder, cohort in checked.cohorts.items():
        findings += named_findings(cohort, catalogue, configured) + condition_findings(cohort, catalogue)
        if folder in checked.records and cohort.counts_from_dose:
            run_on = applicable(catalogue, cohort, configured)
            findings += list(record_findings(cohort, checked.records[folder], run_on))
    return findings


def record_findings(cohort: Cohort, records: Records, definitions: list[Definition]) -> Iterator[Finding]:
    """What in the records makes a definition say nothing: an entry condition that nobody meets, a baseline that already
    meets the count that is asked for.
    """
    evidence = {name: evidence_of(records, name, cohort.visits) for name in {one.analyte for one in definitions}}
    views = {one.id: View(evidence[one.analyte], one, trace=False) for one in definitions if one.classes}
    for view in views.values():
        known = int(view.baseline.known.sum())
        if view.definition.entry is not None and known and view.outside.sum() == known:
            entry = say_point(view.definition.entry.baseline, view.definition.unit)
            rule = (
                f"{view.definition.id} was made for patients with a baseline {entry}; nobody is known to have one, so "
                f"that it judges none of the {known} with a known baseline"
            )
            yield doubt(cohort, rule)
    met = {name: already_met(view) for name, view in views.items()}
    there = {name: cases for name, cases in met.items() if cases.any()}
    if there:
        touched = int(np.logical_or.reduce(list(there.values())).sum())
        everybody = len(next(iter(there.values())))
        rule = (
            f"in {touched} of {everybody} cases the baseline already meets the count that a definition asks for, so "
            f"that a response under it says nothing of the treatment: {named(there)}"
        )
        yield doubt(cohort, rule)


def named(met: dict[str, np.ndarray]) -> str:
    """Definitions with the number of cases, those with most first; of many the others are counted."""
    ranked = sorted(met, key=lambda name: (-int(met[name].sum()), name))
    shown = [f"{name} ({int(met[name].sum())})" for name in ranked[:NAMED]]
    return listing(shown + ([f"{len(ranked) - NAMED} more"] if len(ranked) > NAMED else []))


def doubt(cohort: Cohort, rule: str) -> Finding:
    """A warning about the baselines of a cohort."""
    return Finding(f"{cohort.id}/episodes.csv", column="baseline", rule=rule, severity="warning")
