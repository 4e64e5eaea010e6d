"""The definitions that a stage runs on a cohort, and what is wrong with those that cohort.yaml names."""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import Literal

from caseseries.model.applicable import applicable
from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition
from caseseries.model.findings import Finding, raise_errors
from caseseries.response.definition_files import choose, unknown_ids


def definitions_of(
    cohort: Cohort, catalogue: list[Definition], configured: list[str] | Literal["all"]
) -> list[Definition]:
    """The definitions that are run on a cohort: those configured, in their order, that were made for its condition,
    and those that it names itself.

    Raises
    ------
    BadInput : an id that no definition has.
    """
    raise_errors(named_findings(cohort, catalogue, configured))
    candidates = catalogue if configured == "all" else choose(catalogue, [*configured, *cohort.definitions])
    return applicable(candidates, cohort, configured)


def named_findings(
    cohort: Cohort, catalogue: list[Definition], configured: list[str] | Literal["all"]
) -> list[Finding]:
    """What is wrong with the definitions that cohort.yaml names: unknown."""
    shown = f"{cohort.id}/cohort.yaml"
    return [
        replace(finding, file=shown, column="definitions", rule=f"{name}: {finding.rule}")
        for name in cohort.definitions
        for finding in unknown_ids(catalogue, [name])
    ]


def condition_findings(cohort: Cohort, catalogue: list[Definition]) -> list[Finding]:
    """A question about a condition that no definition was made for; it may be a slip."""
    known = {definition.condition for definition in catalogue} - {None}
    if cohort.condition is None or cohort.condition in known:
        return []
    close = difflib.get_close_matches(cohort.condition, sorted(known), n=1)
    hint = f"; did you mean {close[0]}?" if close else ""
    rule = (
        f"no response definition was made for the condition {cohort.condition}, so that only what the source itself "
        f"reports is run{hint}"
    )
    example = close[0] if close else "definitions: [plt50_any]"
    return [Finding(f"{cohort.id}/cohort.yaml", column="condition", rule=rule, example=example, severity="warning")]
