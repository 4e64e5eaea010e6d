"""Episodes as numbers in one order, so that rows of results are found, counted and put in order by number."""

from __future__ import annotations

import numpy as np
import pandas as pd


class Numbering:
    """The order of some episodes.

    Parameters
    ----------
    ids : the id of each, once.
    """

    def __init__(self, ids: pd.Series | pd.Index):
        self.ids = pd.Index(ids.to_numpy(object))
        self._known: list[tuple[pd.Index, np.ndarray]] = []

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
        numbers = np.arange(len(words)) if self.ids.equals(words) else self.ids.get_indexer(words)
        self._known.append((words, numbers))
        return numbers

    def marked(self, episodes: pd.Series) -> np.ndarray:
        """Mask of the numbers that some episodes have, and False behind them, where -1 looks."""
        mask = np.zeros(len(self.ids) + 1, bool)
        mask[self.of(episodes)] = True
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


def by_definition(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows of a result by definition, in the order in which these occur."""
    if rows.empty:
        return {}
    number, names = pd.factorize(rows["definition"])
    starts = np.flatnonzero(np.append(True, number[1:] != number[:-1]))
    if len(starts) > len(names):
        return dict(list(rows.groupby("definition", sort=False, observed=True)))
    ends = [*starts[1:], len(number)]
    return {str(name): rows.iloc[start:end] for name, start, end in zip(names, starts, ends, strict=True)}
