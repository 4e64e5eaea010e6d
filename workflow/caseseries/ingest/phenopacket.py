"""GA4GH Phenopackets v2 as rows: subjects, measurements and treatments, to be chosen by `where`.

One phenopacket, a list of them, or a cohort with members. The package phenopackets parses and checks them against the
schema; it is imported here only when a mapping asks for it.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from caseseries.ingest.exchange import (
    ALIVE,
    DECEASED,
    count_of,
    drop_nulls,
    flatten,
    missing_package,
    warn_of_deaths,
    warn_of_persons,
    years_of,
)
from caseseries.ingest.source import SourceTable
from caseseries.model.findings import Finding
from caseseries.model.mapping import Source

VITAL = {"DECEASED": DECEASED, "ALIVE": ALIVE, 1: ALIVE, 2: DECEASED}
OF_COURSE = "caseseries-course:"
"""How the names of measurements begin that say something of the whole course: our own export writes them."""

SEXES = {"FEMALE": "female", "MALE": "male", 1: "female", 2: "male"}


def read_phenopackets(text: str, source: Source, shown: str) -> tuple[SourceTable | None, list[Finding]]:
    """Rows with the headers of `exchange.HEADERS`; the line of a row is the place of its phenopacket, from 1."""
    try:
        from google.protobuf.json_format import ParseDict, ParseError
        from phenopackets import Phenopacket
    except ImportError:
        return None, [missing_package(shown, "phenopackets")]
    try:
        document = json.loads(text, object_pairs_hook=drop_nulls)
    except (ValueError, RecursionError):  # a number of thousands of digits is a ValueError of its own
        return None, [Finding(shown, rule="the file is no JSON that can be read")]
    if isinstance(document, dict):
        document = document.get("members", [document])
    if not isinstance(document, list):
        return None, [Finding(shown, rule="the file must hold a phenopacket, a list of them or a cohort with members")]
    packets, findings = [], []
    for place, packet in enumerate(document, 1):
        try:
            ParseDict(packet, Phenopacket())
            packets.append((place, write_keys(packet)))
        except (ParseError, TypeError, AttributeError, RecursionError):
            findings.append(Finding(shown, line=place, rule="the entry is no phenopacket of version 2"))
    if findings:
        return None, findings
    rows = [(place, row) for place, packet in packets for row in read_packet(packet)]
    doubts = doubt_packets([packet for _, packet in packets], shown)
    return flatten(rows, source, shown), [*doubts, *warn_of_deaths(shown, [row for _, row in rows])]


def write_keys(part: Any) -> Any:
    """A packet with its keys as JSON has them (`timeObserved`); protobuf takes `time_observed` as well.

    The packet is read as it was written, since protobuf moves every time stamp to Greenwich, where it may be another
    day.
    """
    if isinstance(part, list):
        return [write_keys(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {re.sub(r"_([a-z])", lambda at: at.group(1).upper(), key): write_keys(one) for key, one in part.items()}


def doubt_packets(packets: list[dict[str, Any]], shown: str) -> list[Finding]:
    """Warnings: further names of subjects, and measurements that are not dated by a day."""
    findings = []
    if any("alternateIds" in packet.get("subject", {}) for packet in packets):
        findings.append(warn_of_persons(shown, "further ids of persons"))
    measurements = [one for packet in packets for one in packet.get("measurements", [])]
    undated = sum("timeObserved" in one and not _day_of(one["timeObserved"]) for one in measurements)
    if undated:
        rule = f"measurements that give an age or a term for their time come in without a day: {undated}"
        findings.append(Finding(shown, column="timeObserved", rule=rule, severity="warning"))
    return findings


def read_packet(packet: dict[str, Any]) -> list[dict[str, str]]:
    """The subject, its diseases, each measurement, procedure and dose interval of one phenopacket.

    `id` is that of the packet, by which several of one subject are told apart.
    """
    subject = packet.get("subject", {})
    name = subject.get("id") or packet.get("id", "")
    rows = [read_subject(subject) | values_of_course(packet)]
    rows += [read_term("disease", one.get("term", {}), one.get("onset", {})) for one in packet.get("diseases", [])]
    rows += [read_measurement(one) for one in packet.get("measurements", []) if not _of_course(one)]
    for action in packet.get("medicalActions", []):
        if "procedure" in action:
            procedure = action["procedure"]
            rows.append(read_term("procedure", procedure.get("code", {}), procedure.get("performed", {})))
        intent = action.get("treatmentIntent", {}).get("label", "")
        rows += [row | {"intent": intent} for row in read_treatment(action.get("treatment", {}))]
    return [{"subject": name, "id": packet.get("id", "")} | row for row in rows]


def read_subject(subject: dict[str, Any]) -> dict[str, str]:
    """Sex, whether the subject lives, dates of birth and death, and when it was last seen, as a day or at which age."""
    vital = subject.get("vitalStatus", {})
    died = _day_of(vital.get("timeOfDeath", {}))
    return {
        "kind": "subject",
        "status": VITAL.get(vital.get("status"), DECEASED if died else ""),
        "age": _age_of(subject.get("timeAtLastEncounter", {})),
        "sex": SEXES.get(subject.get("sex"), ""),
        "birth_date": subject.get("dateOfBirth", ""),
        "death_date": died,
        "last_date": _day_of(subject.get("timeAtLastEncounter", {})) or died,
    }


def values_of_course(packet: dict[str, Any]) -> dict[str, str]:
    """What a packet says of the course as a whole: measurements named `caseseries-course:COLUMN`, as headers."""
    found = {}
    for one in packet.get("measurements", []):
        if _of_course(one):
            found[one["assay"]["id"].removeprefix(OF_COURSE)] = read_measurement(one)["value"]
    return found


def _of_course(measurement: dict[str, Any]) -> bool:
    return measurement.get("assay", {}).get("id", "").startswith(OF_COURSE)


def read_term(kind: str, term: dict[str, Any], time: dict[str, Any]) -> dict[str, str]:
    """A disease or a procedure with its code, and its day or the age at which it was."""
    day = _day_of(time)
    row = {"kind": kind, "code": term.get("id", ""), "label": term.get("label", ""), "date": day, "last_date": day}
    return row | {"age": _age_of(time)}


def read_measurement(measurement: dict[str, Any]) -> dict[str, str]:
    """One measured quantity, or the word in its place, such as <5."""
    given, assay = measurement.get("value", {}), measurement.get("assay", {})
    quantity = given.get("quantity")
    value, unit = _number(quantity), _unit(quantity, "id").rpartition(":")[2]
    value = value or given.get("ontologyClass", {}).get("label", "")
    day = _day_of(measurement.get("timeObserved", {}))
    return {"kind": "measurement", "code": assay.get("id", ""), "label": assay.get("label", ""), "date": day} | {
        "value": value,
        "unit": unit,
        "count": count_of(value, unit),
        "timepoint": measurement.get("description", ""),
    }


def read_treatment(treatment: dict[str, Any]) -> list[dict[str, str]]:
    """Each dose interval of a treatment."""
    agent = treatment.get("agent", {})
    head = {"kind": "treatment", "code": agent.get("id", ""), "label": agent.get("label", "")}
    head["drug"] = agent.get("label", "")
    return [
        head
        | {
            "date": given.get("interval", {}).get("start", ""),
            "last_date": given.get("interval", {}).get("end", ""),
            "dose": _number(given.get("quantity")),
            "dose_unit": _unit(given.get("quantity"), "label"),
        }
        for given in treatment.get("doseIntervals", [])
    ]


def _day_of(time: dict[str, Any]) -> str:
    return time.get("timestamp") or time.get("interval", {}).get("start", "")


def _age_of(time: dict[str, Any]) -> str:
    """The years of a time that is an age; of a range of ages its start."""
    age = time.get("age") or time.get("ageRange", {}).get("start", {})
    return years_of(age.get("iso8601duration", ""))


def _unit(quantity: dict[str, Any] | None, key: str) -> str:
    return (quantity or {}).get("unit", {}).get(key, "")


def _number(quantity: dict[str, Any] | None) -> str:
    """The value of a quantity that is there; protobuf leaves a value of 0 out."""
    return "" if quantity is None else f"{Decimal(str(quantity.get('value', 0))).normalize():f}"
