"""Text of many rows as codes into its words, so that no text is made for a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import pyarrow as pa


class Words:
    """Different texts, as Python holds them (object array) and as Arrow does."""

    def __init__(self, texts: np.ndarray):
        self.texts = texts

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def arrow(self) -> pa.Array:
        """The texts as an array of Arrow."""
        import pyarrow as pa

        return pa.array(self.texts, pa.string())


@dataclass(frozen=True)
class Codes:
    """A column of text: the place of each row's text in `words` (whole numbers)."""

    places: np.ndarray
    words: Words

    @classmethod
    def into(cls, words: Sequence[str], places: np.ndarray) -> Codes:
        """The column of the words at some places; equal words become one."""
        different = list(dict.fromkeys(words))
        if len(different) < len(words):
            rank = {word: place for place, word in enumerate(different)}
            places = np.array([rank[word] for word in words])[places]
        return cls(places, Words(np.array(different, object)))

    @classmethod
    def alike(cls, word: str, size: int) -> Codes:
        """A column with one text in every row."""
        return cls.into([word], np.zeros(size, np.int8))

    @classmethod
    def of(cls, column: pd.Series) -> Codes:
        """A column of text or of categories; what is missing is empty text."""
        if isinstance(column.dtype, pd.CategoricalDtype):
            places, words = column.cat.codes.to_numpy(), column.cat.categories.to_numpy(object)
        else:
            places, words = pd.factorize(column.to_numpy(object))
        if (places < 0).any():
            return cls.into([*words, ""], np.where(places < 0, len(words), places))
        return cls(places, Words(words))

    @classmethod
    def joined(cls, parts: Sequence[Codes]) -> Codes:
        """Columns below one another; there is at least one."""
        if len(parts) == 1:
            return parts[0]
        starts = np.cumsum([0, *(len(part.words) for part in parts[:-1])])
        places = [part.places + start for part, start in zip(parts, starts, strict=True)]
        return cls.into([word for part in parts for word in part.words.texts], np.concatenate(places))

    @classmethod
    def of_arrow(cls, column: pa.ChunkedArray) -> Codes:
        """A column that is codes in Arrow, none of them missing."""
        one = column.unify_dictionaries().combine_chunks()
        return cls(one.indices.to_numpy(), Words(one.dictionary.to_numpy(zero_copy_only=False)))

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, mask: np.ndarray) -> Codes:
        return Codes(self.places[mask], self.words)

    def said(self, say: Callable[[str], str]) -> Codes:
        """The column with each word as something says it."""
        return Codes.into([say(word) for word in self.words.texts], self.places)

    def valued(self, value: Callable[[str], float]) -> np.ndarray:
        """The number that each row's word stands for."""
        found: np.ndarray = np.array([value(word) for word in self.words.texts], float)[self.places]
        return found

    def ranks(self) -> np.ndarray:
        """Place of each row's word among the words in their order as text."""
        rank = np.empty(len(self.words), np.int64)
        rank[np.argsort(self.words.texts, kind="stable")] = np.arange(len(self.words))
        found: np.ndarray = rank[self.places]
        return found

    def texts(self) -> np.ndarray:
        """The text of every row (object array of str)."""
        found: np.ndarray = self.words.texts[self.places]
        return found

    def arrow(self) -> pa.DictionaryArray:
        """The column as Arrow's codes into the words that occur, in the order in which they do."""
        import pyarrow as pa

        size, number = len(self.places), len(self.words)
        if size >= number and np.array_equal(self.places[:number], np.arange(number)):  # each occurs, in this order
            return pa.DictionaryArray.from_arrays(pa.array(self.places.astype(np.int32)), self.words.arrow)
        if (self.places[1:] > self.places[:-1]).all():  # no word twice, as ids of the rows
            return pa.DictionaryArray.from_arrays(
                pa.array(np.arange(size, dtype=np.int32)), self.words.arrow.take(pa.array(self.places))
            )
        first = np.full(number, size)
        first[self.places[::-1]] = np.arange(size - 1, -1, -1)
        order = np.argsort(first)[: np.count_nonzero(first < size)]
        rank = np.empty(number, np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        return pa.DictionaryArray.from_arrays(pa.array(rank[self.places]), self.words.arrow.take(pa.array(order)))


Columns: TypeAlias = Mapping[str, Codes | np.ndarray]
"""Columns of equal length by name; text is codes."""


def texts_of(column: Codes | np.ndarray) -> np.ndarray:
    """A column with its texts instead of their codes."""
    return column.texts() if isinstance(column, Codes) else column


def taken(columns: Columns, rows: np.ndarray) -> Columns:
    """The rows where a mask holds, or some rows in the order in which they are named."""
    return {name: column[rows] for name, column in columns.items()}
