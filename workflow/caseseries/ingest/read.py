"""Reading CSV files strictly: UTF-8, commas, one header, rows as wide as the header; every fault is a finding."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd

from caseseries.ingest.source import SHOWN_AT_MOST, SourceTable
from caseseries.model.findings import Finding
from caseseries.model.records import TABLES

MOST_COLUMNS = 500
LONGEST_CELL = 20_000


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
    text, fault = decode(path.read_bytes(), "utf-8-sig")
    if fault:
        return None, [Finding(shown, rule=fault)]
    table, findings = parse_csv(text, name, shown, ",")
    contract = [column.name for column in TABLES.get(name, ())]
    if table is not None and contract and not set(contract).intersection(table.texts):
        rule = "the first row has no column of the table; is the header row missing?"
        return None, [Finding(shown, line=1, rule=rule, example=",".join(contract[:4]))]
    return table, findings


def decode(content: bytes, encoding: str) -> tuple[str, str]:
    """Text of a file and "", or "" and what is wrong."""
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "", "the file is a workbook, not CSV; save it as CSV UTF-8, or name it in the mapping of cohort.yaml"
    try:
        text = content.decode(encoding)
    except (UnicodeDecodeError, UnicodeError):
        name = "UTF-8" if encoding == "utf-8-sig" else encoding
        return "", f"the file must be {name} text; save it so, or declare its encoding in the mapping of cohort.yaml"
    if "\0" in text:
        return "", "the file holds NUL bytes and is no text; export it again"
    return text, ""


def parse_csv(text: str, name: str, shown: str, delimiter: str) -> tuple[SourceTable | None, list[Finding]]:
    """Read CSV text; see `read_csv`."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    previous = csv.field_size_limit(LONGEST_CELL)
    findings: list[Finding] = []
    try:
        header = [cell.strip() for cell in next(reader, [])]
        faults = check_header(header, shown)
        if faults:
            return None, faults
        columns, lines, ragged = _read_rows(reader, len(header))
        for line, width in ragged[:SHOWN_AT_MOST]:
            rule = f"the row has {width} cells, the header {len(header)}; a comma inside a cell needs quotes around it"
            findings.append(Finding(shown, line=line, rule=rule))
        if len(ragged) > SHOWN_AT_MOST:
            rule = f"{len(ragged) - SHOWN_AT_MOST} more rows are not as wide as the header"
            findings.append(Finding(shown, rule=rule))
    except csv.Error as error:
        rule = "a quoted cell is not closed as it should be"
        if "field limit" in str(error):
            rule = f"a cell is longer than {LONGEST_CELL} characters"
        return None, [Finding(shown, line=reader.line_num, rule=rule)]
    finally:
        csv.field_size_limit(previous)
    frame = pd.DataFrame(dict(zip(header, columns, strict=True)), dtype=object)
    return SourceTable(name, frame, np.array(lines, dtype=np.int64), ((0, shown),)), findings


def check_header(header: list[str], shown: str) -> list[Finding]:
    """Faults of a header row."""
    if not any(header):
        return [Finding(shown, rule="the file is empty; it needs a header row", example="episode_id,day,count")]
    if len(header) > MOST_COLUMNS:
        return [Finding(shown, line=1, rule=f"the header has more than {MOST_COLUMNS} columns")]
    if len(header) == 1:
        for separator, word in ((";", "semicolons"), ("\t", "tabs")):
            if separator in header[0]:
                rule = f"the cells are separated by {word}; use commas, or declare it in the mapping of cohort.yaml"
                return [Finding(shown, line=1, rule=rule)]
    findings = []
    for position, column in enumerate(header, 1):
        if not column:
            findings.append(Finding(shown, line=1, rule=f"column {position} has no name in the header"))
        elif column in header[: position - 1]:
            findings.append(Finding(shown, line=1, rule=f"the name of column {position} stands twice in the header"))
    return findings


def _read_rows(reader, width: int) -> tuple[list[np.ndarray], list[int], list[tuple[int, int]]]:
    """Columns of equal cells shared in memory, line numbers, and the (line, width) of rows that are too wide or narrow.

    Rows are gathered in blocks so that a large file costs one pointer a cell, not one string a cell.
    """
    known: dict[str, str] = {}
    blocks: list[list[np.ndarray]] = []
    block: list[list[str]] = []
    lines: list[int] = []
    ragged: list[tuple[int, int]] = []
    line = reader.line_num + 1
    for row in reader:
        start, line = line, reader.line_num + 1
        if len(row) != width:
            if any(cell.strip() for cell in row):
                ragged.append((start, len(row)))
            continue
        cells = [known.setdefault(cell, cell) for cell in map(str.strip, row)]
        if any(cells):
            block.append(cells)
            lines.append(start)
        if len(block) == 100_000:
            blocks.append(_columns(block, width))
            block = []
    blocks.append(_columns(block, width))
    return [np.concatenate(parts) for parts in zip(*blocks, strict=True)], lines, ragged


def _columns(block: list[list[str]], width: int) -> list[np.ndarray]:
    columns = list(zip(*block, strict=True)) or [()] * width
    return [np.array(column, dtype=object) for column in columns]
