"""What bundles of other systems have in common: flat rows with fixed headers, which a mapping then reads."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.ingest.source import SourceTable
from caseseries.ingest.units import FACTORS, convert, normalise
from caseseries.model.findings import Finding
from caseseries.model.mapping import Source

HEADERS = ("kind", "subject", "sex", "code", "date", "last_date", "value", "unit", "count", "drug", "dose", "dose_unit")
"""Headers of every row; `count` is the value in 10^9/L where the unit is one of counts, else empty."""


def flatten(rows: list[tuple[int, dict[str, str]]], source: Source, shown: str) -> SourceTable:
    """Rows with their places as a table with the headers above."""
    frame = pd.DataFrame([row for _, row in rows], columns=list(HEADERS), dtype=object).fillna("").astype(object)
    return SourceTable(source.table, frame, np.array([place for place, _ in rows], dtype=np.int64), ((0, shown),))


def count_of(value: str, unit: str) -> str:
    """A value in 10^9/L, "" where its unit is not one of counts."""
    known = normalise(unit)
    return (convert(value, "10^9/L", known) or "") if value and known in FACTORS["10^9/L"] else ""


def missing_package(shown: str, package: str) -> Finding:
    """What is said where an optional package is not installed."""
    return Finding(shown, rule=f"reading this format needs the Python package {package}, which is not installed")
