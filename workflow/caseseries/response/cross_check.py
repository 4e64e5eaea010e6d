"""Faults between the parts of a definition file: what one part refers to must be there. Works on data as written, so
that these faults are named together with those that the models find.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from caseseries.model.findings import Finding
from caseseries.model.yaml_file import Path_, place_finding


def cross_check(data: dict, lines: dict[Path_, int], shown: str) -> Iterable[Finding]:
    """Faults between the parts of a file: what a part refers to must be there. Works on what can be read."""

    def finding(path: Path_, rule: str, example: str = "") -> Finding:
        return place_finding(path, lines, shown, rule, example)

    definitions = data.get("definitions")
    definitions = definitions if isinstance(definitions, list) else []
    labels: dict[str, list[str] | None] = {}
    for index, definition in enumerate(definitions):
        if not isinstance(definition, dict):
            continue
        path = ("definitions", index)
        identity = definition.get("id")
        if identity in labels:
            yield finding((*path, "id"), f"the id {identity} stands twice in the file")
        labels[identity] = written_labels(definition)
        for rule in check_definition(definition):
            yield finding((*path, *rule[0]), *rule[1:])
    yield from check_names(data, finding)
    yield from check_expectations(data, labels, finding)


def written_labels(definition: dict) -> list[str] | None:
    """Class labels that a definition gives, as written; None where they cannot all be read."""
    if definition.get("reported") is True:
        return ["CR", "R", "responded", "NR"]
    if "measure" in definition:
        return []
    classes = definition.get("classes")
    rules = [rule for rule in classes if isinstance(rule, dict)] if isinstance(classes, list) else []
    labels = [*(rule.get("label") for rule in rules), definition.get("else")]
    return labels if rules and all(isinstance(label, str) for label in labels) else None


def check_definition(definition: dict) -> Iterable[tuple]:
    """Faults between the parts of one definition: (path, rule, example)."""
    labels = written_labels(definition)
    if definition.get("classes") and "else" not in definition:
        yield ("else",), "the key is required with classes: the class of those who meet none", "else: NR"
    wanted = {"responses": definition.get("responses"), "complete": definition.get("complete")}
    for clock in ("loss_cr", "loss_r"):
        if isinstance(definition.get(clock), dict):
            wanted[clock] = definition[clock].get("from")
            if "ttr" not in definition:
                yield (clock,), "a loss needs ttr: it begins where the response was confirmed"
    for key, value in wanted.items():
        path = (key, "from") if key.startswith("loss") else (key,)
        for label in value if isinstance(value, list) else [value]:
            if isinstance(label, str) and labels is not None and label not in labels:
                yield path, f"{label} is none of the definition's classes ({', '.join(labels)})"
    if definition.get("classes") and not definition.get("responses"):
        yield ("responses",), "the key is required with classes: the classes that count as a response", "[CR, R]"
    if (definition.get("cut_at") or definition.get("week_origin") is not None) and "basis" not in definition:
        yield ("basis",), "the key is required with cut_at or week_origin: on what they rest", "{P: table 2}"
    if definition.get("cut_resolves_unknown") is True and not definition.get("cut_at"):
        yield ("cut_resolves_unknown",), "without cut_at nothing is cut"
    if uses_weeks(definition) and "week_origin" not in definition:
        yield ("week_origin",), "the key is required with weeks: the number of the week of day 0", "week_origin: 0"


def uses_weeks(node: Any) -> bool:
    """Whether a visit grid without an origin of its own stands somewhere inside."""
    if isinstance(node, dict):
        return ("weeks" in node and "origin" not in node) or any(uses_weeks(part) for part in node.values())
    return isinstance(node, list) and any(uses_weeks(part) for part in node)


def check_names(data: dict, finding: Any) -> Iterable[Finding]:
    """A named predicate may use only names that stand above it."""
    predicates = data.get("predicates")
    if not isinstance(predicates, dict):
        return
    above: set[str] = set()
    for name, point in predicates.items():
        for used in names_in(point):
            if used in predicates and used not in above:
                rule = f"the predicate {used} must be declared above {name}, which uses it"
                yield finding(("predicates", name), rule)
        above.add(name)


def names_in(point: Any) -> Iterable[str]:
    """Names of predicates that a written predicate uses."""
    if isinstance(point, str):
        yield point
    elif isinstance(point, dict):
        for key in ("all", "any", "not"):
            inner = point.get(key)
            for part in inner if isinstance(inner, list) else [inner]:
                yield from names_in(part)


def check_expectations(data: dict, labels: dict[str, list[str] | None], finding: Any) -> Iterable[Finding]:
    """Worked cases have ids of their own, name definitions of the file, and expect classes that these can give."""
    cases = data.get("cases")
    seen: set[str] = set()
    named: set[str] = set()
    for index, case in enumerate(cases if isinstance(cases, list) else []):
        if not isinstance(case, dict):
            continue
        if case.get("id") in seen:
            yield finding(("cases", index, "id"), f"the id {case['id']} stands twice in the file")
        seen.add(case.get("id"))
        expect = case.get("expect")
        for name, expected in (expect if isinstance(expect, dict) and labels else {}).items():
            path = ("cases", index, "expect", name)
            named.add(name)
            if name not in labels:
                close = difflib.get_close_matches(str(name), [label for label in labels if label], n=1)
                hint = f"; did you mean {close[0]}?" if close else ""
                yield finding(path, f"{name} is not a definition of this file{hint}")
                continue
            label = expected.get("class") if isinstance(expected, dict) else expected
            if isinstance(label, str) and labels[name] is not None and label not in (*labels[name], "NE"):
                yield finding(path, f"{name} gives no class but {', '.join((*labels[name], 'NE'))}")
    for index, definition in enumerate(data.get("definitions") if isinstance(data.get("definitions"), list) else []):
        identity = definition.get("id") if isinstance(definition, dict) else None
        if isinstance(cases, list) and isinstance(identity, str) and identity not in named:
            yield finding(("definitions", index, "id"), f"no worked case expects anything of {identity}")
