"""Text of a Parquet file of many row groups as categories, group by group.

Every row group has a list of words of its own. Arrow would look up each word of each list anew, and hold all lists at
once: of a million episodes under thirty definitions that is most of the time and the memory of a stage. Here a list
that was met before, the episodes of a block under the next definition, is known by sight.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from caseseries.model.row_groups import row_groups

if TYPE_CHECKING:
    import pyarrow as pa

FEW = 100
"""Words of a list that are looked up one by one: to compare it with others would take longer."""


class Vocabulary:
    """The words of a column in the order in which they occur, of all row groups that were met."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._lists: list[tuple[pa.Array, np.ndarray]] = []
        self._begun: list[int] = []  # how many words there were before each of the lists, which brought new ones

    @property
    def words(self) -> np.ndarray:
        """The words (object array of str)."""
        return np.array(list(self._places), object)

    def places_of(self, words: pa.Array) -> np.ndarray:
        """Place of each word of a list, which has no word twice (int32)."""
        if len(words) < FEW:
            return self._numbered(words)
        like = self._like(words)
        if like is not None and like[0].equals(words):
            return like[1]
        before = len(self._places)
        if like is None:
            found = self._numbered(words)
        else:
            found = self._looked_up(words, *like)
            unknown = np.flatnonzero(found < 0)
            found[unknown] = self._numbered(words.take(unknown))
        if len(self._places) > before:
            self._begun.append(before)
            self._lists.append((words, found))
        return found

    def _numbered(self, words: pa.Array) -> np.ndarray:
        """Place of each word; one that was not met before is the next."""
        places = self._places
        return np.fromiter((places.setdefault(word, len(places)) for word in words.to_pylist()), np.int32, len(words))

    def _like(self, words: pa.Array) -> tuple[pa.Array, np.ndarray] | None:
        """The list that brought the first of some words: most often it has the others too."""
        number = bisect_right(self._begun, self._places.get(words[0].as_py(), -1)) - 1
        return None if number < 0 else self._lists[number]

    @staticmethod
    def _looked_up(words: pa.Array, others: pa.Array, places: np.ndarray) -> np.ndarray:
        """Place of each word that is among the others, by their places; -1 of the rest."""
        from pyarrow import compute

        number = compute.index_in(words, value_set=others).fill_null(-1).to_numpy()
        return np.where(number < 0, np.int32(-1), places[number])


class CodedColumn:
    """A column of text that grows by row groups, as the place of each row's text in its words; -1 for none.

    Parameters
    ----------
    rows : how many rows there will be.
    """

    def __init__(self, rows: int):
        self._vocabulary = Vocabulary()
        self._codes = np.empty(rows, np.int8)
        self._filled = 0

    def add(self, part: pa.DictionaryArray) -> None:
        """The next rows."""
        places = np.append(self._vocabulary.places_of(part.dictionary), np.int32(-1))
        needed = np.result_type(self._codes, np.min_scalar_type(-1 - max(int(places.max()), 0)))
        if needed != self._codes.dtype:
            self._codes = self._codes.astype(needed)
        end = self._filled + len(part)
        indices = part.indices.fill_null(-1) if part.null_count else part.indices
        np.take(places.astype(self._codes.dtype), indices.to_numpy(), out=self._codes[self._filled : end], mode="wrap")
        self._filled = end

    def column(self) -> pd.Categorical:
        """The column."""
        return pd.Categorical.from_codes(self._codes, pd.Index(self._vocabulary.words))


class NumberColumn:
    """A column of fractions that grows by row groups; nan for none."""

    def __init__(self, rows: int):
        self._values = np.empty(rows)
        self._filled = 0

    def add(self, part: pa.Array) -> None:
        """The next rows."""
        end = self._filled + len(part)
        self._values[self._filled : end] = np.nan if part.null_count == len(part) else part.to_numpy(False)
        self._filled = end

    def column(self) -> np.ndarray:
        """The column."""
        return self._values


def read_coded(path: Path, columns: Sequence[str] | None = None, groups: Sequence[int] | None = None) -> pd.DataFrame:
    """A file as a frame, or some of its columns or row groups; text that lies there as codes is categories in the order
    in which the words occur.
    """
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path, pre_buffer=False) as file:
        chosen = range(file.num_row_groups) if groups is None else groups
        schema, rows = file.schema_arrow, sum(file.metadata.row_group(group).num_rows for group in chosen)
        names = schema.names if columns is None else list(columns)
        growing: dict[str, CodedColumn | NumberColumn] = {}
        found: dict[str, pd.Series] = {}
        for name in names:
            if pa.types.is_dictionary(kind := schema.field(name).type):
                growing[name] = CodedColumn(rows)
            elif kind == pa.float64():
                growing[name] = NumberColumn(rows)
            else:
                table = file.read_row_groups(list(chosen), columns=[name], use_threads=False)
                found[name] = table.to_pandas(use_threads=False)[name]
    with row_groups(path, list(growing)) as of_file:
        for group in chosen:
            table = of_file.read(group)
            for name, column in growing.items():
                for part in table.column(name).chunks:
                    column.add(part)
    for name in list(growing):
        found[name] = pd.Series(growing.pop(name).column(), copy=False)
    return pd.DataFrame(found, columns=names, copy=False)
