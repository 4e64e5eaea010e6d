"""Every definition with one figure, sign or flag changed by one step: does a worked case of its file notice?

    python tests/spec/mutants.py            lists the mutants that no worked case notices

A mutant that the definition model refuses cannot be written and counts as noticed.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import yaml
from pydantic import ValidationError

from caseseries.model.definition import Definition
from caseseries.model.worked_case import Case
from caseseries.response.cases import disagreements, evidence_of_cases, outcome_of
from caseseries.response.outcome import derive
from spec import cases

STEPS = {"fold_ge": 0.1, "fold_le": 0.1}
"""Step of a figure where it is not 1."""

FIGURES = {
    "ge",
    "gt",
    "le",
    "lt",
    "in",
    "fold_ge",
    "delta_ge",
    "fold_le",
    "delta_le",
    "bleed_le",
    "gap",
    "onset_in",
    "day",
    "tol",
    "weeks",
    "step",
    "origin",
    "k",
    "n",
    "min_obs",
    "days",
    "max_gap",
    "within",
    "window",
    "min_days",
    "week_origin",
}
SIGNS = {"ge": "gt", "gt": "ge", "le": "lt", "lt": "le"}
FLAGS = {
    "between": ["all", "any"],
    "per_day": ["min", "max", "first", "last"],
    "missing": ["fail", "ignore"],
    "onset": ["first", "confirming"],
    "method": ["step", "linear"],
    "cut_resolves_unknown": [True, False],
    "look_back": ["same_day", "since_previous"],
}
LISTS = {"all", "any", "and", "or", "none", "cut_at", "admit", "classes", "from", "of"}
"""Lists of which one member is left out."""

Mutant = tuple[str, dict[str, Any]]


def mutants(definition: dict[str, Any]) -> Iterator[Mutant]:
    """(what was changed, changed definition) for every change of one step."""
    for path, key, value in walk(definition):
        where = ".".join(map(str, (*path, key)))
        if key in FIGURES and not isinstance(value, bool):
            for place, figure in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if isinstance(figure, int | float):
                    for step in (-STEPS.get(key, 1), STEPS.get(key, 1)):
                        spot = where if place is None else f"{where}[{place}]"
                        changed = figure + step if place is None else replaced(value, place, figure + step)
                        yield f"{spot} {step:+g}", with_value(definition, path, key, changed)
        if key in SIGNS and not isinstance(value, list):
            yield f"{where} -> {SIGNS[key]}", with_key(definition, path, key, {SIGNS[key]: value})
        if key == "in":
            yield f"{where}[0] open", with_key(definition, path, key, {"all": [{"gt": value[0]}, {"le": value[1]}]})
            yield f"{where}[1] open", with_key(definition, path, key, {"all": [{"ge": value[0]}, {"lt": value[1]}]})
        if key in FLAGS:
            for other in FLAGS[key]:
                if other != value:
                    yield f"{where} -> {other}", with_value(definition, path, key, other)
        if key in LISTS and isinstance(value, list) and len(value) > (key not in ("cut_at", "admit")):
            for place in range(len(value)):
                yield f"{where}[{place}] left out", with_value(definition, path, key, without(value, place))
        if key == "classes" and len(value) > 1:
            yield f"{where} reversed", with_value(definition, path, key, value[::-1])
        if key in ("loss_cr", "loss_r", "ttr", "onset_in"):
            yield f"{where} left out", with_key(definition, path, key, {})


def walk(node: Any, path: tuple = ()) -> Iterator[tuple[tuple, str, Any]]:
    """Every key of a definition with its path and value; what is no rule is passed over."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in ("basis", "source", "responses", "population", "label", "about", "version", "id"):
                yield path, key, value
                yield from walk(value, (*path, key))
    elif isinstance(node, list):
        for place, part in enumerate(node):
            yield from walk(part, (*path, place))


def replaced(values: list, place: int, value: Any) -> list:
    return [*values[:place], value, *values[place + 1 :]]


def without(values: list, place: int) -> list:
    return [*values[:place], *values[place + 1 :]]


def spot_of(definition: dict, path: tuple) -> tuple[dict, Any]:
    result = copy.deepcopy(definition)
    spot = result
    for part in path:
        spot = spot[part]
    return result, spot


def with_value(definition: dict, path: tuple, key: str, value: Any) -> dict:
    result, spot = spot_of(definition, path)
    spot[key] = value
    return result


def with_key(definition: dict, path: tuple, key: str, instead: dict) -> dict:
    result, spot = spot_of(definition, path)
    del spot[key]
    spot.update(instead)
    return result


def survivors(only: str | None = None) -> tuple[int, dict[str, list[str]]]:
    """Number of mutants, and for each definition those that no worked case of its file notices."""
    total, found = 0, {}
    raw = cases.raw_definitions()
    for path in sorted(cases.DEFINITIONS.glob("*.yaml")):
        document = cases.read(path)
        written = [Case.model_validate(case) for case in cases.cases_of(path)]
        for name in (definition["id"] for definition in document["definitions"]):
            if only is not None and only not in (name, path.stem):
                continue
            mine = [case for case in written if name in case.expect]
            evidence = evidence_of_cases(mine)
            for what, mutant in mutants(raw[name]):
                total += 1
                if unnoticed(mutant, mine, evidence):
                    found.setdefault(name, []).append(what)
    return total, found


def unnoticed(mutant: dict[str, Any], mine: list[Case], evidence: Any) -> bool:
    """Whether every worked case comes out as expected under the mutant."""
    try:
        definition = Definition.model_validate(mutant)
    except ValidationError:
        return False
    # A class that is left out can no longer be a response.
    left = [label for label in definition.responses if label in definition.labels]
    definition = definition.model_copy(update={"responses": left})
    outcome = derive(evidence, definition, trace=False)
    return not any(
        disagreements(definition, case.expect[definition.id], outcome_of(outcome, number))
        for number, case in enumerate(mine)
    )


def explained() -> dict[str, dict[str, str]]:
    """The committed list: definition -> mutant -> why no case can notice it."""
    return yaml.safe_load((Path(__file__).parent / "survivors.yaml").read_text(encoding="utf-8")) or {}


if __name__ == "__main__":
    count, alive = survivors(sys.argv[1] if len(sys.argv) > 1 else None)
    known = explained()
    for name, whats in alive.items():
        for what in whats:
            print(f"{name}: {what}" + (f"  ({known[name][what]})" if what in known.get(name, {}) else ""))
    print(f"{sum(map(len, alive.values()))} of {count} mutants are not noticed")
