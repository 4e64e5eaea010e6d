"""One case at a time: its course by day, what was counted and what was left out, its class and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from caseseries.model.records import RecordRow
from caseseries.model.results import NOT_EVALUABLE
from caseseries.model.sample import MOST_SHOWN, rows_of, sample
from caseseries.report.case_picture import case_picture
from caseseries.report.page import Block, Course, Folded, Happening, Listing, paragraphs
from caseseries.report.study import CohortResults, Study
from caseseries.response.explanations import unevaluable
from caseseries.words.events import event_name
from caseseries.words.intervals import number_range
from caseseries.words.labels import marked
from caseseries.words.nouns import plural, say_sample
from caseseries.words.numbers import is_missing, plain, short_number
from caseseries.words.spelling import words

UNDATED = float("inf")
"""Place in the order of days of what has no day: the end."""


RECORDED = ("counts", "exposures", "events", "bleeding", "adverse_events", "outcomes")
"""Tables of a case's course."""


def case_anchors(found: CohortResults) -> dict[str, str]:
    """The place in the page of each case of which there is something to see, by its id; see `sample`."""
    shown = sample(found.records["episodes"]["episode_id"])
    recorded = [rows_of(found.records[name], shown)["episode_id"] for name in RECORDED]
    classed = found.responses.loc[found.responses["response_class"] != "", "episode_id"]
    told = set(pd.concat([*recorded, classed, found.explanations["episode_id"]]))
    episodes = (episode for episode in shown if episode in told)
    return {episode: f"{found.cohort.id}-case-{place}" for place, episode in enumerate(episodes, start=1)}


def case_files(found: CohortResults, study: Study) -> list[Block]:
    """Every case, of a large cohort those of `sample`, behind a line that opens it; nothing where rows of people may
    not be shown.
    """
    anchors = case_anchors(found)
    explained = found.explanations.set_index("episode_id")
    tables = {name: found.records[name] for name in RECORDED} | {
        "responses": found.responses[found.responses["response_class"] != ""],
        "explanations": found.explanations,
        "explained_counts": found.explained_counts,
    }
    tables = {name: rows_of(table, anchors) for name, table in tables.items()}
    of_case = {name: dict(list(table.groupby("episode_id", sort=False))) for name, table in tables.items()}
    files = []
    for episode, anchor in anchors.items():
        own = {name: of_case[name].get(episode, table.iloc[:0]) for name, table in tables.items()}
        summary = line_of(episode, explained)
        files.append(Folded(summary, blocks_of(own, study), screen_only=True, id=anchor, sheet=sheet_of(found)))
    total = found.episodes
    said = say_sample(MOST_SHOWN, total) if total > MOST_SHOWN else ""
    if said:
        said += f" Any other: caseseries explain {found.cohort.id} EPISODE"
    return [Folded("Open a case", [*paragraphs(said), *files], screen_only=True)] if files else []


def sheet_of(found: CohortResults) -> str:
    """What stands above a case that is printed alone: its cohort, and whether the sheet may leave."""
    kept = "" if found.cohort.releasable else " For the owner's eyes: this sheet must not leave."
    return marked(f"{found.cohort.title}.{kept}", found.cohort.synthetic)


def line_of(episode: str, explained: pd.DataFrame) -> str:
    """The name of a case with its class where it is explained."""
    return f"{episode}: {explained.loc[episode, 'response_class']}" if episode in explained.index else episode


def blocks_of(own: Mapping[str, pd.DataFrame], study: Study) -> list[Block]:
    """Why a case has its class, its course, the conditions, and its classes under the other definitions."""
    told = own["explanations"]
    happenings = sorted(course_of(own), key=lambda one: one.place)
    blocks: list[Block] = []
    for row in told.itertuples():
        blocks += paragraphs(f"Under {study.label(row.definition)}: {row.response_class}. {row.sentence}")
        blocks += paragraphs(" ".join(part for part in (row.baseline, row.bleeding, *row.clocks.split("\n")) if part))
    definition = study.catalogue.get(told["definition"].iloc[0]) if len(told) else None
    blocks += case_picture(own, definition)
    if happenings:
        blocks.append(Course(happenings))
    blocks += [
        Folded("Conditions, one by one", [Listing(row.conditions)], screen_only=True) for row in told.itertuples()
    ]
    return [*blocks, *classes_elsewhere(own["responses"], study)]


