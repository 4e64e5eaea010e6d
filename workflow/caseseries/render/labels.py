"""What things are called: definitions, their sources and cautions, causes, cohorts, groups."""

from __future__ import annotations

from dataclasses import dataclass, field

from caseseries.render import format as fmt

REPORTED = "as_reported"
REPORTED_SOURCE = "The authors' own classes"


@dataclass(frozen=True)
class DefinitionLabel:
    """Name, source document and cautions of one response definition, as shown to a reader."""

    id: str
    title: str
    source: str
    cautions: tuple[str, ...] = field(default_factory=tuple)


def definition_label(definition: str, labels: dict[str, DefinitionLabel]) -> DefinitionLabel:
    """Label of a definition; a definition that the catalogue does not hold is shown by its id in words."""
    if definition in labels:
        return labels[definition]
    if definition == REPORTED:
        return DefinitionLabel(definition, "as reported", REPORTED_SOURCE)
    if definition.startswith(f"{REPORTED}_"):
        outcome = fmt.words(definition.removeprefix(f"{REPORTED}_"))
        return DefinitionLabel(definition, f"{outcome}, as reported", REPORTED_SOURCE)
    return DefinitionLabel(definition, fmt.words(definition), "Further definitions")


def cohort_label(cohort: str) -> str:
    """Short name of a cohort: "kong-2017" -> "Kong 2017"."""
    name = cohort.replace("-", " ")
    return name[0].upper() + name[1:]


def member_label(cohort: str, group: str) -> str:
    """Name of a cohort's group: "Lin 2023, rhTPO"; the whole cohort has its name alone."""
    return cohort_label(cohort) if group == "all" else f"{cohort_label(cohort)}, {group}"
