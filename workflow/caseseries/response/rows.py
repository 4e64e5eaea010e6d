"""Rows of responses.csv and of times.csv from what a definition makes of the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from caseseries.model.codes import Codes, Columns, taken, texts_of
from caseseries.model.parquet import arrow_table
from caseseries.model.records import Records
from caseseries.model.result_columns import DECIDABLE
from caseseries.model.results import CAUSES, NOT_EVALUABLE, RESPONSES, TIMES, numbers_of
from caseseries.response.outcome import Outcome
from caseseries.response.reasons import because, reasons, refine
from caseseries.response.recorded import decidable
from caseseries.response.series import ROW_TABLES, TABLE_SPAN

if TYPE_CHECKING:
    import pyarrow as pa

AS_REPORTED = "as_reported"

NUMBERS = numbers_of(RESPONSES), numbers_of(TIMES)
"""Which columns of classes and of times are numbers."""

Judged: TypeAlias = "tuple[list[pa.Table], list[pa.Table]]"
"""Classes and times of a block as they are written: tables with rows, each of one definition."""


def stack(parts: list[Columns], names: tuple[str, ...]) -> pd.DataFrame:
    """Columns below one another as a frame; with the names alone where there is no row."""
    filled = [part for part in parts if len(part[names[0]])]
    if not filled:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in names})
    return pd.DataFrame({name: np.concatenate([texts_of(part[name]) for part in filled]) for name in names})


def columns_of(frame: pd.DataFrame) -> Columns:
    """The columns of a frame."""
    return {name: frame[name].to_numpy() for name in frame}


def judged_rows(responses: Columns, times: list[Columns]) -> Judged:
    """Classes and times as tables."""
    classes = [responses] if len(responses["episode_id"]) else []
    return [arrow_table(one, NUMBERS[0]) for one in classes], [
        arrow_table(one, NUMBERS[1]) for one in by_definition(times)
    ]


def by_definition(parts: list[Columns]) -> list[Columns]:
    """Columns of times, those of each definition together; none without a row."""
    if len(parts) == 1 and isinstance(named := parts[0]["definition"], Codes) and len(named.words) == 1:
        return parts if len(named) else []
    return [columns_of(rows) for _, rows in stack(parts, TIMES).groupby("definition", sort=False)]


def response_rows(outcome: Outcome, ids: Codes) -> Columns:
    """Columns of responses.csv for one definition."""
    names = [*outcome.labels, NOT_EVALUABLE, ""]
    clocks, refined = outcome.clocks, refine(outcome)
    classes = np.where(outcome.evaluable, named(outcome.chosen, names), len(outcome.labels))
    return {
        "episode_id": ids,
        "definition": Codes.alike(outcome.view.definition.id, len(ids)),
        "response_class": Codes.into(names, classes),
        "provisional_class": Codes.into(names, named(outcome.provisional, names)),
        "decided_class": Codes.into(names, np.where(outcome.decided >= 0, outcome.decided, classes)),
        "decidable": decidable_words(outcome),
        "value": outcome.value,
        "time_to_response": clocks.onset,
        "time_to_confirmation": clocks.confirmed,
        "time_to_complete_response": clocks.complete,
        "loss_of_complete_response": clocks.loss_complete,
        "loss_of_response": clocks.loss,
        "decided_by": name_rows(outcome.rows),
        "because": because(outcome, refined),
        "reason": reasons(outcome, refined),
    }


def named(places: np.ndarray, names: list[str]) -> np.ndarray:
    """Places in `names`; the last of them for -1."""
    return np.where(places < 0, len(names) - 1, places)


def decidable_words(outcome: Outcome) -> Codes:
    """Which outcome the record of each evaluable episode could have decided (`results.DECIDABLE`), "" for none."""
    size = len(outcome.chosen)
    if outcome.view.definition.measure is not None:
        return Codes.alike("", size)
    if outcome.view.definition.reported:
        response = failure = np.ones(size, bool)
    else:
        response, failure = decidable(outcome.view)
    words = np.zeros(size, np.int8)
    masks = (response & failure, response & ~failure, failure & ~response)
    for place, mask in enumerate(masks, 1):
        words[mask & outcome.evaluable] = place
    return Codes.into(["", *DECIDABLE], words)


def name_rows(codes: np.ndarray) -> Codes | np.ndarray:
    """Row codes (episodes, any number; -1 for none) as `counts:12;counts:15`, each row once."""
    if not codes.shape[1]:
        return Codes.alike("", len(codes))
    result = np.full(len(codes), "", object)
    codes = np.sort(codes, axis=1)
    fresh = codes >= 0
    fresh[:, 1:] &= codes[:, 1:] != codes[:, :-1]
    tables = np.array([f"{table}:" for table in ROW_TABLES], object)
    for position in np.flatnonzero(fresh.any(axis=0)):
        used = fresh[:, position]
        column = codes[used, position]
        words = tables[column // TABLE_SPAN] + (column % TABLE_SPAN).astype(str).astype(object)
        result[used] = result[used] + np.where(result[used] == "", "", ";") + words
    return result


def time_rows(outcome: Outcome, ids: Codes) -> Columns:
    """Columns of times.csv for one definition; no row for an episode without a time."""
    times = outcome.times
    columns: Columns = {
        "episode_id": ids,
        "definition": Codes.alike(outcome.view.definition.id, len(ids)),
        "time": times.time,
        "cause": Codes.into(CAUSES, times.cause),
        "left": times.left,
        "right": times.right,
    }
    return taken(columns, ~np.isnan(times.time))


def reported_rows(outcome: Outcome, ids: Codes, records: Records) -> Columns:
    """Times that the source reports, but for the episodes whose response outcomes.csv times."""
    columns = time_rows(outcome, ids)
    outcomes = records["outcomes"]
    timed = outcomes.loc[outcomes["outcome"] == "response", "episode_id"]
    if not len(timed):
        return columns
    return taken(columns, ~np.isin(texts_of(columns["episode_id"]).astype(str), timed.to_numpy(str)))


def outcome_rows(records: Records) -> Columns:
    """Columns of times.csv for the timed outcomes of outcomes.csv.

    An outcome on a known day has left = right = day; one known to lie in an interval is timed by the interval's end;
    a competing cause or the end of observation bounds the outcome from the left alone, and so does an interval
    without an end.
    """
    table = records["outcomes"].sort_values(["outcome", "source_row"], kind="stable")
    outcome, cause = table["outcome"].to_numpy(object), table["cause"].to_numpy(object)
    day, left, right = (table[name].to_numpy(float) for name in ("day", "left_day", "right_day"))
    dated = ~np.isnan(day)
    happened = (cause == outcome) & (dated | ~np.isnan(right))
    time = np.where(dated, day, np.where(happened, right, left))
    columns = {
        "episode_id": table["episode_id"].to_numpy(object),
        "definition": np.where(outcome == "response", AS_REPORTED, AS_REPORTED + "_" + outcome).astype(object),
        "time": time,
        "cause": np.where((cause == outcome) & ~happened, "censored", cause).astype(object),
        "left": np.where(dated, day, left),
        "right": np.where(happened, np.where(dated, day, right), np.nan),
    }
    return taken(columns, ~np.isnan(time))
