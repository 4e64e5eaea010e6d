"""`caseseries new --from`: from a hospital's workbook to a cohort that runs, and nothing of a person in the draft."""

import csv
import json
import re
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from caseseries.cli import main
from unit.ingest.hospital_workbook import LEFT_TO_SAY, WOMEN, write_workbook

ROOT = Path(__file__).resolve().parents[3]
SAID = {
    "title:": "title: SYNTHETIC twelve women",
    "population:": "population: SYNTHETIC pregnant women",
    "  basis:": "  basis: No person stands behind any row.",
    "provenance: registry": "provenance: synthetic",
    "  profile: restricted": "  profile: synthetic",
}
"""What somebody fills in or puts right in a draft: lines by how they begin."""


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A folder with the shipped drugs and definitions in which commands run."""
    (tmp_path / "config").symlink_to(ROOT / "config")
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def draft(name="book.xlsx", *more):
    """The text of the draft made from a file."""
    assert main(["new", "my-itp", "--from", name, *more]) == 0
    return Path("data/my-itp/cohort.yaml").read_text(encoding="utf-8")


def fill_in(words):
    """Fill in what the draft leaves empty."""
    path = Path("data/my-itp/cohort.yaml")
    lines = path.read_text(encoding="utf-8").splitlines()
    for start, line in SAID.items():
        (place,) = [number for number, one in enumerate(lines) if one.startswith(start)]
        lines[place] = line
    for word, meaning in words.items():
        (place,) = [number for number, one in enumerate(lines) if one.strip().startswith(f"{word}: ")]
        lines[place] = lines[place].replace(f"{word}: ", f"{word}: {meaning}", 1)
    path.write_text("\n".join(lines), encoding="utf-8")


def errors(capsys):
    """What check says must be decided or mended, without the places."""
    capsys.readouterr()
    main(["check", "data/my-itp"])
    errors = capsys.readouterr().out.partition("Errors:\n")[2].partition("\n\n")[0]
    return [line.split(", ", 1)[1] for line in errors.splitlines()]


@pytest.mark.parametrize("language", ["en", "de", "es", "zh"])
def test_two_checks_lead_from_a_workbook_to_the_classes(study, language, capsys):
    write_workbook(study / "book.xlsx", language)
    draft()
    words = LEFT_TO_SAY.get(language, {})
    left = errors(capsys)
    assert len(left) == 3 + len(words)
    assert all(line.endswith("this must be filled in") for line in left)
    fill_in(words)
    assert main(["check", "data/my-itp"]) == 0
    assert main(["ingest", "my-itp"]) == 0
    assert main(["classify", "my-itp"]) == 0
    records = Path("results/restricted/my-itp/records")
    women = pd.read_parquet(records / "episodes.parquet")
    assert women[["age_years", "sex", "reported_response"]].to_numpy().tolist() == [
        [woman[0], "female", woman[-1]] for woman in WOMEN
    ]
    assert women["gestational_week"].tolist()[:2] == [pytest.approx(30 + 4 / 7, abs=1e-4), 33]
    assert women["weight_kg"].tolist()[:3] == [62, 70, 58.5]
    counts = pd.read_parquet(records / "counts.parquet")
    expected = [
        [day, str(count).strip("*↑")]
        for woman in WOMEN
        for day, count in zip((0, 7, 14, 21), woman[3:7], strict=True)
        if count is not None
    ]
    assert counts[["day", "count"]].to_numpy().tolist() == expected
    events = pd.read_parquet(records / "events.parquet")
    assert events["kind"].value_counts().to_dict() == {"delivery": 12, "rescue": 4}
    assert set(events["day"]) == {woman[7] for woman in WOMEN if woman[7]} | {woman[8] for woman in WOMEN}
    given = pd.read_parquet(records / "exposures.parquet")
    assert given.groupby(["first_day", "last_day", "dose", "dose_unit"]).size().to_dict() == {
        (0, 6, 300, "U/kg"): 12,
        (7, 13, 150, "U/kg"): 12,
    }


@pytest.mark.parametrize("language", ["en", "de", "es", "zh"])
def test_no_cell_of_a_person_stands_in_the_draft(study, language, capsys):
    write_workbook(study / "book.xlsx", language)
    text = draft() + capsys.readouterr().out
    for cell in ("Example", "Anna", "very woman", "62kg", "58.5", "28+2", "2019", "<5", "31.6"):
        assert cell not in text, cell
    assert not {path.name for path in Path("data/my-itp").rglob("*")} & {"book.xlsx"}


def test_a_word_of_few_is_not_told(study):
    """Words that one case alone has, and words that look like names, stay in the file."""
    rows = [["Code", "Response", "Doctor", "Ward"]]
    rows += [
        [f"E{n}", word, "Meier", "Nord"] for n, word in enumerate(["CR", "CR", "XY", "XY", "lost at sea", "Jane Roe"])
    ]
    write_csv("labs.csv", rows)
    text = draft("labs.csv")
    assert re.search(r"XY: +# 2 rows: one of CR, R, NR, responded; empty if not known", text)
    assert "words not shown, since few cases have them or they may be names: 2;" in text
    for cell in ("at sea", "Jane", "Meier", "Nord"):
        assert cell not in text
    assert "Doctor: words (1 different) in 6 of 6 rows; it may say who somebody is: take it out of the file" in text


def test_names_in_place_of_headers_are_not_told(study):
    write_csv("wide.csv", [["item", "Meier", "Roe"], ["a", "1", "2"], ["b", "3", "4"]])
    text = draft("wide.csv")
    assert "Meier" not in text
    assert "column 2: numbers in 2 of 2 rows" in text


def test_sheets_called_after_people_are_not_told(study):
    book = openpyxl.Workbook()
    for title in ("Anna Meier", "Berta", "Clara", "Dora"):
        sheet = book.create_sheet(title)
        for row in (["Date", "PLT"], [date(2020, 3, 4), 12], [date(2020, 3, 11), 20]):
            sheet.append(row)
    book.active.append(["Code", "Age"])
    book.active.append(["E1", 31])
    book.save("book.xlsx")
    text = draft()
    for name in ("Anna", "Meier", "Berta", "Clara", "Dora"):
        assert name not in text
    assert "sheet: '*'" in text
    assert "sheets with the same headers" in text
    assert "age_years: Age" in text


def test_the_name_of_the_file_is_not_told(study, capsys):
    book = openpyxl.Workbook()
    book.active.append(["Code", "Age"])
    book.active.append(["E1", 31])
    for title in ("Berta", "Clara"):  # two with the same headers are enough to look like one a person
        sheet = book.create_sheet(title)
        for row in (["Date", "PLT"], [date(2020, 3, 4), 12], [date(2020, 3, 11), 20]):
            sheet.append(row)
    book.save("Meier.xlsx")
    text = draft("Meier.xlsx") + capsys.readouterr().out
    assert "with the same headers" in text
    for name in ("Meier", "Berta", "Clara"):
        assert name not in text


def sheets_of_people():
    """SYNTHETIC: a sheet for each woman, called after her, what she is above and her counts below."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, (name, weeks) in enumerate([("Anna Berg", "30+4"), ("Berta Zorn", "33+0"), ("Clara Wolff", "28+2")]):
        sheet = book.create_sheet(name)
        start = date(2020, 3, 4 + number)
        for row in [
            ["Patientin", name],
            ["Alter", 31 + number],
            ["SSW bei Beginn", weeks],
            ["Beginn", start],
            [],
            ["Datum", "Thrombozyten (G/l)", "Bemerkung"],
            [start, 9],
            [start.replace(day=20), "45*"],
        ]:
            sheet.append(row)
    return book


