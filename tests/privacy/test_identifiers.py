"""The identifier gate: each of the eighteen Safe Harbor classes is stopped by header and by value, and never shown."""

import re
import shutil
from pathlib import Path

import pytest

from caseseries.cli import main
from caseseries.ingest.identifiers import CLASSES
from caseseries.ingest.identify import name_classes, value_classes

GOOD = Path(__file__).resolve().parents[1] / "messages" / "ingest" / "good-cohort"

HEADERS = {
    "A": ("patient_name", "FirstName", "Surname", "mother name", "Nachname", "姓名"),
    "B": ("street", "home_address", "ZIP", "zip_code", "postcode", "City", "county"),
    "C": ("dob", "Date of birth", "delivery_date", "date_first_dose", "birthday", "admission_dt", "出生日期"),
    "D": ("phone", "mobile_number", "tel"),
    "E": ("fax", "fax_number"),
    "F": ("email", "E-Mail"),
    "G": ("SSN", "national_id", "passport", "nhs_number"),
    "H": ("mrn", "Medical Record Number", "hospital_no", "patient_number", "病历号"),
    "I": ("insurance_number", "health_plan"),
    "J": ("account", "IBAN"),
    "K": ("driver_license", "licence_no", "certificate_number"),
    "L": ("vehicle", "license_plate", "vin"),
    "M": ("device_id", "pump serial number", "lot_no"),
    "N": ("url", "website"),
    "O": ("ip", "ip_address"),
    "P": ("fingerprint", "voice_print"),
    "Q": ("photo", "face_image"),
    "R": ("barcode", "uuid", "pseudonym", "sample_id"),
    "free text": ("notes", "Comment", "remarks", "free_text"),
}
VALUES = {
    "A": ("Jane Roe", "Roe, Jane", "Roe, J.", "Dr. Roe", "Mrs Roe", "ROE, JANE", "王小明"),
    "B": ("02139", "02139-4307", "SW1A 1AA", "K1A 0B1", "12 Hill Road"),
    "C": ("2020-03-04", "4/3/2020", "04.03.20", "4 March 2020", "March 4, 2020", "20200304", "Mar 2020",
          "2020年3月4日"),
    "D": ("+44 20 7946 0018", "(617) 555-0101", "020 79460018"),
    "E": ("Fax 020 7946 0018",),
    "F": ("jane@example.org",),
    "G": ("078-05-1120", "11010519491231002X", "943 476 5919", "QQ123456C"),
    "H": ("4711234", "MRN-004711"),
    "I": ("A123456780",),
    "J": ("GB82 WEST 1234 5698 7654 32",),
    "K": ("D123-4567-8901",),
    "L": ("1HGCM82633A004352",),
    "M": ("SN-48A1K77", "(01)09506000134352"),
    "N": ("https://example.org/p/7", "www.example.org"),
    "O": ("192.0.2.17", "2001:db8:0:0:1::1"),
    "P": ("voice07.wav",),
    "Q": ("face07.jpg", "scan.dcm"),
    "R": ("9f1c2d3e-44aa-4b7c-9d0e-1a2b3c4d5e6f", "a81f3c20dd91"),
    "free text": ("seen on the ward by the night team, then sent home",),
}
HARMLESS_HEADERS = (
    "centre", "birth_weight_g", "delivery_week", "delivery_mode", "platelets", "capacity", "initial_response", "report",
    "disease_group", "updated", "stage", "dosage", "keyword", "serial_counts", "age_at_diagnosis", "neonatal_platelets",
)  # fmt: skip
HARMLESS_VALUES = (
    "E01", "P001", "S0000001", "a", "centre A", "AML low risk", "rhTPO", "anti-D", "IVIG", "dizziness", "12.5",
    "7", "2019", "injection site pain", "chronic", "U/kg", "10^9/L", "loss_of_response", "first line",
    "1a", "H. pylori eradication",
)  # fmt: skip


def test_the_classes_are_those_of_the_rule():
    assert [one.letter for one in CLASSES] == [*"ABCDEFGHIJKLMNOPQR", "free text"]
    assert set(HEADERS) == set(VALUES) == {one.letter for one in CLASSES}


