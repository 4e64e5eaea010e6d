"""The definitions that a stage runs on a cohort, and what is wrong with those that cohort.yaml names."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from caseseries.model.applicable import CONSENSUS, applicable, in_order, leads_of, made_for
from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition
from caseseries.model.findings import Finding, raise_errors
from caseseries.response.definition_files import choose, unknown_ids


def definitions_of(
    cohort: Cohort,
    catalogue: list[Definition],
    configured: list[str] | Literal["all"],
    consensus: Sequence[str] = CONSENSUS,
) -> list[Definition]:
    """The definitions that are run on a cohort: those configured that were made for its condition, and those that it
    names itself; what may lead first, the others as configured (`applicable.in_order`).

    Raises
    ------
    BadInput : an id that no definition has.
    """
    raise_errors(named_findings(cohort, catalogue, configured))
    candidates = catalogue if configured == "all" else choose(catalogue, [*configured, *cohort.definitions])
    return in_order(applicable(candidates, cohort, configured), leads_of(cohort, catalogue, consensus))


def named_findings(
    cohort: Cohort, catalogue: list[Definition], configured: list[str] | Literal["all"]
) -> list[Finding]:
    """What is wrong with the definitions that cohort.yaml names: unknown, or a main one that is not run."""
    shown, main = f"{cohort.id}/cohort.yaml", cohort.main_definition
    named = [(name, "definitions") for name in cohort.definitions]
    named += [(main, "main_definition")] if main else []
    findings = [
        replace(finding, file=shown, column=column, rule=f"{name}: {finding.rule}")
        for name, column in named
        for finding in unknown_ids(catalogue, [name])
    ]
    known = {definition.id: definition for definition in catalogue}
    if main in known and not applicable([known[main]], cohort, configured):
        rule = f"{main} is not run on this cohort: {why_not(known[main], cohort)}; name it under definitions to run it"
        findings.append(Finding(shown, column="main_definition", rule=rule, example=f"definitions: [{main}]"))
    return findings


def why_not(definition: Definition, cohort: Cohort) -> str:
    """Why a definition is not run on a cohort."""
    if made_for(definition, cohort):
        return "config.yaml does not list it"
    if definition.condition is not None and cohort.condition is not None:
        return f"it was made for {definition.condition}, and the condition of the cases is {cohort.condition}"
    return f"it judges {definition.analyte}, and the analyte of the cohort is {cohort.analyte}"


def condition_findings(cohort: Cohort, catalogue: list[Definition]) -> list[Finding]:
    """A question about a condition that no definition was made for; it may be a slip."""
    known = {definition.condition for definition in catalogue if definition.condition is not None}
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
