"""Whether the drug was meant for a case, clause by clause: the rows of eligibility.csv."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan
from typing import Any

import pandas as pd

from caseseries.audit.verdict import DEPARTED, KEPT, NOT_EVALUABLE, source_of
from caseseries.model.cohort import Cohort
from caseseries.model.columns import TABLES
from caseseries.model.drug import Drug
from caseseries.model.eligibility import (
    AllOf,
    AnyOf,
    Below,
    Bleeding,
    Condition,
    EligibilityClause,
    Empty,
    GivenBefore,
    Is,
    Not,
    Reaches,
)
from caseseries.model.quantity import Interval, reaches
from caseseries.model.records import Records
from caseseries.model.results import ELIGIBILITY
from caseseries.model.study_drug import drugs_of_episodes
from caseseries.response.day_counts import baselines_of

BASELINE = "baseline"


@dataclass(frozen=True)
class Case:
    """What is recorded of one episode: its cells by column, baseline, earlier drug classes and bleeding."""

    cells: dict[str, Any]
    baseline: Interval
    classes_before: frozenset[str]
    bleeding: list[tuple[float, float, float]]

    def cell(self, column: str) -> Any:
        """A cell, "" where it is empty or the cohort has no such column."""
        value = self.cells.get(column, "")
        return "" if isinstance(value, float) and isnan(value) else value


def eligibility_table(cohort: Cohort, records: Records, drugs: dict[str, Drug]) -> pd.DataFrame:
    """The rows of eligibility.csv (`results.ELIGIBILITY`): every clause of each episode's drug, in its order.

    A cohort with another condition than the drug's profile is not held to it.
    """
    own = drugs_of_episodes(cohort, records, drugs)
    rows = []
    for episode, case in cases_of(cohort, records):
        drug = own[episode]
        if drug is None or cohort.condition not in (None, drug.condition):
            continue
        for clause in drug.eligibility:
            verdict, columns = judge_clause(clause, case)
            rows.append((episode, drug.id, clause.clause, verdict, " ".join(columns), source_of(clause)))
    return pd.DataFrame(rows, columns=list(ELIGIBILITY))


def cases_of(cohort: Cohort, records: Records) -> Iterator[tuple[str, Case]]:
    """Every episode with what is recorded of it. A column counts if it is of the contract or declared as covariate."""
    episodes, exposures, bleeding = records["episodes"], records["exposures"], records["bleeding"]
    known = {column.name for column in TABLES["episodes"]} | {covariate.name for covariate in cohort.covariates}
    before = (
        exposures[exposures["first_day"] < 0].groupby("episode_id", observed=True)["class"].agg(frozenset).to_dict()
    )
    bled: dict[str, list[tuple[float, float, float]]] = {}
    for row in bleeding.itertuples():
        bled.setdefault(row.episode_id, []).append((row.first_day, row.last_day, row.who_grade))
    baselines = baselines_of(records)
    for cells in episodes.to_dict("records"):
        episode = cells["episode_id"]
        kept = {name: value for name, value in cells.items() if name in known}
        yield episode, Case(kept, baselines[episode], before.get(episode, frozenset()), bled.get(episode, []))


def judge_clause(clause: EligibilityClause, case: Case) -> tuple[str, list[str]]:
    """Verdict of a clause, and the columns that decided it or, where nothing did, that are missing."""
    choice = clause.choice.value if clause.choice else 0.0
    for verdict, condition in ((DEPARTED, clause.departed), (KEPT, clause.kept)):
        if holds(condition, case, choice):
            return verdict, list(dict.fromkeys(deciding(condition, case, choice)))
    asked = dict.fromkeys([*columns_of(clause.departed), *columns_of(clause.kept)])
    return NOT_EVALUABLE, [column for column in asked if lacks(column, case)]


def holds(condition: Condition, case: Case, choice: float) -> bool:
    """Whether the record says that a condition holds. What is not recorded meets nothing but `empty`."""
    match condition:
        case AllOf():
            return all(holds(part, case, choice) for part in condition.all)
        case AnyOf():
            return any(holds(part, case, choice) for part in condition.any)
        case Not():
            return not holds(condition.not_, case, choice)
        case _:
            return holds_alone(condition, case, choice)


def holds_alone(condition: Condition, case: Case, choice: float) -> bool:
    """Whether the record says that a condition without parts holds."""
    match condition:
        case Empty():
            return case.cell(condition.empty) == ""
        case Is():
            return case.cell(condition.column) in condition.values
        case Reaches():
            figure = choice if condition.at_least == "choice" else condition.at_least
            return reaches(quantity(case, condition.column), figure) is True
        case Below():
            figure = choice if condition.below == "choice" else condition.below
            return reaches(quantity(case, condition.column), figure) is False
        case GivenBefore():
            return not case.classes_before.isdisjoint(condition.given_before)
        case Bleeding():
            (first, last), least = condition.days, condition.bleeding_grade
            return any(grade >= least and begin <= last and end >= first for begin, end, grade in case.bleeding)
    raise TypeError(f"a condition with parts: {condition!r}")


def quantity(case: Case, column: str) -> Interval:
    """A number of the episode as an interval, unknown where it is empty."""
    if column == BASELINE:
        return case.baseline
    value = case.cell(column)
    number = float(value) if value != "" else float("nan")
    return Interval(number, number)


def deciding(condition: Condition, case: Case, choice: float) -> Iterator[str]:
    """Columns of the parts by which a condition holds: of the first that does, where one is enough."""
    match condition:
        case AllOf():
            for part in condition.all:
                yield from deciding(part, case, choice)
        case AnyOf():
            yield from deciding(next(part for part in condition.any if holds(part, case, choice)), case, choice)
        case Not() | Empty():
            return
        case _:
            yield from columns_of(condition)


def columns_of(condition: Condition) -> Iterator[str]:
    """Columns that a condition asks for."""
    match condition:
        case AllOf():
            for part in condition.all:
                yield from columns_of(part)
        case AnyOf():
            for part in condition.any:
                yield from columns_of(part)
        case Not():
            yield from columns_of(condition.not_)
        case Empty():
            yield condition.empty
        case GivenBefore():
            yield "exposures"
        case Bleeding():
            yield "bleeding_recorded"
        case _:
            yield condition.column


def lacks(column: str, case: Case) -> bool:
    """Whether a column is empty; earlier drugs are a list that may always hold more."""
    if column == BASELINE:
        return reaches(case.baseline, 0) is None
    return column == "exposures" or case.cell(column) == ""
