"""The last gate: a finished release is read again as an outsider reads it, and refused if it tells of a person.

It knows nothing of how the release was made. Of each restricted cohort it takes the labels, words and values that no
release may hold, and looks for them, and for small numbers, in every file.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pandas as pd

from caseseries.disclose.opened import texts
from caseseries.model.cohort import Cohort
from caseseries.model.findings import Finding
from caseseries.model.labels import DRAWN, SHORTEST, names_a_label, telling_labels, whole_words
from caseseries.model.records import Records
from caseseries.model.result_columns import RESULTS as CONTRACT

CHECKLISTS = "checklists"
"""How the names of reporting checklists begin in the folder of a cohort."""

RESULTS = "analysis-results.json"
"""Results as JSON, a number each (`export.analysis_results`)."""

COUNTED = ("events", "n", "not_evaluable", "at_risk", "missing", "smallest")
"""Columns of results that count people."""

OF = re.compile(
    r"(?<![\w./,%])(\d{1,6}) ?(?:/|of) ?(\d{1,6})(?![\d/.%]| weeks| visits| (?:standard |response )?definition)"
)
DATE = re.compile(r"\b(?:19|20)\d\d-[01]\d-[0-3]\d\b")
TAG = re.compile(r"<[^>]*>")
ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
"""Signs of a drawing inside a page: %3Ec17%3C is >c17<, and the dagger %E2%80%A0 names no E2."""
DIGITS = 4
"""A number with so many digits that stands with one person alone is as good as a name."""


NAMED = "it holds the label of a case or a person"
RENAME = (
    "Where a label is also a word that reports print whatever the cases are, label the cases of the restricted cohort "
    "by a letter and a number in their source, for example P01, and run again."
)
"""What helps where `NAMED` is found and nobody is meant."""


@dataclass(frozen=True)
class Secret:
    """What a release must not hold of one restricted cohort, by the rule that forbids it."""

    cohort: str
    threshold: int
    labels: frozenset[str]
    words: frozenset[str]
    numbers: frozenset[str]
    sources: frozenset[str]
    rounding: int = 1
    """Every number of people is a multiple of it."""

    def telling(self, number: int) -> bool:
        """Whether a number of people may not be told."""
        return 0 < number < self.threshold - self.threshold % self.rounding or number % self.rounding != 0

    @property
    def counted(self) -> str:
        """The rule on numbers of people."""
        rounded = f", or not to the nearest {self.rounding}" if self.rounding > 1 else ""
        return f"it counts fewer than {self.threshold} people{rounded}"


def secret_of(cohort: Cohort, records: Records, folder: Path) -> Secret:
    """Labels of cases and people, words of fewer than k people, telling numbers, names of source files."""
    threshold = cohort.disclosure.threshold
    labels: set[str] = set()
    words: set[str] = set()
    numbers: set[str] = set()
    person = records["episodes"].set_index("episode_id").get("patient_id", pd.Series(dtype=str))
    for table in records.tables.values():
        labels |= {str(value) for name in ("episode_id", "patient_id") if name in table for value in table[name]}
        people = table["episode_id"].map(person).fillna(table["episode_id"]) if "episode_id" in table else None
        for name in table.columns.difference(["episode_id", "patient_id"]):
            values = table[name].dropna()
            if pd.api.types.is_numeric_dtype(values):
                numbers |= set(_telling(values))
            elif people is not None:
                of_value = people.loc[values.index].groupby(values.astype(str)).nunique()
                words |= {value for value, count in of_value.items() if count < threshold}
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and file.parent != folder]
    telling = {word for word in words if len(word) >= SHORTEST and re.search("[^\\W\\d_]", word)}
    return Secret(
        cohort.id,
        threshold,
        telling_labels(labels),
        frozenset(telling),
        frozenset(numbers),
        frozenset(file.name for file in files),
        cohort.disclosure.rounding or 1,
    )


def _telling(values: pd.Series) -> Iterator[str]:
    alone = values[~values.duplicated(keep=False)]
    for value in alone:
        text = f"{value:.10g}"
        if len(text.replace(".", "").replace("-", "").strip("0")) >= DIGITS and "e" not in text:
            yield text


def leaks(release: Path, secrets: Iterable[Secret], checklists: str = "", drugs: str = "") -> list[Finding]:
    """A finding for each file of a release and rule that it breaks; never what was found.

    Parameters
    ----------
    checklists : all words of reporting checklists, which stand in those of a cohort whatever its cases are.
    drugs : all words of drug profiles, which stand beside the cohorts whatever befell their cases.
    """
    secrets = list(secrets)
    if not secrets:
        return []
    found: dict[tuple[str, str], None] = {}
    opened = [
        (file.relative_to(release).as_posix(), text)
        for file in sorted(release.rglob("*"))
        if file.is_file()
        for _, text in texts(file.name, file.read_bytes())
    ]
    in_definitions = {pair for name, text in opened if name == "definitions.json" for pair in OF.findall(text)}
    for secret in secrets:
        of_others = [text for name, text in opened if _of_another(name, secret.cohort)]
        elsewhere = " ".join([*of_others, drugs]).casefold()
        for name, text in opened:
            known = checklists.casefold() if name.startswith(f"{secret.cohort}/{CHECKLISTS}") else elsewhere
            for rule in broken_rules(name, text, secret, elsewhere=known, harmless=in_definitions):
                found[name, rule] = None
    return [Finding(f"release/{name}", rule=rule) for name, rule in found]


def below_header(text: str) -> str:
    """A table of results without its header, whose words are the contract's whatever the cases are; else the text."""
    first, _, rest = text.partition("\n")
    headers = {",".join(results.names) for results in CONTRACT.values()}
    return rest if first.rstrip("\r") in headers else text


