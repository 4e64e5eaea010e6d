"""FHIR bundles and phenopackets become counts and exposures; the schema packages are optional."""

import json
from pathlib import Path

import pytest

from caseseries.ingest.exchange import count_of
from caseseries.ingest.fhir import read_administration, read_observation
from caseseries.ingest.folder import examine
from caseseries.ingest.ingest import type_records
from caseseries.ingest.phenopacket import read_packet
from caseseries.model.layout import Layout

HEAD = """\
id: exchange
title: SYNTHETIC exchange
citation: SYNTHETIC; made for the tests.
design: simulation
population: SYNTHETIC adults
provenance: synthetic
licence: CC0-1.0
disclosure: {profile: synthetic, basis: No person stands behind any row.}
source_definition: not_stated
mapping:
  sources:
"""
FHIR = HEAD + """\
    - table: episodes
      file: patients.csv
      columns: {episode_id: id, sex: sex}
    - table: counts
      file: bundle.json
      format: fhir
      where: {kind: [Observation], code: ["777-3"]}
      columns: {episode_id: subject, day: {from: date, date: true}, count: count}
    - table: exposures
      file: bundle.json
      format: fhir
      where: {kind: [MedicationAdministration]}
      first_dose: date
      columns:
        episode_id: subject
        drug: drug
        first_day: {from: date, date: true}
        last_day: {from: last_date, date: true}
        dose: dose
        dose_unit: dose_unit
"""
PACKETS = HEAD + """\
    - table: episodes
      file: packets.json
      format: phenopackets
      where: {kind: [subject]}
      columns: {episode_id: subject, sex: sex}
    - table: counts
      file: packets.json
      format: phenopackets
      where: {kind: [measurement]}
      columns: {episode_id: subject, day: {from: date, date: true}, count: count}
    - table: exposures
      file: packets.json
      format: phenopackets
      where: {kind: [treatment]}
      first_dose: date
      columns:
        {episode_id: subject, drug: drug, first_day: {from: date, date: true}, dose: dose, dose_unit: dose_unit}
"""


def observation(subject, date, value, unit="10*3/uL", status="final", **more):
    quantity = {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit} | more
    return {"resourceType": "Observation", "status": status, "effectiveDateTime": date,
            "code": {"coding": [{"system": "http://loinc.org", "code": "777-3"}]},
            "subject": {"reference": f"Patient/{subject}"}, "valueQuantity": quantity}  # fmt: skip


def administration(subject, first, last):
    return {"resourceType": "MedicationAdministration", "status": "completed",
            "medicationCodeableConcept": {"text": "romiplostim"}, "subject": {"reference": f"Patient/{subject}"},
            "effectivePeriod": {"start": first, "end": last},
            "dosage": {"dose": {"value": 3, "unit": "mcg/kg"}}}  # fmt: skip


RESOURCES = [
    administration("P1", "2020-03-04", "2020-03-04"), administration("P1", "2020-03-11", "2020-03-11"),
    observation("P1", "2020-03-04", 9), observation("P1", "2020-03-11T08:30:00Z", 45000, "/uL"),
    observation("P1", "2020-03-18", 5, comparator="<"), observation("P1", "2020-03-25", 80, status="entered-in-error"),
]  # fmt: skip
PACKET = {
    "id": "packet-1", "subject": {"id": "P1", "sex": "FEMALE"},
    "measurements": [{
        "assay": {"id": "LOINC:777-3", "label": "Platelets"}, "timeObserved": {"timestamp": "2020-03-11T00:00:00Z"},
        "value": {"quantity": {"unit": {"id": "UCUM:10*9/L", "label": "10^9/L"}, "value": 45}},
    }],
    "medicalActions": [{"treatment": {
        "agent": {"id": "DrugCentral:5017", "label": "romiplostim"},
        "doseIntervals": [{
            "quantity": {"unit": {"id": "UCUM:ug/kg", "label": "mcg/kg"}, "value": 3},
            "interval": {"start": "2020-03-04T00:00:00Z", "end": "2020-03-04T00:00:00Z"},
        }],
    }}],
    "metaData": {"created": "2021-01-01T00:00:00Z", "createdBy": "test", "phenopacketSchemaVersion": "2.0"},
}  # fmt: skip


def make(folder: Path, head: str, **files: str) -> Path:
    cohort = folder / "exchange"
    cohort.mkdir()
    (cohort / "cohort.yaml").write_text(head, encoding="utf-8")
    for name, text in files.items():
        (cohort / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return cohort


def bundle(resources) -> str:
    entries = [{"resource": one} for one in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})


