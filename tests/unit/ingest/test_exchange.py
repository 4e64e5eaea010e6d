"""FHIR bundles and phenopackets become counts and exposures, each read with the package of its schema."""

import json
from pathlib import Path

import pytest

from caseseries.ingest.exchange import count_of
from caseseries.ingest.fhir_resources import read_resource
from caseseries.ingest.folder import examine
from caseseries.ingest.ingest import type_records
from caseseries.ingest.phenopacket import read_packet
from caseseries.model.layout import Layout
from unit.ingest.mapped_cohorts import head

HEAD = (
    head("exchange")
    + """\
mapping:
  sources:
"""
)
FHIR = (
    HEAD
    + """\
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
)
PACKETS = (
    HEAD
    + """\
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
)


def observation(subject, date, value, unit="10*3/uL", status="final", **more):
    quantity = {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit} | more
    return {
        "resourceType": "Observation",
        "status": status,
        "effectiveDateTime": date,
        "code": {"coding": [{"system": "http://loinc.org", "code": "777-3"}]},
        "subject": {"reference": f"Patient/{subject}"},
        "valueQuantity": quantity,
    }


def administration(subject, first, last):
    return {
        "resourceType": "MedicationAdministration",
        "status": "completed",
        "medicationCodeableConcept": {"text": "romiplostim"},
        "subject": {"reference": f"Patient/{subject}"},
        "effectivePeriod": {"start": first, "end": last},
        "dosage": {"dose": {"value": 3, "unit": "mcg/kg"}},
    }


RESOURCES = [
    administration("P1", "2020-03-04", "2020-03-04"),
    administration("P1", "2020-03-11", "2020-03-11"),
    observation("P1", "2020-03-04", 9),
    observation("P1", "2020-03-11T08:30:00Z", 45000, "/uL"),
    observation("P1", "2020-03-18", 5, comparator="<"),
    observation("P1", "2020-03-25", 80, status="entered-in-error"),
]
PACKET = {
    "id": "packet-1",
    "subject": {"id": "P1", "sex": "FEMALE"},
    "measurements": [
        {
            "assay": {"id": "LOINC:777-3", "label": "Platelets"},
            "timeObserved": {"timestamp": "2020-03-11T00:00:00Z"},
            "value": {"quantity": {"unit": {"id": "UCUM:10*9/L", "label": "10^9/L"}, "value": 45}},
        }
    ],
    "medicalActions": [
        {
            "treatment": {
                "agent": {"id": "DrugCentral:5017", "label": "romiplostim"},
                "doseIntervals": [
                    {
                        "quantity": {"unit": {"id": "UCUM:ug/kg", "label": "mcg/kg"}, "value": 3},
                        "interval": {"start": "2020-03-04T00:00:00Z", "end": "2020-03-04T00:00:00Z"},
                    }
                ],
            }
        }
    ],
    "metaData": {"created": "2021-01-01T00:00:00Z", "createdBy": "test", "phenopacketSchemaVersion": "2.0"},
}


def make(folder: Path, head: str, **files: str) -> Path:
    cohort = folder / "exchange"
    cohort.mkdir(parents=True)
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
    cohort = make(tmp_path, FHIR, bundle_json=bundle(RESOURCES), patients_csv="id,sex\nP1,female\n")
    assert errors(cohort) == []
    records = type_records(examine(cohort, Layout()), "exchange")
    counts = records["counts"]
    assert counts[["episode_id", "day", "count", "source_row"]].to_numpy().tolist() == [
        ["P1", 0, "9", 3],
        ["P1", 7, "45", 4],
        ["P1", 14, "<5", 5],
    ]
    assert records["exposures"][["first_day", "dose", "dose_unit"]].to_numpy().tolist() == [
        [0, 3, "mcg/kg"],
        [7, 3, "mcg/kg"],
    ]


