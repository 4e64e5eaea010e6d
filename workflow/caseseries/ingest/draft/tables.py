"""The tables of a file as they lie: sheets, the row of the headers, delimiter and encoding of a text file."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from caseseries.ingest.draft.header_rows import find_further_row, find_header_row, lay_out, titles_above
from caseseries.ingest.draft.headers import read_header
from caseseries.ingest.draft.vocabulary import FEWEST_COLUMNS, Vocabulary, plain
from caseseries.ingest.files import EXCEL, OTHER_PROGRAMS, read_source
from caseseries.ingest.identify import PLAIN_LABEL
from caseseries.ingest.read import MOST_BYTES, SEPARATORS, TOO_LARGE, decode
from caseseries.ingest.sheet import write_cell
from caseseries.ingest.source import SourceTable, shown_name
from caseseries.ingest.statistics_file import READERS, read_labels
from caseseries.ingest.turned import turn_table
from caseseries.ingest.workbook import check_size, open_book
from caseseries.model.findings import BadInput, Finding
from caseseries.model.mapping import EVERY_SHEET, Source
from caseseries.model.text import tidy_text

FIRST_ROWS = 15
"""Rows at the top of a sheet among which that of the headers is looked for."""
ENCODINGS = ("utf-8-sig", "utf-16", "gb18030", "windows-1252")
TEXT = (".csv", ".tsv", ".txt")
MOST_ALIKE = 2
"""Sheets with the same headers from which they look like one a person."""
JSON = (".json", ".ndjson")
KINDS = (*EXCEL, *TEXT, *JSON, *READERS)


@dataclass(frozen=True)
class Table:
    """One table of a file, and the keys of a mapping by which it is read.

    Parameters
    ----------
    keys : file, sheet, header_row, delimiter, encoding, where they are not what a mapping takes for granted.
    whys : key -> why it has its value.
    cells : text cells with the file's own headers.
    labels : header -> the label that the file gives a variable.
    titles : of the sheet, and what stands above the headers.
    """

    keys: dict[str, Any]
    cells: SourceTable
    whys: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    titles: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """The table as a comment names it."""
        if "redcap" in self.keys:
            said = self.keys["redcap"]
            return ", ".join(
                ["the instrument " + said["instrument"]] if "instrument" in said else said.get("events", [])
            )
        if self.keys.get("sheet") == EVERY_SHEET:
            return "the sheets, columns as rows" if "transpose" in self.keys else "the sheets"
        return f"sheet {self.keys['sheet']}" if "sheet" in self.keys else "the file"


def open_tables(path: Path, file: str, shown: str, words: Vocabulary) -> tuple[list[Table], list[Finding]]:
    """Every table of a workbook, a text file or a file of a statistics package.

    Parameters
    ----------
    path : file; file : its name in the mapping; shown : how messages name it.

    Returns
    -------
    The tables that could be read, and what is wrong with those that could not.

    Raises
    ------
    BadInput : no such file, none of a kind that is read, empty, or closed by a password.
    """
    check_file(path, shown)
    ending = path.suffix.lower()
    if ending in READERS:
        return _read({"file": file}, {}, path, shown, read_labels(path))
    if ending in EXCEL:
        return _open_sheets(path, file, shown, words)
    return _open_text(path, file, shown, words)


def check_file(path: Path, shown: str) -> None:
    """Raise `BadInput` where there is nothing that could be read."""
    ending = path.suffix.lower()
    rule = ""
    if not path.is_file():
        rule = "there is no such file"
    elif ending in OTHER_PROGRAMS:
        rule = f"files that end in {ending} are not read; save it as .xlsx or as CSV UTF-8"
    elif ending not in KINDS:
        rule = "files of this kind are not known; those that are end in " + ", ".join(KINDS)
    elif not path.stat().st_size:
        rule = "the file is empty"
    elif path.stat().st_size > MOST_BYTES:
        rule = TOO_LARGE
    elif ending in EXCEL and path.read_bytes()[:4] == b"\xd0\xcf\x11\xe0":
        rule = "the workbook is closed by a password, or is of an old kind; save it as .xlsx without a password"
    if rule:
        raise BadInput([Finding(shown, rule=rule)])


def _read(
    keys: dict[str, Any],
    whys: dict[str, str],
    path: Path,
    shown: str,
    labels: dict[str, str] | None = None,
    wanted: Iterable[str] = ("",),
) -> tuple[list[Table], list[Finding]]:
    columns = {f"column_{place}": header for place, header in enumerate(wanted)}
    source = Source.model_validate({"table": "episodes", "columns": columns} | keys)
    table, findings = read_source(path, source, shown)
    if table is not None and source.transpose and source.sheet != EVERY_SHEET:
        table, findings = turn_table(table)
    errors = [finding for finding in findings if finding.severity == "error"]
    if table is None or not len(table):
        return [], errors or [Finding(shown, rule="there are no rows below the headers")]
    return [leave_out_notes(Table(keys, table, whys, labels or {}))], []


def leave_out_notes(table: Table) -> Table:
    """A table without the remarks that stand in a single cell below its rows: notes, sources, a signature."""
    texts, last = table.cells.texts, len(table.cells)
    while last and is_note(texts.iloc[last - 1].tolist()):
        last -= 1
    if last in (0, len(texts)) or "transpose" in table.keys or table.keys.get("sheet") == EVERY_SHEET:
        return table
    line = int(table.cells.lines[last - 1])
    whys = table.whys | {"last_row": "below it stand remarks in a single cell"}
    return replace(table, keys=table.keys | {"last_row": line}, cells=table.cells.take(np.arange(last)), whys=whys)


def is_note(cells: list[str]) -> bool:
    """Whether a row of several columns is one text, in one cell or merged over some, and no label of a case."""
    told = {cell for cell in cells if cell}
    return len(cells) >= FEWEST_COLUMNS and len(told) == 1 and not PLAIN_LABEL.fullmatch(told.pop())


def _open_sheets(path: Path, file: str, shown: str, words: Vocabulary) -> tuple[list[Table], list[Finding]]:
    tops: dict[str, list[list[str]]] = {}
    try:
        findings = check_size(path, shown)
        if not findings:
            with open_book(path) as book:
                for sheet in book.worksheets:
                    if sheet.sheet_state == "visible":
                        sheet.reset_dimensions()
                        top = islice(sheet.iter_rows(values_only=True), FIRST_ROWS)
                        tops[sheet.title] = [[write_cell(cell) for cell in row] for row in top]
    except Exception:
        # openpyxl fails in many ways on what is no workbook, or half of one.
        findings = [Finding(shown, rule="the workbook cannot be opened; save it as .xlsx without a password")]
    if findings:
        raise BadInput(findings)
    tables: list[Table] = []
    for title, rows in tops.items():
        if not any(any(row) for row in rows):
            continue
        keys: dict[str, Any] = {"file": file} | ({"sheet": title} if len(tops) > 1 else {})
        row, why = find_header_row(rows, words)
        keys |= {"header_row": row} if row > 1 else {}
        alike = [one for one, others in tops.items() if len(others) >= row and rows[row - 1] == others[row - 1]]
        if is_one_a_person(title, alike, words):
            if title == alike[0]:
                found, faults = _open_alike(keys | {"sheet": EVERY_SHEET}, why, path, shown, rows)
                tables += found
                findings += faults
            continue
        if len(tops) > 1 and not is_fit_title(title, len(alike), words):
            rule = (
                "a sheet may be called after a person; put what it holds in one sheet with a column for the case, or "
                "give it another name"
            )
            findings.append(Finding(shown, column="sheet", rule=rule))
            continue
        keys, whys, row = lay_out(rows, row, why, keys, words)
        found, faults = _read(keys, whys, path, f"{shown}, a sheet" if len(tops) > 1 else shown)
        tables += [replace(table, titles=(title, *titles_above(rows, row))) for table in found]
        findings += [replace(fault, rule=f"sheet {title} is not read: {fault.rule}") for fault in faults]
    if not tables and not findings:
        raise BadInput([Finding(shown, rule="the workbook is empty")])
    return tables, findings


def is_one_a_person(title: str, alike: list[str], words: Vocabulary) -> bool:
    """Whether a sheet is one of several with the same headers, none of which is called by a word for a table."""
    return len(alike) >= MOST_ALIKE and not any(is_known_title(one, words) for one in alike)


def _open_alike(
    keys: dict[str, Any], why: str, path: Path, shown: str, rows: list[list[str]]
) -> tuple[list[Table], list[Finding]]:
    """Sheets with the same headers as one table: each is one person, and its title tells the case."""
    row = keys.get("header_row", 1)
    whys = {"sheet": "sheets with the same headers: each is taken for one case", "header_row": why}
    found, faults = _read(keys, whys, path, shown, wanted=[cell for cell in rows[row - 1] if cell])
    above = list(enumerate(rows[: row - 1], 1))
    form = [place for place, cells in above if all(cells[:2]) and len(cells) > 1 and not any(cells[2:])]
    if len(form) > 1:
        own = {"file": keys["file"], "sheet": EVERY_SHEET, "transpose": True, "last_row": form[-1]}
        own |= {"header_row": form[0]} if form[0] > 1 else {}
        whys = {"transpose": f"rows {form[0]} to {form[-1]} hold a word and what it is in this case"}
        more, ill = _read(own, whys, path, shown, wanted=[rows[place - 1][0] for place in form])
        return [*more, *found], [*faults, *ill]
    return found, faults


def is_fit_title(title: str, alike: int, words: Vocabulary) -> bool:
    """Whether the title of a sheet may stand in a draft: it is of known words, or neither a name nor one of many.

    Parameters
    ----------
    alike : sheets with the same headers, this one among them.
    """
    if is_known_title(title, words):
        return True
    return alike < MOST_ALIKE and shown_name(tidy_text(title)) == tidy_text(title)


def is_known_title(title: str, words: Vocabulary) -> bool:
    """Whether the title of a sheet is a number, a word for a table or one that headers have."""
    known = plain(re.sub(r"\d", "", title))
    return not known or known in words.sheets or read_header(title, words).meaning is not None


def _open_text(path: Path, file: str, shown: str, words: Vocabulary) -> tuple[list[Table], list[Finding]]:
    keys: dict[str, Any] = {"file": file}
    whys: dict[str, str] = {}
    content = path.read_bytes()
    for encoding in ENCODINGS:
        text, fault = decode(content, encoding)
        if not fault and fits_encoding(text, encoding, content):
            break
    if fault:
        raise BadInput([Finding(shown, rule=fault)])
    if encoding != "utf-8-sig":
        keys["encoding"] = encoding
        whys["encoding"] = "the bytes are no UTF-8; do the letters of the headers look right?"
    lines = [line for line in text.splitlines()[:FIRST_ROWS] if not re.match(r"\"?sep=", line, re.IGNORECASE)]
    if not any(line.strip() for line in lines):
        raise BadInput([Finding(shown, rule="the file is empty")])
    delimiter = max(SEPARATORS, key=lambda sign: _width(lines, sign))
    if delimiter != ",":
        keys["delimiter"] = "tab" if delimiter == "\t" else delimiter
        whys["delimiter"] = f"the cells are parted by {SEPARATORS[delimiter]}"
    rows = [next(csv.reader([line], delimiter=delimiter), []) for line in lines]
    row, why = find_header_row(rows, words)
    row, several, reason = find_further_row(rows, row, words)
    if row > 1:
        keys["header_row"] = row
        whys["header_row"] = why
    if several > 1:
        keys["header_rows"] = several
        whys["header_rows"] = reason
    found, faults = _read(keys, whys, path, shown)
    return [replace(table, titles=titles_above(rows, row)) for table in found], faults


def fits_encoding(text: str, encoding: str, content: bytes) -> bool:
    """Whether what an encoding makes of the bytes is likely what was written.

    Almost any bytes are some text of gb18030: of Chinese most signs stand beside others, of umlauts few.
    """
    if encoding == "utf-16":
        return content[:2] in (b"\xff\xfe", b"\xfe\xff")
    if encoding != "gb18030":
        return True
    runs = re.findall(r"[\u4e00-\u9fff]+", text)
    return 2 * sum(len(run) > 1 for run in runs) > len(runs)


def _width(lines: list[str], sign: str) -> int:
    """Cells of the widest line among the first ones, if a sign parts them."""
    return max(len(next(csv.reader([line], delimiter=sign), [])) for line in lines)
