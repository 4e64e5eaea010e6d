"""Reading a YAML file into a pydantic model with every fault named by line, key and a suggestion.

The YAML is composed once; the line of each key is kept by its path so that a fault that pydantic finds can be shown
where the reader wrote it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from caseseries.model.findings import BadInput, Finding
from caseseries.model.text import compose, runs_as_formula

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Model = TypeVar("Model", bound=BaseModel)
Path_ = tuple[str | int, ...]
MOST_NODES = 100_000
"""Values that a file may hold once every alias is written out: a few lines of nested aliases stand for billions."""
MOST_BYTES = 1_000_000
"""Size of a file."""
LONGEST_TEXT = 2_000
"""Letters of one value: a label or a sentence, not a document."""
DEEPEST = 100
"""Lists and keys inside each other."""
OF_RECORDS = ("levels", "values")
"""Keys whose own keys are values of the records: no message names these."""
MAPPING = "mapping"
"""The key of cohort.yaml under which stand the words of a source."""


def read_yaml(path: Path, shown: str, *, as_written: bool = False) -> tuple[Any, dict[Path_, int]]:
    """Read one YAML document.

    Parameters
    ----------
    path : file.
    shown : how the file is named in messages.
    as_written : numbers with a point become decimals with all that was written: 5.20 keeps its zero.

    Returns
    -------
    The document as plain data, and the line (from 1) of every key and item by its path.

    Raises
    ------
    BadInput : unreadable file, one that is too large or a link out of its folder, faulty YAML, a key given twice,
        nested or unfolded beyond all use.
    """
    if rule := unfit(path):
        raise BadInput([Finding(shown, rule=rule)])
    try:
        return parse_yaml(path.read_text(encoding="utf-8-sig"), shown, as_written=as_written)
    except FileNotFoundError:
        raise BadInput([Finding(shown, rule="the file is missing")]) from None
    except UnicodeDecodeError:
        raise BadInput([Finding(shown, rule="the file must be UTF-8 text")]) from None


def unfit(path: Path) -> str:
    """Why a file is not read as YAML before it is looked into; empty where it is."""
    if path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve()):
        return "the file must lie in its folder; links out of it are not read"
    if path.exists() and not path.is_file():
        return "there must be a file of text here"
    if path.exists() and path.stat().st_size > MOST_BYTES:
        return f"the file is larger than {MOST_BYTES // 1_000_000} MB; shorten it"
    return ""


def parse_yaml(text: str, shown: str, *, as_written: bool = False) -> tuple[Any, dict[Path_, int]]:
    """`read_yaml` for text at hand; letters are composed and blanks plain, so that words can be compared with cells."""
    text = compose(text)
    try:
        return _compose(text, _loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader), as_written), shown)
    except yaml.YAMLError:
        pass
    try:
        # The C library words its faults otherwise: the message is that of the plain loader, whatever is installed.
        return _compose(text, _loader(yaml.SafeLoader, as_written), shown)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not readable as YAML"
        line = mark.line + 1 if mark else 0
        quoted = '; a text that begins with > stands in quotes: p: ">0.05"' if any(b in problem for b in BLOCK) else ""
        raise BadInput([Finding(shown, line=line, rule=f"the YAML is faulty: {problem}{quoted}")]) from None


def _loader(kind: type, as_written: bool) -> type:
    if not as_written:
        return kind
    exact = type("Exact" + kind.__name__, (kind,), {})
    exact.add_constructor("tag:yaml.org,2002:float", _decimal)  # type: ignore[attr-defined]
    return exact


def _decimal(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal | float:
    try:
        return Decimal(node.value)
    except InvalidOperation:  # .inf, .nan, 1:30.5
        return float(loader.construct_yaml_float(node))


def _compose(text: str, kind: type, shown: str) -> tuple[Any, dict[Path_, int]]:
    _check_depth(text, kind, shown)
    loader = kind(text)
    try:
        node = loader.get_single_node()
        noted = _Noted(shown)
        if node is not None:
            noted.visit(node, ())
        if noted.findings:
            raise BadInput(noted.findings)
        return (_construct(loader, node, shown) if node is not None else None), noted.lines
    finally:
        loader.dispose()


def _construct(loader: yaml.SafeLoader, node: yaml.Node, shown: str) -> Any:
    """Plain data of a document; what looks like a number or a date and is none has a finding, with its line."""
    try:
        return loader.construct_document(node)
    except ValueError:
        loader.recursive_objects.clear()  # what it was at when it failed
        lines = [scalar.start_mark.line + 1 for scalar in _scalars(node) if not _constructs(loader, scalar)]
        rule = "a value looks like a number or a date and is none; put quotes around it if it is text"
        raise BadInput([Finding(shown, line=lines[0] if lines else 0, rule=rule)]) from None


def _scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _scalars(item)
    elif isinstance(node, yaml.MappingNode):
        for pair in node.value:
            for part in pair:
                yield from _scalars(part)


def _constructs(loader: yaml.SafeLoader, scalar: yaml.ScalarNode) -> bool:
    try:
        loader.construct_object(scalar)
    except ValueError:
        return False
    return True


def _check_depth(text: str, kind: type, shown: str) -> None:
    """Refuse a file nested so deeply that composing it would exhaust the stack."""
    depth = 0
    for event in yaml.parse(text, Loader=kind):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                rule = f"lists and keys must not stand more than {DEEPEST} deep inside each other"
                raise BadInput([Finding(shown, line=event.start_mark.line + 1, rule=rule)])
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


@dataclass
class _Noted:
    """Lines and faults of a composed document; an alias is visited wherever it stands."""

    shown: str
    lines: dict[Path_, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    nodes: int = 0

    def visit(self, node: yaml.Node, path: Path_, above: frozenset[int] = frozenset()) -> None:
        """Note a node and all below it; `above` are the nodes in which it stands."""
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        self.nodes += 1
        if self.nodes > MOST_NODES:
            rule = f"with its aliases (*name) written out the file holds more than {MOST_NODES} values; shorten it"
            raise BadInput([Finding(self.shown, rule=rule)])
        if id(node) in above:
            raise BadInput([Finding(self.shown, line=line, rule="the anchor stands inside itself")])
        above |= {id(node)}
        if isinstance(node, yaml.ScalarNode):
            self._check_text(node.value, line)
        elif isinstance(node, yaml.MappingNode):
            self._visit_keys(node, path, above)
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                self.lines[(*path, index)] = value.start_mark.line + 1
                self.visit(value, (*path, index), above)

    def _check_text(self, text: str, line: int) -> None:
        rule = ""
        if len(text) > LONGEST_TEXT:
            rule = f"a value is longer than {LONGEST_TEXT} letters; shorten it"
        elif not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
            rule = "a value holds half of a letter (a surrogate); write the letter itself"
        if rule:
            self.findings.append(Finding(self.shown, line=line, rule=rule))

    def _visit_keys(self, node: yaml.MappingNode, path: Path_, above: frozenset[int]) -> None:
        seen = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self.findings.append(Finding(self.shown, line=line, rule="a key must be a word"))
                continue
            name = key.value
            self._check_text(name, line)
            if name in seen:
                self.findings.append(Finding(self.shown, line=line, column=name, rule="the key stands twice"))
            seen.add(name)
            self.lines[(*path, name)] = line
            self.visit(value, (*path, name), above)


def load_model(model: type[Model], path: Path, shown: str | None = None, *, as_written: bool = False) -> Model:
    """Read a YAML file into `model`, or raise `BadInput` with every fault, its line and a suggestion."""
    shown = shown or path.name
    data, lines = read_yaml(path, shown, as_written=as_written)
    return check_model(model, data, lines, shown)


def check_model(model: type[Model], data: Any, lines: dict[Path_, int], shown: str) -> Model:
    """The model of data that `read_yaml` read, or `BadInput` with every fault."""
    if not isinstance(data, dict):
        raise BadInput([Finding(shown, rule="the file must hold keys and values", example="id: yu-2023")])
    run = [place_finding(path, lines, shown, RUN, "Responders") for path in texts_that_run(data)]
    try:
        found = model.model_validate(data)
    except ValidationError as error:
        raise BadInput([*run, *(fault_finding(fault, model, lines, shown) for fault in error.errors())]) from None
    if run:
        raise BadInput(run)
    return found


RUN = "the text begins with a sign that spreadsheets run as a formula (= + - @); begin it with a letter or a digit"


def texts_that_run(data: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Places of texts that would stand as formulas in a released table; what a mapping says of its source does not."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key == MAPPING and not path:
                continue
            if runs_as_formula(str(key)):
                yield path
            below = path if path and path[-1] in OF_RECORDS else (*path, key)
            yield from texts_that_run(value, below)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from texts_that_run(value, (*path, index))
    elif isinstance(data, str) and runs_as_formula(data):
        yield path


def fault_finding(fault: ErrorDetails, model: type[BaseModel], lines: dict[Path_, int], shown: str) -> Finding:
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


BLOCK = ("'>'", "indentation indicator")
"""Parts of the messages of a loader that met > where a value begins: to YAML it opens a block of text."""

PLAIN = {
    "missing": "the key is required",
    "bool_type": "the value must be true or false",
    "bool_parsing": "the value must be true or false",
    "decimal_parsing": "the value must be a number alone, with a decimal point: 33.3, not 33,3 or 33.3 %",
    "int_parsing": "the value must be a whole number",
}
"""Rules by pydantic's type of fault."""


def describe_fault(fault: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    """Rule and example in plain words for one pydantic fault."""
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "extra_forbidden":
        key = str(fault["loc"][-1])  # where it stands in the wrong place, it is no suggestion
        close = difflib.get_close_matches(key, [known for known in known_keys(model) if known != key], n=1)
        return "the key is unknown" + (f"; did you mean {close[0]}?" if close else ""), ""
    empty = kind.endswith("_type") and fault.get("input", ...) is None
    if kind in PLAIN or empty:
        return "this must be filled in" if empty else PLAIN[kind], ""
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
