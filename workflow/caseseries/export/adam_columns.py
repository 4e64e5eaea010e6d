"""Columns of ADaM data sets: text is codes until a file is written, so that no text is made for a row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from caseseries.export.adam_variables import DATASETS
from caseseries.model.codes import Codes, Columns, texts_of


def study_day(day: np.ndarray) -> np.ndarray:
    """Days from the first dose as CDISC counts them: day 0 is 1, the day before it -1."""
    return np.where(day < 0, day, day + 1)


def alike(word: str, rows: np.ndarray) -> Codes:
    """A text for each of some rows."""
    return Codes.alike(word, len(rows))


def chosen(mask: np.ndarray, word: str, other: str = "") -> Codes:
    """A text where a mask holds, another elsewhere."""
    return Codes.into([other, word], mask.astype(np.int8))


def stacked(parts: Sequence[Columns]) -> Columns:
    """Columns below one another, those of the first; there is at least one part."""
    found: dict[str, Codes | np.ndarray] = {}
    for name, first in parts[0].items():
        columns = [part[name] for part in parts]
        if isinstance(first, Codes):
            found[name] = Codes.joined([column for column in columns if isinstance(column, Codes)])
        else:
            found[name] = np.concatenate([column for column in columns if isinstance(column, np.ndarray)])
    return found


def framed(columns: Columns, name: str) -> pd.DataFrame:
    """A data set of `DATASETS` as a frame of its variables in their order."""
    return pd.DataFrame({one.name: texts_of(columns[one.name]) for one in DATASETS[name][1]})
