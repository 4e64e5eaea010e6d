"""Small synthetic cohort folders, run through the stages as a user would."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from caseseries.cli import main
from caseseries.model.layout import Layout
from caseseries.model.results import read_table

CONFIG = Path(__file__).parents[3] / "config"


class Study:
    """A data folder with one synthetic cohort, and its results.

    Parameters
    ----------
    folder : an empty folder.
    more : further lines of cohort.yaml.
    tables : text of each table without `.csv`.
    """

    def __init__(self, folder: Path, more: str = "", name: str = "made-up", **tables: str):
        self.name, self.layout = name, Layout(folder / "data", CONFIG, folder / "results")
        self.folder = folder / "data" / name
        self.folder.mkdir(parents=True)
        (self.folder / "cohort.yaml").write_text(
            f"id: {name}\ntitle: SYNTHETIC\ncitation: SYNTHETIC\ndesign: simulation\npopulation: SYNTHETIC adults\n"
            "provenance: synthetic\nlicence: CC0-1.0\nsource_definition: not_stated\n"
            f"disclosure: {{profile: synthetic, basis: No person stands behind any row.}}\n{more}",
            encoding="utf-8",
        )
        for table, text in tables.items():
            (self.folder / f"{table}.csv").write_text(text, encoding="utf-8")

    def verb(self, *words: str) -> int:
        """Exit code of a verb."""
        layout = self.layout
        places = ["--data", str(layout.data), "--config", str(layout.config), "--results", str(layout.results)]
        return main([*words, *places])

    def run(self) -> Study:
        """Ingest, classify and estimate."""
        for verb in ("ingest", "classify", "estimate"):
            assert self.verb(verb, self.name) == 0
        return self

    def classes(self, definition: str) -> dict[str, str]:
        """Class of every episode under a definition."""
        rows = read_table(self.layout.responses(self.name))
        rows = rows[rows["definition"] == definition]
        return dict(zip(rows["episode_id"], rows["response_class"], strict=True))

    def already_met(self, definition: str) -> tuple[float, float] | None:
        """Cases whose baseline meets the count that a definition asks for, of those with a known one; None for none."""
        rows = read_table(self.layout.estimates(self.name))
        rows = rows[(rows["definition"] == definition) & (rows["statistic"] == "baseline_already_met")]
        return None if rows.empty else tuple(rows[["events", "n"]].iloc[0])

    def rates(self, definition: str, group: str = "all") -> dict[str, tuple[float, float]]:
        """(events, n) of the response rate and of its bounds, as far as they are there."""
        rows = read_table(self.layout.estimates(self.name))
        rows = rows[(rows["definition"] == definition) & (rows["group"] == group)]
        rows = rows[rows["statistic"].str.startswith("response_rate")].drop_duplicates("statistic")
        return {row.statistic: (row.events, row.n) for row in rows.itertuples()}

    def table(self, name: str) -> pd.DataFrame:
        """A released or restricted result by the name that `Layout` gives it."""
        return read_table(getattr(self.layout, name)(self.name))