@pytest.mark.parametrize(("letter", "header"), [(letter, one) for letter, many in HEADERS.items() for one in many])
def test_header(letter, header):
    assert letter in {found.letter for found in name_classes(header)}


@pytest.mark.parametrize(("letter", "value"), [(letter, one) for letter, many in VALUES.items() for one in many])
def test_value(letter, value):
    assert letter in {found.letter for found in value_classes(value)}


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: one.letter)
def test_the_example_of_the_table_is_recognised(one):
    assert one.value_pattern.search(one.example)


@pytest.mark.parametrize("header", HARMLESS_HEADERS)
def test_harmless_header(header):
    assert name_classes(header) == []


@pytest.mark.parametrize("value", HARMLESS_VALUES)
def test_harmless_value(value):
    assert [found.letter for found in value_classes(value) if found.letter != "B" or not value.isdigit()] == []


def restricted_cohort(folder, **edits):
    """The good cohort as data that are not in print, with (old, new) edits by file."""
    shutil.copytree(GOOD, folder / "data" / "good-cohort")
    edits.setdefault("cohort.yaml", [])
    edits["cohort.yaml"] += [("provenance: synthetic", "provenance: registry")]
    edits["cohort.yaml"] += [("profile: synthetic", "profile: restricted")]
    for name, pairs in edits.items():
        path = folder / "data" / "good-cohort" / name
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    return ["--data", str(folder / "data"), "--config", str(folder), "--results", str(folder / "results")]


def test_ordinary_restricted_data_pass(tmp_path):
    assert main(["ingest", "good-cohort", *restricted_cohort(tmp_path)]) == 0


@pytest.mark.parametrize(("letter", "value"), [(letter, many[0]) for letter, many in VALUES.items()])
def test_ingest_is_blocked_and_the_value_never_shown(letter, value, tmp_path, capsys):
    quoted = f'"{value}"' if "," in value else value
    edits = {"adverse_events.csv": [("dizziness", quoted)]}
    assert main(["ingest", "good-cohort", *restricted_cohort(tmp_path, **edits)]) == 2
    message = capsys.readouterr().err
    assert "adverse_events.csv, line 2, term: a value looks like" in message
    assert f"class {letter}" in message or letter in message
    assert value not in message
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize("label", ["Roe", "roe_jane", "19840312", "4711234", "1984-03-12", "jane@example.org"])
def test_case_labels_are_no_names_dates_or_record_numbers(label, tmp_path, capsys):
    tables = ("episodes", "counts", "events", "bleeding", "exposures")
    edits = {f"{name}.csv": [("E02", label)] for name in tables}
    edits["counts.csv"].append((f"{label},7,,8", f"{label},7,,abc"))
    assert main(["ingest", "good-cohort", *restricted_cohort(tmp_path, **edits)]) == 2
    message = capsys.readouterr().err
    assert re.search(r"episodes.csv, line 3, episode_id: a value looks like", message)
    assert "counts.csv, line 6" in message
    assert label not in message


def test_ages_over_89_wherever_they_stand(tmp_path, capsys):
    edits = {"episodes.csv": [("P03,55", "P03,92"), ("spleen_length_cm", "age_at_diagnosis"), ("a,12\n", "a,91\n")],
             "cohort.yaml": [("name: spleen_length_cm", "name: age_at_diagnosis")]}
    assert main(["ingest", "good-cohort", *restricted_cohort(tmp_path, **edits)]) == 2
    message = capsys.readouterr().err
    assert "age_years: an age over 89 identifies a person (Safe Harbor class C): leave the cell empty" in message
    assert "age_at_diagnosis: a value looks like dates, but for the year, and ages over 89" in message
    assert "92" not in message
    assert "91" not in message


def test_a_file_without_its_header_row_shows_no_value(tmp_path, capsys):
    shutil.copytree(GOOD, tmp_path / "data" / "good-cohort")
    path = tmp_path / "data" / "good-cohort" / "adverse_events.csv"
    path.write_text("E03,3,1984-03-12,jane@example.org,Jane Roe,4711234\n", encoding="utf-8")
    assert main(["check", str(path.parent), "--data", str(tmp_path / "data"), "--config", str(tmp_path)]) == 2
    printed = capsys.readouterr().out
    for value in ("1984", "jane@", "4711234", "Roe"):
        assert value not in printed
