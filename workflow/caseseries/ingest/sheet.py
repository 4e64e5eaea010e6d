"""Source files of a mapping as plain text cells: CSV of any usual dialect, and Excel sheets."""

from __future__ import annotations

import datetime
import math
import re
import warnings
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

from caseseries.ingest.fhir import read_bundle
from caseseries.ingest.phenopacket import read_phenopackets
from caseseries.ingest.read import MOST_COLUMNS, check_header, drop_blank, name_columns, parse_csv, read_text
from caseseries.ingest.source import SourceTable
from caseseries.model.findings import Finding
from caseseries.model.mapping import Source

EXCEL = (".xlsx", ".xlsm")
OTHER_PROGRAMS = (".xls", ".xlsb", ".ods", ".numbers", ".sav", ".dta", ".sas7bdat", ".rds", ".accdb", ".pdf", ".docx")
UNCALCULATED = "#FORMULA!"
"""Stands in a cell whose formula was never calculated, so that it is refused where it is read, not taken as empty."""


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
    if path.suffix.lower() in OTHER_PROGRAMS:
        rule = f"files that end in {path.suffix.lower()} are not read; save it as .xlsx or as CSV UTF-8"
        return None, [Finding(shown, rule=rule)]
    text, fault = read_text(path, "utf-8-sig" if source.encoding == "utf-8" else source.encoding)
    if fault:
        return None, [Finding(shown, rule=fault)]
    if source.format != "table":
        read = {"fhir": read_bundle, "phenopackets": read_phenopackets}[source.format]
        return read(text, source, shown)
    return _read_dialect(text, source, shown)


def _read_dialect(text: str, source: Source, shown: str) -> tuple[SourceTable | None, list[Finding]]:
    # Excel may write `sep=;` above the header, as a note to itself.
    noted = 1 if source.header_row == 1 and re.match(r"\"?sep=.\"?\s*[\r\n]", text, re.IGNORECASE) else 0
    delimiter = "\t" if source.delimiter == "tab" else source.delimiter
    return parse_csv(text, source.table, shown, delimiter, skipped=source.header_row - 1 + noted)


def _read_excel(path: Path, source: Source, shown: str) -> tuple[SourceTable | None, list[Finding]]:
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception:
        rule = "the workbook cannot be opened; save it as .xlsx without a password, and close it in other programs"
        return None, [Finding(shown, rule=rule)]
    try:
        sheets = {one.title: one for one in book.worksheets}
        if source.sheet and source.sheet not in sheets:
            rule = "the workbook has no sheet of the name that the mapping gives"
            return None, [Finding(shown, column="sheet", rule=rule)]
        visible = [one for one in book.worksheets if one.sheet_state == "visible"]
        if not source.sheet and not visible:
            rule = "the workbook has no sheet of cells that is not hidden; name the one that is meant"
            return None, [Finding(shown, column="sheet", rule=rule)]
        sheet = sheets[source.sheet] if source.sheet else visible[0]
        shown = f"{shown}, sheet {sheet.title}" if source.sheet else shown
        rows = read_rows(sheet, source.header_row)
        mark_uncalculated(path, sheet.title, source.header_row, rows)
        table, findings = _gather(rows, source, shown)
        return table and replace(table, epoch=book.epoch.date()), findings
    finally:
        book.close()


def read_rows(sheet, first: int) -> list[list[object]]:
    """Rows of a sheet from row `first` on."""
    return [list(row) for row in sheet.iter_rows(min_row=first, max_col=MOST_COLUMNS + 1, values_only=True)]


def mark_uncalculated(path: Path, sheet: str, first: int, rows: list[list[object]]) -> None:
    """Write `UNCALCULATED` into cells that hold a formula but no value: programs other than Excel leave such."""
    import openpyxl

    with zipfile.ZipFile(path) as archive:
        if not any(has_formula(archive, name) for name in archive.namelist() if "worksheets/" in name):
            return
    book = openpyxl.load_workbook(path, read_only=True)
    try:
        for row, written in zip(rows, read_rows(book[sheet], first), strict=False):
            for position, cell in enumerate(written):
                if row[position] is None and isinstance(cell, str) and cell.startswith("="):
                    row[position] = UNCALCULATED
    finally:
        book.close()


def has_formula(archive: zipfile.ZipFile, name: str) -> bool:
    """Whether a part of a workbook holds a formula, read piece by piece."""
    with archive.open(name) as part:
        before = b""
        while piece := part.read(1 << 20):
            if re.search(rb"<f[ >/]", before + piece):
                return True
            before = piece[-2:]
    return False


def _gather(
    rows: list[list[object]], source: Source, shown: str
) -> tuple[SourceTable | None, list[Finding]]:
    header = [write_cell(cell) for cell in rows[0]] if rows else []
    while header and not header[-1]:
        header.pop()
    findings = check_header(header, shown)
    if findings:
        return None, findings
    cells, lines = [], []
    for line, row in enumerate(rows[1:], source.header_row + 1):
        written = [write_cell(cell) for cell in row[: len(header)]]
        written += [""] * (len(header) - len(written))
        if any(written):
            cells.append(written)
            lines.append(line)
    columns = [np.array(column, dtype=object) for column in zip(*cells, strict=True)]
    columns = columns or [np.array([], dtype=object)] * len(header)
    header, columns, nameless = drop_blank(header, columns)
    if nameless:
        return None, name_columns(nameless, shown)
    frame = pd.DataFrame(dict(zip(header, columns, strict=True)), dtype=object)
    return SourceTable(source.table, frame, np.array(lines, dtype=np.int64), ((0, shown),)), findings


def write_cell(cell: object) -> str:
    """A cell of a sheet as text: whole numbers without a point, dates as ISO text, true and false as yes and no.

    Of a number the 15 digits that Excel shows are kept: 0.1 + 0.2 is 0.3 there.
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    if isinstance(cell, int | float):
        return f"{Decimal(f'{cell:.15g}'):f}" if math.isfinite(cell) else str(cell)
    return str(cell).strip()
