"""Which episodes of a large cohort are drawn, listed and explained one by one, and which are judged again and again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from caseseries.model.parquet import count_rows, texts_at
from caseseries.model.records import Records

MOST_SHOWN = 200
"""Most episodes of a cohort that are shown one by one."""

MOST_TRIED = 5_000
"""Most episodes that are judged again under every choice. A multiple of `MOST_SHOWN`, so that those shown are among
them."""

MOST_SENT = 5_000
"""Most episodes whose data sets for other software are written as text and SAS transport; those of more are Parquet."""


def sample(episodes: Iterable[str], most: int = MOST_SHOWN) -> list[str]:
    """Every episode, or where there are more than `most` so many, evenly spaced in their order.

    It depends on the order alone, never on how an episode turned out.
    """
    known = list(dict.fromkeys(episodes))
    return [known[place] for place in places(len(known), most)]


def places(number: int, most: int = MOST_SHOWN) -> Sequence[int]:
    """Places of the sample among so many different episodes in their order."""
    return range(number) if number <= most else [place * number // most for place in range(most)]


def sampled_episodes(folder: Path) -> list[str]:
    """The `sample` of the episodes of records on disk, of which each has one row; no text of the others is made."""
    path = folder / "episodes.parquet"
    return texts_at(path, "episode_id", places(count_rows(path)))


def rows_of(table: pd.DataFrame, episodes: Iterable[str]) -> pd.DataFrame:
    """The rows of some episodes, in their order; of categories each word is looked up once."""
    column, wanted = table["episode_id"], list(episodes)
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return table[column.isin(wanted)]
    known = np.append(column.cat.categories.isin(wanted), False)  # of what is missing the code is -1
    return table[known[column.cat.codes.to_numpy()]]


def records_of(records: Records, episodes: Iterable[str]) -> Records:
    """The records of some episodes."""
    known = list(episodes)
    tables = {
        name: rows_of(table, known).reset_index(drop=True) if "episode_id" in table else table
        for name, table in records.tables.items()
    }
    return replace(records, tables=tables)
