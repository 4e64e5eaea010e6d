"""Counts that no living person has: in a column of 10^9/L they stand in another unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

import numpy as np
import pandas as pd

from caseseries.ingest.source import SourceTable
from caseseries.ingest.units import normalise
from caseseries.model.analytes import PLATELETS
from caseseries.model.columns import COUNT_UNIT, Column
from caseseries.model.conventions import Conventions, columns_of
from caseseries.model.findings import Finding
from caseseries.model.quantity import PATTERN

MOST_COUNT = 2000
"""Platelets, in 10^9/L, that no living person reaches."""
TOO_HIGH = (
    "no count of a living person is 2000 x 10^9/L or more; it looks like a count per uL: divide it by 1000, or read "
    "such rows by a second source of the mapping with where and unit: /uL"
)


class Heights:
    """How many values of each column of counts lie above what any living person reaches."""

    def __init__(self, tables: Iterable[SourceTable] = (), conventions: Conventions | None = None) -> None:
        self._conventions = conventions or Conventions()
        self._known: Counter[tuple[str, str]] = Counter()
        self._above: Counter[tuple[str, str]] = Counter()
        for table in tables:
            self.add(table)

    def add(self, table: SourceTable) -> None:
        """Take a table, or a part of it."""
        for column in columns_of(table.name, self._conventions):
            if column.kind == "quantity" and column.unit == COUNT_UNIT and column.name in table.texts:
                numbers = numbers_of(table.texts[column.name][of_platelets(table)])
                self._known[table.name, column.name] += int(np.isfinite(numbers).sum())
                self._above[table.name, column.name] += int((numbers > MOST_COUNT).sum())

    def per_microlitre(self) -> frozenset[tuple[str, str]]:
        """Table and column of those in which most values do."""
        return frozenset(key for key, above in self._above.items() if above * 2 > self._known[key])


def check_magnitude(table: SourceTable, column: Column, per_microlitre: Collection[tuple[str, str]]) -> list[Finding]:
    """A column of counts that can only be per microlitre: refused as a whole, with the likely unit."""
    if (table.name, column.name) not in per_microlitre:
        return []
    rule = (
        "half of the values lie above 2000 x 10^9/L, which no count does; they look like counts per uL: "
        "divide by 1000, or declare the unit in the mapping of cohort.yaml"
    )
    return [Finding(table.shown, column=column.name, rule=rule, example="45 for 45000 per uL")]


def check_counts(table: SourceTable, column: Column) -> list[Finding]:
    """Single counts that no living person has: in a column of 10^9/L they stand in another unit."""
    if table.name != "counts":
        return []  # the range of a baseline is that of its column
    codes, texts = pd.factorize(table.texts[column.name].to_numpy())
    high = np.array([_number(text) >= MOST_COUNT for text in texts], dtype=bool)
    rows = np.flatnonzero((high[codes] if len(texts) else np.zeros(0, bool)) & of_platelets(table).to_numpy())
    return table.flag(rows, column.name, TOO_HIGH, "6 for 6000 per uL")


def _number(text: str) -> float:
    """The number of a written quantity, NaN for anything else."""
    return float(text.lstrip("<> ")) if PATTERN.match(text) else np.nan


def check_printed_counts(table: SourceTable) -> list[Finding]:
    """Counts of aggregates.csv, printed in 10^9/L, that no living person has."""
    if table.name != "aggregates" or "unit" not in table.texts:
        return []
    own = (table.texts["unit"].map(normalise) == COUNT_UNIT).to_numpy()
    findings = []
    for name in [name for name in ("value", "lower", "upper") if name in table.texts]:
        numbers = pd.to_numeric(table.texts[name], errors="coerce").to_numpy(dtype=float)
        findings += table.flag(np.flatnonzero(own & (numbers >= MOST_COUNT)), name, TOO_HIGH, "6 for 6000 per uL")
    return findings


def of_platelets(table: SourceTable) -> pd.Series:
    """Rows of platelets without a unit of their own, so that they are taken to be in 10^9/L."""
    analyte, unit = (table.texts.get(name, pd.Series("", index=table.texts.index)) for name in ("analyte", "unit"))
    return analyte.isin(["", PLATELETS]) & (unit == "")


def numbers_of(cells: pd.Series) -> np.ndarray:
    """Written quantities as float, a bound as its number, NaN for anything else; each different text is read once."""
    codes, texts = pd.factorize(cells.to_numpy())
    if not len(texts):
        return np.full(len(cells), np.nan)
    return pd.to_numeric(pd.Series(texts, dtype=str).str.lstrip("<> "), errors="coerce").to_numpy(float)[codes]


def median_quantity(cells: pd.Series) -> float:
    """Median of the numbers in a column of written quantities (a bound counts as its number); 0 where there is none."""
    numbers = pd.to_numeric(cells.str.lstrip("<> "), errors="coerce")
    known = numbers.dropna()
    return float(known.median()) if len(known) else 0.0
