"""FHIR R4 bundles (or NDJSON) as rows, one for each resource or component, to be chosen by `where`.

The resources from which numbers come are validated by the package fhir.resources (its R4B models, which take R4 for
them), imported here only when a mapping asks for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from caseseries.ingest.exchange import drop_nulls, flatten, missing_package, warn_of_deaths, warn_of_persons
from caseseries.ingest.fhir_resources import MEASURED, READERS, key_in, read_resource
from caseseries.ingest.fhir_versions import choose_valid
from caseseries.ingest.source import SourceTable
from caseseries.model.findings import Finding
from caseseries.model.mapping import Source
from caseseries.words.lists import listing

if TYPE_CHECKING:
    from pydantic import BaseModel

PERSONS = ("Patient", "Person", "Practitioner", "RelatedPerson")
"""Resources that describe persons."""
NAMING = ("name", "address", "telecom", "identifier", "photo", "contact")
"""Parts of them that are never read."""


def read_bundle(text: str, source: Source, shown: str) -> tuple[SourceTable | None, list[Finding]]:
    """Rows of a bundle with the headers of `exchange.HEADERS`; the line of a row is its place in the bundle, from 1."""
    try:
        from fhir.resources.R4B.bundle import Bundle
    except ImportError:
        return None, [missing_package(shown, "fhir.resources")]
    try:
        bundle = parse_bundle(text)
    except (ValueError, RecursionError):  # a number of thousands of digits is a ValueError of its own
        return None, [Finding(shown, rule="the file is no JSON that can be read")]
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        example = '{"resourceType": "Bundle", ...}'
        rule = "the file must be one FHIR bundle, or lines of resources (NDJSON)"
        return None, [Finding(shown, rule=rule, example=example)]
    findings = check_bundle(bundle, Bundle, shown)
    return (None, findings) if findings else read_entries(bundle, source, shown)


def parse_bundle(text: str) -> Any:
    """The JSON of a bundle, or lines of resources put into one; raises what `json` raises."""
    try:
        document = json.loads(text, object_pairs_hook=drop_nulls)
    except json.JSONDecodeError:
        lines = [json.loads(line, object_pairs_hook=drop_nulls) for line in text.splitlines() if line.strip()]
        return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": line} for line in lines]}
    if isinstance(document, dict) and document.get("resourceType") in READERS:
        return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": document}]}
    return document


def check_bundle(bundle: dict[str, Any], model: type[BaseModel], shown: str) -> list[Finding]:
    """Places at which a bundle is not valid; resources that are not measured may be as they are.

    A key that the schema does not know is not named: it could be anything.
    """
    from pydantic import ValidationError

    entries = bundle.get("entry", [])
    if isinstance(entries, list):
        bundle = bundle | {"entry": [entry if is_checked(entry) else {} for entry in entries]}
    try:
        model.model_validate(bundle)
    except ValidationError as error:
        faults = error.errors()
        kept = [fault["loc"][:-1] if fault["type"] == "extra_forbidden" else fault["loc"] for fault in faults]
        places = {".".join(str(part) for part in place) for place in kept}
    except Exception:
        # The package fails in its own ways on values of a kind that it does not expect.
        places = {""}
    else:
        return []
    return [Finding(shown, column=place, rule="the bundle is not valid FHIR R4 here") for place in places]


def is_checked(entry: object) -> bool:
    """Whether the resource of an entry is one that is validated, or no resource at all."""
    if not isinstance(entry, dict) or not isinstance(entry.get("resource"), dict):
        return True
    kind = entry["resource"].get("resourceType")
    return not isinstance(kind, str) or kind in MEASURED


def read_entries(bundle: dict[str, Any], source: Source, shown: str) -> tuple[SourceTable, list[Finding]]:
    """Rows of a valid bundle; warnings where it is one page of several, or names persons."""
    entries = [
        (place, entry) for place, entry in enumerate(bundle.get("entry", []), 1) if isinstance(entry, dict) and entry
    ]
    valid, findings = choose_valid(entries, bundle.get("type") == "history", shown)
    resources = [entry.get("resource", {}) for _, entry in entries]
    named = sorted({kind_of(one) for one in resources if kind_of(one) in PERSONS and any(key in one for key in NAMING)})
    if named:
        findings.append(warn_of_persons(shown, f"names, addresses or numbers of persons ({listing(named)})"))
    if any(link.get("relation") == "next" for link in bundle.get("link", [])):
        rule = "the bundle is one page of several (it has a link to the next); is each of them a source of the mapping?"
        findings.append(Finding(shown, rule=rule, severity="warning"))
    medications = {
        str(key): one
        for _, entry in entries
        if kind_of(one := entry.get("resource", {})) == "Medication"
        for key in (entry.get("fullUrl"), f"Medication/{one.get('id')}")
    }
    people = name_people(entry for _, entry in entries)
    rows: list[tuple[int, dict[str, str]]] = []
    times: dict[str, int] = {}
    for place, entry in valid:
        try:
            made, doubts = read_resource(entry.get("resource", {}), medications)
        except (AttributeError, TypeError, KeyError, IndexError):
            findings.append(Finding(shown, line=place, rule="the resource is not valid FHIR R4"))
            continue
        rows += [(place, name_subject(row, entry, people)) for row in made]
        for doubt in doubts:
            times[doubt] = times.get(doubt, 0) + 1
    findings += [
        Finding(shown, column="date", rule=f"{doubt}: {number}", severity="warning")
        for doubt, number in sorted(times.items())
    ]
    return flatten(rows, source, shown), [*findings, *warn_of_deaths(shown, [row for _, row in rows])]


def name_people(entries: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Key by which a person's entry may be named (`fullUrl`) -> the person's own id.

    A reference names an entry by its fullUrl; the id of what is there may be another (FHIR R4, 2.36.4).
    """
    return {
        key_in(entry["fullUrl"]): str(person["id"])
        for entry in entries
        if kind_of(person := entry.get("resource", {})) == "Patient" and "fullUrl" in entry and "id" in person
    }


def name_subject(row: dict[str, str], entry: dict[str, Any], people: dict[str, str]) -> dict[str, str]:
    """A row with the id of its person, or what the entry of a person without one is called."""
    subject = row["subject"] or (key_in(entry.get("fullUrl", "")) if row["kind"] == "Patient" else "")
    return row | {"subject": people.get(subject, subject)}


def kind_of(resource: dict[str, Any]) -> str:
    """The type of a resource as text."""
    return str(resource.get("resourceType", ""))
