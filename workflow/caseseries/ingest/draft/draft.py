"""From a file to the text of a cohort.yaml and the files that belong into the cohort's folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from caseseries.ingest.draft.bundles import draft_bundles
from caseseries.ingest.draft.columns import Line
from caseseries.ingest.draft.exports import DICTIONARY, is_export, split_export
from caseseries.ingest.draft.guess import Draft, guess
from caseseries.ingest.draft.known_files import draft_presets
from caseseries.ingest.draft.options import names_of, settle_head, settle_options
from caseseries.ingest.draft.tables import JSON, KINDS, Table, check_file, open_tables
from caseseries.ingest.draft.vocabulary import Vocabulary, load_words
from caseseries.ingest.draft.write import write_draft
from caseseries.ingest.source import shown_file
from caseseries.model.drug import load_drugs
from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import Layout

SOURCE = "source/records"
"""Where the copy of the file lies, whatever it was called: its own name may say who is in it."""
BESIDE = ("immunoglobulin", "corticosteroid", "transfusion")
"""Classes that are usually given beside the drug of a series: `Start of IVIG` is not its day 0."""
OWN_RECORDS = (
    Line("citation", "own records, not published", "a guess: or the paper they stand in"),
    Line("design", "retrospective case series", "a guess"),
    Line("provenance", "registry", "a guess: own records; transcribed (from print) or synthetic otherwise"),
    Line("licence", "not released; the records stay where they are", "a guess"),
)


def draft_cohort(
    template: str, paths: Sequence[Path], dictionary: Path | None, layout: Layout
) -> tuple[str, dict[str, Path]]:
    """The text of cohort.yaml, and the files to copy: name in the folder -> where it lies now.

    Parameters
    ----------
    template : cohort.yaml with empty keys.
    paths : files of records; dictionary : data dictionary of a REDCap export.
    layout : for the drug profiles.

    Raises
    ------
    BadInput : a file that cannot be read, or files that cannot be read together.
    """
    drugs = load_drugs(*layout.drug_folders)
    words = load_words()
    studied = {name.casefold() for drug in drugs.values() if drug.drug_class not in BESIDE for name in names_of(drug)}
    words = replace(words, drugs=frozenset(studied))
    paths = open_folders(paths)
    for path in paths:
        check_file(path, shown_file(path.name))
    said: list[str] = []
    if standard := draft_presets(paths):
        draft, files = standard
    else:
        files = {f"{SOURCE}{number}{path.suffix.lower()}": path for number, path in number_files(paths)}
        json = [path.suffix.lower() in JSON for path in paths]
        if all(json):
            draft = draft_bundles(files, words)
        elif any(json):
            rule = (
                "files of JSON and of tables cannot be drafted together; make a cohort of each, and join the mappings"
            )
            raise BadInput([Finding("new", column="--from", rule=rule)])
        else:
            draft, said = draft_tables(files, dictionary, words)
    files |= {DICTIONARY: dictionary} if dictionary is not None else {}
    settle_options(draft, words)
    draft.head += OWN_RECORDS
    settle_head(draft, drugs)
    return write_draft(template, draft, said), files


def open_folders(paths: Sequence[Path]) -> list[Path]:
    """The files, and in place of a folder those in it that are read, in the order of their names."""
    opened = []
    for path in paths:
        inside = [one for one in sorted(path.iterdir()) if one.suffix.lower() in KINDS] if path.is_dir() else [path]
        if not inside:
            raise BadInput([Finding(shown_file(path.name), rule="the folder holds no file of a kind that is read")])
        opened += inside
    return opened


def number_files(paths: Sequence[Path]) -> list[tuple[str, Path]]:
    """Each file with the number behind its new name; a single one has none."""
    return [(f"-{number}" if len(paths) > 1 else "", path) for number, path in enumerate(paths, 1)]


def draft_tables(files: dict[str, Path], dictionary: Path | None, words: Vocabulary) -> tuple[Draft, list[str]]:
    """The draft of files of tables, and what is to be said of them."""
    if dictionary is not None and not dictionary.is_file():
        raise BadInput([Finding(shown_file(dictionary.name), rule="there is no such file")])
    tables: list[Table] = []
    faults: list[Finding] = []
    for name, path in files.items():
        found, more = open_tables(path, name, shown_file(path.name), words)
        tables += found
        faults += more
    if not tables:
        raise BadInput(faults)
    said = [fault.rule for fault in faults]  # not where: the file's own name may say who is in it
    if dictionary is not None or any(is_export(table) for table in tables):
        tables, told = split_export(tables[0], dictionary)
        said += told
    return guess(tables, words), said
