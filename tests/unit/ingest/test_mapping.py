"""Files as hospitals keep them become the contract's tables; dates become days; faults name the file's own headers."""

import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from caseseries.ingest.folder import examine
from caseseries.ingest.ingest import type_records
from caseseries.model.layout import Layout
from unit.ingest.mapped_cohorts import head

HEAD = head("clinic")
PATIENTS = """\
Kürzel;Geschlecht;Alter;SSW;Gewicht;Beginn;Basis
A1;w;31;30+4;64,5;04.03.2020;12,5
A2;m;52;;82;10.03.2020;<5
"""
LABS = "Kürzel;Datum;Thrombozyten\nA1;04.03.2020;12500\nA1;11.03.2020;45000\nA2;17.03.2020;<5000\nA2;24.03.2020;8000\n"
MAPPING = """
mapping:
  date_order: day-month-year
  missing: [n.b.]
  sources:
    - table: episodes
      file: source/patienten.csv
      delimiter: ";"
      encoding: windows-1252
      decimal: ","
      first_dose: Beginn
      columns:
        episode_id: Kürzel
        sex: {from: Geschlecht, values: {w: female, m: male}}
        age_years: Alter
        gestational_week: {from: SSW, unit: weeks+days}
        weight_kg: Gewicht
        baseline: Basis
        drug: {value: rhTPO}
    - table: counts
      file: source/labor.csv
      delimiter: ";"
      columns:
        episode_id: Kürzel
        day: {from: Datum, date: true}
        count: {from: Thrombozyten, unit: /uL}
"""


def make(folder: Path, mapping=MAPPING, **files) -> Path:
    cohort = folder / "clinic"
    (cohort / "source").mkdir(parents=True)
    (cohort / "cohort.yaml").write_text(HEAD + mapping, encoding="utf-8")
    for name, content in ({"patienten.csv": PATIENTS.encode("cp1252"), "labor.csv": LABS.encode()} | files).items():
        (cohort / "source" / name).write_bytes(content)
    return cohort


def records(cohort: Path):
    examined = examine(cohort, Layout(cohort.parent, cohort.parent, cohort.parent))
    assert [str(finding) for finding in examined.findings if finding.severity == "error"] == []
    return type_records(examined, "clinic")


def errors(cohort: Path) -> list[str]:
    examined = examine(cohort, Layout(cohort.parent, cohort.parent, cohort.parent))
    return [str(finding) for finding in examined.findings if finding.severity == "error"]


def test_german_export_with_dates_decimal_commas_and_counts_per_microlitre(tmp_path):
    made = records(make(tmp_path))
    episodes = made["episodes"]
    assert episodes["sex"].tolist() == ["female", "male"]
    assert episodes["weight_kg"].tolist() == [64.5, 82]
    assert episodes["gestational_week"].iloc[0] == pytest.approx(30 + 4 / 7, abs=1e-4)
    assert episodes["baseline"].tolist() == ["12.5", "<5"]
    assert episodes["drug"].tolist() == ["rhTPO", "rhTPO"]
    counts = made["counts"]
    assert counts["day"].tolist() == [0, 7, 7, 14]
    assert counts["count"].tolist() == ["12.5", "45", "<5", "8"]
    assert counts["source_row"].tolist() == [2, 3, 4, 5]


def test_no_date_is_left_anywhere(tmp_path):
    made = records(make(tmp_path))
    everything = " ".join(frame.to_csv() for frame in made.tables.values())
    assert "2020" not in everything
    assert "04.03" not in everything


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("", "the date can be read in two ways; declare date_order"),
        ("date_order: year-month-day", "the date does not follow the date_order"),
    ],
)
def test_dates_are_refused_without_the_right_order(tmp_path, order, expected):
    found = errors(make(tmp_path, MAPPING.replace("date_order: day-month-year", order)))
    assert any("labor.csv, line 3, case A1, Datum" in line or "day (from Datum)" in line for line in found)
    assert all(expected in line or "no date of first dose" in line for line in found)
    assert not any("2020" in line.split(" (for example")[0] for line in found)


