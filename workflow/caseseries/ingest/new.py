"""`caseseries new`: the folder of a cohort with commented templates, only for the tables that are asked for."""

from __future__ import annotations

import argparse
import difflib
import shutil
from pathlib import Path

from caseseries.ingest.new_claims import CLAIMS, write_claims
from caseseries.model.cohort import ID
from caseseries.model.columns import TABLES
from caseseries.model.files import whole
from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import STUDY, Layout
from caseseries.words.lists import listing
from caseseries.words.nouns import inflected

COHORT = """\
# What this cohort is and what may be shown of it. Keys without a value must be filled in or taken out.
id: {id}
title:                  # one line, as a reader of the report sees it
citation:               # the publication or registry
doi: ""
design:                 # for example: retrospective case series
setting: ""             # for example: one centre
period: ""              # years or months, never days: 2015 to 2020
population:             # who was included
people: patient         # what the report calls them: woman, man, patient, child or newborn
# condition: itp        # what the cases are treated for: rules made for something else are not run
# definitions: []       # rules that are run all the same
# main_definition:      # the rule that leads, decided beforehand; else the authors' own, else the consensus
drug: ""                # a profile of config/drugs ({drugs}), or empty
# label: us             # whose dosing rules apply, of those in the profile; all where none is named
provenance: transcribed # transcribed (from print), registry (own records) or synthetic
licence:                # of the data
disclosure:
  profile: restricted   # restricted (summaries only), published (the rows are in print) or synthetic
  basis:                # why that may be: the publication, the consent, the committee
source_definition: not_stated  # what the authors called a response: an id of `caseseries definitions`, or not_stated
stratum: cohort         # cohort or case_reports
selected_for: ""        # if cases were chosen by their outcome: how; then no rate is made of them
# not_a_start:          # column and its values that mark episodes which no treatment began: they stand apart
adverse_events_recorded: "no"  # "yes" if harm was looked for, so that none written means none; by_episode, or
                        # a list of mother, neonate, patient; else no rate is made of adverse events
day_zero: first_dose    # first_dose, birth or other; unless first_dose, no definition is run on the counts
visits: routine         # routine, or planned (one schedule for all): then a week without a count is a failure
# analyte: platelets    # what `baseline` is of: haemoglobin, neutrophils ...; of others a count called baseline
# event_kinds:          # kinds of events beyond those below, and what each means for a definition
#   red_cell_transfusion: {{means: transfusion, of: haemoglobin}}  # or {{means: rescue}}, {{means: neither}}
overlaps: []            # cohorts that may hold the same persons; they are never pooled together
# overlaps_not_known: []  # cohorts of the same years of which no source says whether they share patients
# regimen: ""           # drug, dose and days as the source gives them
# not_known: []         # what the source does not tell, or could not be read of it, in a few words each
covariates: []          # columns of episodes.csv beyond the contract:
                        # - {{name: centre, label: Centre, levels: {{a: Centre A, b: Centre B}}}}
                        # - {{name: lymphocytes, label: Lymphocytes, kind: number, unit: 10^9/L}}
# grouped_by: drug      # a column of episodes.csv whose values are compared
# predictor: age_years  # the one column, declared beforehand, that response is set against
# mapping:              # how files of another shape become these tables: docs/data.md
"""

README = """\
# {id}

| what | where it comes from |
|---|---|
|  | page, table or URL of each number |

**Could not be read:** what the source does not print.

**Licence:**

## Columns

An empty cell means not known; nothing is guessed. Days are whole days from the first dose, which is day 0.
{columns}"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries new`."""
    parser.epilog = "example: caseseries new romiplostim-2024 --from workbook.xlsx"
    parser.add_argument(
        "cohort", nargs="?", help="name of the folder to make in data/: lower-case letters, digits, hyphens"
    )
    parser.add_argument(
        "--tables", nargs="+", metavar="TABLE", help=f"tables to prepare: {', '.join(TABLES)}, claims (episodes counts)"
    )
    parser.add_argument(
        "--from",
        dest="source",
        metavar="FILE",
        nargs="+",
        type=Path,
        help="a workbook, CSV, REDCap, FHIR, Phenopackets, CDISC, OMOP, SAS, Stata or SPSS file, or several that "
        "belong together: they are copied into the folder, and a draft of their mapping is written",
    )
    parser.add_argument(
        "--claims", metavar="FILE", type=Path, help="no folder but a template of claims.yaml, to check a paper with"
    )
    parser.add_argument("--dictionary", metavar="FILE", type=Path, help="data dictionary of a REDCap export")


