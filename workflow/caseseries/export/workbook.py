"""tables.xlsx: a sheet a table with numbers as numbers, what the tables say in words, and what every column means.

No cell holds a formula, and no text begins with a sign that a spreadsheet would take for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from caseseries.model.text import as_cell
from caseseries.show.table import Part, Row, Table, TableColumn
from caseseries.words.numbers import NOTHING, number
from caseseries.words.spelling import capital, words

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

PARTS: dict[Part, str] = {
    "value": "value",
    "events": "number",
    "n": "of",
    "not_evaluable": "not evaluable",
    "estimate": "share",
    "lower": "lower limit",
    "upper": "upper limit",
    "low": "lower limit",
    "high": "upper limit",
    "minimum": "lowest",
    "q1": "first quartile",
    "q3": "third quartile",
    "maximum": "highest",
}
"""Numbers behind a cell in their order, each with what its column adds to the heading where there are several."""

MEANINGS: dict[Part, str] = {
    "value": "The number; of a summary the median or the count",
    "events": "Cases with what the row or column names",
    "n": "Cases for whom it is known",
    "not_evaluable": "Cases for whom it cannot be told",
    "estimate": "Share of the cases for whom it is known",
    "lower": "Lower limit of the share",
    "upper": "Upper limit of the share",
}
"""What a number means where its column does not say so itself."""

SHARES = frozenset({"estimate", "lower", "upper"})
"""Parts that are shares."""

SECTION, WITHIN = "Section", "Belongs to"
ABOUT, DICTIONARY = "About", "Data dictionary"
DAY_OF_NOTHING = datetime(1980, 1, 1)
WIDEST, NARROWEST = 60, 9
LONGEST_NAME = 31
"""Most letters that a spreadsheet allows in the name of a sheet."""


MOST_ROWS = 1_048_576
"""Most rows of a sheet that a spreadsheet reads, the headings among them."""

LINE, WIDE, A4 = 15, 110, 9
"""Points of a line, letters of a line of remarks, and the spreadsheet's number of the paper."""


@dataclass(frozen=True)
class SheetColumn:
    """A column of a sheet: its heading, the column of the table behind it, and which part of a cell it holds.

    `part` is None for the text of a cell, `place` None for the section and for the row that a row belongs to.
    """

    heading: str
    column: TableColumn
    place: int | None
    part: Part | None = None

    @property
    def meaning(self) -> str:
        """What the column means, else what its part does."""
        return self.column.meaning or (MEANINGS.get(self.part, "") if self.part else "")

    @property
    def share(self) -> bool:
        """Whether it holds shares, which are shown as percent."""
        return self.part in SHARES


