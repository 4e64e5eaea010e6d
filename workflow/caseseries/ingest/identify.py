"""The identifier gate: columns and values that could name a person never come in.

Every class of `identifiers.CLASSES` looks at headers, at values, or at both. What it finds is named by file, column,
class and remedy, never by value. Passing the gate does not make data anonymous: a rare combination of ordinary values
can still point to somebody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from caseseries.ingest.identifiers import CLASSES, ORDINARY, IdentifierClass
from caseseries.ingest.source import SourceTable, shown_name
from caseseries.model.cohort import Cohort
from caseseries.model.columns import TABLES
from caseseries.model.findings import Finding
from caseseries.model.mapping import Source

OPAQUE = "HIJKMR"
"""Classes whose values are mere codes: a published or synthetic cohort may label its cases with such codes."""

AGES = replace(next(one for one in CLASSES if one.letter == "C"), remedy="leave ages over 89 empty")

IDS = ("episode_id", "patient_id")

PLAIN_LABEL = re.compile(r"[A-Za-z]{1,3}\d{1,7}|\d{1,4}", re.ASCII)
"""Labels that no class can mean; most labels are such, and testing every class on each of them takes long."""

_WRAPPING = re.compile(
    r"^(?:urn:(?:uuid|oid):|[A-Za-z]+/(?=\S)"
    r"|(?:pid|pat|patient|person|subject|subj|case|record|rec|id|key|no|nr|mrn)[-_:.# ]+|[#({\[<'\"]+)",
    re.IGNORECASE,
)

_NUMBER = re.compile(r"-?\d{1,9}(\.\d+)?", re.ASCII)


def check_identifiers(table: SourceTable, cohort: Cohort | None) -> list[Finding]:
    """Every column of a table that the gate refuses, one finding for each column and class.

    Parameters
    ----------
    table : cells as text, before anything is typed.
    cohort : tells whether case labels are already in print and which values are declared levels.
    """
    gate = Gate(cohort)
    gate.add(table)
    return gate.tell()


@dataclass(frozen=True)
class Suspicion:
    """What the values of a column of a file look like; `doubt` tells two ways of looking apart."""

    file: str
    column: str
    found: IdentifierClass
    doubt: str
    way_out: str = ""


class Gate:
    """The gate, through which tables go whole or part by part; `cohort` as in `check_identifiers`."""

    def __init__(self, cohort: Cohort | None) -> None:
        self._cohort = cohort
        self._headers: dict[Finding, None] = {}
        self._rows: dict[Suspicion, tuple[int, int]] = {}  # first line, and number of rows

    def add(self, table: SourceTable) -> None:
        """Look at a table, or a part of it."""
        contract = {column.name: column for column in TABLES[table.name]}
        for name in table.texts.columns:
            if name not in contract:
                self._headers |= dict.fromkeys(check_header(name, table))
            column = contract.get(name)
            if column is None or (column.kind == "text" and not column.allowed):
                for suspicion, line, rows in check_values(name, table, self._cohort):
                    first, number = self._rows.get(suspicion, (line, 0))
                    self._rows[suspicion] = (min(first, line), number + rows)

    def tell(self) -> list[Finding]:
        """One finding for each column and class."""
        findings = []
        for one, (line, rows) in self._rows.items():
            looking = "a value looks" if rows == 1 else f"{rows} values look"
            rule = f"{looking} like {one.found}: {one.found.remedy}{one.way_out}"
            findings.append(Finding(one.file, line=line, column=one.column, rule=rule))
        return [*self._headers, *dict.fromkeys(findings)]


def check_read_headers(source: Source, table: SourceTable, cohort: Cohort) -> list[Finding]:
    """Headers of a mapped file that sound like identifiers and whose cells come in as they stand.

    Only covariates of category can take any text. Dates become days, and a value map makes codes of places; names and
    numbers must not stand in a value map either, since cohort.yaml is kept.
    """
    open_columns = {one.name for one in cohort.covariates if one.kind == "category"}
    findings = []
    for target, column in source.columns.items():
        if target not in open_columns or column.date:
            continue
        for header, found in [(one, found) for one in column.headers for found in name_classes(one)]:
            if found.letter == "B" and column.values:
                continue
            way_out = "translate places by values" if found.letter == "B" else "if it is something else, rename it"
            rule = f"the mapping reads a column that sounds like {found}: {found.remedy}; {way_out}"
            named = shown_name(header, list(table.texts.columns))
            findings.append(Finding(table.shown, line=source.header_row, column=named, rule=rule))
    return findings


def check_header(name: str, table: SourceTable) -> list[Finding]:
    """The classes that a header names."""
    return [
        Finding(
            table.shown,
            line=1,
            column=shown_name(name, list(table.texts.columns)),
            rule=f"the column sounds like {found}: {found.remedy}; if it is something else, rename it",
        )
        for found in name_classes(name)
    ]


def name_classes(name: str) -> list[IdentifierClass]:
    """Classes whose header test finds something in a column name."""
    plain = re.sub(r"\W+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)).strip("_").lower()
    return [found for found in CLASSES if found.header_pattern.search(plain)]


def value_classes(text: str) -> list[IdentifierClass]:
    """Classes whose value test finds something in a cell."""
    return [found for found in CLASSES if is_hit(found, text)]


def is_hit(found: IdentifierClass, text: str) -> bool:
    """Whether a cell looks like a class; two capitalised words are no name if one is a term of the field."""
    if not any(found.value_pattern.search(written) for written in unwrap(text)):
        return False
    words = text.lower().split()
    return found.letter != "A" or len(words) != 2 or not ORDINARY.intersection(words)


def unwrap(text: str) -> list[str]:
    """A cell as it is, and without what is written before and around a key: `Patient/`, `pid-`, braces."""
    bare, before = text, None
    while bare != before:
        before = bare
        bare = _WRAPPING.sub("", bare).rstrip(")}]>'\" ")
    return [text] if bare in ("", text) else [text, bare]


def check_values(name: str, table: SourceTable, cohort: Cohort | None) -> list[tuple[Suspicion, int, int]]:
    """The classes that values of a column look like, each with the first line and the number of rows.

    Levels that cohort.yaml declares were read by a person and pass, and so do numbers of a covariate that has a unit.
    """
    covariate = next((one for one in cohort.covariates if one.name == name), None) if cohort else None
    declared = set(covariate.levels) if covariate else set()
    in_print = cohort is not None and cohort.disclosure.profile in ("published", "synthetic")
    codes, texts = pd.factorize(table.texts[name].to_numpy())
    way_out = ""
    if covariate is not None:
        passing = "numbers with a unit" if covariate.kind == "number" else "levels that cohort.yaml declares"
        way_out = f"; {passing} pass"
    if name in IDS and name in table.headers and not in_print:
        way_out = f"; labels such as E01 are made on the way in by {name}: {{from: ..., number_as: E}}"
    measured = covariate is not None and covariate.kind == "number" and covariate.unit != ""
    open_to_doubt = [
        index
        for index, text in enumerate(texts)
        if text not in declared and not PLAIN_LABEL.fullmatch(text) and not (measured and _NUMBER.fullmatch(text))
    ]
    looks = []
    for found in CLASSES:
        if in_print and found.letter in OPAQUE:
            continue
        hits = [index for index in open_to_doubt if is_hit(found, texts[index])]
        looks += _report(hits, codes, table, name, found, "pattern", way_out)
    if re.search(r"(^|_)age(_|$)", name):
        ages = pd.to_numeric(pd.Series(texts, dtype=str), errors="coerce")
        looks += _report(list(np.flatnonzero(ages > 89)), codes, table, name, AGES, "age")
    if name in IDS and not in_print:
        words = re.compile(r"[^\W\d_]{3,}([ ,._-]+[^\W\d_]+)*")
        hits = [index for index in open_to_doubt if words.fullmatch(texts[index])]
        looks += _report(hits, codes, table, name, CLASSES[0], "words")
    return looks


def _report(
    hits: list[int],
    codes: np.ndarray,
    table: SourceTable,
    name: str,
    found: IdentifierClass,
    doubt: str,
    way_out: str = "",
) -> list[tuple[Suspicion, int, int]]:
    if not hits:
        return []
    rows = np.flatnonzero(np.isin(codes, hits))
    place = table.place(int(rows[0]))
    return [(Suspicion(place["file"], table.name_column(name), found, doubt, way_out), place["line"], len(rows))]
