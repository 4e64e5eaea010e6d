"""Class, time and cause of an episode that contradict each other: alone each may be right, together they ask.

What several tables say of one episode is compared, and nothing is decided: the class stays as the source gives it, and
what came first is told by the days.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from caseseries.ingest.source import SourceTable
from caseseries.ingest.values import Tables, numbers, of_case, rows_where, words
from caseseries.model.cohort import Cohort
from caseseries.model.columns import RESPONSE_CLASSES
from caseseries.model.findings import Finding
from caseseries.model.groups import ALL, group_key

COMPETING = {
    "delivery": "the delivery",
    "rescue": "the rescue",
    "stop_drug": "the end of the drug",
    "death": "the death",
    "lost": "the loss to follow-up",
}
"""Kinds of events after which no response can be seen, as a message names them."""

IMPROVED = ("response", "complete_response", "recovery", "remission")
"""Outcomes that nobody has whose class is NR."""

LOST = ("loss_of_response", "loss_of_complete_response")
WHICH = "; which of the two holds?"


def check_contradictions(tables: Tables) -> list[Finding]:
    """Questions on episodes whose class, times, outcomes and events do not fit together."""
    if "episodes" not in tables or "episode_id" not in tables["episodes"].texts:
        return []
    findings = check_reported_day(tables)
    if "outcomes" in tables and {"episode_id", "cause"} <= set(tables["outcomes"].texts.columns):
        outcomes = Outcomes.of(tables["outcomes"])
        findings += check_class(tables, outcomes) + check_losses(tables, outcomes)
        findings += check_first(tables, outcomes) + check_end(tables, outcomes)
    return findings


def ask(table: SourceTable, mask: np.ndarray, column: str, rule: str) -> list[Finding]:
    """One question for each row where a mask holds."""
    return table.flag(rows_where(mask), column, rule, severity="warning")


@dataclass(frozen=True)
class Outcomes:
    """Rows of outcomes.csv: what is timed, whether it happened, and the first and last day on which it may have.

    `first` is the day after the last one known to be before; both are NaN where no day is known.
    """

    table: SourceTable
    name: np.ndarray
    cause: np.ndarray
    first: np.ndarray
    last: np.ndarray

    @classmethod
    def of(cls, table: SourceTable) -> Outcomes:
        """The rows of a table as read."""
        day, left, right = (numbers(table, name) for name in ("day", "left_day", "right_day"))
        name = words(table, "outcome").replace("", "response").to_numpy()
        first = np.where(np.isnan(day), left + 1, day)
        last = np.where(np.isnan(day), right, day)
        return cls(table, name, words(table, "cause").to_numpy(), first, last)

    @property
    def happened(self) -> np.ndarray:
        """Rows whose cause is the outcome itself."""
        return self.cause == self.name

    def of_cases(self, mask: np.ndarray, values: np.ndarray, cases: pd.Series) -> np.ndarray:
        """For each of `cases` the value of its first row where the mask holds, NaN (or None) without one."""
        known = pd.Series(values[mask], index=self.table.texts["episode_id"].to_numpy()[mask])
        return cases.map(known[~known.index.duplicated()]).to_numpy()

    def have(self, mask: np.ndarray, cases: pd.Series) -> np.ndarray:
        """Which of `cases` have a row where the mask holds."""
        return cases.isin(self.table.texts["episode_id"][mask]).to_numpy()

    def column(self, name: str) -> str:
        """A column of the table as a message on another file names it."""
        return f"{self.table.name_column(name)} in {self.table.file_name}"


def check_class(tables: Tables, outcomes: Outcomes) -> list[Finding]:
    """The class, and the time that goes with it, beside what outcomes.csv times."""
    episodes = tables["episodes"]
    cases, label = episodes.texts["episode_id"], words(episodes, "reported_response").to_numpy()
    day = numbers(episodes, "reported_time_to_response")
    happened, timed = outcomes.happened, outcomes.name == "response"
    cause = outcomes.column("cause")
    improved = outcomes.have(happened & np.isin(outcomes.name, IMPROVED), cases)
    findings = ask(
        episodes,
        (label == "NR") & improved,
        "reported_response",
        f"the class is NR, but {cause} says that it came" + WHICH,
    )
    complete = outcomes.have(happened & (outcomes.name == "complete_response"), cases)
    rule = f"the class is R, but {cause} says that a complete response came" + WHICH
    findings += ask(episodes, (label == "R") & complete, "reported_response", rule)
    said = np.isin(label, RESPONSE_CLASSES) | (np.isfinite(day) & (label != "NR"))
    column = "reported_response" if "reported_response" in episodes.texts else "reported_time_to_response"
    unseen = outcomes.have(timed & (outcomes.cause == "censored"), cases)
    rule = f"a response is reported, but by {cause} none came as long as the case was observed" + WHICH
    findings += ask(episodes, said & unseen, column, rule)
    other = outcomes.have(timed & ~happened & ~np.isin(outcomes.cause, ("censored", "")), cases)
    rule = (
        f"a response is reported, but by {cause} something else came first; the rate counts the response, the curve "
        "what came first"
    )
    findings += ask(episodes, said & other, column, rule)
    first, last = (outcomes.of_cases(timed & happened, days, cases) for days in (outcomes.first, outcomes.last))
    apart = (day < first.astype(float)) | (day > last.astype(float))
    rule = f"the time to response is another than {outcomes.column('day')}" + WHICH
    return findings + ask(episodes, apart, "reported_time_to_response", rule)


def check_losses(tables: Tables, outcomes: Outcomes) -> list[Finding]:
    """A response is lost after it came, and only where it came."""
    episodes, cases = tables["episodes"], outcomes.table.texts["episode_id"]
    label = of_case(episodes, words(episodes, "reported_response"), cases)
    lost = outcomes.happened & np.isin(outcomes.name, LOST)
    none = (label == "NR") | ((label == "R") & (outcomes.name == "loss_of_complete_response"))
    column = f"{episodes.name_column('reported_response')} in {episodes.file_name}"
    rule = f"a response is lost that by {column} never came" + WHICH
    findings = ask(outcomes.table, lost & none, "cause", rule)
    came = outcomes.happened & (outcomes.name == "response")
    since = outcomes.of_cases(came, outcomes.first, cases).astype(float)
    reported = of_case(episodes, pd.Series(numbers(episodes, "reported_time_to_response")), cases).astype(float)
    early = lost & (outcomes.last <= np.where(np.isnan(since), reported, since))
    return findings + ask(outcomes.table, early, "day", "the response is lost before it came; check the days")


def first_days(events: SourceTable, kind: str, cases: pd.Series) -> np.ndarray:
    """For each of `cases` the day of its first event of a kind on or after day 0, NaN where there is none."""
    day = numbers(events, "day")
    chosen = (words(events, "kind") == kind).to_numpy() & (day >= 0)
    days = pd.Series(day[chosen]).groupby(events.texts["episode_id"].to_numpy()[chosen]).min()
    return cases.map(days).to_numpy(dtype=float)


def check_reported_day(tables: Tables) -> list[Finding]:
    """A response is reported no later than what ends the observation of it."""
    episodes = tables["episodes"]
    cases, day = episodes.texts["episode_id"], numbers(episodes, "reported_time_to_response")
    findings = []
    for kind, event in COMPETING.items() if "events" in tables else ():
        late = day > first_days(tables["events"], kind, cases)
        rule = f"the reported response lies after {event} of the case in {tables['events'].file_name}"
        rule += "; the rate counts the response, the curve what came first"
        if kind == "death":
            rule = "the reported response lies after the death of the case"
            findings += episodes.flag(rows_where(late), "reported_time_to_response", rule)
        else:
            findings += ask(episodes, late, "reported_time_to_response", rule)
    rule = "the reported response lies after follow_up_end_day of the case" + WHICH
    findings += ask(episodes, day > numbers(episodes, "follow_up_end_day"), "reported_time_to_response", rule)
    return findings + check_marked_count(tables, cases, day)


def check_marked_count(tables: Tables, cases: pd.Series, day: np.ndarray) -> list[Finding]:
    """The count that the source calls that of the first response fits class and time."""
    if "counts" not in tables or "episode_id" not in tables["counts"].texts:
        return []
    episodes, counts = tables["episodes"], tables["counts"]
    marked = (words(counts, "timepoint") == "first_response").to_numpy()
    days = pd.Series(numbers(counts, "day")[marked], index=counts.texts["episode_id"].to_numpy()[marked])
    refuted = (words(episodes, "reported_response") == "NR").to_numpy() & cases.isin(days.index).to_numpy()
    rule = f"the class is NR, but timepoint in {counts.file_name} says first_response" + WHICH
    findings = ask(episodes, refuted, "reported_response", rule)
    seen = cases.map(days[~days.index.duplicated()]).to_numpy(dtype=float)
    rule = f"the time to response is another than the day of the count first_response in {counts.file_name}" + WHICH
    return findings + ask(
        episodes, np.isfinite(seen) & np.isfinite(day) & (seen != day), "reported_time_to_response", rule
    )


def check_first(tables: Tables, outcomes: Outcomes) -> list[Finding]:
    """What outcomes.csv says came first, beside the days of events.csv."""
    if "events" not in tables or "episode_id" not in tables["events"].texts:
        return []
    events, cases = tables["events"], outcomes.table.texts["episode_id"]
    findings = []
    for kind, event in COMPETING.items():
        day = first_days(events, kind, cases)
        own = outcomes.cause == kind
        rule = f"the day of {event} is another in {events.file_name}" + WHICH
        findings += ask(outcomes.table, own & ((day < outcomes.first) | (day > outcomes.last)), "day", rule)
        if kind == "death":
            dead = ~own & (outcomes.name != "death") & (outcomes.first > day)
            findings += outcomes.table.flag(rows_where(dead), "day", "the day lies after the death of the case")
        elif kind != "lost":
            later = ~own & (outcomes.name == "response") & (outcomes.first > day)
            rule = f"the day lies after {event} of the case in {events.file_name}, which then came first" + WHICH
            findings += ask(outcomes.table, later, "day", rule)
    return findings


def check_end(tables: Tables, outcomes: Outcomes) -> list[Finding]:
    """Nothing is seen to happen after the end of follow-up."""
    episodes = tables["episodes"]
    ends = pd.Series(numbers(episodes, "follow_up_end_day"))
    end = of_case(episodes, ends, outcomes.table.texts["episode_id"]).astype(float)
    rule = "the day lies after follow_up_end_day of the case" + WHICH
    return ask(outcomes.table, outcomes.first > end, "day", rule)


class Totals:
    """Totals of responders that stand beside their cases say what the cases say."""

    def __init__(self, cohort: Cohort) -> None:
        self._grouped_by = cohort.grouped_by or ""
        self._levels = next((one.levels for one in cohort.covariates if one.name == cohort.grouped_by), {})
        self._totals: SourceTable | None = None
        self._episodes = ""
        self._known: Counter[tuple[str, str]] = Counter()
        self._counted: Counter[tuple[str, str]] = Counter()

    def add(self, tables: Tables) -> None:
        """Take the episodes of a cohort, or of a part of it, and the totals with one part."""
        if "aggregates" in tables:
            self._totals = tables["aggregates"]
        if "episodes" not in tables or "episode_id" not in tables["episodes"].texts:
            return
        episodes = tables["episodes"]
        self._episodes = episodes.file_name
        label = words(episodes, "reported_response").to_numpy()
        groups = {ALL: np.ones(len(episodes), bool)}
        if self._grouped_by in episodes.texts:
            written = words(episodes, self._grouped_by)
            keys = {word: group_key(self._levels.get(word) or word) for word in written.unique()}
            own = written.map(keys)
            groups |= {key: (own == key).to_numpy() for key in set(keys.values())}
        counted = {"response": np.isin(label, RESPONSE_CLASSES), "complete_response": label == "CR"}
        known = {"response": label != "", "complete_response": np.isin(label, ("CR", "R", "NR"))}
        for group, mine in groups.items():
            for outcome, has in counted.items():
                self._known[group, outcome] += int((mine & known[outcome]).sum())
                self._counted[group, outcome] += int((mine & known[outcome] & has).sum())

    def tell(self) -> list[Finding]:
        """One question for each total that is another."""
        totals = self._totals
        if totals is None or not self._episodes:
            return []
        events, n = numbers(totals, "events"), numbers(totals, "n")
        told = (words(totals, "origin") != "estimates").to_numpy()
        apart = np.zeros(len(totals), bool)
        for row, key in enumerate(zip(words(totals, "group"), words(totals, "outcome"), strict=True)):
            if told[row] and key in self._known:
                apart[row] = self._known[key] == n[row] and self._counted[key] != events[row]
        rule = f"the total is another than {self._episodes} counts by reported_response" + WHICH
        return ask(totals, apart, "events", rule)
