"""What a real spreadsheet holds: it comes in rightly, or is refused with what to do, and no cell is told."""

import datetime
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import LineChart
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from caseseries.ingest.folder import examine
from caseseries.ingest.ingest import type_records
from caseseries.ingest.sheet import write_cell
from caseseries.model.layout import Layout
from unit.ingest.mapped_cohorts import head

HEAD = (
    head("clinic")
    + """\
covariates:
  - {name: centre, label: Centre}
mapping:
  sources:
    - {table: episodes, file: cases.csv, first_dose: start, columns: {episode_id: id, centre: centre}}
"""
)
CASES = "id,start,centre\nE1,2020-03-01,a\nE2,2020-03-02,b\n"


def make(folder: Path, source: str, content: bytes | str | openpyxl.Workbook, file="labs.csv", head=HEAD) -> Path:
    """A cohort whose counts come from one file; `source` are further keys of it in flow style."""
    cohort = folder / "clinic"
    cohort.mkdir(parents=True)
    (cohort / "cases.csv").write_text(CASES, encoding="utf-8")
    (cohort / "cohort.yaml").write_text(f"{head}    - {{table: counts, file: {file}, {source}}}\n", encoding="utf-8")
    if isinstance(content, openpyxl.Workbook):
        content.save(cohort / file)
    else:
        (cohort / file).write_bytes(content.encode() if isinstance(content, str) else content)
    return cohort


def told(cohort: Path, severity="error") -> list[str]:
    """Findings of a severity; these cohorts are about other things than bleeding, which they do not record."""
    found = [one for one in examine(cohort, Layout()).findings if one.column != "bleeding_recorded"]
    return [str(finding) for finding in found if finding.severity == severity]


def counts(cohort: Path) -> list[list]:
    assert told(cohort) == []
    return type_records(examine(cohort, Layout()), "clinic")["counts"][["day", "count"]].to_numpy().tolist()


def column(folder: Path, cells: list[str], unit: str = "", more: str = "", head=HEAD) -> Path:
    """A cohort whose counts are these cells, on days 0, 1, ..."""
    rows = "".join(f'E1,{day},"{cell}"\n' for day, cell in enumerate(cells))
    count = f"{{from: plt, unit: {unit}}}" if unit else "plt"
    source = f"{more}columns: {{episode_id: id, day: day, count: {count}}}"
    return make(folder, source, "id,day,plt\n" + rows, head=head)


PLAIN = "columns: {episode_id: id, day: day, count: plt}"
DATED = "columns: {episode_id: id, day: {from: d, date: true}, count: plt}"


@pytest.mark.parametrize(
    ("cells", "unit", "more", "read"),
    [
        (["45,000", "8000", "<5,000"], "/uL", "thousands: ',', ", ["45", "8", "<5"]),
        (["45.000", "8000", "1.045.000"], "/uL", "thousands: '.', decimal: ',', ", ["45", "8", "1045"]),
        (["1.234,5", "12,5", "45"], "", "thousands: '.', decimal: ',', ", ["1234.5", "12.5", "45"]),
        (["45\u00a0000", "45\u202f000", "45 000"], "/uL", "thousands: ' ', ", ["45", "45", "45"]),
        (["45'000", "45’000"], "/uL", 'thousands: "\'", ', ["45", "45"]),
        (["１２", "＜５", "\u00a012\u200b", "１２．５"], "", "", ["12", "<5", "12", "12.5"]),
        (["１２０００", "45000.0"], "/uL", "", ["12", "45"]),
        (["< 5", "> 1000"], "", "", ["< 5", "> 1000"]),
        (["5 G/L", "12x10^9/L", "<5 K/uL"], "", "", ["5", "12", "<5"]),
        (["45000/µl", "8000 /mm³"], "/uL", "", ["45", "8"]),
    ],
)
def test_numbers_as_people_write_them(tmp_path, cells, unit, more, read):
    assert [count for _, count in counts(column(tmp_path, cells, unit, more))] == read


