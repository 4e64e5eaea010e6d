"""Shards of a large cohort: each classifies some of its blocks, and what they wrote is joined in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from caseseries.model.layout import Layout
from caseseries.model.parquet import count_groups, read_frame
from caseseries.model.results import Classification


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
    folder = layout.shard(cohort, str(shard))
    return folder / "responses.parquet", folder / "times.parquet"


def gathered(layout: Layout, cohort: str, number: int) -> Iterator[Classification]:
    """What the shards wrote, block by block in the order of the cohort."""
    for place in range(1, number + 1):
        responses, times = places_of(layout, cohort, Shard(place, number))
        for group in range(count_groups(responses)):
            yield Classification(*(read_frame(path, groups=[group], categories=True) for path in (responses, times)))
