"""Workbooks: opened within limits, their sheets chosen by name, and sheets that nobody reads told."""

from __future__ import annotations

import contextlib
import re
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from caseseries.ingest.source import shown_name
from caseseries.model.findings import Finding
from caseseries.model.mapping import EVERY_SHEET
from caseseries.model.text import fold_text, tidy_text

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MOST_UNPACKED = 150_000_000
"""Bytes that a workbook may hold once it is unpacked: a small file can stand for gigabytes."""
MOST_MARKS = {"/worksheets/": 4_000_000, "/sharedStrings": 1_000_000, "": 200_000}
"""Beginnings and ends of elements, of which a filled cell has four, in the sheets, in the texts that cells share, and
in the other parts (formats, names), where each costs more time.
"""
MOST_PARTS = 5_000
MOST_ROWS = 200_000
"""Last row of a sheet that holds something."""
PIECE = 1 << 20


def check_size(path: Path, shown: str) -> list[Finding]:
    """What keeps a workbook from being opened: more in it than a case series can have."""
    own = "save the sheets that are read, without empty cells that have a format, in a workbook of their own"
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > MOST_UNPACKED or len(parts) > MOST_PARTS:
            return [Finding(shown, rule=f"the workbook unpacks to more than {MOST_UNPACKED // 1_000_000} MB; {own}")]
        left = dict(MOST_MARKS)
        for part in parts:
            kind = next(kind for kind in MOST_MARKS if kind in part.filename)
            with archive.open(part) as opened:
                while left[kind] >= 0 and (piece := opened.read(PIECE)):
                    left[kind] -= piece.count(b"<")
    if min(left.values()) < 0:
        return [Finding(shown, rule=f"the workbook has more cells, texts or formats than are read; {own}")]
    return []


@contextlib.contextmanager
def open_book(path: Path) -> Iterator[Workbook]:
    """A workbook with the values that its formulas had when it was saved."""
    import openpyxl

    # Given a path, openpyxl leaves the file open where it fails.
    with warnings.catch_warnings(), path.open("rb") as file:
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        try:
            yield book
        finally:
            book.close()


def choose_sheet(book: Workbook, named: str, shown: str) -> tuple[Worksheet | None, list[Finding]]:
    """The sheet of a name, or the first that is not hidden."""
    for alike in (tidy_text, fold_text):
        for sheet in book.worksheets:
            if named and alike(sheet.title) == alike(named):
                return sheet, []
    if named:
        rule = "the workbook has no sheet of the name that the mapping gives"
        return None, [Finding(shown, column="sheet", rule=rule)]
    visible = [one for one in book.worksheets if one.sheet_state == "visible"]
    if not visible:
        rule = "the workbook has no sheet of cells that is not hidden; name the one that is meant"
        return None, [Finding(shown, column="sheet", rule=rule)]
    return visible[0], []


def part_of(sheet: Worksheet) -> str:
    """The part of the workbook in which a sheet lies; openpyxl tells it of sheets that it reads in pieces."""
    return sheet._worksheet_path.lstrip("/")


def doubt_unread(path: Path, named: list[str], shown: str) -> list[Finding]:
    """A warning with the sheets that hold something, are not hidden and are read by no source.

    Parameters
    ----------
    path : workbook.
    named : sheets that the sources read, "" for the first.
    """
    if EVERY_SHEET in named:
        return []  # told where they are read
    if check_size(path, shown):
        return []
    with open_book(path) as book, zipfile.ZipFile(path) as archive:
        read = {sheet.title for name in named for sheet in choose_sheet(book, name, shown)[:1] if sheet is not None}
        others = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible" and sheet.title not in read]
        filled = [sheet.title for sheet in others if _holds_something(archive, part_of(sheet))]
    if not filled:
        return []
    titles = ", ".join(shown_name(title, filled) or "a sheet" for title in filled)
    rule = f"sheets of the workbook that no source reads: {titles}"
    return [Finding(shown, column="sheet", rule=rule, severity="warning")]


def _holds_something(archive: zipfile.ZipFile, name: str) -> bool:
    with archive.open(name) as part:
        before = b""
        while piece := part.read(1 << 16):
            if re.search(rb"<(\w+:)?(v|is)[ />]", before + piece):
                return True
            before = piece[-16:]
    return False
