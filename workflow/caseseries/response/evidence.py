"""Evidence from the typed records of a cohort."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from caseseries.model.analytes import PLATELETS
from caseseries.model.columns import POST_DOSE_TIMEPOINTS
from caseseries.model.conventions import transfusion_of
from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import Layout
from caseseries.model.records import Records, Visits, episode_ids
from caseseries.response.series import Counts, Evidence, Values, sort_counts, sort_events, sort_spells


def records_folder(layout: Layout, cohort: str) -> Path:
    """Where the typed records of a cohort lie.

    Raises
    ------
    BadInput : the cohort has not been ingested.
    """
    folder = layout.records(cohort)
    if not folder.is_dir():
        rule = "the cohort has no records yet: ingest it first"
        raise BadInput([Finding(str(folder), rule=rule, example=f"caseseries ingest {cohort}")])
    return folder


def evidence_of(records: Records, analyte: str = PLATELETS, visits: Visits = "routine") -> Evidence:
    """What the records say about each episode of `episode_ids`, with the counts of one analyte.

    `visits` are the cohort's: planned, or those of routine care. The recorded baseline is that of the cohort's main
    analyte; another has the count that is called baseline, else what its counts give. Declared kinds of events stand as
    a definition of the analyte names them. Rows of episodes that the cohort does not have, and events without a day,
    take no part.
    """
    ids = episode_ids(records)
    counts, undated = counts_of(records["counts"], ids, analyte)
    events, event_of = numbered(records["events"], ids, dated="day")
    bleeding, bled = numbered(records["bleeding"], ids)
    exposures, exposed = numbered(records["exposures"], ids)
    episodes = records["episodes"]
    episodes = episodes.set_axis(episodes["episode_id"].to_numpy(object))
    if len(episodes) != len(ids):
        episodes = episodes.reindex(ids)
    return Evidence(
        size=len(ids),
        counts=counts,
        undated=undated,
        baseline=baseline_of(records, episodes, analyte),
        bleeding=sort_spells(
            bled,
            whole(bleeding["first_day"]),
            whole(bleeding["last_day"]),
            bleeding["who_grade"].to_numpy(float),
            bleeding["source_row"].to_numpy(np.int64),
        ),
        bleeding_to=np.where(
            texts_of(episodes["bleeding_recorded"]) == "yes",
            episodes["bleeding_recorded_to"].fillna(np.inf).to_numpy(float),
            -np.inf,
        ),
        events=sort_events(
            event_of, whole(events["day"]), kinds_of(records, events, analyte), events["source_row"].to_numpy(np.int64)
        ),
        exposures=sort_spells(
            exposed,
            exposures["first_day"].to_numpy(float),
            exposures["last_day"].to_numpy(float),
            texts_of(exposures["class"]),
            exposures["source_row"].to_numpy(np.int64),
        ),
        follow_up_end=episodes["follow_up_end_day"].to_numpy(float),
        reported=texts_of(episodes["reported_response"]),
        reported_time=episodes["reported_time_to_response"].to_numpy(float),
        planned=np.full(len(ids), visits == "planned"),
        transfusion=transfusion_of(analyte),
    )


def numbered(table: pd.DataFrame, ids: pd.Index, dated: str | None = None) -> tuple[pd.DataFrame, np.ndarray]:
    """The rows of known episodes, of those with a day where one is asked for, and the number of the episode of each."""
    number = numbers_of(table["episode_id"], ids)
    known = number >= 0
    if dated is not None:
        known &= table[dated].notna().to_numpy()
    return (table, number) if known.all() else (table[known], number[known])


def texts_of(column: pd.Series) -> np.ndarray:
    """A column of text, or of categories, as fixed-width text; "" for missing."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return np.append(column.cat.categories.to_numpy(str), "")[column.cat.codes.to_numpy()]
    return column.fillna("").to_numpy(str)


def whole(days: pd.Series) -> np.ndarray:
    """Days as int64; they are whole by contract."""
    return days.to_numpy(float).astype(np.int64)


def counts_of(table: pd.DataFrame, ids: pd.Index, analyte: str) -> tuple[Counts, Counts]:
    """Dated counts, and undated ones whose time point says that they were taken after the first dose."""
    number = numbers_of(table["episode_id"], ids)
    known = (table["analyte"] == analyte).to_numpy() & table["lo"].notna().to_numpy() & (number >= 0)
    dated = table["day"].notna().to_numpy()
    loose = known & ~dated
    if loose.any():
        loose &= table["timepoint"].isin(POST_DOSE_TIMEPOINTS).to_numpy()
    undated = columns_of(table, number, loose, len(ids), dated=False)
    return columns_of(table, number, known & dated, len(ids)), replace(undated, dated=False)


def numbers_of(column: pd.Series, ids: pd.Index) -> np.ndarray:
    """Number of the episode of each row (int32), -1 for one that is not among the ids."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return ids.get_indexer(column).astype(np.int32)
    words, codes = column.cat.categories, column.cat.codes.to_numpy()
    if np.array_equal(words.to_numpy(object), ids.to_numpy(object)):  # as in a block whose every episode has a count
        return codes.astype(np.int32)
    return np.append(ids.get_indexer(words), -1).astype(np.int32)[codes]  # of what is missing the code is -1


def columns_of(table: pd.DataFrame, number: np.ndarray, rows: np.ndarray, size: int, dated: bool = True) -> Counts:
    """Sorted counts from the rows of the counts table where a mask holds; `number` is that of the episode of each."""
    index = None if rows.all() else np.flatnonzero(rows)

    def of(column: pd.Series | np.ndarray, kind: type) -> np.ndarray:
        values: np.ndarray = np.asarray(column) if index is None else np.asarray(column).take(index)
        return values.astype(kind, copy=False)

    return sort_counts(
        size,
        of(number, np.int32),
        of(table["day"], np.int32) if dated else np.zeros(np.count_nonzero(rows), np.int32),
        of(table["lo"], float),
        of(table["hi"], float),
        of(table["source_row"], np.int64),
        of(table["lo_open"], bool),
        of(table["hi_open"], bool),
        of(table["flag"] == "pre_event", bool),
    )


def kinds_of(records: Records, events: pd.DataFrame, analyte: str) -> np.ndarray:
    """Kinds of events as a definition of the analyte names them."""
    kinds = events["kind"].astype("category")
    names = [records.conventions.kind_for(kind, analyte) for kind in kinds.cat.categories]
    return np.array(names, str)[kinds.cat.codes.to_numpy()]


def baseline_of(records: Records, episodes: pd.DataFrame, analyte: str) -> Values:
    """Recorded baseline of each episode: that of the cohort's main analyte, of another the last count that is called
    baseline.
    """
    found, prefix = episodes, "baseline_"
    if analyte != records.conventions.analyte:
        counts = records["counts"]
        called = counts[(counts["analyte"] == analyte) & (counts["timepoint"] == "baseline") & counts["lo"].notna()]
        called = called.sort_values(["day", "source_row"], kind="stable", na_position="first")
        found, prefix = called.drop_duplicates("episode_id", keep="last").set_index("episode_id"), ""
        found = found.reindex(episodes.index)
    lo, hi = (found[f"{prefix}{end}"].to_numpy(float) for end in ("lo", "hi"))
    lo_open, hi_open = (true_of(found[f"{prefix}{end}"]) for end in ("lo_open", "hi_open"))
    return Values(lo, hi, lo_open, hi_open)


def true_of(column: pd.Series) -> np.ndarray:
    """Where a column of truth is True; it may be missing."""
    return column.to_numpy() if column.dtype == bool else column.eq(True).to_numpy(bool)
