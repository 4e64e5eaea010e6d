"""What is wrong or odd in the definitions, in those that are named, and in running them on the records of a cohort."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from caseseries.model.applicable import applicable
from caseseries.model.cohort import Cohort
from caseseries.model.config import Config
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


def check_definitions(
    cohorts: Mapping[str, Cohort],
    records: Mapping[str, Records],
    places: Mapping[str, Path],
    config: Config | None,
    files: list[Path],
    layout: Layout,
) -> list[Finding]:
    """What is wrong with the definitions, with those that configuration and cohorts name, and with running them on the
    records of folders without error.

    Parameters
    ----------
    cohorts : each cohort.yaml without error, by the name of its folder; `records` those of folders without error.
    places : the folders.
    config, files : the configuration and its files, None and empty where folders were named.
    """
    if not any(any(folder.glob("*.yaml")) for folder in layout.definition_folders):
        return []
    try:
        catalogue = read_catalogue(layout)
        if files:
            check_configured(catalogue, files)
    except BadInput as error:
        return error.findings
    configured = "all" if config is None else config.definitions
    findings = []
    for folder, cohort in cohorts.items():
        findings += named_findings(cohort, catalogue, configured) + condition_findings(cohort, catalogue)
        if folder in records and cohort.counts_from_dose:
            run_on = applicable(catalogue, cohort, configured)
            shown = f"{folder}/{cohort.file_of(places[folder], 'episodes')}"
            findings += [doubt(shown, rule) for rule in record_doubts(cohort, records[folder], run_on)]
    return findings


def record_doubts(cohort: Cohort, records: Records, definitions: list[Definition]) -> Iterator[str]:
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
            yield rule
    met = {name: already_met(view) for name, view in views.items()}
    there = {name: cases for name, cases in met.items() if cases.any()}
    if there:
        touched = int(np.logical_or.reduce(list(there.values())).sum())
        everybody = len(next(iter(there.values())))
        rule = (
            f"in {touched} of {everybody} cases the baseline already meets the count that a definition asks for, so "
            f"that a response under it says nothing of the treatment: {named(there)}"
        )
        yield rule


def named(met: dict[str, np.ndarray]) -> str:
    """Definitions with the number of cases, those with most first; of many the others are counted."""
    ranked = sorted(met, key=lambda name: (-int(met[name].sum()), name))
    shown = [f"{name} ({int(met[name].sum())})" for name in ranked[:NAMED]]
    return listing(shown + ([f"{len(ranked) - NAMED} more"] if len(ranked) > NAMED else []))


def doubt(file: str, rule: str) -> Finding:
    """A warning about the baselines of a cohort."""
    return Finding(file, column="baseline", rule=rule, severity="warning")
