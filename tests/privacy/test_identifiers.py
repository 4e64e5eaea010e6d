"""The identifier gate: each of the eighteen Safe Harbor classes is stopped by header and by value, and never shown."""

import re
import shutil
from pathlib import Path

import pytest

from caseseries.cli import main
from caseseries.ingest.identifiers import CLASSES
from caseseries.ingest.identify import name_classes, value_classes
from caseseries.ingest.source import shown_file

GOOD = Path(__file__).resolve().parents[1] / "messages" / "ingest" / "good-cohort"

HEADERS = {
    "A": ("patient_name", "FirstName", "Surname", "mother name", "Nachname", "姓名"),
    "B": ("street", "home_address", "address2", "ZIP", "zip_code", "postcode", "City", "county"),
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
    "A": (
        "Jane Roe",
        "Roe, Jane",
        "Roe, J.",
        "Dr. Roe",
        "Mrs Roe",
        "ROE, JANE",
        "王小明",
        "J. Roe",
        "O'Roe, Jane",
        "van der Roe, Jane",
        "seen by Dr Roe",
        "prof. roe",
        "김철수",
        "Иванов Иван",
    ),
    "B": ("02139", "02139-4307", "SW1A 1AA", "K1A 0B1", "12 Hill Road", "Boston, MA"),
    "C": (
        "2020-03-04",
        "visit_2020-03-04",
        "4/3/2020",
        "04.03.20",
        "4 March 2020",
        "March 4, 2020",
        "20200304",
        "Mar 2020",
        "2020年3月4日",
        "scan_20200304",
        "03/2020",
        "4 Mar",
        "mar-20",
    ),
    "D": (
        "+44 20 7946 0018",
        "(617) 555-0101",
        "020 79460018",
        "0049 30 123456",
        "call +44 20 7946 0018",
        "13912345678",
    ),
    "E": ("Fax 020 7946 0018",),
    "F": ("jane@example.org",),
    "G": ("078-05-1120", "11010519491231002X", "943 476 5919", "QQ123456C", "id 078-05-1120 ok"),
    "H": (
        "4711234",
        "MRN-004711",
        "mrn:4711",
        "Pat.-Nr. 4711",
        "Patient/4711234",
        "pid-4711234",
        "{4711234}",
        "#4711234",
        "see MRN 4711",
    ),
    "I": ("A123456780",),
    "J": ("GB82 WEST 1234 5698 7654 32",),
    "K": ("D123-4567-8901",),
    "L": ("1HGCM82633A004352",),
    "M": ("SN-48A1K77", "(01)09506000134352"),
    "N": ("https://example.org/p/7", "www.example.org"),
    "O": ("192.0.2.17", "2001:db8:0:0:1::1", "fe80::1"),
    "P": ("voice07.wav",),
    "Q": ("face07.jpg", "scan.dcm"),
    "R": (
        "9f1c2d3e-44aa-4b7c-9d0e-1a2b3c4d5e6f",
        "a81f3c20dd91",
        "urn:uuid:9f1c2d3e-44aa-4b7c-9d0e-1a2b3c4d5e6f",
        "{9F1C2D3E-44AA-4B7C-9D0E-1A2B3C4D5E6F}",
        "Patient/a81f3c20dd91",
        "key 9f1c2d3e-44aa-4b7c-9d0e-1a2b3c4d5e6f of the ward",
        "9f1c2d3e44aa4b7c9d0e1a2b3c4d5e6f",
        "urn:oid:1.2.840.113619.2.55.3",
        "case no. 12345678901 here",
    ),
    "free text": ("seen on the ward by the night team, then sent home",),
}
HARMLESS_HEADERS = (
    "centre",
    "birth_weight_g",
    "delivery_week",
    "delivery_mode",
    "platelets",
    "capacity",
    "initial_response",
    "report",
    "disease_group",
    "updated",
    "stage",
    "dosage",
    "keyword",
    "serial_counts",
    "age_at_diagnosis",
    "neonatal_platelets",
    "face_oedema",
    "facet",
    "retinal_haemorrhage",
    "immobile",
    "addressed",
    "licensed_dose",
    "off_license_use",
    "image_findings",
    "account_for",
    "ip_10",
    "vincristine",
    "brand_name",
    "telangiectasia",
    "voiding",
    "bankart",
)
HARMLESS_VALUES = (
    "E01",
    "P001",
    "S0000001",
    "a",
    "centre A",
    "AML low risk",
    "rhTPO",
    "anti-D",
    "IVIG",
    "dizziness",
    "12.5",
    "7",
    "2019",
    "injection site pain",
    "chronic",
    "U/kg",
    "10^9/L",
    "loss_of_response",
    "first line",
    "1a",
    "H. pylori eradication",
    "B12",
    "vitamin D3",
    "HLA-B27",
    "HLA-A*02:01",
    "FCGR3A V158F",
    "JAK2 V617F",
    "ITP-1",
    "CD20",
    "Evans Syndrome",
    "Graves Disease",
    "Complete Response",
    "Second Line",
    "Third Trimester",
    "Caesarean Section",
    "Group A",
    "Arm B",
    "Centre B",
    "Site A",
    "Type I",
    "Hepatitis B",
    "Anti D",
    "Not Done",
    "Follow Up",
    "Baseline Visit",
    "African American",
    "Prednisolone Acetate",
    "Mycophenolate Mofetil",
    "C1D1",
    "Cycle 1 Day 1",
    "Week 12",
    "G2P1",
    "3 mcg/kg",
    "IVIG 0.4 g/kg x 5 days",
    "dexamethasone 40 mg",
    "ANA 1:160",
    "D69.3",
    "777-3",
    "MedDRA 10043554",
    "B02BX04",
    "NCT01234567",
    "rs1801133",
    "46,XX",
    "WHO 1",
    "CTCAE v5",
    "2015-2020",
    "ECOG 1",
    "Child-Pugh B",
)


