"""Several courses of one person in a source that takes them for one case: their counts would run together."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from caseseries.ingest.source import SourceTable
from caseseries.model.findings import Finding

LABEL = "label each course by a list of headers, which is joined by hyphens, or choose the rows by where"
EXAMPLE = "episode_id: [Patient, Course]"
TOGETHER = f"another row of the case gives another count of this visit; if the rows are several courses, {LABEL}"
DOSES = f"the case has several dates of first dose, of which the earliest counts; if each begins a course, {LABEL}"


def refuse_together(made: SourceTable, into: str) -> list[Finding]:
    """An error for each count of a visit of which an earlier row of the file gives the same case another one.

    Parameters
    ----------
    made : one row for each filled cell of the columns of visits, with the header of each under `row_headers`.
    into : column that they fill.
    """
    if "episode_id" not in made.texts:
        return []
    told = made.texts.assign(_header=made.row_headers[into])
    visit = [name for name in told if name != into]
    again = told.duplicated(visit) & ~told.duplicated() & (told["episode_id"] != "")
    return made.flag(np.flatnonzero(again), into, TOGETHER, EXAMPLE)


def doubt_first_doses(table: SourceTable, header: str, cases: pd.Series, days: Iterable[object]) -> list[Finding]:
    """A warning for each case of which the rows of one file of cases give several dates of first dose."""
    told = pd.DataFrame({"case": cases.to_numpy(), "day": list(days)}, dtype=object)
    told = told[told["day"].notna() & (told["case"] != "")].drop_duplicates()
    again = told[told["case"].duplicated()].drop_duplicates("case")
    return table.flag(again.index.to_numpy(), header, DOSES, EXAMPLE, "warning")