def test_a_bundle_that_is_not_valid_is_refused_without_its_values(tmp_path):
    broken = bundle([observation("P1", "2020-03-04", "forty-five")])
    found = errors(make(tmp_path, FHIR, bundle_json=broken, patients_csv="id,sex\nP1,female\n"))
    assert any("the bundle is not valid FHIR R4 here" in line for line in found)
    assert not any("forty-five" in line for line in found)


def test_an_unknown_unit_is_refused(tmp_path):
    resources = [RESOURCES[0], observation("P1", "2020-03-11", 45, "furlong")]
    (line,) = errors(make(tmp_path, FHIR, bundle_json=bundle(resources), patients_csv="id,sex\nP1,female\n"))
    assert "unit: the unit furlong is none of counts (1 rows); those known are 10^9/L, 10^3/uL" in line
    assert "for another analyte read value in place of count" in line


def test_phenopackets(tmp_path):
    cohort = make(tmp_path, PACKETS, packets_json=json.dumps({"id": "c", "members": [PACKET]}))
    assert errors(cohort) == []
    records = type_records(examine(cohort, Layout()), "exchange")
    assert records["episodes"][["episode_id", "sex"]].to_numpy().tolist() == [["P1", "female"]]
    assert records["counts"][["day", "lo"]].to_numpy().tolist() == [[7, 45]]
    assert records["exposures"][["drug", "first_day", "dose"]].to_numpy().tolist() == [["romiplostim", 0, 3]]


def test_what_is_no_phenopacket(tmp_path):
    found = errors(make(tmp_path, PACKETS, packets_json=json.dumps([{"subject": {"sex": "SOMETIMES"}}])))
    assert any("the entry is no phenopacket of version 2" in line for line in found)


@pytest.mark.parametrize("text", ["{", "[" * 100_000])
def test_what_is_no_json(tmp_path, text):
    assert any("no JSON that can be read" in line for line in errors(make(tmp_path, PACKETS, packets_json=text)))


def test_without_the_package_the_reader_says_so(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "fhir.resources.R4B.bundle", None)
    found = errors(make(tmp_path, FHIR, bundle_json=bundle(RESOURCES), patients_csv="id,sex\nP1,female\n"))
    assert any("needs the Python package fhir.resources" in line for line in found)


def test_rows_of_resources():
    ((row,), _) = read_resource(observation("P1", "2020-03-11", 45000, "/uL", comparator="<"), {})
    assert (row["subject"], row["code"], row["value"], row["count"]) == ("P1", "777-3", "<45000", "<45")
    ((row,), _) = read_resource(administration("P1", "2020-03-04", "2020-03-10"), {})
    assert (row["drug"], row["date"], row["last_date"], row["dose"], row["dose_unit"]) == (
        "romiplostim",
        "2020-03-04",
        "2020-03-10",
        "3",
        "mcg/kg",
    )
    kinds = [row["kind"] for row in read_packet(PACKET)]
    assert kinds == ["subject", "measurement", "treatment"]


def test_counts_in_the_units_of_ucum():
    assert count_of("45", "10*9/L") == "45"
    assert count_of("45", "10*3/uL") == "45"
    assert count_of("45000", "/uL") == "45"
    for unit in ("{cells}/uL", "10*3{cells}/uL", "10*3.uL-1", "Thousand/uL", "1000/uL", "10E9/L", "10*9.L-1", "G/l"):
        assert count_of("45000" if unit.startswith("{") else "45", unit) == "45", unit
    for unit in ("/nL", "k/uL", "K/MCL", "10^3/mcL", "Tsd/uL", "x10E3/uL", "10*3{cells}/uL", "Thousand/uL"):
        assert count_of("45", unit) == "45", unit
    for unit in ("10*6/L", "/cumm", "#/uL", "1/uL"):
        assert count_of("45000", unit) == "45", unit
    for unit in ("g/dL", "g/L", "", "%"):
        assert count_of("45", unit) == "", unit


