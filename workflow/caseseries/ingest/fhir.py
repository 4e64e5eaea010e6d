"""FHIR R4 bundles as rows: one for each Observation and MedicationAdministration, to be chosen by `where`.

The bundle is validated by the package fhir.resources (its R4B models, which take R4 for these two resources), imported
here only when a mapping asks for it.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from caseseries.ingest.exchange import count_of, drop_nulls, flatten, missing_package, warn_of_persons
from caseseries.ingest.source import SourceTable
from caseseries.model.findings import Finding
from caseseries.model.mapping import Source

LOINC = "http://loinc.org"
PERSONS = ("Patient", "Person", "Practitioner", "RelatedPerson")
"""Resources that describe persons by name, address and date of birth."""

REFUSED = ("entered-in-error", "cancelled", "not-done", "unknown")
"""Statuses of resources that say that nothing was measured or given."""


def read_bundle(text: str, source: Source, shown: str) -> tuple[SourceTable | None, list[Finding]]:
    """Rows of a bundle with the headers of `exchange.HEADERS`; the line of a row is its place in the bundle, from 1."""
    try:
        from fhir.resources.R4B.bundle import Bundle
    except ImportError:
        return None, [missing_package(shown, "fhir.resources")]
    try:
        bundle = json.loads(text, object_pairs_hook=drop_nulls)
    except (json.JSONDecodeError, RecursionError):
        rule = "the file is no JSON that can be read; lines of NDJSON must be put into one bundle"
        return None, [Finding(shown, rule=rule)]
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        example = '{"resourceType": "Bundle", ...}'
        return None, [Finding(shown, rule="the file must be one FHIR bundle", example=example)]
    findings = check_bundle(bundle, Bundle, shown)
    return (None, findings) if findings else read_entries(bundle, source, shown)


def check_bundle(bundle: dict[str, Any], model: type, shown: str) -> list[Finding]:
    """Places at which a bundle is not valid; resources that are not read may be as they are.

    A key that the schema does not know is not named: it could be anything.
    """
    from pydantic import ValidationError

    entries = bundle.get("entry", [])
    if isinstance(entries, list):
        bundle = bundle | {"entry": [entry if is_read(entry) else {} for entry in entries]}
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


def is_read(entry: object) -> bool:
    """Whether the resource of an entry is one that gives rows, or no resource at all."""
    if not isinstance(entry, dict) or not isinstance(entry.get("resource"), dict):
        return True
    kind = entry["resource"].get("resourceType")
    return not isinstance(kind, str) or kind in READERS


def read_entries(bundle: dict[str, Any], source: Source, shown: str) -> tuple[SourceTable, list[Finding]]:
    """Rows of a valid bundle; warnings where it is one page of several, or describes persons."""
    rows, persons = [], set()
    for place, entry in enumerate(bundle.get("entry", []), 1):
        resource = entry.get("resource", {})
        kind = resource.get("resourceType")
        if kind in READERS and resource.get("status") not in REFUSED:
            rows += [(place, row) for row in READERS[kind](resource)]
        persons |= {kind} & set(PERSONS)
    findings = [warn_of_persons(shown, " and ".join(sorted(persons)) + " resources")] if persons else []
    if any(link.get("relation") == "next" for link in bundle.get("link", [])):
        rule = "the bundle is one page of several (it has a link to the next); is each of them a source of the mapping?"
        findings.append(Finding(shown, rule=rule, severity="warning"))
    return flatten(rows, source, shown), findings


def read_observation(resource: dict[str, Any]) -> list[dict[str, str]]:
    """One measured quantity, and one for each component of a panel.

    At most and at least (`<=`, `>=`) stand in `count` as written: the contract has no closed bound and refuses them.
    """
    date = resource.get("effectiveDateTime") or resource.get("effectiveInstant")
    date = date or resource.get("effectivePeriod", {}).get("start")
    rows, parts = [], resource.get("component", [])
    for part in [resource, *parts] if "valueQuantity" in resource or not parts else parts:
        quantity = part.get("valueQuantity", {})
        number = quantity.get("value")
        value = _text(quantity.get("comparator")) + _number(number) if number is not None else ""
        unit = _text(quantity.get("code") or quantity.get("unit"))
        rows.append(
            {
                "kind": "Observation",
                "subject": _reference(resource),
                "code": _code(part.get("code", {})),
                "date": _text(date),
                "value": value,
                "unit": unit,
                "count": count_of(value, unit),
            }
        )
    return rows


def read_administration(resource: dict[str, Any]) -> list[dict[str, str]]:
    """One course or dose that was given."""
    concept = resource.get("medicationCodeableConcept", {})
    period = resource.get("effectivePeriod", {})
    dose = resource.get("dosage", {}).get("dose", {})
    first = resource.get("effectiveDateTime") or period.get("start")
    coding = (concept.get("coding") or [{}])[0]
    return [
        {
            "kind": "MedicationAdministration",
            "subject": _reference(resource),
            "code": _code(concept),
            "drug": _text(concept.get("text") or coding.get("display")),
            "date": _text(first),
            "last_date": _text(period.get("end") or first),
            "dose": _number(dose.get("value")),
            "dose_unit": _text(dose.get("unit") or dose.get("code")),
        }
    ]


READERS = {"Observation": read_observation, "MedicationAdministration": read_administration}


def _reference(resource: dict[str, Any]) -> str:
    written = _text(resource.get("subject", {}).get("reference")).partition("/_history/")[0]
    return written.rpartition("/")[2]


def _code(concept: dict[str, Any]) -> str:
    """The LOINC code of a concept, else its first code."""
    codings = concept.get("coding") or [{}]
    return _text(next((one for one in codings if one.get("system") == LOINC), codings[0]).get("code"))


def _number(value: float | None) -> str:
    return "" if value is None else f"{Decimal(str(value)).normalize():f}"


def _text(value: object) -> str:
    return "" if value is None else str(value)