@pytest.mark.parametrize(
    ("cell", "unit", "more", "hint"),
    [
        ("45,000", "", "", "declare thousands in the mapping"),
        ("45 000", "/uL", "", "declare thousands in the mapping"),
        ("45.000", "/uL", "", "a count per uL has no decimals"),
        ("12.5", "/uL", "", "a count per uL has no decimals"),
        ("45.000", "", "decimal: ',', ", "the number has a point, though the mapping declares a decimal comma"),
        ("12,5", "", "", "with a decimal point, not a comma"),
        ("≤5", "", "", "write a bound that is surely true"),
        (">=1000", "", "", "write a bound that is surely true"),
        ("5*", "", "", "nothing behind it"),
        ("5 U/L", "", "", "nothing behind it"),
        ("5 /uL", "", "", "nothing behind it"),
        ("ca. 5", "", "", "nothing before it"),
        ("5–10", "", "", "one number, not a range"),
        ("1E+04", "/uL", "", "digits may be lost"),
        ("1_000", "/uL", "", "nothing behind it"),
        ("٣", "/uL", "", "the value must be a number"),
        ("n.d.", "", "", "a mapping can list the word under missing"),
        ("#N/A", "", "", "an error of the spreadsheet"),
        ("#WERT!", "", "", "an error of the spreadsheet"),
    ],
)
def test_what_is_no_number_is_refused_with_what_to_do(tmp_path, cell, unit, more, hint):
    whole = ["45000", "8000", "9000"] if unit else ["45", "8", "9"]
    (line,) = told(column(tmp_path, [*whole, cell], unit, more))
    assert line.startswith("clinic/labs.csv, line 5, case E1, count (from plt): ")
    assert hint in line
    assert cell not in line.partition(": ")[2].partition(" (for example")[0] or cell in ("n.d.", "#N/A")


def test_a_point_that_parts_thousands_is_never_read_as_decimals(tmp_path):
    """45.000 per uL would be 0.045 x 10^9/L, and the other rows would hide it."""
    assert any("has no decimals" in line for line in told(column(tmp_path, ["45.000", "8000", "12000"], "/uL")))


def test_words_that_stand_for_missing_may_be_numbers_in_yaml(tmp_path):
    head = HEAD.replace("mapping:\n", "mapping:\n  missing: [-99, '#N/A', n.b.]\n")
    cells = column(tmp_path, ["45", "-99", "#N/A", "n.b."], head=head)
    assert counts(cells) == [[0, "45"]]
    rule = "rows without a value there hold no counts and were passed over: 3"
    assert told(cells, "warning") == [f"clinic/labs.csv, count (from plt): {rule}"]


@pytest.mark.parametrize("map_", ["{1: female, 2: male}", "{'1': female, '2': male}"])
def test_value_maps_may_have_numbers(tmp_path, map_):
    head = HEAD.replace("centre: centre}", f"centre: centre, sex: {{from: s, values: {map_}}}}}")
    cohort = make(tmp_path, PLAIN, "id,day,plt\nE1,0,5\n", head=head)
    (cohort / "cases.csv").write_text("id,start,centre,s\nE1,2020-03-01,a,1\nE2,2020-03-02,b,2\n", encoding="utf-8")
    assert counts(cohort) == [[0, "5"]]
    assert type_records(examine(cohort, Layout()), "clinic")["episodes"]["sex"].tolist() == ["female", "male"]


def test_yes_and_no_of_yaml_need_quotes(tmp_path):
    source = PLAIN.replace("day: day", "day: {from: day, values: {no: 0}}")
    assert any("write it in quotes" in line for line in told(make(tmp_path, source, "id,day,plt\nE1,0,5\n")))


def test_texts_of_a_mapping_are_printable(tmp_path):
    source = PLAIN.replace("count: plt", 'count: plt, timepoint: {value: "\\0"}')
    assert any("must be printable" in line for line in told(make(tmp_path, source, "id,day,plt\nE1,0,5\n")))


def test_capitals_of_closed_words_do_not_matter(tmp_path):
    head = HEAD.replace("centre: centre}", "centre: centre, sex: sex, pregnant: pregnant}")
    cohort = make(tmp_path, PLAIN, "id,day,plt\nE1,0,5\n", head=head)
    cases = "id,start,centre,sex,pregnant\nE1,2020-03-01,a,Female,YES\nE2,2020-03-02,b,F,No\n"
    (cohort / "cases.csv").write_text(cases, encoding="utf-8")
    (line,) = told(cohort)
    assert "line 3, case E2, sex" in line
    assert "translate others under values, or list them under missing" in line


