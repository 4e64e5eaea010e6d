"""Flat REDCap exports: rows of one instrument and event, codes read through the data dictionary."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from caseseries.ingest.branching import asked
from caseseries.ingest.cells import drop_point_zero, empty_missing
from caseseries.ingest.read import read_csv
from caseseries.ingest.source import SourceTable, shown_name
from caseseries.model.findings import Finding
from caseseries.model.mapping import Source
from caseseries.model.needed import needed

REPEAT = "redcap_repeat_instrument"
EVENT = "redcap_event_name"
FORM = "Form Name"
FIELD = "Variable / Field Name"
KIND = "Field Type"
CHOICES = "Choices, Calculations, OR Slider Labels"
IDENTIFIER = "Identifier?"
BRANCHING = "Branching Logic (Show field only if...)"
UNFILLED = ("", "0", "1", "Incomplete", "Unverified")
"""Statuses of a form that say nothing of boxes that are not ticked."""


def choose_rows(table: SourceTable, source: Source) -> np.ndarray:
    """Rows of the export that belong to the source's instrument and events and that hold anything of it."""
    texts, redcap = table.texts, needed(source.redcap)
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


def check_export(table: SourceTable, source: Source) -> list[Finding]:
    """Instruments and events that the export does not have."""
    redcap, findings = needed(source.redcap), []
    if redcap.instrument and (REPEAT not in table.texts or redcap.instrument not in set(table.texts[REPEAT])):
        rule = "no row of the export belongs to the instrument that the mapping names"
        findings.append(Finding(table.shown, column=REPEAT, rule=rule))
    known = set(table.texts[EVENT]) if EVENT in table.texts else set()
    for event in redcap.events:
        if event not in known:
            rule = "no row of the export belongs to an event that the mapping names"
            findings.append(Finding(table.shown, column=EVENT, rule=rule))
    return findings


@dataclass(frozen=True)
class Dictionary:
    """What a data dictionary says of the fields of an export."""

    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)
    identifiers: frozenset[str] = frozenset()
    branching: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, dict[str, str]] = field(default_factory=dict)


def read_dictionary(path: Path, shown: str) -> tuple[Dictionary, list[Finding]]:
    """A REDCap data dictionary: labels by code of every field that has choices, its form, what is marked."""
    if not path.is_file():
        return Dictionary(), [Finding(shown, rule="the data dictionary named in the mapping is missing")]
    table, findings = read_csv(path, "dictionary", shown)
    if table is None:
        return Dictionary(), findings
    if any(name not in table.texts for name in (FIELD, KIND, CHOICES)):
        rule = f"a REDCap data dictionary has the columns {FIELD}, {KIND} and {CHOICES}"
        return Dictionary(), [Finding(shown, line=1, rule=rule)]
    rows = table.texts.to_dict("records")
    choices = {row[FIELD]: read_choices(row[KIND], row[CHOICES]) for row in rows}
    dictionary = Dictionary(
        labels={name: pairs for name, pairs in choices.items() if pairs},
        forms={row[FIELD]: row.get(FORM, "") for row in rows},
        boxes={row[FIELD]: read_pairs(row[CHOICES]) for row in rows if row[KIND] == "checkbox"},
        branching={row[FIELD]: logic for row in rows if (logic := row.get(BRANCHING, ""))},
        identifiers=frozenset(row[FIELD] for row in rows if row.get(IDENTIFIER, "").lower() == "y"),
    )
    return dictionary, findings


def field_of(header: str) -> str:
    """The field of the dictionary behind a header: a checkbox has a column for each choice, `field___code`."""
    return header.partition("___")[0]


def mapped_by_code(source: Source, labels: dict[str, dict[str, str]]) -> set[str]:
    """Headers whose value map in cohort.yaml names codes, so that they are not turned into labels before."""
    return {
        header
        for _, column in source.filled
        for header in column.headers
        if set(column.values).intersection(labels.get(field_of(header), ()))
    }


def read_choices(kind: str, written: str) -> dict[str, str]:
    """Labels by code of one field: `1, Female | 2, Male`; yes/no, true/false and ticked boxes have their own codes."""
    if kind == "checkbox":
        return {"1": "yes", "0": "no", "Checked": "yes", "Unchecked": "no"}
    if kind in ("yesno", "truefalse"):
        return {"1": "yes", "0": "no"}
    return read_pairs(written) if kind in ("radio", "dropdown") else {}


def read_pairs(written: str) -> dict[str, str]:
    """Labels by code as a dictionary lists the choices of a field."""
    pairs = (part.split(",", 1) for part in re.split(r"\s*\|\s*", written.strip()) if "," in part)
    return {code.strip(): label.strip() for code, label in pairs}


def empty_codes(table: SourceTable, source: Source, missing: Collection[str]) -> None:
    """Empty the cells with codes of missing data in place, before they can become labels."""
    if missing:
        for header in [header for header in source.headers if header in table.texts]:
            table.texts[header] = empty_missing(table.texts[header], missing)


