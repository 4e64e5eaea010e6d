"""What was entered twice: rows that repeat an earlier one, and rows that may tell of the same thing again."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import numpy as np
import pandas as pd

from caseseries.ingest.source import SourceTable
from caseseries.model.columns import TABLES
from caseseries.model.findings import Finding
from caseseries.model.text import fold_text

KEPT_TWICE = ("episodes", "aggregates", "curves", "at_risk")
"""Tables in which a row that stands twice is a fault and no slip of entry, or meant: a curve's end is read twice."""

ONE_THING = {
    "adverse_events": (("episode_id", "day", "subject", "term"), "day", "the event"),
    "exposures": (("episode_id", "drug", "role", "first_day"), "first_day", "the dose"),
    "bleeding": (("episode_id", "first_day", "last_day"), "first_day", "the bleeding"),
}
"""Columns that together name one thing, the day of it, and what a message calls it. Events of one kind are not among
them: two rescues of a day are two drugs.
"""


def drop_repeats(table: SourceTable) -> tuple[SourceTable, list[Finding]]:
    """The table without rows that repeat an earlier one in every cell, and a warning for each of them.

    Numbers are compared as numbers (3.0 is 3), words without regard to capitals and widths.
    """
    if table.name in KEPT_TWICE or not len(table):
        return table, []
    repeated = alike(table).duplicated(keep="first").to_numpy()
    if not repeated.any():
        return table, []
    rule = "the row repeats an earlier one in every cell and is taken once; if both are meant, tell them apart"
    return table.take(~repeated), table.flag(np.flatnonzero(repeated), "", rule, severity="warning")


def doubt_twice(table: SourceTable) -> list[Finding]:
    """A question on each row that names the same thing on the same day as an earlier one, with other details."""
    if table.name not in ONE_THING:
        return []
    key, day, called = ONE_THING[table.name]
    named = [name for name in key if name in table.texts]
    if "episode_id" not in named or day not in named:
        return []
    cells = alike(table)[named]
    again = (cells.duplicated(keep="first") & (cells[day] != "")).to_numpy()
    rule = f"{called} stands in an earlier row of the same day, with other details, and is counted twice; is it one?"
    return table.flag(np.flatnonzero(again), "", rule, severity="warning")


def alike(table: SourceTable) -> pd.DataFrame:
    """Cells in one form in which those that mean the same are equal."""
    kinds = {column.name: column.kind for column in TABLES[table.name]}
    labels = ("episode_id", "patient_id")
    return pd.DataFrame(
        {
            name: cells if name in labels else _same(cells, words=kinds.get(name, "text") == "text")
            for name, cells in table.texts.items()
        },
        index=table.texts.index,
    )


def _same(cells: pd.Series, *, words: bool) -> np.ndarray:
    codes, texts = pd.factorize(cells.to_numpy())
    return np.array([fold_text(text) if words else _plain(text) for text in texts], dtype=object)[codes]


def _plain(text: str) -> str:
    """A number, or a bound, without needless digits; any other text as it is."""
    sign = text[:1] if text[:1] in ("<", ">") else ""
    try:
        return sign + format(Decimal(text.removeprefix(sign).strip()).normalize(), "f")
    except InvalidOperation:
        return text
