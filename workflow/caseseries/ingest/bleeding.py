"""Whether bleeding was recorded over the course, or only seems to have been."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.ingest.source import SourceTable
from caseseries.ingest.values import Tables, cases_with_counts, numbers, of_case, rows_where, words
from caseseries.model.findings import Finding


def check_bleeding(tables: Tables) -> list[Finding]:
    """Traps in the record of bleeding: one that ends early, one that is a score of single visits."""
    if "episodes" not in tables or "episode_id" not in tables["episodes"].texts:
        return []
    episodes = tables["episodes"]
    recorded = (words(episodes, "bleeding_recorded") == "yes").to_numpy()
    until = numbers(episodes, "bleeding_recorded_to")
    rule = "a last day is given, but bleeding_recorded does not say yes"
    findings = episodes.flag(rows_where(np.isfinite(until) & ~recorded), "bleeding_recorded_to", rule)
    if "counts" not in tables or "episode_id" not in tables["counts"].texts:
        return findings + check_spells(tables)
    last = last_counts(tables["counts"], episodes.texts["episode_id"])
    rule = "counts after this day cannot be judged by a definition that asks for bleeding"
    findings += episodes.flag(rows_where(recorded & (last > until)), "bleeding_recorded_to", rule, severity="warning")
    return findings + check_spells(tables) + check_scores(tables, recorded & np.isnan(until), last)


def check_spells(tables: Tables) -> list[Finding]:
    """Bleeding that is entered where, by the table of episodes, none was recorded."""
    if "bleeding" not in tables or "episode_id" not in tables["bleeding"].texts:
        return []
    episodes, spells = tables["episodes"], tables["bleeding"]
    cases = spells.texts["episode_id"]
    said = of_case(episodes, words(episodes, "bleeding_recorded"), cases)
    unsaid = cases.isin(episodes.texts["episode_id"]).to_numpy() & (said != "yes")
    rule = "bleeding is entered, but bleeding_recorded does not say yes: days without an entry stay unknown"
    findings = spells.flag(rows_where(unsaid), "episode_id", rule, "yes", "warning")
    until = of_case(episodes, pd.Series(numbers(episodes, "bleeding_recorded_to")), cases).astype(float)
    rule = "the bleeding lies after bleeding_recorded_to of the case"
    return findings + spells.flag(rows_where(numbers(spells, "last_day") > until), "last_day", rule)


def check_scores(tables: Tables, throughout: np.ndarray, last: np.ndarray) -> list[Finding]:
    """A bleeding score of a visit tells of that day; it is no record of the whole course.

    Parameters
    ----------
    throughout : for each episode whether bleeding is said to be recorded to the end of follow-up.
    last : day of its last count, NaN without one.
    """
    if "bleeding" not in tables or "episode_id" not in tables["bleeding"].texts:
        return []
    episodes, spells = tables["episodes"], tables["bleeding"]
    frame = pd.DataFrame(
        {
            "case": spells.texts["episode_id"],
            "first": numbers(spells, "first_day"),
            "last": numbers(spells, "last_day"),
            "grade": numbers(spells, "who_grade"),
        }
    )
    frame["single"], frame["none"] = frame["first"] == frame["last"], frame["grade"] == 0
    seen = frame.groupby("case").agg({"single": "all", "none": "any", "last": "max"})
    seen = seen.reindex(episodes.texts["episode_id"])
    scored = seen["single"].eq(True) & (seen["none"].eq(True) | (seen["last"] <= 0))
    earlier = (seen["last"].to_numpy(float) < last) & scored.to_numpy(bool)
    rule = (
        "bleeding seems to be a score of single visits, the last of them before later counts; such a score is no "
        "record of the whole course: give its last day in bleeding_recorded_to"
    )
    return episodes.flag(rows_where(throughout & earlier), "bleeding_recorded", rule, severity="warning")


def last_counts(counts: SourceTable, cases: pd.Series) -> np.ndarray:
    """For each of `cases` the day of its last count, NaN without one that has a day."""
    days = pd.Series(numbers(counts, "day")).groupby(counts.texts["episode_id"].to_numpy()).max()
    return cases.map(days).to_numpy(dtype=float)


class Unrecorded:
    """How many cases with platelet counts have no record of bleeding."""

    def __init__(self) -> None:
        self._shown = ""
        self._without = self._judged = 0

    def add(self, tables: Tables) -> None:
        """Take the tables of a cohort, or of a part of it that has whole episodes."""
        if any(name not in tables or "episode_id" not in tables[name].texts for name in ("episodes", "counts")):
            return
        counts, episodes = tables["counts"], tables["episodes"]
        self._shown = episodes.shown
        platelets = words(counts, "analyte").isin(["", "platelets"])
        cases = set(cases_with_counts(counts).unique()) & set(counts.texts.loc[platelets, "episode_id"].unique())
        judged = episodes.texts["episode_id"].isin(cases).to_numpy()
        recorded = (words(episodes, "bleeding_recorded") == "yes").to_numpy()
        self._judged += int(judged.sum())
        self._without += int((judged & ~recorded).sum())

    def tell(self) -> list[Finding]:
        """The warning, if there is reason for it."""
        if not self._without:
            return []
        rule = (
            f"bleeding is not said to be recorded for {self._without} of {self._judged} cases with counts; a "
            "definition that asks for it cannot judge them"
        )
        return [Finding(self._shown, column="bleeding_recorded", rule=rule, example="yes", severity="warning")]
