"""What happened beside the response, episode by episode: adverse events, rescue, transfusion and bleeding.

Whether an episode counts is settled by what was recorded, never by what happened: absence is absence only where it was
looked for. The worked cases S01 to S04 of tests/spec/audit_vectors.yaml show the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from caseseries.model.analytes import PLATELETS
from caseseries.model.cohort import Cohort
from caseseries.model.drug import Drug, profile_of
from caseseries.model.quantity import Truth, either
from caseseries.model.records import Records
from caseseries.model.safety import Vocabulary
from caseseries.model.study_drug import drugs_of_episodes

GRADES = (1, 2, 3, 4)
SEVERE = 3
"""CTCAE grade from which an event is severe."""


class Judged(NamedTuple):
    """One episode under one outcome: whether what it takes to count was recorded, and whether it happened."""

    recorded: bool
    happened: Truth


@dataclass(frozen=True)
class Outcome:
    """An outcome with every episode that is looked at; `statistic` and `cause` are those of estimates.csv.

    `timed`: the person who took the drug has it, so that its rate by time on the drug means something.
    """

    statistic: str
    cause: str
    found: dict[str, Judged]
    timed: bool = False


def after_start(day: float) -> bool:
    """Whether something counts by its day: from the first dose on, or without a day."""
    return bool(np.isnan(day) or day >= 0)


def by_episode(rows: Iterable[Any]) -> dict[str, list[Any]]:
    """Rows of a table by their episode."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.episode_id, []).append(row)
    return found


def adverse_event_outcomes(
    cohort: Cohort, records: Records, drugs: dict[str, Drug], vocabulary: Vocabulary
) -> Iterator[Outcome]:
    """Adverse events of mother, newborn and patient: any, serious, severe, not listed, clots, then each by its name.

    One outcome for every name that a row of the subject has, and those with any where an episode is looked at; clots
    (`Vocabulary.together`) of those who took the drug are looked at though no row has one, since none is an answer too.
    """
    own = drugs_of_episodes(cohort, records, drugs)
    pregnant = dict(zip(records["episodes"]["episode_id"], records["episodes"]["pregnant"] == "yes", strict=True))
    for subject in ("mother", "neonate", "patient"):
        looked_at = [episode for episode, yes in pregnant.items() if yes == (subject != "patient")]
        if not looked_at:
            continue
        recorded = recorded_of(cohort, records, subject)
        written = [row for row in records["adverse_events"].itertuples() if row.subject == subject]
        rows = by_episode(row for row in written if after_start(row.day))
        names = {row.term: vocabulary.name_of(row.term) for row in written}
        together = {} if subject == "neonate" else vocabulary.together
        for cause, test in tests_of(names, own, together, with_listed=subject != "neonate"):
            found = {}
            for episode in looked_at:
                absent = False if recorded[episode] else None
                happened = either([absent, *(test(row) for row in rows.get(episode, []))])
                found[episode] = Judged(recorded[episode], happened)
            yield Outcome("adverse_event_rate", f"{subject}/{cause}", found, timed=subject != "neonate")


def tests_of(
    names: dict[str, str], own: dict[str, Drug | None], together: Mapping[str, Iterable[str]], *, with_listed: bool
) -> Iterator[tuple[str, Callable[[Any], Truth]]]:
    """Cause, and whether a row of adverse_events.csv is such an event.

    Parameters
    ----------
    names : name of each term as written.
    together : cause -> names that are counted as one.
    own : profile of each episode's drug; whether an event is listed is unknown where no text of the drug was read.
    """

    def unlisted(row: Any) -> Truth:
        drug = own.get(row.episode_id)
        return None if drug is None or not drug.adverse_events else not drug.lists(names[row.term])

    yield "any", lambda row: True
    yield "any serious", lambda row: {"yes": True, "no": False}.get(row.serious)
    yield "any grade 3 or more", lambda row: None if np.isnan(row.grade) else bool(row.grade >= SEVERE)
    if with_listed:
        yield "any not listed", unlisted
    for cause, members in together.items():
        yield cause, partial(is_named, frozenset(members), names)
    for name in sorted(set(names.values())):
        yield name, partial(is_named, frozenset({name}), names)


def is_named(wanted: frozenset[str], names: dict[str, str], row: Any) -> bool:
    """Whether a row of adverse_events.csv is an event of one of these names."""
    return names[row.term] in wanted


def recorded_of(cohort: Cohort, records: Records, subject: str) -> dict[str, bool]:
    """Whether the adverse events of a subject were looked for, by episode, as cohort.yaml says."""
    said, episodes = cohort.adverse_events_recorded, records["episodes"]
    if said == "by_episode":
        yes = episodes["adverse_events_recorded"] == "yes"
        return dict(zip(episodes["episode_id"], yes, strict=True))
    return dict.fromkeys(episodes["episode_id"], said == "yes" if isinstance(said, str) else subject in said)


def treatment_outcomes(records: Records, drugs: dict[str, Drug]) -> Iterator[Outcome]:
    """Rescue and platelet transfusion, of those whose follow-up has an end on record."""
    episodes = records["episodes"]
    followed = dict(zip(episodes["episode_id"], episodes["follow_up_end_day"].notna(), strict=True))
    events = [row for row in records["events"].itertuples() if after_start(row.day)]
    given = records["exposures"]
    given = given[~(given["first_day"] < 0)]
    profiles = {written: profile_of(written, drugs) for written in given["drug"].unique()}
    classes = given["class"].where(given["class"] != "", given["drug"].map(lambda drug: class_of(profiles[drug])))
    kinds = {row.kind: records.conventions.kind_for(row.kind, PLATELETS) for row in events}
    wanted = {
        "rescue": set(given.loc[given["role"] == "rescue", "episode_id"]),
        "platelet_transfusion": set(given.loc[classes == "transfusion", "episode_id"]),
    }
    for cause, statistic in (("rescue", "rescue_rate"), ("platelet_transfusion", "transfusion_rate")):
        had = wanted[cause] | {row.episode_id for row in events if kinds[row.kind] == cause}
        yield Outcome(statistic, cause, present(followed, had), timed=True)


def class_of(drug: Drug | None) -> str:
    """The class of a drug by its profile, "" without one."""
    return drug.drug_class if drug else ""


def bleeding_outcomes(records: Records) -> Iterator[Outcome]:
    """Bleeding by WHO grade on the day after the first dose or later, of those whose bleeding was recorded."""
    episodes = records["episodes"]
    recorded = dict(zip(episodes["episode_id"], episodes["bleeding_recorded"] == "yes", strict=True))
    spells = [row for row in records["bleeding"].itertuples() if row.last_day >= 1]
    for grade in GRADES:
        had = {row.episode_id for row in spells if row.who_grade >= grade}
        yield Outcome("bleeding_rate", f"grade>={grade}", present(recorded, had), timed=True)


def present(recorded: dict[str, bool], had: set[str]) -> dict[str, Judged]:
    """Episodes that had it, did not, or may have had it unseen."""
    return {
        episode: Judged(seen, True if episode in had else False if seen else None) for episode, seen in recorded.items()
    }
