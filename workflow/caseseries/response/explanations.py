"""Why each case of a cohort has its class, written once where the classes are made, for the report to show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from caseseries.model.applicable import CONSENSUS, leads_of, main_definition
from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition
from caseseries.model.records import Records
from caseseries.model.results import EXPLAINED_COUNTS, EXPLANATIONS
from caseseries.model.sample import records_of, sample
from caseseries.response.explain import Explanation, clause_lines, explanations
from caseseries.response.reasons import class_words


def explain_cases(
    cohort: Cohort,
    records: Records,
    known: pd.Series,
    definitions: list[Definition],
    consensus: Sequence[str] = CONSENSUS,
) -> list[Explanation]:
    """Every case with counts under the definition on counts that leads, of a large cohort those of `sample`; none
    without counts.

    Parameters
    ----------
    records : of all episodes, or of those of the sample.
    known : definition -> how many episodes are evaluable under it, as `evaluable` counts them.
    """
    definition = explained_definition(cohort, records, known, definitions, consensus)
    if definition is None:
        return []
    chosen = records_of(records, sample(records["episodes"]["episode_id"]))
    with_counts = set(chosen["counts"]["episode_id"])
    episodes = [episode for episode in chosen["episodes"]["episode_id"] if episode in with_counts]
    return explanations(records_of(chosen, episodes), definition, cohort.visits)


def tabulate_cases(explained: Iterable[Explanation]) -> pd.DataFrame:
    """A row a case (columns `EXPLANATIONS`)."""
    rows = [
        (
            one.episode_id,
            one.definition.id,
            one.response_class,
            one.sentence + one.deciding,
            one.baseline,
            one.bleeding,
            "\n".join(line for clause in one.clauses for line in clause_lines(clause, 0)),
            "\n".join(one.clocks),
        )
        for one in explained
    ]
    return pd.DataFrame(rows, columns=list(EXPLANATIONS))


def tabulate_counts(explained: Iterable[Explanation]) -> pd.DataFrame:
    """A row a count (columns `EXPLAINED_COUNTS`)."""
    rows = [
        (
            one.episode_id,
            one.definition.id,
            fate.day,
            fate.count,
            "" if fate.left_out else criteria(one, fate.row),
            "yes" if fate.row in one.deciding_rows else "",
            fate.left_out,
        )
        for one in explained
        for fate in one.counts
    ]
    return pd.DataFrame(rows, columns=list(EXPLAINED_COUNTS))


def criteria(one: Explanation, row: int) -> str:
    """What the criterion of each class says of a count: "a response: yes; a complete response: no"."""
    said = ((class_words(label), values.get(row, "")) for label, values in one.judged.items())
    return "; ".join(f"{label}: {truth}" for label, truth in said if truth)


def evaluable(responses: pd.DataFrame) -> pd.Series:
    """Definition -> how many episodes have a class under it; those without any are left out."""
    return responses.loc[~responses["response_class"].isin(["", "NE"]), "definition"].astype(object).value_counts()


def unevaluable(responses: pd.DataFrame) -> int:
    """Under how many definitions a case is not evaluable (its rows of responses.csv)."""
    return int((responses["response_class"] == "NE").sum())


def explained_definition(
    cohort: Cohort, records: Records, known: pd.Series, definitions: list[Definition], consensus: Sequence[str]
) -> Definition | None:
    """The one that leads of those that judge counts and that somebody can be evaluated under; where none does, the one
    under which most cases can.
    """
    classing = {one.id: one for one in definitions if one.measure is None and not one.reported}
    known = known[known.index.isin(list(classing))]
    if not len(known) or not len(records["counts"]) or not cohort.counts_from_dose:
        return None
    main = main_definition(leads_of(cohort, definitions, consensus), known.index)
    return classing[main or min(known.index, key=lambda name: (-known[name], name))]
