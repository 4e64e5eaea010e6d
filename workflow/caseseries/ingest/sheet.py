"""Source files of a mapping as plain text cells: CSV of any usual dialect, and Excel sheets."""

from __future__ import annotations

import datetime
import re
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

from caseseries.ingest.fhir import read_bundle
from caseseries.ingest.phenopacket import read_phenopackets
from caseseries.ingest.read import MOST_COLUMNS, check_header, decode, parse_csv
from caseseries.ingest.source import SHOWN_AT_MOST, SourceTable
from caseseries.model.findings import Finding
from caseseries.model.mapping import Source

EXCEL = (".xlsx", ".xlsm")
EXCEL_EPOCH = datetime.date(1899, 12, 30)
"""Day 0 of the date numbers that Excel keeps (the 1900 system, from 1 March 1900 on)."""


def read_source(path: Path, source: Source, shown: str) -> tuple[SourceTable | None, list[Finding]]:
    """Read one source file; the table carries the file's own headers.

    Parameters
    ----------
    path : file.
    source : its dialect, or its sheet.
    shown : how the file is named in messages.
    """
    if not path.is_file():
        return None, [Finding(shown, rule="the file named in the mapping of cohort.yaml is missing")]
    if path.suffix.lower() in EXCEL:
        return _read_excel(path, source, shown)
    if path.suffix.lower() == ".xls":
        return None, [Finding(shown, rule="the old .xls format is not read; save the workbook as .xlsx")]
    text, fault = decode(path.read_bytes(), "utf-8-sig" if source.encoding == "utf-8" else source.encoding)
    if fault:
        return None, [Finding(shown, rule=fault)]
    if source.format != "table":
        read = {"fhir": read_bundle, "phenopackets": read_phenopackets}[source.format]
        return read(text, source, shown)
    return _read_dialect(text, source, shown)


def _read_dialect(text: str, source: Source, shown: str) -> tuple[SourceTable | None, list[Finding]]:
    skipped = source.header_row - 1
    text = "\n".join(text.splitlines()[skipped:]) if skipped else text
    table, findings = parse_csv(text, source.table, shown, source.delimiter)
    if table is not None and skipped:
        table.lines[:] += skipped
    return table, findings


def _read_excel(path: Path, source: Source, shown: str) -> tuple[SourceTable | None, list[Finding]]:
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception:
        return None, [Finding(shown, rule="the workbook cannot be opened; save it again as .xlsx")]
    try:
        if source.sheet and source.sheet not in book.sheetnames:
            rule = "the workbook has no sheet of the name that the mapping gives"
            return None, [Finding(shown, column="sheet", rule=rule)]
        if book.epoch.date() != EXCEL_EPOCH:
            return None, [Finding(shown, rule="the workbook counts dates from 1904; save it with the 1900 date system")]
        sheet = book[source.sheet] if source.sheet else book.worksheets[0]
        shown = f"{shown}, sheet {sheet.title}" if source.sheet else shown
        rows = sheet.iter_rows(min_row=source.header_row, max_col=MOST_COLUMNS + 1, values_only=True)
        return _gather(rows, source, shown)
    finally:
        book.close()


def _gather(rows, source: Source, shown: str) -> tuple[SourceTable | None, list[Finding]]:
    header = [write_cell(cell) for cell in next(rows, ())]
    while header and not header[-1]:
        header.pop()
    findings = check_header(header, shown)
    if findings:
        return None, findings
    cells, lines, broken = [], [], []
    for line, row in enumerate(rows, source.header_row + 1):
        written = [write_cell(cell) for cell in row[: len(header)]]
        written += [""] * (len(header) - len(written))
        if any(written):
            cells.append(written)
            lines.append(line)
            broken += [line] if any(re.fullmatch(r"#[A-Z0-9/]+[!?]?", cell) for cell in written) else []
    for line in broken[:SHOWN_AT_MOST]:
        findings.append(Finding(shown, line=line, rule="a cell of the row holds a spreadsheet error such as #N/A"))
    frame = pd.DataFrame(cells, columns=header, dtype=object)
    return SourceTable(source.table, frame, np.array(lines, dtype=np.int64), ((0, shown),)), findings


def write_cell(cell: object) -> str:
    """A cell of a sheet as text: whole numbers without a point, dates as ISO text, true and false as yes and no."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    if isinstance(cell, int | float):
        number = int(cell) if float(cell).is_integer() else float(cell)
        return repr(number)
    return str(cell).strip()
