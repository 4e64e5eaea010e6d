"""Everything that is wrong or odd in cohort folders, all at once, before any work is done; how it is told."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from caseseries.ingest.check_pools import check_pools
from caseseries.ingest.completeness import format_completeness
from caseseries.ingest.folder import Examined, open_folder, spoken
from caseseries.ingest.handover import KEY, TOLD, inside, key_of, place_for
from caseseries.ingest.ingest import format_queries, make, type_parts
from caseseries.ingest.shared_labels import check_shared_labels
from caseseries.model.checklist import load_checklists
from caseseries.model.cohort import Cohort
from caseseries.model.config import Config, configuration_files, load_files, shown_files
from caseseries.model.drug import load_drugs
from caseseries.model.files import whole
from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import Layout
from caseseries.model.records import Records


@dataclass(frozen=True)
class Checked:
    """What a check found.

    Parameters
    ----------
    folders : the cohort folders.
    findings : faults and doubts; `notes` say what is known of each column.
    config, shown : the configuration and how it is named, None and "" where folders were named.
    cohorts : each cohort.yaml without error, by the name of its folder; `records` those of folders without error.
    """

    folders: list[Path]
    findings: list[Finding]
    notes: list[Finding]
    config: Config | None
    shown: str
    cohorts: dict[str, Cohort]
    records: dict[str, Records]


def check_folders(arguments: argparse.Namespace, layout: Layout) -> Checked:
    """Check the folders that are named, or those of the configuration.

    Drug profiles are checked with them; where no folder is named, so are the configuration and its pools. What is
    without error is typed and held to the contract as in ingest, so that a clean check is a promise that ingest
    passes.
    """
    files = [] if arguments.path else configuration_files(layout, arguments.configfile)
    config, findings = load_files(files) if files else (None, [])
    folders = arguments.path or default_folders(layout, config)
    findings += check_shared(layout)
    notes: list[Finding] = []
    cohorts: dict[str, Cohort] = {}
    records: dict[str, Records] = {}
    for folder in folders:
        examined, typed = examine_folder(folder, layout)
        if typed is not None:
            records[folder.name] = typed
        findings += spoken(examined)
        if examined.cohort is not None:
            cohorts[folder.name] = examined.cohort
        notes += examined.notes
    findings += check_shared_labels(cohorts, records, {folder.name: folder for folder in folders})
    if config is not None:
        findings += check_pools(config, cohorts, records, shown_files(files))
    return Checked(folders, findings, notes, config, shown_files(files), cohorts, records)


def examine_folder(folder: Path, layout: Layout) -> tuple[Examined, Records | None]:
    """A cohort folder after every check, and the typed records of one without error that is not large.

    What is without error is left to ingest where a run offers a place for it (`handover`).
    """
    kept: list[Records] = []
    place = place_for(folder.name, layout) if folder == layout.cohort(folder.name) else None
    if place is not None:
        before = key_of(folder.name, layout)
        examined = open_folder(folder, layout)
        try:
            with whole(place) as beside:
                told = make(examined, folder.name, noted(examined, folder, layout, kept), partial(inside, beside))
                (beside / TOLD).write_text(told, encoding="utf-8")
                if key_of(folder.name, layout) == before:
                    (beside / KEY).write_text(before, encoding="utf-8")
            return examined, next(iter(kept), None)
        except BadInput:
            return examined, next(iter(kept), None)
        except OSError:  # no room for it: nothing is handed over
            kept.clear()
    examined = open_folder(folder, layout)
    for _ in noted(examined, folder, layout, kept):
        pass
    return examined, next(iter(kept), None)


def noted(examined: Examined, folder: Path, layout: Layout, kept: list[Records]) -> Iterator[Records]:
    """The typed parts of an open folder; of one that is not large they are kept too."""
    for typed in type_parts(examined, folder.name, layout):
        if not examined.large:
            kept.append(typed)
        yield typed
        del typed


def tell(checked: Checked, arguments: argparse.Namespace) -> int:
    """Print what a check found and return 2 where there are errors, else 0. For folders that are named and without
    error, what is known is printed too.
    """
    findings = sorted(checked.findings)
    clean = is_clean(findings)
    if arguments.path and clean and checked.notes:
        print("\n".join(["Known:", *(f"  {line}" for line in format_completeness(checked.notes)), ""]))
    print(format_findings(findings, len(checked.folders)))
    if arguments.queries:
        write_queries([*findings, *checked.notes], arguments.queries)
    return 0 if clean else 2


def write_queries(findings: list[Finding], path: Path) -> None:
    """Write findings as CSV, or raise `BadInput` where the file cannot be written."""
    try:
        path.write_text(format_queries(findings), encoding="utf-8")
    except OSError:
        rule = "the file cannot be written; is there such a folder, and is the file closed in other programs?"
        raise BadInput([Finding(path.name, column="--queries", rule=rule, example="queries.csv")]) from None


def check_shared(layout: Layout) -> list[Finding]:
    """What is wrong with drug profiles and checklists, which cohorts share."""
    findings: list[Finding] = []
    for load, folders in ((load_drugs, layout.drug_folders), (load_checklists, layout.checklist_folders)):
        try:
            load(*folders)
        except BadInput as error:
            findings += error.findings
    return findings


def is_clean(findings: list[Finding]) -> bool:
    """No error among the findings."""
    return not any(finding.severity == "error" for finding in findings)


def default_folders(layout: Layout, config: Config | None) -> list[Path]:
    """Folders of the configured cohorts; every folder of data/ where there is no configuration."""
    if config is not None:
        return [layout.cohort(cohort) for cohort in config.cohorts]
    return sorted(path for path in layout.data.iterdir() if path.is_dir())


def format_findings(findings: list[Finding], cohorts: int) -> str:
    """Errors, then warnings, then how many of each."""
    parts = []
    lines = {
        "Errors:": [str(finding) for finding in findings if finding.severity == "error"],
        "Warnings:": by_doubt([finding for finding in findings if finding.severity == "warning"]),
    }
    for heading, chosen in lines.items():
        if chosen:
            parts.append("\n".join([heading, *(f"  {line}" for line in chosen), ""]))
    errors = sum(finding.severity == "error" for finding in findings)
    parts.append(
        f"{_counted(cohorts, 'cohort')} checked: {_counted(errors, 'error')}, "
        f"{_counted(len(findings) - errors, 'warning')}"
    )
    return "\n".join(parts)


def by_doubt(warnings: list[Finding]) -> list[str]:
    """One line for each doubt about a column, with the cases that it touches."""
    cases: dict[Finding, dict[str, None]] = {}
    for warning in warnings:
        named = cases.setdefault(replace(warning, case="", line=0), {})
        if warning.case or warning.line:
            named[warning.case or warning.place] = None
    return [str(about) + (f" ({', '.join(named)})" if named else "") for about, named in cases.items()]


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")