def test_the_classes_are_those_of_the_rule():
    assert [one.letter for one in CLASSES] == [*"ABCDEFGHIJKLMNOPQR", "free text"]
    assert set(HEADERS) == set(VALUES) == {one.letter for one in CLASSES}


@pytest.mark.parametrize(("letter", "header"), [(letter, one) for letter, many in HEADERS.items() for one in many])
def test_header(letter, header):
    assert letter in {found.letter for found in name_classes(header)}


@pytest.mark.parametrize(("letter", "value"), [(letter, one) for letter, many in VALUES.items() for one in many])
def test_value(letter, value):
    assert letter in {found.letter for found in value_classes(value)}


ABROAD = {
    "A": "Nombre|Apellidos|Nombre y apellidos|Iniciales|Médico|Familienname|Geburtsname|Arzt|Nom|Prénom|Nom de famille|"
    "名字|主管医生",
    "B": "Dirección|Domicilio|Ciudad|Código postal|Anschrift|Straße|Wohnort|Adresse|Rue|Ville|"
    "Code postal|家庭地址|籍贯",
    "C": "Fecha de nacimiento|F. nac.|Fecha|Geburtstag|Geb.|Date de naissance|生日",
    "D": "Teléfono|Móvil|Telefon|Handy|Téléphone|手机号|联系方式",
    "F": "Correo electrónico|Courriel|邮箱",
    "G": "DNI|NIE|Pasaporte|Nº Seguridad Social|Sozialversicherungsnummer|Reisepass|NIR|Passeport|护照号",
    "H": "Historia clínica|NHC|Nº historia|Expediente|Fallnummer|Patientennummer|Pat.-Nr.|"
    "Numéro de dossier|IPP|门诊号|病案号",
    "I": "Tarjeta sanitaria|Aseguradora|Krankenkasse|Mutuelle|社保号",
    "Q": "Foto|照片",
    "free text": "Observaciones|Comentarios|Notas|Bemerkung|Anmerkungen|Remarques|病史",
}
"""Headers of Spanish, German, French and Chinese hospitals, made up for this file."""


@pytest.mark.parametrize(
    ("letter", "header"), [(one, header) for one, many in ABROAD.items() for header in many.split("|")]
)
def test_header_of_another_language(letter, header):
    assert letter in {found.letter for found in name_classes(header)}


MEDICAL_ABROAD = (
    "Edad|Sexo|Peso|Semanas de gestación|Plaquetas|Dosis|Fármaco|Respuesta|Inicio|Esplenectomía|Grupo sanguíneo|Alter|"
    "Geschlecht|Gewicht|Thrombozyten|Ansprechen|Dosis|Medikament|Blutgruppe|Schwangerschaft|Geburtsgewicht|Âge|Sexe|Poids|"
    "Plaquettes|Réponse|Médicament|Nombre de lignes|Número de tratamientos|年龄|性别|体重|血小板|疗效|孕周|剂量"
)


@pytest.mark.parametrize("header", MEDICAL_ABROAD.split("|"))
def test_harmless_header_of_another_language(header):
    assert name_classes(header) == []


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
    edits = {
        "episodes.csv": [("P03,55", "P03,92"), ("spleen_length_cm", "age_at_diagnosis"), ("a,12\n", "a,91\n")],
        "cohort.yaml": [("name: spleen_length_cm", "name: age_at_diagnosis")],
    }
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


CENTRE = "name: centre, label: Centre, levels: {a: Centre A, b: Centre B}"
LENGTH = "name: spleen_length_cm, label: Spleen length, kind: number, unit: cm"


def test_a_measured_covariate_may_look_like_a_postal_code(tmp_path):
    edits = {"episodes.csv": [("b,\n", "b,12345\n"), ("a,12\n", "a,1234567\n")]}
    assert main(["ingest", "good-cohort", *restricted_cohort(tmp_path, **edits)]) == 0


