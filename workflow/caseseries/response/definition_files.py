"""Reading files of response definitions: every fault at once, names resolved, worked cases run."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from caseseries.model.config import load_files, shown_files
from caseseries.model.definition import Definition
from caseseries.model.findings import BadInput, Finding
from caseseries.model.worked_case import Case, CaseFile, DefinitionFile
from caseseries.model.yaml_file import read_yaml
from caseseries.response.cases import case_rows, disagreements, outcomes_of_cases
from caseseries.response.cross_check import Document, cross_check
from caseseries.response.faults import clause_finding

EDGES = "cases"
"""Folder beside the definition files with cases at the edges of their rules, each in a file of the same name."""

Parsed = TypeVar("Parsed", bound=BaseModel)


def load_definitions(folder: Path | Sequence[Path], wanted: Iterable[str] | str = "all") -> list[Definition]:
    """The definitions of a folder or of several, in the order of the files, or some of them in the order asked for.

    Raises
    ------
    BadInput : faulty files, ids used twice, ids that no file defines.
    """
    definitions, findings = [], []
    folders = [folder] if isinstance(folder, Path) else folder
    files = [file for one in folders for file in sorted(one.glob("*.yaml"))]
    if not files:
        raise BadInput([Finding(str(folders[0]), rule="the folder holds no definition file", example="iwg-2009.yaml")])
    owner: dict[str, str] = {}
    for file in files:
        try:
            found = load_file(file).definitions
        except BadInput as error:
            findings += error.findings
            continue
        for definition in found:
            if definition.id in owner:
                rule = f"the id {definition.id} is taken by {owner[definition.id]}"
                findings.append(Finding(file.name, column="definitions", rule=rule))
            owner[definition.id] = file.name
        definitions += found
    findings += [
        Finding(f"{EDGES}/{file.name}", rule="no definition file of this name stands beside the folder")
        for one in folders
        for file in sorted((one / EDGES).glob("*.yaml"))
        if not (one / file.name).exists()
    ]
    if findings:
        raise BadInput(findings)
    return definitions if wanted == "all" else choose(definitions, wanted)


def check_configured(definitions: list[Definition], files: list[Path]) -> None:
    """Raise `BadInput` where a configuration names definitions that are not there: in its list, as the main one, or
    in a pool.

    A configuration that cannot be read is passed over: `caseseries check` says why.
    """
    try:
        config, _ = load_files(files)
    except BadInput:
        return
    shown = shown_files(files)
    named = [] if config.definitions == "all" else [(name, "definitions") for name in config.definitions]
    named += [(name, "main_definition") for name in config.main_definition]
    named += [(pool.definition, f"pools.{pool.id}.definition") for pool in config.pools]
    findings = [
        replace(finding, file=shown, column=column, rule=f"{name}: {finding.rule}")
        for name, column in named
        for finding in unknown_ids(definitions, [name])
    ]
    if findings:
        raise BadInput(findings)


def unknown_ids(definitions: list[Definition], wanted: Iterable[str]) -> list[Finding]:
    """A finding for each id that no definition has."""
    known = [definition.id for definition in definitions]
    findings = []
    for name in wanted:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {close[0]}?" if close else "; `caseseries definitions` lists them"
            findings.append(Finding("definitions", column=name, rule=f"no such response definition{hint}"))
    return findings


def choose(definitions: list[Definition], wanted: Iterable[str]) -> list[Definition]:
    """The definitions with some ids, in the order asked for."""
    wanted = list(wanted)
    by_id = {definition.id: definition for definition in definitions}
    findings = unknown_ids(definitions, wanted)
    if findings:
        raise BadInput(findings)
    return [by_id[name] for name in dict.fromkeys(wanted)]


def load_file(path: Path) -> DefinitionFile:
    """Read one definition file, resolve the names of its predicates and run its worked cases.

    Cases at the edges of the rules may stand in a file of the same name in the folder `cases` beside it; they are
    checked with the file and follow its own cases.

    Raises
    ------
    BadInput : every fault of the two files, with its line; or every worked case that comes out otherwise than expected.
    """
    file = read_document(path, path.name)
    beside = path.parent / EDGES / path.name
    edges = read_document(beside, f"{EDGES}/{path.name}") if beside.exists() else None
    findings = set(cross_check(file, edges))
    names = list(file.data["predicates"]) if isinstance(file.data.get("predicates"), dict) else []
    parsed, faults = parse(DefinitionFile, file, names)
    more, more_faults = parse(CaseFile, edges, []) if edges else (None, set())
    findings |= faults | more_faults
    if findings or parsed is None:
        raise BadInput(findings)
    resolved = resolve_names(parsed)
    wrong = check_cases(resolved.cases, resolved.definitions, file)
    if edges and more:
        wrong += check_cases(more.cases, resolved.definitions, edges)
        resolved = resolved.model_copy(update={"cases": resolved.cases + more.cases})
    if wrong:
        raise BadInput(wrong)
    return resolved


def read_document(path: Path, shown: str) -> Document:
    """A YAML file of keys and values as written; `shown` names it in messages."""
    data, lines = read_yaml(path, shown)
    if not isinstance(data, dict):
        example = "cases: ..." if shown.startswith(f"{EDGES}/") else "source: ..."
        raise BadInput([Finding(shown, rule="the file must hold keys and values", example=example)])
    return Document(data, lines, shown)


def parse(model: type[Parsed], document: Document, names: list[str]) -> tuple[Parsed | None, set[Finding]]:
    """The model of a document, or every fault; `names` are those of its predicates."""
    try:
        return model.model_validate(document.data, context={"predicates": names}), set()
    except ValidationError as error:
        return None, {clause_finding(fault, document.lines, document.shown) for fault in error.errors()}


def resolve_names(file: DefinitionFile) -> DefinitionFile:
    """The same file with every name of a predicate replaced by the predicate, and each definition with its source and
    its condition.
    """
    named: dict[str, BaseModel] = {}
    for name, point in file.predicates.items():
        named[name] = _resolve(point, named, top=True)
    definitions = [
        _resolve(definition, named).model_copy(
            update={"source": definition.source or file.source, "condition": definition.condition or file.condition}
        )
        for definition in file.definitions
    ]
    return file.model_copy(update={"predicates": named, "definitions": definitions})


POINT_FIELDS = frozenset(
    {
        "some",
        "confirm",
        "at",
        "k_of",
        "frac_of",
        "consec",
        "sustain",
        "last_before",
        "count_of",
        "time_in",
        "of",
        "all",
        "any",
        "not_",
    }
)
"""Fields in which a predicate may be named."""


def _resolve(value: Any, named: dict[str, BaseModel], top: bool = False) -> Any:
    if isinstance(value, str):
        return named[value] if top else value
    if isinstance(value, list):
        return [_resolve(item, named, top) for item in value]
    if isinstance(value, BaseModel):
        changed = {
            field: _resolve(getattr(value, field), named, field in POINT_FIELDS) for field in type(value).model_fields
        }
        return value.model_copy(update=changed)
    return value


def check_cases(cases: list[Case], definitions: list[Definition], document: Document) -> list[Finding]:
    """Run the worked cases of a document; a finding for every expectation that does not come out."""
    findings = []
    for index, case in enumerate(cases):
        try:
            case_rows(case)
        except ValueError as error:
            findings.append(document.finding(("cases", index, "counts"), str(error), "[7, 45]"))
    if findings:
        return findings
    for definition in definitions:
        chosen = [(index, case) for index, case in enumerate(cases) if definition.id in case.expect]
        results = outcomes_of_cases(definition, [case for _, case in chosen])
        for (index, case), got in zip(chosen, results, strict=True):
            line = document.lines.get(("cases", index, "expect", definition.id), 0)
            for words in disagreements(definition, case.expect[definition.id], got):
                findings.append(Finding(document.shown, line=line, column=f"case {case.id}", rule=words))
    return findings


SCHEMAS: dict[str, tuple[type[BaseModel], str]] = {
    "definition": (DefinitionFile, "Response definitions of one source document"),
    "cases": (CaseFile, "Worked cases at the edges of response definitions"),
}
"""Model and title of each kind of file."""


def definition_schema(kind: str = "definition") -> str:
    """JSON schema of a definition file or of its edge cases, for editors that complete YAML."""
    model, title = SCHEMAS[kind]
    schema = model.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = title
    return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
