"""The ingest stage: a cohort folder becomes typed records, or nothing at all.

Every finding is collected before anything is written. Errors end the stage with exit code 2 and leave the results as
they were; warnings are written to queries.csv, which can be sent back to the site.
"""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterable

from caseseries.ingest.analytes import in_own_unit
from caseseries.ingest.cross import derive_episodes
from caseseries.ingest.folder import Examined, examine, spoken
from caseseries.ingest.schema import check_records
from caseseries.model.cohort import ID
from caseseries.model.columns import TABLES
from caseseries.model.conventions import Conventions
from caseseries.model.files import whole, write_text
from caseseries.model.findings import BadInput, Finding, raise_errors
from caseseries.model.layout import Layout
from caseseries.model.records import Records, empty_table, type_table, write_records
from caseseries.model.results import QUERIES
from caseseries.model.text import as_cell
from caseseries.words.checks import say_rows


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries ingest`."""
    parser.epilog = "example: caseseries ingest yu-2023"
    parser.add_argument("cohort", help="name of a folder in data/")


def run(arguments: argparse.Namespace, layout: Layout) -> None:
    """Check one cohort and write its records and queries."""
    if not ID.fullmatch(arguments.cohort):
        rule = "a cohort is named by its folder in data/, not by a path"
        raise BadInput([Finding("ingest", column="cohort", rule=rule, example="yu-2023")])
    examined = examine(layout.cohort(arguments.cohort), layout)
    raise_errors(spoken(examined))
    warnings = examined.findings
    records = type_records(examined, arguments.cohort)
    check_records(records)
    with whole(layout.records(arguments.cohort)) as beside:
        write_records(records, beside)
    write_text(layout.queries(arguments.cohort), format_queries(warnings))
    rows = ", ".join(say_rows(len(records[table]), table) for table in TABLES if len(records[table]))
    print(f"{arguments.cohort}: {rows or 'no rows'}; warnings: {len(warnings)}")


def type_records(examined: Examined, cohort: str) -> Records:
    """Typed records of tables that passed every check; a cohort without episodes.csv has the cases of its outcomes."""
    tables = dict(examined.tables)
    if "episodes" not in tables:
        tables["episodes"] = derive_episodes(tables.get("outcomes"))
    typed = {}
    for name in TABLES:
        if name in tables and len(tables[name]):
            texts = tables[name].texts.assign(source_row=tables[name].lines)
            typed[name] = type_table(name, in_own_unit(texts) if name == "counts" else texts)
        else:
            typed[name] = empty_table(name)
    conventions = examined.cohort.conventions if examined.cohort else Conventions()
    return Records(cohort, typed, conventions)


def format_queries(findings: Iterable[Finding]) -> str:
    """Findings as the text of queries.csv, in the order given."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(QUERIES)
    for finding in findings:
        writer.writerow([as_cell(str(getattr(finding, name) or "")) for name in QUERIES])
    return text.getvalue()
