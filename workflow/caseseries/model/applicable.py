"""Which response definitions are run on a cohort, those that were made for what its cases are treated for, and which of
them leads: rates, times, sentences and figures begin with it, and the others are set beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Literal

from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition

REPORTED = "as_reported"
"""The definition that passes the source's own classes through; its timed outcomes are `as_reported_<outcome>`."""

CONSENSUS = ("iwg2009_confirmed", "iwg2009_single", "plt50_any")
"""What leads where neither the cohort nor its authors say: the consensus of the International Working Group 2009, with
confirmation and by a single count, then the commonest end point, which asks for nothing but counts.
"""

LEADS = (REPORTED, *CONSENSUS)
"""What leads where a cohort says nothing of it."""


def made_for(definition: Definition, cohort: Cohort) -> bool:
    """Whether a definition was made for the cohort's condition.

    What the source itself reports always is. A definition without a condition, and one before a cohort without a
    condition, is held to the analyte alone: a rule on haemoglobin says nothing of a series of platelet counts.
    """
    if definition.reported:
        return True
    if definition.condition is None or cohort.condition is None:
        return definition.analyte == cohort.analyte
    return definition.condition == cohort.condition


def applicable(
    definitions: Iterable[Definition], cohort: Cohort, configured: Collection[str] | Literal["all"] = "all"
) -> list[Definition]:
    """The definitions that are run on a cohort, in their order: of those that the configuration names those made for
    its condition, and those that its cohort.yaml names itself.
    """
    return [
        definition
        for definition in definitions
        if definition.id in cohort.definitions
        or ((configured == "all" or definition.id in configured) and made_for(definition, cohort))
    ]


def leads_of(
    cohort: Cohort, catalogue: Iterable[Definition] = (), consensus: Sequence[str] = CONSENSUS
) -> tuple[str, ...]:
    """Definitions that may lead, the best first: `main_definition` of the cohort, the authors' own classes, the
    authors' rule, the consensus (`main_definition` of the configuration), and the only rule of the catalogue where no
    other one was made for the cohort.

    It is told by what was said beforehand, never by which definition gives which rate.
    """
    rules = [one.id for one in applicable(catalogue, cohort) if not one.reported and one.measure is None]
    only = rules if len(rules) == 1 else []
    named = [cohort.main_definition, REPORTED, cohort.source_definition, *consensus, *only]
    return tuple(dict.fromkeys(name for name in named if name))


def in_order(definitions: Iterable[Definition], leads: Sequence[str]) -> list[Definition]:
    """Definitions in the one order in which results, tables, figures and pages have them: those that may lead first,
    the best in front, each followed by the others of its source; then the other sources as they stand.
    """
    place = {name: number for number, name in enumerate(leads)}
    ranked = sorted(definitions, key=lambda one: place.get(one.id, len(place)))
    sources = {source: number for number, source in enumerate(dict.fromkeys(one.cited.citation for one in ranked))}
    return sorted(ranked, key=lambda one: sources[one.cited.citation])


def main_definition(leads: Iterable[str], shown: Iterable[str]) -> str:
    """The definition that leads among those that have something to show; "" where none of `leads` has. An outcome that
    the source times itself stands for its own classes.
    """
    there = list(dict.fromkeys(shown))
    for name in leads:
        own = [one for one in there if one == name or (name == REPORTED and one.startswith(f"{REPORTED}_"))]
        if own:
            return name if name in own else own[0]
    return ""
