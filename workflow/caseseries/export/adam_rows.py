"""The rows of a cohort for its ADaM data sets as they lie on disk: all at once of a small cohort, block by block of a
large one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from caseseries.export.adam import Analysed, Part, analysed_at_once
from caseseries.export.adam_courses import READ, courses_of
from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition
from caseseries.model.layout import Layout
from caseseries.model.parquet import SUFFIX, count_groups, names_of_groups, read_each, read_groups
from caseseries.model.records import Records, empty_table, episode_ids, read_blocks, read_records
from caseseries.model.result_columns import NUMBERS
from caseseries.model.results import RESPONSES, TIMES, read_table
from caseseries.model.sample import MOST_SENT
from caseseries.report.study import read_or_empty, records_of
from caseseries.response.classify import CLASSIFIED
from caseseries.words.labels import DefinitionLabel

JUDGED = (
    *("episode_id", "definition", "response_class", "provisional_class", "value", "time_to_response"),
    *("time_to_confirmation", "time_to_complete_response", "loss_of_response", "decided_by", "because"),
)
"""Columns of responses that ADRS has."""

COUNTED: Mapping[str, Sequence[str]] = {
    "episodes": (*CLASSIFIED["episodes"], "baseline", "source_row"),
    "counts": (*CLASSIFIED["counts"], "count", "unit"),
    "events": CLASSIFIED["events"],
    "outcomes": ("episode_id",),
    **{table: ("episode_id",) for table in ("bleeding", "exposures", "weights", "adverse_events")},
}
"""Columns of the records that ADLB is made of; of the other tables the least that can be read."""


def read_analysed(
    cohort: Cohort, layout: Layout, definitions: Mapping[str, Definition], labels: Mapping[str, DefinitionLabel]
) -> Analysed:
    """The cohort in full, whatever may leave of it; what no stage has written yet is empty."""
    folder, paths = layout.records(cohort.id), (layout.responses(cohort.id), layout.times(cohort.id))
    if folder.exists() and all(path.exists() for path in paths):
        named = {"episodes": READ, "outcomes": ("episode_id",)}
        known = read_records(folder, tuple(named), named)
        ids = episode_ids(known)
        if len(ids) > MOST_SENT:
            pairs = different(paths[1], ("definition", "cause"))
            return Analysed(
                cohort=cohort,
                episodes=known["episodes"],
                courses=courses_of(cohort.id, ids, known["episodes"]),
                judged=frozenset(different(paths[0], ("definition",))["definition"]),
                timed=frozenset(zip(pairs["definition"], pairs["cause"], strict=True)),
                definitions=definitions,
                labels=labels,
                parts=Blocks(folder, *paths, ids),
            )
    part = Part(
        records_of(cohort.id, folder),
        _typed(read_or_empty(paths[0], RESPONSES, categories=True)),
        _typed(read_or_empty(paths[1], TIMES, categories=True)),
    )
    return analysed_at_once(cohort, part, definitions, labels)


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Numbers as numbers also in a table without rows."""
    return frame.astype({name: float for name in NUMBERS.intersection(frame.columns)})


def different(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """The different rows that some columns of text of a result have, in the memory of a row group."""
    if path.suffix != SUFFIX:
        return read_table(path, columns).drop_duplicates()
    groups = read_each(path, range(count_groups(path)), columns, categories=True)
    found = [group.drop_duplicates().astype(object) for group in groups]
    return pd.concat(found).drop_duplicates() if found else pd.DataFrame(columns=list(columns))


@dataclass(frozen=True)
class Blocks:
    """The rows of a large cohort, block by block as its records lie on disk.

    Parameters
    ----------
    folder, responses, times : where records, classes and times lie.
    ids : ids of the courses, in the order of the records.
    """

    folder: Path
    responses: Path
    times: Path
    ids: pd.Index

    def __iter__(self) -> Iterator[Part]:
        judged, timed = ResultRows(self.responses, JUDGED, self.ids), ResultRows(self.times, TIMES, self.ids)
        start = 0
        for block in read_blocks(self.folder, COUNTED):
            stop = start + len(episode_ids(block))
            yield Part(counted_alone(block), judged.between(start, stop), timed.between(start, stop))
            start = stop


def counted_alone(records: Records) -> Records:
    """Records without rows that do not make a baseline."""
    without = {table: empty_table(table) for table in ("bleeding", "exposures", "weights", "adverse_events")}
    return replace(records, tables=records.tables | without)


class ResultRows:
    """The rows of a result of cases, of some courses at a time.

    A row group of Parquet has rows of one block of episodes, so that one of its ids tells of which.

    Parameters
    ----------
    columns : those that are read.
    ids : ids of the courses in their order; rows of others are left out.
    """

    def __init__(self, path: Path, columns: Sequence[str], ids: pd.Index):
        self._path, self._columns, self._ids = path, columns, ids
        self._packed = path.suffix == SUFFIX
        named = names_of_groups(path, "episode_id") if self._packed else self._whole["episode_id"]
        self._places = ids.get_indexer(pd.Index(named, dtype=object))

    @cached_property
    def _whole(self) -> pd.DataFrame:
        return _typed(read_table(self._path, self._columns))

    def between(self, start: int, stop: int) -> pd.DataFrame:
        """The rows of the courses from one number to that before another, in their order."""
        here = np.flatnonzero((self._places >= start) & (self._places < stop))
        if self._packed:
            return read_groups(self._path, here.tolist(), self._columns)
        return self._whole.iloc[here].reset_index(drop=True)
