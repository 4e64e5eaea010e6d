"""Retrospective case series: de-identified records in, standardised responses, rates, curves and a report out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from caseseries.model.records import Records
    from caseseries.opened import Opened

__version__ = "0.1.0"


def open(place: str | Path) -> Opened:
    """Records, responses, times and estimates of a study or a cohort as frames; see `opened.open_results`."""
    from caseseries.opened import open_results  # pandas is loaded only here: the package is imported by every command

    return open_results(place)


def records(frames: Mapping[str, pd.DataFrame]) -> Records:
    """Typed records of plain frames by table of the contract, checked like files; see `ingest.frames.take_frames`."""
    from caseseries.ingest.frames import take_frames

    return take_frames(frames)
