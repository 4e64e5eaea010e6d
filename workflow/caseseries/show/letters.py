"""Letters that no font of this machine can draw, told before a figure is made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from caseseries.model.cohort import Cohort
from caseseries.model.columns import TABLES
from caseseries.model.findings import Finding
from caseseries.model.records import Records

FIRST_FOREIGN = 0x0530
"""Letters before this code point are Latin, Greek or Cyrillic, which every figure's own font has."""
DRAWN = (("episodes", ""), ("exposures", "drug"), ("events", "kind"), ("adverse_events", "term"), ("outcomes", "cause"))
"""Columns whose words can stand in a figure; of episodes every column of words."""


def check_letters(
    cohorts: Mapping[str, Cohort], records: Mapping[str, Records], places: Mapping[str, Path]
) -> list[Finding]:
    """A warning for each label of cohort.yaml, and each column, with a letter that would be a box in a picture.

    Parameters
    ----------
    cohorts : by the name of the folder; records : of those without error; places : the folders.
    """
    findings = []
    for folder, cohort in cohorts.items():
        findings += [tell_letter(f"{folder}/cohort.yaml", key) for key, text in labels_of(cohort) if is_box(text)]
        tables = records[folder].tables if folder in records else {}
        for table, column, words in words_of(tables):
            if any(map(is_box, words)):
                findings.append(tell_letter(f"{folder}/{cohort.file_of(places[folder], table)}", column))
    return list(dict.fromkeys(findings))


def tell_letter(file: str, column: str) -> Finding:
    """What is said of such a text, which is not shown: it may be anybody's."""
    rule = (
        "no font of this machine has all letters of the text: in pictures (PNG) a letter in brackets stands for it, "
        "which the caption explains; a font such as Noto Sans CJK draws them"
    )
    return Finding(file, column=column, rule=rule, severity="warning")


def labels_of(cohort: Cohort) -> Iterator[tuple[str, str]]:
    """Keys of cohort.yaml with the texts that stand in figures."""
    yield "title", cohort.title
    for covariate in cohort.covariates:
        yield "covariates", covariate.label
        for text in covariate.levels.values():
            yield "covariates", text


def words_of(tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str, list[str]]]:
    """Table, column and different words of the columns that figures show."""
    for table, only in DRAWN:
        frame = tables.get(table)
        if frame is None:
            continue
        keys = {column.name for column in TABLES[table] if column.role == "key"}
        for column in [only] if only else [name for name in frame.columns if name not in keys]:
            if column in frame and not pd.api.types.is_numeric_dtype(frame[column]):
                yield table, column, [str(text) for text in frame[column].dropna().unique()]


def is_box(text: str) -> bool:
    """Whether a letter of a text is in no font here; fonts are looked at only for letters of other scripts."""
    if all(ord(letter) < FIRST_FOREIGN for letter in text):
        return False
    from caseseries.show.draw.fonts import undrawable

    return undrawable(text)
