"""Why each case of a cohort has its class, written once where the classes are made, for the report to show."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from caseseries.model.applicable import CONSENSUS, leads_of, main_definition
from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition
from caseseries.model.records import Records
from caseseries.model.results import EXPLANATIONS
from caseseries.response.explain import explain


def explain_cases(
    cohort: Cohort,
    records: Records,
    responses: pd.DataFrame,
    definitions: list[Definition],
    consensus: Sequence[str] = CONSENSUS,
) -> pd.DataFrame:
    """Every case with counts under the definition on counts that leads (columns `EXPLANATIONS`); empty without
    counts.
    """
    definition = explained_definition(cohort, records, responses, definitions, consensus)
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
    cohort: Cohort, records: Records, responses: pd.DataFrame, definitions: list[Definition], consensus: Sequence[str]
) -> Definition | None:
    """The one that leads of those that judge counts and that somebody can be evaluated under; where none does, the one
    under which most cases can.
    """
    classing = {one.id: one for one in definitions if one.measure is None and not one.reported}
    evaluable = responses[~responses["response_class"].isin(["", "NE"]) & responses["definition"].isin(classing)]
    known = evaluable["definition"].value_counts()
    if not len(known) or not len(records["counts"]) or not cohort.counts_from_dose:
        return None
    main = main_definition(leads_of(cohort, definitions, consensus), known.index)
    return classing[main or min(known.index, key=lambda name: (-known[name], name))]
