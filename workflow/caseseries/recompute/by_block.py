"""The records of a cohort for a second count: of a large one the harms and doses come from block after block, so that
no more than a block of its counts, events and doses is in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from caseseries.estimate.exposure import Exposures, exposures_of, joined_exposures
from caseseries.model.cohort import Cohort
from caseseries.model.drug import Drug
from caseseries.model.order import TELLS_ORDER
from caseseries.model.records import Records, count_blocks, read_blocks, read_records
from caseseries.recompute.harm import Harm, bleeding, treatments
from caseseries.recompute.harm_of_counts import harms_of_counts

ASKED = (
    *("episode_id", "patient_id", *TELLS_ORDER, "follow_up_end_day", "pregnant", "drug", "adverse_events_recorded"),
)
"""Columns of episodes.csv that are read of all episodes, beside those by which cohort.yaml sets them apart."""

READ = {
    "counts": ("episode_id", "day", "timepoint", "flag", "analyte", "source_row", "lo", "hi", "lo_open", "hi_open"),
    "events": ("episode_id", "day", "kind"),
    "outcomes": ("episode_id",),
    "weights": ("episode_id",),
    "adverse_events": ("episode_id",),
}
"""Columns that are read of a block, every one of a table that is not named."""


def read_apart(cohort: Cohort, folder: Path) -> tuple[Records, Iterable[Records]]:
    """The records of a cohort and its blocks; of a large one those that are known of all episodes at once are some
    columns of the episodes and the adverse events.
    """
    if count_blocks(folder) == 1:
        records = read_records(folder)
        return records, [records]
    predictor = (
        () if cohort.predictor is None else (cohort.predictor, f"{cohort.predictor}_lo", f"{cohort.predictor}_hi")
    )
    grouped = () if cohort.grouped_by is None else (cohort.grouped_by,)
    columns = list(dict.fromkeys([*ASKED, *grouped, *cohort.not_a_start, *predictor]))
    records = read_records(folder, ("episodes", "adverse_events"), {"episodes": columns})
    return records, (with_text(block) for block in read_blocks(folder, READ))


def with_text(block: Records) -> Records:
    """A block whose text is str but for that of its counts, which are the most and of whose text none is made."""
    tables = {}
    for name, table in block.tables.items():
        texts = table.select_dtypes("category") if name != "counts" else ()
        tables[name] = table.astype(dict.fromkeys(texts, object))
    return replace(block, tables=tables)


def look_at_blocks(
    cohort: Cohort, blocks: Iterable[Records], drugs: dict[str, Drug]
) -> tuple[Exposures, dict[tuple[str, str], Harm]]:
    """What each episode got of its study drugs, and its harms but for adverse events; there is at least one block."""
    exposures, harms = zip(*(look_at_block(cohort, block, drugs) for block in blocks), strict=True)
    return joined_exposures(exposures), {key: joined([part[key] for part in harms]) for key in harms[0]}


def look_at_block(
    cohort: Cohort, block: Records, drugs: dict[str, Drug]
) -> tuple[Exposures, dict[tuple[str, str], Harm]]:
    """`look_at_blocks` of one block."""
    exposures = exposures_of(cohort, block, drugs)
    found = dict(bleeding(block)) | dict(treatments(block, drugs)) | dict(harms_of_counts(cohort, block, exposures))
    return exposures.without_days(), found


def joined(parts: Sequence[Harm]) -> Harm:
    """The harm of the episodes of all blocks."""

    def below(name: str) -> pd.Series:
        return pd.concat([getattr(part, name) for part in parts], ignore_index=True)

    return Harm(below("looked_for"), below("recorded"), below("happened"))
