"""A whole cohort folder: everything read, everything checked, every finding in hand."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from caseseries.ingest.centre import FILE, read_estimates
from caseseries.ingest.examination import Examination
from caseseries.ingest.mapping import Reader
from caseseries.ingest.parquet import AS_PARQUET, ENDING, read_parquet
from caseseries.ingest.parted import LARGE, Parts, total_size
from caseseries.ingest.read import read_csv
from caseseries.ingest.source import SourceTable, join, shown_file
from caseseries.ingest.tidy import tidy_table
from caseseries.ingest.values import Tables
from caseseries.model.claim import load_claims
from caseseries.model.cohort import Cohort, load_cohort
from caseseries.model.columns import TABLES
from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import Layout

OTHER_FILES = ("cohort.yaml", "claims.yaml", "README.md", FILE)


@dataclass
class Examined:
    """A cohort folder after every check.

    `cohort` is None where cohort.yaml itself is at fault, `folder` is "" where nothing is read. Tables of the files in
    `large` are not in `tables`, and neither are those in `unreadable`. `notes` say for how many cases each column is
    known.
    """

    cohort: Cohort | None
    folder: str = ""
    large: list[Path] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)
    tables: dict[str, SourceTable] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)


def examine(folder: Path, layout: Layout) -> Examined:
    """Read and check a cohort folder.

    Parameters
    ----------
    folder : the cohort's folder.
    layout : for the drug profiles that cohort.yaml may name.

    Returns
    -------
    The tables that could be read (of a large cohort none), and every finding, sorted by file, case and line; nothing
    is raised.
    """
    examined = open_folder(folder, layout)
    for _ in examine_parts(examined, layout):
        pass
    return examined


def open_folder(folder: Path, layout: Layout) -> Examined:
    """Read a cohort folder, but for the tables of a large one; `examine_parts` goes on with it."""
    if not os.path.isdir(folder):  # a name that no file can have is no folder either, where pathlib would raise
        rule = "there is no such cohort folder"
        return Examined(None, findings=[Finding(folder.name, rule=rule, example="data/yu-2023")])
    examined = Examined(None, folder.name)
    if outside := links_out(folder):
        return Examined(None, findings=outside)
    try:
        examined.cohort = load_cohort(folder)
        examined.findings += check_cohort(examined.cohort, folder, layout)
    except BadInput as error:
        examined.findings += error.findings
    try:
        load_claims(folder)
    except BadInput as error:
        examined.findings += error.findings
    examined.large = large_tables(folder, examined.cohort)
    examined.unreadable = read_folder(folder, examined)
    return examined


def examine_parts(examined: Examined, layout: Layout) -> Iterator[Tables]:
    """Check the tables of a folder that is open, and give them: all at once, or those of a large cohort block by block
    of episodes, as long as nothing is wrong that keeps cells from being typed.

    When the last is given, `examined` has every finding and note.
    """
    if not examined.folder:
        return
    covariates = examined.cohort.covariates if examined.cohort else ()
    tidied = {name: tidy_table(raw, covariates) for name, raw in examined.tables.items()}
    with Parts(examined.large, layout, examined.cohort, examined.folder) as parts:
        examined.findings += parts.findings
        examined.unreadable |= parts.unreadable
        for table in tidied.values():
            parts.heights.add(table)
        examination = Examination(
            examined.cohort,
            examined.folder,
            layout,
            examined.unreadable,
            {name: len(table) for name, table in tidied.items()} | dict(parts.rows),
            {name: table.file_name for name, table in tidied.items()} | dict(parts.names),
            parts.heights.per_microlitre(),
            parts if examined.large else None,
        )
        examined.tables = {}
        for block in parts.blocks():
            tables = examination.add(block | tidied)
            tidied = {}  # tables of the whole cohort come with its first block
            if not examined.large:
                examined.tables = tables
            elif examination.is_clean:
                yield tables
        if (people := parts.people()) is not None:
            examination.add_people({"episodes": people})
    examined.findings = sorted(set(examination.tell(examined.findings)))
    examined.notes = examination.completeness.tell()
    if not examined.large:
        yield examined.tables


def large_tables(folder: Path, cohort: Cohort | None) -> list[Path]:
    """Files of the tables of cases, where these are too large to be read whole; what is mapped always is."""
    if cohort is not None and cohort.mapping is not None:
        return []
    tables = [path for path in sorted(folder.iterdir()) if is_table(path) and path.stem in AS_PARQUET]
    once = [path for path in tables if path.suffix == ".csv" or not path.with_suffix(".csv").exists()]
    return once if total_size(once) > LARGE else []


def spoken(examined: Examined) -> list[Finding]:
    """The findings as messages and logs may tell them: a case of a restricted cohort by its line, not by its label."""
    if examined.cohort is None or examined.cohort.releasable:
        return examined.findings
    return sorted({replace(finding, case="") for finding in examined.findings})


def links_out(folder: Path) -> list[Finding]:
    """A finding for each file or folder inside that is a link to somewhere else: nothing of such a cohort is read."""
    home, rule = folder.resolve(), "the file must lie in the cohort's folder; links out of it are not read"
    findings = []
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(parent, name)
            if path.is_symlink() and not path.resolve().is_relative_to(home):
                findings.append(Finding(f"{folder.name}/{shown_file(name)}", rule=rule))
    return sorted(set(findings))


def read_folder(folder: Path, examined: Examined) -> set[str]:
    """Read the tables of a folder into `examined` and name those that could not be read.

    Files that are no table of the contract are findings. Of a large cohort the tables of cases are only named.
    """
    unreadable = set()
    mapped: set[str] = set()
    if examined.cohort is not None and examined.cohort.mapping is not None:
        reader = Reader(folder, examined.cohort)
        examined.tables |= reader.read()
        examined.findings += reader.findings
        unreadable |= reader.unreadable
        mapped = {source.table for source in reader.sources}
    if examined.cohort is not None and (folder / FILE).is_file():
        table, findings = read_estimates(folder)
        examined.findings += findings
        if table is None:
            unreadable.add("aggregates")
        else:
            examined.tables["aggregates"] = table
    sources = source_names(examined.cohort)
    for path in sorted(folder.iterdir()):
        shown = f"{folder.name}/{path.name}"
        if path.name in sources or path in examined.large:
            continue
        if path.suffix in (".csv", ENDING) and path.stem in mapped:
            rule = "the table is made by the mapping of cohort.yaml; it cannot stand here as a file besides"
            examined.findings.append(Finding(shown, rule=rule))
        elif is_table(path):
            table, findings = read_table(path, shown)
            examined.findings += findings
            if table is None:
                unreadable.add(path.stem)
            elif path.stem in examined.tables:
                examined.tables[path.stem] = join([examined.tables[path.stem], table])
            else:
                examined.tables[path.stem] = table
        elif examined.cohort is not None and path.name not in OTHER_FILES and not path.name.startswith((".", "~$")):
            tabular = path.is_file() and path.suffix.lower() in (".csv", ".txt", ".tsv", ".xlsx", ENDING)
            close = difflib.get_close_matches(path.stem.lower(), TABLES, n=1, cutoff=0.6) if tabular else []
            ending = ENDING if path.suffix == ENDING and set(close) <= set(AS_PARQUET) else ".csv"
            hint = f"; did you mean {close[0]}{ending}?" if close else ""
            shown = f"{folder.name}/{shown_file(path.name)}"
            examined.findings.append(Finding(shown, rule="the file is no table of the contract" + hint))
    return unreadable


def read_table(path: Path, shown: str) -> tuple[SourceTable | None, list[Finding]]:
    """One table of the contract as CSV or Parquet; it stands in one file."""
    if path.suffix == ".csv":
        return read_csv(path, path.stem, shown)
    if path.with_suffix(".csv").exists():
        return None, [Finding(shown, rule=f"the table stands here twice, as {path.stem}.csv too; leave one of them")]
    return read_parquet(path, path.stem, shown)


def is_table(path: Path) -> bool:
    """Whether a file in a cohort's folder is a table of the contract by its name."""
    if path.suffix == ENDING:
        return path.stem in AS_PARQUET and path.is_file()
    return path.suffix == ".csv" and path.stem in TABLES and path.is_file()


