"""Small synthetic cohorts as typed records."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from caseseries.model.columns import TABLES
from caseseries.model.records import Records, empty_table, type_table


def records(**tables: list[dict]) -> Records:
    """Records of a cohort named `synthetic`; rows are written as in a CSV file, absent cells are empty."""
    made = {name: empty_table(name) for name in TABLES}
    for name, rows in tables.items():
        made[name] = type_table(name, pd.DataFrame(rows).fillna("").astype(str))
    return Records("synthetic", made)


def counts(episode: str, *pairs: tuple) -> list[dict]:
    """Rows of the counts table: (day, count) or (day, count, flag)."""
    return [
        {"episode_id": episode, "day": str(day), "count": str(count), "flag": rest[0] if rest else ""}
        for day, count, *rest in pairs
    ]


def write_cohort(data: Path, name: str = "synthetic") -> None:
    """The folder of a synthetic cohort with its cohort.yaml."""
    (data / name).mkdir(parents=True, exist_ok=True)
    (data / name / "cohort.yaml").write_text(
        f"id: {name}\ntitle: A synthetic cohort\ncitation: none\ndesign: made for a test\n"
        "population: nobody\nprovenance: synthetic\nlicence: MIT\nsource_definition: not_stated\n"
        "disclosure: {profile: synthetic, basis: no person stands behind a row}\n",
        encoding="utf-8",
    )
