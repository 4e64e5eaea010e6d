"""ADaM data sets in files: SAS transport (version 5, which regulators take) and Dataset-JSON 1.1 of CDISC; of a large
cohort Parquet, block by block.

All hold the same rows, variables and labels, and are the same in every run: where their formats ask for the day on
which a file was made, the first day of 1980 stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from contextlib import ExitStack
from importlib import metadata
from pathlib import Path

import pandas as pd
import pyreadstat

from caseseries.export.adam_variables import DATASETS, Variable
from caseseries.model.codes import Columns
from caseseries.model.parquet import SUFFIX, GroupWriter, arrow_table

MADE = re.compile(rb"\d\d[A-Z]{3}\d\d:\d\d:\d\d:\d\d")
NO_DAY_SAS, NO_DAY = b"01JAN80:00:00:00", "1980-01-01T00:00:00"
HEADER = 640
"""Bytes of a transport file before its variables: eight records of 80."""

TYPES = {"text": "string", "whole": "integer", "number": "float"}


def write_xport(frame: pd.DataFrame, name: str, path: Path) -> None:
    """Write a data set of `DATASETS` as a SAS transport file; missing numbers are `.`, missing texts blank."""
    label, variables = DATASETS[name]
    typed = pd.DataFrame({one.name: _column(frame[one.name], one) for one in variables})
    pyreadstat.write_xport(
        typed,
        path,
        file_label=label,
        column_labels={one.name: one.label for one in variables},
        table_name=name,
        file_format_version=5,
    )
    written = path.read_bytes()
    path.write_bytes(MADE.sub(NO_DAY_SAS, written[:HEADER]) + written[HEADER:])


def write_parquet(blocks: Iterable[tuple[str, Columns]], folder: Path) -> None:
    """Write data sets of `DATASETS` that come block by block, each to its Parquet file, a row group a block."""
    with ExitStack() as stack:
        files: dict[str, GroupWriter] = {}
        for name, columns in blocks:
            kinds = {one.name: one.kind != "text" for one in DATASETS[name][1]}
            if name not in files:
                files[name] = stack.enter_context(GroupWriter(folder / f"{name.lower()}{SUFFIX}", kinds))
            files[name].write_arrow(arrow_table(columns, kinds).columns)


def _column(values: pd.Series, variable: Variable) -> pd.Series:
    return values.fillna("").astype(str) if variable.kind == "text" else values.astype(float)


def dataset_json(frame: pd.DataFrame, name: str, study: str) -> str:
    """A data set of `DATASETS` as Dataset-JSON 1.1, a line a row; what is missing is null."""
    label, variables = DATASETS[name]
    keys = [one.name for one in variables if one.key]
    columns = []
    for one in variables:
        column: dict[str, str | int] = {
            "itemOID": f"IT.{name}.{one.name}",
            "name": one.name,
            "label": one.label,
            "dataType": TYPES[one.kind],
        }
        if one.kind == "text":
            column["length"] = max([1, *(len(text.encode()) for text in _column(frame[one.name], one))])
        if one.key:
            column["keySequence"] = keys.index(one.name) + 1
        columns.append(column)
    about = {
        "datasetJSONCreationDateTime": NO_DAY,
        "datasetJSONVersion": "1.1.0",
        "fileOID": f"{study}.{name}",
        "originator": "caseseries",
        "sourceSystem": {"name": "caseseries", "version": metadata.version("caseseries")},
        "studyOID": study,
        "itemGroupOID": f"IG.{name}",
        "records": len(frame),
        "name": name,
        "label": label,
        "columns": columns,
    }
    head = json.dumps(about, indent=1, ensure_ascii=False).removesuffix("\n}")
    cells = zip(*(_cells(frame[one.name], one) for one in variables), strict=True)
    lines = ",\n".join("  " + json.dumps(row, ensure_ascii=False, allow_nan=False) for row in cells)
    return f'{head},\n "rows": [\n{lines}\n ]\n}}\n'


def _cells(values: pd.Series, variable: Variable) -> list[str | int | float | None]:
    if variable.kind == "text":
        return [text or None for text in _column(values, variable)]
    whole = variable.kind == "whole"
    return [None if pd.isna(value) else int(value) if whole else float(value) for value in values]
