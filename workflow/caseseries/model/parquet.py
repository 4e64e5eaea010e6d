"""Parquet written and read by row groups, so that a table of any length takes the memory of one group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from caseseries.model.coded import read_coded
from caseseries.model.codes import Codes
from caseseries.model.row_groups import Lexicon, framed_codes, row_groups

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

SUFFIX = ".parquet"
COMPRESSION = "zstd"


class GroupWriter:
    """Writes frames of the same columns to one file, each as a row group, also one without rows.

    Text is written as codes into the words of its group.

    Parameters
    ----------
    path : the file; a reader must not see it before it is closed (`files.whole`).
    numbers : name of every column -> whether it holds numbers with a fraction, else text. Without it the kinds are
        those of the first frame with rows.

    Raises
    ------
    ValueError : a frame with rows lacks a column, or where no columns were given has others than the first.
    """

    def __init__(self, path: Path, numbers: Mapping[str, bool] | None = None):
        self._path = path
        self._file: ParquetWriter | None = None
        self._empty: list[pd.DataFrame] = []
        self._numbers = numbers
        if numbers is not None:
            self._open(kinds_of(numbers))

    def __enter__(self) -> GroupWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is None and self._empty:
            self._open(kinds_found(max(self._empty, key=lambda frame: len(frame.columns))))
        if self._file is not None:
            self._file.close()

    def write(self, frame: pd.DataFrame) -> None:
        """Write a frame as the next row group."""
        if self._file is None and not len(frame):
            self._empty.append(frame)
            return
        if self._file is None:
            self._open(kinds_found(frame))
        self._write(frame)

    def write_arrow(self, arrays: Sequence[pa.Array | pa.ChunkedArray]) -> None:
        """Write Arrow's columns, in their order and of their kinds, as the next row group."""
        import pyarrow as pa

        assert self._file is not None
        table = pa.Table.from_arrays(list(arrays), schema=self._kinds)
        self._file.write_table(table, row_group_size=max(table.num_rows, 1))

    def _open(self, kinds: pa.Schema) -> None:
        from pyarrow.parquet import ParquetWriter

        self._kinds = kinds
        self._file = ParquetWriter(self._path, kinds, compression=COMPRESSION)
        for frame in self._empty:
            self._write(frame)

    def _write(self, frame: pd.DataFrame) -> None:
        names = list(self._kinds.names)
        if not len(frame):
            frame = frame.reindex(columns=names)
        elif self._numbers is None and list(frame.columns) != names:
            raise ValueError(f"{self._path.name}: the columns of a block are not those of the first")
        self.write_arrow([arrow_column(frame[name], self._kinds.field(name).type) for name in names])


def arrow_table(columns: Mapping[str, Codes | np.ndarray], numbers: Mapping[str, bool]) -> pa.Table:
    """Columns of equal length as a table of Arrow's, those that `numbers` names; see `GroupWriter`."""
    import pyarrow as pa

    kinds = kinds_of(numbers)
    return pa.Table.from_arrays([arrow_column(columns[field.name], field.type) for field in kinds], schema=kinds)


def kinds_of(numbers: Mapping[str, bool]) -> pa.Schema:
    """Columns with fractions, and of text."""
    import pyarrow as pa

    text = pa.dictionary(pa.int32(), pa.string())
    return pa.schema([(name, pa.float64() if number else text) for name, number in numbers.items()])


def kinds_found(frame: pd.DataFrame) -> pa.Schema:
    """Kinds of the columns of a frame: text, fractions, whole numbers or truth."""
    import pyarrow as pa

    kinds = {"f": pa.float64(), "i": pa.int64(), "b": pa.bool_()}
    text = pa.dictionary(pa.int32(), pa.string())
    return pa.schema([(name, kinds.get(getattr(kind, "kind", "O"), text)) for name, kind in frame.dtypes.items()])


def arrow_column(column: pd.Series | np.ndarray | Codes, kind: pa.DataType) -> pa.Array:
    """A column as Arrow's; a missing number as missing, missing text as empty text."""
    import pyarrow as pa

    if isinstance(column, Codes):
        return column.arrow()
    if not pa.types.is_dictionary(kind):
        return pa.array(np.asarray(column), kind, from_pandas=True)
    if isinstance(column, pd.Series) and isinstance(column.dtype, pd.CategoricalDtype):
        codes = pa.array(column.cat.codes.to_numpy(np.int32))
        return pa.DictionaryArray.from_arrays(codes, pa.array(column.cat.categories.to_numpy(object), pa.string()))
    return pa.array(np.asarray(column, object), pa.string(), from_pandas=True).fill_null("").dictionary_encode()


