"""A cohort for other software: ADaM data sets, phenopackets, and its estimates as analysis results.

Rows of people go into the release only where they are in print or nobody stands behind them; what is restricted gets
its data sets in the restricted results alone.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from caseseries.export.adam import Analysed, adam_blocks, adam_datasets
from caseseries.export.adam_files import dataset_json, write_parquet, write_xport
from caseseries.export.phenopacket_file import phenopackets_json
from caseseries.model.cohort import Cohort
from caseseries.model.files import whole, write_text
from caseseries.model.sample import MOST_SENT
from caseseries.words.labels import SYNTHETIC
from caseseries.words.numbers import number

KEPT = (
    "The rows of this cohort may not leave: its ADaM data sets and phenopackets are among the restricted results of "
    "its owner.\n"
)
NO_CASES = "The source of this cohort has no cases, so that there are no data sets of them.\n"
WHAT = (
    "ADaM data sets (SAS transport and Dataset-JSON) and phenopackets of this cohort. Days are study days: {zero} is "
    "day 1, and there is no day 0. CNSR is 0 for the event.\n"
)
LARGE = (
    "This cohort has {courses} treatment courses. Of more than {most} the ADaM data sets are Parquet alone: SAS "
    "transport, Dataset-JSON and phenopackets would be too large and are left out. Days are study days: {zero} is day "
    "1, and there is no day 0. CNSR is 0 for the event.\n"
)
DAY_ZERO = {"first_dose": "the day of the first dose", "birth": "the day of birth", "other": "day 0 of the source"}
"""What study day 1 is, by what day 0 of a cohort is (`Cohort.day_zero`)."""

README = "README.txt"


def write_exchange(analysed: Analysed, apart: Path, released: Path) -> None:
    """Write the folder of the owner and, of a cohort whose rows may leave, the same into the release.

    Of more courses than `MOST_SENT` the data sets are Parquet alone, and the folder's README says so.
    """
    cohort, courses = analysed.cohort, len(analysed.courses)
    with whole(apart) as beside:
        beside.mkdir(parents=True)
        if courses > MOST_SENT:
            said = LARGE.format(courses=number(courses), most=number(MOST_SENT), zero=DAY_ZERO[cohort.day_zero])
            write_parquet(adam_blocks(analysed), beside)
        else:
            said = WHAT.format(zero=DAY_ZERO[cohort.day_zero]) if courses else NO_CASES
            _write_files(analysed, beside)
        write_text(beside / README, _marked(said, cohort))
    with whole(released) as beside:
        if cohort.releasable:
            shutil.copytree(apart, beside)
        else:
            beside.mkdir(parents=True)
            write_text(beside / README, KEPT)


def _write_files(analysed: Analysed, folder: Path) -> None:
    cohort = analysed.cohort
    for name, frame in adam_datasets(analysed).items():
        write_xport(frame, name, folder / f"{name.lower()}.xpt")
        write_text(folder / f"{name.lower()}.json", dataset_json(frame, name, cohort.id))
    for part in analysed.parts:
        if len(part.records["episodes"]):
            write_text(folder / "phenopackets.json", phenopackets_json(cohort, part.records))


def _marked(said: str, cohort: Cohort) -> str:
    return f"{SYNTHETIC} data, no patients. {said}" if cohort.synthetic else said
