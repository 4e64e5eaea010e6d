"""What cohort.yaml declares of a cohort, held against its tables."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from caseseries.ingest.values import Tables, numbers, of_case, rows_where, words
from caseseries.model.analytes import ANALYTES
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


class Levels:
    """Groups are of people, and no level of a restricted cohort may tell who somebody is.

    Neither an id nor a column with another value for most of those in whom it is known makes groups; of a restricted
    cohort no category does so either, since its levels stand in Table 1.
    """

    def __init__(self, cohort: Cohort) -> None:
        self._cohort = cohort
        self._shown = f"{cohort.id}/cohort.yaml"
        self._grouped = {cohort.grouped_by or ""} - IDENTIFIERS - {""}
        categories = {one.name for one in cohort.covariates if one.kind == "category"} - self._grouped
        self._categories = set() if cohort.releasable else categories
        self._known: Counter[str] = Counter()
        self._levels: dict[str, np.ndarray] = {}

    def add(self, tables: Tables) -> None:
        """Take the episodes of a cohort, or of a part of it."""
        episodes = tables.get("episodes")
        if episodes is None:
            return
        for name in sorted(self._grouped | self._categories):
            values = words(episodes, name)
            hashes = pd.util.hash_array(values[values != ""].unique(), categorize=False)
            self._levels[name] = np.union1d(self._levels.get(name, hashes), hashes)
            self._known[name] += int((values != "").sum())

    def _tells_apart(self, name: str) -> bool:
        """Whether there are more levels than half of those whose value is known, and more than a handful."""
        return len(self._levels.get(name, ())) > max(HANDFUL, self._known[name] / 2)

    def tell(self) -> list[Finding]:
        """What is found, when all is taken."""
        findings = []
        for key, column in (("grouped_by", self._cohort.grouped_by), ("predictor", self._cohort.predictor)):
            if column in IDENTIFIERS:
                rule = f"{key} must not name a column that tells one case from another"
                findings.append(Finding(self._shown, column=key, rule=rule, example="drug"))
        if any(map(self._tells_apart, self._grouped)):
            rule = "the column has another value for most cases: these are no groups"
            findings.append(Finding(self._shown, column="grouped_by", rule=rule, example="drug"))
        for name in sorted(filter(self._tells_apart, self._categories)):
            rule = "the column differs for most cases of a restricted cohort and would name them; leave it out"
            findings.append(Finding(self._shown, column=name, rule=rule))
        return findings


class Visits:
    """`visits: planned` needs a schedule: dated counts after the first dose, and visits that the cases share."""

    def __init__(self, cohort: Cohort) -> None:
        self._planned = cohort.visits == "planned"
        self._shown = f"{cohort.id}/cohort.yaml"
        self._cases = 0
        self._weeks: Counter[float] = Counter()

    def add(self, tables: Tables) -> None:
        """Take the counts of a cohort, or of a part of it that has whole cases."""
        counts = tables.get("counts")
        if not self._planned or counts is None:
            return
        day = numbers(counts, "day")
        after = day >= 1
        cases = counts.texts["episode_id"].to_numpy()[after]
        weeks = pd.DataFrame({"case": cases, "week": (day[after] + 3) // 7}).drop_duplicates()
        self._weeks.update(weeks.loc[weeks["week"] >= 1, "week"].value_counts().to_dict())
        self._cases += len(set(cases))

    def tell(self) -> list[Finding]:
        """What is found, when all is taken."""
        if not self._planned:
            return []
        if not self._cases:
            rule = "visits are said to be planned, but no count after the first dose has a day: there is no schedule"
            return [Finding(self._shown, column="visits", rule=rule, example="routine")]
        if max(self._weeks.values(), default=0) >= SHARE * self._cases:
            return []
        rule = "visits are said to be planned, but in no week half of the cases have a count; were they routine care?"
        return [Finding(self._shown, column="visits", rule=rule, example="routine", severity="warning")]


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


def check_births(cohort: Cohort, tables: Tables) -> list[Finding]:
    """A count at birth is that of a newborn: beside those of a mother it would be taken for one of hers."""
    episodes, counts = tables.get("episodes"), tables.get("counts")
    if episodes is None or counts is None or not cohort.counts_from_dose:
        return []
    grown = (words(episodes, "pregnant") == "yes").to_numpy() | (numbers(episodes, "age_years") >= ADULT)
    own = words(counts, "analyte").isin(["", *ANALYTES]).to_numpy()
    born = own & (words(counts, "timepoint") == "birth").to_numpy()
    of_grown = of_case(episodes, pd.Series(grown, dtype=float), counts.texts["episode_id"]) == 1
    rule = (
        "a count at birth is of a newborn and would stand among those of the mother: give it an analyte of its own, or "
        "enter the newborns as a cohort with day_zero: birth"
    )
    return counts.flag(rows_where(born & of_grown), "timepoint", rule, "analyte: newborn platelets")


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
