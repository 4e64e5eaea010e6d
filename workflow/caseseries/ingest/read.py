"""Reading CSV files strictly: UTF-8, commas, one header, rows as wide as the header; every fault is a finding."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd

from caseseries.ingest.source import SHOWN_AT_MOST, SourceTable
from caseseries.model.columns import TABLES
from caseseries.model.findings import Finding
from caseseries.model.text import tidy_text

MOST_COLUMNS = 500
LONGEST_CELL = 20_000
MOST_BYTES = 200_000_000
"""Size of a file of any kind."""
TOO_LARGE = f"the file is larger than {MOST_BYTES // 1_000_000} MB; save what is read in a file of its own"
CANNOT_OPEN = "the file cannot be opened; is it open in another program, or not yours to read?"
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
BYTEWISE = ("windows-1252", "iso-8859-1")
"""Encodings in which almost any bytes are text, so that a wrong declaration must be noticed otherwise."""
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How the files of Excel begin."""
WORKBOOK = "the file is a workbook, not CSV; save it as CSV UTF-8, or name it in the mapping of cohort.yaml"
NO_HEADER = "the first row has no column of the table; is the header row missing?"
NOT_CLOSED = "a quoted cell is not closed as it should be"
TOO_LONG = f"a cell is longer than {LONGEST_CELL} characters"
BLOCK = 20_000
"""Rows that are read before they become columns."""


def read_csv(path: Path, name: str, shown: str) -> tuple[SourceTable | None, list[Finding]]:
    """Read one CSV file of the contract as text.

    Parameters
    ----------
    path : file.
    name : table of the contract.
    shown : how the file is named in messages.

    Returns
    -------
    The table, None where the file cannot be read as one; and the findings.
    """
    text, fault = read_text(path, "utf-8-sig")
    if fault:
        return None, [Finding(shown, rule=fault)]
    table, findings = parse_csv(text, name, shown, ",")
    if table is not None and "" in table.texts:
        return None, [*findings, *name_columns([list(table.texts).index("")], shown)]
    contract = [column.name for column in TABLES.get(name, ())]
    if table is not None and contract and not set(contract).intersection(table.texts):
        return None, [Finding(shown, line=1, rule=NO_HEADER, example=",".join(contract[:4]))]
    return table, findings


def read_text(path: Path, encoding: str) -> tuple[str, str]:
    """Text of a file and "", or "" and what is wrong; see `decode`."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return "", TOO_LARGE
        content = path.read_bytes()
    except OSError:
        return "", CANNOT_OPEN
    return decode(content, encoding)


def decode(content: bytes, encoding: str) -> tuple[str, str]:
    """Text of a file and "", or "" and what is wrong."""
    if content.startswith(WORKBOOKS):
        return "", WORKBOOK
    if encoding in BYTEWISE and not content.isascii() and is_utf8(content):
        return "", f"the file is UTF-8 text and not {encoding}, which the mapping of cohort.yaml declares"
    try:
        text = content.decode(encoding)
    except (UnicodeDecodeError, UnicodeError):
        name = "UTF-8" if encoding in ("utf-8", "utf-8-sig") else encoding
        return "", f"the file must be {name} text; save it so, or declare its encoding in the mapping of cohort.yaml"
    if "\0" in text:
        return "", "the file holds NUL bytes and is no text; export it again"
    return text, ""


def is_utf8(content: bytes) -> bool:
    """Bytes beyond ASCII that are valid UTF-8: text of another encoding hardly ever is."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def parse_csv(
    text: str, name: str, shown: str, delimiter: str, skipped: int = 0, header_rows: int = 1
) -> tuple[SourceTable | None, list[Finding]]:
    """Read CSV text below the lines that are `skipped`, its headers made of so many rows; see `read_csv`."""
    stream = io.StringIO(text, newline="")
    for _ in range(skipped):
        stream.readline()
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    previous = csv.field_size_limit(LONGEST_CELL)
    findings: list[Finding] = []
    try:
        header = join_headers([next(reader, []) for _ in range(header_rows)])
        faults = check_header([cell.strip() for cell in header], shown, delimiter)
        header = [" ".join(tidy_text(cell).split()) for cell in header]
        faults = faults or check_header(header, shown)
        rows = Rows(len(header))
        columns, lines = ([], []) if faults else _read_rows(reader, rows)
        too_wide = header_rows == 1 and rows.widths == {len(header) + 1}
        if too_wide and not any(map(len, lines)):
            # R's write.table leaves the header of the row names out.
            named = ["", *header]
            return parse_csv(_replace_header(text, skipped, named, delimiter), name, shown, delimiter, skipped)
        header, columns, nameless = drop_blank(header, columns)
        faults += name_columns(nameless, shown) if len(nameless) > 1 else []
        if faults:
            return None, faults
        findings += rows.tell(shown)
    except csv.Error as error:
        rule = TOO_LONG if "field limit" in str(error) else NOT_CLOSED
        return None, [Finding(shown, line=reader.line_num + skipped, rule=rule)]
    finally:
        csv.field_size_limit(previous)
    frame = pd.DataFrame(dict(zip(header, columns, strict=True)), dtype=object)
    return SourceTable(name, frame, np.concatenate(lines) + skipped, ((0, shown),)), findings


