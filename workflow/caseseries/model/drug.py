"""Drug profiles: what the texts of a drug say, clause by clause, one file of config/drugs each."""

from __future__ import annotations

import difflib
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from caseseries.model.cohort import Filled, Name
from caseseries.model.dosing import CHOICE, Clause, Dosing, RuleSet
from caseseries.model.eligibility import EligibilityClause
from caseseries.model.findings import BadInput, Finding
from caseseries.model.safety import load_vocabulary
from caseseries.model.strict import Strict
from caseseries.model.yaml_file import Path_, check_model, place_finding, read_yaml

DrugClass = Literal[
    "tpo_receptor_agonist", "thrombopoietin", "immunoglobulin", "corticosteroid", "transfusion", "syk_inhibitor"
]
Frequency = Literal["very common", "common", "uncommon", "seen", "named"]


class Source(Strict):
    """A text that was read, and where."""

    text: Filled
    where: str = Field(default="", description="address, DOI or registry number")


class ListedEvent(Clause):
    """An adverse event that the texts of the drug name. `seen`: in a trial or series; `named`: without a number."""

    event: str = Field(description="name in config/safety.yaml")
    often: Frequency | None = None
    in_children: Frequency | None = None
    serious: bool = False
    remark: str = ""

    @model_validator(mode="after")
    def _how_often(self) -> ListedEvent:
        if self.often is None and self.in_children is None:
            raise ValueError("say how often, in adults or in_children")
        return self


class Statement(Clause):
    """What a text says, and what the project does with it: one of `executed`, `shown` and `not_used`."""

    part: Filled = Field(description="part of the text in which it stands")
    says: Filled
    executed: list[str] = Field(default_factory=list, description="rules, eligibility clauses or statistics that do it")
    shown: str = Field(default="", description="where the reader sees it")
    not_used: str = Field(default="", description="why it can be neither executed nor shown at a case")

    @model_validator(mode="after")
    def _one_use(self) -> Statement:
        if sum(map(bool, (self.executed, self.shown, self.not_used))) != 1:
            raise ValueError("a statement has one of executed, shown and not_used")
        return self


class Drug(Strict):
    """The contents of one drug profile; unknown keys are refused."""

    id: Name
    name: str
    other_names: list[str] = Field(default_factory=list, description="spellings, compared in lower case")
    drug_class: DrugClass
    route: str
    condition: Name = Field(description="what its labels and eligibility clauses are about unless they say otherwise")
    sources: dict[Name, Source] = Field(min_length=1)
    statements: list[Statement] = Field(default_factory=list)
    eligibility: list[EligibilityClause] = Field(default_factory=list)
    dosing: Dosing | None = None
    adverse_events: list[ListedEvent] = Field(default_factory=list)

    def means(self, written: str) -> bool:
        """Whether a drug as written in a table is this one."""
        return written.strip().lower() in self.spellings

    @cached_property
    def spellings(self) -> frozenset[str]:
        """How the drug may be written, in lower case."""
        return frozenset({self.id, self.name.lower(), *(name.lower() for name in self.other_names)})

    def labels_for(self, named: str | None, condition: str | None) -> dict[str, RuleSet]:
        """The rule sets to be applied to a cohort: the one it names, else all that need no naming.

        Parameters
        ----------
        named : `label` of cohort.yaml, None where it names none.
        condition : `condition` of cohort.yaml; rules for another condition are not applied.
        """
        if self.dosing is None:
            return {}
        one = self.dosing.label_id(named)
        return {
            id_: rules
            for id_, rules in self.dosing.labels.items()
            if (id_ == one or (not one and not rules.only_if_named))
            and (rules.condition or self.condition) == (condition or self.condition)
        }

    def doses_named(self, condition: str | None) -> list[tuple[float, str]]:
        """Every dose that its texts name for a condition, with its unit; those for any where none is for this one."""
        if self.dosing is None:
            return []
        labels, wanted = self.dosing.labels.values(), condition or self.condition
        mine = [one for one in labels if (one.condition or self.condition) == wanted] or list(labels)
        return [dose for one in mine for dose in one.rules.doses_named(self.dosing.unit)]

    def lists(self, event: str) -> bool:
        """Whether its texts name an adverse event, given by its name."""
        return any(listed.event == event for listed in self.adverse_events)


STATISTICS = ("adverse_event_rate", "rebound_rate", "overshoot_rate", "response_rate", "loss_of_response")
"""Results beside the audit that a statement of a profile may say it is executed by."""


