"""What cohort.yaml declares of a cohort, held against its tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.ingest.cross import Tables, numbers, rows_where, words
from caseseries.model.cohort import Cohort
from caseseries.model.findings import Finding

ADULT, INFANT = 18, 1
"""Ages in years: of an adult, and from which nobody is a newborn."""

SHARE = 0.5
"""Share of the cases with a count in one and the same week, from which visits look planned."""


def check_visits(cohort: Cohort, tables: Tables) -> list[Finding]:
    """`visits: planned` needs a schedule: dated counts after the first dose, and visits that the cases share."""
    if cohort.visits != "planned":
        return []
    shown = f"{cohort.id}/cohort.yaml"
    counts = tables.get("counts")
    day = numbers(counts, "day") if counts is not None else np.empty(0)
    after = day >= 1
    if not after.any():
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
