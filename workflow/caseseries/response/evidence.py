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
    events = events[events["day"].notna()]
    bleeding, exposures = numbered(records["bleeding"], ids), numbered(records["exposures"], ids)
    episodes = records["episodes"]
    episodes = episodes.set_axis(episodes["episode_id"].to_numpy(object)).reindex(ids)
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
            exposures["class"].to_numpy(str),
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
    return table.assign(number=number)[number >= 0]


def whole(days: pd.Series) -> np.ndarray:
    """Days as int64; they are whole by contract."""
    return days.to_numpy(float).astype(np.int64)


def counts_of(table: pd.DataFrame, ids: pd.Index, analyte: str) -> tuple[Counts, Counts]:
    """Dated counts, and undated ones whose time point says that they were taken after the first dose."""
    table = table[(table["analyte"] == analyte) & table["lo"].notna()]
    table = numbered(table, ids)
    dated = table["day"].notna().to_numpy()
    loose = ~dated & table["timepoint"].isin(POST_DOSE_TIMEPOINTS).to_numpy()
    undated = columns_of(table[loose].assign(day=0.0), len(ids))
    return columns_of(table[dated], len(ids)), replace(undated, dated=False)


def columns_of(table: pd.DataFrame, size: int) -> Counts:
    """Sorted counts from rows of the counts table."""
    return sort_counts(
        size,
        table["number"].to_numpy(np.int64),
        whole(table["day"]),
        table["lo"].to_numpy(float),
        table["hi"].to_numpy(float),
        table["source_row"].to_numpy(np.int64),
        table["lo_open"].to_numpy(bool),
        table["hi_open"].to_numpy(bool),
        (table["flag"] == "pre_event").to_numpy(bool),
    )


def kinds_of(records: Records, events: pd.DataFrame, analyte: str) -> np.ndarray:
    """Kinds of events as a definition of the analyte names them."""
    kinds = events["kind"]
    return kinds.map({kind: records.conventions.kind_for(kind, analyte) for kind in kinds.unique()}).to_numpy(str)


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
