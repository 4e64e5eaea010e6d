"""FHIR R4 bundles as rows: one for each Observation and MedicationAdministration, to be chosen by `where`.

The bundle is validated by the package fhir.resources (its R4B models, which take R4 for these two resources), imported
here only when a mapping asks for it.
"""

from __future__ import annotations

import json
from typing import Any

from caseseries.ingest.exchange import count_of, flatten, missing_package
from caseseries.ingest.source import SourceTable
from caseseries.model.findings import Finding
from caseseries.model.mapping import Source

REFUSED = ("entered-in-error", "cancelled", "not-done", "unknown")
"""Statuses of resources that say that nothing was measured or given."""


def read_bundle(text: str, source: Source, shown: str) -> tuple[SourceTable | None, list[Finding]]:
    """Rows of a bundle with the headers of `exchange.HEADERS`; the line of a row is its place in the bundle, from 1."""
    try:
        from fhir.resources.R4B.bundle import Bundle
    except ImportError:
        return None, [missing_package(shown, "fhir.resources")]
    from pydantic import ValidationError

    try:
        bundle = json.loads(text)
        Bundle.model_validate(bundle)
    except (json.JSONDecodeError, RecursionError):
        return None, [Finding(shown, rule="the file is no JSON that can be read")]
    except ValidationError as error:
        places = {".".join(str(part) for part in fault["loc"]) for fault in error.errors()}
        return None, [Finding(shown, column=place, rule="the bundle is not valid FHIR R4 here") for place in places]
    rows = []
    for place, entry in enumerate(bundle.get("entry", []), 1):
        resource = entry.get("resource", {})
        read = READERS.get(resource.get("resourceType"))
        if read is not None and resource.get("status") not in REFUSED:
            rows.append((place, read(resource)))
    return flatten(rows, source, shown), []


def read_observation(resource: dict[str, Any]) -> dict[str, str]:
    """One measured quantity. At most and at least (`<=`, `>=`) give no count: the contract has no closed bound."""
    quantity = resource.get("valueQuantity", {})
    value = _text(quantity.get("comparator")) + _text(quantity.get("value"))
    unit = _text(quantity.get("code") or quantity.get("unit"))
    date = resource.get("effectiveDateTime") or resource.get("effectivePeriod", {}).get("start")
    return {"kind": "Observation", "subject": _reference(resource), "code": _code(resource.get("code", {})),
            "date": _text(date), "value": value, "unit": unit, "count": count_of(value, unit)}  # fmt: skip


def read_administration(resource: dict[str, Any]) -> dict[str, str]:
    """One course or dose that was given."""
    concept = resource.get("medicationCodeableConcept", {})
    period = resource.get("effectivePeriod", {})
    dose = resource.get("dosage", {}).get("dose", {})
    first = resource.get("effectiveDateTime") or period.get("start")
    coding = (concept.get("coding") or [{}])[0]
    return {"kind": "MedicationAdministration", "subject": _reference(resource), "code": _code(concept),
            "drug": _text(concept.get("text") or coding.get("display")), "date": _text(first),
            "last_date": _text(period.get("end") or first), "dose": _text(dose.get("value")),
            "dose_unit": _text(dose.get("code") or dose.get("unit"))}  # fmt: skip


READERS = {"Observation": read_observation, "MedicationAdministration": read_administration}


def _reference(resource: dict[str, Any]) -> str:
    return _text(resource.get("subject", {}).get("reference")).rpartition("/")[2]


def _code(concept: dict[str, Any]) -> str:
    return _text((concept.get("coding") or [{}])[0].get("code"))


def _text(value: object) -> str:
    return "" if value is None else str(value)