def two_rows_of_headers():
    """SYNTHETIC: a merged word above the days of three columns of counts."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["SYNTHETIC series"])
    sheet.append(["Case", "Age", "Start", "PLT (10^9/L)", None, None, "Response"])
    sheet.append([None, "(years)", None, "baseline", "day 7", "day 14", None])
    sheet.merge_cells("D2:F2")
    for case in (1, 2, 3):
        sheet.append([case, 30 + case, date(2020, 3, case), 9, 45, 110, "CR"])
    return book


@pytest.mark.parametrize(
    ("make", "episodes", "counts"),
    [
        (sheets_of_people, [["E01", 31], ["E02", 32], ["E03", 33]], [["E01", 0, "9"], ["E01", 16, "45"]]),
        (two_rows_of_headers, [["1", 31], ["2", 32], ["3", 33]], [["1", 0, "9"], ["1", 7, "45"]]),
    ],
)
def test_a_sheet_a_person_and_two_rows_of_headers_come_in(study, make, episodes, counts, capsys):
    make().save("book.xlsx")
    text = draft()
    for name in ("Anna", "Berg", "Zorn", "Wolff"):
        assert name not in text
    assert len(errors(capsys)) == 3
    fill_in({})
    assert main(["ingest", "my-itp"]) == 0
    records = Path("results/restricted/my-itp/records")
    frame = pd.read_parquet(records / "episodes.parquet")
    assert frame[["episode_id", "age_years"]].to_numpy().tolist() == episodes
    frame = pd.read_parquet(records / "counts.parquet")
    assert frame[["episode_id", "day", "count"]].to_numpy().tolist()[:2] == counts


def test_a_sheet_that_lacks_a_header_is_named(study, capsys):
    book = sheets_of_people()
    book["Berta Zorn"]["B6"] = "Thrombos"
    book.save("book.xlsx")
    draft()
    fill_in({})
    Path("data/my-itp/source/records.xlsx").unlink()
    book["Berta Zorn"]["B6"] = "Thrombocytes (G/l)"
    book.save("data/my-itp/source/records.xlsx")
    assert any("the sheet lacks a header that the mapping reads" in line for line in errors(capsys))


def test_doses_as_written_are_drafted(study, capsys):
    rows = [["Case", "Age", "Start"], *([case, 30, f"2020-03-0{case}"] for case in (1, 2))]
    book = openpyxl.Workbook()
    doses = book.create_sheet("Doses")
    for row in rows:
        book.active.append(row)
    for row in (
        ["Case", "Drug", "Start", "End", "Dose"],
        [1, "romiplostim", "2020-03-01", "2020-03-15", "1→3 mcg/kg/周"],
    ):
        doses.append(row)
    doses.append([2, "romiplostim", "2020-03-02", "2020-03-16", "2 mcg/kg qw"])
    book.save("book.xlsx")
    assert "written: ['{dose}{unit} {rhythm}', '{dose}→{dose}{unit}/{rhythm}']" in draft()
    fill_in({})
    assert main(["check", "data/my-itp"]) == 0


def test_files_of_a_standard_are_drafted_by_their_presets(study, capsys):
    Path("dm.csv").write_text("DOMAIN,USUBJID,RFXSTDTC,AGE,SEX\nDM,S-1,2020-03-04,31,F\n", encoding="utf-8")
    lab = "DOMAIN,USUBJID,LBTESTCD,LBSTRESC,LBSTRESU,LBDTC\nLB,S-1,PLAT,45,10^9/L,2020-03-11\n"
    Path("results of the laboratory.csv").write_text(lab, encoding="utf-8")
    text = draft("dm.csv", "results of the laboratory.csv")
    assert "{preset: sdtm-lb, file: source/sdtm-lb.csv}" in text
    fill_in({})
    assert main(["check", "data/my-itp"]) == 0


def test_several_tables_and_the_files_of_a_server_are_drafted_together(study, capsys):
    Path("a.csv").write_text("Case,Age,Start\n1,31,2020-03-04\n2,28,2020-04-01\n", encoding="utf-8")
    Path("b.csv").write_text("Case,Date,PLT\n1,2020-03-11,45\n1,2020-03-18,60\n2,2020-04-08,9\n", encoding="utf-8")
    text = draft("a.csv", "b.csv")
    assert "file: source/records-2.csv" in text
    fill_in({})
    assert main(["check", "data/my-itp"]) == 0


def test_lines_of_resources_in_a_file_for_each_kind(study, capsys):
    person = {"resourceType": "Patient", "id": "k-1", "gender": "female", "birthDate": "1989-05-03"}
    given = {
        "resourceType": "MedicationAdministration",
        "id": "m",
        "status": "completed",
        "effectiveDateTime": "2020-03-04",
    }
    given |= {"subject": {"reference": "Patient/k-1"}, "medicationCodeableConcept": {"text": "romiplostim"}}
    counted = {"resourceType": "Observation", "status": "final", "subject": {"reference": "Patient/k-1"}}
    counted |= {"code": {"coding": [{"system": "http://loinc.org", "code": "777-3"}]}}
    pages = [
        [
            counted
            | {
                "id": f"o{day}",
                "effectiveDateTime": f"2020-03-{day}",
                "valueQuantity": {"value": 45, "code": "10*3/uL"},
            }
        ]
        for day in (11, 18)
    ]
    names = ["p.ndjson", "m.ndjson", "o1.ndjson", "o2.ndjson"]
    for name, lines in zip(names, [[person], [given], *pages], strict=True):
        Path(name).write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")
    assert draft(*names).count("table: counts") == 2
    fill_in({})
    assert main(["ingest", "my-itp"]) == 0
    counts = pd.read_parquet("results/restricted/my-itp/records/counts.parquet")
    assert counts[["episode_id", "day", "count"]].to_numpy().tolist() == [["E01", 7, "45"], ["E01", 14, "45"]]


def test_a_further_event_of_an_export_completes_the_cases(study, capsys):
    export = """\
