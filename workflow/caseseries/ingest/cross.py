"""What no single table can tell: cases that other tables do not know, days in an impossible order, odd values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from caseseries.ingest.curves import check_curves
from caseseries.ingest.letters import check_letters, check_spellings, simplify_label
from caseseries.ingest.source import SourceTable
from caseseries.ingest.values import Tables, cases_with_counts, first_day, numbers, of_case, rows_where, words
from caseseries.model.columns import RESPONSE_CLASSES, WITHOUT_CASES
from caseseries.model.findings import Finding

NEED_EPISODES = ("counts", "events", "bleeding", "exposures", "weights", "adverse_events")


class Listed(Protocol):
    """The cases that episodes.csv lists, all of them."""

    def has_alike(self, labels: Sequence[str]) -> np.ndarray:
        """Which labels differ from a listed one by capitals, blanks, hyphens or leading zeros alone."""


def check_across(tables: Tables, cohort: str, unreadable: Collection[str] = ()) -> list[Finding]:
    """Faults and doubts that show only across tables or rows; cells that are no numbers are passed over.

    Parameters
    ----------
    tables : what could be read.
    cohort : name of the folder, for messages.
    unreadable : tables that are there but could not be read; nothing is concluded from their absence.
    """
    rows = {name: len(table) for name, table in tables.items()}
    names = {name: table.file_name for name, table in tables.items()}
    findings = [] if unreadable else check_presence(rows, names, cohort)
    if findings or "episodes" in unreadable:
        return findings
    return check_rows(tables, unreadable) + check_people_together(tables)


def check_people_together(tables: Tables) -> list[Finding]:
    """What the episodes of one person say together; every episode of a person must be there."""
    episodes = tables.get("episodes")
    if episodes is None or "episode_id" not in episodes.texts:
        return []
    return check_sexes(episodes) + check_letters({"episodes": episodes}, ["patient_id"])


def check_rows(tables: Tables, unreadable: Collection[str] = (), listed: Listed | None = None) -> list[Finding]:
    """Faults and doubts across tables and rows of whole episodes.

    Parameters
    ----------
    tables, unreadable : as in `check_across`; of a part of a cohort, every row of its episodes.
    listed : the cases of the cohort, where this is a part of it.
    """
    findings: list[Finding] = []
    usable = {name: table for name, table in tables.items() if name in WITHOUT_CASES or "episode_id" in table.texts}
    if "episodes" in tables and "episodes" not in usable:
        return findings
    usable.setdefault("episodes", derive_episodes(usable.get("outcomes")))
    findings += check_references(usable, listed) + check_letters(usable, ["episode_id"])
    findings += check_spellings(usable["episodes"])
    for check in CHECKS:
        if check is not check_reports or "counts" not in unreadable:
            findings += check(usable)
    return findings


def derive_episodes(outcomes: SourceTable | None) -> SourceTable:
    """The list of cases of a cohort that has no episodes.csv: those of its outcomes, nothing else known of them."""
    if outcomes is None:
        nobody = pd.DataFrame({"episode_id": pd.Series(dtype=object)})
        return SourceTable("episodes", nobody, np.zeros(0, dtype=np.int64))
    first = ~outcomes.texts["episode_id"].duplicated().to_numpy()
    texts = outcomes.texts.loc[first, ["episode_id"]].reset_index(drop=True)
    return SourceTable("episodes", texts, outcomes.lines[first], ((0, outcomes.shown),))


def check_presence(tables: Mapping[str, int], names: Mapping[str, str], cohort: str) -> list[Finding]:
    """One of episodes, outcomes, aggregates, curves must be there; tables of cases need the list of cases.

    `tables` has the number of rows of each, `names` how its file is named.
    """
    if not any(name in tables for name in ("episodes", "outcomes", "aggregates", "curves")):
        rule = "a cohort needs at least one of episodes.csv, outcomes.csv, aggregates.csv and curves.csv; none is there"
        return [Finding(cohort, rule=rule)]
    if "episodes" in tables:
        return []
    needing = [names[name] for name in NEED_EPISODES if tables.get(name)]
    if not needing:
        return []
    rule = f"the table is missing: it must list the cases of {', '.join(needing)}"
    return [Finding(f"{cohort}/episodes.csv", rule=rule)]


class ListedHere:
    """Cases that a table lists."""

    def __init__(self, episodes: SourceTable) -> None:
        self._cases = episodes.texts["episode_id"]

    def has_alike(self, labels: Sequence[str]) -> np.ndarray:
        """See `Listed`."""
        alike = {simplify_label(case) for case in self._cases} if len(labels) else set()
        return np.array([simplify_label(label) in alike for label in labels], dtype=bool)


def check_references(tables: Tables, listed: Listed | None = None) -> list[Finding]:
    """Cases that the table of episodes does not list, each said once a file."""
    known = set(tables["episodes"].texts["episode_id"])
    listed = listed or ListedHere(tables["episodes"])
    findings = []
    for name, table in tables.items():
        if name in ("episodes", *WITHOUT_CASES) or "episode_id" not in table.texts:
            continue
        cases = table.texts["episode_id"]
        unknown = (~cases.isin(known) & (cases != "") & ~cases.duplicated()).to_numpy()
        near = unknown.copy()
        near[unknown] = listed.has_alike(cases[unknown].tolist())
        rule = f"the case is not listed in {tables['episodes'].file_name}"
        hint = "; one is that differs from it by capitals, blanks, hyphens or leading zeros alone"
        findings += table.flag(rows_where(unknown & ~near), "episode_id", rule)
        findings += table.flag(rows_where(near), "episode_id", rule + hint)
    return findings


def check_persons(tables: Tables) -> list[Finding]:
    """Pregnancy belongs to women; a gestational week to a pregnancy."""
    episodes = tables["episodes"]
    pregnant, sex = words(episodes, "pregnant"), words(episodes, "sex")
    findings = episodes.flag(
        rows_where((pregnant == "yes") & (sex == "male")), "pregnant", "a pregnant person cannot be entered as male"
    )
    weeks = np.isfinite(numbers(episodes, "gestational_week"))
    findings += episodes.flag(
        rows_where(weeks & (pregnant == "no").to_numpy()),
        "gestational_week",
        "a gestational week needs a pregnancy; pregnant says no",
    )
    return findings


def check_sexes(episodes: SourceTable) -> list[Finding]:
    """One person has one sex."""
    if "patient_id" not in episodes.texts or "sex" not in episodes.texts:
        return []
    person = words(episodes, "patient_id")
    known = episodes.texts[(person != "") & (words(episodes, "sex") != "")]
    sexes = known.groupby("patient_id")["sex"].nunique()
    torn = person.isin(sexes.index[sexes > 1]).to_numpy()
    return episodes.flag(rows_where(torn), "sex", "episodes of one person must have one sex")


def check_reports(tables: Tables) -> list[Finding]:
    """What the source reports of the response, beside what is there to check it."""
    episodes = tables["episodes"]
    reported = words(episodes, "reported_response")
    timed = np.isfinite(numbers(episodes, "reported_time_to_response"))
    rule = "a time to response is given, but the reported response is NR"
    findings = episodes.flag(rows_where(timed & (reported == "NR").to_numpy()), "reported_time_to_response", rule)
    with_counts = set(cases_with_counts(tables["counts"])) if "counts" in tables else set()
    bare = reported.isin([*RESPONSE_CLASSES, "NR"]) & ~episodes.texts["episode_id"].isin(with_counts)
    rule = "the class cannot be checked: no count after the first dose is entered"
    return findings + episodes.flag(rows_where(bare), "reported_response", rule, severity="warning")


def check_deliveries(tables: Tables) -> list[Finding]:
    """A delivery needs a pregnancy, there is one a course, and it ends what definitions look at by default."""
    if "events" not in tables:
        return []
    events, episodes = tables["events"], tables["episodes"]
    delivered = (words(events, "kind") == "delivery").to_numpy()
    pregnant = of_case(episodes, words(episodes, "pregnant"), events.texts["episode_id"])
    rule = f"a delivery is entered, but {episodes.file_name} says not pregnant"
    findings = events.flag(rows_where(delivered & (pregnant == "no")), "kind", rule)
    rule = f"a delivery is entered; fill in pregnant in {episodes.file_name}"
    findings += events.flag(rows_where(delivered & (pregnant == "")), "kind", rule, "yes", "warning")
    early = (
        "the delivery lies before the first dose, so that every count is left out as taken after it; "
        "enter it as a covariate instead"
    )
    findings += events.flag(rows_where(delivered & (numbers(events, "day") < 0)), "day", early, severity="warning")
    again = delivered & events.texts.assign(kind=delivered).duplicated(["episode_id", "kind"]).to_numpy()
    return findings + events.flag(rows_where(again), "kind", "a second delivery in one episode", severity="warning")


def check_ends(tables: Tables) -> list[Finding]:
    """Nothing is measured after death, and little after the end of observation."""
    episodes = tables["episodes"]
    findings = []
    for name, column in (("counts", "day"), ("exposures", "first_day"), ("events", "day"), ("weights", "day")):
        if name not in tables or column not in tables[name].texts:
            continue
        table = tables[name]
        day, cases = numbers(table, column), table.texts["episode_id"]
        if "events" in tables:
            late = day > first_day(tables["events"], "death", cases)
            findings += table.flag(rows_where(late), column, "the day lies after the death of the case")
        end = of_case(episodes, pd.Series(numbers(episodes, "follow_up_end_day")), cases).astype(float)
        rule = "the day lies after follow_up_end_day of the case"
        # Nobody is weighed after the end; counts, drugs and events may be told of later.
        severity = "error" if name == "weights" else "warning"
        findings += table.flag(rows_where(day > end), column, rule, severity=severity)
    return findings


def check_stopped(tables: Tables) -> list[Finding]:
    """Study drug begun again after it was stopped."""
    if "events" not in tables or "exposures" not in tables or "role" not in tables["exposures"].texts:
        return []
    exposures = tables["exposures"]
    stopped = first_day(tables["events"], "stop_drug", exposures.texts["episode_id"])
    late = (numbers(exposures, "first_day") > stopped) & (words(exposures, "role") == "study").to_numpy()
    rule = "study drug is given after the event stop_drug of the case"
    return exposures.flag(rows_where(late), "first_day", rule, severity="warning")


def check_order(tables: Tables) -> list[Finding]:
    """Courses and intervals that end before they begin."""
    findings = []
    for name, first, last in (("bleeding", "first_day", "last_day"), ("exposures", "first_day", "last_day")):
        if name in tables:
            table = tables[name]
            turned = numbers(table, last) < numbers(table, first)
            findings += table.flag(rows_where(turned), last, f"{last} must not lie before {first}")
    return findings


def check_outcomes(tables: Tables) -> list[Finding]:
    """An outcome has a day or an interval, never both, and intervals run forward."""
    if "outcomes" not in tables:
        return []
    table = tables["outcomes"]
    day, left, right = (numbers(table, name) for name in ("day", "left_day", "right_day"))
    findings = table.flag(
        rows_where(np.isnan(day) & np.isnan(left) & np.isnan(right)),
        "day",
        "the row needs day, or left_day and right_day; leave out cases of unknown time",
    )
    both = np.isfinite(day) & (np.isfinite(left) | np.isfinite(right))
    findings += table.flag(rows_where(both), "day", "the row must have either day or an interval, not both")
    findings += table.flag(
        rows_where(np.isfinite(right) & np.isnan(left) & np.isnan(day)),
        "left_day",
        "an interval needs left_day, the last day before the outcome",
        "0",
    )
    return findings + table.flag(rows_where(right <= left), "right_day", "right_day must lie after left_day")


def check_aggregates(tables: Tables) -> list[Finding]:
    """Printed totals that cannot be: more events than cases, limits off the value, rows that say nothing."""
    if "aggregates" not in tables:
        return []
    table = tables["aggregates"]
    events, n, value, lower, upper = (numbers(table, name) for name in ("events", "n", "value", "lower", "upper"))
    findings = table.flag(rows_where(events > n), "events", "events must not exceed n")
    outside = (value < lower) | (value > upper) | (lower > upper)
    findings += table.flag(rows_where(outside), "value", "lower, value and upper must stand in this order")
    unnamed = (words(table, "origin") == "estimates") & (words(table, "definition") == "")
    findings += table.flag(
        rows_where(unnamed),
        "definition",
        "origin estimates needs the id of the definition under which the cases were counted",
        "iwg2009_confirmed",
    )
    silent = np.isnan(events) & np.isnan(n) & np.isnan(value)
    return findings + table.flag(rows_where(silent), "events", "the row must give events and n, or a value")


def check_counts(tables: Tables) -> list[Finding]:
    """Counts that hardly occur: years away, tenfold within a day."""
    if "counts" not in tables or "count" not in tables["counts"].texts:
        return []
    table = tables["counts"]
    count, day = numbers(table, "count"), numbers(table, "day")
    rule = "the day lies more than a year before the first dose or ten years after it; check the year"
    far = table.flag(rows_where((day < -366) | (day > 3653)), "day", rule, severity="warning")
    findings = far
    frame = pd.DataFrame({"case": pd.factorize(table.texts["episode_id"])[0], "day": day, "count": count})
    frame["analyte"] = pd.factorize(words(table, "analyte"))[0]
    frame = frame[np.isfinite(day) & np.isfinite(count)].sort_values(["case", "analyte", "day"], kind="stable")
    same = (frame["case"].diff() == 0) & (frame["analyte"].diff() == 0) & frame["day"].diff().isin([0, 1])
    ratio = (frame["count"].clip(lower=1) / frame["count"].clip(lower=1).shift()).to_numpy()
    jumped = frame.index[same.to_numpy() & ((ratio >= 10) | (ratio <= 0.1))]
    rule = "the count is ten times the one of the day before, or a tenth of it; check the entry"
    return findings + table.flag(np.sort(jumped), "count", rule, severity="warning")


CHECKS: tuple[Callable[[Tables], list[Finding]], ...] = (
    check_persons,
    check_reports,
    check_deliveries,
    check_ends,
    check_stopped,
    check_order,
    check_outcomes,
    check_aggregates,
    check_counts,
    check_curves,
)
