"""Two releases of a restricted cohort beside each other: numbers that differ by few people tell of those few."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from caseseries.model.cohort import Cohort, load_cohort
from caseseries.model.layout import Layout
from caseseries.model.results import read_table
from caseseries.seal.values import KEYS
from caseseries.words.nouns import inflected, plural

TABLES = {
    "estimates.csv": (KEYS, ("events", "n", "not_evaluable")),
    "description.csv": (("group", "variable", "level", "statistic"), ("counted", "n", "missing")),
    "flow.csv": (("step", "of"), ("n",)),
}
"""Tables of a cohort that count people: the columns that name a row, and those that count."""

BOTH = "Whoever has both learns of those few: let only one of them leave."


def few_between(layout: Layout, other: Path) -> list[str]:
    """A line a restricted cohort of which some number of people differs by few from that of another release.

    A cohort whose data are not here is passed over: nothing says whether it is restricted.
    """
    there = [
        folder.name for folder in sorted(other.glob("*/")) if (layout.cohort(folder.name) / "cohort.yaml").exists()
    ]
    lines = []
    for cohort in map(load_cohort, map(layout.cohort, there)):
        limit = cohort.disclosure.threshold
        few = 0 if cohort.releasable else sum(_few(cohort, layout.release / cohort.id, other / cohort.id))
        if few:
            said = f"{plural(few, 'number')} of people {inflected(few, 'differs', 'differ')} by fewer than {limit}"
            lines.append(f"{cohort.id}: {said} between the two releases. {BOTH}")
    return lines


def _few(cohort: Cohort, now: Path, before: Path) -> Iterator[int]:
    """How many numbers of each table differ by few people."""
    for name, (keys, numbers) in TABLES.items():
        if (now / name).exists() and (before / name).exists():
            here, there = (_counts(read_table(folder / name), keys, numbers) for folder in (now, before))
            moved = (here - there).abs()
            yield int(((moved > 0) & (moved < cohort.disclosure.threshold)).any(axis=1).sum())


def _counts(table: pd.DataFrame, keys: tuple[str, ...], numbers: tuple[str, ...]) -> pd.DataFrame:
    """Numbers of people by what they are of, those without the event among them; each once."""
    if "value" in table:
        table = table.assign(counted=table["value"].where(table["statistic"] == "count"))
    counts = table.set_index(list(keys))[list(numbers)]
    if "events" in counts:
        counts["without"] = counts["n"] - counts["events"]
    return counts[~counts.index.duplicated()]