def run(arguments: argparse.Namespace, layout: Layout) -> None:
    """Make the folder, or the template of claims; what is there already is left alone."""
    if arguments.claims and not (arguments.cohort or arguments.tables or arguments.source):
        write_claims(arguments.claims)
        print(f"made {arguments.claims}: fill it in, then run: caseseries claims check {arguments.claims}")
        return
    if arguments.claims or not arguments.cohort:
        rule = "either a cohort is named, or --claims FILE stands alone; the claims of a cohort: --tables claims"
        raise BadInput([Finding("new", column="cohort", rule=rule, example="romiplostim-2024")])
    folder = layout.cohort(arguments.cohort)
    tables = arguments.tables or ([] if arguments.source else ["episodes", "counts"])
    findings = check_request(arguments.cohort, tables, folder) + check_from(arguments)
    if findings:
        raise BadInput(findings)
    drugs = ", ".join(sorted(path.stem for folder in layout.drug_folders for path in folder.glob("*.yaml")))
    text = COHORT.format(id=arguments.cohort, drugs=drugs)
    files: dict[str, Path] = {}
    if arguments.source:
        from caseseries.ingest.draft.draft import draft_cohort

        text, files = draft_cohort(text, arguments.source, arguments.dictionary, layout)
    with whole(folder) as beside:
        write_folder(beside, arguments.cohort, tables, text)
        copy_files(beside, files)
    if not files:
        print(f"made {folder}: fill in cohort.yaml and the tables, then run: caseseries check {folder}")
        return
    copied = inflected(len(files), "file")
    print(
        f"made {folder}, with a copy of the {copied} as {listing(files)}: see that the guesses of cohort.yaml are "
        f"right, fill in what it leaves empty, then run: caseseries check {folder}"
    )
    if not (layout.config.parent / STUDY).exists():
        print("records that are not public do not belong here: a study of their own is made by caseseries init PATH")


def check_from(arguments: argparse.Namespace) -> list[Finding]:
    """Options that cannot stand beside each other."""
    findings = []
    if arguments.source and arguments.tables:
        rule = "the tables come from the file; --tables makes empty ones and cannot stand beside --from"
        findings.append(Finding("new", column="--tables", rule=rule))
    if arguments.dictionary and not arguments.source:
        rule = "a data dictionary belongs to an export, which --from names"
        findings.append(Finding("new", column="--dictionary", rule=rule))
    return findings


def copy_files(folder: Path, files: dict[str, Path]) -> None:
    """Copy source files into the folder, under names that say nothing of what is in them."""
    for name, path in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(path, folder / name)


def check_request(cohort: str, tables: list[str], folder: Path) -> list[Finding]:
    """What keeps the folder from being made."""
    findings = []
    if len(cohort) > 60 or not ID.fullmatch(cohort):
        rule = "an id is lower-case letters, digits and single hyphens, begins with a letter, at most 60"
        findings.append(Finding("new", column="cohort", rule=rule, example="romiplostim-2024"))
    elif folder.exists():
        findings.append(Finding("new", column="cohort", rule="a folder of this name is there already"))
    for table in tables:
        if table not in TABLES and table != "claims":
            close = difflib.get_close_matches(table, TABLES, n=1, cutoff=0.4)
            rule = "there is no such table"
            findings.append(Finding("new", column="--tables", rule=rule, example=close[0] if close else "counts"))
    return findings


def write_folder(folder: Path, cohort: str, tables: list[str], about: str) -> None:
    """Write cohort.yaml (`about`), README.md, claims.yaml where asked for, and a header for each table."""
    folder.mkdir()
    (folder / "cohort.yaml").write_text(about, encoding="utf-8")
    chosen = [table for table in TABLES if table in tables]
    for table in chosen:
        header = ",".join(column.name for column in TABLES[table])
        (folder / f"{table}.csv").write_text(header + "\n", encoding="utf-8")
    if "claims" in tables:
        (folder / "claims.yaml").write_text(CLAIMS, encoding="utf-8")
    columns = "".join(describe_table(table) for table in chosen)
    (folder / "README.md").write_text(README.format(id=cohort, columns=columns), encoding="utf-8")


def describe_table(table: str) -> str:
    """The columns of a table in Markdown: meaning, unit, allowed values, a good value."""
    rows = []
    for column in TABLES[table]:
        allowed = "one of: " + ", ".join(column.allowed) if column.allowed else ""
        needed = "required" if column.required else ""
        about = "; ".join(part for part in (column.about, needed, column.unit, allowed) if part)
        rows.append(f"| `{column.name}` | {about} | {column.example} |")
    return "\n".join([f"\n### {table}.csv\n", "| column | meaning | for example |", "|---|---|---|", *rows, ""])