@pytest.mark.parametrize(
    ("content", "more", "day"),
    [
        ("id,day,plt,,\nE1,3,5,,\n", "", 3),
        ("id,day,,plt\nE1,3,,5\n", "", 3),
        ("id,day,plt\r\nE1,3,5\r", "", 3),
        ("id,day ,plt\u00a0\nE1,3,5\n", "", 3),
        ("sep=;\nid;day;plt\nE1;3;5\n", "delimiter: ';', ", 3),
        ("id\tday\tplt\nE1\t3\t5\n", "delimiter: tab, ", 3),
        ("id\tday\tplt\nE1\t3\t5\n", 'delimiter: "\\t", ', 3),
        ("id,day,plt\nE1,3,5\n".encode("utf-16"), "encoding: utf-16, ", 3),
        ("\ufeffid,day,plt\nE1,3,5\n", "", 3),
        ('a title\nid,day,plt,x\nE1,3,5,"a\nb"\n', "header_row: 2, ", 3),
        ("Größe\x85\nid,day,plt\nE1,3,5\n".encode("iso-8859-1"), "header_row: 2, encoding: iso-8859-1, ", 3),
    ],
)
def test_files_as_programs_write_them(tmp_path, content, more, day):
    assert counts(make(tmp_path, more + PLAIN, content)) == [[day, "5"]]


@pytest.mark.parametrize(
    ("content", "more", "hint"),
    [
        ("ID,DAY,PLT\nE1,0,5\n", "", "did you mean PLT?"),
        ("Laboratory,,\nid,day,plt\nE1,0,5\n", "", "say header_row"),
        ("id,,\n,day,plt\nE1,0,5\n", "", "say header_row"),
        ("id,blood,count\n,day,plt\nE1,0,5\n", "", "the headers must stand in one row, and header_row says which"),
        ("id,day,plt\nE1,0,5\n,7,9\n", "", "also where cells were merged"),
        ("id|day|plt\nE1|0|5\n", "", "separated by bars"),
        ("id,day,plt\nE1,0,5\n", "delimiter: ';', ", "separated by commas; declare it"),
        ("id,day,plt,ö\nE1,0,5,\n", "encoding: windows-1252, ", "the file is UTF-8 text and not windows-1252"),
        ("\ufeffid,day,plt\nE1,0,5\n", "encoding: windows-1252, ", "the file is UTF-8 text and not windows-1252"),
        ("id,day,plt,\nE1,0,5,x\n", "", "column 4 has no name in the header; name it"),
        ("id,day,plt\nE1,0,5\n", "where: {day: [7]}, ", "where keeps no row"),
    ],
)
def test_files_that_cannot_be_right(tmp_path, content, more, hint):
    cohort = make(tmp_path, more + PLAIN, content)
    assert any(hint in line for line in told(cohort) + told(cohort, "warning"))


def book(rows, change=None, header=("id", "d", "plt")) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    for row in (header, *rows):
        made.active.append(row)
    if change:
        change(made, made.active)
    return made


MARCH = datetime.date(2020, 3, 8)


def count_from_1904(made, sheet):
    made.epoch = CALENDAR_MAC_1904
    sheet["B3"] = (MARCH - datetime.date(1904, 1, 1)).days


def hide_first(made, sheet):
    made.create_sheet("lookup", 0).append(["id", "d", "plt"])
    made["lookup"].sheet_state = "hidden"


def add_error_beside(made, sheet):
    sheet["D1"], sheet["D2"] = "bmi", "#DIV/0!"
    sheet["D2"].data_type = "e"


CHANGES = {"plain": None, "from 1904": count_from_1904, "hidden": hide_first, "error beside": add_error_beside}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_workbooks(tmp_path, change):
    made = book([["E1", MARCH, 12.5], ["E1", datetime.datetime(2020, 3, 8, 14, 30), 0.1 + 0.2]], change)
    assert counts(make(tmp_path, DATED, made, "labs.xlsx")) == [[7, "12.5"], [7, "0.3"]]


def test_a_formula_that_was_never_calculated_is_not_taken_as_empty(tmp_path):
    source = DATED.replace("count: plt", "count: plt, flag: flag")
    made = book([["E1", MARCH, 5, "=A2"], ["E1", MARCH, 6, None]], header=("id", "d", "plt", "flag"))
    (line,) = told(make(tmp_path, source, made, "labs.xlsx"))
    assert "line 2, case E1, flag" in line
    assert "a formula that was never calculated" in line


def hide_all(made, sheet):
    made.create_chartsheet("chart").add_chart(LineChart())
    sheet.sheet_state = "hidden"


@pytest.mark.parametrize(
    ("file", "content", "hint"),
    [
        ("labs.xls", b"\xd0\xcf\x11\xe0", "files that end in .xls are not read; save it as .xlsx or as CSV"),
        ("labs.ods", b"PK\x03\x04", "files that end in .ods are not read"),
        ("labs.xlsx", b"\xd0\xcf\x11\xe0", "without a password"),
        ("labs.xlsx", book([["E1", MARCH, 5]], hide_all), "no sheet of cells that is not hidden"),
    ],
)
def test_workbooks_that_cannot_be_read(tmp_path, file, content, hint):
    assert any(hint in line for line in told(make(tmp_path, DATED, content, file)))


