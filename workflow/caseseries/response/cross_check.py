"""Faults between the parts of a definition file: what one part refers to must be there. Works on data as written, so
that these faults are named together with those that the models find.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from caseseries.model.analytes import PLATELETS
from caseseries.model.findings import Finding
from caseseries.model.yaml_file import Path_, place_finding


@dataclass(frozen=True)
class Document:
    """A YAML document as written, the line of each of its parts, and how the file is named in messages."""

    data: dict
    lines: dict[Path_, int]
    shown: str

    def finding(self, path: Path_, rule: str, example: str = "") -> Finding:
        """What is wrong with a part of the document."""
        return place_finding(path, self.lines, self.shown, rule, example)

    def cases(self) -> list[tuple[int, dict]]:
        """Worked cases with their place, as far as they can be read."""
        cases = self.data.get("cases")
        return [pair for pair in enumerate(cases if isinstance(cases, list) else []) if isinstance(pair[1], dict)]


def cross_check(file: Document, edges: Document | None) -> Iterable[Finding]:
    """Faults between the parts of a definition file and its edge cases. Works on what can be read."""
    data, finding = file.data, file.finding
    definitions = data.get("definitions")
    definitions = definitions if isinstance(definitions, list) else []
    labels: dict[str, list[str] | None] = {}
    for index, definition in enumerate(definitions):
        if not isinstance(definition, dict):
            continue
        path = ("definitions", index)
        identity = str(definition.get("id"))
        if identity in labels:
            yield finding((*path, "id"), f"the id {identity} stands twice in the file")
        labels[identity] = written_labels(definition)
        for rule in check_definition(definition):
            yield finding((*path, *rule[0]), *rule[1:])
    yield from check_names(data, finding)
    documents = [file] if edges is None else [file, edges]
    yield from check_expectations(documents, labels)
    if isinstance(data.get("cases"), list):
        yield from check_each_has_a_case(file, documents)


def written_labels(definition: dict) -> list[str] | None:
    """Class labels that a definition gives, as written; None where they cannot all be read."""
    if definition.get("reported") is True:
        return ["CR", "R", "responded", "NR"]
    if "measure" in definition:
        return []
    classes = definition.get("classes")
    rules = [rule for rule in classes if isinstance(rule, dict)] if isinstance(classes, list) else []
    labels = [*(rule.get("label") for rule in rules), definition.get("else")]
    texts = [label for label in labels if isinstance(label, str)]
    return texts if rules and len(texts) == len(labels) else None


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
    analyte = definition.get("analyte", PLATELETS)
    if analyte == PLATELETS and "transfusion" in kinds_in(definition):
        yield (), "of platelets the kind is called platelet_transfusion; transfusion is for other analytes"
    if uses_weeks(definition) and "week_origin" not in definition:
        yield ("week_origin",), "the key is required with weeks: the number of the week of day 0", "week_origin: 0"


def kinds_in(node: Any, holder: str = "") -> set[str]:
    """Kinds of events that a written definition names."""
    if isinstance(node, dict):
        return {kind for key, part in node.items() for kind in kinds_in(part, key)}
    if isinstance(node, list):
        return {kind for part in node for kind in kinds_in(part, holder)}
    return {node} if holder in ("after", "none", "cut_at", "start", "event") and isinstance(node, str) else set()


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


def check_expectations(documents: list[Document], labels: dict[str, list[str] | None]) -> Iterable[Finding]:
    """Worked cases have ids of their own, name definitions of the file, and expect classes that these can give."""
    seen: set[Any] = set()
    for document in documents:
        for index, case in document.cases():
            if case.get("id") in seen:
                where = "in the file" if len(documents) == 1 else "in the file and its edge cases"
                yield document.finding(("cases", index, "id"), f"the id {case['id']} stands twice {where}")
            seen.add(case.get("id"))
            for name, expected in expectations(case).items() if labels else ():
                rule = check_expectation(name, expected, labels)
                if rule:
                    yield document.finding(("cases", index, "expect", name), rule)


def expectations(case: dict) -> dict[str, Any]:
    """What a written case expects of which definition, as far as it can be read."""
    expect = case.get("expect")
    return expect if isinstance(expect, dict) else {}


def check_expectation(name: str, expected: Any, labels: dict[str, list[str] | None]) -> str | None:
    """What is wrong with one expectation."""
    if name not in labels:
        close = difflib.get_close_matches(str(name), [label for label in labels if label], n=1)
        return f"{name} is not a definition of this file" + (f"; did you mean {close[0]}?" if close else "")
    label = expected.get("class") if isinstance(expected, dict) else expected
    given = labels[name]
    if isinstance(label, str) and given is not None and label not in (*given, "NE"):
        return f"{name} gives no class but {', '.join((*given, 'NE'))}"
    return None


def check_each_has_a_case(file: Document, documents: list[Document]) -> Iterable[Finding]:
    """Of every definition a worked case expects something."""
    named = {name for document in documents for _, case in document.cases() for name in expectations(case)}
    definitions = file.data.get("definitions")
    for index, definition in enumerate(definitions if isinstance(definitions, list) else []):
        identity = definition.get("id") if isinstance(definition, dict) else None
        if isinstance(identity, str) and identity not in named:
            yield file.finding(("definitions", index, "id"), f"no worked case expects anything of {identity}")
