"""Tables of a cohort as Parquet: typed cells become the text that a CSV file would hold, and get the same checks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from caseseries.ingest.read import CANNOT_OPEN, MOST_BYTES, check_cells, check_header, drop_blank
from caseseries.ingest.read import name_columns as name_nameless
from caseseries.ingest.sheet import write_cell
from caseseries.ingest.source import SourceTable, shown_name
from caseseries.model.columns import TABLES, WITHOUT_CASES
from caseseries.model.findings import Finding
from caseseries.model.text import tidy_text

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

ENDING = ".parquet"
AS_PARQUET = tuple(name for name in TABLES if name not in WITHOUT_CASES)
"""Tables that may be Parquet: those of cases; what is printed is short and is read by people."""

CELL_BYTES = 4
"""What a cell takes in a CSV file, about, whatever it takes here."""
BATCH = 65_536
"""Rows that are unpacked at a time."""
MOST_ROWS_A_BYTE = 64
"""Rows for each byte of the file beyond which it is none that records make: they name a case and a day each."""
UNTIDY = r"^[\x00-\x20]|[\x00-\x20]$|  |[^\x00-\x7f]"
"""What `tidy_text` may change is in a text only where this is."""
UNPACKED = f"the file unpacks to more than {MOST_BYTES // 1_000_000} MB; save what is read in a file of its own"
ROW_GROUP = f"a row group of the file unpacks to more than {MOST_BYTES // 1_000_000} MB; write smaller ones"
DAMAGED = "the file is no Parquet file, or is damaged; write it again"
OTHER_KINDS = "the column holds {kind} values, which no table has; write text, numbers or yes and no"


def read_parquet(path: Path, name: str, shown: str) -> tuple[SourceTable | None, list[Finding]]:
    """Read one Parquet file of the contract as text; the line of a row is its place among the rows, from 1.

    Whole numbers stand without a point, missing values and NaN are empty, true and false are yes and no, dates ISO
    text, which no column takes.

    Parameters
    ----------
    path : file.
    name : table of the contract.
    shown : how the file is named in messages.

    Returns
    -------
    The table, None where the file cannot be read as one; and the findings.
    """
    try:
        with opened(path) as file:
            faults = check_file(file, path, name, shown)
            if not faults and unpacked_bytes(file) > MOST_BYTES:
                faults = [Finding(shown, rule=UNPACKED)]
            if faults:
                return None, faults
            header = read_header(file)
            pieces = list(read_pieces(file))
    except PermissionError:
        return None, [Finding(shown, rule=CANNOT_OPEN)]
    except Exception:
        # Arrow fails in many ways on what is no such file, or half of one.
        return None, [Finding(shown, rule=DAMAGED)]
    columns = [np.concatenate([piece[place] for piece, _ in pieces]) for place in range(len(header))] if pieces else []
    columns = columns or [np.array([], dtype=object)] * len(header)
    header, columns, nameless = drop_blank(header, columns)
    if nameless:
        return None, name_nameless(nameless, shown)
    lines = np.concatenate([rows for _, rows in pieces]) if pieces else np.zeros(0, dtype=np.int64)
    table = SourceTable(name, pd.DataFrame(dict(zip(header, columns, strict=True)), dtype=object), lines, ((0, shown),))
    long = check_cells(table)
    return (None if long else table), long


@contextmanager
def opened(path: Path) -> Iterator[ParquetFile]:
    """A Parquet file that is closed however its reader ends."""
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path, pre_buffer=False) as file:
        yield file


def read_header(file: ParquetFile) -> list[str]:
    """Names of the columns as headers of a table."""
    return [" ".join(tidy_text(name).split()) for name in file.schema_arrow.names]


def check_file(file: ParquetFile, path: Path, name: str, shown: str) -> list[Finding]:
    """What keeps a file from being read: its header, its kinds of columns, and what it unpacks to."""
    header = read_header(file)
    if findings := check_header(header, shown):
        return findings
    contract = [column.name for column in TABLES[name]]
    if not set(contract).intersection(header):
        rule = "no column of the file is one of the table"
        return [Finding(shown, rule=rule, example=",".join(contract[:4]))]
    about = file.metadata
    if about.num_rows > MOST_ROWS_A_BYTE * path.stat().st_size:
        rule = "the file unpacks to far more rows than its size can hold of cases and days; write what is meant"
        return [Finding(shown, rule=rule)]
    for group in range(about.num_row_groups):
        part = about.row_group(group)
        if any(part.column(place).total_uncompressed_size > MOST_BYTES for place in range(part.num_columns)):
            return [Finding(shown, rule=ROW_GROUP)]
    return [
        Finding(shown, column=shown_name(name, header), rule=OTHER_KINDS.format(kind=kind))
        for name, field in zip(header, file.schema_arrow, strict=True)
        if (kind := other_kind(field.type))
    ]


def unpacked_bytes(file: ParquetFile) -> int:
    """What a file takes unpacked: as it says itself, and at least what its cells take as CSV."""
    about = file.metadata
    packed = sum(about.row_group(group).total_byte_size for group in range(about.num_row_groups))
    return max(packed, about.num_rows * about.num_columns * CELL_BYTES)


def other_kind(kind: pa.DataType) -> str:
    """What a column holds that is neither text, number, truth value nor date; "" where it is one of these."""
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    plain = (types.is_string, types.is_large_string, types.is_integer, types.is_floating, types.is_boolean)
    if any(holds(kind) for holds in (*plain, types.is_date, types.is_timestamp, types.is_decimal, types.is_null)):
        return ""
    return "nested" if types.is_nested(kind) else "binary" if "binary" in str(kind) else str(kind)


def read_pieces(file: ParquetFile, rows: int = BATCH) -> Iterator[tuple[list[np.ndarray], np.ndarray]]:
    """Columns of text cells and the lines of their rows, so many rows at a time; rows without a cell are left out.

    Without threads: see `records.read_record_table`.
    """
    first = 1
    for batch in file.iter_batches(batch_size=rows, use_threads=False):
        columns = [write_cells(batch.column(place)) for place in range(batch.num_columns)]
        filled = np.zeros(len(batch), dtype=bool)
        for column in columns:
            filled |= column != ""
        lines = np.arange(first, first + len(batch), dtype=np.int64)
        first += len(batch)
        yield [column[filled] for column in columns], lines[filled]


def write_cells(column: pa.Array) -> np.ndarray:
    """A column as text; each different value is written once, and equal cells share one text."""
    import pyarrow as pa

    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    texts = write_texts(coded.dictionary)
    words = np.array([*texts, ""], dtype=object)
    return words[coded.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False).astype(np.int64)]


def write_texts(values: pa.Array) -> list[str]:
    """Values as text; of texts only those are touched that `tidy_text` may change."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = values.to_pylist()
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        return ["" if pd.isna(value) else write_cell(value) for value in texts]
    for place in np.flatnonzero(
        pc.match_substring_regex(values, UNTIDY).fill_null(True).to_numpy(zero_copy_only=False)
    ):
        texts[place] = tidy_text(texts[place] or "")
    return texts
