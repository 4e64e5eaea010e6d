"""Why an episode has its response class: its counts on a line of days, what was left out and why, every clause with
met, not met or unknown, and the sentence that decides. Verb `explain`.

The text shows values of a person and belongs to the restricted folder.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import NoReturn

import numpy as np

from caseseries.model import condition as conditions
from caseseries.model.applicable import applicable
from caseseries.model.cohort import load_cohort
from caseseries.model.definition import Caution, Definition, cautions
from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import Layout
from caseseries.model.predicate import Point
from caseseries.model.records import Records, Visits, episode_ids, read_blocks, read_episodes
from caseseries.model.sample import records_of
from caseseries.response.admission import Fate, fates
from caseseries.response.catalogue import read_catalogue
from caseseries.response.definition_files import choose
from caseseries.response.evaluate import View, evaluate
from caseseries.response.evidence import evidence_of, records_folder
from caseseries.response.outcome import Outcome, assess
from caseseries.response.reasons import class_words, reasons, say_day_zero
from caseseries.response.series import Values
from caseseries.words.definitions import say_condition, say_measure
from caseseries.words.events import event_name, say_timed
from caseseries.words.labels import say_caution
from caseseries.words.numbers import plain
from caseseries.words.spelling import sentence
from caseseries.words.units import amount

TRUTH_WORDS = {1: "met", 0: "unknown", -1: "not met"}
SHORT_WORDS = {1: "yes", 0: "?", -1: "no"}
WIDTH = 100


@dataclass(frozen=True)
class Clause:
    """A condition in words with its truth (`met`, `not met`, `unknown`) and the clauses inside it."""

    label: str
    words: str
    truth: str
    parts: tuple[Clause, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """All that led to the class of an episode under a definition.

    counts : every count in order of days with what became of it.
    judged : for each class the truth of its criterion on each admitted count, by row of the counts table.
    clauses : the condition of each class.
    sentence : the sentence that decides; `deciding` names the counts behind it, `deciding_rows` their rows.
    """

    episode_id: str
    definition: Definition
    response_class: str
    baseline: str
    bleeding: str
    events: tuple[str, ...]
    counts: tuple[Fate, ...]
    judged: dict[str, dict[int, str]]
    clauses: tuple[Clause, ...]
    sentence: str
    deciding: str = ""
    deciding_rows: frozenset[int] = frozenset()
    clocks: tuple[str, ...] = ()
    cautions: tuple[Caution, ...] = field(default_factory=tuple)

    def text(self) -> str:
        """The explanation as text for a terminal or a page, in lines of about 100 characters."""
        definition = self.definition
        lines = [f"Episode {self.episode_id} under {definition.label} ({definition.id}): {self.response_class}", ""]
        lines += [self.baseline, self.bleeding, *self.events, ""]
        lines += line_of_days(self.counts, self.judged)
        if self.clauses:
            lines += ["", "Conditions, the first that is met gives the class:"]
            for clause in self.clauses:
                lines += clause_lines(clause, 2)
        lines += ["", *wrap(f"{self.response_class}: {self.sentence}{self.deciding}", WIDTH), *self.clocks]
        if self.cautions:
            lines += ["", "Not settled by the source:"]
            for caution in self.cautions:
                lines += wrap(say_caution(caution), WIDTH, initial_indent="  ", subsequent_indent="    ")
        return "\n".join(lines) + "\n"


def explain(records: Records, episode_id: str, definition: Definition, visits: Visits = "routine") -> str:
    """The explanation of one episode as text; see `explanation`."""
    return explanation(records, episode_id, definition, visits).text()


def explanation(records: Records, episode_id: str, definition: Definition, visits: Visits = "routine") -> Explanation:
    """Why an episode has its class under a definition; `visits` are the cohort's.

    Raises
    ------
    BadInput : the cohort has no such episode.
    """
    return explanations(only(records, episode_id), definition, visits)[0]


def explanations(records: Records, definition: Definition, visits: Visits = "routine") -> list[Explanation]:
    """Why each episode of some records has its class under a definition; the definition is run on all at once."""
    evidence = evidence_of(records, definition.analyte, visits)
    outcome = assess(evidence, definition)
    happened = happenings(records)
    counts, judged, clauses = fates(records, evidence, definition), judge(outcome.view), say_clauses(outcome)
    sentences, cautioned = reasons(outcome).texts(), tuple(cautions(definition))
    return [
        Explanation(
            episode,
            definition,
            shown_class(outcome, number),
            say_baseline(outcome.view.baseline, number, definition),
            say_bleeding(outcome, number),
            tuple(happened.get(episode, ())),
            tuple(counts[number]),
            judged[number],
            clauses[number],
            str(sentences[number]),
            say_deciding(outcome, number, counts[number]),
            frozenset(map(int, outcome.rows[number])),
            tuple(say_clocks(outcome, number)),
            cautioned,
        )
        for number, episode in enumerate(episode_ids(records))
    ]


def only(records: Records, episode_id: str) -> Records:
    """The records of one episode."""
    if episode_id not in episode_ids(records):
        refuse_unknown(records, records.cohort)
    return records_of(records, [episode_id])


def refuse_unknown(records: Records, listed: str) -> NoReturn:
    """Say that there is no such episode, and name one that there is; `listed` is where they are listed."""
    rule = "the cohort has no episode of this id"
    first = next(iter(episode_ids(records)), "")
    raise BadInput([Finding(listed, column="episode_id", rule=rule, example=first)])


def shown_class(outcome: Outcome, number: int = 0) -> str:
    """The class of an episode, or the value of a measure."""
    label = outcome.class_name(number)
    return plain(float(outcome.value[number])) if label is None else label


def say_baseline(baseline: Values, number: int, definition: Definition) -> str:
    """The baseline under the definition's rule, as a line."""
    lo, hi = float(baseline.lo[number]), float(baseline.hi[number])
    if np.isnan(lo):
        return "Baseline: not known."
    if lo == hi:
        return f"Baseline: {amount(lo, definition.unit)}."
    if np.isinf(hi):
        return f"Baseline: above {amount(lo, definition.unit)}."
    if lo == 0 and baseline.hi_open[number]:
        return f"Baseline: below {amount(hi, definition.unit)}."
    return f"Baseline: between {plain(lo)} and {amount(hi, definition.unit)}."


