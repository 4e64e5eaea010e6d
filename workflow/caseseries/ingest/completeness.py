"""How much of each variable is known: said beside the findings, so that gaps are asked about before the analysis."""

from __future__ import annotations

from collections.abc import Mapping

from caseseries.ingest.source import SourceTable, shown_name
from caseseries.model.findings import Finding

NOTE = "completeness"
"""Severity of these findings in queries.csv."""

LABELS = ("episode_id", "patient_id")


def note_completeness(tables: Mapping[str, SourceTable]) -> list[Finding]:
    """One finding for each column of episodes and for the days of counts: known for how many.

    Columns that the file does not have are left out: nobody meant to enter them.
    """
    notes = []
    for name, columns in (("episodes", None), ("counts", ("day",))):
        table = tables.get(name)
        if table is None or not len(table):
            continue
        for column in columns or [one for one in table.texts if one not in LABELS]:
            if column in table.texts:
                known = int((table.texts[column] != "").sum())
                rule = f"known for {known} of {len(table)}"
                header = list(table.texts.columns)
                notes.append(Finding(table.shown, column=shown_name(column, header), rule=rule, severity=NOTE))
    return notes


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
