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
    events = numbered(records["events"], ids)
    events = only_where(events, events["day"].notna().to_numpy())
    bleeding, exposures = numbered(records["bleeding"], ids), numbered(records["exposures"], ids)
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
            bleeding["number"].to_numpy(),
            whole(bleeding["first_day"]),
            whole(bleeding["last_day"]),
            bleeding["who_grade"].to_numpy(float),
            bleeding["source_row"].to_numpy(np.int64),
        ),
        bleeding_to=np.where(
            episodes["bleeding_recorded"] == "yes",
            episodes["bleeding_recorded_to"].fillna(np.inf).to_numpy(float),
            -np.inf,
        ),
        events=sort_events(
            events["number"].to_numpy(),
            whole(events["day"]),
            kinds_of(records, events, analyte),
            events["source_row"].to_numpy(np.int64),
        ),
        exposures=sort_spells(
            exposures["number"].to_numpy(),
            exposures["first_day"].to_numpy(float),
            exposures["last_day"].to_numpy(float),
            texts_of(exposures["class"]),
            exposures["source_row"].to_numpy(np.int64),
        ),
        follow_up_end=episodes["follow_up_end_day"].to_numpy(float),
        reported=episodes["reported_response"].fillna("").to_numpy(str),
        reported_time=episodes["reported_time_to_response"].to_numpy(float),
        planned=np.full(len(ids), visits == "planned"),
        transfusion=transfusion_of(analyte),
    )


def numbered(table: pd.DataFrame, ids: pd.Index) -> pd.DataFrame:
    """The rows of known episodes, with the episode's number."""
    number = ids.get_indexer(table["episode_id"])
    return only_where(table.assign(number=number), number >= 0)


def only_where(table: pd.DataFrame, mask: np.ndarray) -> pd.DataFrame:
    """The rows where a mask holds; the table itself where it holds in all."""
    return table if mask.all() else table[mask]


def texts_of(column: pd.Series) -> np.ndarray:
    """A column of text, or of categories, as fixed-width text."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.categories.to_numpy(str)[column.cat.codes.to_numpy()]
    return column.to_numpy(str)


def whole(days: pd.Series) -> np.ndarray:
    """Days as int64; they are whole by contract."""
    return days.to_numpy(float).astype(np.int64)


def counts_of(table: pd.DataFrame, ids: pd.Index, analyte: str) -> tuple[Counts, Counts]:
    """Dated counts, and undated ones whose time point says that they were taken after the first dose."""
    number = ids.get_indexer(table["episode_id"])
    known = (table["analyte"] == analyte).to_numpy() & table["lo"].notna().to_numpy() & (number >= 0)
    dated = table["day"].notna().to_numpy()
    loose = known & ~dated & table["timepoint"].isin(POST_DOSE_TIMEPOINTS).to_numpy()
    undated = columns_of(table, number, loose, len(ids), dated=False)
    return columns_of(table, number, known & dated, len(ids)), replace(undated, dated=False)


def columns_of(table: pd.DataFrame, number: np.ndarray, rows: np.ndarray, size: int, dated: bool = True) -> Counts:
    """Sorted counts from the rows of the counts table where a mask holds; `number` is that of the episode of each."""
    every = bool(rows.all())

    def of(column: pd.Series | np.ndarray, kind: type) -> np.ndarray:
        values: np.ndarray = np.asarray(column, kind)
        return values if every else values[rows]

    episode = of(number, np.int64)
    return sort_counts(
        size,
        episode,
        of(table["day"], float).astype(np.int64) if dated else np.zeros(len(episode), np.int64),
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
    ends = ["lo", "hi", "lo_open", "hi_open"]
    found = episodes[[f"baseline_{end}" for end in ends]].set_axis(ends, axis=1)
    if analyte != records.conventions.analyte:
        counts = records["counts"]
        called = counts[(counts["analyte"] == analyte) & (counts["timepoint"] == "baseline") & counts["lo"].notna()]
        called = called.sort_values(["day", "source_row"], kind="stable", na_position="first")
        found = called.drop_duplicates("episode_id", keep="last").set_index("episode_id").reindex(episodes.index)
    flags = (found[name].eq(True).to_numpy(bool) for name in ("lo_open", "hi_open"))
    return Values(found["lo"].to_numpy(float), found["hi"].to_numpy(float), *flags)