def say_bleeding(outcome: Outcome, number: int) -> str:
    """What is known of the bleeding of an episode, as a line."""
    evidence = outcome.view.evidence
    bleeding = evidence.bleeding
    spells = [
        f"grade {plain(grade)} on day {first}" if first == last else f"grade {plain(grade)} on days {first} to {last}"
        for episode, first, last, grade in zip(
            bleeding.episode, bleeding.first, bleeding.last, bleeding.value, strict=True
        )
        if episode == number
    ]
    last = evidence.bleeding_to[number]
    if last > -np.inf:
        until = "" if np.isinf(last) else f" up to day {plain(float(last))}, not recorded later"
        return f"Bleeding{until}: {', '.join(spells)}." if spells else f"Bleeding{until}: looked for, none."
    return "Bleeding: not recorded" + (f", but {', '.join(spells)}." if spells else ".")


def happenings(records: Records) -> dict[str, list[str]]:
    """Episode -> its events in order of days, then what the source times itself in its order, one line each."""
    said: dict[str, list[str]] = {}
    for row in records["events"].sort_values(["day", "source_row"], kind="stable").itertuples():
        said.setdefault(row.episode_id, []).append(f"Day {plain(row.day)}: {event_name(row.kind).phrase}.")
    for row in records["outcomes"].sort_values("source_row", kind="stable").itertuples():
        timed = say_timed(row.outcome, row.cause, row.day, row.left_day, row.right_day)
        said.setdefault(row.episode_id, []).append(timed)
    return said


def first_point(condition: conditions.Condition) -> Point | None:
    """The first criterion on a count inside a condition."""
    found = (conditions.criterion_of(operator) for operator in conditions.operators_in(condition))
    return next((criterion for criterion in found if criterion is not None), None)


def judge(view: View) -> list[dict[str, dict[int, str]]]:
    """Truth of the criterion of each class on each admitted count of each episode, by row of the counts table."""
    counts = view.admitted.all_counts
    assert counts.row is not None
    points = {rule.label: first_point(rule.when) for rule in view.definition.classes}
    criteria = {label: point for label, point in points.items() if point is not None}
    judged: list[dict[str, dict[int, str]]] = [{label: {} for label in criteria} for _ in range(view.evidence.size)]
    for label, point in criteria.items():
        for number, row, value in zip(counts.episode, counts.row, view.point(point, counts), strict=True):
            judged[number][label][int(row)] = SHORT_WORDS[int(value)]
    return judged


def say_clauses(outcome: Outcome) -> list[tuple[Clause, ...]]:
    """For each episode the condition of each class with its truth; for a measure what it counts, and what its value
    can be.
    """
    definition, numbers = outcome.view.definition, range(outcome.view.evidence.size)
    if definition.measure is not None:
        words = sentence(say_measure(definition.measure, definition))
        return [(Clause("value", words, say_possible(outcome, number)),) for number in numbers]
    said = [say_clause(rule.label, rule.when, outcome.view) for rule in definition.classes]
    return [tuple(clauses[number] for clauses in said) for number in numbers]


def say_possible(outcome: Outcome, number: int) -> str:
    """Between which values a measure lies where visits or days are unknown; empty where it is known or nothing is."""
    if outcome.possible is None:
        return ""
    low, high = (float(ends[number]) for ends in outcome.possible)
    return "" if np.isnan(low) or low == high else f"between {plain(low)} and {plain(high)}"


