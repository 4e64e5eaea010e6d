"""What became of each count of an episode: used by a definition, or left out and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan

from caseseries.model import condition as conditions
from caseseries.model.definition import Definition, Drop, PerDay, Step, Window
from caseseries.model.records import Records
from caseseries.response.admit import admit
from caseseries.response.series import Evidence
from caseseries.words.events import event_name, phrases
from caseseries.words.intervals import window
from caseseries.words.numbers import plain
from caseseries.words.units import days


@dataclass(frozen=True)
class Fate:
    """A count as written, its day (or its time point), its row in the counts table, and why it is left out, or ""."""

    day: str
    count: str
    row: int
    left_out: str
    dated: bool = True


def fates(records: Records, evidence: Evidence, definition: Definition) -> list[Fate]:
    """The fate of every count of one episode, in order of days; undated counts last.

    Parameters
    ----------
    records, evidence : of the one episode.
    """
    left_out = dict(reasons_left_out(evidence, definition))
    usable = set()
    if conditions.Some in kinds_of(definition):
        usable = set(map(int, admit(evidence, definition).undated.row))
    counts = records["counts"]
    counts = counts[counts["analyte"] == definition.analyte].sort_values(["day", "source_row"], kind="stable")
    found = []
    for day, point, text, row in zip(
        counts["day"], counts["timepoint"], counts["count"], counts["source_row"], strict=True
    ):
        if not isnan(day):
            found.append(Fate(plain(day), text, int(row), left_out.get(int(row), "")))
            continue
        why = "" if definition.reported or int(row) in usable else "a count without a day cannot be placed"
        found.append(Fate(point or "undated", text, int(row), why, dated=False))
    return found


def kinds_of(definition: Definition) -> set[type]:
    """Kinds of conditions on counts that the classes of a definition use."""
    found = {type(operator) for rule in definition.classes for operator in conditions.operators_in(rule.when)}
    return found - {conditions.NoneOf, conditions.Exposed}


def reasons_left_out(evidence: Evidence, definition: Definition) -> Iterator[tuple[int, str]]:
    """(row, reason) of every dated count that a definition leaves out, step by step as the engine admits."""

    def rows(steps: list[Step], cut: Sequence[str], after_delivery: str) -> set[int]:
        choices = definition.choices.model_copy(update={"after_delivery": after_delivery})
        update = {"admit": steps, "cut_at": cut, "choices": choices}
        return set(map(int, admit(evidence, definition.model_copy(update=update)).counts.row))

    before = set(map(int, evidence.counts.row))
    if definition.reported:
        return
    after = rows([], definition.cut_at, "include")
    ending = phrases(definition.cut_at) if definition.cut_at else ""
    yield from ((row, f"follow-up ends at {ending}") for row in before - after)
    for position, step in enumerate(definition.admit):
        before, after = after, rows(definition.admit[: position + 1], definition.cut_at, "include")
        yield from ((row, say_left_out(step)) for row in before - after)
    kinds = kinds_of(definition)
    if kinds and kinds <= {conditions.At, conditions.Sustain}:
        return  # these look beyond delivery
    last = rows(definition.admit, definition.cut_at, definition.choices.after_delivery)
    yield from ((row, "taken after delivery") for row in after - last)


def say_left_out(step: Step) -> str:
    """Why a step leaves a count out."""
    match step:
        case Window():
            return f"only counts {window(step.window)} are used"
        case Drop():
            return f"from {event_name(step.drop.after).phrase} to {days(step.drop.days)} after it"
        case PerDay():
            which = {"min": "a lower", "max": "a higher", "first": "an earlier", "last": "a later"}
            return f"{which[step.per_day]} count of the same day is used"
    raise TypeError(f"not an admission step: {step!r}")