def _of_another(name: str, cohort: str) -> bool:
    """Whether a file is of another cohort alone, or of the definitions."""
    folder, _, inside = name.partition("/")
    return name == "definitions.json" or (bool(inside) and folder not in (cohort, "tables", "figures", "pooled"))


def broken_rules(
    name: str, text: str, secret: Secret, *, elsewhere: str, harmless: set[tuple[str, str]]
) -> Iterator[str]:
    """Rules that a text breaks.

    Parameters
    ----------
    elsewhere : what stands in files of other cohorts alone and in drug profiles, or in every checklist, in small
        letters.
    harmless : pairs "x of y" that stand in definitions: "8 of 12 weeks" counts nobody.
    """
    inside = name.startswith(f"{secret.cohort}/")
    seen = DRAWN.sub(" ", ESCAPED.sub(lambda found: unquote(found[0]), text))
    folded = seen.casefold()
    if names_a_label(f"{name} {seen}", secret.labels):
        yield NAMED
    if any(source.casefold() in folded for source in secret.sources):
        yield "it holds the name of a source file of a restricted cohort"
    known = "" if inside and not name.startswith(f"{secret.cohort}/{CHECKLISTS}") else elsewhere
    mine = not _of_another(name, secret.cohort)
    said = below_header(folded)
    if mine and any(_as_word(word, said) and not _as_word(word, known) for word in secret.words):
        yield f"it holds a word that stands with fewer than {secret.threshold} people"
    if inside and secret.numbers & whole_words(seen):
        yield "it holds a value of one person"
    if inside and DATE.search(seen):
        yield "it holds a date"
    if inside and _small_share(name, seen, secret, harmless):
        yield secret.counted
    if _small_count(name, text, secret, inside=inside):
        yield secret.counted


def _as_word(word: str, folded: str) -> bool:
    word = word.casefold()
    return word in folded and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", folded) is not None


def counts_told(name: str, text: str) -> Iterator[int]:
    """Numbers of people that a text tells: of results the columns that count, else "x of y" with the rest, y - x."""
    for row in _rows(name, text):
        yield from _counts(row)
    for part, whole in _shares(name, text):
        yield from (part, whole, whole - part)


def _shares(name: str, text: str) -> Iterator[tuple[int, int]]:
    """Pairs "x of y" in which x is no more than y."""
    if name.endswith(".json"):
        return
    if name.endswith(".csv"):
        text = "\n".join(" ; ".join(cells) for cells in csv.reader(io.StringIO(text)))
    for part, whole in set(OF.findall(" ".join(TAG.sub(" ", DRAWN.sub(" ", text)).split()))):
        if int(part) <= int(whole):
            yield int(part), int(whole)


def _counts(row: dict[str, str]) -> Iterator[int]:
    for name in COUNTED:
        value = row.get(name) or ""
        if value.replace(".", "", 1).isdigit():
            yield int(float(value))


def _small_share(name: str, text: str, secret: Secret, harmless: set[tuple[str, str]]) -> bool:
    """Whether "x of y" is told with x, y or the rest a number that may not be told."""
    shares = (pair for pair in _shares(name, text) if tuple(map(str, pair)) not in harmless)
    return any(secret.telling(number) for part, whole in shares for number in (part, whole, whole - part))


def _rows(name: str, text: str) -> Iterator[dict[str, str]]:
    """Rows of results, their columns as text."""
    if name.endswith(".csv"):
        yield from csv.DictReader(io.StringIO(text))
    elif name.endswith(RESULTS):
        for row in json.loads(text)["results"]:
            yield {"cohort": row["cohort"], row["stat_name"]: str(row["stat"])}


def _small_count(name: str, text: str, secret: Secret, *, inside: bool) -> bool:
    told = (row for row in _rows(name, text) if inside or row.get("cohort") == secret.cohort)
    return any(secret.telling(count) for row in told for count in _counts(row))