def write_workbook(path: Path, title: str, tables: Sequence[Table]) -> None:
    """Write the workbook of some tables; the same tables give the same bytes."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": title, "author": "caseseries", "created": DAY_OF_NOTHING})
        names = sheet_names(tables)
        _write_about(book, title, tables, names)
        for table, name in zip(tables, names, strict=True):
            _write_table(book, table, name)
        _write_dictionary(book, tables, names)


def sheet_names(tables: Iterable[Table]) -> list[str]:
    """A name for each sheet: that of the table, in words."""
    return [capital(words(table.id))[:LONGEST_NAME] for table in tables]


def sheet_columns(table: Table) -> list[SheetColumn]:
    """Columns of the sheet: section and parent where the table has any, then each column by its parts."""
    columns = []
    if any(row.role in ("heading", "subheading") for row in table.rows):
        columns.append(SheetColumn(SECTION, TableColumn(SECTION, meaning="Heading above the row"), None))
    if any(row.indent for row in table.lines):
        columns.append(SheetColumn(WITHIN, TableColumn(WITHIN, meaning="Row that this one belongs to"), None))
    for place, column in enumerate(table.columns):
        cells = [row.cells[place] for row in table.lines]
        parts = [part for part in PARTS if any(part in cell.values for cell in cells)]
        worded = column.type in ("text", "summary") or not parts
        if worded or any(not cell.values and cell.text != NOTHING for cell in cells):
            heading = column.heading if worded else f"{column.heading}, in words"
            columns.append(SheetColumn(heading, column, place))
        alone = len(parts) == 1 and not worded
        for part in parts:
            heading = column.heading if alone else f"{column.heading}: {PARTS[part]}"
            columns.append(SheetColumn(heading, column, place, part))
    return columns


def sheet_rows(table: Table, columns: Sequence[SheetColumn]) -> list[list[str | float | None]]:
    """The rows of the sheet; a cell is a text, a number or None."""
    rows, section, parent = [], "", ""
    for row in table.rows:
        if row.role in ("heading", "subheading"):
            section, parent = row.cells[0].text, ""
        elif row.role == "row":
            parent = parent if row.indent else row.cells[0].text
            above = {SECTION: section, WITHIN: parent if row.indent else ""}
            rows.append([_value(row, column, above) for column in columns])
    return rows


def _value(row: Row, column: SheetColumn, above: dict[str, str]) -> str | float | None:
    if column.place is None:
        return above[column.heading] or None
    cell = row.cells[column.place]
    if column.part is not None:
        return cell.values.get(column.part)
    in_words = column.column.type in ("text", "summary") or not cell.values
    text = cell.text.replace("\n", " ")
    return text if in_words and text != NOTHING else None


def say_cut(table: Table) -> str:
    """That a sheet does not hold all rows of its table, and what does; "" where it does."""
    rows = sum(row.role == "row" for row in table.rows)
    if rows < MOST_ROWS:
        return ""
    first, all_rows = number(MOST_ROWS - 1), number(rows)
    return f"A sheet holds the first {first} of {all_rows} rows; tables/{table.id}.csv holds all of them."


def _write_table(book: Workbook, table: Table, name: str) -> None:
    sheet, bold = book.add_worksheet(name), _head(book)
    columns = sheet_columns(table)
    rows = sheet_rows(table, columns)[: MOST_ROWS - 1]
    formats = [book.add_format({"num_format": "0.0 %"}) if column.share else None for column in columns]
    lines = 1
    for place, column in enumerate(columns):
        _write(sheet, 0, place, column.heading, bold)
        longest = max([len(str(row[place])) for row in rows if isinstance(row[place], str)] or [0])
        words = max(map(len, column.heading.split()))
        width = min(max(NARROWEST, longest, words + 2), WIDEST)
        sheet.set_column(place, place, width)
        lines = max(lines, len(wrap(column.heading, width - 2)))
        for line, row in enumerate(rows, start=1):
            _write(sheet, line, place, row[place], formats[place])
    sheet.set_row(0, LINE * lines)
    sheet.freeze_panes(1, 1)
    _on_paper(sheet)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)


def _write_about(book: Workbook, title: str, tables: Sequence[Table], names: Sequence[str]) -> None:
    """First sheet: what each table is, of whom and by which method, and its notes."""
    sheet, bold, broken = book.add_worksheet(ABOUT), _head(book), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, WIDE)
    _write(sheet, 0, 0, title, book.add_format({"bold": True}))
    _write(sheet, 2, 0, "Sheet", bold)
    _write(sheet, 2, 1, "What it holds", bold)
    line = 3
    for table, name in zip(tables, names, strict=True):
        remarks = [row.cells[0].text for row in table.rows if row.role == "remark"]
        for place, text in enumerate(
            [f"{table.title}. {table.caption}", *filter(None, [say_cut(table)]), *remarks, *table.notes]
        ):
            _write(sheet, line, 0, name if place == 0 else "", broken)
            _write(sheet, line, 1, text, broken)
            sheet.set_row(line, LINE * len(wrap(text, WIDE)))
            line += 1
    _on_paper(sheet)


def _write_dictionary(book: Workbook, tables: Sequence[Table], names: Sequence[str]) -> None:
    """Last sheet: a row for each column of each sheet."""
    sheet, bold, broken = book.add_worksheet(DICTIONARY), _head(book), book.add_format({"text_wrap": True})
    for place, (heading, width) in enumerate(
        {"Sheet": 24, "Column": 48, "Holds": 12, "Unit": 18, "Meaning": 70}.items()
    ):
        _write(sheet, 0, place, heading, bold)
        sheet.set_column(place, place, width)
    described = [(name, column) for table, name in zip(tables, names, strict=True) for column in sheet_columns(table)]
    for line, (name, column) in enumerate(described, start=1):
        holds = "text" if column.part is None else "number"
        unit = "share of 1" if column.share else column.column.unit
        for place, text in enumerate([name, column.heading, holds, unit, column.meaning]):
            _write(sheet, line, place, text, broken)
    sheet.freeze_panes(1, 0)
    _on_paper(sheet)


def _on_paper(sheet: Worksheet) -> None:
    """A printed sheet lies across, has all its columns on one page, and its headings on every page."""
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _head(book: Workbook) -> Format:
    return book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})


def _write(sheet: Worksheet, line: int, place: int, value: str | float | None, look: Format | None) -> None:
    if isinstance(value, str):
        sheet.write_string(line, place, as_cell(value), look)
    elif value is not None:
        sheet.write_number(line, place, value, look)
