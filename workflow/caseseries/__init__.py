"""Retrospective case series: de-identified records in, standardised responses, rates, curves and a report out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from caseseries.opened import Opened

__version__ = "0.1.0"


def open(place: str | Path) -> Opened:
    """Records, responses, times and estimates of a study or a cohort as frames; see `opened.open_results`."""
    from caseseries.opened import open_results  # pandas is loaded only here: the package is imported by every command

    return open_results(place)
