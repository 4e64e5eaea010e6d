"""The records contract: the tables of a cohort, their columns, units and allowed values, and the typed form of them.

Typed form, as every stage after ingest sees it: text columns are str with "" for missing, numbers are float64 with
NaN for missing, every table carries `source_row` (line in the file it came from), and written quantities that may
be intervals (`count`, `baseline`) stand as `lo, hi, lo_open, hi_open` beside the text as written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pandas as pd

from caseseries.model.quantity import interval_columns

YES_NO = ("yes", "no")
Visits = Literal["planned", "routine"]
"""How the visits of a cohort came about; a week without a count means another thing in each."""
EVENT_KINDS = ("rescue", "platelet_transfusion", "itp_therapy", "stop_drug", "delivery", "death", "lost")
TIMEPOINTS = (
    "baseline",
    "nadir",
    "best",
    "delivery",
    "first_response",
    "maintenance",
    "onset",
    "birth",
    "before_treatment",
)
POST_DOSE_TIMEPOINTS = ("best", "delivery", "first_response")
REPORTED_RESPONSES = ("CR", "R", "NR", "responded")
RESPONSE_CLASSES = ("CR", "R", "responded")


@dataclass(frozen=True)
class Column:
    """One column of the contract.

    `kind` is text, number, day (whole number, may be negative), whole (whole number from 0) or quantity (an interval
    such as `<5`). `unit` is printed in messages and documentation; `allowed` closes the list of values.
    """

    name: str
    kind: str
    about: str
    unit: str = ""
    example: str = ""
    allowed: tuple[str, ...] = ()
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None


EPISODE_ID = Column("episode_id", "text", "one treatment course", example="E01", required=True)

TABLES: dict[str, tuple[Column, ...]] = {
    "episodes": (
        EPISODE_ID,
        Column("patient_id", "text", "person; a person may have several episodes", example="P01"),
        Column("age_years", "number", "age at first dose", "years", "31", minimum=0, maximum=89),
        Column("sex", "text", "sex", example="female", allowed=("female", "male")),
        Column("pregnant", "text", "pregnant at first dose or during the course", example="yes", allowed=YES_NO),
        Column(
            "itp_phase",
            "text",
            "disease phase",
            example="chronic",
            allowed=("newly diagnosed", "persistent", "chronic"),
        ),
        Column("prior_lines", "whole", "number of earlier lines of treatment", example="2", minimum=0, maximum=30),
        Column("splenectomy", "text", "spleen removed before first dose", example="no", allowed=YES_NO),
        Column("drug", "text", "study drug", example="rhTPO"),
        Column("gestational_week", "number", "gestation at first dose", "weeks", "31.5", minimum=0, maximum=45),
        Column("weight_kg", "number", "body weight at first dose", "kg", "64", minimum=0.3, maximum=300),
        Column("baseline", "quantity", "count at first dose", "10^9/L", "12 or <5", minimum=0, maximum=2000),
        Column("bleeding_recorded", "text", "bleeding was looked for and written down", example="yes", allowed=YES_NO),
        Column(
            "adverse_events_recorded",
            "text",
            "adverse events were looked for and written down; read where cohort.yaml says by_episode",
            example="yes",
            allowed=YES_NO,
        ),
        Column("follow_up_end_day", "day", "last day on which the episode was observed", "days", "42"),
        Column("reported_response", "text", "class that the source gives", example="CR", allowed=REPORTED_RESPONSES),
        Column("reported_time_to_response", "day", "time to response that the source gives", "days", "7", minimum=0),
    ),
    "counts": (
        EPISODE_ID,
        Column("day", "day", "day of the count; day 0 is the first dose, empty where undated", "days", "7"),
        Column("timepoint", "text", "what the source calls the count", example="delivery", allowed=TIMEPOINTS),
        Column("count", "quantity", "count", "10^9/L", "45 or <5", required=True, minimum=0),
        Column(
            "flag",
            "text",
            "pre_event: taken before an event of the same day",
            example="pre_event",
            allowed=("pre_event",),
        ),
        Column("analyte", "text", "what was counted", example="platelets"),
    ),
    "events": (
        EPISODE_ID,
        Column("day", "day", "day of the event", "days", "14", required=True),
        Column("kind", "text", "what happened", example="rescue", allowed=EVENT_KINDS, required=True),
        Column("detail", "text", "a coded detail", example="IVIG"),
    ),
    "bleeding": (
        EPISODE_ID,
        Column("first_day", "day", "first day of bleeding", "days", "3", required=True),
        Column("last_day", "day", "last day of bleeding", "days", "5", required=True),
        Column("who_grade", "whole", "WHO bleeding grade", "", "1", required=True, minimum=0, maximum=4),
    ),
    "exposures": (
        EPISODE_ID,
        Column("drug", "text", "drug given", example="prednisone", required=True),
        Column("class", "text", "drug class", example="corticosteroid"),
        Column("role", "text", "why it was given", example="concomitant", allowed=("study", "concomitant", "rescue")),
        Column("first_day", "day", "first day of the course", "days", "0"),
        Column("last_day", "day", "last day of the course", "days", "13"),
        Column("dose", "number", "dose", example="300", minimum=0),
        Column("dose_unit", "text", "unit of the dose", example="U/kg"),
    ),
    "weights": (
        EPISODE_ID,
        Column("day", "day", "day on which the weight was taken", "days", "84", required=True),
        Column("weight_kg", "number", "body weight", "kg", "21.5", required=True, minimum=0.3, maximum=300),
    ),
    "adverse_events": (
        EPISODE_ID,
        Column("day", "day", "day of onset", "days", "9"),
        Column(
            "subject", "text", "who had it", example="neonate", allowed=("mother", "neonate", "patient"), required=True
        ),
        Column("term", "text", "coded term", example="dizziness", required=True),
        Column("grade", "whole", "CTCAE grade", "", "2", minimum=1, maximum=5),
        Column("serious", "text", "serious", example="no", allowed=YES_NO),
    ),
    "outcomes": (
        EPISODE_ID,
        Column("outcome", "text", "the outcome that is timed", example="response"),
        Column(
            "day", "day", "day of the outcome, the competing cause or the end of observation", "days", "14", minimum=0
        ),
        Column("left_day", "day", "last day known to be before it", "days", "7", minimum=0),
        Column("right_day", "day", "first day known to be at or after it; empty where open", "days", "14", minimum=0),
        Column(
            "cause", "text", "the outcome itself, a competing cause, or censored", example="censored", required=True
        ),
    ),
    "aggregates": (
        Column("group", "text", "group of cases", example="rhTPO", required=True),
        Column("outcome", "text", "what was counted or measured", example="response", required=True),
        Column("definition", "text", "definition used by the source; empty where not stated", example="not_stated"),
        Column("events", "whole", "cases with the outcome", example="23", minimum=0),
        Column("n", "whole", "cases observed; with origin estimates those evaluable", example="31", minimum=0),
        Column("not_evaluable", "whole", "further cases whose outcome is not known", example="2", minimum=0),
        Column("value", "number", "printed value", example="74.2"),
        Column("lower", "number", "printed lower limit", example="39"),
        Column("upper", "number", "printed upper limit", example="68"),
        Column("unit", "text", "unit of the value", example="%"),
        Column(
            "origin",
            "text",
            "printed, derived from what is printed, or from the estimates of another run",
            example="printed",
            allowed=("printed", "derived", "estimates"),
            required=True,
        ),
    ),
}

KEYS: dict[str, tuple[str, ...]] = {
    "episodes": ("episode_id",),
    "events": ("episode_id", "day", "kind", "detail"),
    "bleeding": ("episode_id", "first_day", "last_day", "who_grade"),
    "weights": ("episode_id", "day"),
    "outcomes": ("episode_id", "outcome"),
    "aggregates": ("group", "outcome", "definition", "unit"),
}
"""Columns that together name a row once. Counts may repeat within a day: the definition says which one is kept."""

INTERVALS = {"episodes": ("baseline", "baseline_"), "counts": ("count", "")}
"""Tables with a written quantity: its column and the prefix of its interval columns."""


@dataclass
class Records:
    """The typed tables of one cohort; every table of `TABLES` is there, empty where the cohort has none."""

    cohort: str
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)

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
        numeric = column.kind in ("number", "day", "whole")
        typed[column.name] = pd.to_numeric(cells.replace("", None)).astype(float) if numeric else cells
    for extra in texts.columns.difference(typed.columns, sort=False):
        typed[extra] = texts[extra]
    if "source_row" not in texts:
        typed["source_row"] = range(2, len(texts) + 2)
    typed["source_row"] = typed["source_row"].astype("int64")
    if table == "counts":
        typed["analyte"] = typed["analyte"].replace("", "platelets")
    if table == "outcomes":
        typed["outcome"] = typed["outcome"].replace("", "response")
    if table == "episodes":
        typed["patient_id"] = typed["patient_id"].where(typed["patient_id"] != "", typed["episode_id"])
    if table in INTERVALS:
        name, prefix = INTERVALS[table]
        typed = typed.join(interval_columns(typed[name], prefix))
    return typed.reset_index(drop=True)


def empty_table(table: str) -> pd.DataFrame:
    """The typed form of a table without rows."""
    return type_table(table, pd.DataFrame(columns=[column.name for column in TABLES[table]], dtype=str))


def write_records(records: Records, folder: Path) -> None:
    """Write each table as `<folder>/<table>.parquet`."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        records[table].to_parquet(folder / f"{table}.parquet", index=False)


def read_records(folder: Path, tables: tuple[str, ...] = tuple(TABLES)) -> Records:
    """Read tables written by `write_records`; the folder's parent is named after the cohort."""
    return Records(folder.parent.name, {table: read_record_table(folder / f"{table}.parquet") for table in tables})


def read_record_table(path: Path) -> pd.DataFrame:
    """One table written by `write_records`.

    Without threads: those of Arrow are sometimes still at work when a short stage ends, and bring it down after all
    is done ("terminate called without an active exception", Apache Arrow issue 50482).
    """
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path, pre_buffer=False) as file:
        return file.read(use_threads=False).to_pandas(use_threads=False)
