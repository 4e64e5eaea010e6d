"""The words that headers and cells of hospital files usually hold, as `words.yaml` has them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from caseseries.model.text import fold_text

LANGUAGES = {"en": "English", "de": "German", "es": "Spanish", "zh": "Chinese"}

FEWEST_COLUMNS = 3
"""Columns that a table has at least in which a row of a single text is a title or a remark."""


@dataclass(frozen=True)
class Meaning:
    """What a word in a header usually means.

    Parameters
    ----------
    column : `table.column` of the contract, or one of FIRST_DOSE, BIRTH and NEVER.
    holds : what the cells must be: key, number, weeks, date, day, word or yes_no.
    word : as in `words.yaml`; language : whose word it is.
    """

    column: str
    holds: str
    word: str
    language: str

    @property
    def why(self) -> str:
        """The reason as a comment gives it."""
        return f"{self.word} ({LANGUAGES[self.language]})"


@dataclass(frozen=True)
class Vocabulary:
    """`words.yaml` by what is looked up in it."""

    headers: dict[str, Meaning]
    filler: frozenset[str]
    sheets: frozenset[str]
    moments: dict[str, str]
    after: frozenset[str]
    times: dict[str, str]
    values: dict[str, dict[str, dict[str, list[str]]]]
    pairs: dict[str, list[dict[str, str]]]
    summary_rows: frozenset[str]
    missing: frozenset[str]
    codes: tuple[str, ...]
    drugs: frozenset[str] = frozenset()

    @cached_property
    def _summary_parts(self) -> frozenset[str]:
        """Words of which the name of a row of sums is made: `mean sd`, `median range`."""
        return frozenset(part for word in self.summary_rows for part in word.split())

    def find_summaries(self, labels: Iterable[str]) -> set[str]:
        """Labels of rows that are sums, means or the like; `n` is one only beside others."""
        spoken = {label: set(plain(label).split()) for label in labels}
        found = {label for label, parts in spoken.items() if parts and parts <= self._summary_parts}
        return found | {label for label, parts in spoken.items() if found and parts == {"n"}}

    @cached_property
    def choices(self) -> frozenset[str]:
        """Words and letters that cells of closed columns may have."""
        letters = {letter for pairs in self.pairs.values() for pair in pairs for letter in pair}
        return frozenset({"yes", "no", *letters, *(word for closed in self.values for word in self.labels(closed))})

    def labels(self, closed: str) -> dict[str, str]:
        """Word -> what it means in a closed column, of every language."""
        return {
            fold_text(word): meant
            for words in self.values.get(closed, {}).values()
            for meant, spelled in words.items()
            for word in spelled
        }


@cache
def load_words() -> Vocabulary:
    """The vocabulary; plain words are compared folded (capitals, widths and blanks mean nothing)."""
    text = (Path(__file__).parent / "words.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    headers: dict[str, Meaning] = {}
    for entry in read["headers"]:
        for language in LANGUAGES:
            for word in entry.get(language, ()):
                headers.setdefault(plain(word), Meaning(entry["column"], entry["holds"], word, language))
    sheets = frozenset(plain(word) for word in read["sheets"])
    moments = {
        plain(word): name for name, spoken in read["moments"].items() for words in spoken.values() for word in words
    }
    return Vocabulary(
        headers,
        frozenset(plain(word) for words in read["filler"].values() for word in words),
        sheets,
        moments,
        frozenset(plain(word) for words in read["after"].values() for word in words),
        {fold_text(word): unit for unit, words in read["times"].items() for word in words},
        read["values"],
        read["pairs"],
        frozenset(plain(word) for word in read["summary_rows"]),
        frozenset(fold_text(word) for word in read["missing"]),
        tuple(read["codes"]),
    )


def plain(header: str) -> str:
    """A header in small letters with blanks in place of signs: `PLT_d7` is `plt d7`."""
    return " ".join(re.sub(r"[\W_]+", " ", fold_text(header)).split())
