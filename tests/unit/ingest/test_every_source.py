"""What a mapping does to cells it does in every source: rows and columns of text files, sheets and data sets."""

import json
import zipfile
from datetime import date

import openpyxl
import pytest

from unit.ingest.mapped_cohorts import make_cohort, rows, told

CELLS = ["45*", "１２０↑", "<5", "n.b.", "1\u00a0234", "62.0", "low"]
MADE = [("45", "pre_event"), ("120", ""), ("<5", ""), ("1234", ""), ("62", ""), ("9", "")]
DONE = 'flags: {"*": pre_event}, strip: ["↑"], values: {low: "9"}, unit: 10^3/uL'
KEYS = """\
mapping:
  missing: [n.b.]
  sources:
    - {table: episodes, file: p.csv, first_dose: start, first_dose_strip: ["*", "(ext.)"], columns: {episode_id: id}}
    - table: counts
      file: FILE
      thousands: " "
"""
LONG = "      columns: {episode_id: id, day: {from: day, unit: weeks}, count: {from: x, DONE}}\n"
WIDE = "      columns: {episode_id: id}\n      wide: {into: count, DONE, columns: {COLUMNS}}\n"
TURNED = "      transpose: true\n" + WIDE


def table_of(kind, cells):
    """The cells as a table: one row each, or one column each."""
    if kind.startswith("long"):
        return [["id", "day", "x"], *(["E1", str(week), cell] for week, cell in enumerate(cells))]
    wide = [["id", *(f"w{week}" for week in range(len(cells)))], ["E1", *cells]]
    return [list(column) for column in zip(*wide, strict=True)] if kind.startswith("turned") else wide


def content_of(kind, file, cells=CELLS):
    cells = table_of(kind, cells)
    if file.endswith("csv"):
        return "".join(",".join(line) + "\n" for line in cells)
    if file.endswith("json"):
        return json.dumps({"columns": [{"name": name} for name in cells[0]], "rows": cells[1:]})
    book = openpyxl.Workbook()
    for line in cells:
        book.active.append(line)
    return book


@pytest.mark.parametrize("file", ["l.csv", "l.xlsx", "l.json"])
@pytest.mark.parametrize(("kind", "how"), [("long", LONG), ("wide", WIDE), ("turned", TURNED)])
def test_cells_mean_the_same_in_every_source(tmp_path, kind, how, file):
    columns = ", ".join(f"w{week}: {{day: {7 * week}}}" for week in range(len(CELLS)))
    keys = KEYS.replace("FILE", file) + how.replace("COLUMNS", columns).replace("DONE", DONE)
    files = {"p_csv": "id,start\nE1,2020-03-04* (ext.)\n", file.replace(".", "_"): content_of(kind, file)}
    made = rows(make_cohort(tmp_path, keys, **files), "counts", "count", "flag", "day")
    assert [(count, flag) for count, flag, _ in made] == MADE
    assert [day for *_, day in made] == [7 * week for week, cell in enumerate(CELLS) if cell != "n.b."]


@pytest.mark.parametrize("file", ["l.csv", "l.xlsx"])
@pytest.mark.parametrize(("kind", "column"), [("long", "count (from x)"), ("wide", "count (from w1)")])
def test_a_fault_names_its_column_and_nothing_follows_from_it(tmp_path, kind, column, file):
    how = (
        (LONG if kind == "long" else WIDE)
        .replace("COLUMNS", "w0: {day: 0}, w1: {day: 7}")
        .replace("DONE", "unit: K/uL")
    )
    content = content_of(kind, file, ["45", "soon"])
    files = {"p_csv": "id,start\nE1,2020-03-04\n", file.replace(".", "_"): content}
    (found,) = told(make_cohort(tmp_path, KEYS.replace("FILE", file) + how, **files))
    line = 3 if kind == "long" else 2
    assert found.startswith(f"{file}, line {line}, case E1, {column}: the value must be")


DATED = """\
mapping:
  PARTIAL
  sources:
    - {table: episodes, file: b.xlsx, first_dose: start, columns: {episode_id: id}}
    - {table: events, file: b.xlsx, columns: {episode_id: id, day: {from: died, date: true}, kind: {value: death}}}
"""


def dated(code):
    book = openpyxl.Workbook()
    for line in (["id", "start", "died"], ["E1", date(2020, 3, 4), date(2020, 5, 1)]):
        book.active.append(line)
    book.active["C2"].number_format = code
    return book


@pytest.mark.parametrize("code", ["mmm yyyy", "[$-409]mmmm\\ yyyy;@", "mm/yy", 'yyyy"年"m"月"'])
def test_a_date_that_shows_no_day_is_a_month(tmp_path, code):
    (found,) = told(make_cohort(tmp_path / "a", DATED.replace("PARTIAL", "missing: []"), b_xlsx=dated(code)))
    assert "the date lacks its day" in found
    keys = DATED.replace("PARTIAL", "partial_dates: middle-of-month")
    assert rows(make_cohort(tmp_path / "b", keys, b_xlsx=dated(code)), "events", "day") == [[72]]


@pytest.mark.parametrize("code", ["dd.mm.yyyy", "yyyy-mm-dd", "d mmm yy", "General"])
def test_a_date_that_shows_its_day_is_that_day(tmp_path, code):
    keys = DATED.replace("PARTIAL", "missing: []")
    assert rows(make_cohort(tmp_path, keys, b_xlsx=dated(code)), "events", "day") == [[58]]


def test_a_row_without_height_is_a_hidden_one(tmp_path):
    book = dated("yyyy-mm-dd")
    book.active.append(["E2", date(2020, 3, 4), None])
    book.active.row_dimensions[3].height = 7
    cohort = make_cohort(tmp_path, DATED.replace("PARTIAL", "missing: []"), b_xlsx=book)
    with zipfile.ZipFile(cohort / "b.xlsx") as archive:
        parts = {name: archive.read(name).replace(b'ht="7"', b'ht="0"') for name in archive.namelist()}
    with zipfile.ZipFile(cohort / "b.xlsx", "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    found = told(cohort, "warning")
    assert any("hidden or filtered lines of the sheet come in like the others: 3" in line for line in found)