def say_clause(label: str, condition: conditions.Condition, view: View) -> list[Clause]:
    """A condition with its truth and its parts, for each episode."""
    inner = getattr(condition, "and_", None) or getattr(condition, "or_", None) or ()
    parts = [say_clause("", part, view) for part in inner]
    words = say_condition(condition, view.definition)
    if parts:
        words = "all of these" if isinstance(condition, conditions.And) else "one of these"
    return [
        Clause(label, words, TRUTH_WORDS[int(truth)], tuple(part[number] for part in parts))
        for number, truth in enumerate(evaluate(condition, view).truth)
    ]


def clause_lines(clause: Clause, indent: int) -> list[str]:
    """A clause and its parts as indented lines."""
    said = ": ".join(text for text in (clause.label, clause.truth, clause.words) if text)
    lines = wrap(said, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2))
    for part in clause.parts:
        lines += clause_lines(part, indent + 2)
    return lines


def say_deciding(outcome: Outcome, number: int, counts: Sequence[Fate]) -> str:
    """The counts that decide the class, as a sentence to go behind another; empty where no count does."""
    rows = set(outcome.rows[number].tolist())
    named = [f"{fate.count} ({f'day {fate.day}' if fate.dated else fate.day})" for fate in counts if fate.row in rows]
    return f" Deciding: {', '.join(named)}." if named else ""


def say_clocks(outcome: Outcome, number: int) -> list[str]:
    """Days of onset, confirmation and loss of an episode, one line each."""
    clocks = outcome.clocks
    said = []
    for words, days in (
        ("Response from day", clocks.onset),
        ("Confirmed on day", clocks.confirmed),
        ("Complete response from day", clocks.complete),
        ("Complete response lost on day", clocks.loss_complete),
        ("Response lost on day", clocks.loss),
    ):
        if not np.isnan(days[number]):
            said.append(f"{words} {plain(float(days[number]))}.")
    return said


def line_of_days(counts: tuple[Fate, ...], judged: dict[str, dict[int, str]]) -> list[str]:
    """Counts from left to right with their days, what each criterion says of them, and notes on those left out."""
    if not counts:
        return ["No count is recorded."]
    notes = list(dict.fromkeys(fate.left_out for fate in counts if fate.left_out))
    marks = {note: "abcdefghijklmnopqrstuvwxyz"[i % 26] for i, note in enumerate(notes)}
    rows = {"day": [fate.day for fate in counts], "count": [fate.count for fate in counts]}
    if notes:
        rows["left out"] = [marks[fate.left_out] if fate.left_out else "" for fate in counts]
    for label, values in judged.items():
        rows[class_words(label)] = ["" if fate.left_out else values.get(fate.row, "") for fate in counts]
    head = max(map(len, rows)) + 2
    cell = max(len(text) for row in rows.values() for text in row) + 2
    fitting = max((WIDTH - head) // cell, 1)
    lines = []
    for start in range(0, len(counts), fitting):
        if start:
            lines.append("")
        for name, row in rows.items():
            cells = "".join(text.rjust(cell) for text in row[start : start + fitting])
            lines.append((name.ljust(head) + cells).rstrip())
    for note in notes:
        lines += wrap(f"{marks[note]}: {note}", WIDTH, subsequent_indent="   ")
    return lines


def overview(records: Records, episode_id: str, definitions: list[Definition], visits: Visits = "routine") -> str:
    """The class of an episode under each definition with the sentence that decides."""
    records = only(records, episode_id)
    lines = [f"Episode {episode_id}", "", *happenings(records).get(episode_id, ())]
    for definition in definitions:
        outcome = assess(evidence_of(records, definition.analyte, visits), definition)
        head = f"{definition.id:34} {shown_class(outcome):10} "
        lines += wrap(
            str(reasons(outcome).texts()[0]), WIDTH + 40, initial_indent=head, subsequent_indent=" " * len(head)
        )
    return "\n".join(lines) + "\n"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries explain`."""
    parser.epilog = "example: caseseries explain simulated-rhtpo S01 --definition iwg2009_confirmed"
    parser.add_argument("cohort", help="id of the cohort; its records must have been ingested")
    parser.add_argument("episode", help="episode_id")
    parser.add_argument("--definition", help="id of a response definition; absent: all that apply, one line each")


def run(arguments: argparse.Namespace, layout: Layout) -> int:
    """Print the explanation of an episode."""
    catalogue = read_catalogue(layout)
    cohort = load_cohort(layout.cohort(arguments.cohort))
    folder = records_folder(layout, cohort.id)
    records = read_episodes(folder, [arguments.episode])
    if not len(episode_ids(records)):
        given = layout.cohort(cohort.id)
        refuse_unknown(next(read_blocks(folder)), str(given / cohort.file_of(given, "episodes", "outcomes")))
    named = arguments.definition is not None
    definitions = choose(catalogue, [arguments.definition]) if named else applicable(catalogue, cohort)
    shown = [definition for definition in definitions if cohort.counts_from_dose or definition.reported]
    if arguments.definition is None or not shown:
        print(overview(records, arguments.episode, shown, cohort.visits), end="")
    else:
        print(explain(records, arguments.episode, shown[0], cohort.visits), end="")
    if len(shown) < len(definitions):
        print(f"By counts: {say_day_zero(cohort)}")
    return 0