record_id,redcap_event_name,redcap_repeat_instrument,sex,start_date,prior___1,resp
1,start_arm_1,,1,2020-03-04,1,
1,end_arm_1,,,,0,1
2,start_arm_1,,1,2020-04-01,0,
2,end_arm_1,,,,0,1
"""
    dictionary = """\
"Variable / Field Name","Form Name","Field Type","Field Label","Choices, Calculations, OR Slider Labels"
record_id,case,text,Record,
sex,case,radio,Sex,"1, Female | 2, Male"
start_date,case,text,Date of first dose,
prior,case,checkbox,Prior treatment,"1, IVIG | 2, Steroids"
resp,outcome,dropdown,Best response,"1, Complete response | 2, No response"
"""
    Path("export.csv").write_text(export, encoding="utf-8")
    Path("dictionary.csv").write_text(dictionary, encoding="utf-8")
    text = draft("export.csv", "--dictionary", "dictionary.csv")
    assert "prior___1 (Prior treatment (IVIG))" in text
    fill_in({})
    assert main(["ingest", "my-itp"]) == 0
    women = pd.read_parquet("results/restricted/my-itp/records/episodes.parquet")
    assert women[["episode_id", "sex", "reported_response"]].to_numpy().tolist() == [
        [case, "female", "CR"] for case in "12"
    ]


def test_a_laboratory_of_old_letters_with_a_unit_in_each_row(study):
    rows = ["Code;Beginn;Datum;Untersuchung;Ergebnis;Einheit", "A1;04.03.2020;25.03.2020;Thrombozyten;45;Tsd/µl"]
    rows += ["A1;04.03.2020;26.03.2020;Hämoglobin;11,2;g/dl", "A2;14.03.2020;27.03.2020;Thrombozyten;90;G/l"]
    rows += ["A2;14.03.2020;28.03.2020;Thrombozyten;95000;/µl"]
    Path("lab.csv").write_bytes("\n".join(rows).encode("windows-1252"))
    text = draft("lab.csv")
    assert "encoding: windows-1252" in text
    assert "unit: Einheit" in text
    fill_in({})
    assert main(["ingest", "my-itp"]) == 0
    counts = pd.read_parquet("results/restricted/my-itp/records/counts.parquet")
    assert counts[["day", "lo"]].to_numpy().tolist() == [[21, 45], [13, 90], [14, 95]]


def test_a_chinese_file_of_old_letters(study):
    Path("lab.csv").write_bytes("编号,年龄,首次用药日期\n1,31,2020-03-04\n2,28,2020-04-01\n".encode("gb18030"))
    assert "encoding: gb18030" in draft("lab.csv")


def test_the_labels_of_a_statistics_file_tell_days_and_units(study, capsys):
    frame = pd.DataFrame({"id": [1.0, 2.0], "beginn": [date(2020, 3, 4), date(2020, 4, 1)], "thr_0": [9.0, 5.0]})
    frame["thr_7"] = [45.0, 12.0]
    labels = {"thr_0": "Thrombozyten Tag 0 (G/l)", "thr_7": "Thrombozyten Tag 7 (G/l)"}
    pyreadstat.write_sav(frame, "s.sav", column_labels=labels)
    text = draft("s.sav")
    assert "thr_7: {day: 7}" in text
    assert re.search(r"unit: G/L +# the header says G/L", text)


def test_orders_stand_for_what_was_given_only_if_somebody_says_so(study, capsys):
    order = {"resourceType": "MedicationRequest", "id": "m", "status": "active", "authoredOn": "2020-03-04"}
    order |= {"subject": {"reference": "Patient/k-1"}, "medicationCodeableConcept": {"text": "romiplostim"}}
    person = {"resourceType": "Patient", "id": "k-1", "gender": "female"}
    entries = [{"resource": one} for one in (person, order)]
    Path("b.json").write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
    assert "if an order may stand for the dose that was given" in draft("b.json")
    assert sum("first_dose: this must be filled in" in line for line in errors(capsys)) == 1
    fill_in({"first_dose": "date"})
    assert main(["check", "data/my-itp"]) == 0


def write_csv(name, rows, delimiter=",", encoding="utf-8"):
    with Path(name).open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)


def test_keys_become_labels(study):
    write_csv("labs.csv", [["Patient ID", "Age"], ["20201234", "31"], ["20205678", "33"]])
    assert "episode_id: {from: Patient ID, number_as: E}" in draft("labs.csv")


def test_a_german_laboratory(study, capsys):
    """One row a count, semicolons, decimal commas, dates in words of the country, two tests, counts per microlitre."""
    rows = [["Laborbericht"], ["Fallnummer", "Datum", "Beginn", "Untersuchung", "Ergebnis"]]
    rows += [["A1", f"0{day}.04.2020", "01.04.2020", "Thrombozyten", f"{day}000,0"] for day in (1, 5, 8)]
    rows += [
        ["A2", "03.04.2020", "02.04.2020", "Hb", "11,2"],
        ["A2", "04.04.2020", "02.04.2020", "Thrombozyten", "9500,0"],
    ]
    write_csv("labor.csv", rows, ";", "windows-1252")
    text = draft("labor.csv")
    assert "encoding" not in text  # plain letters alone
    for line in (
        "delimiter: ;",
        "header_row: 2",
        "date_order: day-month-year",
        "where: {Untersuchung: [Thrombozyten]}",
    ):
        assert line in text.replace("'", ""), line
    assert "count: {from: Ergebnis, unit: /uL}" in text
    assert "first_dose: Beginn" in text
    fill_in({})
    assert errors(capsys) == []
    main(["ingest", "my-itp"])
    counts = pd.read_parquet("results/restricted/my-itp/records/counts.parquet")
    assert counts[["day", "count"]].to_numpy().tolist() == [[0, "1"], [4, "5"], [7, "8"], [2, "9.5"]]


def test_what_cannot_be_known_is_left_to_decide(study, capsys):
    """An order of dates that nobody can tell, and dates without a day 0, are decisions and no wall of errors."""
    rows = [["Patient", "Date", "PLT"], ["1", "03/04/2020", "12"], ["1", "05/04/2020", "31"], ["2", "06/07/2020", "9"]]
    write_csv("labs.csv", rows)
    text = draft("labs.csv")
    assert re.search(r"first_dose: +# the header with the date of the first dose", text)
    assert re.search(r"date_order: '' +# 3 dates can be read in two ways", text)
    left = errors(capsys)
    assert len(left) == 5
    assert [line for line in left if "date_order" in line or "first_dose" in line] == [
        next(line for line in left if "date_order" in line),
        next(line for line in left if "first_dose" in line),
    ]


def examples_of_the_page(*names):
    """Files of docs/data.md, written into the folder."""
    page = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    for name in names:
        (body,) = re.findall(rf"^```\S+ data/\S+/{re.escape(name)}\n(.*?)^```$", page, re.M | re.S)
        Path(name).write_text(body, encoding="utf-8")


def counts_of(verb="ingest"):
    """Day and count of every count that comes in with the draft, once it is filled in."""
    fill_in({})
    assert main(["check", "data/my-itp"]) == 0
    assert main([verb, "my-itp"]) == 0
    counts = pd.read_parquet("results/restricted/my-itp/records/counts.parquet")
    return counts[["day", "count"]].to_numpy().tolist()


def test_a_redcap_export_with_its_dictionary(study):
    examples_of_the_page("export.csv", "dictionary.csv")
    text = draft("export.csv", "--dictionary", "dictionary.csv")
    assert "redcap: {events: [baseline_arm_1], dictionary: source/dictionary.csv}" in text
    assert "redcap: {instrument: labs, dictionary: source/dictionary.csv}" in text
    assert counts_of() == [[7, "31"], [14, "56"], [7, "9"]]


def test_fields_marked_as_identifiers_are_left_out(study):
    examples_of_the_page("export.csv", "dictionary.csv")
    path = Path("dictionary.csv")
    path.write_text(path.read_text().replace('sex,case,radio,Sex,"1, Female | 2, Male",', "sex,case,text,Sex,,y"))
    text = draft("export.csv", "--dictionary", "dictionary.csv")
    assert "# fields that the data dictionary marks as identifiers are not read: 1" in text
    assert "sex:" not in text
    assert "first_dose: start" in text  # a date becomes days


@pytest.mark.parametrize(("file", "expected"), [("bundle.json", [[0, "<5"], [7, "45"]]), ("packets.json", [[7, "45"]])])
def test_bundles(study, file, expected):
    examples_of_the_page(file)
    draft(file)
    assert counts_of() == expected


def test_lines_of_resources_with_persons_and_another_test(study):
    """Patients give the episodes; a code that is none of platelets is told, a key becomes a label."""
    lines = [
        {"resourceType": "Patient", "id": key, "gender": "female", "birthDate": "1990-02-01"}
        for key in ("key1", "key2")
    ]
    for key in ("key1", "key2"):
        of = {"subject": {"reference": f"urn:uuid:0000-{key}"}, "status": "final", "effectiveDateTime": "2020-03-04"}
        for code, value in (("26515-7", 12), ("718-7", 11)):
            coded = {"code": {"coding": [{"system": "http://loinc.org", "code": code}]}}
            lines.append(
                {"resourceType": "Observation", **of, **coded, "valueQuantity": {"value": value, "unit": "G/L"}}
            )
    Path("records.ndjson").write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    text = draft("records.ndjson")
    assert "where: {kind: [Observation], code: [26515-7]}" in text
    assert "Observation of code 718-7: 2" in text
    assert "episode_id: {from: subject, number_as: E}" in text
    assert re.search(r"first_dose: +# the header with the date of the first dose: no entry says it", text)
    assert "key1" not in text
    assert "1990" not in text


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("gone.xlsx", None, "there is no such file"),
        ("empty.csv", b"", "the file is empty"),
        ("blank.csv", b"\n\n", "the file is empty"),
        ("head.csv", b"Code,Age\n", "there are no rows below the headers"),
        ("locked.xlsx", b"\xd0\xcf\x11\xe0" + b"0" * 600, "closed by a password"),
        ("half.xlsx", b"PK\x03\x04" + b"0" * 600, "the workbook cannot be opened"),
        ("old.xls", b"\xd0\xcf\x11\xe0", "files that end in .xls are not read"),
        ("picture.png", b"\x89PNG", "files of this kind are not known; those that are end in .xlsx"),
        ("list.json", b"[1, 2]", "the file must be a FHIR bundle, lines of FHIR resources (NDJSON), or phenopackets"),
        ("half.json", b'{"resourceType": ', "the file is no JSON that can be read"),
        ("data.sav", b"no such file" * 30, "the file cannot be read as one that ends in .sav"),
    ],
)
def test_refused(study, name, content, rule, capsys):
    if content is not None:
        Path(name).write_bytes(content)
    assert main(["new", "my-itp", "--from", name]) == 2
    assert rule in capsys.readouterr().err
    assert not Path("data/my-itp").exists()


def test_options_that_do_not_go_together(study, capsys):
    write_csv("labs.csv", [["Patient", "Age"], ["1", "31"]])
    assert main(["new", "my-itp", "--from", "labs.csv", "--tables", "counts"]) == 2
    assert main(["new", "my-itp", "--dictionary", "labs.csv"]) == 2
    printed = capsys.readouterr().err
    assert "--tables makes empty ones and cannot stand beside --from" in printed
    assert "a data dictionary belongs to an export" in printed


def write_book(name, sheets):
    """A workbook from rows by title of the sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(name)


