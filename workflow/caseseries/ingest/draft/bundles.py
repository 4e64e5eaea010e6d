"""A FHIR bundle or phenopackets as sources: each kind of entry has one way to be read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from caseseries.ingest.draft.columns import FEWEST, Line
from caseseries.ingest.draft.guess import Block, Draft, SourceDraft, constant
from caseseries.ingest.draft.headers import read_header
from caseseries.ingest.draft.vocabulary import Vocabulary
from caseseries.ingest.files import read_source
from caseseries.ingest.identify import PLAIN_LABEL
from caseseries.ingest.source import shown_file, shown_name
from caseseries.model.findings import BadInput, Finding
from caseseries.model.mapping import Source

PERSONS = ("Patient", "subject")
GIVEN = ("MedicationAdministration", "MedicationStatement", "treatment")
"""Kinds of entries that say what was given, the surest first."""
ORDERED = ("MedicationRequest", "MedicationDispense")
"""Kinds of entries that say what was asked for: somebody must say whether that may stand for what was given."""
MEASURED = ("Observation", "measurement")
CODE = re.compile(r"(LOINC:)?\d{1,5}-\d", re.ASCII)


def draft_bundles(files: Mapping[str, Path], words: Vocabulary) -> Draft:
    """Sources for files of JSON, such as a bundle, or the files of lines that a server writes, one for each kind.

    Parameters
    ----------
    files : name in the cohort's folder -> where the file lies.

    Raises
    ------
    BadInput : a file that is neither a FHIR bundle (or NDJSON) nor phenopackets.
    """
    opened = [open_bundle(path, name, shown_file(path.name)) for name, path in files.items()]
    rows = pd.concat([table.assign(_file=place) for place, (table, _) in enumerate(opened)], ignore_index=True)
    return Draft(blocks=[draft_entries(rows, [keys for _, keys in opened], words)])


def open_bundle(path: Path, file: str, shown: str) -> tuple[pd.DataFrame, dict[str, str]]:
    """The entries of a file, and the keys by which it is read."""
    faults: list[Finding] = []
    for kind in ("fhir", "phenopackets"):
        keys = {"file": file, "format": kind}
        source = Source.model_validate({"table": "episodes", "columns": {"episode_id": "subject"}} | keys)
        table, findings = read_source(path, source, shown)
        if table is not None and len(table):
            return table.texts, keys
        faults = faults or findings
    rule = "the file must be a FHIR bundle, lines of FHIR resources (NDJSON), or phenopackets"
    raise BadInput(faults if len(faults) > 1 else [*faults, Finding(shown, rule=rule)])


def draft_entries(rows: pd.DataFrame, files: list[dict[str, str]], words: Vocabulary) -> Block:
    """The sources of the entries of files; `_file` of a row is the place of its file in `files`."""
    kinds = Counter(rows["kind"])
    plain = all(PLAIN_LABEL.fullmatch(text) for text in rows["subject"] if text)
    label = Line("episode_id", "subject", "the key of the person")
    if not plain:
        label = Line("episode_id", {"from": "subject", "number_as": "E"}, "labels are made, the keys are kept nowhere")

    def start(table: str, kind: str, why: str) -> SourceDraft:
        keys = files[rows["_file"][rows["kind"] == kind].min()]
        source = SourceDraft(table, [Line(key, value, "") for key, value in keys.items()], [label])
        source.keys.append(Line("where", {"kind": [kind]}, f"entries: {kinds[kind]}; {why}"))
        return source

    sources = []
    given = next((kind for kind in GIVEN if kinds[kind]), "")
    ordered = next((kind for kind in ORDERED if kinds[kind]), "")
    person = next((kind for kind in PERSONS if kinds[kind]), "")
    measured = next((kind for kind in MEASURED if kinds[kind]), "")
    if person:
        sources.append(start("episodes", person, "each person is one case"))
        filled = rows[rows["kind"] == person]
        if (filled["sex"] != "").any():
            sources[-1].columns.append(Line("sex", "sex", ""))
        if (filled["birth_date"] != "").any():
            why = "becomes the age at first dose"
            sources[-1].columns.append(Line("age_years", {"from": "birth_date", "date": True}, why))
        if (filled["last_date"] != "").any():
            why = "when the person was last seen"
            sources[-1].columns.append(Line("follow_up_end_day", {"from": "last_date", "date": True}, why))
        if (filled["death_date"] != "").any():
            sources.append(start("events", person, "who died"))
            day = Line("day", {"from": "death_date", "date": True}, "an empty one: no such event")
            sources[-1].columns += [day, constant("kind", "death")]
    elif named := given or ordered or measured:
        sources.append(start("episodes", named, "no entry is of persons: everybody of whom one is, is one case"))
        if named != measured:
            sources[-1].columns.append(Line("drug", "drug", ""))
    if given:
        sources.append(draft_doses(start("exposures", given, "what was given"), rows[rows["kind"] == given]))
    elif ordered:
        sources.append(draft_doses(start("exposures", ordered, "what was asked for"), rows[rows["kind"] == ordered]))
        why = "date, if an order may stand for the dose that was given: no entry says what was"
        sources[-1].keys = [
            Line("first_dose", None, why) if line.key == "first_dose" else line for line in sources[-1].keys
        ]
    elif sources:
        sources[0].keys.append(Line("first_dose", None, "the header with the date of the first dose: no entry says it"))
    codes = choose_codes(rows[rows["kind"] == measured], words)
    if codes:
        source = start("counts", measured, "codes of platelets")
        source.keys[-1] = Line("where", {"kind": [measured], "code": codes}, source.keys[-1].why)
        source.columns += [Line("day", {"from": "date", "date": True}, ""), Line("count", "count", "in 10^9/L")]
        sources.append(source)
    return Block(
        "", repeat_sources(sources, rows, files), name_unread(rows, {person, given or ordered}, measured, codes)
    )


def repeat_sources(sources: list[SourceDraft], rows: pd.DataFrame, files: list[dict[str, str]]) -> list[SourceDraft]:
    """The sources, each once more for every further file that holds entries of its kind."""
    made = []
    for source in sources:
        (where,) = [line.value for line in source.keys if line.key == "where"]
        for place in sorted(set(rows["_file"][rows["kind"].isin(where["kind"])])):
            keys = [Line(line.key, files[place].get(line.key, line.value), line.why) for line in source.keys]
            made.append(SourceDraft(source.table, keys, source.columns))
    return made


def draft_doses(source: SourceDraft, rows: pd.DataFrame) -> SourceDraft:
    """The source of doses, whose earliest date of a person is day 0."""
    source.keys.append(
        Line("first_dose", "date", "the earliest of a person is day 0: is only the study drug among them?")
    )
    source.columns.append(Line("drug", "drug", ""))
    for target, header in (("first_day", "date"), ("last_day", "last_date")):
        if (rows[header] != "").any():
            source.columns.append(Line(target, {"from": header, "date": True}, ""))
    for target in ("dose", "dose_unit"):
        if (rows[target] != "").any():
            source.columns.append(Line(target, target, ""))
    return source


def choose_codes(rows: pd.DataFrame, words: Vocabulary) -> list[str]:
    """Codes of platelet counts that the entries have: of the vocabulary, or with a label that is a word for them."""
    known = {*words.codes} | {f"LOINC:{code}" for code in words.codes}
    found = []
    for cell, label in dict.fromkeys(zip(rows["code"], rows["label"], strict=True)):
        meaning = read_header(label, words).meaning if label else None
        spoken = meaning is not None and meaning.column == "counts.count"
        found += [code for code in cell.split() if code in known or (spoken and CODE.fullmatch(code))]
    return sorted(set(found))


def name_unread(rows: pd.DataFrame, read: set[str], measured: str, codes: list[str]) -> list[str]:
    """Kinds of entries that no source reads, and codes of what was measured that several persons have."""
    unread = [
        f"{shown_name(kind) or 'entries without a kind'}: {number}"
        for kind, number in sorted(Counter(rows["kind"]).items())
        if kind not in read and not (kind == measured and codes)
    ]
    of_measured = rows[
        (rows["kind"] == measured) & ~rows["code"].map(lambda cell: bool(set(cell.split()) & set(codes)))
    ]
    for cell, group in of_measured.groupby("code"):
        shown = next((code for code in str(cell).split() if CODE.fullmatch(code)), "")
        if shown and group["subject"].nunique() >= FEWEST:
            unread.append(f"{measured} of code {shown}: {len(group)}")
    return unread
