"""Flat REDCap exports: rows of one instrument and event, codes read through the data dictionary."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from caseseries.ingest.read import read_csv
from caseseries.ingest.source import SourceTable
from caseseries.model.findings import Finding
from caseseries.model.mapping import Source

REPEAT = "redcap_repeat_instrument"
EVENT = "redcap_event_name"
FIELD = "Variable / Field Name"
KIND = "Field Type"
CHOICES = "Choices, Calculations, OR Slider Labels"
IDENTIFIER = "Identifier?"


def choose_rows(table: SourceTable, source: Source) -> np.ndarray:
    """Rows of the export that belong to the source's instrument and events and that hold anything of it."""
    texts, redcap = table.texts, source.redcap
    keep = np.ones(len(table), dtype=bool)
    if REPEAT in texts:
        keep &= (texts[REPEAT] == redcap.instrument).to_numpy()
    if redcap.events and EVENT in texts:
        keep &= texts[EVENT].isin(redcap.events).to_numpy()
    read = [header for target, column in source.columns.items() if target != "episode_id" for header in column.headers]
    read += list(source.wide.columns) if source.wide else []
    read = [header for header in read if header in texts]
    return keep & (texts[read] != "").any(axis=1).to_numpy() if read else keep


def check_export(table: SourceTable, source: Source) -> list[Finding]:
    """Instruments and events that the mapping names and the export does not have."""
    redcap, findings = source.redcap, []
    if redcap.instrument and (REPEAT not in table.texts or redcap.instrument not in set(table.texts[REPEAT])):
        rule = "no row of the export belongs to the instrument that the mapping names"
        findings.append(Finding(table.shown, column=REPEAT, rule=rule))
    known = set(table.texts[EVENT]) if EVENT in table.texts else set()
    for event in redcap.events:
        if event not in known:
            rule = "no row of the export belongs to an event that the mapping names"
            findings.append(Finding(table.shown, column=EVENT, rule=rule))
    return findings


def read_dictionary(path: Path, shown: str) -> tuple[dict[str, dict[str, str]], set[str], list[Finding]]:
    """A REDCap data dictionary.

    Returns
    -------
    Labels by code for every field that has choices; fields marked as identifiers; findings.
    """
    if not path.is_file():
        return {}, set(), [Finding(shown, rule="the data dictionary named in the mapping is missing")]
    table, findings = read_csv(path, "dictionary", shown)
    if table is None:
        return {}, set(), findings
    missing = [name for name in (FIELD, KIND, CHOICES) if name not in table.texts]
    if missing:
        rule = f"a REDCap data dictionary has the columns {FIELD}, {KIND} and {CHOICES}"
        return {}, set(), [Finding(shown, line=1, rule=rule)]
    labels, identifiers = {}, set()
    for row in table.texts.to_dict("records"):
        if row.get(IDENTIFIER, "").lower() == "y":
            identifiers.add(row[FIELD])
        choices = read_choices(row[KIND], row[CHOICES])
        if choices:
            labels[row[FIELD]] = choices
    return labels, identifiers, findings


def read_choices(kind: str, written: str) -> dict[str, str]:
    """Labels by code of one field: `1, Female | 2, Male`; yes/no and true/false fields have their own codes."""
    if kind in ("yesno", "truefalse"):
        return {"1": "yes", "0": "no"}
    if kind not in ("radio", "dropdown"):
        return {}
    pairs = (part.split(",", 1) for part in re.split(r"\s*\|\s*", written.strip()) if "," in part)
    return {code.strip(): label.strip() for code, label in pairs}


def decode_fields(table: SourceTable, labels: dict[str, dict[str, str]]) -> None:
    """Replace codes by their labels in place; text that is no code stays and is judged by the contract."""
    for field, choices in labels.items():
        if field in table.texts:
            table.texts[field] = table.texts[field].map(lambda text, choices=choices: choices.get(text, text))