def test_codes_in_headers_days_without_a_word_and_numbers_for_dates(study, capsys):
    """SYNTHETIC: codes explained in headers, dates kept as numbers, a sheet of counts whose headers are days alone."""
    cases = [["Study ID", "Gender (1=F, 2=M)", "Date commenced", "Best response (0=none, 1=PR, 2=CR)"]]
    cases += [[n, 1 + n % 2, 43890 + n, n % 3] for n in range(1, 7)]
    counts = [["PLT (10^9/L)"], ["Study ID", "Day 0", "Day 7", "Wk 4"]]
    counts += [[n, 8, f"≈{30 + n}", "<5" if n == 2 else 60] for n in range(1, 7)]
    write_book("book.xlsx", {"Cases": cases, "Platelets": counts, "Codes": [["Code", "Meaning"], [1, "Female"]]})
    text = draft()
    assert "'1': female                         # the header says 1 = F; 3 rows" in text
    assert "first_dose: Date commenced" in text
    assert errors(capsys) and len(errors(capsys)) == 3
    assert counts_of()[:3] == [[0, "8"], [7, "31"], [28, "60"]]
    cases = pd.read_parquet("results/restricted/my-itp/records/episodes.parquet")
    assert cases["sex"].tolist() == ["male", "female"] * 3
    assert cases["reported_response"].tolist() == ["R", "CR", "NR"] * 2


