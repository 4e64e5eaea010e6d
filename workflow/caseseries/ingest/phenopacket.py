"""GA4GH Phenopackets v2 as rows: subjects, measurements and treatments, to be chosen by `where`.

One phenopacket, a list of them, or a cohort with members. The package phenopackets parses and checks them against the
schema; it is imported here only when a mapping asks for it.
"""

from __future__ import annotations

import json
from typing import Any

from caseseries.ingest.exchange import count_of, flatten, missing_package
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
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return None, [Finding(shown, rule="the file is no JSON that can be read")]
    if isinstance(document, dict):
        document = document.get("members", [document])
    rows, findings = [], []
    for place, packet in enumerate(document, 1):
        try:
            plain = MessageToDict(ParseDict(packet, Phenopacket()))
        except (ParseError, TypeError, AttributeError):
            findings.append(Finding(shown, line=place, rule="the entry is no phenopacket of version 2"))
            continue
        rows += [(place, row) for row in read_packet(plain)]
    return (None if findings else flatten(rows, source, shown)), findings


def read_packet(packet: dict[str, Any]) -> list[dict[str, str]]:
    """The subject, each measurement and each dose interval of one phenopacket."""
    subject = packet.get("subject", {})
    name = subject.get("id") or packet.get("id", "")
    rows = [{"kind": "subject", "subject": name, "sex": SEXES.get(subject.get("sex"), "")}]
    for measurement in packet.get("measurements", []):
        quantity = measurement.get("value", {}).get("quantity", {})
        value, unit = _number(quantity.get("value")), quantity.get("unit", {}).get("id", "").partition(":")[2]
        rows.append({"kind": "measurement", "subject": name, "code": measurement.get("assay", {}).get("id", ""),
                     "date": measurement.get("timeObserved", {}).get("timestamp", ""), "value": value, "unit": unit,
                     "count": count_of(value, unit)})  # fmt: skip
    for action in packet.get("medicalActions", []):
        treatment = action.get("treatment", {})
        for given in treatment.get("doseIntervals", []):
            quantity, interval = given.get("quantity", {}), given.get("interval", {})
            rows.append({"kind": "treatment", "subject": name, "code": treatment.get("agent", {}).get("id", ""),
                         "drug": treatment.get("agent", {}).get("label", ""), "date": interval.get("start", ""),
                         "last_date": interval.get("end", ""), "dose": _number(quantity.get("value")),
                         "dose_unit": quantity.get("unit", {}).get("label", "")})  # fmt: skip
    return rows


def _number(value: float | None) -> str:
    return "" if value is None else repr(int(value) if float(value).is_integer() else value)
