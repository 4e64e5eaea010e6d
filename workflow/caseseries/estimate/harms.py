"""What happened beside the response, episode by episode: adverse events, rescue, transfusion and bleeding.

Whether an episode counts is settled by what was recorded, never by what happened: absence is absence only where it was
looked for. The worked cases S01 to S04 of tests/spec/audit_vectors.yaml show the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from caseseries.model.analytes import PLATELETS
from caseseries.model.cohort import Cohort
from caseseries.model.drug import Drug, profile_of
from caseseries.model.numbering import numbering_of
from caseseries.model.records import Records
from caseseries.model.safety import Vocabulary
from caseseries.model.study_drug import drugs_of_episodes
from caseseries.response import truth

GRADES = (1, 2, 3, 4)
SEVERE = 3
"""CTCAE grade from which an event is severe."""


@dataclass(frozen=True)
class Outcome:
    """An outcome of the episodes that are looked at; `statistic` and `cause` are those of estimates.csv.

    Parameters
    ----------
    looked_at : mask of the episodes, in the order of episodes.csv.
    recorded : whether what it takes to count was recorded.
    happened : whether it happened (`response.truth`).
    timed : the person who took the drug has it, so that its rate by time on the drug means something.
    """

    statistic: str
    cause: str
    looked_at: np.ndarray
    recorded: np.ndarray
    happened: np.ndarray
    timed: bool = False

    @property
    def in_rate(self) -> np.ndarray:
        """Mask of the episodes in n."""
        return self.looked_at & self.recorded & (self.happened != truth.UNKNOWN)


def after_start(day: pd.Series) -> pd.Series:
    """Whether something counts by its day: from the first dose on, or without a day."""
    return ~(day < 0)


def number_of(rows: pd.DataFrame, records: Records) -> np.ndarray:
    """Number of the episode of each row in the order of episodes.csv, -1 where there is none."""
    return numbering_of(records).of(rows["episode_id"])


def adverse_event_outcomes(
    cohort: Cohort, records: Records, drugs: dict[str, Drug], vocabulary: Vocabulary
) -> Iterator[Outcome]:
    """Adverse events of mother, newborn and patient: any, serious, severe, not listed, clots, then each by its name.

    One outcome for every name that a row of the subject has, and those with any where an episode is looked at; clots
    (`Vocabulary.together`) of those who took the drug are looked at though no row has one, since none is an answer too.
    """
    own = drugs_of_episodes(cohort, records, drugs)
    pregnant = (records["episodes"]["pregnant"] == "yes").to_numpy()
    for subject in ("mother", "neonate", "patient"):
        looked_at = pregnant == (subject != "patient")
        if not looked_at.any():
            continue
        recorded = recorded_of(cohort, records, subject)
        written = records["adverse_events"]
        written = written[written["subject"] == subject]
        names = {term: vocabulary.name_of(term) for term in written["term"].unique()}
        rows = written[after_start(written["day"])]
        number = number_of(rows, records)
        rows, number = rows[number >= 0], number[number >= 0]
        together = {} if subject == "neonate" else vocabulary.together
        for cause, found in tests_of(rows, names, own, together, with_listed=subject != "neonate"):
            happened = np.where(recorded, truth.FALSE, truth.UNKNOWN)
            np.maximum.at(happened, number, found)
            timed = subject != "neonate"
            yield Outcome("adverse_event_rate", f"{subject}/{cause}", looked_at, recorded, happened, timed)


def tests_of(
    rows: pd.DataFrame,
    names: dict[str, str],
    own: dict[str, Drug | None],
    together: Mapping[str, Iterable[str]],
    *,
    with_listed: bool,
) -> Iterator[tuple[str, np.ndarray]]:
    """Cause, and whether each row of adverse_events.csv is such an event (`response.truth`).

    Parameters
    ----------
    names : name of each term as written, also of terms without a row here.
    together : cause -> names that are counted as one.
    own : profile of each episode's drug; whether an event is listed is unknown where no text of the drug was read.
    """
    name = rows["term"].map(names)
    grade = rows["grade"].to_numpy(float)
    serious = rows["serious"]
    yield "any", np.full(len(rows), truth.TRUE)
    yield "any serious", truth.from_bounds(*((serious == said).to_numpy(bool) for said in ("yes", "no")))
    yield "any grade 3 or more", truth.from_bounds(grade >= SEVERE, grade < SEVERE)
    if with_listed:
        yield "any not listed", not_listed(rows["episode_id"], name, own)
    for cause, members in together.items():
        yield cause, truth.from_bool(name.isin(list(members)).to_numpy(bool))
    for one in sorted(set(names.values())):
        yield one, truth.from_bool((name == one).to_numpy(bool))


def not_listed(episodes: pd.Series, names: pd.Series, own: dict[str, Drug | None]) -> np.ndarray:
    """Whether the text of the episode's drug does not list the event of each row; unknown without such a text."""
    known: dict[tuple[str, str], np.int8] = {}
    found = np.full(len(names), truth.UNKNOWN)
    for place, (episode, name) in enumerate(zip(episodes, names, strict=True)):
        drug = own.get(episode)
        if drug is not None and drug.adverse_events:
            key = drug.id, name
            if key not in known:
                known[key] = truth.FALSE if drug.lists(name) else truth.TRUE
            found[place] = known[key]
    return found


