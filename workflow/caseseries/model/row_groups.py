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
    schema = file.schema_arrow
    wanted = [field for field in schema if columns is None or field.name in columns]
    alone = {field.name: value for field in wanted if (value := only_value(file, group, field)) is not None}
    varied = [field.name for field in wanted if field.name not in alone]
    table = file.read_row_group(group, columns=varied, use_threads=False)
    rows = file.metadata.row_group(group).num_rows
    for place, field in enumerate(wanted):
        if field.name in alone:
            table = table.add_column(place, field, repeated(alone[field.name], field.type, rows))
    return table


def decoded_none(file: ParquetFile, columns: Sequence[str] | None = None) -> pa.Table:
    """A row group without rows."""
    empty = file.schema_arrow.empty_table()
    return empty.select([name for name in empty.column_names if columns is None or name in columns])


def only_value(file: ParquetFile, group: int, field: pa.Field) -> str | bool | None:
    """The value that every row of a column of codes or of truth has; None where they differ, or where it is not known.

    Numbers are left out: a zero with a sign and one without are alike to the file.
    """
    import pyarrow as pa

    if not (pa.types.is_boolean(field.type) or pa.types.is_dictionary(field.type)):
        return None
    held = file.metadata.row_group(group)
    known = held.column(file.schema_arrow.names.index(field.name)).statistics
    if known is None or not known.has_min_max or not known.has_null_count or known.null_count or not held.num_rows:
        return None
    value: str | bool = known.min
    return value if value == known.max else None


def repeated(value: str | bool, kind: pa.DataType, rows: int) -> pa.Array:
    """A column with one value in every row, of a kind that `only_value` looks at."""
    import pyarrow as pa

    if pa.types.is_boolean(kind):
        return pa.array(np.full(rows, value))
    codes = pa.array(np.zeros(rows, kind.index_type.to_pandas_dtype()))
    return pa.DictionaryArray.from_arrays(codes, pa.array([value], kind.value_type))


def framed_codes(table: pa.Table) -> pd.DataFrame:
    """A table as a frame, each column by itself: text that is codes as categories in the order in which they occur."""
    columns = {name: column_of(table.column(name)) for name in table.column_names}
    return pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows), copy=False)


def column_of(column: pa.ChunkedArray) -> np.ndarray | pd.Categorical | pd.Series:
    """A column as pandas holds it; its memory is Arrow's where the two write values in the same way."""
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        return column.to_pandas()
    one = column.unify_dictionaries().combine_chunks()
    if one.null_count:
        return one.to_pandas()
    words = pd.Index(one.dictionary.to_numpy(zero_copy_only=False), dtype=object)
    return pd.Categorical.from_codes(one.indices.to_numpy(), dtype=pd.CategoricalDtype(words), validate=False)
