"""Shards of a large cohort: each classifies some of its blocks, and what they wrote is joined in their order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from caseseries.model.definition import Definition
from caseseries.model.files import whole
from caseseries.model.layout import Layout
from caseseries.model.parquet import GroupWriter, names_of_groups, read_group
from caseseries.model.results import RESPONSES, TIMES, numbers_of
from caseseries.response.rows import Judged
from caseseries.response.spill import Spill

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Shard:
    """The shard `number` of `of`, from 1 on."""

    number: int
    of: int

    @classmethod
    def named(cls, name: str) -> Shard:
        """The shard of a name as Snakemake gives it to a part: `3-of-26`.

        Raises
        ------
        ValueError : it is no such name.
        """
        found = re.fullmatch(r"([1-9]\d*)-of-([1-9]\d*)", name)
        if not found or int(found[1]) > int(found[2]):
            raise ValueError(f"not a shard: {name}")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.number}-of-{self.of}"

    def of_blocks(self, blocks: int) -> tuple[int, int]:
        """Its first block, and the one after its last; the same twice where there are fewer blocks than shards."""
        return (self.number - 1) * blocks // self.of, self.number * blocks // self.of


WHOLE = Shard(1, 1)


def places_of(layout: Layout, cohort: str, shard: Shard) -> tuple[Path, Path]:
    """Where a shard writes its responses and its times."""
    folder = layout.shards_apart(cohort) / str(shard)
    return folder / "responses.parquet", folder / "times.parquet"


def write_shard(parts: Iterable[Judged], responses: Path, times: Path) -> None:
    """Write classes and times as they come, a row group for each block and definition."""
    with (
        whole(responses) as one,
        whole(times) as two,
        GroupWriter(one, numbers_of(RESPONSES)) as classes,
        GroupWriter(two, numbers_of(TIMES)) as times_file,
    ):
        for judged, timed in parts:
            for rows in judged:
                classes.write_arrow(rows.columns)
            for rows in timed:
                times_file.write_arrow(rows.columns)


class ShardFile:
    """What a shard wrote to a file: groups of rows, each of one definition, whose name stands in `names`."""

    def __init__(self, path: Path):
        self._path, self.names = path, names_of_groups(path, "definition")

    def read(self, group: int) -> pa.Table:
        """A group."""
        return read_group(self._path, group)


def gather(parts: Sequence[ShardFile | Spill], definitions: Sequence[Definition]) -> Iterator[pa.Table]:
    """Groups of rows of one kind in the order of the cohort at once: by definition, then episode.

    Parameters
    ----------
    parts : in the order of the episodes.
    """
    ranks = {definition.id: rank for rank, definition in enumerate(definitions)}
    found = []
    for place, part in enumerate(parts):
        for group, name in enumerate(part.names):
            event = "" if name in ranks else name
            rank = ranks[name] if name in ranks else max(ranks[one.id] for one in definitions if one.reported)
            found.append((rank, event, place, group))
    for _, _, place, group in sorted(found):
        yield parts[place].read(group)
