"""What cohort.yaml declares of a cohort, held against its tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.ingest.cross import Tables, numbers, rows_where, words
from caseseries.model.cohort import Cohort
from caseseries.model.findings import Finding
from caseseries.model.order import TELLS_ORDER, untold_order
from caseseries.words.nouns import plural

ADULT, INFANT = 18, 1
"""Ages in years: of an adult, and from which nobody is a newborn."""

SHARE = 0.5
"""Share of the cases with a count in one and the same week, from which visits look planned."""

HANDFUL = 5
"""Levels that a few cases may have between them."""

IDENTIFIERS = frozenset({"episode_id", "patient_id", "source_row"})
"""Columns that name a case, a person or a row."""


def check_levels(cohort: Cohort, tables: Tables) -> list[Finding]:
    """Groups are of people, and no level of a restricted cohort may tell who somebody is.

    Neither an id nor a column with another value for most of those in whom it is known makes groups; of a restricted
    cohort no category does so either, since its levels stand in Table 1.
    """
    shown = f"{cohort.id}/cohort.yaml"
    findings = []
    for key, column in (("grouped_by", cohort.grouped_by), ("predictor", cohort.predictor)):
        if column in IDENTIFIERS:
            rule = f"{key} must not name a column that tells one case from another"
            findings.append(Finding(shown, column=key, rule=rule, example="drug"))
    episodes = tables.get("episodes")
    if episodes is None:
        return findings
    if cohort.grouped_by not in IDENTIFIERS and cohort.grouped_by and _tells_apart(words(episodes, cohort.grouped_by)):
        rule = "the column has another value for most cases: these are no groups"
        findings.append(Finding(shown, column="grouped_by", rule=rule, example="drug"))
    for covariate in cohort.covariates:
        category = covariate.kind == "category" and covariate.name != cohort.grouped_by
        if category and not cohort.releasable and _tells_apart(words(episodes, covariate.name)):
            rule = "the column differs for most cases of a restricted cohort and would name them; leave it out"
            findings.append(Finding(shown, column=covariate.name, rule=rule))
    return findings


def _tells_apart(values: pd.Series) -> bool:
    """Whether there are more levels than half of those whose value is known, and more than a handful."""
    known = values[values != ""]
    return known.nunique() > max(HANDFUL, len(known) / 2)


def check_visits(cohort: Cohort, tables: Tables) -> list[Finding]:
    """`visits: planned` needs a schedule: dated counts after the first dose, and visits that the cases share."""
    if cohort.visits != "planned":
        return []
    shown = f"{cohort.id}/cohort.yaml"
    counts = tables.get("counts")
    day = numbers(counts, "day") if counts is not None else np.empty(0)
    after = day >= 1
    if counts is None or not after.any():
        rule = "visits are said to be planned, but no count after the first dose has a day: there is no schedule"
        return [Finding(shown, column="visits", rule=rule, example="routine")]
    cases = counts.texts["episode_id"].to_numpy()[after]
    weeks = pd.DataFrame({"case": cases, "week": (day[after] + 3) // 7}).drop_duplicates()
    most = weeks[weeks["week"] >= 1].groupby("week").size().max()
    if most >= SHARE * len(set(cases)):
        return []
    rule = "visits are said to be planned, but in no week half of the cases have a count; were they routine care?"
    return [Finding(shown, column="visits", rule=rule, example="routine", severity="warning")]


def check_people(cohort: Cohort, tables: Tables) -> list[Finding]:
    """The noun for the people, `people`, fits everybody in episodes.csv."""
    episodes = tables.get("episodes")
    if episodes is None:
        return []
    sex, pregnant, age = words(episodes, "sex"), words(episodes, "pregnant"), numbers(episodes, "age_years")
    unfit = {
        "woman": [("sex", sex == "male")],
        "man": [("sex", sex == "female"), ("pregnant", pregnant == "yes")],
        "child": [("age_years", age >= ADULT)],
        "newborn": [("age_years", age >= INFANT), ("pregnant", pregnant == "yes")],
    }
    rule = f"cohort.yaml says people: {cohort.people}, which this case is not; patient fits everybody"
    findings = []
    for column, mask in unfit.get(cohort.people, []):
        findings += episodes.flag(rows_where(np.asarray(mask)), column, rule)
    return findings


def check_first_episodes(cohort: Cohort, tables: Tables) -> list[Finding]:
    """Where a person has several treatment starts a column tells which came first: rates are of first episodes."""
    episodes = tables.get("episodes")
    if episodes is None or "patient_id" not in episodes.texts:
        return []
    known = pd.DataFrame({name: numbers(episodes, name) for name in TELLS_ORDER})
    known["patient_id"] = words(episodes, "patient_id").to_numpy()
    start = np.ones(len(episodes), dtype=bool)
    for column, values in cohort.not_a_start.items():
        start &= ~words(episodes, column).isin(values).to_numpy()
    started = set(known.loc[start, "patient_id"])
    compared = start | ~known["patient_id"].isin(started).to_numpy()
    named = known[(known["patient_id"] != "") & compared]
    untold = np.zeros(len(episodes), dtype=bool)
    untold[named.index[untold_order(named)]] = True
    persons = int(known.loc[untold, "patient_id"].nunique())
    rule = (
        f"the file does not tell which episode came first for {plural(persons, 'person')}, and "
        "the order of the rows must not decide a rate: number the episodes of each person"
    )
    return episodes.flag(rows_where(untold), "episode_order", rule, "1 for the first, 2 for the second")