def found_in(folder: Path, *resources, where="", **more) -> tuple[list[str], list]:
    """Findings about counts of a bundle, and the counts where nothing is refused."""
    head = FHIR.replace('code: ["777-3"]', where) if where else FHIR
    text = json.dumps(json.loads(bundle([RESOURCES[0], *resources])) | more)
    examined = examine(make(folder, head, bundle_json=text, patients_csv="id,sex\nP1,female\n"), Layout())
    told = [str(finding) for finding in examined.findings]
    if any(finding.severity == "error" for finding in examined.findings):
        return told, []
    return told, type_records(examined, "exchange")["counts"][["episode_id", "day", "count"]].to_numpy().tolist()


def test_at_most_is_refused_with_what_to_write(tmp_path):
    told, _ = found_in(tmp_path, observation("P1", "2020-03-11", 5, comparator="<="))
    assert any("at most and at least cannot be entered" in line and "<6" in line for line in told)


def test_what_holds_no_quantity_is_left_out_and_counted(tmp_path):
    coded = observation("P1", "2020-03-11", 5)
    del coded["valueQuantity"]
    coded["valueCodeableConcept"] = {"text": "clumped, asked Jane Roe"}
    told, counts = found_in(tmp_path, coded, observation("P1", "2020-03-18", 45))
    assert counts == [["P1", 14, "45"]]
    assert any("were passed over: 1" in line for line in told)
    assert not any("Roe" in line for line in told)


def test_a_panel_several_codings_versions_and_instants(tmp_path):
    panel = observation("P1", "2020-03-11", 1)
    panel["component"] = [{"code": panel["code"], "valueQuantity": panel.pop("valueQuantity") | {"value": 45}}]
    panel["code"] = {"text": "blood count"}
    local = observation("P1", "2020-03-18", 60)
    local["code"]["coding"].insert(0, {"system": "urn:local", "code": "PLT"})
    local["subject"]["reference"] = "https://example.org/fhir/Patient/P1/_history/3"
    instant = observation("P1", "2020-03-25", 80)
    instant["effectiveInstant"] = instant.pop("effectiveDateTime") + "T08:00:00Z"
    _, counts = found_in(tmp_path, panel, local, instant)
    assert counts == [["P1", 7, "45"], ["P1", 14, "60"], ["P1", 21, "80"]]


def test_a_page_of_several_other_persons_and_a_code_that_nothing_has(tmp_path):
    pages = {"type": "searchset", "link": [{"relation": "next", "url": "https://example.org/fhir?page=2"}]}
    told, _ = found_in(tmp_path / "a", {"resourceType": "Patient", "name": [{"family": "Roe"}]}, **pages)
    assert any("one page of several" in line for line in told)
    assert any("names, addresses or numbers of persons (Patient)" in line for line in told)
    assert any("where keeps no row" in line and "kind, code" in line for line in told)
    assert not any("Roe" in line or "example.org" in line for line in told)


@pytest.mark.parametrize("text", ["5", "null", "[]", '{"resourceType": "Basket"}'])
def test_json_that_is_no_bundle(tmp_path, text):
    found = errors(make(tmp_path, FHIR, bundle_json=text, patients_csv="id,sex\nP1,female\n"))
    assert any("the file must be one FHIR bundle" in line for line in found)


@pytest.mark.parametrize("text", ["5", "null", '"Roe"', '{"members": 5}'])
def test_json_that_holds_no_phenopackets(tmp_path, text):
    found = errors(make(tmp_path, PACKETS, packets_json=text))
    assert any("the file must hold a phenopacket" in line for line in found)


def test_a_count_of_nought_ages_and_births_of_a_phenopacket(tmp_path):
    packet = json.loads(json.dumps(PACKET))
    (first,) = packet["measurements"]
    first["value"]["quantity"]["value"] = 0
    by_age = {"timeObserved": {"age": {"iso8601duration": "P31Y"}}}
    packet["measurements"].append(json.loads(json.dumps(first)) | by_age)
    packet["subject"]["dateOfBirth"] = "1989-01-01T00:00:00Z"
    cohort = make(tmp_path, PACKETS, packets_json=json.dumps(packet))
    assert errors(cohort) == []
    counts = type_records(examine(cohort, Layout()), "exchange")["counts"]
    assert counts["count"].tolist() == ["0", "0"]
    assert counts["day"].fillna(-1).tolist() == [7, -1]
    told = [str(finding) for finding in examine(cohort, Layout()).findings]
    assert any("come in without a day: 1" in line for line in told)
    assert not any("1989" in line for line in told)


