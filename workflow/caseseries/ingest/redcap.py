"""Flat REDCap exports: rows of one instrument and event, codes read through the data dictionary."""

from __future__ import annotations

import re
from collections.abc import Collection
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
    read += [source.first_dose] if source.first_dose else []
    read = [header for header in read if header in texts]
    return keep & (texts[read] != "").any(axis=1).to_numpy() if read else keep


def check_export(table: SourceTable, source: Source, kept: np.ndarray) -> list[Finding]:
    """Instruments and events that the export does not have, and cases of which no row is `kept`."""
    redcap, findings = source.redcap, []
    label = source.columns.get("episode_id")
    if source.table == "episodes" and label and label.headers and label.headers[0] in table.texts:
        cases = table.texts[label.headers[0]]
        lost = len(set(cases[~kept]) - set(cases[kept]))
        if lost:
            rule = f"records of the export that hold nothing that the mapping reads do not come in: {lost}"
            findings.append(Finding(table.shown, column=label.headers[0], rule=rule, severity="warning"))
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


def field_of(header: str) -> str:
    """The field of the dictionary behind a header: a checkbox has a column for each choice, `field___code`."""
    return header.partition("___")[0]


def mapped_by_code(source: Source, labels: dict[str, dict[str, str]]) -> set[str]:
    """Headers whose value map in cohort.yaml names codes, so that they are not turned into labels before."""
    return {
        header
        for column in source.columns.values()
        for header in column.headers
        if set(column.values).intersection(labels.get(field_of(header), ()))
    }


def read_choices(kind: str, written: str) -> dict[str, str]:
    """Labels by code of one field: `1, Female | 2, Male`; yes/no, true/false and ticked boxes have their own codes."""
    if kind in ("yesno", "truefalse", "checkbox"):
        return {"1": "yes", "0": "no"}
    if kind not in ("radio", "dropdown"):
        return {}
    pairs = (part.split(",", 1) for part in re.split(r"\s*\|\s*", written.strip()) if "," in part)
    return {code.strip(): label.strip() for code, label in pairs}


def decode_fields(table: SourceTable, labels: dict[str, dict[str, str]], kept: Collection[str] = ()) -> None:
    """Replace codes by labels in place, but for headers that are `kept`; text that is no code is left as it is."""
    for header in table.texts:
        choices = labels.get(field_of(header))
        if choices and header not in kept:
            table.texts[header] = table.texts[header].map(lambda text, choices=choices: choices.get(text, text))
