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
        text = path.read_text(encoding="utf-8-sig")
        loader = yaml.SafeLoader(text)
        try:
            node = loader.get_single_node()
            lines: dict[Path_, int] = {}
            findings: list[Finding] = []
            if node is not None:
                _note_lines(node, (), lines, findings, shown)
            data = loader.construct_document(node) if node is not None else None
        finally:
            loader.dispose()
    except FileNotFoundError:
        raise BadInput([Finding(shown, rule="the file is missing")]) from None
    except UnicodeDecodeError:
        raise BadInput([Finding(shown, rule="the file must be UTF-8 text")]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not readable as YAML"
        line = mark.line + 1 if mark else 0
        raise BadInput([Finding(shown, line=line, rule=f"the YAML is faulty: {problem}")]) from None
    if findings:
        raise BadInput(findings)
    return data, lines


def _note_lines(node: yaml.Node, path: Path_, lines: dict[Path_, int], findings: list[Finding], shown: str) -> None:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            name = key.value
            if name in seen:
                findings.append(Finding(shown, line=key.start_mark.line + 1, column=name, rule="the key stands twice"))
            seen.add(name)
            lines[(*path, name)] = key.start_mark.line + 1
            _note_lines(value, (*path, name), lines, findings, shown)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines[(*path, index)] = value.start_mark.line + 1
            _note_lines(value, (*path, index), lines, findings, shown)


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
        findings = [_finding(fault, model, lines, shown) for fault in error.errors()]
        raise BadInput(findings) from None


def _finding(fault: dict[str, Any], model: type[BaseModel], lines: dict[Path_, int], shown: str) -> Finding:
    path = _written_path(fault["loc"], lines)
    key = ".".join(str(part) for part in path)
    line = lines.get(path, lines.get(path[:-1], 0))
    rule, example = describe_fault(fault, model)
    return Finding(shown, line=line, column=key, rule=rule, example=example)


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
    message = fault["msg"]
    return "the value is not right: " + message[0].lower() + message[1:], ""


def known_keys(model: type[BaseModel]) -> list[str]:
    """Every key that the model and the models inside it know, for suggestions."""
    keys: set[str] = set()
    for definition in [schema := model.model_json_schema(), *schema.get("$defs", {}).values()]:
        keys.update(definition.get("properties", {}))
    return sorted(keys)
