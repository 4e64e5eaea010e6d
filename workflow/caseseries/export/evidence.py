"""What a run has of a cohort, as reporting checklists ask for it: for each kind of evidence the files that show it.

Files are named from the cohort's folder of the release. A file is named only where what is asked for stands in it.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from caseseries.model.applicable import REPORTED
from caseseries.model.checklist import Condition, Evidence
from caseseries.model.groups import ALL
from caseseries.report.study import CohortResults

METHODS, ESTIMATES, DEFINITIONS = "methods.docx", "estimates.csv", "../definitions.json"
SOFTWARE = "../provenance.json"
SPREAD, CHOICES, FLOW = "spread.csv", "choices.csv", "flow.csv"

COURSES = ("swimmer", "doses", "trajectories")
"""Kinds of figures that show the course of cases in time."""


def evidence_of(found: CohortResults, flow: pd.DataFrame) -> dict[Evidence, list[str]]:
    """The files that show each kind of evidence, none where the cohort has it not.

    Parameters
    ----------
    flow : flow.csv of the cohort, as released.
    """
    return {name: files for name, look in LOOK.items() if (files := look(found))} | _flow(flow)


def holds(condition: Condition, found: CohortResults) -> bool:
    """Whether a condition on which items depend holds for a cohort."""
    return {
        "groups": bool((~found.estimates["group"].isin([ALL, ""])).any()),
        "matched": False,
        "people": not found.cohort.synthetic,
        "register": found.cohort.provenance == "registry",
    }[condition]


def _flow(flow: pd.DataFrame) -> dict[Evidence, list[str]]:
    return {"flow": [FLOW]} if flow["n"].gt(0).any() else {}


def _said(part: Callable[[CohortResults], str]) -> Callable[[CohortResults], list[str]]:
    """What cohort.yaml says stands in the methods section."""
    return lambda found: [METHODS] if part(found) else []


def _estimated(*statistics: str, column: str = "estimate", above: float = -1) -> Callable[[CohortResults], list[str]]:
    """Some number of these statistics, above a limit."""

    def look(found: CohortResults) -> list[str]:
        rows = found.estimates[found.estimates["statistic"].isin(statistics)]
        return [ESTIMATES] if rows[column].gt(above).any() else []

    return look


def _tables(*kinds: str) -> Callable[[CohortResults], list[str]]:
    return lambda found: [f"tables/{entry['csv']}" for entry in found.tables if entry["kind"] in kinds]


def _named(*names: str) -> Callable[[CohortResults], list[str]]:
    return lambda found: [f"tables/{entry['csv']}" for entry in found.tables if entry["id"] in names]


def _figures(*kinds: str) -> Callable[[CohortResults], list[str]]:
    return lambda found: [f"figures/{entry['file']}" for entry in found.figures if entry["kind"] in kinds]


def _described(variable: str) -> Callable[[CohortResults], list[str]]:
    """A variable of Table 1 that is known of somebody."""

    def look(found: CohortResults) -> list[str]:
        rows = found.description[found.description["variable"] == variable]
        return _tables("description")(found) if rows["n"].gt(0).any() else []

    return look


def _either(*looks: Callable[[CohortResults], list[str]]) -> Callable[[CohortResults], list[str]]:
    return lambda found: list(dict.fromkeys(file for look in looks for file in look(found)))


def _definitions(found: CohortResults) -> list[str]:
    """A response definition under which somebody could be judged."""
    judged = found.spread["estimate"].notna() & ~found.spread["definition"].isin([REPORTED])
    return [DEFINITIONS] if judged.any() else []


def _sensitivity(found: CohortResults) -> list[str]:
    """The rate under several definitions, or what our choices move."""
    shown = {SPREAD: found.spread["estimate"].notna().sum() > 1, CHOICES: found.choices["estimate"].notna().any()}
    return [name for name, there in shown.items() if there]


def _counts(found: CohortResults) -> list[str]:
    """The listing of cases, where it has counts."""
    return _tables("cases")(found) if found.data == "counts" else []


LOOK: dict[Evidence, Callable[[CohortResults], list[str]]] = {
    "adverse_events": _either(_named("harm", "safety"), _estimated("adverse_event_rate", column="n", above=0)),
    "bounds": _estimated("response_rate_best_case"),
    "censoring": _estimated("cumulative_incidence", "survival"),
    "characteristics": _tables("description"),
    "definitions": _definitions,
    "design": _said(lambda found: found.cohort.design),
    "differences": _estimated("rate_difference"),
    "doses": _either(_named("dosing"), _estimated("cumulative_dose")),
    "drug_given": _either(_described("drug"), _said(lambda found: found.cohort.drug)),
    "earlier_treatment": _described("prior_lines"),
    "follow_up": _estimated("median_follow_up", "days_followed"),
    "intervals": _estimated("response_rate", "outcome_rate", column="upper"),
    "missing_values": _tables("description"),
    "outcomes": _estimated("response_rate", "outcome_rate", column="n", above=0),
    "period": _said(lambda found: found.cohort.period),
    "population": _said(lambda found: found.cohort.population),
    "reasons": _estimated("not_evaluable_because", column="events", above=0),
    "response_rate": _estimated("response_rate"),
    "sensitivity": _sensitivity,
    "serial_values": _either(_figures("trajectories", "doses"), _counts),
    "setting": _said(lambda found: found.cohort.setting),
    "software": lambda found: [SOFTWARE],
    "source_of_rows": _said(lambda found: found.cohort.provenance),
    "statistics": lambda found: [METHODS] if found.estimates["estimate"].notna().any() else [],
    "timeline": _figures(*COURSES),
}
"""How each kind of evidence is looked for; `flow` has a table of its own."""
