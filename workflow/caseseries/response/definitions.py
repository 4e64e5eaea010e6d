"""The verb `definitions`: list, show, check and write the response definitions, their schema and their pages."""

from __future__ import annotations

import argparse
from pathlib import Path

from caseseries.model.config import add_configfile, configuration_files
from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import Layout
from caseseries.response.catalogue import write_catalogue
from caseseries.response.definition_files import SCHEMAS, check_configured, choose, definition_schema, load_definitions
from caseseries.response.pages import show, write_pages
from caseseries.words.lists import listing


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
    parser.add_argument(
        "subject", nargs="?", help="show: id of a definition; pages: folder; schema: cases for that of edge cases"
    )
    add_configfile(parser)


def run(arguments: argparse.Namespace, layout: Layout) -> int:
    """List the definitions, show one, check them, check and write all, print the schema, or write the pages."""
    if arguments.action == "check":
        definitions = load_definitions(layout.definition_folders)
        files = configuration_files(layout, arguments.configfile)
        if files:
            check_configured(definitions, files)
        print(f"{len(definitions)} definitions, every worked case as expected")
        return 0
    if arguments.action == "write":
        print(f"{len(write_catalogue(layout))} definitions, every worked case as expected")
        return 0
    if arguments.action == "schema":
        kind = arguments.subject or "definition"
        if kind not in SCHEMAS:
            rule = "there is a schema of the definition files and one of their edge cases"
            raise BadInput([Finding("command line", column="schema", rule=rule, example=listing(SCHEMAS, "or"))])
        print(definition_schema(kind), end="")
        return 0
    if arguments.action == "pages":
        write_pages(layout.definitions, Path(arguments.subject or "docs/definitions"))
        return 0
    if arguments.action == "show":
        if not arguments.subject:
            raise BadInput([Finding("command line", column="show", rule="name a definition", example="plt50_any")])
        print(show(choose(load_definitions(layout.definition_folders), [arguments.subject])[0]))
        return 0
    for definition in load_definitions(layout.definition_folders):
        print(f"{definition.id:36} {definition.label}")
    return 0