def load_drugs(*folders: Path) -> dict[str, Drug]:
    """Every profile of some folders by its id; the words for adverse events stand beside the first.

    Raises
    ------
    BadInput : faulty profiles, all of them; an id that is not the file's name, or that of a profile before it.
    """
    drugs: dict[str, Drug] = {}
    findings: list[Finding] = []
    paths = [path for folder in folders for path in sorted(folder.glob("*.yaml"))]
    try:
        names = set(load_vocabulary(folders[0].parent / "safety.yaml").events) if paths else set()
    except BadInput as error:
        names = None
        findings += error.findings
    for path in paths:
        shown = f"config/drugs/{path.name}"
        try:
            data, lines = read_yaml(path, shown)
            drug = check_model(Drug, data, lines, shown)
        except BadInput as error:
            findings += error.findings
            continue
        if drug.id != path.stem:
            findings.append(Finding(shown, column="id", rule="the id must be the file's name", example=path.stem))
        if drug.id in drugs:
            rule = "a profile that is shipped has this id; give yours another"
            findings.append(Finding(shown, column="id", rule=rule, example=f"{drug.id}-here"))
        faults = [*faults_of(drug, names), *shared_names(drug, drugs)]
        findings += [place_finding(path_, lines, shown, rule, example) for path_, rule, example in faults]
        drugs[drug.id] = drug
    if findings:
        raise BadInput(findings)
    return drugs


def profile_of(written: str, drugs: dict[str, Drug]) -> Drug | None:
    """The profile of a drug as written in a table, if there is one."""
    return next((drug for drug in drugs.values() if written and drug.means(written)), None)


Fault = tuple[Path_, str, str]
"""Where in the file, the rule that does not hold, a good value."""


def faults_of(drug: Drug, events: set[str] | None) -> list[Fault]:
    """What contradicts itself in a profile; `events` are the names of adverse events, None where they are unknown."""
    known = [*drug.sources, CHOICE]
    faults: list[Fault] = [
        ((*path, name), "the source is not among the sources of the profile", known[0])
        for path, names in cited(drug.model_dump(by_alias=True))
        for name in names
        if name not in known
    ]
    names = executable(drug)
    for i, statement in enumerate(drug.statements):
        unknown = [name for name in statement.executed if name not in names]
        if unknown:
            rule = f"nothing of this profile executes {', '.join(unknown)}"
            faults.append((("statements", i, "executed"), rule, names[0]))
    for key, found in (("eligibility", [c.clause for c in drug.eligibility]), ("adverse_events", events_of(drug))):
        twice = sorted({name for name in found if found.count(name) > 1})
        faults += [((key, found.index(name)), f"{name} stands twice", "") for name in twice]
    for i, listed in enumerate(drug.adverse_events):
        if events is not None and listed.event not in events:
            close = difflib.get_close_matches(listed.event, sorted(events), n=1)
            rule = "the event is no name of config/safety.yaml"
            faults.append((("adverse_events", i, "event"), rule, close[0] if close else "headache"))
    return faults


def events_of(drug: Drug) -> list[str]:
    """Names of the adverse events that a profile lists."""
    return [listed.event for listed in drug.adverse_events]


def executable(drug: Drug) -> list[str]:
    """Names by which a statement may say that it is executed: dosing rules, eligibility clauses, statistics."""
    labels = drug.dosing.labels.values() if drug.dosing else ()
    rules = dict.fromkeys(name for label in labels for name in label.rules.given)
    return [*rules, *(clause.clause for clause in drug.eligibility), *STATISTICS]


def cited(part: Any, path: Path_ = ()) -> list[tuple[Path_, list[str]]]:
    """Path and names of every list of sources inside a profile."""
    found = []
    if isinstance(part, dict):
        if isinstance(part.get("source"), dict):
            found.append(((*path, "source"), list(part["source"])))
        for key, value in part.items():
            found += cited(value, (*path, key))
    elif isinstance(part, list):
        for i, value in enumerate(part):
            found += cited(value, (*path, i))
    return found


def shared_names(drug: Drug, others: dict[str, Drug]) -> list[Fault]:
    """Names by which two profiles go."""
    return [
        (("other_names",), f"{name} is also a name of {other.id}", "")
        for other in others.values()
        for name in (drug.id, drug.name, *drug.other_names)
        if other.means(name)
    ]
