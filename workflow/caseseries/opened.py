"""`caseseries.open`: the records and results of a study or of one cohort as pandas frames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from caseseries.model.columns import TABLES
from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import Layout
from caseseries.model.records import read_records
from caseseries.model.results import read_table, require


@dataclass(frozen=True)
class Opened:
    """Cohorts whose results are there; every frame has the column `cohort` first.

    What it shows is in full, rows of people among it: it stands for its owner's eyes.
    """

    layout: Layout
    cohorts: tuple[str, ...]

    def __getitem__(self, cohort: str) -> Opened:
        """One cohort of a study."""
        if cohort not in self.cohorts:
            raise KeyError(f"{cohort} is none of {', '.join(self.cohorts)}")
        return replace(self, cohorts=(cohort,))

    @cached_property
    def records(self) -> dict[str, pd.DataFrame]:
        """Typed records by table of the contract; days from the first dose, counts in the unit of their analyte."""
        self._require("ingest", self.layout.records)
        read = {cohort: read_records(self.layout.records(cohort)) for cohort in self.cohorts}
        return {name: _stack({cohort: records[name] for cohort, records in read.items()}) for name in TABLES}

    @cached_property
    def responses(self) -> pd.DataFrame:
        """The class of every episode under every definition (`model.results.RESPONSES`)."""
        return self._read("classify", self.layout.responses)

    @cached_property
    def times(self) -> pd.DataFrame:
        """Times and causes of every episode under every definition (`model.results.TIMES`)."""
        return self._read("classify", self.layout.times)

    @cached_property
    def estimates(self) -> pd.DataFrame:
        """Every estimate, in full (`model.results.ESTIMATES`)."""
        return self._read("estimate", self.layout.estimates)

    def _read(self, stage: str, path: Callable[[str], Path]) -> pd.DataFrame:
        self._require(stage, path)
        return _stack({cohort: read_table(path(cohort)) for cohort in self.cohorts})

    def _require(self, stage: str, path: Callable[[str], Path]) -> None:
        require({stage: [path(cohort) for cohort in self.cohorts]}, self.layout)


def open_results(place: str | Path) -> Opened:
    """The results of a study, or of one of its cohorts.

    Parameters
    ----------
    place : a study's folder, the folder of a cohort in its `data/`, or the id of a cohort of the study in which one is.

    Raises
    ------
    BadInput : neither of them, or nothing has been run there.
    """
    path = Path(place)
    if path.is_dir() and (path / "cohort.yaml").is_file():
        return _open_study(path.resolve().parent.parent)[path.resolve().name]
    if (path / "data").is_dir() and (path / "config").is_dir():
        return _open_study(path)
    if (Path("data") / str(place) / "cohort.yaml").is_file():
        return _open_study(Path("."))[str(place)]
    rule = "neither a study's folder, nor that of a cohort, nor the id of a cohort of the study in which we are"
    raise BadInput([Finding("open", rule=rule, example="my-itp")])


def _open_study(folder: Path) -> Opened:
    layout = Layout(folder / "data", folder / "config", folder / "results")
    found = [path.parent.name for path in sorted(layout.data.glob("*/cohort.yaml"))]
    run = tuple(cohort for cohort in found if layout.records(cohort).is_dir())
    if not run:
        raise BadInput([Finding("open", rule="nothing has been run in this study yet", example="caseseries run")])
    return Opened(layout, run)


def _stack(frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Frames of several cohorts below each other; a column `cohort` comes first."""
    named = []
    for cohort, frame in frames.items():
        own = frame.drop(columns="cohort", errors="ignore")
        named.append(own.assign(cohort=cohort)[["cohort", *own.columns]])
    return pd.concat(named, ignore_index=True)
