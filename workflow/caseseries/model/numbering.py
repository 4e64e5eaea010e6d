"""Episodes as numbers in one order, so that rows of results are found, counted and put in order by number."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.model.records import Records


class Numbering:
    """The order of some episodes.

    Parameters
    ----------
    ids : the id of each, once.
    """

    def __init__(self, ids: pd.Series | pd.Index):
        self.ids = pd.Index(ids.to_numpy(object))
        self._known: list[tuple[pd.Index, np.ndarray]] = []
        self._whole: tuple[Numbering, np.ndarray] | None = None

    def part(self, places: np.ndarray) -> Numbering:
        """The order of some of the episodes, by their numbers here; a word that was looked up here is known there."""
        part = Numbering(self.ids[places])
        number = np.full(len(self.ids) + 1, -1)
        number[places] = np.arange(len(places))
        part._whole = self, number
        return part

    def of(self, episodes: pd.Series) -> np.ndarray:
        """Number of each episode, -1 where it is none of them; of categories each word is looked up once, also where
        several tables are asked in turn.
        """
        if not isinstance(episodes.dtype, pd.CategoricalDtype):
            looked_up: np.ndarray = self.ids.get_indexer(pd.Index(episodes))
            return looked_up
        found: np.ndarray = self._of_words(episodes.cat.categories)[episodes.cat.codes.to_numpy()]
        return found

    def _of_words(self, words: pd.Index) -> np.ndarray:
        for known, numbers in self._known:
            if known is words:
                return numbers
        if self._whole is not None:
            whole, number = self._whole
            numbers = number[whole._of_words(words)]
        elif self.ids.equals(words):
            numbers = np.arange(len(words))
        else:
            numbers = self.ids.get_indexer(words)
        self._known.append((words, numbers))
        return numbers

    def marked(self, episodes: pd.Series) -> np.ndarray:
        """Mask of the numbers that some episodes have, and False behind them, where -1 looks."""
        return self.mask(self.of(episodes))

    def mask(self, numbers: np.ndarray) -> np.ndarray:
        """Mask of some numbers, and False behind them, where -1 looks."""
        mask = np.zeros(len(self.ids) + 1, bool)
        mask[numbers] = True
        mask[-1] = False
        return mask

    def in_order(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The row of every episode in their order, by its id; missing values where there is none."""
        number = self.of(rows["episode_id"])
        if np.array_equal(number, np.arange(len(self.ids))):
            return rows.set_axis(self.ids)
        place = np.full(len(self.ids) + 1, -1)
        place[number] = np.arange(len(number))
        place = place[:-1]
        if (place >= 0).all():
            return rows.iloc[place].set_axis(self.ids)
        return rows.set_axis(pd.RangeIndex(len(rows))).reindex(place).set_axis(self.ids)


def numbering_of(records: Records) -> Numbering:
    """The order of the episodes of episodes.csv."""
    ids = records["episodes"]["episode_id"]
    return records.remembered("numbering", (records["episodes"],), lambda: Numbering(ids))


def by_definition(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows of a result by definition, in the order in which these occur."""
    if rows.empty:
        return {}
    column = rows["definition"]
    number = column.cat.codes.to_numpy() if isinstance(column.dtype, pd.CategoricalDtype) else pd.factorize(column)[0]
    starts = np.flatnonzero(np.append(True, number[1:] != number[:-1]))
    if len(starts) > len(np.unique(number[starts])):
        return dict(list(rows.groupby("definition", sort=False, observed=True)))
    ends = [*starts[1:], len(number)]
    names = column.iloc[starts]
    return {str(name): rows.iloc[start:end] for name, start, end in zip(names, starts, ends, strict=True)}