def test_partial_dates_are_refused_or_follow_the_rule(tmp_path):
    labs = LABS.replace("24.03.2020", "03/2020").encode()
    assert any("lacks its day" in line for line in errors(make(tmp_path / "a", **{"labor.csv": labs})))
    rule = MAPPING.replace("mapping:\n", "mapping:\n  partial_dates: middle-of-month\n")
    cohort = make(tmp_path / "b", rule, **{"labor.csv": labs})
    assert records(cohort)["counts"]["day"].tolist() == [0, 7, 7, 5]
    warnings = [str(finding) for finding in examine(cohort, Layout()).findings if finding.severity == "warning"]
    assert any("given a day by the rule middle-of-month" in line for line in warnings)


def test_a_case_without_first_dose_cannot_have_days(tmp_path):
    patients = PATIENTS.replace("10.03.2020", "").encode("cp1252")
    (line,) = errors(make(tmp_path, **{"patienten.csv": patients}))
    assert "labor.csv, line 4, case A2" in line
    assert "no date of first dose" in line


def test_a_wrong_unit_is_refused_and_the_likely_one_named(tmp_path):
    found = errors(make(tmp_path, MAPPING.replace("unit: /uL", "unit: 10^9/L")))
    rule = "the values cannot be in 10^9/L, as the mapping declares; they look like /uL"
    assert found == [f"clinic/source/labor.csv, count (from Thrombozyten): {rule}"]


def test_unknown_unit_table_column_header_and_file(tmp_path):
    broken = MAPPING.replace("unit: /uL", "unit: furlong").replace("age_years: Alter", "age_yaers: Alter")
    found = errors(make(tmp_path / "a", broken))
    assert any("the unit is not known; it must be one of 10^9/L" in line for line in found)
    assert any("a column that episodes does not have" in line and "age_years" in line for line in found)
    found = errors(make(tmp_path / "b", MAPPING.replace("count: {from: Thrombozyten", "count: {from: Thrombos")))
    assert any("the file does not have it" in line for line in found)
    found = errors(make(tmp_path / "c", MAPPING.replace("source/labor.csv", "source/labs.csv")))
    assert any("labs.csv: the file named in the mapping of cohort.yaml is missing" in line for line in found)
    found = errors(make(tmp_path / "d", MAPPING.replace("encoding: windows-1252", "encoding: utf-8")))
    assert any("patienten.csv: the file must be UTF-8 text" in line for line in found)


@pytest.mark.parametrize("file", ["../../secret.csv", "/etc/passwd", "source/../../x.csv", "C:\\x.csv"])
def test_sources_lie_in_the_folder(tmp_path, file):
    found = errors(make(tmp_path, MAPPING.replace("source/labor.csv", f"'{file}'")))
    assert any("a file is named from the cohort's folder and lies in it" in line for line in found)


def test_links_out_of_the_folder_are_not_followed(tmp_path):
    cohort = make(tmp_path)
    (tmp_path / "outside.csv").write_text(LABS, encoding="utf-8")
    (cohort / "source" / "labor.csv").unlink()
    (cohort / "source" / "labor.csv").symlink_to(tmp_path / "outside.csv")
    assert any("links out of it are not read" in line for line in errors(cohort))


def test_contract_faults_name_the_header_of_the_source(tmp_path):
    found = errors(make(tmp_path, **{"labor.csv": LABS.replace("45000", "abc").encode()}))
    assert len(found) == 1
    assert found[0].startswith("clinic/source/labor.csv, line 3, case A1, count (from Thrombozyten): the value must be")
    assert "abc" not in found[0]


def test_leftover_columns_that_identify_are_warned_of(tmp_path):
    patients = PATIENTS.replace("Basis\n", "Basis;Nachname\n").replace("12,5\n", "12,5;Roe\n")
    patients = patients.replace("<5\n", "<5;Doe\n")
    cohort = make(tmp_path, **{"patienten.csv": patients.encode("cp1252")})
    warnings = [str(finding) for finding in examine(cohort, Layout()).findings if finding.severity == "warning"]
    assert any("Nachname: a column that is not read sounds like names" in line for line in warnings)
    assert records(cohort)["episodes"].columns.tolist().count("Nachname") == 0


