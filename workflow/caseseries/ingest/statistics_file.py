"""Files of statistics packages (Stata, SPSS, SAS) as text cells, labels in place of codes.

They are read with the public package pyreadstat, which is imported only when a mapping asks for such a file.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from caseseries.ingest.read import MOST_COLUMNS, check_header
from caseseries.ingest.sheet import write_cell
from caseseries.ingest.source import SourceTable
from caseseries.model.findings import Finding
from caseseries.model.text import tidy_text

MOST_UNPACKED = 150_000_000
"""Bytes of the values of a file, packed or not."""

READERS = {".dta": "read_dta", ".sav": "read_sav", ".zsav": "read_sav", ".por": "read_por", ".xpt": "read_xport"} | {
    ".sas7bdat": "read_sas7bdat"
}
"""Ending of a file -> the function of pyreadstat that reads it."""


def read_statistics(path: Path, name: str, shown: str) -> tuple[SourceTable | None, list[Finding]]:
    """Read one file of Stata, SPSS or SAS; the line of a row is its place among the observations, from 1.

    Values that the file declares as missing are empty, codes that have a label in it become their label, dates and
    times ISO dates.

    Parameters
    ----------
    path : file; its ending tells the package.
    name : table of the contract.
    shown : how the file is named in messages.
    """
    import pyreadstat

    read = getattr(pyreadstat, READERS[path.suffix.lower()])
    known = inspect.signature(read).parameters  # SAS files keep their labels elsewhere, and read_xport takes none
    labelled = {"apply_value_formats": True, "formats_as_category": False}
    try:
        most = most_rows(read(str(path), metadataonly=True)[1])
        frame, _ = read(str(path), row_limit=most + 1, **{key: labelled[key] for key in labelled if key in known})
    except Exception:
        # The parser fails in many ways on what is no such file, or half of one.
        rule = f"the file cannot be read as one that ends in {path.suffix.lower()}; save it as CSV UTF-8"
        return None, [Finding(shown, rule=rule)]
    if len(frame) > most:
        rule = f"the file unpacks to more than {MOST_UNPACKED // 1_000_000} MB; save what is read in a file of its own"
        return None, [Finding(shown, rule=rule)]
    header = [tidy_text(str(column)) for column in frame.columns]
    if findings := check_header(header, shown):
        return None, findings
    cells = {column: write_cells(frame.iloc[:, place]) for place, column in enumerate(header[:MOST_COLUMNS])}
    texts = pd.DataFrame(cells, index=range(len(frame)), dtype=object)
    filled = (texts != "").any(axis=1).to_numpy()
    lines = np.arange(1, len(frame) + 1)[filled]
    return SourceTable(name, texts[filled].reset_index(drop=True), lines, ((0, shown),)), []


def most_rows(about: Any) -> int:
    """Rows that are read of a file with variables of some widths: packed, it may be a thousand times smaller."""
    return MOST_UNPACKED // max(1, sum(map(int, about.variable_storage_width.values())))


def write_cells(column: pd.Series) -> list[str]:
    """The values of a variable as text, "" for a missing one."""
    return ["" if pd.isna(value) else write_cell(value) for value in column.to_list()]


def read_labels(path: Path) -> dict[str, str]:
    """Variable -> the label that the file gives it; none where there is none, or the file cannot be read."""
    import pyreadstat

    try:
        _, about = getattr(pyreadstat, READERS[path.suffix.lower()])(str(path), metadataonly=True)
    except Exception:
        return {}
    return {name: label for name, label in about.column_names_to_labels.items() if label}
