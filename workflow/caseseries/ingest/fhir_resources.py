"""The resources of FHIR that give rows: what was measured, given, ordered or done, of whom and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from caseseries.ingest.exchange import ALIVE, DECEASED, count_of
from caseseries.ingest.units import FACTORS, normalise

LOINC = "http://loinc.org"
Resource = dict[str, Any]
Medications = Mapping[str, Resource]
ISSUED = "results that say only when they were sent out have that day"
SEVERAL = "results of a period over several days, or with several times, have the first"


def read_resource(resource: Resource, medications: Medications) -> tuple[list[dict[str, str]], list[str]]:
    """Rows of a resource (its kind alone, where it is of none that is read), and doubts of its time."""
    kind = _text(resource.get("resourceType"))
    reader = READERS.get(kind)
    if reader is None:
        return [{"kind": kind, "subject": subject_of(resource)}], []
    meta = resource.get("meta", {})
    head = {"kind": kind, "subject": subject_of(resource), "id": _text(resource.get("id"))}
    head["version"] = _text(meta.get("versionId"))
    if kind == "Observation":
        rows, doubts = read_observation(resource)
    else:
        rows, doubts = [reader(resource, medications)], []
    return [head | row for row in rows], doubts


def read_observation(resource: Resource) -> tuple[list[dict[str, str]], list[str]]:
    """One measured quantity, and one for each component of a panel.

    At most and at least (`<=`, `>=`) stand in `count` as written: the contract has no closed bound and refuses them.
    """
    first, last, doubts = effective_time(resource)
    rows, parts = [], resource.get("component", [])
    for part in [resource, *parts] if "valueQuantity" in resource or not parts else parts:
        quantity = part.get("valueQuantity", {})
        number = quantity.get("value")
        value = _text(quantity.get("comparator")) + _number(number) if number is not None else ""
        unit = _text(quantity.get("code") or quantity.get("unit"))
        concept = part.get("code", {})
        count = count_of(value, unit) or count_of(value, _text(quantity.get("unit")))
        rows.append(
            {"code": codes_of(concept), "label": label_of(concept), "date": first, "last_date": last}
            | {"value": value, "unit": unit, "count": count}
        )
    return rows, doubts


def effective_time(resource: Resource) -> tuple[str, str, list[str]]:
    """First and last time of an Observation as written, and what is to be doubted of them."""
    moment = _text(resource.get("effectiveDateTime") or resource.get("effectiveInstant"))
    if moment:
        return moment, moment, []
    period = resource.get("effectivePeriod", {})
    timing = resource.get("effectiveTiming", {})
    events = sorted(_text(event) for event in timing.get("event", []))
    period = period or timing.get("repeat", {}).get("boundsPeriod", {})
    first = events[0] if events else _text(period.get("start") or period.get("end"))
    last = events[-1] if events else _text(period.get("end") or period.get("start"))
    if first:
        return first, last, [SEVERAL] if first[:10] != last[:10] else []
    issued = _text(resource.get("issued"))
    return issued, issued, [ISSUED] if issued else []


def read_patient(resource: Resource, medications: Medications) -> dict[str, str]:
    """Sex, and dates of birth and death, which become an age and a day."""
    gender = _text(resource.get("gender"))
    died = resource.get("deceasedBoolean")
    status = DECEASED if died or "deceasedDateTime" in resource else ALIVE if died is False else ""
    return {
        "status": status,
        "sex": gender if gender in ("female", "male") else "",
        "birth_date": _text(resource.get("birthDate")),
        "death_date": _text(resource.get("deceasedDateTime")),
    }


def read_administration(resource: Resource, medications: Medications) -> dict[str, str]:
    """One course or dose that was given, or is said to have been taken."""
    period = resource.get("effectivePeriod", {})
    first = resource.get("effectiveDateTime") or period.get("start")
    dosage = resource.get("dosage", {})
    dosage = dosage[0] if isinstance(dosage, list) and dosage else dosage or {}
    quantity: Resource = dosage.get("dose") or next(
        (one["doseQuantity"] for one in _doses(dosage) if "doseQuantity" in one), {}
    )
    return _medicine(resource, medications, quantity) | {
        "date": _text(first),
        "last_date": _text(period.get("end") or first),
    }


def read_request(resource: Resource, medications: Medications) -> dict[str, str]:
    """One order or dispensing: what was asked for, not what was given."""
    when = resource.get("authoredOn") or resource.get("whenHandedOver") or resource.get("whenPrepared")
    dosages = resource.get("dosageInstruction") or [{}]
    quantity: Resource = next((one["doseQuantity"] for one in _doses(dosages[0]) if "doseQuantity" in one), {})
    return _medicine(resource, medications, quantity) | {"date": _text(when), "last_date": _text(when)}


def read_event(resource: Resource, medications: Medications) -> dict[str, str]:
    """A procedure, a condition or an encounter, with its code and dates."""
    period: Resource = next(
        (resource[key] for key in ("performedPeriod", "onsetPeriod", "period") if key in resource), {}
    )
    keys = ("performedDateTime", "onsetDateTime", "occurrenceDateTime", "recordedDate")
    first = period.get("start") or next((resource[key] for key in keys if key in resource), "")
    concepts = resource.get("code") or resource.get("vaccineCode") or (resource.get("type") or [{}])
    concept = concepts[0] if isinstance(concepts, list) else concepts
    last = period.get("end") or resource.get("abatementDateTime") or first
    row = {"code": codes_of(concept), "label": label_of(concept), "date": _text(first), "last_date": _text(last)}
    return row | {"age": years_of_age(resource.get("onsetAge", {}))}


def years_of_age(age: Resource) -> str:
    """An Age of FHIR in years; "" where it is none, or in a unit that is none of time."""
    factor = FACTORS["years"].get(normalise(_text(age.get("code") or age.get("unit"))))
    number = age.get("value")
    return (
        ""
        if factor is None or number is None
        else f"{float(Decimal(str(number)) * factor):.2f}".rstrip("0").rstrip(".")
    )


READERS: dict[str, Callable[..., Any]] = {
    "Observation": read_observation,
    "MedicationAdministration": read_administration,
    "MedicationStatement": read_administration,
    "MedicationRequest": read_request,
    "MedicationDispense": read_request,
    "Patient": read_patient,
    "Procedure": read_event,
    "Condition": read_event,
    "Encounter": read_event,
    "Immunization": read_event,
}
MEASURED = ("Observation", "MedicationAdministration")
"""Resources that are validated before anything is read."""


def subject_of(resource: Resource) -> str:
    """The key of the person whom a resource is about, without what stands before it."""
    if resource.get("resourceType") == "Patient":
        return _text(resource.get("id"))
    about = resource.get("subject") or resource.get("patient") or {}
    return key_in(_text(about.get("reference") if isinstance(about, dict) else ""))


def key_in(reference: object) -> str:
    """What a reference or a fullUrl names, without its server, kind and version."""
    written = _text(reference).partition("/_history/")[0]
    return written.rpartition("/")[2].removeprefix("urn:uuid:").removeprefix("urn:oid:")


def codes_of(concept: Resource) -> str:
    """Every code of a concept, those of LOINC first; they are alternatives without an order."""
    codings = concept.get("coding") or []
    ordered = [one for one in codings if one.get("system") == LOINC] + [
        one for one in codings if one.get("system") != LOINC
    ]
    codes = (_text(one.get("code")).replace(" ", "") for one in ordered)
    return " ".join(dict.fromkeys(code for code in codes if code))


def label_of(concept: Resource) -> str:
    """The words of a concept."""
    displays = (one.get("display") for one in concept.get("coding") or [])
    return _text(concept.get("text") or next(filter(None, displays), ""))


def _medicine(resource: Resource, medications: Medications, quantity: Resource) -> dict[str, str]:
    concept = resource.get("medicationCodeableConcept") or {}
    reference = _text(resource.get("medicationReference", {}).get("reference"))
    if reference.startswith("#"):
        inside = [one for one in resource.get("contained", []) if one.get("id") == reference[1:]]
        concept = inside[0].get("code", {}) if inside else concept
    elif reference:
        concept = medications.get(reference, {}).get("code", {}) or {
            "text": _text(resource["medicationReference"].get("display"))
        }
    return {
        "code": codes_of(concept),
        "label": label_of(concept),
        "drug": label_of(concept),
        "dose": _number(quantity.get("value")),
        "dose_unit": _text(quantity.get("unit") or quantity.get("code")),
    }


def _doses(dosage: Resource) -> list[Resource]:
    return dosage.get("doseAndRate") or []


def _number(value: float | None) -> str:
    return "" if value is None else f"{Decimal(str(value)).normalize():f}"


def _text(value: object) -> str:
    return "" if value is None else str(value)
