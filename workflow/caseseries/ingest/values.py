"""Cells of tables as read: a column as numbers or words, the value of a row's case in another table."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from caseseries.ingest.source import SourceTable
from caseseries.model.columns import POST_DOSE_TIMEPOINTS

Tables = Mapping[str, SourceTable]
"""Tables by their names in the contract."""


def numbers(table: SourceTable, column: str) -> np.ndarray:
    """A column as float, NaN for missing and for what is no number; a bound counts as its number."""
    if column not in table.texts:
        return np.full(len(table), np.nan)
    codes, texts = pd.factorize(table.texts[column].to_numpy())
    values = pd.to_numeric(pd.Series(texts, dtype=str).str.lstrip("<> "), errors="coerce")
    return values.to_numpy(dtype=float)[codes] if len(codes) else np.zeros(0)


def words(table: SourceTable, column: str) -> pd.Series:
    """A column of text, "" where the table does not have it."""
    return table.texts[column] if column in table.texts else pd.Series("", index=table.texts.index, dtype=object)


def of_case(table: SourceTable, values: pd.Series, cases: pd.Series) -> np.ndarray:
    """For each of `cases` the value of its first row in `table`, NaN where there is none."""
    known = pd.Series(values.to_numpy(), index=table.texts["episode_id"].to_numpy())
    return cases.map(known[~known.index.duplicated()]).to_numpy()


def first_day(events: SourceTable, kind: str, cases: pd.Series) -> np.ndarray:
    """For each of `cases` the day of its first event of a kind, NaN where there is none."""
    chosen = (words(events, "kind") == kind).to_numpy()
    days = pd.Series(numbers(events, "day")[chosen]).groupby(events.texts["episode_id"].to_numpy()[chosen]).min()
    return cases.map(days).to_numpy(dtype=float)


def rows_where(mask: np.ndarray) -> np.ndarray:
    """Positions at which a mask holds."""
    return np.flatnonzero(np.asarray(mask, dtype=bool))


def cases_with_counts(counts: SourceTable) -> pd.Series:
    """Cases that have a count known to lie after the first dose."""
    after = numbers(counts, "day") > 0
    after |= np.isnan(numbers(counts, "day")) & words(counts, "timepoint").isin(POST_DOSE_TIMEPOINTS).to_numpy()
    return counts.texts.loc[after, "episode_id"]
