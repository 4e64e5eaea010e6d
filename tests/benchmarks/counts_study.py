"""A study whose one cohort has nothing but synthetic counts, as records on disk: what the packages are measured on."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from caseseries.model.columns import TABLES
from caseseries.model.conventions import Conventions
from caseseries.model.layout import Layout
from caseseries.model.records import Records, empty_table, type_table, write_blocks

COHORT = "counts"

ABOUT = f"""\
id: {COHORT}
title: SYNTHETIC counts
citation: SYNTHETIC data of a benchmark; no person stands behind it.
design: simulation
population: SYNTHETIC patients
condition: itp
source_definition: confirmed_50
provenance: synthetic
licence: CC0-1.0
disclosure: {{profile: synthetic, basis: No person stands behind any row.}}
"""


def layout_of(folder: Path) -> Layout:
    """The folders of a study."""
    return Layout(folder / "data", folder / "config", folder / "results")


def counts_of(folder: Path) -> Path:
    """The counts of the study: columns `episode_id`, `day`, `lo`, and what else records of counts have."""
    return layout_of(folder).records(COHORT) / "counts.parquet"


def write_study(folder: Path, definitions: str, blocks: Iterable[pa.Table]) -> None:
    """Write the study: its records, the file of its definitions, and its sources.

    Parameters
    ----------
    blocks : counts of consecutive episodes, at most `records.BLOCK` in each; columns as `speed_response.counts` gives
        them.
    """
    layout = layout_of(folder)
    for path, text in (
        (layout.cohort(COHORT) / "cohort.yaml", ABOUT),
        (layout.config / "definitions" / "rule.yaml", definitions),
    ):
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    write_blocks(map(records, blocks), layout.records(COHORT))
    os.link(counts_of(folder), layout.cohort(COHORT) / "counts.parquet")  # the size of the sources says how it is run


def records(block: pa.Table) -> Records:
    """Counts of a block as records of its episodes."""
    columns = {name: block.column(name).to_numpy() for name in block.column_names}
    numbers, places = np.unique(columns["episode"], return_inverse=True)
    ids = pd.Index([f"E{number:07}" for number in numbers])

    def one(word: str) -> pd.Categorical:
        return pd.Categorical.from_codes(np.zeros(block.num_rows, np.int8), [word])

    counts = {
        "episode_id": pd.Categorical.from_codes(places, ids),
        "day": columns["day"].astype(float),
        "timepoint": one(""),
        "count": pd.Categorical(columns["hi"]).rename_categories(lambda count: f"{count:g}"),
        "flag": one(""),
        "analyte": one("platelets"),
        "unit": one(""),
        **{name: columns[name] for name in ("source_row", "lo", "hi", "lo_open", "hi_open")},
    }
    episodes = pd.DataFrame({"episode_id": ids, "baseline": "20", "bleeding_recorded": "yes"})
    tables = {table: empty_table(table) for table in TABLES}
    tables |= {"episodes": type_table("episodes", episodes), "counts": pd.DataFrame(counts)}
    return Records(COHORT, tables, Conventions())


def rows_apart(rows: Iterable[tuple[int, int, float]]) -> Iterator[pa.Table]:
    """One block of (episode, day, count)."""
    episode, day, count = map(np.array, zip(*rows, strict=True))
    none, number = np.zeros(len(day), bool), np.arange(len(day)) + 2
    count = count.astype(float)
    named = {"episode": episode, "day": day, "lo": count, "hi": count, "lo_open": none, "hi_open": none}
    yield pa.table(named | {"source_row": number})
