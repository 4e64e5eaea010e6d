"""Labels of a restricted cohort that a cohort beside it has too, whose cases every release names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from caseseries.ingest.named import LABELS
from caseseries.ingest.source import name_lines
from caseseries.model.cohort import Cohort
from caseseries.model.findings import Finding
from caseseries.model.labels import Searched, telling_labels
from caseseries.model.records import Records
from caseseries.words.nouns import inflected


def check_shared_labels(
    cohorts: Mapping[str, Cohort], records: Mapping[str, Records], places: Mapping[str, Path]
) -> Iterator[Finding]:
    """A fault for each two such cohorts: the last gate could not tell the cases of one from those of the other.

    Parameters
    ----------
    cohorts : by the name of the folder; records : of those without error; places : the folders.
    """
    printed = {name: labels_of(records[name]) for name in records if cohorts[name].releasable}
    for name in records:
        if cohorts[name].releasable or not any(printed.values()):
            continue
        episodes, own = records[name]["episodes"], telling_labels(labels_of(records[name]))
        for other, theirs in printed.items():
            shared = Searched(" ".join(sorted(theirs))).among(own)
            rows = episodes[pd.concat([episodes[key].isin(shared) for key in LABELS], axis=1).any(axis=1)]
            if len(rows):
                rule = (
                    f"labels of cases or people are those of {other} too, which every release names, so that it would "
                    f"be refused; give the cases of the restricted cohort others ({place_of(rows)})"
                )
                shown = f"{name}/{cohorts[name].file_of(places[name], 'episodes', 'outcomes')}"
                yield Finding(shown, column=LABELS[0], rule=rule, example="K01")


def labels_of(records: Records) -> set[str]:
    """Every label of a case or a person."""
    return {label for key in LABELS for label in records["episodes"][key]}


def place_of(rows: pd.DataFrame) -> str:
    """The lines of rows, as a message names them."""
    lines = rows["source_row"].astype(int).tolist()
    return f"{inflected(len(lines), 'line')} {name_lines(lines)}"
