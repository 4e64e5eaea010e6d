"""Why each case of a cohort has its class, written once where the classes are made, for the report to show."""

from __future__ import annotations

import pandas as pd

from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition
from caseseries.model.records import Records
from caseseries.model.results import EXPLANATIONS
from caseseries.response.explain import explain

FAMILIAR = ("iwg2009_confirmed", "iwg2009_single", "plt50_any")
"""Definitions that every reader knows and that belong to no drug: preferred where several tell equally much."""


def explain_cases(
    cohort: Cohort, records: Records, responses: pd.DataFrame, definitions: list[Definition]
) -> pd.DataFrame:
    """Every case with counts under the definition that tells most (columns `EXPLANATIONS`); empty without counts."""
    definition = explained_definition(cohort, records, responses, definitions)
    if definition is None:
        return pd.DataFrame(columns=list(EXPLANATIONS))
    classes = responses[responses["definition"] == definition.id].set_index("episode_id")["response_class"]
    with_counts = set(records["counts"]["episode_id"])
    rows = [
        (episode, definition.id, classes.get(episode, "NE"), explain(records, episode, definition, cohort.visits))
        for episode in records["episodes"]["episode_id"]
        if episode in with_counts
    ]
    return pd.DataFrame(rows, columns=list(EXPLANATIONS))


def explained_definition(
    cohort: Cohort, records: Records, responses: pd.DataFrame, definitions: list[Definition]
) -> Definition | None:
    """The authors' rule where it is in the catalogue and can be evaluated, else the one that most cases can."""
    classing = {one.id: one for one in definitions if one.measure is None and not one.reported}
    evaluable = responses[~responses["response_class"].isin(["", "NE"]) & responses["definition"].isin(classing)]
    known = evaluable["definition"].value_counts()
    if not len(known) or not len(records["counts"]) or not cohort.counts_from_dose:
        return None
    if cohort.source_definition in known:
        return classing[cohort.source_definition]
    able = [name for name in classing if name in known]
    return classing[max(able, key=lambda name: (known[name], name in FAMILIAR))]
