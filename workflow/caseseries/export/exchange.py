"""A cohort for other software: ADaM data sets, phenopackets, and its estimates as analysis results.

Rows of people go into the release only where they are in print or nobody stands behind them; what is restricted gets
its data sets in the restricted results alone.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from caseseries.export.adam import Analysed, adam_datasets
from caseseries.export.adam_files import dataset_json, write_xport
from caseseries.export.phenopacket_file import phenopackets_json
from caseseries.model.cohort import Cohort
from caseseries.model.files import whole, write_text
from caseseries.words.labels import SYNTHETIC

KEPT = (
    "The rows of this cohort may not leave: its ADaM data sets and phenopackets are among the restricted results of "
    "its owner.\n"
)
NO_CASES = "The source of this cohort has no cases, so that there are no data sets of them.\n"
WHAT = (
    "ADaM data sets (SAS transport and Dataset-JSON) and phenopackets of this cohort. Days are study days: {zero} is "
    "day 1, and there is no day 0. CNSR is 0 for the event.\n"
)
DAY_ZERO = {"first_dose": "the day of the first dose", "birth": "the day of birth", "other": "day 0 of the source"}
"""What study day 1 is, by what day 0 of a cohort is (`Cohort.day_zero`)."""

README = "README.txt"


def write_exchange(analysed: Analysed, apart: Path, released: Path) -> None:
    """Write the folder of the owner and, of a cohort whose rows may leave, the same into the release."""
    cohort = analysed.cohort
    datasets = adam_datasets(analysed)
    said = WHAT.format(zero=DAY_ZERO[cohort.day_zero]) if datasets else NO_CASES
    with whole(apart) as beside:
        beside.mkdir(parents=True)
        write_text(beside / README, _marked(said, cohort))
        for name, frame in datasets.items():
            write_xport(frame, name, beside / f"{name.lower()}.xpt")
            write_text(beside / f"{name.lower()}.json", dataset_json(frame, name, cohort.id))
        if len(analysed.records["episodes"]):
            write_text(beside / "phenopackets.json", phenopackets_json(cohort, analysed.records))
    with whole(released) as beside:
        if cohort.releasable:
            shutil.copytree(apart, beside)
        else:
            beside.mkdir(parents=True)
            write_text(beside / README, KEPT)


def _marked(said: str, cohort: Cohort) -> str:
    return f"{SYNTHETIC} data, no patients. {said}" if cohort.synthetic else said
