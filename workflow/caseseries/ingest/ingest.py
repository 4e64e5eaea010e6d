"""The ingest stage: a cohort folder becomes typed records, or nothing at all.

Every finding is collected before anything is written. Errors end the stage with exit code 2 and leave the results as
they were; warnings are written to queries.csv, which can be sent back to the site.
"""

from __future__ import annotations

import argparse
import csv
import gc
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import pandas as pd

from caseseries.ingest.analytes import in_own_unit
from caseseries.ingest.cross import derive_episodes
from caseseries.ingest.folder import Examined, examine_parts, open_folder, spoken
from caseseries.ingest.handover import take
from caseseries.ingest.schema import check_records
from caseseries.ingest.values import Tables
from caseseries.model.cohort import ID, Cohort
from caseseries.model.columns import TABLES
from caseseries.model.conventions import Conventions
from caseseries.model.files import whole, write_text
from caseseries.model.findings import BadInput, Finding, raise_errors
from caseseries.model.layout import Layout
from caseseries.model.records import Records, blocks_of, empty_table, episode_ids, type_table, write_blocks
from caseseries.model.results import QUERIES, QUERY_COUNTS, count_rows, write_table
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
    cohort = arguments.cohort
    told = take(cohort, layout)
    if told is None:
        examined = open_folder(layout.cohort(cohort), layout)
        parts = type_parts(examined, cohort, layout)
        told = make(examined, cohort, parts, lambda name: layout.path(name, cohort))
    print(told)


def make(examined: Examined, cohort: str, parts: Iterator[Records], place: Callable[[str], Path]) -> str:
    """Write the records and queries of a cohort and give what is said of them.

    Parameters
    ----------
    examined, parts : an open folder and its typed parts, of which none has been taken.
    place : where a result of ingest lies, by its name.

    Raises
    ------
    BadInput : there are errors. `examined` then has every finding, and nothing is written.
    """
    first = list(islice(parts, 1))
    if not first or not examined.large:
        raise_errors(spoken(examined))
    rows: Counter[str] = Counter()
    with whole(place("records")) as beside:
        write_blocks(counted(first, parts, rows), beside)
        raise_errors(spoken(examined))
    write_text(place("queries"), format_queries(examined.findings))
    asked = pd.DataFrame(
        [(one.file, one.column or "", one.rule) for one in examined.findings], columns=QUERY_COUNTS[:3]
    )
    write_table(count_rows(asked, QUERY_COUNTS), place("query_counts"), QUERY_COUNTS)
    counts = ", ".join(say_rows(rows[table], table) for table in TABLES if rows[table])
    return f"{cohort}: {counts or 'no rows'}; warnings: {len(examined.findings)}"


def type_parts(examined: Examined, cohort: str, layout: Layout) -> Iterator[Records]:
    """Typed records of an open folder, all at once or block by block of episodes, as long as nothing is wrong; each is
    held to the contract. When the last is given, `examined` has every finding.
    """
    for tables in examine_parts(examined, layout):
        if any(finding.severity == "error" for finding in examined.findings):
            continue
        records = type_tables(tables, examined.cohort, cohort)
        if examined.large:
            records = next(blocks_of(records, len(episode_ids(records)) or 1))  # rows in the order of the episodes
        check_records(records)
        yield records
        del records, tables  # what is given away is not kept while the next is made
        if examined.large:
            gc.collect()  # frames hang in circles of pandera's; Python itself looks for such rarely (`__main__`)


def counted(first: list[Records], parts: Iterator[Records], rows: Counter[str]) -> Iterator[Records]:
    """The first part, which is taken out of its list, and the others; their rows are counted by table."""
    while part := first or list(islice(parts, 1)):
        rows.update({table: len(part[0][table]) for table in TABLES})
        yield part.pop()


def type_records(examined: Examined, cohort: str) -> Records:
    """Typed records of tables that passed every check."""
    return type_tables(examined.tables, examined.cohort, cohort)


def type_tables(given: Tables, about: Cohort | None, cohort: str) -> Records:
    """Tables as typed records; a cohort without episodes.csv has the cases of its outcomes."""
    tables = dict(given)
    if "episodes" not in tables:
        tables["episodes"] = derive_episodes(tables.get("outcomes"))
    typed = {}
    for name in TABLES:
        if name in tables and len(tables[name]):
            texts = tables[name].texts.assign(source_row=tables[name].lines)
            typed[name] = type_table(name, in_own_unit(texts) if name == "counts" else texts)
        else:
            typed[name] = empty_table(name)
    return Records(cohort, typed, about.conventions if about else Conventions())


def format_queries(findings: Iterable[Finding]) -> str:
    """Findings as the text of queries.csv, in the order given."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(QUERIES)
    for finding in findings:
        writer.writerow([as_cell(str(getattr(finding, name) or "")) for name in QUERIES])
    return text.getvalue()
