"""A cohort as GA4GH Phenopackets version 2: one packet for each treatment course, all in one cohort file.

The format has time stamps where the records have days. 1 January 2000 stands for day 0, and the
file says so: it is no date of anybody. What has no place in the format, or is known only within limits, stays behind
and is counted (`left_behind`).
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pandas as pd

from caseseries.model.analytes import PLATELETS, analyte_of
from caseseries.model.cohort import Cohort
from caseseries.model.records import Records
from caseseries.words.labels import DAYS_FROM
from caseseries.words.lists import listing
from caseseries.words.nouns import plural
from caseseries.words.spelling import words

DAY_ZERO = date(2000, 1, 1)
OWN, OF_COURSE = "caseseries", "caseseries-course:"
"""Prefix of terms that are the software's own: names of its records; and of columns of episodes.csv."""

SEXES = {"female": "FEMALE", "male": "MALE"}
ASSAYS = {PLATELETS: ("LOINC:777-3", "Platelets [#/volume] in Blood by Automated count")}
CONDITIONS = {"itp": ("ICD10:D69.3", "Idiopathic thrombocytopenic purpura")}
UNITS = {
    "10^9/L": "10*9/L",
    "years": "a",
    "kg": "kg",
    "weeks": "wk",
    "g/dL": "g/dL",
    "g/g": "g/g",
    "ug/L": "ug/L",
    "U/kg": "[U]/kg",
    "U": "[U]",
    "mcg/kg": "ug/kg",
    "mcg": "ug",
}
"""Unit as the records write it -> as UCUM writes it; another is written as it is."""

NO_ROWS = pd.DataFrame({"kind": []})
IN_SUBJECT = ("episode_id", "patient_id", "sex")
"""Columns of episodes.csv that stand in the packet or its subject."""

NOT_HELD = ("bleeding", "weights", "adverse_events", "outcomes")
"""Tables of a case for whose rows the format has no place of their own."""

RESOURCES = {
    "LOINC": ("loinc", "Logical Observation Identifiers Names and Codes"),
    "UCUM": ("ucum", "Unified Code for Units of Measure"),
    "ICD10": ("icd10", "International Classification of Diseases, 10th revision"),
    OWN: (OWN, "names of the records of caseseries"),
    OF_COURSE.rstrip(":"): (OF_COURSE.rstrip(":"), "columns of episodes.csv of caseseries"),
}


def phenopackets_json(cohort: Cohort, records: Records) -> str:
    """A phenopacket `Cohort` as JSON, a line a packet."""
    tables = {name: dict(list(table.groupby("episode_id", sort=False))) for name, table in _carried(records).items()}
    members = [_packet(cohort, episode, tables) for episode in records["episodes"].to_dict("records")]
    about = {"id": cohort.id, "description": f"{cohort.title}. {_note(cohort, records)}"}
    head = json.dumps(about, indent=1, ensure_ascii=False).removesuffix("\n}")
    lines = ",\n".join("  " + json.dumps(member, ensure_ascii=False, allow_nan=False) for member in members)
    metadata = json.dumps(_metadata(), ensure_ascii=False)
    return f'{head},\n "members": [\n{lines}\n ],\n "metaData": {metadata}\n}}\n'


def left_behind(records: Records) -> dict[str, int]:
    """Rows of each table that the format cannot hold, where there are any."""
    carried = _carried(records)
    without = {name: len(records[name]) - len(table) for name, table in carried.items()}
    others = {name: len(records[name]) for name in NOT_HELD}
    return {name: rows for name, rows in (without | others).items() if rows}


def _carried(records: Records) -> dict[str, pd.DataFrame]:
    """Rows that a packet can hold: counts that no flag moves, events and courses of a drug with their days."""
    counts, events, exposures = records["counts"], records["events"], records["exposures"]
    return {
        "counts": counts[counts["flag"] == ""],
        "events": events[events["day"].notna()],
        "exposures": exposures[exposures["first_day"].notna()],
    }


def _note(cohort: Cohort, records: Records) -> str:
    left = listing([f"{plural(rows, 'row')} of {words(name)}" for name, rows in left_behind(records).items()])
    days = f"{DAYS_FROM[cohort.day_zero]}: {DAY_ZERO.isoformat()} stands for day 0 and is no date of anybody."
    return f"{days} What this format has no place for was left out: {left}." if left else days