def count_groups(path: Path) -> int:
    """Number of row groups of a file."""
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path, pre_buffer=False) as file:
        return int(file.num_row_groups)


def count_rows(path: Path) -> int:
    """Number of rows of a file."""
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path, pre_buffer=False) as file:
        return int(file.metadata.num_rows)


def names_of_groups(path: Path, column: str) -> list[str]:
    """The word of a text column that every row of a row group has, group by group."""
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path, pre_buffer=False) as file:
        place = file.schema_arrow.names.index(column)
        groups = (file.metadata.row_group(group).column(place).statistics for group in range(file.num_row_groups))
        return [str(group.min) for group in groups]


def read_frame(path: Path, columns: Sequence[str] | None = None, categories: bool = False) -> pd.DataFrame:
    """A file as a frame, or some of its columns.

    Text that was written by `GroupWriter` is str, or with `categories` categories in the order in which they occur; of
    all row groups these are numbered as `coded` does.

    Without threads: those of Arrow are sometimes still at work when a short stage ends, and bring it down after all
    is done ("terminate called without an active exception", Apache Arrow issue 50482).
    """
    from pyarrow.parquet import ParquetFile

    if categories:
        return read_coded(path, columns)
    named = None if columns is None else list(columns)
    with ParquetFile(path, pre_buffer=False) as file:
        return _with_plain_text(file.read(columns=named, use_threads=False)).to_pandas(use_threads=False)


def read_groups(path: Path, groups: Sequence[int], columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Some row groups of a file below one another, text as categories, as `read_frame` has them of all."""
    return read_coded(path, columns, groups)


def read_each(
    path: Path,
    groups: Iterable[int],
    columns: Sequence[str] | None = None,
    categories: bool = False,
    lexicon: Lexicon | None = None,
) -> Iterator[pd.DataFrame]:
    """Row groups one by one, each as `read_frame` reads it; a lexicon is for files whose words are alike."""
    lexicon, empty = lexicon or Lexicon(), None
    with row_groups(path, columns) as found:
        for group in groups:
            if found.rows(group):
                yield _framed(found.read(group), categories, lexicon)
                continue
            if empty is None:
                empty = _framed(found.read(group), categories, lexicon)
            yield empty


def _framed(table: pa.Table, categories: bool, lexicon: Lexicon | None = None) -> pd.DataFrame:
    return framed_codes(table, lexicon) if categories else _with_plain_text(table).to_pandas(use_threads=False)


def read_group(path: Path, group: int) -> pa.Table:
    """A row group as it lies in the file."""
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path, pre_buffer=False) as file:
        return file.read_row_group(group, use_threads=False)


def texts_at(path: Path, column: str, places: Iterable[int]) -> list[str]:
    """The texts of a column in some rows; no text of another row is made."""
    wanted, start, found = list(places), 0, []
    with row_groups(path, [column]) as groups:
        for group in range(len(groups)):
            end = start + groups.rows(group)
            here = [place - start for place in wanted if start <= place < end]
            texts = groups.read(group).column(column) if here else ()
            found += [str(texts[place]) for place in here]
            start = end
    return found


def read_rows(path: Path, column: str, wanted: Sequence[str]) -> pd.DataFrame:
    """The rows of a file in which a text column is one of some words; memory is that of a row group."""
    import pyarrow as pa
    import pyarrow.compute as pc

    words = pa.array(wanted, pa.string())
    with row_groups(path) as groups:
        parts = [groups.none]
        for group in range(len(groups)):
            table = groups.read(group)
            named = table.column(column).combine_chunks()
            if pa.types.is_dictionary(named.type):
                mask = pc.is_in(named.dictionary, value_set=words).take(named.indices)
            else:
                mask = pc.is_in(named.cast(pa.string()), value_set=words)
            parts.append(table.filter(mask))
    return _with_plain_text(pa.concat_tables(parts)).to_pandas(use_threads=False)


def _with_plain_text(table: pa.Table) -> pa.Table:
    """Columns of codes into words as columns of words."""
    import pyarrow as pa

    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(pa.string()))
    return table