def test_remarks_below_the_rows_are_no_case(study, capsys):
    """SYNTHETIC: a row of means, then a remark in a single cell."""
    rows = [["资料"], ["序号", "年龄（岁）", "rhTPO开始时间", "用药后7天PLT"]]
    rows += [[n, f"{27 + n}岁", f"2019年{n}月2日", 40 + n] for n in (1, 2, 3)]
    write_book("book.xlsx", {"数据": [*rows, ["平均值：", 29], ["注：PLT为血小板计数，单位10^9/L"]]})
    text = draft()
    assert "last_row: 6" in text
    assert "用药后: do they count from the first dose?" in text
    assert counts_of() == [[7, "41"], [7, "42"], [7, "43"]]
    assert len(pd.read_parquet("results/restricted/my-itp/records/episodes.parquet")) == 3


def test_what_may_be_no_day_is_not_taken_for_one(study, capsys):
    """Units transfused, a box ticked, days before the dose, a second start: none becomes a day without being asked."""
    rows = [["ID", "Start of romiplostim", "Start of eltrombopag", "Transfusion of platelets", "Rescue", "PLT day -7"]]
    rows[0] += ["PLT day 7", "Last visit"]
    rows += [[f"E{n}", date(2020, 1, n), date(2020, 3, n), f"{n} units", n % 2, 7, 40, 6] for n in (1, 2, 3)]
    write_book("book.xlsx", {"Cases": rows})
    text = draft()
    assert "which of them is day 0: Start of romiplostim, Start of eltrombopag?" in text
    assert "table: events" not in text
    assert "Transfusion of platelets: numbers in 3 of 3 rows; sounds like an event, and holds no day of it" in text
    assert "PLT day -7:" not in text.partition("# Not read")[0]
    left = errors(capsys)
    assert sum("first_dose: this must be filled in" in line for line in left) == 1
    assert sum("follow_up_end_day.unit: this must be filled in" in line for line in left) == 1


