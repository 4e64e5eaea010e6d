"""Estimates as analysis results: a row for each number, with all that says which number it is.

The form is that of analysis results data (one statistic a row, its name, label and value apart), so that a table or a
meta-analysis takes them without reading a sentence. The schema is docs/analysis-results.schema.json.
"""

from __future__ import annotations

import json
import math
from typing import Any

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from caseseries.model.cohort import Cohort
from caseseries.model.result_columns import RESULTS, WHICH

NUMBERED = ("estimate", "std_error", "lower", "upper", "events", "n", "not_evaluable")
"""Columns of estimates.csv that hold one number each."""

ABOUT = (*(column.name for column in WHICH), "method", "level", "case_set", "note")
"""Columns that say which number it is, by which method and at which level, in the order in which they stand."""

LABELS = {column.name: column.label for column in RESULTS["estimates"].columns}


class Result(BaseModel):
    """One number."""

    model_config = ConfigDict(extra="forbid")

    cohort: str
    group: str
    contrast: str = ""
    definition: str = ""
    analysis: str = ""
    statistic: str
    cause: str = ""
    time: float | None = Field(default=None, description="day that it is about")
    method: str = ""
    level: float | None = Field(default=None, description="confidence level of limits")
    case_set: str = ""
    note: str = ""
    stat_name: str = Field(description="which number of the estimate: " + ", ".join(NUMBERED))
    stat_label: str
    stat: float


class AnalysisResults(BaseModel):
    """The numbers of one cohort."""

    model_config = ConfigDict(extra="forbid")

    cohort: str
    title: str
    synthetic: bool = Field(description="no patient stands behind the numbers")
    results: list[Result]


def analysis_results(cohort: Cohort, estimates: pd.DataFrame) -> str:
    """The estimates of a cohort as JSON, a line a number; what is empty is left out."""
    rows = []
    for estimate in estimates.to_dict("records"):
        about = {name: estimate[name] for name in ABOUT if not _empty(estimate[name])}
        rows += [
            about | {"stat_name": name, "stat_label": LABELS[name], "stat": estimate[name]}
            for name in NUMBERED
            if not _empty(estimate[name])
        ]
    lines = ",\n".join("  " + json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows)
    about = {"cohort": cohort.id, "title": cohort.title, "synthetic": cohort.synthetic}
    head = json.dumps(about, indent=1, ensure_ascii=False).removesuffix("\n}")
    return f'{head},\n "results": [\n{lines}\n ]\n}}\n'


def _empty(value: Any) -> bool:
    return value == "" or (isinstance(value, float) and math.isnan(value))