def test_keys_that_the_schema_does_not_know_are_not_told(tmp_path):
    broken = observation("P1", "2020-03-11", 45) | {"roe": 1}
    broken["valueQuantity"]["jane"] = 2
    told, _ = found_in(tmp_path, broken)
    assert any("entry.1.resource: the bundle is not valid" in line for line in told)
    assert any("entry.1.resource.valueQuantity: the bundle is not valid" in line for line in told)
    assert not any("roe" in line or "jane" in line for line in told)


@pytest.mark.parametrize("kind", [["Observation"], 5, None])
def test_a_resource_without_a_type_is_not_valid(tmp_path, kind):
    told, _ = found_in(tmp_path, observation("P1", "2020-03-11", 45) | {"resourceType": kind})
    assert any("the bundle is not valid FHIR R4 here" in line for line in told)


def test_resources_that_are_not_read_may_be_as_they_are(tmp_path):
    other = [{"resourceType": "Patient", "telecom": 5}, {"resourceType": "VendorsOwn", "x": 1}]
    told, counts = found_in(tmp_path, *other, observation("P1", "2020-03-11", 45))
    assert counts == [["P1", 7, "45"]]
    assert any("names, addresses or numbers of persons (Patient)" in line for line in told)
    assert any("entries of the file that no source reads: Patient 1, VendorsOwn 1" in line for line in told)


def test_nul_in_json_does_not_hide_the_rest_of_a_text(tmp_path):
    hidden = observation("P1\0Roe", "2020-03-11", 45)
    told, _ = found_in(tmp_path, hidden)
    assert any("the case is not listed in patients.csv" in line for line in told)
    assert not any("Roe" in line for line in told)


def test_null_is_no_key(tmp_path):
    told, _ = found_in(tmp_path, observation("P1", "2020-03-11", 45) | {"subject": None, "component": None})
    assert any("line 2, episode_id (from subject): the value must not be empty" in line for line in told)


def with_codes(subject, date, value, *codes):
    made = observation(subject, date, value)
    made["code"]["coding"] = [{"system": "http://loinc.org", "code": code} for code in codes]
    return made


def test_codes_of_a_concept_are_alternatives(tmp_path):
    both = [with_codes("P1", "2020-03-11", 64, "26515-7", "777-3"), with_codes("P1", "2020-03-18", 120, "777-3", "x")]
    told, counts = found_in(tmp_path / "a", *both)
    assert counts == [["P1", 7, "64"], ["P1", 14, "120"]]
    told, counts = found_in(tmp_path / "b", *both, where='code: ["777-3", "26515-7"]')
    assert counts == [["P1", 7, "64"], ["P1", 14, "120"]]
    assert not any("no source reads" in line for line in told)


def versions(*numbers, key="o1", values=(150, 15), status="final"):
    made = [observation("P1", "2020-03-11", value, status=status) for value in values]
    return [one | {"id": key, "meta": {"versionId": str(number)}} for one, number in zip(made, numbers, strict=True)]