def test_a_label_goes_before_a_name_that_says_something_else(study, capsys):
    frame = pd.DataFrame({"id": [1.0, 2.0], "drug_start": [date(2020, 3, 4), date(2020, 4, 1)], "plt": [2.0, 1.0]})
    frame["thr7"] = [45.0, 12.0]
    labels = {"drug_start": "Date of first dose", "plt": "Platelet transfusions (units)", "thr7": "Platelets day 7"}
    pyreadstat.write_dta(frame, "s.dta", column_labels=[labels.get(name, "") for name in frame])
    text = draft("s.dta")
    assert "first_dose: drug_start" in text
    assert "thr7: {day: 7}" in text
    assert "plt" not in text.partition("# Not read")[0].partition("mapping:")[2]


def test_a_folder_stands_for_the_files_in_it(study):
    Path("export").mkdir()
    examples_of_the_page("bundle.json")
    Path("bundle.json").rename("export/b.json")
    Path("export/log.md").write_text("no records", encoding="utf-8")
    draft("export")
    assert counts_of() == [[0, "<5"], [7, "45"]]


def test_a_fault_names_the_header_of_its_own_source(study, capsys):
    """Two sources of one table: the header of the other one is not the one to look at."""
    rows = "1,31,60,\n2,33,late,188\n3,35,88,190\n"
    Path("a.csv").write_text(f"Case,Age,Delivery day,Death day\n{rows}", encoding="utf-8")
    draft("a.csv")
    fill_in({})
    left = errors(capsys)
    assert len(left) == 1 and "day (from Delivery day)" in left[0]


