"""Checklists of a cohort as tables: each item filled from the run, left to the author, or not applicable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from caseseries.export.evidence import evidence_of, holds
from caseseries.model.checklist import ADDS, AUTHOR, FILLED, NONE, NOT_APPLICABLE, NOT_THERE, STATES, Checklist, Item
from caseseries.model.files import whole
from caseseries.report.study import CohortResults
from caseseries.show.save_tables import table_csv, table_json
from caseseries.show.table import Row, Table, TableColumn, heading_row, line
from caseseries.words.spelling import words

COLUMNS = (
    TableColumn("Item", meaning="Number of the item in the checklist"),
    TableColumn("Asks for", meaning="What the item asks for, in our own words"),
    TableColumn("State", meaning="Filled from the run, left to the author, or not applicable"),
    TableColumn("File", meaning="File of the release in which it stands, from the cohort's folder"),
    TableColumn("Remark", meaning="What the author adds, or why the item is not applicable"),
)


def checklist_tables(checklists: Iterable[Checklist], found: CohortResults, flow: pd.DataFrame) -> list[Table]:
    """A table for each checklist; `flow` is flow.csv of the cohort, as released."""
    files = evidence_of(found, flow)
    return [_table(checklist, found, files, order) for order, checklist in enumerate(checklists, start=1)]


def _table(checklist: Checklist, found: CohortResults, files: dict, order: int) -> Table:
    rows: list[Row] = []
    states: list[str] = []
    section = ""
    for item in checklist.items:
        if item.section != section:
            section = item.section
            rows.append(heading_row(section))
        state, shown, remark = answer(item, found, files)
        states.append(state)
        rows.append(line(item.item, item.asks, state, "\n".join(shown), remark))
    counted = "; ".join(f"{state}: {states.count(state)}" for state in STATES)
    return Table(
        id=checklist.id,
        kind="checklist",
        title=checklist.title,
        caption=f"{checklist.about} Items {counted}.",
        columns=COLUMNS,
        rows=tuple(rows),
        order=order,
        notes=(f"{checklist.citation} doi:{checklist.doi}",),
        synthetic=found.cohort.synthetic,
    )


def answer(item: Item, found: CohortResults, files: dict) -> tuple[str, list[str], str]:
    """State of an item, the files that show what it asks for, and a remark.

    Of an item that is left to its author the files are those from which the author can begin.
    """
    if item.only_if is not None and not holds(item.only_if, found):
        return NONE, [], NOT_APPLICABLE[item.only_if]
    shown = list(dict.fromkeys(file for name in item.evidence for file in files.get(name, [])))
    missing = [name for name in item.evidence if name not in files]
    if item.author:
        return AUTHOR, shown, f"{ADDS} {item.author}."
    if missing:
        return AUTHOR, shown, f"{NOT_THERE}: {', '.join(words(name) for name in missing)}."
    return FILLED, shown, ""


def write_checklist_tables(tables: Sequence[Table], folder: Path) -> None:
    """Write each table as CSV and JSON; what stood in the folder before is removed."""
    with whole(folder) as beside:
        beside.mkdir()
        for table in tables:
            (beside / f"{table.id}.csv").write_text(table_csv(table), encoding="utf-8-sig", newline="")
            (beside / f"{table.id}.json").write_text(table_json(table), encoding="utf-8", newline="\n")