def _packet(cohort: Cohort, episode: dict[str, Any], tables: dict[str, dict[str, pd.DataFrame]]) -> dict[str, Any]:
    own = {name: of.get(episode["episode_id"], NO_ROWS) for name, of in tables.items()}
    events = own["events"]
    subject: dict[str, Any] = {"id": episode["patient_id"]}
    if not pd.isna(episode["follow_up_end_day"]):
        subject["timeAtLastEncounter"] = _at(episode["follow_up_end_day"])
    deaths = events[events["kind"] == "death"]
    if len(deaths):
        subject["vitalStatus"] = {"status": "DECEASED", "timeOfDeath": _at(deaths["day"].iloc[0])}
    if episode["sex"] in SEXES:
        subject["sex"] = SEXES[episode["sex"]]
    packet: dict[str, Any] = {"id": episode["episode_id"], "subject": subject}
    packet["measurements"] = [*_values(cohort, episode), *_counts(own["counts"])]
    if cohort.condition in CONDITIONS:
        packet["diseases"] = [{"term": _term(*CONDITIONS[cohort.condition])}]
    packet["medicalActions"] = [*_treatments(own["exposures"]), *_procedures(events)]
    packet["metaData"] = _metadata()
    return {name: part for name, part in packet.items() if part}


def _values(cohort: Cohort, episode: dict[str, Any]) -> list[dict[str, Any]]:
    """What episodes.csv says of a course, each column a measurement; then the stamp of the first dose."""
    found = []
    for column in cohort.variables:
        value = episode.get(column.name, "")
        if column.name in IN_SUBJECT or value == "" or pd.isna(value):
            continue
        number = value if column.numeric else _exact(value) if column.unit else None
        said = _quantity(number, column.unit) if number is not None else _word(str(value))
        found.append({"assay": _term(OF_COURSE + column.name, column.label), "value": said})
    day_zero = {"assay": _term(OF_COURSE + "first_dose", "Stamp of day 0"), "value": _word(DAY_ZERO.isoformat())}
    return [*found, day_zero]


def _counts(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """A measurement for each count; its time point of the source stands in its description."""
    found = []
    for row in rows.itertuples(index=False):
        about = analyte_of(row.analyte)
        number = _exact(row.count)
        one: dict[str, Any] = {"assay": _term(*ASSAYS.get(row.analyte, (f"{OWN}:{row.analyte}", about.noun)))}
        if row.timepoint:
            one["description"] = row.timepoint
        if not pd.isna(row.day):
            one["timeObserved"] = _at(row.day)
        one["value"] = _word(row.count) if number is None else _quantity(number, row.unit or about.unit or "")
        found.append(one)
    return found


def _exact(written: object) -> float | None:
    """The number of a quantity as written; None of one known within limits, such as <5."""
    try:
        return float(str(written))
    except ValueError:
        return None


def _word(text: str) -> dict[str, Any]:
    """A value in words, such as <5."""
    return {"ontologyClass": _term(f"{OWN}:{text}", text)}


def _treatments(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """A treatment for each row of exposures: its agent has the code of its class, its intent is the role."""
    found = []
    for row in rows.to_dict("records"):
        given: dict[str, Any] = {"interval": {"start": _stamp(row["first_day"])}}
        if not pd.isna(row["last_day"]):
            given["interval"]["end"] = _stamp(row["last_day"])
        if not pd.isna(row["dose"]):
            given["quantity"] = _quantity(row["dose"], row["dose_unit"])["quantity"]
        agent = _term(f"{OWN}:{row['class'] or row['drug']}", row["drug"])
        action: dict[str, Any] = {"treatment": {"agent": agent, "doseIntervals": [given]}}
        if row["role"]:
            action["treatmentIntent"] = _term(f"{OWN}:{row['role']}", row["role"])
        found.append(action)
    return found


def _procedures(events: pd.DataFrame) -> list[dict[str, Any]]:
    """Every event but death as a procedure named by its kind."""
    return [
        {"procedure": {"code": _term(f"{OWN}:{row.kind}", row.detail or row.kind), "performed": _at(row.day)}}
        for row in events.itertuples(index=False)
        if row.kind != "death"
    ]


def _term(identifier: str, label: str) -> dict[str, str]:
    return {"id": identifier, "label": label}


def _quantity(value: float, unit: str) -> dict[str, Any]:
    code = UNITS.get(unit, unit) or "1"
    whole = int(value) if float(value).is_integer() else float(value)
    return {"quantity": {"unit": {"id": f"UCUM:{code}", "label": unit or "1"}, "value": whole}}


def _stamp(day: float) -> str:
    return f"{(DAY_ZERO + timedelta(days=int(day))).isoformat()}T00:00:00Z"


def _at(day: float) -> dict[str, str]:
    return {"timestamp": _stamp(day)}


def _metadata() -> dict[str, Any]:
    resources = [
        {"id": key, "name": name, "namespacePrefix": prefix, "url": "", "version": "", "iriPrefix": ""}
        for prefix, (key, name) in RESOURCES.items()
    ]
    return {
        "created": "1980-01-01T00:00:00Z",
        "createdBy": OWN,
        "resources": resources,
        "phenopacketSchemaVersion": "2.0",
    }