def join_headers(rows: list[list[str]]) -> list[str]:
    """One header for each column out of several rows, the upper word first.

    A word of an upper row holds for the empty cells to its right below which something stands, as it does below itself.
    """
    upper, *lower = rows
    if not lower:
        return upper
    below = join_headers(lower)
    width = max(len(upper), len(below))
    upper, below = ([*row, *[""] * (width - len(row))] for row in (upper, below))
    spread, group = [], ""
    for own, under in zip(upper, below, strict=True):
        if own.strip():
            group = own if under.strip() else ""
        elif not under.strip():
            group = ""
        spread.append(own if own.strip() else group)
    pairs = zip(spread, below, strict=True)
    return [own if own == under or not under else f"{own} {under}".strip() for own, under in pairs]


def check_cells(table: SourceTable) -> list[Finding]:
    """Findings on cells longer than any cell of a record is, whatever kind of file they come from."""
    findings = []
    for place in range(table.texts.shape[1]):
        cells = table.texts.iloc[:, place]
        lengths = np.fromiter(map(len, cells.to_numpy()), dtype=np.int64, count=len(cells))
        for row in np.flatnonzero(lengths > LONGEST_CELL)[:1]:
            rule = f"a cell of column {place + 1} is longer than {LONGEST_CELL} characters"
            findings.append(Finding(table.shown, line=int(table.lines[row]), rule=rule))
    return findings


def _replace_header(text: str, skipped: int, header: list[str], delimiter: str) -> str:
    """CSV text with another header in the same line."""
    lines = text.splitlines(keepends=True)
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="\n").writerow(header)
    return "".join([*lines[:skipped], written.getvalue(), *lines[skipped + 1 :]])


def check_header(header: list[str], shown: str, delimiter: str = "") -> list[Finding]:
    """Faults of a header row; `delimiter` is what parts its cells, "" in a sheet."""
    if not any(header):
        return [Finding(shown, rule="the file is empty; it needs a header row", example="episode_id,day,count")]
    if len(header) > MOST_COLUMNS:
        return [Finding(shown, line=1, rule=f"the header has more than {MOST_COLUMNS} columns")]
    if len(header) == 1 and delimiter:
        for separator, word in SEPARATORS.items():
            if separator != delimiter and separator in header[0]:
                use = "use commas, or " if delimiter == "," else ""
                rule = f"the cells are separated by {word}; {use}declare it in the mapping of cohort.yaml"
                return [Finding(shown, line=1, rule=rule)]
    return [
        Finding(shown, line=1, rule=f"the name of column {position} stands twice in the header")
        for position, column in enumerate(header, 1)
        if column and column in header[: position - 1]
    ]