def recorded_of(cohort: Cohort, records: Records, subject: str) -> np.ndarray:
    """Whether the adverse events of a subject were looked for, of each episode, as cohort.yaml says."""
    said, episodes = cohort.adverse_events_recorded, records["episodes"]
    if said == "by_episode":
        return (episodes["adverse_events_recorded"] == "yes").to_numpy()
    return np.full(len(episodes), said == "yes" if isinstance(said, str) else subject in said)


def treatment_outcomes(records: Records, drugs: dict[str, Drug]) -> Iterator[Outcome]:
    """Rescue and platelet transfusion, of those whose follow-up has an end on record."""
    followed = records["episodes"]["follow_up_end_day"].notna().to_numpy()
    events, given = (
        table[after_start(table[day])]
        for table, day in ((records["events"], "day"), (records["exposures"], "first_day"))
    )
    by_drug = {written: class_of(profile_of(written, drugs)) for written in given["drug"].unique()}
    told = given["class"].astype(object)
    classes = told.where(told != "", given["drug"].astype(object).map(by_drug))
    kinds = (
        events["kind"]
        .astype(object)
        .map({kind: records.conventions.kind_for(kind, PLATELETS) for kind in events["kind"].unique()})
    )
    wanted = {"rescue": given[given["role"] == "rescue"], "platelet_transfusion": given[classes == "transfusion"]}
    for cause, statistic in (("rescue", "rescue_rate"), ("platelet_transfusion", "transfusion_rate")):
        had = [number_of(rows, records) for rows in (wanted[cause], events[kinds == cause])]
        yield present(statistic, cause, followed, np.concatenate(had))


def class_of(drug: Drug | None) -> str:
    """The class of a drug by its profile, "" without one."""
    return drug.drug_class if drug else ""


def bleeding_outcomes(records: Records) -> Iterator[Outcome]:
    """Bleeding by WHO grade on the day after the first dose or later, of those whose bleeding was recorded."""
    recorded = (records["episodes"]["bleeding_recorded"] == "yes").to_numpy()
    spells = records["bleeding"]
    spells = spells[spells["last_day"] >= 1]
    for grade in GRADES:
        had = number_of(spells[spells["who_grade"] >= grade], records)
        yield present("bleeding_rate", f"grade>={grade}", recorded, had)


def present(statistic: str, cause: str, recorded: np.ndarray, had: np.ndarray) -> Outcome:
    """The outcome of episodes that had it (by number), did not, or may have had it unseen."""
    happened = np.where(recorded, truth.FALSE, truth.UNKNOWN)
    happened[had[had >= 0]] = truth.TRUE
    return Outcome(statistic, cause, np.ones(len(recorded), bool), recorded, happened, timed=True)
