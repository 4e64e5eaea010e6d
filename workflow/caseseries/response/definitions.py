"""Reading response definitions: every fault at once, names resolved, worked cases run; and the verb `definitions`."""

from __future__ import annotations

import argparse
import difflib
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from caseseries.model.config import add_configfile, configuration_files, load_files, shown_files
from caseseries.model.definition import BASIS_WORDS, Definition, DefinitionFile
from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import Layout
from caseseries.model.yaml_file import Path_, read_yaml
from caseseries.response.cases import case_rows, disagreements, outcomes_of_cases
from caseseries.response.cross_check import cross_check
from caseseries.response.faults import clause_finding


def load_definitions(folder: Path, wanted: Iterable[str] | str = "all") -> list[Definition]:
    """The definitions of a folder, in the order of its files, or some of them in the order asked for.

    Raises
    ------
    BadInput : faulty files, ids used twice, ids that no file defines.
    """
    definitions, findings = [], []
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise BadInput([Finding(str(folder), rule="the folder holds no definition file", example="iwg-2009.yaml")])
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
    if findings:
        raise BadInput(findings)
    return definitions if wanted == "all" else choose(definitions, wanted)


def check_configured(definitions: list[Definition], files: list[Path]) -> None:
    """Raise `BadInput` where a configuration names definitions that are not there, in its list or in a pool.

    A configuration that cannot be read is passed over: `caseseries check` says why.
    """
    try:
        config, _ = load_files(files)
    except BadInput:
        return
    shown = shown_files(files)
    named = [] if config.definitions == "all" else [(name, "definitions") for name in config.definitions]
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

    Raises
    ------
    BadInput : every fault of the file, with its line; or every worked case that comes out otherwise than expected.
    """
    data, lines = read_yaml(path, path.name)
    return build_file(data, lines, path.name)


def build_file(data: Any, lines: dict[Path_, int], shown: str) -> DefinitionFile:
    """`load_file` from a parsed document."""
    if not isinstance(data, dict):
        raise BadInput([Finding(shown, rule="the file must hold keys and values", example="source: ...")])
    findings = set(cross_check(data, lines, shown))
    parsed = None
    try:
        names = list(data["predicates"]) if isinstance(data.get("predicates"), dict) else []
        parsed = DefinitionFile.model_validate(data, context={"predicates": names})
    except ValidationError as error:
        findings |= {clause_finding(fault, lines, shown) for fault in error.errors()}
    if findings:
        raise BadInput(findings)
    resolved = resolve_names(parsed)
    wrong = check_cases(resolved, lines, shown)
    if wrong:
        raise BadInput(wrong)
    return resolved


def resolve_names(file: DefinitionFile) -> DefinitionFile:
    """The same file with every name of a predicate replaced by the predicate, and each definition with its source."""
    named: dict[str, BaseModel] = {}
    for name, point in file.predicates.items():
        named[name] = _resolve(point, named, top=True)
    definitions = [
        _resolve(definition, named).model_copy(update={"source": definition.source or file.source})
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


def check_cases(file: DefinitionFile, lines: dict[Path_, int], shown: str) -> list[Finding]:
    """Run the worked cases of a file; a finding for every expectation that does not come out."""
    findings = []
    for index, case in enumerate(file.cases):
        try:
            case_rows(case)
        except ValueError as error:
            line, column = lines.get(("cases", index, "counts"), 0), f"cases.{index}.counts"
            findings.append(Finding(shown, line=line, column=column, rule=str(error), example="[7, 45]"))
    if findings:
        return findings
    for definition in file.definitions:
        chosen = [(index, case) for index, case in enumerate(file.cases) if definition.id in case.expect]
        results = outcomes_of_cases(definition, [case for _, case in chosen])
        for (index, case), got in zip(chosen, results, strict=True):
            for words in disagreements(definition, case.expect[definition.id], got):
                line = lines.get(("cases", index, "expect", definition.id), 0)
                findings.append(Finding(shown, line=line, column=f"case {case.id}", rule=words))
    return findings


def bases(definition: Definition) -> list[tuple[str, str]]:
    """Every clause of a definition as (basis code, words), in the order in which they stand."""
    clauses = [
        *definition.admit,
        definition,
        *definition.classes,
        definition.measure,
        definition.ttr,
        definition.loss_cr,
        definition.loss_r,
    ]
    pairs = [item for clause in clauses if clause is not None and clause.basis for item in clause.basis.items()]
    if definition.source is not None and definition.source.doi_basis == "M":
        pairs.append(("M", f"the identifier of the source, doi:{definition.source.doi}"))
    return list(dict.fromkeys(pairs))


def cautions(definition: Definition) -> list[str]:
    """What must be shown beside every result of a definition: its unconfirmed clauses and those of our choice."""
    return [f"{BASIS_WORDS[code]}: {words}" for code, words in bases(definition) if code in "MC"]


def definition_schema() -> str:
    """JSON schema of a definition file, for editors that complete YAML."""
    schema = DefinitionFile.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Response definitions of one source document"
    return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries definitions`."""
    parser.epilog = "examples:\n  caseseries definitions\n  caseseries definitions show iwg2009_confirmed"
    parser.add_argument(
        "action",
        nargs="?",
        choices=("list", "show", "check", "write", "schema", "pages"),
        default="list",
        help="list them (also without any word); show one; check all, and those that the configuration names; check "
        "and write all to release/definitions.json; print the JSON schema of a definition file; write docs/definitions",
    )
    parser.add_argument("subject", nargs="?", help="show: id of a definition; pages: folder to write to")
    add_configfile(parser)


def run(arguments: argparse.Namespace, layout: Layout) -> int:
    """List the definitions, show one, check them, check and write all, print the schema, or write the pages."""
    from caseseries.response.catalogue import write_catalogue
    from caseseries.response.pages import show, write_pages

    if arguments.action == "check":
        definitions = load_definitions(layout.definitions)
        files = configuration_files(layout, arguments.configfile)
        if files:
            check_configured(definitions, files)
        print(f"{len(definitions)} definitions, every worked case as expected")
        return 0
    if arguments.action == "write":
        print(f"{len(write_catalogue(layout))} definitions, every worked case as expected")
        return 0
    if arguments.action == "schema":
        print(definition_schema(), end="")
        return 0
    if arguments.action == "pages":
        write_pages(layout.definitions, Path(arguments.subject or "docs/definitions"))
        return 0
    if arguments.action == "show":
        if not arguments.subject:
            raise BadInput([Finding("command line", column="show", rule="name a definition", example="plt50_any")])
        print(show(choose(load_definitions(layout.definitions), [arguments.subject])[0]))
        return 0
    for definition in load_definitions(layout.definitions):
        print(f"{definition.id:36} {definition.label}")
    return 0
