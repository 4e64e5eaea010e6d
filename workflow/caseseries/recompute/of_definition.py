"""The rows of a result of cases under one definition after the other, by the number of their episode: those of a large
cohort are read as they are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from caseseries.model.coded import CodedColumn
from caseseries.model.parquet import SUFFIX, names_of_groups, read_frame
from caseseries.model.results import read_table
from caseseries.model.row_groups import row_groups

if TYPE_CHECKING:
    import pyarrow as pa

EPISODE, NUMBER = "episode_id", "number"


class RowsByDefinition:
    """Rows of a result in memory.

    Parameters
    ----------
    rows : a table of results; those of a definition keep their order.
    """

    def __init__(self, rows: pd.DataFrame):
        self._all = rows
        self._rows = dict(list(rows.groupby("definition", sort=False, observed=True))) if len(rows) else {}

    def labels(self) -> np.ndarray:
        """The ids of the episodes that have rows, in the order in which they occur."""
        found: np.ndarray = pd.unique(self._all[EPISODE])
        return found

    def under(self, definition: str, ids: pd.Index) -> pd.DataFrame:
        """The rows of some episodes under a definition, with the `number` of each episode."""
        rows = self._rows.get(definition, self._all.iloc[:0])
        return known(rows.assign(number=ids.get_indexer(rows[EPISODE])).drop(columns=EPISODE))


def known(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows whose episode has a number."""
    numbered = (rows[NUMBER] >= 0).to_numpy()
    return rows if numbered.all() else rows[numbered]


class PackedByDefinition(RowsByDefinition):
    """Rows of a result on disk, in row groups of rows of one definition each; text comes as categories.

    Parameters
    ----------
    path : a Parquet file.
    columns : those that are read, the id of the episode among them.
    """

    def __init__(self, path: Path, columns: Sequence[str]):
        self._path, self._columns = path, [name for name in columns if name != EPISODE]
        self._first = names_of_groups(path, EPISODE)
        self._groups: dict[str, list[int]] = {}
        for group, name in enumerate(names_of_groups(path, "definition")):
            self._groups.setdefault(name, []).append(group)
        self._known: dict[str, tuple[pa.Array, np.ndarray]] = {}

    def labels(self) -> np.ndarray:
        """The ids of the episodes that have rows, in the order in which they occur."""
        found: np.ndarray = pd.unique(read_frame(self._path, [EPISODE])[EPISODE])
        return found

    def under(self, definition: str, ids: pd.Index) -> pd.DataFrame:
        """The rows of some episodes under a definition, with the `number` of each episode."""
        import pyarrow as pa

        places = self._groups.get(definition, [])
        with row_groups(self._path, [EPISODE, *self._columns]) as groups:
            tables = [groups.none, *(groups.read(place) for place in places)]
        named = zip(places, tables[1:], strict=True)
        numbers = [self._numbers(self._first[place], table, ids) for place, table in named]
        table = pa.concat_tables(tables)
        columns = {name: column_of(table.column(name)) for name in self._columns}
        return known(pd.DataFrame({NUMBER: np.concatenate([np.empty(0, np.int64), *numbers])} | columns, copy=False))

    def _numbers(self, first: str, table: pa.Table, ids: pd.Index) -> np.ndarray:
        """Number of the episode of each row; a list of ids is looked up once where the next has the same."""
        column = table.column(EPISODE).combine_chunks()
        words = column.dictionary
        if first not in self._known or not self._known[first][0].equals(words):
            self._known[first] = words, ids.get_indexer(pd.Index(words.to_numpy(zero_copy_only=False)))
        numbers: np.ndarray = self._known[first][1][column.indices.to_numpy()]
        return numbers


def column_of(column: pa.ChunkedArray) -> pd.Categorical | np.ndarray:
    """A column as categories in the order in which the words occur, or as numbers."""
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        found: np.ndarray = column.to_numpy()
        return found
    words = CodedColumn(len(column))
    for part in column.chunks:
        words.add(part)
    return words.column()


def by_definition(path: Path, columns: Sequence[str]) -> RowsByDefinition:
    """The rows of a result, or some of its columns."""
    if path.suffix == SUFFIX:
        return PackedByDefinition(path, columns)
    return RowsByDefinition(read_table(path, columns))