def source_names(cohort: Cohort | None) -> set[str]:
    """Files and folders in the cohort's folder that the mapping reads."""
    if cohort is None or cohort.mapping is None:
        return set()
    sources = cohort.mapping.sources
    files = [source.file for source in sources] + [preset.file for preset in cohort.mapping.presets]
    files += [source.redcap.dictionary for source in sources if source.redcap and source.redcap.dictionary]
    return {PurePosixPath(file).parts[0] for file in files}


def check_cohort(cohort: Cohort, folder: Path, layout: Layout) -> list[Finding]:
    """What cohort.yaml says against the contract and the drug profiles."""
    shown = f"{cohort.id}/cohort.yaml"
    contract = {column.name for column in TABLES["episodes"]}
    declared = [covariate.name for covariate in cohort.covariates]
    findings = []
    for name in sorted(set(declared)):
        if name in contract or name == "source_row":
            rule = "a covariate must not have the name of a column of the contract"
            findings.append(Finding(shown, column=name, rule=rule))
        if declared.count(name) > 1:
            findings.append(Finding(shown, column=name, rule="the covariate is declared twice"))
    named = [("grouped_by", cohort.grouped_by, "drug"), ("predictor", cohort.predictor, "age_years")]
    named += [("not_a_start", column, "on_drug_at_conception") for column in cohort.not_a_start]
    if cohort.not_a_start and not cohort.releasable:
        rule = (
            "a restricted cohort cannot hold episodes apart: their number would follow by subtraction; leave them out"
        )
        findings.append(Finding(shown, column="not_a_start", rule=rule))
    for key, column, example in named:
        if column and column not in contract | set(declared):
            rule = f"{key} must name a column of {cohort.file_of(folder, 'episodes')} or a declared covariate"
            findings.append(Finding(shown, column=key, rule=rule, example=example))
    profiles = sorted(path.stem for folder in layout.drug_folders for path in folder.glob("*.yaml"))
    if cohort.drug and profiles and cohort.drug not in profiles:
        close = difflib.get_close_matches(cohort.drug, profiles, n=1, cutoff=0.4) or profiles[:1]
        rule = "there is no such drug profile in config/drugs"
        findings.append(Finding(shown, column="drug", rule=rule, example=close[0]))
    if cohort.id in cohort.overlaps:
        findings.append(Finding(shown, column="overlaps", rule="a cohort does not overlap itself; name the others"))
    return findings