def errors(cohort: Path) -> list[str]:
    return [str(finding) for finding in examine(cohort, Layout()).findings if finding.severity == "error"]


def test_fhir_bundle(tmp_path):
    pytest.importorskip("fhir.resources")
    cohort = make(tmp_path, FHIR, bundle_json=bundle(RESOURCES), patients_csv="id,sex\nP1,female\n")
    assert errors(cohort) == []
    records = type_records(examine(cohort, Layout()), "exchange")
    counts = records["counts"]
    assert counts[["episode_id", "day", "count", "source_row"]].to_numpy().tolist() == [
        ["P1", 0, "9", 3], ["P1", 7, "45", 4], ["P1", 14, "<5", 5]]  # fmt: skip
    assert records["exposures"][["first_day", "dose", "dose_unit"]].to_numpy().tolist() == [
        [0, 3, "mcg/kg"], [7, 3, "mcg/kg"]]  # fmt: skip


def test_a_bundle_that_is_not_valid_is_refused_without_its_values(tmp_path):
    pytest.importorskip("fhir.resources")
    broken = bundle([observation("P1", "2020-03-04", "forty-five")])
    found = errors(make(tmp_path, FHIR, bundle_json=broken, patients_csv="id,sex\nP1,female\n"))
    assert any("the bundle is not valid FHIR R4 here" in line for line in found)
    assert not any("forty-five" in line for line in found)


def test_an_unknown_unit_leaves_the_count_empty_and_is_refused(tmp_path):
    pytest.importorskip("fhir.resources")
    resources = [RESOURCES[0], observation("P1", "2020-03-11", 45, "furlong")]
    found = errors(make(tmp_path, FHIR, bundle_json=bundle(resources), patients_csv="id,sex\nP1,female\n"))
    assert [line for line in found if "count: the value must not be empty" in line]


def test_phenopackets(tmp_path):
    pytest.importorskip("phenopackets")
    cohort = make(tmp_path, PACKETS, packets_json=json.dumps({"id": "c", "members": [PACKET]}))
    assert errors(cohort) == []
    records = type_records(examine(cohort, Layout()), "exchange")
    assert records["episodes"][["episode_id", "sex"]].to_numpy().tolist() == [["P1", "female"]]
    assert records["counts"][["day", "lo"]].to_numpy().tolist() == [[7, 45]]
    assert records["exposures"][["drug", "first_day", "dose"]].to_numpy().tolist() == [["romiplostim", 0, 3]]


def test_what_is_no_phenopacket(tmp_path):
    pytest.importorskip("phenopackets")
    found = errors(make(tmp_path, PACKETS, packets_json=json.dumps([{"subject": {"sex": "SOMETIMES"}}])))
    assert any("the entry is no phenopacket of version 2" in line for line in found)


@pytest.mark.parametrize("text", ["{", "[" * 100_000])
def test_what_is_no_json(tmp_path, text):
    pytest.importorskip("phenopackets")
    assert any("no JSON that can be read" in line for line in errors(make(tmp_path, PACKETS, packets_json=text)))


def test_without_the_package_the_reader_says_so(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "fhir.resources.R4B.bundle", None)
    found = errors(make(tmp_path, FHIR, bundle_json=bundle(RESOURCES), patients_csv="id,sex\nP1,female\n"))
    assert any("needs the Python package fhir.resources" in line for line in found)


def test_rows_of_resources():
    row = read_observation(observation("P1", "2020-03-11", 45000, "/uL", comparator="<"))
    assert (row["subject"], row["code"], row["value"], row["count"]) == ("P1", "777-3", "<45000", "<45")
    assert read_observation(observation("P1", "2020-03-11", 5, comparator="<="))["count"] == ""
    row = read_administration(administration("P1", "2020-03-04", "2020-03-10"))
    assert (row["drug"], row["date"], row["last_date"], row["dose"], row["dose_unit"]) == (
        "romiplostim", "2020-03-04", "2020-03-10", "3", "mcg/kg")  # fmt: skip
    kinds = [row["kind"] for row in read_packet(PACKET)]
    assert kinds == ["subject", "measurement", "treatment"]


def test_counts_in_the_units_of_ucum():
    assert count_of("45", "10*9/L") == "45"
    assert count_of("45", "10*3/uL") == "45"
    assert count_of("45000", "/uL") == "45"
    assert count_of("45", "g/dL") == ""
