"""What became of each count of an episode: used by a definition, or left out and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan

from caseseries.model import condition as conditions
from caseseries.model.definition import Definition, Drop, PerDay, Step, Window
from caseseries.model.records import Records, episode_ids
from caseseries.response.admit import admit
from caseseries.response.series import Counts, Evidence
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


def fates(records: Records, evidence: Evidence, definition: Definition) -> list[list[Fate]]:
    """The fate of every count of each episode, in order of days; undated counts last.

    Parameters
    ----------
    records, evidence : of the same episodes.
    """
    left_out = dict(reasons_left_out(evidence, definition))
    usable = set()
    if conditions.Some in kinds_of(definition):
        usable = places_of(admit(evidence, definition).undated)
    ids = episode_ids(records)
    counts = records["counts"]
    mine = (counts["analyte"] == definition.analyte) & counts["episode_id"].isin(ids)
    counts = counts[mine].sort_values(["day", "source_row"], kind="stable")
    found: list[list[Fate]] = [[] for _ in ids]
    for number, day, point, text, row in zip(
        ids.get_indexer(counts["episode_id"]),
        counts["day"],
        counts["timepoint"],
        counts["count"],
        counts["source_row"],
        strict=True,
    ):
        place = int(number), int(row)
        if not isnan(day):
            found[number].append(Fate(plain(day), text, place[1], left_out.get(place, "")))
            continue
        why = "" if definition.reported or place in usable else "a count without a day cannot be placed"
        found[number].append(Fate(point or "undated", text, place[1], why, dated=False))
    return found


def places_of(counts: Counts) -> set[tuple[int, int]]:
    """(number of the episode, row) of each count."""
    assert counts.row is not None
    return set(zip(counts.episode.tolist(), counts.row.tolist(), strict=True))


def kinds_of(definition: Definition) -> set[type]:
    """Kinds of conditions on counts that the classes of a definition use."""
    found = {type(operator) for rule in definition.classes for operator in conditions.operators_in(rule.when)}
    return found - {conditions.NoneOf, conditions.Exposed}


def reasons_left_out(evidence: Evidence, definition: Definition) -> Iterator[tuple[tuple[int, int], str]]:
    """(place as `places_of` gives it, reason) of every dated count that a definition leaves out, step by step as the
    engine admits.
    """

    def kept(steps: list[Step], cut: Sequence[str], after_delivery: str) -> set[tuple[int, int]]:
        choices = definition.choices.model_copy(update={"after_delivery": after_delivery})
        update = {"admit": steps, "cut_at": cut, "choices": choices}
        return places_of(admit(evidence, definition.model_copy(update=update)).counts)

    before = places_of(evidence.counts)
    if definition.reported:
        return
    after = kept([], definition.cut_at, "include")
    ending = phrases(definition.cut_at) if definition.cut_at else ""
    yield from ((place, f"follow-up ends at {ending}") for place in before - after)
    for position, step in enumerate(definition.admit):
        before, after = after, kept(definition.admit[: position + 1], definition.cut_at, "include")
        yield from ((place, say_left_out(step)) for place in before - after)
    kinds = kinds_of(definition)
    if kinds and kinds <= {conditions.At, conditions.Sustain}:
        return  # these look beyond delivery
    last = kept(definition.admit, definition.cut_at, definition.choices.after_delivery)
    yield from ((place, "taken after delivery") for place in after - last)


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