def classes_elsewhere(responses: pd.DataFrame, study: Study) -> list[Block]:
    """The class of a case under every definition, the definitions of a class together; those under which it is not
    evaluable are counted.
    """
    unknown = unevaluable(responses)
    judged = responses[responses["response_class"] != NOT_EVALUABLE]
    said = [
        f"{name}: {'; '.join(study.label(definition) for definition in same['definition'])}."
        for name, same in judged.groupby("response_class", sort=False)
    ]
    said += [f"Not evaluable under {plural(unknown, 'definition')}."] if unknown else []
    return paragraphs(" ".join(said), tone="note")


def course_of(tables: Mapping[str, pd.DataFrame]) -> list[Happening]:
    """What is on record of a case, in no order yet: counts, doses, events, bleeding, adverse events."""
    return [
        *counted(tables["explained_counts"], tables["counts"]),
        *dosed(tables["exposures"]),
        *(
            Happening(place_of(row.day), day_text(row.day), event_name(row.kind).noun, row.detail)
            for row in tables["events"].itertuples()
        ),
        *(
            Happening(
                place_of(row.first_day), span(row.first_day, row.last_day), f"bleeding, grade {plain(row.who_grade)}"
            )
            for row in tables["bleeding"].itertuples()
        ),
        *(
            Happening(place_of(row.day), timed(row), words(row.outcome), words(row.cause))
            for row in tables["outcomes"].itertuples()
        ),
        *(
            Happening(place_of(row.day), day_text(row.day), row.term, harm(row))
            for row in tables["adverse_events"].itertuples()
        ),
    ]


def counted(told: pd.DataFrame, counts: pd.DataFrame) -> Iterable[Happening]:
    """Every count: what the criteria say of it, or why it was left out; those that decide are marked."""
    for row in told.itertuples():
        days = pd.to_numeric(row.when, errors="coerce")
        dropped = row.left_out != ""
        remark = f"left out: {row.left_out}" if dropped else row.criteria
        yield Happening(
            place_of(days), words(row.when), f"count {row.written}", remark, dropped, decides=row.deciding == "yes"
        )
    for row in counts.itertuples() if told.empty else ():
        yield Happening(place_of(row.day), day_text(row.day) or words(row.timepoint), f"count {row.count}")


def dosed(exposures: pd.DataFrame) -> Iterable[Happening]:
    """Every dose or course of a drug."""
    for row in exposures.to_dict("records"):
        dose = "" if is_missing(row["dose"]) else f" {short_number(row['dose'])} {row['dose_unit']}".rstrip()
        days = span(row["first_day"], row["last_day"])
        yield Happening(place_of(row["first_day"]), days, f"{row['drug'] or row['class']}{dose}", row["role"])


def harm(row: RecordRow) -> str:
    """Who had an adverse event, and of which grade."""
    grade = "" if is_missing(row.grade) else f"grade {plain(row.grade)}"
    serious = "serious" if row.serious == "yes" else ""
    return ", ".join(part for part in (row.subject, grade, serious) if part)


def place_of(day: float) -> float:
    """Place in the order of days."""
    return UNDATED if is_missing(day) else float(day)


def day_text(day: float) -> str:
    """A day as text, "" where it is not known."""
    return "" if is_missing(day) else plain(day)


def timed(outcome: RecordRow) -> str:
    """The day of an outcome, or the days between which it lies."""
    return span(outcome.left_day, outcome.right_day) if is_missing(outcome.day) else day_text(outcome.day)


def span(first: float, last: float) -> str:
    """First to last day as text."""
    if is_missing(first) or is_missing(last):
        return day_text(first)
    return number_range(first, last)
