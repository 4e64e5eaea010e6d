"""Reading a YAML file into a pydantic model with every fault named by line, key and a suggestion.

The YAML is composed once; the line of each key is kept by its path so that a fault that pydantic finds can be shown
where the reader wrote it.
"""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from caseseries.model.findings import BadInput, Finding

Model = TypeVar("Model", bound=BaseModel)
Path_ = tuple[str | int, ...]


def read_yaml(path: Path, shown: str) -> tuple[Any, dict[Path_, int]]:
    """Read one YAML document.

    Parameters
    ----------
    path : file.
    shown : how the file is named in messages.

    Returns
    -------
    The document as plain data, and the line (from 1) of every key and item by its path.

    Raises
    ------
    BadInput : unreadable file, faulty YAML, a key given twice.
    """
    try:
        return parse_yaml(path.read_text(encoding="utf-8-sig"), shown)
    except FileNotFoundError:
        raise BadInput([Finding(shown, rule="the file is missing")]) from None
    except UnicodeDecodeError:
        raise BadInput([Finding(shown, rule="the file must be UTF-8 text")]) from None


def parse_yaml(text: str, shown: str) -> tuple[Any, dict[Path_, int]]:
    """`read_yaml` for text at hand."""
    try:
        return _compose(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader), shown)
    except yaml.YAMLError:
        pass
    try:
        # The C library words its faults otherwise: the message is that of the plain loader, whatever is installed.
        return _compose(text, yaml.SafeLoader, shown)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not readable as YAML"
        line = mark.line + 1 if mark else 0
        raise BadInput([Finding(shown, line=line, rule=f"the YAML is faulty: {problem}")]) from None


def _compose(text: str, kind: type, shown: str) -> tuple[Any, dict[Path_, int]]:
    loader = kind(text)
    try:
        node = loader.get_single_node()
        lines: dict[Path_, int] = {}
        findings: list[Finding] = []
        if node is not None:
            _note_lines(node, (), lines, findings, shown)
        if findings:
            raise BadInput(findings)
        return (loader.construct_document(node) if node is not None else None), lines
    finally:
        loader.dispose()


def _note_lines(
    node: yaml.Node, path: Path_, lines: dict[Path_, int], findings: list[Finding], shown: str,
    above: frozenset[int] = frozenset(),
) -> None:  # fmt: skip
    lines.setdefault(path, node.start_mark.line + 1)
    if id(node) in above:
        rule = "the anchor stands inside itself"
        raise BadInput([Finding(shown, line=node.start_mark.line + 1, rule=rule)])
    above |= {id(node)}
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                findings.append(Finding(shown, line=key.start_mark.line + 1, rule="a key must be a word"))
                continue
            name = key.value
            if name in seen:
                findings.append(Finding(shown, line=key.start_mark.line + 1, column=name, rule="the key stands twice"))
            seen.add(name)
            lines[(*path, name)] = key.start_mark.line + 1
            _note_lines(value, (*path, name), lines, findings, shown, above)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines[(*path, index)] = value.start_mark.line + 1
            _note_lines(value, (*path, index), lines, findings, shown, above)


def load_model(model: type[Model], path: Path, shown: str | None = None) -> Model:
    """Read a YAML file into `model`, or raise `BadInput` with every fault, its line and a suggestion."""
    shown = shown or path.name
    data, lines = read_yaml(path, shown)
    return check_model(model, data, lines, shown)


def check_model(model: type[Model], data: Any, lines: dict[Path_, int], shown: str) -> Model:
    """The model of data that `read_yaml` read, or `BadInput` with every fault."""
    if not isinstance(data, dict):
        raise BadInput([Finding(shown, rule="the file must hold keys and values", example="id: yu-2023")])
    try:
        return model.model_validate(data)
    except ValidationError as error:
        findings = [fault_finding(fault, model, lines, shown) for fault in error.errors()]
        raise BadInput(findings) from None


def fault_finding(fault: dict[str, Any], model: type[BaseModel], lines: dict[Path_, int], shown: str) -> Finding:
    """The finding for one pydantic fault."""
    rule, example = describe_fault(fault, model)
    return place_finding(_written_path(fault["loc"], lines), lines, shown, rule, example)


def place_finding(path: Path_, lines: dict[Path_, int], shown: str, rule: str, example: str = "") -> Finding:
    """A finding about the key or item at a path; its line is that of the nearest part that is written."""
    part = path
    while part and part not in lines:
        part = part[:-1]
    column = ".".join(str(name) for name in path)
    return Finding(shown, line=lines.get(part, 0), column=column, rule=rule, example=example)


def _written_path(loc: Path_, lines: dict[Path_, int]) -> Path_:
    """The part of pydantic's location that stands in the file: names of union members are left out."""
    path: Path_ = ()
    for part in loc:
        if (*path, part) in lines:
            path = (*path, part)
    last = loc[-1] if loc else ""
    if loc and isinstance(last, str) and path != loc and (not path or path[-1] != last):
        path = (*path, last) if last.isidentifier() else path
    return path


def describe_fault(fault: dict[str, Any], model: type[BaseModel]) -> tuple[str, str]:
    """Rule and example in plain words for one pydantic fault."""
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "extra_forbidden":
        close = difflib.get_close_matches(str(fault["loc"][-1]), known_keys(model), n=1, cutoff=0.6)
        return "the key is unknown" + (f"; did you mean {close[0]}?" if close else ""), ""
    if kind == "missing":
        return "the key is required", ""
    if kind in ("literal_error", "enum"):
        return f"the value must be one of {context['expected']}", ""
    if kind == "value_error":
        return str(context["error"]), ""
    if kind == "too_short":
        least = context["min_length"]
        return f"the list must hold at least {least} {'item' if least == 1 else 'items'}", ""
    message = fault["msg"].replace("Input should be", "the value must be").replace("String should", "the text must")
    return message[0].lower() + message[1:], ""


def known_keys(model: type[BaseModel]) -> list[str]:
    """Every key that the model and the models inside it know, for suggestions."""
    keys: set[str] = set()
    for definition in [schema := model.model_json_schema(), *schema.get("$defs", {}).values()]:
        keys.update(definition.get("properties", {}))
    return sorted(keys)
