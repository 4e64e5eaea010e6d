"""Which episodes of a large cohort are drawn, listed and explained one by one, and which are judged again and again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

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
    if len(known) <= most:
        return known
    return [known[place * len(known) // most] for place in range(most)]


def rows_of(table: pd.DataFrame, episodes: Iterable[str]) -> pd.DataFrame:
    """The rows of some episodes, in their order."""
    return table[table["episode_id"].isin(list(episodes))]


def records_of(records: Records, episodes: Iterable[str]) -> Records:
    """The records of some episodes."""
    known = list(episodes)
    tables = {
        name: rows_of(table, known).reset_index(drop=True) if "episode_id" in table else table
        for name, table in records.tables.items()
    }
    return replace(records, tables=tables)
