"""The records contract as pandera schemas, made from `records.TABLES`: the last gate before records are written.

The checks of `contract` speak to whoever made a file; these hold the typed result itself to the contract, whatever
wrote it, so that no fault of our own reaches a later stage. pandera takes a quarter of a second to import: it is
imported here inside functions, and only when a cohort is without error.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from caseseries.model.columns import KEYS, TABLES, Column, quantities
from caseseries.model.conventions import columns_of
from caseseries.model.records import Records

if TYPE_CHECKING:
    import pandera.pandas as pa


class ContractBroken(Exception):
    """Typed records do not keep the contract: a fault of the program. Names tables, columns and checks, no values."""


def check_records(records: Records) -> None:
    """Hold every table that has rows to its schema; a table without rows has the form of `empty_table`.

    Raises
    ------
    ContractBroken : with each table, column and check that fails.
    """
    import pandera.errors

    broken = []
    for table in [name for name in TABLES if len(records[name])]:
        try:
            schema = record_schema(table, columns_of(table, records.conventions))
            schema.validate(records[table], lazy=True)
        except pandera.errors.SchemaErrors as error:
            cases = error.failure_cases[["column", "check"]].drop_duplicates()
            broken += [f"{table}.{case.column}: {case.check}" for case in cases.itertuples()]
    if broken:
        raise ContractBroken("records break the contract: " + "; ".join(sorted(set(broken))))


@cache
def record_schema(table: str, contract: tuple[Column, ...]) -> pa.DataFrameSchema:
    """The schema of a table's typed form, with the columns that `columns_of` gives; columns beyond them (covariates)
    are let through as text.
    """
    import pandera.pandas as pa

    columns = {column.name: _typed_column(column) for column in contract}
    columns["source_row"] = pa.Column("int64", pa.Check.ge(1))
    checks = []
    for _, prefix in quantities(table):
        columns |= {f"{prefix}{end}": pa.Column("float64", pa.Check.ge(0), nullable=True) for end in ("lo", "hi")}
        columns |= {f"{prefix}{end}": pa.Column(bool) for end in ("lo_open", "hi_open")}
        checks.append(pa.Check(lambda frame, prefix=prefix: _ordered(frame, prefix), name="lower end first"))
    if table in KEYS:
        checks.append(pa.Check(lambda frame: ~frame.duplicated(list(KEYS[table])), name="key"))
    return pa.DataFrameSchema(columns, checks=checks, strict=False)


def _ordered(frame: pd.DataFrame, prefix: str) -> pd.Series:
    lower, upper = frame[f"{prefix}lo"], frame[f"{prefix}hi"]
    return (lower <= upper) | (lower.isna() & upper.isna())


def _typed_column(column: Column) -> pa.Column:
    import pandera.pandas as pa

    checks = []
    if column.numeric:
        if column.minimum is not None:
            checks.append(pa.Check.ge(column.minimum))
        if column.maximum is not None:
            checks.append(pa.Check.le(column.maximum))
        if column.kind != "number":
            checks.append(pa.Check(lambda cells: cells % 1 == 0, name="whole"))
        if column.required:
            checks.append(pa.Check(lambda cells: cells.notna(), name="required", ignore_na=False))
        return pa.Column("float64", checks, nullable=True)
    if column.allowed:
        checks.append(pa.Check.isin([*column.allowed, ""]))
    if column.required:
        checks.append(pa.Check.ne(""))
    # Of pandera's own text columns every cell is looked at by Python.
    return pa.Column(object, [pa.Check(_are_texts, name="text"), *checks])


def _are_texts(cells: pd.Series) -> bool:
    return pd.api.types.infer_dtype(cells, skipna=False) in ("string", "empty")