@pytest.mark.parametrize(
    ("resources", "kept", "told_of"),
    [
        (versions(1, 2), ["15"], ""),
        (versions(2, 1), ["150"], ""),
        (versions(9, 10), ["15"], ""),
        ([one | {"meta": {}} for one in versions(1, 2)], ["15"], "more than once without a version"),
        ([versions(1, 2)[0], versions(1, 2)[1] | {"status": "entered-in-error"}], [], ""),
        (
            [observation("P1", "2020-03-11", 150, status="preliminary"), observation("P1", "2020-03-11", 145)],
            ["145"],
            "",
        ),
        ([observation("P1", "2020-03-11", 150, status="preliminary")], ["150"], "preliminary results without a final"),
        ([observation("P1", "2020-03-11", 150, status="registered")], [], ""),
        ([observation("P1", "2020-03-11", 150, status="amended")], ["150"], ""),
    ],
)
def test_only_the_newest_valid_version_counts(tmp_path, resources, kept, told_of):
    told, counts = found_in(tmp_path, *resources)
    assert [count for _, _, count in counts] == kept
    assert any(told_of in line for line in told) if told_of else not any("result" in line for line in told)


def test_a_history_begins_with_the_newest_and_may_delete(tmp_path):
    newest, oldest = versions(2, 1, values=(15, 150))
    _, counts = found_in(tmp_path / "a", newest, oldest, type="history")
    assert counts == [["P1", 7, "15"]]
    deleted = {"request": {"method": "DELETE", "url": "Observation/o1"}}
    entries = [{"resource": RESOURCES[0]}, deleted, {"resource": newest}, {"resource": oldest}]
    _, counts = found_in(tmp_path / "b", entry=entries, type="history")
    assert counts == []


def test_versions_on_two_pages(tmp_path):
    old, new = versions(1, 2)
    pages = FHIR + FHIR.split("    - table: episodes")[1].split("    - table: exposures")[0].partition(
        "    - table: counts"
    )[2].join(["    - table: counts", ""]).replace("bundle.json", "two.json")
    files = {
        "bundle_json": bundle([RESOURCES[0], old]),
        "two_json": bundle([new]),
        "patients_csv": "id,sex\nP1,female\n",
    }
    cohort = make(tmp_path, pages, **files)
    assert errors(cohort) == []
    assert type_records(examine(cohort, Layout()), "exchange")["counts"]["count"].tolist() == ["15"]


def timed(**when):
    made = observation("P1", "2020-03-11", 64)
    del made["effectiveDateTime"]
    return made | when


@pytest.mark.parametrize(
    ("when", "day", "told_of"),
    [
        ({"effectiveTiming": {"event": ["2020-03-11"]}}, 7, ""),
        ({"effectiveTiming": {"event": ["2020-03-13", "2020-03-11"]}}, 7, "or with several times, have the first: 1"),
        ({"effectiveTiming": {"repeat": {"boundsPeriod": {"start": "2020-03-11", "end": "2020-03-11"}}}}, 7, ""),
        ({"effectivePeriod": {"start": "2020-03-11", "end": "2020-03-14"}}, 7, "a period over several days"),
        ({"effectiveDateTime": "2020-03-11T23:30:00-05:00"}, 7, ""),
        ({"effectiveDateTime": "2020-03-11T00:30:00+08:00"}, 7, ""),
        ({"issued": "2020-03-18T10:00:00Z"}, 14, "only when they were sent out have that day: 1"),
        ({}, None, "counts come in without a day: 1"),
    ],
)
def test_times_of_a_result(tmp_path, when, day, told_of):
    told, counts = found_in(tmp_path, timed(**when))
    assert [None if one != one else one for _, one, _ in counts] == [day]
    assert not told_of or any(told_of in line for line in told)
    assert bool(told_of) == any("have " in line or "without a day" in line for line in told)


RECORD = """\
    - table: episodes
      file: record.ndjson
      format: fhir
      where: {kind: [Patient]}
      columns: {episode_id: subject, sex: sex, age_years: {from: birth_date, date: true}}
    - table: exposures
      file: record.ndjson
      format: fhir
      where: {kind: [MedicationAdministration]}
      first_dose: date
      columns: {episode_id: subject, drug: drug, first_day: {from: date, date: true}}
    - table: events
      file: record.ndjson
      format: fhir
      where: {kind: [Patient]}
      columns: {episode_id: subject, day: {from: death_date, date: true}, kind: {value: death}}
    - table: adverse_events
      file: record.ndjson
      format: fhir
      where: {kind: [Condition]}
      columns: {episode_id: subject, subject: {value: patient}, term: label, day: {from: date, date: true}}
"""


