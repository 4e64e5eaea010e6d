"""What the reader of a sheet sees beside its values: hidden rows and columns, merged blocks, struck-out text.

The part of the workbook that holds the sheet is read once, piece by piece, before its cells are: the range that a
workbook states for a sheet is often wrong, and formulas without a value look like empty cells.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
Block = tuple[int, int, int, int]
"""First and last row, first and last column."""


@dataclass
class Seen:
    """Rows count from 1 and columns from 0, as in the rest of the reader."""

    rows: int = 0
    columns: int = 0
    overfull: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Block] = field(default_factory=list)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)
    struck: set[tuple[int, int]] = field(default_factory=set)
    partly_struck: set[tuple[int, int]] = field(default_factory=set)

    @property
    def merged_cells(self) -> int:
        """Cells of merged blocks as far as the sheet is filled."""
        return sum(
            max(0, min(last, self.rows) - first + 1) * max(0, min(right, self.columns) - left + 1)
            for first, last, left, right in self.merged
        )


def look_at_sheet(archive: zipfile.ZipFile, part: str, most_rows: int) -> Seen:
    """What `part` of a workbook shows; rows after `most_rows` are not looked at."""
    seen, struck = Seen(), _read_struck(archive)
    row = column = 0
    with archive.open(part) as stream:
        for event, element in ElementTree.iterparse(stream, events=("start", "end")):
            tag = element.tag.rpartition("}")[2]
            if event == "start":
                if tag == "row":
                    row, column = int(element.get("r") or row + 1), -1
                    if element.get("hidden") in ("1", "true") or is_nought(element.get("ht")):
                        seen.hidden_rows.add(row)
                elif tag == "c":
                    column = place_of(element.get("r"), row)[1] if element.get("r") else column + 1
            elif tag == "c":
                if _note_cell(seen, element, (row, column), struck):
                    seen.columns = max(seen.columns, column + 1)
                    seen.rows = row
            elif tag == "row":
                element.clear()
                if seen.rows > most_rows:
                    seen.overfull = True
                    return seen
            elif tag == "col" and (element.get("hidden") in ("1", "true") or is_nought(element.get("width"))):
                seen.hidden_columns |= set(range(int(element.get("min")) - 1, min(int(element.get("max")), 1000)))
            elif tag == "mergeCell":
                seen.merged.append(read_block(element.get("ref")))
    return seen


def place_of(reference: str, row: int = 0) -> tuple[int, int]:
    """Row and column of a cell such as B4."""
    found = CELL.fullmatch(reference)
    if found is None:
        return row, 0
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column - 1


def name_block(block: Block) -> str:
    """A block as Excel names it, such as B4:B6."""
    first, last, left, right = block
    return f"{name_column(left)}{first}:{name_column(right)}{last}"


def name_column(column: int) -> str:
    """The letters of a column, counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_block(reference: str) -> Block:
    """First and last row, first and last column of a block such as B4:B6."""
    start, _, end = reference.partition(":")
    (first, left), (last, right) = place_of(start), place_of(end or start)
    return first, last, left, right


def is_nought(size: str | None) -> bool:
    """Whether a row has no height or a column no width: nobody sees it, though it is not called hidden."""
    return size is not None and float(size) == 0


def _note_cell(seen: Seen, element: ElementTree.Element, place: tuple[int, int], struck: dict[int, str]) -> bool:
    """Note what is to be said of a cell; whether it holds anything."""
    parts = {child.tag.rpartition("}")[2]: child for child in element}
    value = parts.get("v")
    has_value = value is not None and bool(value.text)
    # A formula that gives an empty text is written with t="str" and no value.
    if "f" in parts and not has_value and "is" not in parts and element.get("t") != "str":
        seen.uncalculated.add(place)
    kind = ""
    if element.get("t") == "s" and value is not None and value.text and struck:
        kind = struck.get(int(value.text), "")
    elif "is" in parts:
        kind = _struck_kind(parts["is"])
    if kind:
        (seen.struck if kind == "whole" else seen.partly_struck).add(place)
    return bool(parts)


def _read_struck(archive: zipfile.ZipFile) -> dict[int, str]:
    """Shared texts of which a run is struck out, by their number: whole, or in part."""
    name = "xl/sharedStrings.xml"
    if name not in archive.namelist() or not any(b"strike" in piece for piece in _pieces(archive, name)):
        return {}
    struck, number = {}, 0
    with archive.open(name) as stream:
        for _, element in ElementTree.iterparse(stream):
            if element.tag.rpartition("}")[2] == "si":
                if kind := _struck_kind(element):
                    struck[number] = kind
                number += 1
                element.clear()
    return struck


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as part:
        before = b""
        while piece := part.read(1 << 20):
            yield before + piece
            before = piece[-8:]


def _struck_kind(text: ElementTree.Element) -> str:
    """Whether a rich text is struck out as a whole or in part, "" for neither."""
    runs = [run for run in text if run.tag.rpartition("}")[2] == "r"]
    found = []
    for run in runs:
        written = "".join(part.text or "" for part in run.iter() if part.tag.rpartition("}")[2] == "t")
        strikes = [part for part in run.iter() if part.tag.rpartition("}")[2] == "strike"]
        if written.strip():
            found.append(any(strike.get("val") not in ("0", "false") for strike in strikes))
    return "" if not any(found) else "whole" if all(found) else "partly"
