"""The tables of a printed curve from files, without any cohort: curves.csv and what lies beside it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from caseseries.ingest.contract import check_table
from caseseries.ingest.cross import check_aggregates
from caseseries.ingest.curves import check_curves
from caseseries.ingest.identify import check_identifiers
from caseseries.ingest.read import read_csv
from caseseries.ingest.source import SourceTable
from caseseries.ingest.tidy import tidy_table
from caseseries.model.findings import Finding, raise_errors
from caseseries.model.records import empty_table, type_table
from caseseries.reconstruct.curve import PrintedCurve
from caseseries.reconstruct.digitiser import Axes, is_export, read_points
from caseseries.reconstruct.printed import printed_curves

BESIDE = ("at_risk", "aggregates")


def read_curves(path: Path, axes: Axes) -> list[PrintedCurve]:
    """Curves of a file, or of the curves.csv of a folder; at_risk.csv and aggregates.csv beside it are read too.

    Parameters
    ----------
    path : curves.csv, an export of a digitising program, or a folder with curves.csv.
    axes : what the points of an export mean.

    Raises
    ------
    BadInput : every fault of the files.
    """
    file = path / "curves.csv" if path.is_dir() else path
    if not file.is_file():
        raise_errors([Finding(file.name, rule="the file is missing", example="curves.csv")])
    tables, findings = {}, []
    if is_export(file):
        tables["curves"] = read_points(file, axes)
    else:
        findings += take(file, "curves", tables)
    for name in BESIDE:
        if (beside := file.parent / f"{name}.csv").is_file():
            findings += take(beside, name, tables)
    for name, table in tables.items():
        tables[name] = tidy_table(table, ())
        findings += check_table(tables[name]) + check_identifiers(tables[name], None)
    findings += check_curves(tables)
    findings += check_aggregates(tables)
    raise_errors(findings)
    typed = {name: typed_table(tables, name) for name in ("curves", *BESIDE)}
    return printed_curves(typed["curves"], typed["at_risk"], typed["aggregates"])


def take(file: Path, name: str, tables: dict[str, SourceTable]) -> list[Finding]:
    """Read a table into `tables`; what is wrong with it."""
    table, findings = read_csv(file, name, file.name)
    if table is not None:
        tables[name] = table
    return findings


def typed_table(tables: dict[str, SourceTable], name: str) -> pd.DataFrame:
    """A table with numbers; without rows where there is none."""
    if name not in tables:
        return empty_table(name)
    return type_table(name, tables[name].texts.assign(source_row=tables[name].lines))
