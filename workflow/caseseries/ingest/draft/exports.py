"""A REDCap export as tables: its rows by instrument and by events, with the words of its data dictionary."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from caseseries.ingest.draft.shapes import look_at
from caseseries.ingest.draft.tables import Table
from caseseries.ingest.read import read_csv
from caseseries.ingest.redcap import EVENT, FIELD, REPEAT, Dictionary, decode_fields, field_of, read_dictionary
from caseseries.ingest.source import shown_file
from caseseries.model.findings import BadInput

DICTIONARY = "source/dictionary.csv"
"""Where the copy of the data dictionary lies."""
LABEL = "Field Label"
OWN = ("redcap_repeat_instance", "redcap_survey_identifier", "redcap_data_access_group", EVENT, REPEAT)


def is_export(table: Table) -> bool:
    """Whether a table has a header that only REDCap writes."""
    return EVENT in table.cells.texts or REPEAT in table.cells.texts


def split_export(table: Table, dictionary: Path | None) -> tuple[list[Table], list[str]]:
    """Tables of an export: one for each repeating instrument, one for all events in which the same fields are filled.

    Fields that the dictionary marks as identifiers are left out, but for dates.

    Returns
    -------
    The tables, and what is to be said of the export.
    """
    known, labels = Dictionary(), {}
    if dictionary is not None:
        shown = shown_file(dictionary.name)
        known, findings = read_dictionary(dictionary, shown)
        if findings:
            raise BadInput(findings)
        labels = read_field_labels(dictionary, shown)
    texts = table.cells.texts.copy()
    decode_fields(replace(table.cells, texts=texts), known.labels)
    marked = [
        name
        for name in texts
        if field_of(name) in known.identifiers and look_at(texts[name], frozenset()).kind != "dates"
    ]
    said = [f"fields that the data dictionary marks as identifiers are not read: {len(marked)}"] if marked else []
    if dictionary is None:
        said.append("without its data dictionary (--dictionary) the codes of the export have no labels")
    own = {name for name in texts if name in OWN or name.endswith("_complete")}
    first = next(iter(texts))
    read = texts[[name for name in texts if name not in own and (name not in marked or name == first)]]
    tables = []
    named = {"dictionary": DICTIONARY} if dictionary is not None else {}
    for keys, rows in choose_blocks(texts, read):
        chosen = read[rows]
        filled = [name for name in chosen if name == first or (chosen[name] != "").any()]
        if len(filled) > 1:
            cells = replace(
                table.cells, texts=chosen[filled].reset_index(drop=True), lines=table.cells.lines[rows.to_numpy()]
            )
            own_labels = {name: label_of(name, labels, known) for name in filled if field_of(name) in labels}
            tables.append(Table(table.keys | {"redcap": keys | named}, cells, table.whys, own_labels))
    return tables, said


def label_of(header: str, labels: dict[str, str], known: Dictionary) -> str:
    """The label of a field; of a box with the choice that it stands for."""
    name, _, code = header.partition("___")
    choice = known.boxes.get(name, {}).get(code, "") if code else ""
    return f"{labels[name]} ({choice})" if choice else labels[name]


def choose_blocks(texts: pd.DataFrame, read: pd.DataFrame) -> list[tuple[dict[str, object], pd.Series]]:
    """The `redcap` key of each table of an export, and which rows are in it."""
    repeats = texts[REPEAT] if REPEAT in texts else pd.Series("", index=texts.index)
    events = texts[EVENT] if EVENT in texts else pd.Series("", index=texts.index)
    blocks: list[tuple[dict[str, object], pd.Series]] = []
    by_fields: dict[tuple[str, ...], list[str]] = {}
    for event in sorted(set(events[repeats == ""])):
        rows = (repeats == "") & (events == event)
        fields = tuple(name for name in read.columns[1:] if (read[name][rows] != "").any())
        by_fields.setdefault(fields, []).append(event)
    for chosen in by_fields.values():
        keys: dict[str, object] = {"events": chosen} if any(chosen) else {}
        blocks.append((keys, (repeats == "") & events.isin(chosen)))
    blocks += [({"instrument": name}, repeats == name) for name in sorted(set(repeats) - {""})]
    return blocks


def read_field_labels(path: Path, shown: str) -> dict[str, str]:
    """Field -> the label that the dictionary gives it, where it has such a column."""
    table, _ = read_csv(path, "dictionary", shown)
    if table is None or LABEL not in table.texts or FIELD not in table.texts:
        return {}
    return dict(zip(table.texts[FIELD], table.texts[LABEL], strict=True))
