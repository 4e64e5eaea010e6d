"""Results of another centre: its `estimates.csv` becomes printed totals, so that centres pool without sharing rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from caseseries.ingest.read import read_csv
from caseseries.ingest.source import SourceTable
from caseseries.model.findings import Finding
from caseseries.model.results import ESTIMATES

FILE = "estimates.csv"
RATES = {"response_rate": "response", "complete_response_rate": "complete_response", "outcome_rate": ""}
"""Statistic of the estimates contract -> outcome of aggregates; "" takes the row's cause."""


def read_estimates(folder: Path) -> tuple[SourceTable | None, list[Finding]]:
    """Rates of another run of caseseries as rows of aggregates.

    Parameters
    ----------
    folder : cohort folder that holds the other centre's estimates.csv.

    Returns
    -------
    One row for each group, definition and outcome, on the line of its first row; None where the file is no
    estimates.csv. Each row keeps its definition, so that the centres pool under any that both evaluated.
    """
    shown = f"{folder.name}/{FILE}"
    table, findings = read_csv(folder / FILE, "estimates", shown)
    if table is None:
        return None, findings
    if list(table.texts) != list(ESTIMATES):
        rule = "the file must have the columns of an estimates.csv that caseseries wrote, in their order"
        return None, [*findings, Finding(shown, line=1, rule=rule, example=",".join(ESTIMATES[:5]) + ",...")]
    rows = choose_rates(table.texts)
    if not rows.any():
        rule = "the file holds no rate of the main analysis (response_rate, complete_response_rate, outcome_rate)"
        return None, [*findings, Finding(shown, column="statistic", rule=rule, example="response_rate")]
    chosen = table.texts[rows]
    outcome = chosen["statistic"].map(RATES)
    texts = (
        pd.DataFrame(
            {
                "group": chosen["group"],
                "outcome": outcome.where(outcome != "", chosen["cause"]),
                "definition": chosen["definition"],
                "events": chosen["events"],
                "n": chosen["n"],
                "not_evaluable": chosen["not_evaluable"],
                "origin": "estimates",
            }
        )
        .reset_index(drop=True)
        .astype(object)
    )
    return SourceTable("aggregates", texts, table.lines[rows], ((0, shown),)), findings


def choose_rates(texts: pd.DataFrame) -> np.ndarray:
    """Rows that are counted: of the main analysis, each rate once, since its counts repeat with every method."""
    kept = texts["statistic"].isin(RATES) & texts["analysis"].isin(["primary", "aggregate"]) & (texts["n"] != "")
    key = ["group", "definition", "statistic", "cause"]
    repeated = texts[kept].duplicated(key).reindex(texts.index, fill_value=True)
    return (kept & ~repeated).to_numpy()
