"""Results of another centre: its `estimates.csv` becomes printed totals, so that centres pool without sharing rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from caseseries.ingest.read import read_csv
from caseseries.ingest.source import SourceTable
from caseseries.model.cohort import Cohort
from caseseries.model.findings import Finding
from caseseries.model.results import ESTIMATES

FILE = "estimates.csv"
RATES = {"response_rate": "response", "complete_response_rate": "complete_response", "outcome_rate": ""}
"""Statistic of the estimates contract -> outcome of aggregates; "" takes the row's cause."""


def read_estimates(folder: Path, cohort: Cohort) -> tuple[SourceTable | None, list[Finding]]:
    """Rates of another run of caseseries as rows of aggregates.

    Parameters
    ----------
    folder : cohort folder that holds the other centre's estimates.csv.
    cohort : its `source_definition` says which definition's rates are taken; `not_stated` takes the authors' own.

    Returns
    -------
    One row for each group and outcome, on the line of its first row; None where the file is no estimates.csv.
    """
    shown = f"{folder.name}/{FILE}"
    table, findings = read_csv(folder / FILE, "estimates", shown)
    if table is None:
        return None, findings
    if list(table.texts) != list(ESTIMATES):
        rule = "the file must have the columns of an estimates.csv that caseseries wrote, in their order"
        return None, [*findings, Finding(shown, line=1, rule=rule, example=",".join(ESTIMATES[:5]) + ",...")]
    rows = choose_rates(table.texts, cohort.source_definition)
    if not rows.any():
        rule = "the file holds no response rate under the source_definition of cohort.yaml"
        return None, [*findings, Finding(shown, column="definition", rule=rule, example="iwg2009_confirmed")]
    chosen = table.texts[rows]
    outcome = chosen["statistic"].map(RATES)
    texts = pd.DataFrame({
        "group": chosen["group"],
        "outcome": outcome.where(outcome != "", chosen["cause"]),
        "definition": chosen["definition"],
        "events": chosen["events"],
        "n": chosen["n"],
        "origin": "derived",
    }).reset_index(drop=True).astype(object)  # fmt: skip
    return SourceTable("aggregates", texts, table.lines[rows], ((0, shown),)), findings


def choose_rates(texts: pd.DataFrame, definition: str) -> np.ndarray:
    """Rows that are counted: of the main analysis, one method each, under one definition."""
    wanted = "as_reported" if definition == "not_stated" else definition
    kept = texts["statistic"].isin(RATES) & texts["analysis"].isin(["primary", "aggregate"]) & (texts["n"] != "")
    kept &= (texts["definition"] == wanted) | (texts["statistic"] == "outcome_rate")
    repeated = texts[kept].duplicated(["group", "statistic", "cause"]).reindex(texts.index, fill_value=True)
    return (kept & ~repeated).to_numpy()