def empty_boxes(table: SourceTable, source: Source, dictionary: Dictionary, missing: Collection[str]) -> list[Finding]:
    """Empty, in place, ticked and unticked boxes that nobody filled in; a warning where that cannot be told.

    REDCap exports 0 for every box of a form that was never opened, and of a field that was not asked. The former is
    incomplete or unverified and has no box ticked, the latter is told by the branching logic. A ticked box of missing
    data says that the whole field is missing.
    """
    findings = []
    headers = list(table.texts)
    for name in dict.fromkeys(field_of(header) for header in source.headers if "___" in header):
        form = dictionary.forms.get(name, "")
        same_form = [one for one in headers if "___" in one and dictionary.forms.get(field_of(one), "") == form]
        same_field = [one for one in headers if "___" in one and field_of(one) == name]
        gone = {f"{name}___{box_code(code)}" for code in missing}
        absent = np.logical_or.reduce(
            [_ticked(table, one) for one in same_field if one in gone] or [np.zeros(len(table), bool)]
        )
        status = f"{form}_complete"
        if form and status in table.texts:
            unticked = ~np.logical_or.reduce([_ticked(table, one) for one in same_form])
            absent |= table.texts[status].isin(UNFILLED).to_numpy() & unticked
        else:
            rule = (
                "boxes of a form that nobody filled in are exported as not ticked; export its status (a column that "
                "ends in _complete) and give the dictionary, so that they can be told from no"
            )
            findings.append(Finding(table.shown, column=shown_name(name), rule=rule, severity="warning"))
        for header in same_field:
            table.texts[header] = table.texts[header].where(~absent, "")
    return findings


def tell_not_asked(table: SourceTable, source: Source, dictionary: Dictionary, kept: np.ndarray) -> list[Finding]:
    """Empty, in place, boxes of fields that were not asked; a warning for each field that tells it from not filled in.

    The logic speaks of codes, so that it is read before they become labels.
    """
    findings = []
    for name in dict.fromkeys(field_of(header) for header in source.headers):
        logic = dictionary.branching.get(name, "")
        shown = asked(logic, table.texts) if logic else None
        if logic and shown is None:
            rule = "the branching logic cannot be read, so that not asked cannot be told from not filled in"
            findings.append(Finding(table.shown, column=shown_name(name), rule=rule, severity="warning"))
        if shown is None:
            continue
        headers = [header for header in table.texts if field_of(header) == name]
        for header in headers:
            if "___" in header:
                table.texts[header] = table.texts[header].where(shown, "")
        empty = (table.texts[headers] == "").all(axis=1).to_numpy()
        hidden, unfilled = int((kept & ~shown).sum()), int((kept & shown & empty).sum())
        if hidden:
            rule = f"not asked in {hidden} rows (branching logic); asked and not filled in: {unfilled}"
            findings.append(Finding(table.shown, column=shown_name(name), rule=rule, severity="warning"))
    return findings


def join_fields(table: SourceTable, source: Source, kept: np.ndarray) -> list[Finding]:
    """Fill, in place, fields of repeating rows from the rows of their record that repeat nothing: of the same event, or
    else of any. Rows of which that says more than one thing are refused.
    """
    texts, findings = table.texts, []
    if REPEAT not in texts:
        return []
    record = texts.columns[0]
    single = (texts[REPEAT] == "").to_numpy()
    events = texts[EVENT] if EVENT in texts else texts[REPEAT].where(single, "")
    for header in [header for header in needed(source.redcap).join if header in texts]:
        filled = texts[single & (texts[header] != "").to_numpy()]
        here = filled.groupby([filled[record], events[filled.index]])[header].agg(lambda cells: sorted(set(cells)))
        anywhere = filled.groupby(filled[record])[header].agg(lambda cells: sorted(set(cells)))
        unsure: list[int] = []
        cells = texts[header].to_numpy(dtype=object, copy=True)
        for row in np.flatnonzero(kept & ~single & (texts[header] == "").to_numpy()):
            said = here.get((texts[record].iat[row], events.iat[row])) or anywhere.get(texts[record].iat[row]) or [""]
            cells[row] = said[0] if len(said) == 1 else ""
            unsure += [int(row)] if len(said) > 1 else []
        texts[header] = cells
        rule = "the rows of the record that repeat nothing say more than one thing of the joined field"
        findings += table.flag(unsure, header, rule)
    return findings


def box_code(code: str) -> str:
    """A code as it stands in the header of a box: `-99` is written `_99`."""
    return re.sub(r"[^a-z0-9]", "_", code.lower())


def _ticked(table: SourceTable, header: str) -> np.ndarray:
    return table.texts[header].isin(["1", "Checked", "1.0"]).to_numpy()


def decode_fields(table: SourceTable, labels: dict[str, dict[str, str]], kept: Collection[str] = ()) -> None:
    """Replace codes by labels in place, but for headers that are `kept`; text that is no code is left as it is."""
    for header in table.texts:
        choices = labels.get(field_of(header))
        if choices and header not in kept:
            table.texts[header] = table.texts[header].map(
                lambda text, choices=choices: choices.get(text, choices.get(drop_point_zero(text), text))
            )