def test_sheets_of_counts_alone_are_one_a_person(study, capsys):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, day_7 in (("Anna M.", 31), ("Bert K.", 9), ("Carla S.", 52)):
        sheet = book.create_sheet(title)
        for row in (["Day", "PLT (10^9/L)"], [0, 8], [7, day_7]):
            sheet.append(row)
    book.create_sheet("Legend").append(["PLT", "platelets"])
    book.save("book.xlsx")
    assert "where: {Day: filled}" in draft()
    fill_in({})
    assert errors(capsys) == []
    assert main(["ingest", "my-itp"]) == 0
    assert "3 episodes, 6 counts" in capsys.readouterr().out
    path = Path("data/my-itp/cohort.yaml")
    text = re.sub(r"      where: .*\n", "", path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    assert any("reads the titles of the sheets alone" in line for line in errors(capsys))


def test_a_column_of_cases_that_no_header_tells_is_asked_for_where_a_case_has_several_rows(study, capsys):
    book = openpyxl.Workbook()
    book.active.title = "Patients"
    for row in (["Dossier", "Age", "Sex"], ["X1", 31, "f"], ["X2", 40, "m"]):
        book.active.append(row)
    labs = book.create_sheet("Labs")
    for row in (["Dossier", "Day", "PLT"], ["X1", 0, 8], ["X1", 7, 50], ["X2", 0, 9]):
        labs.append(row)
    book.save("book.xlsx")
    text = draft()
    assert text.count("episode_id:  ") == 2 and "number_as" not in text
    fill_in({})
    assert [line for line in errors(capsys) if "episode_id: this must be filled in" in line]


@pytest.mark.parametrize("header", ["Pat.-Code", "Fall-Code", "Patient study ID"])
def test_two_words_for_one_thing_are_one(study, header):
    write_csv("book.csv", [[header, "Day", "PLT"], ["E1", 0, 8], ["E1", 7, 50]])
    assert f"episode_id: {header}" in draft("book.csv")


def test_a_sheet_in_which_each_case_is_a_column_is_turned(study, capsys):
    book = openpyxl.Workbook()
    for row in (
        ["Our series"],
        ["Case", 1, 2, 3],
        ["Age", 31, 28, 35],
        ["Sex", "F", "F", "M"],
        ["PLT day 0 (10^9/L)", 8, "<5", 11],
        ["PLT day 7 (10^9/L)", 45, 12, 39],
    ):
        book.active.append(row)
    book.save("book.xlsx")
    text = draft()
    assert "transpose: true" in text and "header_row: 2" in text
    fill_in({})
    assert errors(capsys) == []
    assert main(["ingest", "my-itp"]) == 0
    assert "3 episodes, 6 counts" in capsys.readouterr().out


def test_a_file_of_which_no_header_is_known_is_asked_for_them(study, capsys):
    write_csv("book.csv", [["Roe", "31", "f", "8"], ["Doe", "28", "f", "9"]])
    text = draft("book.csv")
    assert "no header is known" in text and "Roe" not in text
    fill_in({})
    assert [line for line in errors(capsys) if "episode_id: this must be filled in" in line]


COURSES = [
    ["Patient", "COURSE", "Start date", "Sex", "Age", "PLT day 0", "PLT day 7"],
    ["P1", 1, "2020-03-04", "f", 30, 8, 110],
    ["P1", 2, "2021-03-04", "f", 31, 12, 40],
    ["P2", 1, "2020-02-29", "m", 55, 9, 10],
]


@pytest.mark.parametrize("header", ["Course", "Cycle no.", "Episode"])
def test_courses_of_one_person_have_labels_of_their_own(study, header, capsys):
    write_csv("book.csv", [[header if cell == "COURSE" else cell for cell in row] for row in COURSES])
    text = draft("book.csv")
    assert f"episode_id: [Patient, {header}]" in text and "patient_id: Patient" in text
    fill_in({})
    assert errors(capsys) == []
    assert main(["ingest", "my-itp"]) == 0
    assert "3 episodes, 6 counts" in capsys.readouterr().out


def test_several_dates_of_first_dose_without_a_course_are_asked_for(study):
    write_csv("book.csv", [[cell for place, cell in enumerate(row) if place != 1] for row in COURSES])
    assert re.search(r"first_dose: +# Start date has several dates of a case", draft("book.csv"))


@pytest.mark.parametrize("mark", [" ", "'", "\u00a0", "’"])
def test_thousands_that_are_parted_are_numbers(study, mark, capsys):
    rows = [["ID", "Age", "PLT day 0 (/µL)", "PLT day 7 (/µL)"]]
    rows += [[f"E{n}", 30 + n, f"{n}{mark}000", f"1{n}5{mark}000"] for n in (5, 8, 9)]
    write_csv("book.csv", rows, delimiter=";")
    plain = {"\u00a0": " ", "’": "'"}.get(mark, mark)
    assert re.search(rf"thousands: ['\"]{plain}['\"]+ ", draft("book.csv"))
    fill_in({})
    assert errors(capsys) == []
    assert main(["ingest", "my-itp"]) == 0
    assert "3 episodes, 6 counts" in capsys.readouterr().out


def test_a_first_dose_that_stands_in_some_rows_of_a_case_is_day_0(study):
    rows = [["ID", "Start date", "Date", "PLT"], ["E1", "2020-03-04", "2020-03-04", 8], ["E1", "", "2020-03-11", 50]]
    write_csv("book.csv", rows)
    assert "first_dose: Start date" in draft("book.csv")