def drop_blank(header: list[str], columns: list[np.ndarray]) -> tuple[list[str], list[np.ndarray], list[int]]:
    """Header and columns without those that have neither name nor cells; positions of columns that lack a name.

    A single column without a name keeps its place under "": R writes the names of rows so.
    """
    blank = [not name and not (cells != "").any() for name, cells in zip(header, columns, strict=False)]
    nameless = [position for position, name in enumerate(header[: len(columns)]) if not name and not blank[position]]
    kept = [position for position in range(len(columns)) if not blank[position]]
    return [header[position] for position in kept], [columns[position] for position in kept], nameless


def name_columns(positions: list[int], shown: str) -> list[Finding]:
    """Columns with cells and without a name, by position from 0."""
    rule = "has no name in the header; name it, or say header_row in a mapping if the header stands in another row"
    return [Finding(shown, line=1, rule=f"column {position + 1} {rule}") for position in positions]


def _read_rows(reader, rows: Rows) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Columns, and line numbers in blocks.

    Rows are gathered in blocks, and equal cells shared, so that a large file costs a pointer a cell, not a string.
    """
    pieces = []
    block: list[list[str]] = []
    ends: list[int] = [reader.line_num]
    for row in reader:
        block.append(row)
        ends.append(reader.line_num)
        if len(block) == BLOCK:
            pieces.append(rows.convert(block, ends))
            block, ends = [], ends[-1:]
    pieces.append(rows.convert(block, ends))
    parts, lines = zip(*pieces, strict=True)
    return [np.concatenate(cells) for cells in zip(*parts, strict=True)], list(lines)


class Rows:
    """Blocks of rows become columns; those that are not as wide as the header are left out and remembered.

    Parameters
    ----------
    width : of the header.
    share : whether equal cells of all blocks share one text, where the blocks are kept.
    """

    def __init__(self, width: int, *, share: bool = True) -> None:
        self._width = width
        self._known: dict[str, str] | None = {} if share else None
        self._ragged: list[tuple[int, int]] = []
        self._more = 0
        self.widths: set[int] = set()

    def convert(self, block: list[list[str]], ends: list[int]) -> tuple[list[np.ndarray], np.ndarray]:
        """Columns and lines of a block; row i stands on the lines after `ends[i]` up to `ends[i + 1]`."""
        starts = np.array(ends[:-1], dtype=np.int64) + 1
        widths = np.fromiter(map(len, block), dtype=np.int64, count=len(block))
        odd = np.flatnonzero(widths != self._width)
        if len(odd):
            self._note([(int(starts[i]), len(block[i])) for i in odd if any(cell.strip() for cell in block[i])])
            block = [row for row in block if len(row) == self._width]
            starts = starts[widths == self._width]
        columns = [self._share(cells) for cells in zip(*block, strict=True)]
        return keep_filled(columns or [np.array([], dtype=object)] * self._width, starts)

    def _note(self, ragged: list[tuple[int, int]]) -> None:
        self.widths |= {width for _, width in ragged}
        room = SHOWN_AT_MOST - len(self._ragged)
        self._ragged += ragged[:room]
        self._more += len(ragged[room:])

    def _share(self, cells: tuple[str, ...]) -> np.ndarray:
        known: dict[str, str] = {} if self._known is None else self._known
        codes, unique = pd.factorize(np.array(cells, dtype=object))
        stripped = [known.setdefault(text, text) for text in map(tidy_text, unique)]
        return np.array(stripped, dtype=object)[codes]

    def tell(self, shown: str) -> list[Finding]:
        """What is said of the rows that were left out."""
        findings = []
        for line, width in self._ragged:
            rule = f"the row has {width} cells, the header {self._width}; a comma inside a cell needs quotes around it"
            findings.append(Finding(shown, line=line, rule=rule))
        if self._more:
            findings.append(
                Finding(shown, rule=f"{self._more} more rows are not as wide as the header", more=self._more)
            )
        return findings


def keep_filled(columns: list[np.ndarray], lines: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """Rows with something in them."""
    filled = np.zeros(len(lines), dtype=bool)
    for column in columns:
        filled |= column != ""
    return ([column[filled] for column in columns], lines[filled]) if not filled.all() else (columns, lines)
