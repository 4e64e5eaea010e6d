"""Definitions with one clause left out or one choice made otherwise: for sensitivity runs, and to find the clause that
decides.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from caseseries.model.condition import CONDITIONS, Condition
from caseseries.model.definition import Definition
from caseseries.model.predicate import Point
from caseseries.words.definitions import say_condition, say_point, say_step

Written = dict[str, Any]


def written(definition: Definition) -> Written:
    """A definition as data, as a file would hold it."""
    return definition.model_dump(by_alias=True, exclude_none=True)


def rebuilt(changed: Written) -> Definition:
    """The definition that data describe."""
    return Definition.model_validate(changed)


def clauses_left_out(definition: Definition) -> Iterator[tuple[str, Definition]]:
    """(what is left out, in words; the definition without it) for every clause that can keep one from a class."""
    base = written(definition)
    for place, step in enumerate(definition.admit):
        changed = copy.deepcopy(base)
        del changed["admit"][place]
        yield say_step(step), rebuilt(changed)
    if definition.cut_at:
        yield "follow-up is cut", rebuilt({**base, "cut_at": [], "cut_resolves_unknown": False})
    for words, changed in conditions_relaxed(definition, base):
        yield words, rebuilt(changed)
    if definition.choices.bleeding_unknown == "unknown" and '"bleed_le"' in definition.model_dump_json(by_alias=True):
        yield "bleeding must have been recorded", with_choice(definition, "bleeding_unknown", "none")


def conditions_relaxed(definition: Definition, base: Written) -> Iterator[tuple[str, Written]]:
    """Classes without confirmation, without an onset window, without one part of a criterion, without one guard."""
    edits: list[tuple[str, Callable[[Written], bool]]] = [
        ("every count between the two must qualify", widen_between),
        ("the first count must lie in a window", drop_onset_window),
        ("a second count must confirm", need_one_count),
    ]
    for words, edit in edits:
        changed = copy.deepcopy(base)
        if any([edit(node) for node in nodes(changed["classes"])]):
            yield words, changed
    for words in parts_of(definition):
        changed = copy.deepcopy(base)
        if any([drop_part(node, words, definition) for node in nodes(changed["classes"])]):
            yield words, changed


def nodes(value: Any) -> list[Written]:
    """Every mapping inside a piece of data, outermost first."""
    if isinstance(value, dict):
        return [value] + [inner for part in value.values() for inner in nodes(part)]
    return [inner for part in value for inner in nodes(part)] if isinstance(value, list) else []


def widen_between(node: Written) -> bool:
    """Let counts between the two fail; True if the clause was there."""
    if node.get("confirm") is None or node.get("between", "all") == "any":
        return False
    node["between"] = "any"
    return True


def drop_onset_window(node: Written) -> bool:
    """Let the first count lie anywhere; True if the clause was there."""
    return node.get("confirm") is not None and node.pop("onset_in", None) is not None


def need_one_count(node: Written) -> bool:
    """Ask for one count instead of two; True if the clause was there."""
    if node.get("confirm") is None:
        return False
    window = node.get("onset_in")
    point = node["confirm"]
    node.clear()
    node["some"] = point
    return window is None


ESSENTIAL = frozenset({"ge", "gt", "le", "lt", "in"} | set(CONDITIONS) - {"none", "exposed", "not"})
"""Parts without which nothing is asked of the counts any more: thresholds and operators stay, guards, multiples of the
baseline and bleeding may be left out."""


def parts_of(definition: Definition) -> list[str]:
    """Parts of the criteria and guards of the classes that may be left out, in words, each once."""
    found = []
    for node in nodes(written(definition)["classes"]):
        for key in ("all", "and"):
            parts = node.get(key) or []
            if len(parts) > 1:
                found += [part_words(part, definition) for part in parts if not ESSENTIAL & set(part)]
    return list(dict.fromkeys(found))


def drop_part(node: Written, words: str, definition: Definition) -> bool:
    """Leave a part of a criterion or a guard out wherever it stands; True if it stood there."""
    for key in ("all", "and"):
        parts = node.get(key)
        if parts and len(parts) > 1:
            kept = [part for part in parts if part_words(part, definition) != words]
            if 0 < len(kept) < len(parts):
                node[key] = kept
                return True
    return False


def part_words(part: Written, definition: Definition) -> str:
    """A part of a criterion, or a guard, in words."""
    if any(key in CONDITIONS and key not in ("and", "or", "not") for key in part):
        return say_condition(_reader(Condition).validate_python(part), definition)
    return say_point(_reader(Point).validate_python(part), definition.unit)


@cache
def _reader(kind: Any) -> TypeAdapter:
    return TypeAdapter(kind)


def with_choice(definition: Definition, name: str, value: str) -> Definition:
    """The definition with one of its `choices` made otherwise."""
    return definition.model_copy(update={"choices": definition.choices.model_copy(update={name: value})})


def with_between(definition: Definition, value: str) -> Definition:
    """Counts between the two that confirm: all must qualify, or any may fail."""
    return _edited(definition, "confirm", {"between": value})


def with_look_back(definition: Definition, value: str) -> Definition:
    """Bleeding counts on the day of the count, or since the previous one."""
    return _edited(definition, "bleed_le", {"look_back": value})


def with_onset_window(definition: Definition, last: int | None) -> Definition:
    """A response must begin on days 1 to `last`."""
    return definition if last is None else _edited(definition, "confirm", {"onset_in": [1, last]})


def _edited(definition: Definition, key: str, update: Written) -> Definition:
    changed = written(definition)
    for node in nodes([changed["classes"], changed.get("ttr", {})]):
        if key in node or (key == "confirm" and "of" in node and "gap" in node):
            node.update(update)
    return rebuilt(changed)


def with_same_day(definition: Definition, which: str) -> Definition:
    """Which of several counts on one day is used."""
    changed = written(definition)
    for step in changed["admit"]:
        if "per_day" in step:
            step["per_day"] = which
    return rebuilt(changed)


def with_drop(definition: Definition, kind: str, length: int) -> Definition:
    """Counts are left out for `length` days after a kind of event."""
    changed = written(definition)
    for step in changed["admit"]:
        if step.get("drop", {}).get("after") == kind:
            step["drop"]["days"] = length
    return rebuilt(changed)


def with_rescue(definition: Definition, policy: str) -> Definition:
    """Rescue leaves counts out for 28 or 56 days, or ends follow-up as a failure."""
    if policy != "failure":
        return with_drop(definition, "rescue", int(policy.split(maxsplit=1)[0]))
    changed = written(definition)
    changed["admit"] = [step for step in changed["admit"] if step.get("drop", {}).get("after") != "rescue"]
    changed |= {"cut_at": ["rescue"], "cut_resolves_unknown": True}
    return rebuilt(changed)