def test_a_record_as_lines_of_resources(tmp_path):
    given = administration("P1", "2020-03-04", "2020-03-04")
    del given["medicationCodeableConcept"]
    given["medicationReference"] = {"reference": "Medication/m1"}
    asked = {"resourceType": "MedicationRequest", "status": "completed", "subject": {"reference": "Patient/P1"}}
    lines = [
        {
            "resourceType": "Patient",
            "id": "P1",
            "gender": "female",
            "birthDate": "1988-05-01",
            "deceasedDateTime": "2020-04-01",
        },
        {"resourceType": "Medication", "id": "m1", "code": {"text": "romiplostim"}},
        given,
        asked | {"authoredOn": "2020-03-03", "medicationCodeableConcept": {"text": "romiplostim"}},
        {
            "resourceType": "Procedure",
            "status": "completed",
            "code": {"text": "splenectomy"},
            "subject": {"reference": "Patient/P1"},
        },
        {
            "resourceType": "Condition",
            "code": {"text": "headache"},
            "subject": {"reference": "urn:uuid:P1"},
            "onsetDateTime": "2020-03-13",
        },
    ]
    cohort = make(tmp_path, HEAD + RECORD, record_ndjson="\n".join(map(json.dumps, lines)))
    assert errors(cohort) == []
    made = type_records(examine(cohort, Layout()), "exchange")
    assert made["episodes"][["episode_id", "sex", "age_years"]].to_numpy().tolist() == [["P1", "female", 31]]
    assert made["exposures"][["drug", "first_day"]].to_numpy().tolist() == [["romiplostim", 0]]
    assert made["events"][["kind", "day"]].to_numpy().tolist() == [["death", 28]]
    assert made["adverse_events"][["term", "day"]].to_numpy().tolist() == [["headache", 9]]
    told = [str(finding) for finding in examine(cohort, Layout()).findings]
    assert any("that no source reads: Medication 1, MedicationRequest 1, Procedure 1" in line for line in told)
    assert not any("1988" in line or "2020" in line for line in told)


@pytest.mark.parametrize("key", [{"id": "P1"}, {}])
def test_a_person_is_named_by_the_address_of_the_entry_or_by_its_id(tmp_path, key):
    address = "urn:uuid:00000001-1111-4222-8333-444444444444"
    subjects = [address, "https://fhir.example.org/r4/Patient/P1/_history/2", "Patient/P1"] if key else [address] * 3
    given = administration(subjects[0], "2020-03-04", "2020-03-04") | {"subject": {"reference": subjects[0]}}
    counted = [
        observation("", date, 20) | {"subject": {"reference": subject}}
        for date, subject in zip(("2020-03-04", "2020-03-11", "2020-03-18"), subjects, strict=True)
    ]
    person = {"resourceType": "Patient", "gender": "female"} | key
    entries = [{"fullUrl": address, "resource": person}, *({"resource": one} for one in (given, *counted))]
    document = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    counts = "    - {table: counts, file: record.json, format: fhir, where: {kind: [Observation]}, columns: COLUMNS}\n"
    counts = counts.replace("COLUMNS", "{episode_id: subject, day: {from: date, date: true}, count: count}")
    mapping = (RECORD.replace("record.ndjson", "record.json") + counts).replace(
        "episode_id: subject", "episode_id: {from: subject, number_as: E}"
    )
    cohort = make(tmp_path, HEAD + mapping, record_json=json.dumps(document))
    assert errors(cohort) == []
    made = type_records(examine(cohort, Layout()), "exchange")
    assert made["episodes"][["episode_id", "sex"]].to_numpy().tolist() == [["E01", "female"]]
    assert made["counts"][["episode_id", "day"]].to_numpy().tolist() == [["E01", 0], ["E01", 7], ["E01", 14]]


