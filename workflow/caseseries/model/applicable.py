"""Which response definitions are run on a cohort: those that were made for what its cases are treated for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition


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
