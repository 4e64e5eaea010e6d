"""How much of each variable is known: said beside the findings, so that gaps are asked about before the analysis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from caseseries.ingest.source import SourceTable, shown_name
from caseseries.model.findings import Finding

NOTE = "completeness"
"""Severity of these findings in queries.csv."""

LABELS = ("episode_id", "patient_id")


class Completeness:
    """For how many each column of episodes is known, and the days of counts.

    Columns that the file does not have are left out: nobody meant to enter them.
    """

    def __init__(self) -> None:
        self._known: Counter[tuple[str, str]] = Counter()
        self._rows: Counter[tuple[str, str]] = Counter()

    def add(self, tables: Mapping[str, SourceTable]) -> None:
        """Take the tables of a cohort, or of a part of it."""
        for name, columns in (("episodes", None), ("counts", ("day",))):
            table = tables.get(name)
            if table is None or not len(table):
                continue
            header = list(table.texts.columns)
            for column in columns or [one for one in header if one not in LABELS]:
                if column in table.texts:
                    key = table.shown, shown_name(column, header)
                    self._known[key] += int((table.texts[column] != "").sum())
                    self._rows[key] += len(table)

    def tell(self) -> list[Finding]:
        """One finding for each column."""
        return [
            Finding(shown, column=column, rule=f"known for {known} of {self._rows[shown, column]}", severity=NOTE)
            for (shown, column), known in self._known.items()
        ]


def format_completeness(notes: list[Finding]) -> list[str]:
    """One line for each file: what is known for everybody, for some, for nobody."""
    lines = []
    for file in dict.fromkeys(note.file for note in notes):
        groups: dict[str, list[str]] = {"all": [], "some": [], "none": []}
        for note in notes:
            if note.file == file:
                known, number = (int(word) for word in note.rule.removeprefix("known for ").split(" of "))
                kind = "all" if known == number else "some" if known else "none"
                groups[kind].append(note.column + (f" ({known} of {number})" if kind == "some" else ""))
        parts = [f"{kind}: {', '.join(columns)}" for kind, columns in groups.items() if columns]
        lines.append(f"{file}: {'; '.join(parts)}")
    return lines
