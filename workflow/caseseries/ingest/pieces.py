"""Large tables piece by piece, CSV or Parquet, with the cells, lines and findings of a table that is read whole."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd

from caseseries.ingest import parquet
from caseseries.ingest.read import (
    BLOCK,
    CANNOT_OPEN,
    LONGEST_CELL,
    NO_HEADER,
    NOT_CLOSED,
    TOO_LONG,
    WORKBOOK,
    WORKBOOKS,
    Rows,
    check_cells,
    check_header,
    decode,
    keep_filled,
    name_columns,
)
from caseseries.ingest.source import SourceTable
from caseseries.model.columns import TABLES
from caseseries.model.findings import Finding
from caseseries.model.text import tidy_text

Piece = tuple[list[np.ndarray], np.ndarray]
"""Columns of text cells, and the line of each row."""

CHUNK = 8_000_000
"""Bytes of a CSV file that are read at a time."""
LONGEST_LINE = 20_000_000
"""Bytes of a line: more is none of a table."""


class Unreadable(Exception):
    """A file cannot be read as a table; `findings` say why."""

    def __init__(self, findings: list[Finding]):
        super().__init__()
        self.findings = findings


class Pieces:
    """One file of the contract, read piece by piece: `header` is there at once, `findings` when all is read.

    Columns that have neither name nor cells are left in the pieces, under ""; iterating raises `Unreadable` where the
    file turns out to be none.

    Parameters
    ----------
    path : file. shown : how it is named in messages.
    """

    def __init__(self, path: Path, shown: str):
        self.path, self.shown, self.name = path, shown, path.stem
        self.findings: list[Finding] = []
        self.header: list[str] = []
        self.nameless: set[int] = set()

    def __iter__(self) -> Iterator[Piece]:
        for columns, lines in self._read():
            without = [place for place, name in enumerate(self.header) if not name]
            self.nameless |= {place for place in without if (columns[place] != "").any()}
            yield columns, lines
        if self.nameless:
            told = self.findings if len(self.nameless) == 1 else []
            raise Unreadable([*told, *name_columns(sorted(self.nameless), self.shown)])
        contract = [column.name for column in TABLES[self.name]]
        if not set(contract).intersection(self.header):
            raise Unreadable([Finding(self.shown, line=1, rule=NO_HEADER, example=",".join(contract[:4]))])

    def _read(self) -> Iterator[Piece]:
        raise NotImplementedError


class ParquetPieces(Pieces):
    """A Parquet file by batches of rows."""

    def _read(self) -> Iterator[Piece]:
        try:
            with parquet.opened(self.path) as file:
                if faults := parquet.check_file(file, self.path, self.name, self.shown):
                    raise Unreadable(faults)
                self.header = parquet.read_header(file)
                nothing = [np.array([], dtype=object)] * len(self.header), np.zeros(0, dtype=np.int64)
                for columns, lines in chain(parquet.read_pieces(file), (nothing,)):
                    texts = pd.DataFrame(dict(enumerate(columns)), dtype=object)
                    if faults := check_cells(SourceTable(self.name, texts, lines, ((0, self.shown),))):
                        raise Unreadable(faults)
                    yield columns, lines
        except (Unreadable, GeneratorExit):
            raise
        except PermissionError:
            raise Unreadable([Finding(self.shown, rule=CANNOT_OPEN)]) from None
        except Exception:
            # Arrow fails in many ways on what is no such file, or half of one.
            raise Unreadable([Finding(self.shown, rule=parquet.DAMAGED)]) from None


class CsvPieces(Pieces):
    """A CSV file by chunks of lines.

    Chunks of plain lines (no quotes, every row as wide as the header) are parsed by Arrow; from the first other one on
    Python's strict parser reads the rest.
    """

    def _read(self) -> Iterator[Piece]:
        previous = csv.field_size_limit(LONGEST_CELL)
        try:
            with open(self.path, "rb") as file:
                yield from self._parse(file)
        except PermissionError:
            raise Unreadable([Finding(self.shown, rule=CANNOT_OPEN)]) from None
        finally:
            csv.field_size_limit(previous)

    def _parse(self, file: BinaryIO) -> Iterator[Piece]:
        if file.read(4).startswith(WORKBOOKS):
            raise Unreadable([Finding(self.shown, rule=WORKBOOK)])
        file.seek(0)
        if file.read(3) != codecs.BOM_UTF8:
            file.seek(0)
        reader = Reader(file, self.shown)
        header = reader.row() or []
        if faults := check_header([cell.strip() for cell in header], self.shown, ","):
            raise Unreadable(faults)
        header = [" ".join(tidy_text(cell).split()) for cell in header]
        if faults := check_header(header, self.shown):
            raise Unreadable(faults)
        self.header = header
        rows = Rows(len(header), share=False)
        good = 0
        for columns, lines in reader.plain_pieces(len(header)):
            good += len(lines)
            yield columns, lines
        for columns, lines in reader.strict_pieces(rows):
            good += len(lines)
            yield columns, lines
        if rows.widths == {len(header) + 1} and not good:
            raise Unreadable(name_columns([0], self.shown))  # R's write.table leaves the header of row names out
        self.findings += rows.tell(self.shown)


class Reader:
    """The rows of an open CSV file behind its byte order mark.

    Parameters
    ----------
    file : at the first line. shown : how it is named in messages.
    """

    def __init__(self, file: BinaryIO, shown: str):
        self.file, self.shown = file, shown
        self.lines = 0
        self._rows = csv.reader(self._texts(), strict=True)

    def _texts(self) -> Iterator[str]:
        """Lines as text, ended as `csv` wants them."""
        while content := self.file.readline(LONGEST_LINE):
            if len(content) == LONGEST_LINE:
                raise Unreadable([Finding(self.shown, line=self.lines + 1, rule=TOO_LONG)])
            text, fault = decode(content, "utf-8")
            if fault:
                raise Unreadable([Finding(self.shown, rule=fault)])
            for line in io.StringIO(text, newline="") if "\r" in text else (text,):
                self.lines += 1
                yield line

    def row(self) -> list[str] | None:
        """The next row, None at the end."""
        try:
            return next(self._rows, None)
        except csv.Error as error:
            rule = TOO_LONG if "field limit" in str(error) else NOT_CLOSED
            raise Unreadable([Finding(self.shown, line=self.lines, rule=rule)]) from None

    def plain_pieces(self, width: int) -> Iterator[Piece]:
        """Chunks of plain lines, up to the first that is not; the file then stands before it."""
        while True:
            begin = self.file.tell()
            chunk = self.file.read(CHUNK) + self.file.readline(LONGEST_LINE)
            columns = parse_plain(chunk, width) if chunk else None
            if columns is None:
                self.file.seek(begin)
                return
            lines = np.arange(1, len(columns[0]) + 1, dtype=np.int64) + self.lines
            self.lines += len(lines)
            yield keep_filled(columns, lines)

    def strict_pieces(self, rows: Rows) -> Iterator[Piece]:
        """The rest of the file, row by row."""
        block: list[list[str]] = []
        ends = [self.lines]
        while (row := self.row()) is not None:
            block.append(row)
            ends.append(self.lines)
            if len(block) == BLOCK:
                yield rows.convert(block, ends)
                block, ends = [], ends[-1:]
        yield rows.convert(block, ends)


def parse_plain(chunk: bytes, width: int) -> list[np.ndarray] | None:
    """Columns of a chunk of lines without quotes, all of them as wide as the header; None where there is any other."""
    import pyarrow as pa
    from pyarrow import csv as arrow

    chunk = chunk.replace(b"\r\n", b"\n")
    if any(mark in chunk for mark in (b'"', b"\r", b"\0", b"\n\n")) or chunk.startswith(b"\n"):
        return None
    names = [str(place) for place in range(width)]
    text = pa.dictionary(pa.int32(), pa.string())
    try:
        table = arrow.read_csv(
            pa.BufferReader(chunk),
            arrow.ReadOptions(use_threads=False, block_size=len(chunk) + 1, column_names=names),
            arrow.ParseOptions(quote_char=False, ignore_empty_lines=False),
            arrow.ConvertOptions(column_types=dict.fromkeys(names, text), strings_can_be_null=False),
        )
    except pa.ArrowException:
        return None
    columns = []
    for column in table.columns:
        coded = column.combine_chunks()
        texts = coded.dictionary.to_pylist()
        if max(map(len, texts), default=0) > LONGEST_CELL:
            return None
        columns.append(np.array([*map(tidy_text, texts)], dtype=object)[coded.indices.to_numpy()])
    return columns
