"""Names of adverse events and the words that mean them; plain words, no licensed dictionary."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from pydantic import Field

from caseseries.model.cohort import Filled
from caseseries.model.findings import BadInput, Finding
from caseseries.model.strict import Strict
from caseseries.model.yaml_file import check_model, read_yaml


class Vocabulary(Strict):
    """The contents of adverse-events.yaml: every name with its further words."""

    source: Filled
    events: dict[str, list[str]]
    together: dict[str, list[str]] = Field(default_factory=dict, description="cause -> names counted together")

    def name_of(self, term: str) -> str:
        """The name that a term means, else the term as written, in lower case."""
        return self.name_by_word.get(plain_term(term), term.strip().lower())

    @cached_property
    def name_by_word(self) -> dict[str, str]:
        """The name that each word means, by what of it is compared."""
        return {plain_term(word): name for name, words in self.events.items() for word in (name, *words)}


def plain_term(term: str) -> str:
    """What of a term is compared: its letters and digits in lower case."""
    return "".join(sign for sign in term.casefold() if sign.isalnum())


def load_vocabulary(path: Path) -> Vocabulary:
    """Read the words.

    Raises
    ------
    BadInput : missing or faulty file; a word that means two events; names counted together that are none.
    """
    shown = f"config/{path.name}"
    data, lines = read_yaml(path, shown)
    vocabulary = check_model(Vocabulary, data, lines, shown)
    owner: dict[str, str] = {}
    findings = []
    for name, words in vocabulary.events.items():
        for word in (name, *words):
            other = owner.setdefault(plain_term(word), name)
            if other != name:
                rule = f"the term {word} means two events, {other} and {name}: keep it under one"
                findings.append(Finding(shown, line=lines.get(("events", name), 0), column=f"events.{name}", rule=rule))
    for cause, names in vocabulary.together.items():
        for name in names:
            if name not in vocabulary.events:
                line, column = lines.get(("together", cause), 0), f"together.{cause}"
                findings.append(Finding(shown, line=line, column=column, rule=f"{name} is no name of events"))
    if findings:
        raise BadInput(findings)
    return vocabulary
