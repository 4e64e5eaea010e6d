"""What the estimates take from counts, in one pass over the blocks in which a large cohort lies.

Counts are most of the records, and making evidence of them is most of the work on them: here each block is read once,
its evidence is made once, and what is kept has a value an episode.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from caseseries.estimate.baselines import count_met
from caseseries.estimate.exposure import Exposures
from caseseries.estimate.harms import Outcome
from caseseries.estimate.platelet_harms import platelet_outcomes
from caseseries.model.cohort import Cohort
from caseseries.model.columns import TABLES
from caseseries.model.definition import Definition
from caseseries.model.numbering import Numbering
from caseseries.model.records import Records, count_blocks, empty_table, read_blocks, read_records
from caseseries.response.classify import CLASSIFIED
from caseseries.response.evidence import evidence_of

READ = CLASSIFIED | {"episodes": ("episode_id",), "outcomes": ("episode_id",)}
"""Columns of a block that evidence is made of, beside those of its episodes."""


@dataclass(frozen=True)
class FromCounts:
    """What is taken from the counts of a cohort.

    Parameters
    ----------
    harms : every harm that is read from counts.
    met : definition -> how many of some episodes have a baseline that meets the count it asks for.
    few : the counts of the few episodes that are looked at again, as records have them.
    """

    harms: list[Outcome]
    met: Counter[str]
    few: pd.DataFrame


def read_apart(folder: Path) -> tuple[Records, Iterable[Records]]:
    """The records of a cohort, without its counts where it lies in blocks, and the blocks that have them."""
    if count_blocks(folder) == 1:
        records = read_records(folder)
        return records, [records]
    records = read_records(folder, tuple(table for table in TABLES if table != "counts"))
    records.tables["counts"] = empty_table("counts")
    return records, with_episodes(read_blocks(folder, READ), records["episodes"])


def with_episodes(blocks: Iterable[Records], episodes: pd.DataFrame) -> Iterator[Records]:
    """Blocks with all columns of their episodes, which are in memory already."""
    start = 0
    for block in blocks:
        end = start + len(block["episodes"])
        yield replace(block, tables=block.tables | {"episodes": episodes.iloc[start:end].reset_index(drop=True)})
        start = end


def look_at_counts(
    cohort: Cohort,
    blocks: Iterable[Records],
    exposures: Exposures,
    judging: Sequence[Definition],
    members: np.ndarray,
    few: Collection[str],
) -> FromCounts:
    """Everything that estimates take from counts.

    Parameters
    ----------
    blocks : the records of consecutive episodes, in their order.
    judging, members : the definitions of which baselines are asked, and of whom (mask, an episode of episodes.csv).
    few : ids of the episodes whose counts are kept.
    """
    wanted = Numbering(pd.Index(sorted(few)))
    harms: list[list[Outcome]] = []
    met: Counter[str] = Counter()
    kept: list[pd.DataFrame] = []
    start = 0
    for block in blocks:
        end = start + len(block["episodes"])
        evidence = cache(lambda analyte, block=block: evidence_of(block, analyte, cohort.visits))
        harms.append(list(platelet_outcomes(cohort, block, exposures.of_episodes(start, end), evidence)))
        met.update(count_met(evidence, judging, members[start:end]))
        kept.append(block["counts"][wanted.of(block["counts"]["episode_id"]) >= 0])
        start = end
    filled = [part for part in kept if len(part)] or kept[:1]
    return FromCounts([joined(parts) for parts in zip(*harms, strict=True)], met, pd.concat(filled, ignore_index=True))


def joined(parts: Sequence[Outcome]) -> Outcome:
    """One outcome of the episodes of all blocks."""
    if len(parts) == 1:
        return parts[0]
    return replace(
        parts[0],
        looked_at=np.concatenate([part.looked_at for part in parts]),
        recorded=np.concatenate([part.recorded for part in parts]),
        happened=np.concatenate([part.happened for part in parts]),
    )
