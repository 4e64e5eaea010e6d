"""One row group of a Parquet file: a column that holds one value alone is not decoded, text stays codes into its words.

The file says of each column of a row group what its least and its greatest value are. Tables of records have many
columns of which both are the same (the analyte, an open end, a flag): decoded row by row they cost as much as any.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile


def decoded(file: ParquetFile, group: int, columns: Sequence[str] | None = None) -> pa.Table:
    """A row group, or some of its columns in their order in the file; without threads (see `parquet.read_frame`)."""
    wanted = [field for field in file.schema_arrow if columns is None or field.name in columns]
    alike = {field.name: column for field in wanted if (column := column_alike(file, group, field)) is not None}
    table = file.read_row_group(group, [one.name for one in wanted if one.name not in alike], use_threads=False)
    for place, field in enumerate(wanted):
        if field.name in alike:
            table = table.add_column(place, field, alike[field.name])
    return table


def decoded_none(file: ParquetFile, columns: Sequence[str] | None = None) -> pa.Table:
    """A row group without rows."""
    empty = file.schema_arrow.empty_table()
    return empty.select([name for name in empty.column_names if columns is None or name in columns])


def column_alike(file: ParquetFile, group: int, field: pa.Field) -> pa.Array | None:
    """A column of codes or of truth whose rows have one value, or a column without any value; None for another.

    Numbers are decoded: the least and the greatest say nothing of the sign of a zero, nor of what is no number.
    """
    import pyarrow as pa

    held = file.metadata.row_group(group)
    known = held.column(file.schema_arrow.names.index(field.name)).statistics
    if known is None or not known.has_null_count or not held.num_rows:
        return None
    if known.null_count == held.num_rows:
        return pa.nulls(held.num_rows, field.type)
    if known.null_count or not known.has_min_max or known.min != known.max:
        return None
    if pa.types.is_boolean(field.type):
        return pa.array(np.full(held.num_rows, known.min))
    if pa.types.is_dictionary(field.type):
        codes = pa.array(np.zeros(held.num_rows, field.type.index_type.to_pandas_dtype()))
        return pa.DictionaryArray.from_arrays(codes, pa.array([known.min], field.type.value_type))
    return None


def framed_codes(table: pa.Table) -> pd.DataFrame:
    """A table as a frame, each column by itself; text that is codes into fewer words than rows as categories, in the
    order in which they occur.
    """
    columns = {name: column_of(table.column(name)) for name in table.column_names}
    return pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows), copy=False)


def column_of(column: pa.ChunkedArray) -> np.ndarray | pd.Categorical:
    """A column as pandas holds it; its memory is Arrow's where the two write values in the same way."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    one = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()  # which copies one chunk too
    if not pa.types.is_dictionary(column.type):
        return one.to_numpy(zero_copy_only=False)
    if 0 < len(one) <= len(one.dictionary):  # as ids of the rows
        return one.to_numpy(zero_copy_only=False)
    codes = one.indices if not one.null_count else one.indices.fill_null(-1)
    words = pd.Index(one.dictionary.to_numpy(zero_copy_only=False), dtype=object)
    return pd.Categorical.from_codes(codes.to_numpy(), dtype=pd.CategoricalDtype(words), validate=False)