def test_cells_of_a_sheet():
    cells = [None, True, 45.0, 64.099999999999994, 1e-05, 13.530000000000001, 1e21, datetime.date(2020, 3, 8), " a "]
    assert [write_cell(cell) for cell in cells] == [
        "",
        "yes",
        "45",
        "64.1",
        "0.00001",
        "13.53",
        "1000000000000000000000",
        "2020-03-08",
        "a",
    ]


def test_a_date_is_for_a_column_of_days(tmp_path):
    head = HEAD.replace("centre: centre}", "centre: centre, weight_kg: {from: start, date: true}}")
    cohort = make(tmp_path, PLAIN, "id,day,plt\n", head=head)
    assert any("weight_kg: date: true counts days" in line for line in told(cohort))


def test_links_out_of_the_folder_are_not_read(tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("id,day,plt\nE1,0,5\n", encoding="utf-8")
    cohort = make(tmp_path, "redcap: {dictionary: dictionary.csv}, " + PLAIN, "id,day,plt\nE1,0,5\n")
    (cohort / "dictionary.csv").symlink_to(secret)
    assert any("dictionary.csv: the file must lie in the cohort's folder" in line for line in told(cohort))


def test_half_a_sheet_is_no_workbook(tmp_path):
    """A package whose sheet is cut off in the middle: opened, and then not readable."""
    cohort = make(tmp_path, DATED, book([["E1", MARCH, 5]] * 50), "labs.xlsx")
    whole = zipfile.ZipFile(cohort / "labs.xlsx")
    parts = {name: whole.read(name) for name in whole.namelist()}
    whole.close()
    with zipfile.ZipFile(cohort / "labs.xlsx", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content[: len(content) // 2] if "worksheets/" in name else content)
    assert any("the workbook cannot be opened" in line for line in told(cohort))


PAIRS = """columns: {episode_id: id}, wide: {into: count, unit: 10^3/uL, columns: {
  p1: {day: {from: d1, date: true}, timepoint: baseline}, p2: {day: {from: d2, date: true}}}}"""


def test_pairs_of_dates_and_counts_become_rows(tmp_path):
    content = "id,d1,p1,d2,p2\nE1,2020-03-01,9,2020-03-08,45\nE2,2020-03-02,12,,\n"
    cohort = make(tmp_path, PAIRS, content)
    assert counts(cohort) == [[0, "9"], [7, "45"], [0, "12"]]
    assert told(cohort, "warning") == []


def test_faults_in_a_pair_name_its_headers(tmp_path):
    content = "id,d1,p1,d2,p2\nE1,2020-03-01,9*,soon,45\n"
    first, second = told(make(tmp_path, PAIRS, content))
    assert first.startswith("clinic/labs.csv, line 2, case E1, count (from p1): the value must be a number")
    assert second.startswith("clinic/labs.csv, line 2, case E1, d2: the cell holds no date")


def test_columns_of_a_visit_are_those_of_the_contract(tmp_path):
    source = PAIRS.replace("day: {from: d2", "dya: {from: d2")
    source = source.replace("true}, timepoint", "false, unit: ell}, timepoint")
    found = told(make(tmp_path, source, "id,d1,p1,d2,p2\n"))
    assert any("dya: mapping fills a column that counts does not have (for example: day)" in line for line in found)
    assert any("day: the unit is not known" in line for line in found)


@pytest.mark.parametrize(
    ("week", "unit", "hint"),
    [
        ("30.4", "weeks+days", "may be 30 weeks and 4 days"),
        ("30-4", "weeks+days", "one number, not a range"),
        ("30+7", "weeks+days", "weeks and days must be written"),
        ("30.4", "weeks", ""),
        ("30+4", "weeks+days", ""),
    ],
)
def test_weeks_with_a_point_are_not_guessed(tmp_path, week, unit, hint):
    head = HEAD.replace("centre: centre}", f"centre: centre, gestational_week: {{from: w, unit: {unit}}}}}")
    cohort = make(tmp_path, PLAIN, "id,day,plt\nE1,0,5\n", head=head)
    cases = f"id,start,centre,w\nE1,2020-03-01,a,{week}\nE2,2020-03-02,b,\n"
    (cohort / "cases.csv").write_text(cases, encoding="utf-8")
    found = told(cohort)
    assert len(found) == bool(hint)
    assert all("gestational_week (from w)" in line and hint in line for line in found)
