"""A reporting checklist as data: its items in our own words, and what of a run would fill each.

An item is filled where all evidence that it names is there and nothing is left to its author; it is not applicable
where its condition does not hold. Nothing is ever filled from prose.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, get_args

from pydantic import Field, field_validator, model_validator

from caseseries.model.findings import BadInput, Finding
from caseseries.model.strict import Strict
from caseseries.model.yaml_file import load_model

Evidence = Literal[
    "adverse_events",
    "bounds",
    "censoring",
    "characteristics",
    "definitions",
    "design",
    "differences",
    "doses",
    "drug_given",
    "earlier_treatment",
    "flow",
    "follow_up",
    "intervals",
    "missing_values",
    "outcomes",
    "period",
    "population",
    "reasons",
    "response_rate",
    "sensitivity",
    "serial_values",
    "setting",
    "software",
    "source_of_rows",
    "statistics",
    "timeline",
]
"""What a run can have; `export.evidence` says of each when a cohort has it, and in which file."""

EVIDENCE: tuple[str, ...] = get_args(Evidence)

Condition = Literal["groups", "matched", "people", "register"]
"""On what an item can depend."""

FILLED, AUTHOR, NONE = "filled", "left to the author", "not applicable"
STATES = (FILLED, AUTHOR, NONE)
"""What becomes of an item."""

ADDS, NOT_THERE = "The author adds", "Not in the run"
"""How a remark begins on what is left to the author, and on evidence that a run lacks."""

NOT_APPLICABLE: dict[Condition, str] = {
    "groups": "There is one group.",
    "matched": "Nothing here matches cases.",
    "people": "Nobody stands behind the rows.",
    "register": "The rows come from no register or database.",
}
"""Why an item is not applicable, by the condition that does not hold."""


class Item(Strict):
    """One item."""

    item: str = Field(description="its number in the checklist")
    section: str = Field(description="part of the checklist")
    asks: str = Field(description="what it asks for, in our own words")
    evidence: list[str] = Field(default_factory=list, description="what of a run fills it, all of it")
    author: str = Field(default="", description="what no data say and the authors add; then it is never filled")
    only_if: Condition | None = Field(default=None, description="without it the item is not applicable")

    @field_validator("evidence")
    @classmethod
    def _known(cls, names: list[str]) -> list[str]:
        for name in names:
            if name not in EVIDENCE:
                close = difflib.get_close_matches(name, EVIDENCE, n=1)
                said = f"did you mean {close[0]}?" if close else "docs/exports.md lists what is known"
                raise ValueError(f"no run has such evidence; {said}")
        return names

    @model_validator(mode="after")
    def _answered(self) -> Item:
        if not self.evidence and not self.author and self.only_if != "matched":
            raise ValueError("an item needs evidence, or what is left to its author")
        return self


class Checklist(Strict):
    """One checklist."""

    id: str = Field(pattern="^[a-z][a-z0-9_]*$", description="name of the file")
    title: str
    citation: str
    doi: str
    about: str = Field(description="which version was read, and how")
    items: list[Item] = Field(min_length=1)

    @model_validator(mode="after")
    def _numbered_once(self) -> Checklist:
        numbers = [item.item for item in self.items]
        if len(set(numbers)) < len(numbers):
            raise ValueError("each item needs a number of its own")
        return self


def words_of(checklists: Iterable[Checklist]) -> str:
    """All words that stand in filled checklists whatever the cases are."""
    said = [word for one in checklists for item in one.items for word in (item.section, item.asks, item.author)]
    said += [word for one in checklists for word in (one.title, one.citation, one.about)]
    evidence = [name.replace("_", " ") for name in EVIDENCE]
    return " ".join([*said, *evidence, *STATES, ADDS, NOT_THERE, *NOT_APPLICABLE.values()])


def load_checklists(*folders: Path) -> list[Checklist]:
    """The checklists of some folders, by id.

    Raises
    ------
    BadInput : every fault of every file.
    """
    found: list[Checklist] = []
    findings: list[Finding] = []
    for path in sorted((path for folder in folders for path in folder.glob("*.yaml")), key=lambda path: path.name):
        shown = f"{path.parent.name}/{path.name}"
        try:
            checklist = load_model(Checklist, path, shown)
        except BadInput as error:
            findings += error.findings
            continue
        if checklist.id != path.stem:
            findings.append(Finding(shown, column="id", rule="the id must be the name of the file", example=path.stem))
        found.append(checklist)
    if findings:
        raise BadInput(findings)
    return found
