"""Source files of a mapping as plain text cells: CSV of any usual dialect, and Excel sheets."""

from __future__ import annotations

import contextlib
import datetime
import math
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from caseseries.ingest.fhir import read_bundle
from caseseries.ingest.phenopacket import read_phenopackets
from caseseries.ingest.read import MOST_COLUMNS, check_header, drop_blank, name_columns, parse_csv, read_text
from caseseries.ingest.source import SourceTable
from caseseries.model.findings import Finding
from caseseries.model.mapping import Source

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

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
    rule = "the workbook cannot be opened; save it as .xlsx without a password, and close it in other programs"
    try:
        with _open(path, data_only=True) as book:
            sheet, findings = choose_sheet(book, source, shown)
            if sheet is None:
                return None, findings
            shown = f"{shown}, sheet {sheet.title}" if source.sheet else shown
            table, findings = _gather(sheet, find_formulas(path, sheet.title), source, shown)
            return table and replace(table, epoch=book.epoch.date()), findings
    except Exception:
        # openpyxl fails in many ways on what is no workbook, or half of one.
        return None, [Finding(shown, rule=rule)]


@contextlib.contextmanager
def _open(path: Path, data_only: bool) -> Iterator[Workbook]:
    import openpyxl

    # Given a path, openpyxl leaves the file open where it fails.
    with warnings.catch_warnings(), path.open("rb") as file:
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(file, read_only=True, data_only=data_only)
        try:
            yield book
        finally:
            book.close()


def choose_sheet(book: Workbook, source: Source, shown: str) -> tuple[Worksheet | None, list[Finding]]:
    """The sheet that the mapping names, or the first that is not hidden."""
    sheets = {one.title: one for one in book.worksheets}
    if source.sheet and source.sheet not in sheets:
        rule = "the workbook has no sheet of the name that the mapping gives"
        return None, [Finding(shown, column="sheet", rule=rule)]
    visible = [one for one in book.worksheets if one.sheet_state == "visible"]
    if not source.sheet and not visible:
        rule = "the workbook has no sheet of cells that is not hidden; name the one that is meant"
        return None, [Finding(shown, column="sheet", rule=rule)]
    return (sheets[source.sheet] if source.sheet else visible[0]), []


def find_formulas(path: Path, sheet: str) -> set[tuple[int, int]]:
    """Row and column, from 1 and 0, of the formulas of a sheet; the workbook is read again only if it has any."""
    with zipfile.ZipFile(path) as archive:
        if not any(has_formula(archive, name) for name in archive.namelist() if "worksheets/" in name):
            return set()
    with _open(path, data_only=False) as book:
        rows = book[sheet].iter_rows(max_col=MOST_COLUMNS, values_only=True)
        return {
            (line, position)
            for line, row in enumerate(rows, 1)
            for position, cell in enumerate(row)
            if isinstance(cell, str) and cell.startswith("=")
        }


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
    sheet: Worksheet, formulas: set[tuple[int, int]], source: Source, shown: str
) -> tuple[SourceTable | None, list[Finding]]:
    first = source.header_row
    (top,) = list(sheet.iter_rows(first, first, max_col=MOST_COLUMNS + 1, values_only=True)) or [()]
    header = [write_cell(cell) for cell in top]
    while header and not header[-1]:
        header.pop()
    findings = check_header(header, shown)
    if findings:
        return None, findings
    known: dict[str, str] = {}
    cells, lines = [], []
    for line, row in enumerate(sheet.iter_rows(first + 1, max_col=len(header), values_only=True), first + 1):
        # Equal cells share one text, so that a large sheet costs a pointer a cell.
        written = [known.setdefault(text, text) for text in map(write_cell, row)]
        for position in [position for position, text in enumerate(written) if not text and formulas]:
            written[position] = UNCALCULATED if (line, position) in formulas else ""
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