def test_wide_becomes_long_and_several_files_one_table(tmp_path):
    mapping = (
        MAPPING
        + """
    - table: counts
      file: source/wide.csv
      columns: {episode_id: id}
      wide:
        into: count
        unit: 10^3/uL
        columns:
          plt_d28: {day: 28}
          plt_delivery: {timepoint: delivery}
"""
    )
    made = records(make(tmp_path, mapping, **{"wide.csv": b"id,plt_d28,plt_delivery\nA1,60,80\nA2,,9\n"}))
    counts = made["counts"]
    assert len(counts) == 7
    tail = counts.tail(3)
    assert tail["count"].tolist() == ["60", "80", "9"]
    assert tail["day"].fillna(-1).tolist() == [28, -1, -1]
    assert tail["timepoint"].tolist() == ["", "delivery", "delivery"]
    assert tail["source_row"].tolist() == [2, 2, 3]


def test_where_joined_labels_and_doses(tmp_path):
    mapping = (
        MAPPING
        + """
    - table: exposures
      file: source/drugs.csv
      where: {kind: [given]}
      columns:
        episode_id: [unit, number]
        drug: name
        dose: {from: amount, unit: ug/kg}
        first_day: {from: started, date: true}
"""
    )
    drugs = b"unit,number,kind,name,amount,started\nA1,,given,romiplostim,3,2020-03-05\nA2,,planned,romiplostim,3,\n"
    made = records(make(tmp_path, mapping, **{"drugs.csv": drugs}))
    exposures = made["exposures"]
    assert exposures[["episode_id", "drug", "first_day", "dose", "dose_unit"]].to_numpy().tolist() == [
        ["A1", "romiplostim", 1, 3, "mcg/kg"]
    ]


def test_excel_keeps_dates_and_numbers(tmp_path):
    mapping = MAPPING.replace('source/labor.csv\n      delimiter: ";"', "source/labor.xlsx\n      sheet: Labor")
    cohort = make(tmp_path, mapping)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Labor"
    sheet.append(["Kürzel", "Datum", "Thrombozyten"])
    sheet.append(["A1", datetime.datetime(2020, 3, 4, 9, 30), 12500])
    sheet.append(["A1", datetime.date(2020, 3, 11), 45000.0])
    sheet.append(["A2", 43907, "<5000"])
    sheet.append([None, None, None])
    sheet.append(["A2", "24.03.2020", 8000])
    book.save(cohort / "source" / "labor.xlsx")
    counts = records(cohort)["counts"]
    assert counts["day"].tolist() == [0, 7, 7, 14]
    assert counts["count"].tolist() == ["12.5", "45", "<5", "8"]
    assert counts["source_row"].tolist() == [2, 3, 4, 6]


def test_excel_faults(tmp_path):
    mapping = MAPPING.replace('source/labor.csv\n      delimiter: ";"', "source/labor.xlsx\n      sheet: Labor")
    cohort = make(tmp_path, mapping)
    (cohort / "source" / "labor.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    assert any("the workbook cannot be opened" in line for line in errors(cohort))
    book = openpyxl.Workbook()
    book.save(cohort / "source" / "labor.xlsx")
    assert any("no sheet of the name" in line for line in errors(cohort))
    book = openpyxl.Workbook()
    book.active.title = "Labor"
    for row in (["Kürzel", "Datum", "Thrombozyten"], ["A1", datetime.date(2020, 3, 11), "#N/A"]):
        book.active.append(row)
    book.save(cohort / "source" / "labor.xlsx")
    assert any("line 2, case A1, count" in line and "an error of the spreadsheet" in line for line in errors(cohort))


def test_a_mapped_table_cannot_stand_in_the_folder_besides(tmp_path):
    cohort = make(tmp_path)
    (cohort / "counts.csv").write_text("episode_id,day,count\nA1,0,3\n", encoding="utf-8")
    assert any("made by the mapping" in line for line in errors(cohort))


def test_the_typed_records_are_those_of_plain_tables(tmp_path):
    """The mapped cohort and the same cohort typed by hand give equal records."""
    mapped = records(make(tmp_path))
    plain = tmp_path / "plain" / "clinic"
    plain.mkdir(parents=True)
    (plain / "cohort.yaml").write_text(HEAD, encoding="utf-8")
    mapped["counts"][["episode_id", "day", "count"]].astype({"day": int}).to_csv(plain / "counts.csv", index=False)
    columns = ["episode_id", "sex", "age_years", "gestational_week", "weight_kg", "baseline", "drug"]
    mapped["episodes"][columns].to_csv(plain / "episodes.csv", index=False)
    typed = records(plain)
    for name in ("episodes", "counts"):
        pd.testing.assert_frame_equal(typed[name][mapped[name].columns], mapped[name])
