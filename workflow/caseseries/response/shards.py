"""Shards of a large cohort: each classifies some of its blocks, and what they wrote is joined in their order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from caseseries.model.definition import Definition
from caseseries.model.files import whole
from caseseries.model.layout import Layout
from caseseries.model.parquet import SUFFIX, names_of_groups, read_frame
from caseseries.model.results import RESPONSES, TIMES, Classification, writer_of


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


def write_shard(parts: Iterable[Classification], responses: Path, times: Path) -> None:
    """Write classes and times as they come, a row group for each block and definition."""
    with (
        whole(responses) as one,
        whole(times) as two,
        writer_of(one, SUFFIX, RESPONSES) as classes,
        writer_of(two, SUFFIX, TIMES) as timed,
    ):
        for part in parts:
            for file, frame in ((classes, part.responses), (timed, part.times)):
                for _, rows in frame.groupby("definition", sort=False, observed=True):
                    file.write(rows)


def gather(paths: Sequence[Path], definitions: Sequence[Definition]) -> Iterator[pd.DataFrame]:
    """What the shards wrote to files of one kind, in the order of the cohort at once: by definition, then episode."""
    ranks = {definition.id: rank for rank, definition in enumerate(definitions)}
    found = []
    for place, path in enumerate(paths):
        for group, name in enumerate(names_of_groups(path, "definition")):
            event = "" if name in ranks else name
            rank = ranks[name] if name in ranks else max(ranks[one.id] for one in definitions if one.reported)
            found.append((rank, event, place, group))
    for _, _, place, group in sorted(found):
        yield read_frame(paths[place], groups=[group], categories=True)
