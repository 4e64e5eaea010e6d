"""Whether somebody lives and at which age something was, as FHIR and phenopackets say it; what nobody had or did."""

import json

import pytest

from caseseries.ingest.exchange import years_of
from caseseries.ingest.fhir_resources import read_event, read_patient
from caseseries.ingest.fhir_versions import choose_valid
from caseseries.ingest.phenopacket import read_packet
from unit.ingest.mapped_cohorts import make_cohort, rows, told


@pytest.mark.parametrize(
    ("written", "years"),
    [("P31Y", "31"), ("P31Y6M", "31.5"), ("P6W", "0.11"), ("P1Y2M10DT2H", "1.19"), ("P", ""), ("31", ""), ("PT5H", "")],
)
def test_an_age_of_iso_8601_in_years(written, years):
    assert years_of(written) == years


def test_vital_status_disease_and_last_encounter_of_a_phenopacket():
    packet = {
        "subject": {
            "id": "P1",
            "vitalStatus": {"status": "DECEASED", "timeOfDeath": {"timestamp": "2020-05-20T00:00:00Z"}},
            "timeAtLastEncounter": {"age": {"iso8601duration": "P44Y3M"}},
        },
        "diseases": [{"term": {"id": "ORDO:3002", "label": "ITP"}, "onset": {"age": {"iso8601duration": "P43Y"}}}],
    }
    subject, disease = read_packet(packet)
    assert (subject["status"], subject["death_date"], subject["age"]) == ("deceased", "2020-05-20T00:00:00Z", "44.25")
    assert (disease["code"], disease["age"], disease["date"]) == ("ORDO:3002", "43", "")
    (alive,) = read_packet({"subject": {"id": "P2", "vitalStatus": {"status": "ALIVE"}}})
    assert (alive["status"], alive["age"]) == ("alive", "")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"deceasedBoolean": True}, "deceased"),
        ({"deceasedBoolean": False}, "alive"),
        ({"deceasedDateTime": "2020-05-20"}, "deceased"),
        ({}, ""),
    ],
)
def test_whether_a_patient_lives(said, status):
    assert read_patient({"resourceType": "Patient"} | said, {})["status"] == status


@pytest.mark.parametrize(
    ("age", "years"),
    [
        ({"value": 31.5, "code": "a"}, "31.5"),
        ({"value": 6, "unit": "months"}, "0.5"),
        ({"value": 3, "code": "kg"}, ""),
        ({}, ""),
    ],
)
def test_the_age_at_onset_of_a_condition(age, years):
    assert read_event({"resourceType": "Condition", "onsetAge": age}, {})["age"] == years


@pytest.mark.parametrize(
    "resource",
    [
        {"resourceType": "Condition", "verificationStatus": {"coding": [{"code": "refuted"}]}},
        {"resourceType": "Condition", "verificationStatus": {"coding": [{"code": "entered-in-error"}]}},
        {"resourceType": "MedicationStatement", "status": "intended"},
        {"resourceType": "Encounter", "status": "planned"},
    ],
)
def test_what_nobody_had_or_did_gives_no_row(resource):
    kept, _ = choose_valid([(1, {"resource": resource})], False, "x")
    assert kept == []


KEYS = """\
covariates: [{name: onset, label: Age at onset, kind: number, unit: years}]
mapping:
  sources:
    - {table: episodes, file: FILE, format: FORMAT, where: {kind: [PERSON]}, columns: {episode_id: subject, sex: sex}}
    - {table: episodes, file: FILE, format: FORMAT, where: {kind: [ILL]}, columns: {episode_id: subject, onset: age}}
"""


def keys(file, kind, person, disease):
    made = KEYS.replace("FILE", file).replace("FORMAT", kind)
    return made.replace("PERSON", person).replace("ILL", disease)


def test_the_onset_completes_the_person(tmp_path):
    packet = {
        "id": "a",
        "subject": {"id": "P1", "sex": "FEMALE", "vitalStatus": {"status": "DECEASED"}},
        "diseases": [{"term": {"id": "ORDO:3002", "label": "ITP"}, "onset": {"age": {"iso8601duration": "P43Y6M"}}}],
        "metaData": {"created": "2021-01-01T00:00:00Z", "createdBy": "x", "phenopacketSchemaVersion": "2.0"},
    }
    cohort = make_cohort(tmp_path, keys("p.json", "phenopackets", "subject", "disease"), p_json=json.dumps(packet))
    assert rows(cohort, "episodes", "episode_id", "sex", "onset") == [["P1", "female", "43.5"]]
    assert any("said to have died, and not on which day: 1" in line for line in told(cohort, "warning"))


def test_the_onset_completes_the_patient(tmp_path):
    about = {
        "resourceType": "Condition",
        "subject": {"reference": "Patient/P1"},
        "onsetAge": {"value": 43.5, "code": "a"},
    }
    entries = [{"resource": one} for one in ({"resourceType": "Patient", "id": "P1", "gender": "female"}, about)]
    bundle = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})
    cohort = make_cohort(tmp_path, keys("b.json", "fhir", "Patient", "Condition"), b_json=bundle)
    assert rows(cohort, "episodes", "episode_id", "sex", "onset") == [["P1", "female", "43.5"]]
