"""What bundles of other systems have in common: flat rows with fixed headers, which a mapping then reads."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.ingest.source import SourceTable
from caseseries.ingest.units import FACTORS, convert, normalise
from caseseries.model.findings import Finding
from caseseries.model.mapping import Source
from caseseries.model.text import tidy_text

HEADERS = ("kind", "subject", "sex", "code", "date", "last_date", "value", "unit", "count", "drug", "dose", "dose_unit")
"""Headers of every row; `count` is the value in 10^9/L."""


def drop_nulls(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object without the keys that hold null: null says as much as no key. For `object_pairs_hook`."""
    return {key: value for key, value in pairs if value is not None}


def flatten(rows: list[tuple[int, dict[str, str]]], source: Source, shown: str) -> SourceTable:
    """Rows with their places as a table with the headers above.

    JSON may hold NUL, at which pandas takes a text to end when it looks for different ones; it is replaced.
    """
    cells = [{name: tidy_text(text.replace("\0", "\ufffd")) for name, text in row.items()} for _, row in rows]
    frame = pd.DataFrame(cells, columns=list(HEADERS), dtype=object).fillna("").astype(object)
    return SourceTable(source.table, frame, np.array([place for place, _ in rows], dtype=np.int64), ((0, shown),))


def count_of(value: str, unit: str) -> str:
    """A value in 10^9/L; with its unit behind it where that is none of counts, which the contract then refuses."""
    known = normalise(unit)
    if value and known in FACTORS["10^9/L"]:
        return convert(value, "10^9/L", known) or value
    return f"{value} {unit or 'without a unit'}" if value else ""


def warn_of_persons(shown: str, kinds: str) -> Finding:
    """What is said where a file describes persons beside what is read of it."""
    rule = f"the file holds {kinds}; nothing of it is read, take it out all the same"
    return Finding(shown, rule=rule, severity="warning")


def missing_package(shown: str, package: str) -> Finding:
    """What is said where a package that reads a format cannot be imported."""
    return Finding(shown, rule=f"reading this format needs the Python package {package}, which is not installed")
