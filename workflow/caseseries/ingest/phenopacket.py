"""GA4GH Phenopackets v2 as rows: subjects, measurements and treatments, to be chosen by `where`.

One phenopacket, a list of them, or a cohort with members. The package phenopackets parses and checks them against the
schema; it is imported here only when a mapping asks for it.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from caseseries.ingest.exchange import count_of, drop_nulls, flatten, missing_package, warn_of_persons
from caseseries.ingest.source import SourceTable
from caseseries.model.findings import Finding
from caseseries.model.mapping import Source

SEXES = {"FEMALE": "female", "MALE": "male"}


def read_phenopackets(text: str, source: Source, shown: str) -> tuple[SourceTable | None, list[Finding]]:
    """Rows with the headers of `exchange.HEADERS`; the line of a row is the place of its phenopacket, from 1."""
    try:
        from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
        from phenopackets import Phenopacket
    except ImportError:
        return None, [missing_package(shown, "phenopackets")]
    try:
        document = json.loads(text, object_pairs_hook=drop_nulls)
    except (json.JSONDecodeError, RecursionError):
        return None, [Finding(shown, rule="the file is no JSON that can be read")]
    if isinstance(document, dict):
        document = document.get("members", [document])
    if not isinstance(document, list):
        return None, [Finding(shown, rule="the file must hold a phenopacket, a list of them or a cohort with members")]
    packets, findings = [], []
    for place, packet in enumerate(document, 1):
        try:
            packets.append((place, MessageToDict(ParseDict(packet, Phenopacket()))))
        except (ParseError, TypeError, AttributeError, RecursionError):
            findings.append(Finding(shown, line=place, rule="the entry is no phenopacket of version 2"))
    if findings:
        return None, findings
    rows = [(place, row) for place, packet in packets for row in read_packet(packet)]
    return flatten(rows, source, shown), doubt_packets([packet for _, packet in packets], shown)


def doubt_packets(packets: list[dict[str, Any]], shown: str) -> list[Finding]:
    """Warnings: dates of birth and further names of subjects, and measurements that are not dated by a day."""
    findings = []
    subjects = [packet.get("subject", {}) for packet in packets]
    kinds = {"dateOfBirth": "dates of birth", "alternateIds": "further ids of persons"}
    held = [words for key, words in kinds.items() if any(key in subject for subject in subjects)]
    if held:
        findings.append(warn_of_persons(shown, " and ".join(held)))
    measurements = [one for packet in packets for one in packet.get("measurements", [])]
    undated = sum("timeObserved" in one and not _day_of(one["timeObserved"]) for one in measurements)
    if undated:
        rule = f"measurements that give an age or a term for their time come in without a day: {undated}"
        findings.append(Finding(shown, column="timeObserved", rule=rule, severity="warning"))
    return findings


def read_packet(packet: dict[str, Any]) -> list[dict[str, str]]:
    """The subject, each measurement and each dose interval of one phenopacket."""
    subject = packet.get("subject", {})
    name = subject.get("id") or packet.get("id", "")
    rows = [{"kind": "subject", "subject": name, "sex": SEXES.get(subject.get("sex"), "")}]
    for measurement in packet.get("measurements", []):
        quantity = measurement.get("value", {}).get("quantity")
        value, unit = _number(quantity), _unit(quantity, "id").rpartition(":")[2]
        rows.append(
            {
                "kind": "measurement",
                "subject": name,
                "code": measurement.get("assay", {}).get("id", ""),
                "date": _day_of(measurement.get("timeObserved", {})),
                "value": value,
                "unit": unit,
                "count": count_of(value, unit),
            }
        )
    for action in packet.get("medicalActions", []):
        treatment = action.get("treatment", {})
        for given in treatment.get("doseIntervals", []):
            quantity, interval = given.get("quantity"), given.get("interval", {})
            rows.append(
                {
                    "kind": "treatment",
                    "subject": name,
                    "code": treatment.get("agent", {}).get("id", ""),
                    "drug": treatment.get("agent", {}).get("label", ""),
                    "date": interval.get("start", ""),
                    "last_date": interval.get("end", ""),
                    "dose": _number(quantity),
                    "dose_unit": _unit(quantity, "label"),
                }
            )
    return rows


def _day_of(time: dict[str, Any]) -> str:
    return time.get("timestamp") or time.get("interval", {}).get("start", "")


def _unit(quantity: dict[str, Any] | None, key: str) -> str:
    return (quantity or {}).get("unit", {}).get(key, "")


def _number(quantity: dict[str, Any] | None) -> str:
    """The value of a quantity that is there; protobuf leaves a value of 0 out."""
    return "" if quantity is None else f"{Decimal(str(quantity.get('value', 0))).normalize():f}"
