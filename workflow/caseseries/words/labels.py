"""What things are called: definitions, their sources and cautions, causes, cohorts, groups."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from caseseries.model.applicable import REPORTED
from caseseries.model.config import Member, Pool
from caseseries.model.definition import BASIS_WORDS, Caution, Definition, cautions
from caseseries.model.groups import ALL
from caseseries.words.spelling import SPELLINGS, capital, words

SYNTHETIC = "SYNTHETIC"
"""What stands on everything behind which no patient stands."""

REPORTED_SOURCE = "The authors' own classes"


DAYS_FROM = {
    "first_dose": "Days from the first dose",
    "birth": "Days from birth",
    "other": "Days from day 0 of the source",
}
"""Title of an axis of days, by what day 0 of a cohort is (`Cohort.day_zero`)."""


@dataclass(frozen=True)
class DefinitionLabel:
    """Name, source document and cautions of one response definition, as shown to a reader."""

    id: str
    title: str
    source: str
    cautions: tuple[Caution, ...] = field(default_factory=tuple)

    @property
    def marks(self) -> str:
        """Signs behind the name: * unconfirmed in print, † a choice of ours, *† both; kept to it by a fixed space."""
        found = {caution.basis for caution in self.cautions}
        signs = "".join(sign for sign, (basis, _) in MARKS.items() if basis in found)
        return f"\u00a0{signs}" if signs else ""

    @property
    def marked(self) -> str:
        """The name with its signs."""
        return self.title + self.marks


MARKS = {
    "*": ("M", "a clause is not confirmed in print"),
    "†": ("C", "a clause is our choice where the source is silent"),
}
"""Sign behind a name -> basis of the clauses that it stands for, and what it means."""


MET_BEFORE = "§"
"""Sign of a definition that the baseline of somebody already meets."""

MET_BEFORE_MEANING = f"{MET_BEFORE} the baseline of some already meets the count that is asked for."


def signed(labels: Mapping[str, DefinitionLabel], met: Collection[str]) -> dict[str, DefinitionLabel]:
    """Labels in which the names of the definitions of `met` carry `MET_BEFORE`."""
    return {
        name: replace(label, title=f"{label.title}\u00a0{MET_BEFORE}") if name in met else label
        for name, label in labels.items()
    }


def marks_sentence(shown: Iterable[str]) -> str:
    """What the signs behind the names mean, of those that occur: "* ...; † ...."; "" where there are none."""
    present = "".join(shown)
    found = [f"{sign} {meaning}" for sign, (_, meaning) in MARKS.items() if sign in present]
    return "; ".join(found) + "." if found else ""


def say_caution(caution: Caution) -> str:
    """One caution: "our choice: the first count of a day counts"."""
    return f"{BASIS_WORDS[caution.basis]}: {caution.clause}"


def grouped(cautions: Iterable[Caution]) -> str:
    """Cautions with each kind named once: "Our choice: a; b."."""
    kinds: dict[str, list[str]] = {}
    for caution in cautions:
        kinds.setdefault(BASIS_WORDS[caution.basis], []).append(caution.clause)
    return " ".join(f"{capital(kind)}: {'; '.join(clauses)}." for kind, clauses in kinds.items())


def labels_of(definitions: Iterable[Definition]) -> dict[str, DefinitionLabel]:
    """Label, source and cautions of some definitions, by id."""
    labels = {}
    for definition in definitions:
        source = REPORTED_SOURCE if definition.reported or not definition.source else definition.source.citation
        labels[definition.id] = DefinitionLabel(definition.id, definition.label, source, tuple(cautions(definition)))
    return labels


def marked(text: str, synthetic: bool) -> str:
    """A caption that says first that no patient stands behind what is shown, where none does."""
    return f"{SYNTHETIC} data, no patients. {text}" if synthetic else text


def definition_label(definition: str, labels: Mapping[str, DefinitionLabel]) -> DefinitionLabel:
    """Label of a definition; a definition that the catalogue does not hold is shown by its id in words."""
    if definition in labels:
        return labels[definition]
    if definition == REPORTED:
        return DefinitionLabel(definition, "as reported", REPORTED_SOURCE)
    if definition.startswith(f"{REPORTED}_"):
        outcome = words(definition.removeprefix(f"{REPORTED}_"))
        return DefinitionLabel(definition, f"{outcome}, as reported", REPORTED_SOURCE)
    return DefinitionLabel(definition, words(definition), "Further definitions")


def cohort_label(cohort: str) -> str:
    """Short name of a cohort: "kong-2017" -> "Kong 2017", "simulated-rhtpo" -> "Simulated rhTPO"."""
    name = " ".join(SPELLINGS.get(part, part) for part in cohort.split("-"))
    return capital(name)


def member_label(cohort: str, group: str) -> str:
    """Name of a cohort's group: "Lin 2023, rhTPO"; the whole cohort has its name alone."""
    return cohort_label(cohort) if group == ALL else f"{cohort_label(cohort)}, {group}"


def left_out_label(pool: Pool, member: Member) -> str:
    """Name of a member that an analysis leaves out: its cohort, with its group where the pool has several of it."""
    once = [other.cohort for other in pool.members].count(member.cohort) == 1
    return cohort_label(member.cohort) if once else member_label(member.cohort, member.group)


def caution_notes(definitions: list[str], labels: Mapping[str, DefinitionLabel]) -> list[str]:
    """Notes below a table: for each definition that needs it, what is unconfirmed in print or chosen by us."""
    found = [definition_label(definition, labels) for definition in definitions]
    notes = [f"{label.title}. {grouped(label.cautions)}" for label in found if label.cautions]
    legend = marks_sentence(label.marks for label in found)
    return [legend, *notes] if legend else notes
