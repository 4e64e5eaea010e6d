"""The treatment courses of a cohort as ADaM names them, and ADSL, which has a row for the first course of each subject.

Which course of a subject is the first is told by all of them: the courses of a large cohort are known here together,
with a few values each, where their rows come block by block.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from caseseries.export.adam_columns import alike, chosen, study_day
from caseseries.model.codes import Codes, Columns, Words
from caseseries.model.order import TELLS_ORDER, first_episodes
from caseseries.model.records import Records
from caseseries.response.evidence import numbers_of

YES_NO = {"yes": "Y", "no": "N"}
SEXES = {"female": "F", "male": "M"}

ABOUT = (
    *("episode_id", "patient_id", "drug", "age_years", "sex", "pregnant", "gestational_week", "weight_kg"),
    *("itp_phase", "prior_lines", "splenectomy", "follow_up_end_day"),
)
"""Columns of episodes.csv that stand in ADSL or name a course."""
READ = tuple(dict.fromkeys([*ABOUT, *TELLS_ORDER]))
"""Columns of episodes.csv that are read of all courses."""


@dataclass(frozen=True)
class Courses:
    """Treatment courses in the order of the records.

    Parameters
    ----------
    study : STUDYID.
    ids, subjects : EPISODE and SUBJID of each (object arrays of str).
    persons : number of the subject of each.
    periods : APERIOD of each, from 1 on.
    drugs : TRTA of each.
    """

    study: str
    ids: np.ndarray
    subjects: np.ndarray
    persons: np.ndarray
    periods: np.ndarray
    drugs: Codes

    def __len__(self) -> int:
        return len(self.ids)

    def part(self, start: int, stop: int) -> Courses:
        """Some courses that follow one another."""
        here = slice(start, stop)
        names = ("ids", "subjects", "persons", "periods")
        some = {name: getattr(self, name)[here] for name in names}
        return replace(self, **some, drugs=self.drugs[np.arange(len(self))[here]])

    @cached_property
    def index(self) -> pd.Index:
        """Ids of the courses, by which rows find theirs."""
        return pd.Index(self.ids)

    @cached_property
    def named(self) -> Codes:
        """USUBJID of each."""
        _, first, places = np.unique(self.persons, return_index=True, return_inverse=True)
        names = [f"{self.study}-{subject}" for subject in self.subjects[first]]
        return Codes(places, Words(np.array(names, object)))

    @cached_property
    def ranks(self) -> np.ndarray:
        """Place of each in the order of USUBJID as text, then APERIOD."""
        rank = np.empty(len(self), np.int64)
        rank[np.lexsort((self.periods, self.named.ranks()))] = np.arange(len(self))
        return rank

    def numbers(self, column: pd.Series) -> np.ndarray:
        """Number of the course of each row by its id, -1 for one that is not among them."""
        return numbers_of(column, self.index)

    def columns(self, numbers: np.ndarray) -> Columns:
        """STUDYID, USUBJID, EPISODE, APERIOD and TRTA of rows, by the numbers of their courses."""
        return {
            "STUDYID": Codes.alike(self.study, len(numbers)),
            "USUBJID": self.named[numbers],
            "EPISODE": Codes(numbers, Words(self.ids)),
            "APERIOD": self.periods[numbers],
            "TRTA": self.drugs[numbers],
        }


def courses_of(study: str, ids: pd.Index, episodes: pd.DataFrame) -> Courses:
    """The courses of `episode_ids`: those of the episodes table, then those that outcomes.csv alone names."""
    size, known = len(ids), len(episodes)
    subjects = ids.to_numpy(object).copy()
    subjects[:known] = episodes["patient_id"].to_numpy(object)
    persons, _ = pd.factorize(subjects)
    first = np.zeros(size, bool)
    first[:known] = first_episodes(episodes).to_numpy()
    order = np.concatenate([np.flatnonzero(first), np.flatnonzero(~first)])
    periods = np.empty(size, np.int64)
    periods[order] = pd.Series(persons[order]).groupby(persons[order]).cumcount() + 1
    return Courses(study, ids.to_numpy(object), subjects, persons, periods, Codes.of(of_all(episodes["drug"], size)))


def of_all(column: pd.Series, size: int) -> pd.Series:
    """A column of the episodes table for so many courses; missing in those that it does not have."""
    return column.reset_index(drop=True).reindex(range(size))


@dataclass(frozen=True)
class Deaths:
    """Course, by number, and day of each death on record, in the order of the records."""

    courses: np.ndarray
    days: np.ndarray

    @classmethod
    def among(cls, records: Records, courses: Courses, start: int = 0) -> Deaths:
        """Those of some courses, of which the first has the number `start`."""
        events = records["events"]
        events = events[(events["kind"] == "death").to_numpy()]
        numbers = courses.numbers(events["episode_id"])
        known = numbers >= 0
        return cls(numbers[known].astype(np.int64) + start, events["day"].to_numpy(float)[known])

    @classmethod
    def joined(cls, parts: Iterable[Deaths]) -> Deaths:
        """Those of all parts."""
        found = list(parts)
        return cls(np.concatenate([part.courses for part in found]), np.concatenate([part.days for part in found]))

    def of_persons(self, courses: Courses) -> tuple[np.ndarray, np.ndarray]:
        """Whether each subject died, and the day: that of the first course that has a death."""
        died, day = np.zeros(len(courses), bool), np.full(len(courses), np.nan)
        died[self.courses], day[self.courses[::-1]] = True, self.days[::-1]
        holders = np.flatnonzero(died)[::-1]
        size = int(courses.persons.max()) + 1
        dead, last_day = np.zeros(size, bool), np.full(size, np.nan)
        dead[courses.persons[holders]], last_day[courses.persons[holders]] = True, day[holders]
        return dead, last_day


def adsl(courses: Courses, episodes: pd.DataFrame, deaths: Deaths) -> Columns:
    """One row a subject, in the order of first appearance, of the first course of each."""
    rows = np.flatnonzero(courses.periods == 1)
    persons = courses.persons[rows]

    def number(name: str) -> np.ndarray:
        return of_all(episodes[name], len(courses)).to_numpy(float)[rows]

    def text(name: str) -> Codes:
        return Codes.of(of_all(episodes[name], len(courses)))[rows]

    age = number("age_years")
    dead, day = deaths.of_persons(courses)
    return {
        **courses.columns(rows),
        "SUBJID": Codes(np.arange(len(rows)), Words(courses.subjects[rows])),
        "AGE": age,
        "AGEU": chosen(~np.isnan(age), "YEARS"),
        "SEX": text("sex").said(lambda sex: SEXES.get(sex, "U")),
        "TRT01A": courses.drugs[rows],
        "SAFFL": alike("Y", rows),
        "NCOURSES": np.bincount(courses.persons)[persons],
        "PREGFL": text("pregnant").said(lambda said: YES_NO.get(said, "")),
        "GESTWK": number("gestational_week"),
        "WEIGHTBL": number("weight_kg"),
        "PHASE": text("itp_phase").said(str.upper),
        "PRIORLN": number("prior_lines"),
        "SPLENFL": text("splenectomy").said(lambda said: YES_NO.get(said, "")),
        "DTHFL": chosen(dead[persons], "Y"),
        "DTHDY": study_day(day[persons]),
        "LASTDY": study_day(number("follow_up_end_day")),
    }
