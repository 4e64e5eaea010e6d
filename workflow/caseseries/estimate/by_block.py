"""What the estimates take from the rows of episodes, in one pass over the blocks in which a large cohort lies.

Counts, events and doses are most of the records, and making evidence of them is most of the work on them: here each
block is read once, its evidence is made once, and what is kept has a value an episode.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from caseseries.estimate.baselines import count_met
from caseseries.estimate.exposure import Exposures, exposures_of, joined_exposures
from caseseries.estimate.harms import Outcome
from caseseries.estimate.safety import outcomes_of_block
from caseseries.model.abreast import abreast, processors
from caseseries.model.cohort import Cohort
from caseseries.model.columns import TABLES
from caseseries.model.definition import Definition
from caseseries.model.drug import Drug
from caseseries.model.numbering import Numbering
from caseseries.model.records import Records, count_blocks, empty_table, read_blocks, read_records
from caseseries.response.classify import CLASSIFIED
from caseseries.response.evidence import evidence_of

MANY = ("counts", "events", "bleeding", "exposures")
"""Tables of which a large cohort has its rows block by block alone."""

READ: Mapping[str, Sequence[str]] = {
    "episodes": ("episode_id",),
    "outcomes": ("episode_id",),
    **{table: CLASSIFIED[table] for table in ("counts", "weights", "adverse_events")},
}
"""Columns that are read of a block, every one of a table that is not named; its episodes are in memory already."""


@dataclass
class ByBlock:
    """What is taken from the rows of episodes.

    Parameters
    ----------
    exposures : what each episode got; the days of its doses are left out.
    outcomes : `safety.outcomes_of_block`.
    met : definition -> how many of some episodes have a baseline that meets the count it asks for.
    few : rows of the few episodes that are looked at again, by table, as records have them.
    elsewhere : columns of episodes.csv of which other tables tell: a count before the first dose is a baseline.
    """

    exposures: Exposures
    outcomes: list[Outcome]
    met: Counter[str] = field(default_factory=Counter)
    few: dict[str, pd.DataFrame] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()


def read_apart(folder: Path) -> tuple[Records, Iterable[Records]]:
    """The records of a cohort, without rows of `MANY` where it lies in blocks, and the blocks that have them."""
    if count_blocks(folder) == 1:
        records = read_records(folder)
        return records, [records]
    records = read_records(folder, tuple(table for table in TABLES if table not in MANY))
    records.tables |= {table: empty_table(table) for table in MANY}
    return records, with_episodes(read_blocks(folder, READ), records["episodes"])


def with_episodes(blocks: Iterable[Records], episodes: pd.DataFrame) -> Iterator[Records]:
    """Blocks with all columns of their episodes, which are in memory already."""
    start = 0
    for block in blocks:
        end = start + len(block["episodes"])
        yield replace(block, tables=block.tables | {"episodes": episodes.iloc[start:end].reset_index(drop=True)})
        start = end


def with_members(blocks: Iterable[Records], members: np.ndarray) -> Iterator[tuple[Records, np.ndarray]]:
    """Blocks with the mask of their own episodes."""
    start = 0
    for block in blocks:
        end = start + len(block["episodes"])
        yield block, members[start:end]
        start = end


def look_at_blocks(
    cohort: Cohort,
    blocks: Iterable[Records],
    drugs: dict[str, Drug],
    judging: Sequence[Definition],
    members: np.ndarray,
    few: Collection[str],
) -> ByBlock:
    """Everything that estimates take from rows of episodes, but for adverse events.

    Parameters
    ----------
    blocks : the records of consecutive episodes, in their order; at least one.
    judging, members : the definitions of which baselines are asked, and of whom (mask, an episode of episodes.csv).
    few : ids of the episodes whose rows are kept.
    """
    wanted = Numbering(pd.Index(sorted(few)))

    def look(block_and_members: tuple[Records, np.ndarray]) -> ByBlock:
        block, members_of_it = block_and_members
        return look_at_block(cohort, block, drugs, judging, members_of_it, wanted)

    parts = list(abreast(look, with_members(blocks, members), processors()))
    if len(parts) == 1:
        return parts[0]
    return ByBlock(
        joined_exposures([part.exposures for part in parts]),
        [joined(same) for same in zip(*(part.outcomes for part in parts), strict=True)],
        sum((part.met for part in parts), Counter()),
        {table: below_one_another([part.few[table] for part in parts]) for table in MANY},
        frozenset().union(*(part.elsewhere for part in parts)),
    )


def look_at_block(
    cohort: Cohort,
    block: Records,
    drugs: dict[str, Drug],
    judging: Sequence[Definition],
    members: np.ndarray,
    wanted: Numbering,
) -> ByBlock:
    """`look_at_blocks` of one block."""
    evidence = cache(lambda analyte: evidence_of(block, analyte, cohort.visits))
    exposures = exposures_of(cohort, block, drugs)
    return ByBlock(
        exposures.without_days(),
        list(outcomes_of_block(cohort, block, drugs, exposures, evidence)),
        count_met(evidence, judging, members),
        {table: rows_among(block[table], wanted) for table in MANY},
        told_elsewhere(cohort, block),
    )


def told_elsewhere(cohort: Cohort, block: Records) -> frozenset[str]:
    """Columns of episodes.csv of which counts and doses tell, so that nobody may say that they were not recorded."""
    counts, exposures = block["counts"], block["exposures"]
    early = (counts["analyte"] == cohort.conventions.analyte) & (
        (counts["day"] <= 0) | (counts["timepoint"] == "baseline")
    )
    given = ~exposures["role"].isin(["concomitant", "rescue"])
    return frozenset(name for name, told in (("baseline", early.any()), ("drug", given.any())) if told)


def rows_among(table: pd.DataFrame, wanted: Numbering) -> pd.DataFrame:
    """The rows of some episodes, with plain text: the words of a block are many more than a few rows have."""
    rows = table[wanted.of(table["episode_id"]) >= 0]
    return rows.astype(dict.fromkeys(rows.select_dtypes("category"), object))


def joined(parts: Sequence[Outcome]) -> Outcome:
    """One outcome of the episodes of all blocks."""
    return replace(
        parts[0],
        looked_at=np.concatenate([part.looked_at for part in parts]),
        recorded=np.concatenate([part.recorded for part in parts]),
        happened=np.concatenate([part.happened for part in parts]),
    )


def below_one_another(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The rows of all blocks."""
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
