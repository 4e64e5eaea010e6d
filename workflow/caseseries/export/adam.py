"""A cohort as ADaM data sets: ADSL, ADLB, ADRS and ADTTE (CDISC, Analysis Data Model 2.1 and the BDS of its guide).

CNSR is 0 for the event and a positive whole number for whatever ended observation before it, the other way round than
the event indicator of most packages. What came first in place of the event is no censoring: it has a number of its own
(`censor_codes`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from caseseries.export.adam_columns import framed, study_day
from caseseries.export.adam_counts import adlb
from caseseries.export.adam_courses import Courses, Deaths, adsl, courses_of
from caseseries.model.codes import Codes, Columns, taken
from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition
from caseseries.model.records import Records, episode_ids
from caseseries.model.results import CAUSES, NOT_EVALUABLE, event_of
from caseseries.words.labels import DefinitionLabel, definition_label
from caseseries.words.spelling import words

CENSORED = 1
"""CNSR at the end of observation."""


@dataclass(frozen=True)
class Part:
    """Consecutive episodes: their records, classes and times; text may be categories."""

    records: Records
    responses: pd.DataFrame
    times: pd.DataFrame


@dataclass(frozen=True)
class Analysed:
    """What the data sets are made of.

    Parameters
    ----------
    episodes : the episodes table; of a large cohort the columns of `adam_courses.READ`.
    courses : the courses in the order of the records.
    judged : ids of the definitions with classes.
    timed : definition and cause of the times there are.
    definitions, labels : of the catalogue, by id.
    parts : the rows, block by block; all at once of a cohort that is not large.
    """

    cohort: Cohort
    episodes: pd.DataFrame
    courses: Courses
    judged: frozenset[str]
    timed: frozenset[tuple[str, str]]
    definitions: Mapping[str, Definition]
    labels: Mapping[str, DefinitionLabel]
    parts: Iterable[Part]

    @cached_property
    def names(self) -> list[str]:
        """Ids of the definitions with classes or times, in their order."""
        return sorted({*self.judged, *(definition for definition, _ in self.timed)})

    @cached_property
    def censor_codes(self) -> dict[str, int]:
        """CNSR of each cause (`censor_codes`)."""
        return censor_codes(cause for definition, cause in self.timed if cause != event_of(definition))

    @cached_property
    def baselines(self) -> dict[str, set[str]]:
        """The rules for the baseline that the definitions with classes ask for, by analyte."""
        asked: dict[str, set[str]] = {}
        for definition in (self.definitions[name] for name in self.judged if name in self.definitions):
            asked.setdefault(definition.analyte, set()).add(definition.choices.baseline)
        return asked


def analysed_at_once(
    cohort: Cohort, part: Part, definitions: Mapping[str, Definition], labels: Mapping[str, DefinitionLabel]
) -> Analysed:
    """A cohort whose rows are in memory."""
    episodes = part.records["episodes"]
    pairs = part.times[["definition", "cause"]].drop_duplicates().astype(object)
    return Analysed(
        cohort=cohort,
        episodes=episodes,
        courses=courses_of(cohort.id, episode_ids(part.records), episodes),
        judged=frozenset(part.responses["definition"].unique()),
        timed=frozenset(zip(pairs["definition"], pairs["cause"], strict=True)),
        definitions=definitions,
        labels=labels,
        parts=[part],
    )


def adam_datasets(analysed: Analysed) -> dict[str, pd.DataFrame]:
    """The data sets of a cohort that is in memory, by name: those that have rows."""
    if not len(analysed.courses):
        return {}
    found = {name: framed(columns, name) for name, columns in adam_blocks(analysed)}
    return {name: found[name] for name in ("ADSL", "ADLB", "ADRS", "ADTTE") if len(found[name])}


def adam_blocks(analysed: Analysed) -> Iterator[tuple[str, Columns]]:
    """The data sets with their names, in the parts in which the rows come; at last ADSL, whole."""
    deaths, start = [], 0
    for part in analysed.parts:
        stop = start + len(episode_ids(part.records))
        courses = analysed.courses.part(start, stop)
        deaths.append(Deaths.among(part.records, courses, start))
        yield "ADLB", adlb(analysed.cohort, courses, part.records, analysed.baselines)
        yield "ADRS", adrs(analysed, courses, part.responses)
        yield "ADTTE", adtte(analysed, courses, part.times)
        start = stop
    yield "ADSL", adsl(analysed.courses, analysed.episodes, Deaths.joined(deaths))


def adrs(analysed: Analysed, courses: Courses, found: pd.DataFrame) -> Columns:
    """The class of every course under every definition."""
    definition, judged = Codes.of(found["definition"]), Codes.of(found["response_class"])
    days = {"ADY": "time_to_response", "CONFDY": "time_to_confirmation", "CRDY": "time_to_complete_response"}
    made = {
        "AVAL": answers(analysed, definition, judged, found["value"].to_numpy(float)),
        "AVALC": judged,
        "PROVC": Codes.of(found["provisional_class"]),
        "REASNE": Codes.of(found["because"]),
        **{name: study_day(found[column].to_numpy(float)) for name, column in days.items()},
        "LOSSDY": study_day(found["loss_of_response"].to_numpy(float)),
        "SRCROWS": Codes.of(found["decided_by"]),
        **parameters(analysed, definition, "RSP", _say_response),
    }
    return of_courses(made, courses, found["episode_id"])


def answers(analysed: Analysed, definition: Codes, judged: Codes, value: np.ndarray) -> np.ndarray:
    """1 for a response, 0 for none, NaN where it is not evaluable; the value of a definition that measures."""
    responding = {name: set(one.responses) for name, one in analysed.definitions.items()}
    table = [
        [np.nan if label == NOT_EVALUABLE else float(label in responding.get(name, ())) for label in judged.words.texts]
        for name in definition.words.texts
    ]
    answer = paired(table, definition, judged)
    return np.where(judged.valued(lambda label: not label) > 0, value, answer)


def paired(table: list[list[float]], one: Codes, other: Codes) -> np.ndarray:
    """What a table has of each row, by its word in one column (line) and in another (place in the line)."""
    cells = np.array(table, float).reshape(len(one.words), len(other.words))
    found: np.ndarray = cells[one.places, other.places]
    return found


def adtte(analysed: Analysed, courses: Courses, found: pd.DataFrame) -> Columns:
    """The time to the event of every definition that times one."""
    definition, cause = Codes.of(found["definition"]), Codes.of(found["cause"])
    codes = analysed.censor_codes
    table = [
        [0 if word == event_of(name) else codes.get(word, np.nan) for word in cause.words.texts]
        for name in definition.words.texts
    ]
    time = found["time"].to_numpy(float)
    made = {
        "AVAL": time,
        "CNSR": paired(table, definition, cause),
        "EVNTDESC": cause.said(lambda word: words(word).upper()),
        "CNSDTDSC": cause.said(lambda word: "END OF OBSERVATION" if word == "censored" else ""),
        "ADY": study_day(time),
        "AVALLO": found["left"].to_numpy(float),
        "AVALHI": found["right"].to_numpy(float),
        **parameters(analysed, definition, "TTE", _say_time),
    }
    return of_courses(made, courses, found["episode_id"])


def censor_codes(causes: Iterable[str]) -> dict[str, int]:
    """CNSR of each cause that is not the event: 1 the end of observation, 2 to 5 delivery, rescue, stopping and death,
    then further causes in alphabetical order.
    """
    known = {cause: code for code, cause in enumerate(CAUSES) if code > CENSORED} | {"censored": CENSORED}
    others = sorted(set(causes) - set(known))
    return known | {cause: len(CAUSES) + place for place, cause in enumerate(others)}


def parameters(analysed: Analysed, definition: Codes, code: str, say: Callable[[str, str], str]) -> Columns:
    """PARAMCD, PARAM, DEFID and DEFVER: the code has the place of the definition among all of the cohort.

    `say` makes PARAM of the definition's id and title.
    """
    codes = {name: f"{code}{number:03d}" for number, name in enumerate(analysed.names, start=1)}
    labels, known = dict(analysed.labels), analysed.definitions
    return {
        "PARAMCD": definition.said(codes.__getitem__),
        "PARAM": definition.said(lambda name: say(name, definition_label(name, labels).title)),
        "DEFID": definition,
        "DEFVER": definition.valued(lambda name: float(known[name].version) if name in known else np.nan),
    }


def _say_response(name: str, title: str) -> str:
    return f"Response: {title}"


def _say_time(name: str, title: str) -> str:
    event = event_of(name)
    return f"Days to response: {title}" if event == "response" else f"Days to {words(event)}"


def of_courses(made: Columns, courses: Courses, episodes: pd.Series) -> Columns:
    """The rows of known courses, in their order and that of PARAMCD."""
    numbers, code = courses.numbers(episodes), made["PARAMCD"]
    assert isinstance(code, Codes)
    order = np.lexsort((code.ranks(), numbers))
    order = order[np.count_nonzero(numbers < 0) :]
    return {**taken(made, order), **courses.columns(numbers[order])}
