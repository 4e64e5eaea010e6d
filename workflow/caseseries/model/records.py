"""The typed form of the records of a cohort (`columns` has their contract).

Typed form, as every stage after ingest sees it: text columns are str with "" for missing, numbers are float64 with
NaN for missing, every table carries `source_row` (line in the file it came from), and written quantities that may
be intervals (`count`, `baseline`) stand as `lo, hi, lo_open, hi_open` beside the text as written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

import pandas as pd

from caseseries.model.analytes import PLATELETS
from caseseries.model.columns import TABLES, quantities
from caseseries.model.conventions import Conventions
from caseseries.model.quantity import interval_columns

Visits = Literal["planned", "routine"]
"""How the visits of a cohort came about; a week without a count means another thing in each."""
CONVENTIONS = "conventions.json"
"""What a cohort says of its tables, beside them."""

RecordRow: TypeAlias = Any
"""A row of a table of records as `itertuples` gives it: its columns are its attributes."""


@dataclass
class Records:
    """The typed tables of one cohort; every table of `TABLES` is there, empty where the cohort has none."""

    cohort: str
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    conventions: Conventions = field(default_factory=Conventions)

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]


def type_table(table: str, texts: pd.DataFrame) -> pd.DataFrame:
    """Typed form of a table whose cells are checked text.

    Parameters
    ----------
    table : a key of `TABLES`.
    texts : str cells, "" for missing; columns of the contract may be absent, further ones are covariates and stay
        text; `source_row` is made (first data row is line 2) where it is not there.
    """
    typed = pd.DataFrame(index=texts.index)
    for column in TABLES[table]:
        cells = texts[column.name] if column.name in texts else pd.Series("", index=texts.index, dtype=str)
        typed[column.name] = pd.to_numeric(cells.replace("", None)).astype(float) if column.numeric else cells
    for extra in texts.columns.difference(typed.columns, sort=False):
        typed[extra] = texts[extra]
    if "source_row" not in texts:
        typed["source_row"] = range(2, len(texts) + 2)
    typed["source_row"] = typed["source_row"].astype("int64")
    if table == "counts":
        typed["analyte"] = typed["analyte"].replace("", PLATELETS)
    if table == "outcomes":
        typed["outcome"] = typed["outcome"].replace("", "response")
    if table == "episodes":
        typed["patient_id"] = typed["patient_id"].where(typed["patient_id"] != "", typed["episode_id"])
    for name, prefix in quantities(table):
        typed = typed.join(interval_columns(typed[name], prefix))
    return typed.reset_index(drop=True)


def empty_table(table: str) -> pd.DataFrame:
    """The typed form of a table without rows."""
    return type_table(table, pd.DataFrame(columns=[column.name for column in TABLES[table]], dtype=str))


def write_records(records: Records, folder: Path) -> None:
    """Write each table as `<folder>/<table>.parquet`, and the conventions of the cohort beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONVENTIONS).write_text(records.conventions.model_dump_json(indent=1) + "\n", encoding="utf-8")
    for table in TABLES:
        records[table].to_parquet(folder / f"{table}.parquet", index=False)


def read_records(folder: Path, tables: tuple[str, ...] = tuple(TABLES)) -> Records:
    """Read tables written by `write_records`; the folder's parent is named after the cohort."""
    conventions = Conventions.model_validate_json((folder / CONVENTIONS).read_bytes())
    read = {table: read_record_table(folder / f"{table}.parquet") for table in tables}
    return Records(folder.parent.name, read, conventions)


def read_record_table(path: Path) -> pd.DataFrame:
    """One table written by `write_records`.

    Without threads: those of Arrow are sometimes still at work when a short stage ends, and bring it down after all
    is done ("terminate called without an active exception", Apache Arrow issue 50482).
    """
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path, pre_buffer=False) as file:
        return file.read(use_threads=False).to_pandas(use_threads=False)
