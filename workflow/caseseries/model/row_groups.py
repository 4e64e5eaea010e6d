"""One row group of a Parquet file: a column that holds one value alone is not decoded, text stays codes into its words.

The file says of each column of a row group what its least and its greatest value are. Tables of records have many
columns of which both are the same (the analyte, an open end, a flag): decoded row by row they cost as much as any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ColumnChunkMetaData, ParquetFile, RowGroupMetaData


LONG = 2**14
"""Bytes of a column of codes in the file from which on it is compared with those that were read before."""
KEPT = 64
"""Columns that are kept to be had again: ids of so many blocks."""


class RowGroups:
    """Row groups of a file, or some columns of them in the order in which they are named.

    The ids of a block stand in a result once for each definition, byte for byte the same: they are decoded once.
    """

    def __init__(self, file: ParquetFile, source: BinaryIO, columns: Sequence[str] | None = None):
        self._file, self._source, schema = file, source, file.schema_arrow
        names = schema.names if columns is None else [name for name in columns if name in schema.names]
        self._kinds = [(place, schema.field(place)) for place in map(schema.get_field_index, names)]
        self.none = schema.empty_table().select([field.name for _, field in self._kinds])
        self._known: dict[bytes, pa.ChunkedArray] = {}

    def __len__(self) -> int:
        return int(self._file.num_row_groups)

    def rows(self, group: int) -> int:
        """Number of rows of a row group."""
        return int(self._file.metadata.row_group(group).num_rows)

    def read(self, group: int) -> pa.Table:
        """A row group; without threads (see `parquet.read_frame`)."""
        held = self._file.metadata.row_group(group)
        if not held.num_rows:
            return self.none
        had = [self._had(held, group, place, field) for place, field in self._kinds]
        varied = [field.name for (_, field), column in zip(self._kinds, had, strict=True) if column is None]
        table = self._file.read_row_group(group, varied, use_threads=False)
        for place, column in enumerate(had):
            if column is not None:
                table = table.add_column(place, self._kinds[place][1], column)
        return table

    def _had(
        self, held: RowGroupMetaData, group: int, place: int, field: pa.Field
    ) -> pa.ChunkedArray | pa.Array | None:
        """A column that need not be decoded with the others: it has one value, or is as one that was read before."""
        import pyarrow as pa

        column = held.column(place)
        if not pa.types.is_dictionary(field.type) or column.total_compressed_size < LONG:
            return column_alike(column, held.num_rows, field.type)
        bytes_of_it = self._bytes(column)
        found = self._known.get(bytes_of_it)
        if found is None:
            found = self._file.read_row_group(group, [field.name], use_threads=False).column(0)
            if len(self._known) < KEPT:
                self._known[bytes_of_it] = found
        return found

    def _bytes(self, column: ColumnChunkMetaData) -> bytes:
        """A column of a row group as it lies in the file."""
        pages = (column.dictionary_page_offset, column.data_page_offset)
        self._source.seek(min(page for page in pages if page))
        return self._source.read(column.total_compressed_size)


@contextmanager
def row_groups(path: Path, columns: Sequence[str] | None = None) -> Iterator[RowGroups]:
    """The row groups of a file."""
    from pyarrow.parquet import ParquetFile

    with open(path, "rb") as source, ParquetFile(path, pre_buffer=False) as file:
        yield RowGroups(file, source, columns)


def column_alike(column: ColumnChunkMetaData, rows: int, kind: pa.DataType) -> pa.Array | None:
    """A column of codes or of truth whose rows have one value, or a column without any value; None for another.

    Numbers are decoded: the least and the greatest say nothing of the sign of a zero, nor of what is no number.
    """
    import pyarrow as pa

    known = column.statistics
    if known is None or not known.has_null_count:
        return None
    if known.null_count == rows:
        return pa.nulls(rows, kind)
    coded, truth = pa.types.is_dictionary(kind), pa.types.is_boolean(kind)
    if not (coded or truth) or known.null_count or not known.has_min_max:
        return None
    value = known.min
    if value != known.max:
        return None
    if truth:
        return pa.array(np.full(rows, value))
    codes = pa.array(np.zeros(rows, kind.index_type.to_pandas_dtype()))
    return pa.DictionaryArray.from_arrays(codes, pa.array([value], kind.value_type))


class Lexicon:
    """The words of the columns of text that were read last: the next row group, or table, often has the same."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[pa.Array, pd.CategoricalDtype]] = {}

    def words(self, name: str, dictionary: pa.Array) -> pd.CategoricalDtype:
        """Words as categories; those of the column of this name where they are the same."""
        last = self._last.get(name)
        if last is None or not last[0].equals(dictionary):
            words = pd.Index(dictionary.to_numpy(zero_copy_only=False), dtype=object)
            last = self._last[name] = dictionary, pd.CategoricalDtype(words)
        return last[1]


def framed_codes(table: pa.Table, lexicon: Lexicon | None = None) -> pd.DataFrame:
    """A table as a frame, each column by itself; text that is codes as categories in the order in which they occur."""
    lexicon = lexicon or Lexicon()
    columns = {name: column_of(name, table.column(name), lexicon) for name in table.column_names}
    return pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows), copy=False)


def column_of(name: str, column: pa.ChunkedArray, lexicon: Lexicon) -> np.ndarray | pd.Categorical:
    """A column as pandas holds it; its memory is Arrow's where the two write values in the same way."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    one = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()  # which copies one chunk too
    if not pa.types.is_dictionary(column.type):
        return one.to_numpy(zero_copy_only=False)
    codes = one.indices if not one.null_count else one.indices.fill_null(-1)
    return pd.Categorical.from_codes(codes.to_numpy(), dtype=lexicon.words(name, one.dictionary), validate=False)
