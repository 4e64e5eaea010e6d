"""Cells of a sheet as text, as the reader of the sheet sees them: merged blocks filled, formats of numbers read.

Where what is seen is not what the cells hold (hidden lines, struck-out text, formats that hide digits) the lines are
named in a warning, until the mapping says what is meant.
"""

from __future__ import annotations

import datetime
import math
import zipfile
from collections.abc import Collection, Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from caseseries.ingest.cells import POINT, doubt_point, write_plainly
from caseseries.ingest.number_format import show_date, show_number
from caseseries.ingest.read import MOST_COLUMNS, check_header, drop_blank, join_headers, name_columns
from caseseries.ingest.seen import Seen, look_at_sheet, name_block
from caseseries.ingest.source import SourceTable, join, name_lines, shown_name
from caseseries.ingest.turned import turn_table
from caseseries.ingest.workbook import MOST_ROWS, check_size, choose_sheet, open_book, part_of
from caseseries.model.columns import TABLES
from caseseries.model.findings import Finding
from caseseries.model.mapping import EVERY_SHEET, SHEET, Source
from caseseries.model.text import fold_text, tidy_text

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

MOST_MERGED = 1_000_000
"""Cells of merged blocks."""

UNCALCULATED = "#FORMULA!"
"""Stands in a cell whose formula was never calculated, so that it is refused where it is read, not taken as empty."""


def read_excel(path: Path, source: Source, shown: str) -> tuple[SourceTable | None, list[Finding]]:
    """Read one sheet; the table carries the sheet's own headers.

    Parameters
    ----------
    path : workbook.
    source : names the sheet, the row of its headers, and the columns that are read.
    shown : how the file is named in messages.
    """
    rule = "the workbook cannot be opened; save it as .xlsx without a password, and close it in other programs"
    try:
        if findings := check_size(path, shown):
            return None, findings
        with open_book(path) as book, zipfile.ZipFile(path) as archive:
            if source.sheet == EVERY_SHEET:
                return read_every_sheet(book, archive, source, shown)
            sheet, findings = choose_sheet(book, source.sheet, shown)
            if sheet is None:
                return None, findings
            shown = f"{shown}, {name_sheet(sheet.title)}" if source.sheet else shown
            return read_sheet(book, archive, sheet, source, shown)
    except Exception:
        # openpyxl fails in many ways on what is no workbook, or half of one.
        return None, [Finding(shown, rule=rule)]


def read_sheet(
    book: Workbook, archive: zipfile.ZipFile, sheet: Worksheet, source: Source, shown: str
) -> tuple[SourceTable | None, list[Finding]]:
    """One sheet of an open workbook."""
    seen = look_at_sheet(archive, part_of(sheet), MOST_ROWS)
    if seen.overfull:
        rule = f"the sheet has something below line {MOST_ROWS}; delete it, or read a smaller sheet"
        return None, [Finding(shown, rule=rule)]
    if seen.merged_cells > MOST_MERGED:
        rule = f"the sheet has more than {MOST_MERGED} merged cells; take the blocks apart"
        return None, [Finding(shown, rule=rule)]
    table, findings = SheetReader(source, shown, seen).read(sheet)
    return table and replace(table, epoch=book.epoch.date()), findings


def read_every_sheet(
    book: Workbook, archive: zipfile.ZipFile, source: Source, shown: str
) -> tuple[SourceTable | None, list[Finding]]:
    """The rows of every sheet that is not hidden and has the headers, with the title of the sheet under `SHEET`.

    A sheet with some of the headers is refused, one with none of them is named in a warning.
    """
    wanted = [header for header in source.headers if header != SHEET]
    if not wanted:
        rule = "the source reads the titles of the sheets alone; name under where a header that those of cases have"
        return None, [Finding(shown, column="sheet", rule=rule, example="where: {Day: filled}")]
    parts: list[SourceTable] = []
    findings: list[Finding] = []
    others: list[str] = []
    for sheet in [one for one in book.worksheets if one.sheet_state == "visible"]:
        named = f"{shown}, {name_sheet(sheet.title)}"
        table, faults = read_sheet(book, archive, sheet, source, named)
        if table is not None and source.transpose:
            table, more = turn_table(table)
            faults += more
        had = set(map(fold_text, table.texts)) if table is not None else set()
        missing = [header for header in wanted if fold_text(header) not in had]
        if table is None or len(missing) == len(wanted):
            others += [sheet.title] if had or faults else []
            continue
        for header in missing:
            rule = "the sheet lacks a header that the mapping reads in every sheet"
            findings.append(Finding(named, line=source.header_row, column=shown_name(header), rule=rule))
        spelled = {fold_text(header): header for header in wanted}
        texts = table.texts.rename(columns=lambda name, known=spelled: known.get(fold_text(name), name))
        parts.append(replace(table, texts=texts.assign(**{SHEET: sheet.title})))
        findings += faults
    if others:
        rule = f"sheets that do not have the headers are not read: {len(others)}"
        findings.append(Finding(shown, column="sheet", rule=rule, severity="warning"))
    if not parts:
        return None, [Finding(shown, column="sheet", rule="no sheet has the headers that the mapping reads")]
    return replace(join(parts), epoch=book.epoch.date()), findings


