"""Labels of a restricted cohort that every report prints as words: the last gate could not tell one from the other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from caseseries.ingest.named import LABELS
from caseseries.ingest.source import Gathered
from caseseries.ingest.values import Tables
from caseseries.model.cohort import Cohort
from caseseries.model.findings import Finding
from caseseries.model.labels import telling_labels
from caseseries.model.layout import Layout
from caseseries.words.printed import own_text, template_words

RULE = (
    "the label is also a word that reports print, so that the release would be refused as if it named the case; label "
    "the cases of a restricted cohort by a letter and a number"
)


class Printed:
    """Labels of cases and people as they come, held against the words of the package; a label is never told.

    Of a label with a digit only the words of the templates are looked at: the texts of the package hold many such as
    examples, and print few.
    """

    def __init__(self, cohort: Cohort, layout: Layout) -> None:
        self._layout = None if cohort.releasable else layout
        self._gathered = Gathered()

    def add(self, tables: Tables) -> None:
        """Take the labels of a cohort, or of a part of it."""
        if self._layout is None:
            return
        for table in [tables["episodes"]] if "episodes" in tables else tables.values():
            for column in LABELS:
                if column not in table.texts:
                    continue
                found = printed_labels(set(table.texts[column]), self._layout)
                rows = np.flatnonzero(table.texts[column].isin(found)) if found else ()
                told = table.flag(rows, column, RULE, "P01")
                self._gathered.add(replace(finding, case="") for finding in told)

    def tell(self) -> list[Finding]:
        """What is found, when all is taken."""
        return self._gathered.tell()


def printed_labels(labels: set[str], layout: Layout) -> set[str]:
    """Those labels that reports print as words."""
    telling = telling_labels(labels)
    coded = {label for label in telling if any(sign.isdigit() for sign in label)}
    plain = telling - coded
    return (coded & template_words()) | (own_text(layout).among(plain) if plain else set())
