"""What a mapping does not read though it could: rows that hold a value, and sheets; nothing is lost silently."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from caseseries.ingest.cells import holds
from caseseries.ingest.exchange import keep_newest
from caseseries.ingest.identify import IDS
from caseseries.ingest.redcap import EVENT, REPEAT, choose_rows
from caseseries.ingest.shape import keys_of
from caseseries.ingest.source import SourceTable, shown_name
from caseseries.ingest.workbook import doubt_unread
from caseseries.model.findings import Finding
from caseseries.model.mapping import Source

MOST_WORDS = 8
"""Words of rows that are left out which a warning names; the rest are counted."""


@dataclass(frozen=True)
class Choice:
    """A source, all rows of its file, and which of them it reads."""

    source: Source
    table: SourceTable
    kept: np.ndarray

    @property
    def rows(self) -> SourceTable:
        """The rows that are read."""
        return self.table.take(self.kept)


def choose_newest(choices: Sequence[Choice]) -> list[Choice]:
    """The choices without entries of bundles of which another page of the same table holds a higher version."""
    made = list(choices)
    for name in {choice.source.table for choice in choices if choice.source.format == "fhir"}:
        places = [
            place for place, choice in enumerate(made) if choice.source.table == name and choice.source.format == "fhir"
        ]
        kept = keep_newest([made[place].table for place in places], [made[place].kept for place in places])
        for place, mask in zip(places, kept, strict=True):
            made[place] = replace(made[place], kept=mask)
    return made


def warn_of_kinds(choices: Sequence[Choice]) -> list[Finding]:
    """One warning for each bundle with the kinds of entries that no source reads, and how many there are of each."""
    findings = []
    for place in dict.fromkeys(choice.source.place for choice in choices if choice.source.format != "table"):
        same = [choice for choice in choices if choice.source.place == place]
        table = same[0].table
        unread = _unread_kinds(same)
        counts = {kind: len(set(table.lines[(table.texts["kind"] == kind).to_numpy()])) for kind in sorted(unread)}
        if counts:
            named = ", ".join(f"{shown_name(kind) or 'without a type'} {number}" for kind, number in counts.items())
            rule = f"entries of the file that no source reads: {named}"
            findings.append(Finding(table.shown, column="kind", rule=rule, severity="warning"))
    return findings


def _unread_kinds(choices: Sequence[Choice]) -> set[str]:
    read = {kind for choice in choices for kind in choice.table.texts["kind"][choice.kept]}
    return set(choices[0].table.texts["kind"]) - read


def make_labels(choices: Sequence[Choice]) -> dict[str, dict[str, str]]:
    """Labels in place of keys, by prefix: numbered in the order in which the keys stand in the sources."""
    keys: dict[str, dict[str, None]] = {}
    for choice in choices:
        for column in choice.source.columns.values():
            if column.number_as:
                found = (key for key in keys_of(column, choice.rows) if key)
                keys.setdefault(column.number_as, {}).update(dict.fromkeys(found))
    labels = {}
    for prefix, known in keys.items():
        width = max(2, len(str(len(known))))
        labels[prefix] = {key: f"{prefix}{number:0{width}}" for number, key in enumerate(known, 1)}
    return labels


def warn_of_leftovers(
    choices: Sequence[Choice], says_something: Callable[[Source, SourceTable], np.ndarray]
) -> list[Finding]:
    """One warning for each source with rows that no source reads into its table and that hold a value of it.

    Rows that `leave_out` names were thought of and are not told.
    """
    findings = []
    for choice in [choice for choice in choices if choice.kept.any()]:
        same = [
            one
            for one in choices
            if one.source.table == choice.source.table
            and one.source.place == choice.source.place
            and len(one.table) == len(choice.table)
        ]
        read = np.logical_or.reduce([one.kept for one in same])
        lost = ~read & says_something(choice.source, choice.table)
        for one in same:
            lost &= ~left_out_knowingly(one)
        if choice.source.format != "table":
            of_place = [one for one in choices if one.source.place == choice.source.place]
            lost &= ~choice.table.texts["kind"].isin(_unread_kinds(of_place)).to_numpy()
        if not lost.any():
            continue
        words = _name_rows(choice, lost)
        rule = f"rows that hold a value and that no source reads into {choice.source.table}: {lost.sum()}{words}"
        findings.append(Finding(choice.table.shown, rule=rule, severity="warning"))
    return findings


def warn_of_records(choices: Sequence[Choice]) -> list[Finding]:
    """One warning for each REDCap export with records of which no source of episodes reads a row."""
    findings = []
    labelled = [
        choice
        for choice in choices
        if choice.source.redcap and choice.source.table == "episodes" and "episode_id" in choice.source.columns
    ]
    for file in dict.fromkeys(choice.source.file for choice in labelled):
        same = [choice for choice in labelled if choice.source.file == file]
        keys = [(choice, keys_of(choice.source.columns["episode_id"], choice.table)) for choice in same]
        read = {key for choice, own in keys for key in own[choice.kept | choose_rows(choice.table, choice.source)]}
        lost = {key for _, own in keys for key in own if key} - read
        if lost:
            rule = f"records of the export that hold nothing that the mapping reads do not come in: {len(lost)}"
            column = ", ".join(map(shown_name, same[0].source.columns["episode_id"].headers))
            findings.append(Finding(same[0].table.shown, column=column, rule=rule, severity="warning"))
    return findings


def left_out_knowingly(choice: Choice) -> np.ndarray:
    """Rows that `leave_out` of a source names."""
    named = np.zeros(len(choice.table), dtype=bool)
    for header, condition in choice.source.leave_out.items():
        named |= holds(choice.table.texts[header], condition).to_numpy()
    return named


def _name_rows(choice: Choice, lost: np.ndarray) -> str:
    """The words by which rows were left out: events and instruments of REDCap, and words under `where`."""
    texts = choice.table.texts
    headers = [name for name in (EVENT, REPEAT) if choice.source.redcap and name in texts]
    labels = {header for name in IDS if name in choice.source.columns for header in choice.source.columns[name].headers}
    words_of = [name for name, wanted in choice.source.where.items() if isinstance(wanted, list) and name not in labels]
    parts = []
    for header in [*headers, *words_of]:
        known = set(texts[header][choice.kept])
        words = sorted(set(texts[header][lost]) - (known if header in headers else set()))
        named = [shown for word in words if (shown := shown_name(word)) == word and word]
        more = len(words) - len(named[:MOST_WORDS])
        if named:
            rest = f" and {more} more" if more else ""
            parts.append(f"{shown_name(header)} {', '.join(named[:MOST_WORDS])}{rest}")
    return f" ({'; '.join(parts)})" if parts else ""


def warn_of_sheets(folder: Path, cohort: str, sources: Sequence[Source]) -> list[Finding]:
    """One warning for each workbook with sheets that no source reads."""
    findings = []
    for file in dict.fromkeys(source.file for source in sources if source.file.lower().endswith((".xlsx", ".xlsm"))):
        try:
            named = [source.sheet for source in sources if source.file == file]
            findings += doubt_unread(folder / file, named, f"{cohort}/{file}")
        except Exception:  # what cannot be opened was said when it was read
            continue
    return findings