def name_sheet(title: str) -> str:
    """A sheet as a message names it: one that is called like a person, or in letters that a name may have, is not."""
    plain = tidy_text(title)
    return f"sheet {plain}" if shown_name(plain) == plain else "a sheet"


class SheetReader:
    """Takes the cells of one sheet and notes where they show something else than they hold."""

    def __init__(self, source: Source, shown: str, seen: Seen):
        self.source, self.shown, self.seen = source, shown, seen
        self.width = min(seen.columns, MOST_COLUMNS + 1)
        self.left_out = seen.hidden_rows if source.hidden == "leave_out" else set()
        self.filled_from = {}  # cell of a merged block -> its first cell, which holds the value
        for first, last, left, right in seen.merged:
            for row in range(first, min(last, seen.rows) + 1):
                for column in range(left, min(right, self.width - 1) + 1):
                    self.filled_from[row, column] = (first, left)
        self.anchors: dict[tuple[int, int], str] = {}
        self.struck: dict[int, set[int]] = {}
        self.hidden_digits: set[tuple[int, int]] = set()
        self.pointed: dict[int, list[int]] = {}  # column -> lines of text with a point, where a comma is declared

    def read(self, sheet: Worksheet) -> tuple[SourceTable | None, list[Finding]]:
        """The rows below the header, and every doubt about them."""
        sheet.reset_dimensions()  # what the file states of its size is often wrong
        header: list[str] = []
        above: list[list[str]] = []
        last_of_header = self.source.header_row + self.source.header_rows - 1
        cells: list[list[str]] = []
        lines: list[int] = []
        known: dict[str, str] = {}
        rows = sheet.iter_rows(max_row=self.seen.rows, max_col=self.width) if self.width else ()
        for line, row in enumerate(rows, 1):
            own = [self._show(cell, (line, column)) for column, cell in enumerate(row)]
            # Equal cells share one text, so that a large sheet costs a pointer a cell.
            seen = [known.setdefault(text, text) for text in self._fill(line, own)]
            if self.source.header_row <= line <= last_of_header:
                above.append([" ".join(text.split()) for text in seen])
                header = join_headers(above)
            elif self.source.last_row and line > self.source.last_row:
                break
            elif line > last_of_header and any(own) and line not in self.left_out:
                cells.append(seen)
                lines.append(line)
        while header and not header[-1]:
            header.pop()
        if findings := check_header(header, self.shown):
            return None, findings
        return self._build(header, cells, lines)

    def _build(
        self, header: list[str], cells: list[list[str]], lines: list[int]
    ) -> tuple[SourceTable | None, list[Finding]]:
        columns = [np.array(column, dtype=object) for column in zip(*cells, strict=True)][: len(header)]
        columns = columns or [np.array([], dtype=object)] * len(header)
        read = self._positions(header)
        findings = self._doubt(header, read, lines)
        header, columns, nameless = drop_blank(header, columns)
        if len(nameless) > 1:
            return None, name_columns(nameless, self.shown)
        frame = pd.DataFrame(dict(zip(header, columns, strict=True)), dtype=object)
        return SourceTable(self.source.table, frame, np.array(lines, dtype=np.int64), ((0, self.shown),)), findings

    def _show(self, cell: Cell, place: tuple[int, int]) -> str:
        value = cell.value
        if value is None or value == "":
            return UNCALCULATED if place in self.seen.uncalculated else ""
        if place in self.seen.partly_struck:
            return ""  # refused where it is read: what is struck out and what is not run together in it
        text = write_cell(value)
        plain = write_plainly(text, self.source) if isinstance(value, str) else ""
        if doubt_point(text, plain, self.source, "", as_text=True):
            self.pointed.setdefault(place[1], []).append(place[0])
        if isinstance(value, datetime.date):
            text = show_date(text, cell.number_format or "")
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            text, hides = show_number(value, text, cell.number_format or "General")
            if hides:
                self.hidden_digits.add(place)
        if place in self.seen.struck or cell.font.strike:
            self.struck.setdefault(place[0], set()).add(place[1])
            if self.source.struck_out == "leave_out":
                return ""
        return text

    def _fill(self, line: int, own: list[str]) -> list[str]:
        """A line with the value of each merged block in all of its cells."""
        if not self.filled_from:
            return own
        seen = list(own)
        for column, text in enumerate(own):
            first = self.filled_from.get((line, column))
            if first == (line, column):
                self.anchors[first] = text
            elif first is not None:
                seen[column] = self.anchors.get(first, "")
        return seen

    def _positions(self, header: list[str]) -> list[int]:
        if self.source.transpose:
            return list(range(len(header)))
        wanted = {fold_text(name) for name in self.source.headers}
        return [position for position, name in enumerate(header) if fold_text(name) in wanted]

    def _doubt(self, header: list[str], read: list[int], lines: Collection[int]) -> list[Finding]:
        """Findings on what is read and seen otherwise."""
        told = set(lines)
        findings = self._refuse_cells(header, read, lines) + self._refuse_points(header, read, told)
        hidden = sorted(told & self.seen.hidden_rows)
        if hidden and self.source.hidden is None:
            findings.append(self._ask("hidden or filtered", hidden, "hidden"))
        struck = sorted(told & {line for line, columns in self.struck.items() if columns & set(read)})
        if struck and self.source.struck_out is None:
            findings.append(self._ask("struck-out", struck, "struck_out"))
        for position in read:
            named = shown_name(header[position], header)
            if position in self.seen.hidden_columns:
                rule = "the column is hidden in the sheet and read all the same"
                findings.append(Finding(self.shown, column=named, rule=rule, severity="warning"))
            hiding = sorted(line for line, column in self.hidden_digits if column == position and line in told)
            if hiding:
                rule = (
                    "the number format of the cells shows something else than the number that they hold and that is "
                    f"taken: lines {name_lines(hiding)}"
                )
                findings.append(Finding(self.shown, column=named, rule=rule, severity="warning"))
        return findings

    def _refuse_points(self, header: list[str], read: list[int], told: set[int]) -> list[Finding]:
        """Numbers kept as text with a point, beside a declared comma: 1.050 may be a thousand and fifty."""
        numbers = headers_of_numbers(self.source)
        return [
            Finding(self.shown, line=line, column=shown_name(header[position], header), rule=POINT, example="12,5")
            for position in read
            if fold_text(header[position]) in numbers
            for line in self.pointed.get(position, ())
            if line in told
        ]

    def _ask(self, kind: str, lines: Iterable[int], key: str) -> Finding:
        rule = (
            f"{kind} lines of the sheet come in like the others: {name_lines(lines)}; if that is meant, say "
            f"{key}: read in the mapping, if not, {key}: leave_out"
        )
        return Finding(self.shown, rule=rule, severity="warning")

    def _refuse_cells(self, header: list[str], read: list[int], lines: Collection[int]) -> list[Finding]:
        """Cells that have no one meaning: text that is struck out in part, blocks merged over several columns."""
        findings = []
        for line, column in sorted(self.seen.partly_struck):
            if line in set(lines) and column in read:
                rule = "part of the text in the cell is struck out; leave in it what is meant"
                named = shown_name(header[column], header)
                findings.append(Finding(self.shown, line=line, column=named, rule=rule))
        for block in self.seen.merged:
            first, last, left, right = block
            across = [position for position in read if left <= position <= right]
            if len(across) > 1 and any(first <= line <= last for line in lines):
                rule = f"the cells {name_block(block)} are merged over several columns that are read; split them"
                findings.append(Finding(self.shown, line=first, rule=rule))
        return findings


def headers_of_numbers(source: Source) -> set[str]:
    """Headers whose cells are numbers, folded."""
    kinds = {column.name: column.kind for column in TABLES.get(source.table, ())}
    return {
        fold_text(header)
        for target, column in source.filled
        if kinds.get(target, "text") != "text" and not column.date and not column.written
        for header in column.headers
    }


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
    return tidy_text(str(cell))