def test_the_message_names_the_way_out(tmp_path, capsys):
    edits = {
        "episodes.csv": [("b,\n", "b,12345\n"), (",R,7,a,", ",R,7,20123,")],
        "cohort.yaml": [(LENGTH, LENGTH.replace(", unit: cm", "")), (CENTRE, "name: centre, label: Centre")],
    }
    assert main(["ingest", "good-cohort", *restricted_cohort(tmp_path, **edits)]) == 2
    message = capsys.readouterr().err
    assert "spleen_length_cm: a value looks like places" in message
    assert "; numbers with a unit pass" in message
    assert "centre: a value looks like places" in message
    assert "; levels that cohort.yaml declares pass" in message
    assert "12345" not in message
    assert "20123" not in message


def test_declared_levels_have_been_read_and_pass(tmp_path):
    levels = "name: centre, label: Centre, levels: {a: Centre A, Jane Roe: Centre B, '20123': Centre C}"
    edits = {
        "episodes.csv": [("b,\n", "b,9\n"), (",R,7,a,", ",R,7,20123,"), (",NR,,b,", ",NR,,Jane Roe,")],
        "cohort.yaml": [(CENTRE, levels)],
    }
    assert main(["ingest", "good-cohort", *restricted_cohort(tmp_path, **edits)]) == 0


MAPPED = """
mapping:
  sources:
    - table: episodes
      file: list.csv
      columns: {episode_id: Case No, centre: {from: Nachname}, spleen_length_cm: length}
"""


def mapped_cohort(folder, mapping):
    """Only cases, through a mapping, of which one column is headed by a word for surnames."""
    places = restricted_cohort(folder)
    cohort = folder / "data" / "good-cohort"
    for path in cohort.glob("*.csv"):
        path.unlink()
    (cohort / "claims.yaml").unlink()
    text = (cohort / "cohort.yaml").read_text(encoding="utf-8").replace(CENTRE, "name: centre, label: Centre")
    (cohort / "cohort.yaml").write_text(text + mapping, encoding="utf-8")
    (cohort / "list.csv").write_text("Case No,Nachname,length\n1,Roe,12\n2,Doe,13\n", encoding="utf-8")
    return places


def test_a_mapping_does_not_rename_surnames_into_a_covariate(tmp_path, capsys):
    assert main(["ingest", "good-cohort", *mapped_cohort(tmp_path, MAPPED)]) == 2
    message = capsys.readouterr().err
    assert "list.csv, line 1, Nachname: the mapping reads a column that sounds like names" in message
    assert "if it is something else, rename it" in message
    assert "Case No" not in message
    assert "Roe" not in message


@pytest.mark.parametrize(("header", "code"), [("Nachname", 2), ("City", 0)])
def test_a_value_map_makes_codes_of_places_and_keeps_no_names(header, code, tmp_path):
    mapping = MAPPED.replace("from: Nachname", f"from: {header}, values: {{Roe: a, Doe: b}}")
    places = mapped_cohort(tmp_path, mapping)
    listed = tmp_path / "data" / "good-cohort" / "list.csv"
    listed.write_text(listed.read_text(encoding="utf-8").replace("Nachname", header), encoding="utf-8")
    assert main(["ingest", "good-cohort", *places]) == code


def test_cohort_yaml_keeps_no_key_to_case_labels(tmp_path, capsys):
    mapping = MAPPED.replace("episode_id: Case No", "episode_id: {from: Nachname, values: {Roe: E1, Doe: E2}}")
    mapping = mapping.replace("centre: {from: Nachname}, ", "")
    assert main(["ingest", "good-cohort", *mapped_cohort(tmp_path, mapping)]) == 2
    message = capsys.readouterr().err
    assert "episode_id: a value map of case labels is a key to persons" in message
    assert "Roe" not in message


@pytest.mark.parametrize("name", ["Jane Roe.docx", "Jane_Roe.pdf", "jane_1984-03-12.xlsx", "4711234.csv", "ROE, JANE"])
def test_names_of_stray_files_are_not_told(name, tmp_path, capsys):
    shutil.copytree(GOOD, tmp_path / "data" / "good-cohort")
    (tmp_path / "data" / "good-cohort" / name).write_text("x", encoding="utf-8")
    assert main(["check", str(tmp_path / "data" / "good-cohort"), "--config", str(tmp_path)]) == 2
    printed = capsys.readouterr().out
    assert "good-cohort/a file" in printed
    for part in ("Roe", "ROE", "1984", "4711234"):
        assert part not in printed


def test_names_of_ordinary_files_are_told():
    for name in ("labs.csv", "counts_old.csv", "notes.txt", "lab results final v2.xlsx", "Thumbs.db", "~$book.xlsx"):
        assert shown_file(name) == name


def test_a_mapped_file_without_its_header_row_shows_no_value(tmp_path, capsys):
    """A row of data is no list of headers of which one could have been meant."""
    places = mapped_cohort(tmp_path, MAPPED.replace("Case No", "Row").replace("Nachname", "Do"))
    (tmp_path / "data" / "good-cohort" / "list.csv").write_text("Roe,Doe,12\nMeier,Huber,13\n", encoding="utf-8")
    assert main(["ingest", "good-cohort", *places]) == 2
    message = capsys.readouterr().err
    assert "header_row says which" in message
    assert "Roe" not in message
    assert "Doe" not in message