@pytest.mark.parametrize(
    ("born", "age", "sure"), [("1988-03-05", 31, True), ("1988-03-04", 32, True), ("1988", 31, False)]
)
def test_ages_at_the_first_dose(tmp_path, born, age, sure):
    lines = [
        {"resourceType": "Patient", "id": "P1", "birthDate": born},
        administration("P1", "2020-03-04", "2020-03-04"),
    ]
    sources = RECORD.partition("    - table: events")[0]
    cohort = make(tmp_path, HEAD + sources, record_ndjson="\n".join(map(json.dumps, lines)))
    assert errors(cohort) == []
    assert type_records(examine(cohort, Layout()), "exchange")["episodes"]["age_years"].tolist() == [age]
    told = [str(finding) for finding in examine(cohort, Layout()).findings]
    assert any("a year too low or too high" in line for line in told) != sure


@pytest.mark.parametrize("offset", ["+08:00", "-05:00", "Z"])
def test_times_of_a_phenopacket_are_those_written(tmp_path, offset):
    packet = json.loads(json.dumps(PACKET).replace("T00:00:00Z", f"T23:15:00{offset}"))
    packet["medicalActions"][0]["treatment"]["doseIntervals"][0]["interval"]["start"] = f"2020-03-04T00:30:00{offset}"
    packet["subject"] |= {"dateOfBirth": "1990-01-01T00:00:00Z", "vitalStatus": {"status": "DECEASED"}}
    packet["subject"]["vitalStatus"]["timeOfDeath"] = {"timestamp": f"2020-05-01T22:00:00{offset}"}
    packet["diseases"] = [{"term": {"id": "MONDO:0008558", "label": "immune thrombocytopenia"}}]
    (measured,) = packet["measurements"]
    measured["time_observed"] = measured.pop("timeObserved")
    sources = PACKETS.replace("sex: sex}", "sex: sex, age_years: {from: birth_date, date: true}}")
    sources += (
        RECORD.partition("    - table: events")[2]
        .partition("    - table: adverse")[0]
        .join(["    - table: events", ""])
    )
    sources = sources.replace("record.ndjson", "packets.json").replace("format: fhir", "format: phenopackets")
    cohort = make(tmp_path, sources.replace("kind: [Patient]", "kind: [subject]"), packets_json=json.dumps([packet]))
    assert errors(cohort) == []
    made = type_records(examine(cohort, Layout()), "exchange")
    assert made["counts"]["day"].tolist() == [7]
    assert made["exposures"]["first_day"].tolist() == [0]
    assert made["episodes"]["age_years"].tolist() == [30]
    assert made["events"]["day"].tolist() == [58]
    told = [str(finding) for finding in examine(cohort, Layout()).findings]
    assert any("entries of the file that no source reads: disease 1" in line for line in told)


TWICE = "repeats an earlier one in every cell and is taken once"


def test_what_a_bundle_holds_twice_comes_in_once(tmp_path):
    again = [administration("P1", "2020-03-11", "2020-03-11"), observation("P1", "2020-03-11", 45)]
    cohort = make(tmp_path, FHIR, bundle_json=bundle([*RESOURCES, *again]), patients_csv="id,sex\nP1,female\n")
    examined = examine(cohort, Layout())
    records = type_records(examined, "exchange")
    assert records["exposures"]["first_day"].tolist() == [0, 7]
    assert records["counts"]["day"].tolist() == [0, 7, 14]
    assert len([finding for finding in examined.findings if TWICE in finding.rule]) == 2


def test_what_a_phenopacket_holds_twice_comes_in_once(tmp_path):
    packet = json.loads(json.dumps(PACKET))
    packet["measurements"] *= 2
    packet["medicalActions"] *= 2
    examined = examine(make(tmp_path, PACKETS, packets_json=json.dumps(packet)), Layout())
    records = type_records(examined, "exchange")
    assert (len(records["counts"]), len(records["exposures"])) == (1, 1)
    assert len([finding for finding in examined.findings if TWICE in finding.rule]) == 1  # one packet, said once
