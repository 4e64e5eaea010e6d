"""CDISC Dataset-JSON (1.0 and 1.1, also as lines) as text cells."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd

from caseseries.ingest.read import check_header
from caseseries.ingest.sheet import write_cell
from caseseries.ingest.source import SourceTable
from caseseries.model.findings import Finding
from caseseries.model.text import tidy_text

SEQUENCE = "ITEMGROUPDATASEQ"
"""A column of version 1.0 that numbers the rows and is none of the data."""


def read_dataset(text: str, name: str, shown: str) -> tuple[SourceTable | None, list[Finding]]:
    """The rows of one dataset; the line of a row is its place in the dataset, from 1."""
    try:
        header, rows = take_apart(text)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None, [Finding(shown, rule="the file is no CDISC Dataset-JSON of version 1.0 or 1.1")]
    if findings := check_header(header, shown):
        return None, findings
    if any(len(row) != len(header) for row in rows):
        rule = "a row has not as many values as the dataset has variables"
        line = next(place for place, row in enumerate(rows, 1) if len(row) != len(header))
        return None, [Finding(shown, line=line, rule=rule)]
    cells = [[write_cell(value) for value in row] for row in rows]
    frame = pd.DataFrame(cells, columns=header, index=range(len(cells)), dtype=object)
    frame = frame.drop(columns=SEQUENCE, errors="ignore")
    return SourceTable(name, frame, np.arange(1, len(frame) + 1, dtype=np.int64), ((0, shown),)), []


def take_apart(text: str) -> tuple[list[str], list[list[Any]]]:
    """Names of the variables and the rows of a dataset.

    Raises
    ------
    ValueError, KeyError, TypeError, AttributeError : the text is no such dataset.
    """
    try:
        document = json.loads(text)
        rows = None
    except json.JSONDecodeError:  # one line of what it is, then a line for each row
        document, *rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    if "columns" in document:
        rows = document.get("rows", []) if rows is None else rows
        return [tidy_text(str(one["name"])) for one in document["columns"]], rows
    data = document.get("clinicalData") or document["referenceData"]
    (group,) = data["itemGroupData"].values()
    return [tidy_text(str(one["name"])) for one in group["items"]], group["itemData"]
