"""Tables of the contract with plain signs: numbers, closed words and labels mean the same in any spelling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from caseseries.ingest.cells import drop_point_zero, drop_point_zeros, match_word
from caseseries.ingest.identify import IDS
from caseseries.ingest.source import SourceTable
from caseseries.ingest.units import drop_unit
from caseseries.model.cohort import Covariate
from caseseries.model.columns import TABLES, Column
from caseseries.model.findings import Finding
from caseseries.model.quantity import tidy_number
from caseseries.model.text import fold_text


def tidy_table(table: SourceTable, covariates: Sequence[Covariate], *, labels: bool = True) -> SourceTable:
    """The table with plain numbers (14.0 is 14, `62 kg` is 62 in a column of kg) and closed words as listed; labels of
    cases as whole numbers where all of them are, unless this is a part of a table, which cannot tell.
    """
    changes = {column.name: _change_of(column) for column in TABLES[table.name]}
    changes |= {one.name: tidy_number for one in covariates if one.kind == "number"}
    tidied = {}
    for name, change in changes.items():
        if change is None or name not in table.texts:
            continue
        codes, texts = pd.factorize(table.texts[name].to_numpy())
        changed = [change(text) if text else "" for text in texts]
        if any(new != text for new, text in zip(changed, texts, strict=True)):
            tidied[name] = np.array(changed, dtype=object)[codes]
    tidied |= {name: drop_point_zeros(table.texts[name]) for name in IDS if labels and name in table.texts}
    return replace(table, texts=table.texts.assign(**tidied)) if tidied else table


def _change_of(column: Column) -> Callable[[str], str] | None:
    if column.kind == "text":
        return (lambda text: match_word(text, column.allowed)) if column.allowed else None
    whole = column.kind in ("day", "whole")

    def change(text: str) -> str:
        plain = drop_unit(tidy_number(text), column.unit)
        return drop_point_zero(plain) if whole else plain

    return change


class Spellings:
    """One word of a column of free words that is written with other capitals, widths or blanks."""

    def __init__(self, covariates: Sequence[Covariate]) -> None:
        self._covariates = {one.name for one in covariates if one.kind == "category" and not one.levels}
        self._rows: dict[tuple[str, str], Counter[str]] = {}

    def add(self, table: SourceTable) -> None:
        """Count the words of a table, or of a part of it."""
        free = {column.name for column in TABLES[table.name] if column.kind == "text" and not column.allowed}
        for name in [name for name in table.texts if name in (free | self._covariates).difference(IDS)]:
            words = self._rows.setdefault((table.shown, table.name_column(name)), Counter())
            words.update(table.texts[name].value_counts().to_dict())

    def tell(self) -> list[Finding]:
        """A warning for each column."""
        findings = []
        for (shown, column), rows in self._rows.items():
            words = pd.Series([*rows], dtype=object)
            twice = words[words.map(fold_text).duplicated(keep=False)] if len(words) else words
            if len(twice):
                number = sum(rows[word] for word in twice)
                rule = (
                    f"one word is written in more than one way (capitals, full-width letters): {number} rows; "
                    "they are taken for different words"
                )
                findings.append(Finding(shown, column=column, rule=rule, severity="warning"))
        return findings
