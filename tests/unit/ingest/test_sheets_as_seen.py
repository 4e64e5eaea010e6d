"""A sheet is read as its reader sees it: stated sizes, merged blocks, hidden and struck-out lines, number formats."""

import re
import zipfile

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from caseseries.ingest.number_format import show_number
from caseseries.ingest.seen import name_block, read_block
from unit.ingest.mapped_cohorts import make_cohort, rows, told

MAPPING = """\
covariates: [{name: arm, label: Arm}]
mapping:
  sources:
    - {table: episodes, file: book.xlsx, sheet: Cases, columns: {episode_id: id, arm: arm}MORE}
    - {table: counts, file: book.xlsx, sheet: Labs, columns: {episode_id: id, day: day, count: plt}MORE}
"""
CASES = [["id", "arm"], ["E1", "new"], ["E2", "new"], ["E3", "old"]]
LABS = [["id", "day", "plt"], *([case, day, 10 + day] for case in ("E1", "E2", "E3") for day in (0, 7))]
PLAIN = [["E1", 0, "10"], ["E1", 7, "17"], ["E2", 0, "10"], ["E2", 7, "17"], ["E3", 0, "10"], ["E3", 7, "17"]]


def book(cases=CASES, labs=LABS):
    made = openpyxl.Workbook()
    made.active.title = "Cases"
    for title, content in (("Cases", cases), ("Labs", labs)):
        sheet = made["Cases"] if title == "Cases" else made.create_sheet(title)
        for row in content:
            sheet.append(row)
    return made


def cohort(folder, made, more=""):
    return make_cohort(folder, MAPPING.replace("MORE", more), book_xlsx=made)


def counts(made):
    return rows(made, "counts", "episode_id", "day", "count")


def rewrite(path, change):
    """Change the text of each sheet of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, change(content.decode()) if "worksheets/" in name else content)


@pytest.mark.parametrize("stated", ['<dimension ref="A1"/>', '<dimension ref="A1:B3"/>', ""])
def test_the_size_that_a_sheet_states_is_not_believed(tmp_path, stated):
    made = cohort(tmp_path, book())
    rewrite(made / "book.xlsx", lambda text: re.sub(r"<dimension[^>]*/>", stated, text))
    assert counts(made) == PLAIN


def test_cells_that_do_not_say_where_they_stand_are_read_in_order(tmp_path):
    made = cohort(tmp_path, book())
    rewrite(made / "book.xlsx", lambda text: re.sub(r'(<(?:c|row)) r="[A-Z0-9]+"', r"\1", text))
    assert counts(made) == PLAIN


def test_a_merged_block_holds_its_value_in_each_cell(tmp_path):
    made = book([["id", "arm"], ["E1", "new"], ["E2", None], ["E3", "old"]])
    made["Cases"].merge_cells("B2:B3")
    labs = made["Labs"]
    for block in ("A2:A3", "B1:B1", "A4:A5", "A6:A7"):
        labs.merge_cells(block)
    folder = cohort(tmp_path, made)
    assert rows(folder, "episodes", "arm") == [["new"], ["new"], ["old"]]
    assert counts(folder) == PLAIN
    assert told(folder, "warning") == []


def test_a_header_merged_over_two_lines_is_read(tmp_path):
    made = book(labs=[["id", "day", "plt"], [None, None, "10^9/L"], *LABS[1:]])
    for block in ("A1:A2", "B1:B2"):
        made["Labs"].merge_cells(block)
    mapping = MAPPING.replace("count: plt", 'count: "10^9/L"').replace("sheet: Labs,", "sheet: Labs, header_row: 2,")
    assert counts(make_cohort(tmp_path, mapping.replace("MORE", ""), book_xlsx=made)) == PLAIN


def test_a_block_merged_over_columns_that_are_read_is_refused_by_name(tmp_path):
    made = book()
    made["Labs"].merge_cells("B3:C3")
    assert told(cohort(tmp_path, made))[0].startswith("book.xlsx, sheet Labs, line 3: the cells B3:C3 are merged")


def hide(made):
    for line in (3, 4, 7):
        made["Labs"].row_dimensions[line].hidden = True


def strike(made):
    for line in (3, 4, 7):
        for cell in made["Labs"][line]:
            cell.font = Font(strike=True)


@pytest.mark.parametrize(("change", "key"), [(hide, "hidden"), (strike, "struck_out")])
def test_hidden_and_struck_out_lines_are_asked_about(tmp_path, change, key):
    made = book()
    change(made)
    folder = cohort(tmp_path, made)
    assert counts(folder) == PLAIN
    (line,) = told(folder, "warning")
    assert line.startswith("book.xlsx, sheet Labs: ")
    assert "3, 4, 7; if that is meant" in line
    read = cohort(tmp_path, made, f", {key}: read")
    assert counts(read) == PLAIN
    assert told(read, "warning") == []
    left = cohort(tmp_path, made, f", {key}: leave_out")
    assert counts(left) == [PLAIN[0], PLAIN[3], PLAIN[4]]
    assert told(left, "warning") == []


def test_struck_out_cells_and_hidden_columns_are_told_only_where_they_are_read(tmp_path):
    made = book()
    made["Labs"]["D1"], made["Labs"]["D2"] = "extra", "wrong"
    made["Labs"]["D2"].font = Font(strike=True)
    made["Labs"].column_dimensions["D"].hidden = True
    assert told(cohort(tmp_path, made), "warning") == []
    made["Labs"]["C5"].font = Font(strike=True)
    made["Labs"].column_dimensions["B"].hidden = True
    struck, hidden = told(cohort(tmp_path, made), "warning")
    assert "struck-out lines of the sheet come in like the others: 5;" in struck
    assert "day: the column is hidden in the sheet" in hidden


def test_text_that_is_struck_out_in_part_is_refused(tmp_path):
    made = book()
    made["Labs"]["C4"] = CellRichText(TextBlock(InlineFont(strike=True), "54"), "45")
    assert told(cohort(tmp_path, made)) == [
        "book.xlsx, sheet Labs, line 4, plt: part of the text in the cell is struck out; leave in it what is meant"
    ]


def test_number_formats_are_read_as_they_show(tmp_path):
    made = book()
    for line, code in enumerate(['"<"0', '">"0', "[<20]\\<0;0", '0"*"', '0" G/L"', "0.0"], 2):
        made["Labs"].cell(line, 3).number_format = code
    folder = cohort(tmp_path, made, "")
    (error,) = told(folder)
    assert error.startswith("book.xlsx, sheet Labs, line 5, case E2, count (from plt): the value must be a number")
    made["Labs"]["C5"].number_format = "0"
    assert [row[2] for row in counts(cohort(tmp_path, made))] == ["<10", ">17", "<10", "17", "10", "17"]


def test_formats_that_hide_digits_are_told(tmp_path):
    made = book()
    made["Labs"]["C2"].number_format = "0,"
    (line,) = told(cohort(tmp_path, made), "warning")
    assert line.startswith("book.xlsx, sheet Labs, plt: the number format of the cells shows something else")
    assert line.endswith("lines 2")


@pytest.mark.parametrize(
    ("number", "plain", "code", "shown"),
    [
        (11, "11", "General", ("11", False)),
        (11, "11", '"<"0', ("<11", False)),
        (11, "11", "\\>0.0", (">11", False)),
        (3, "3", "[<5]\\<\\5;0", ("<5", False)),
        (7, "7", "[<5]\\<\\5;0", ("7", False)),
        (7, "7", '"E"00', ("E07", False)),
        (7, "7", "000", ("007", False)),
        (62, "62", '0" kg"', ("62 kg", False)),
        (45000, "45000", "0,", ("45000", True)),
        (45000, "45000", "#,##0", ("45000", False)),
        (3004, "3004", '00"+"00', ("3004", True)),
        (11, "11", ";;;", ("11", True)),
        (0.45, "0.45", "0.0%", ("0.45", False)),
        (-3, "-3", "0;(0)", ("-3", False)),
        (0, "0", '0;-0;"none"', ("none", False)),
        (0, "0", '_-* #,##0_-;-* #,##0_-;_-* "-"??_-', ("0", False)),
        (11, "11", "[Red][$€-407] #,##0.00", ("11", False)),
        (11, "11", "# ?/?", ("11", False)),
        (1e6, "1000000", "0.0E+00", ("1000000", False)),
    ],
)
def test_number_formats(number, plain, code, shown):
    assert show_number(number, plain, code) == shown


def test_sheets_that_nobody_reads_are_told(tmp_path):
    made = book()
    made.create_sheet("Legend").append(["1 = yes"])
    made.create_sheet("Empty")
    made.create_sheet("Old").append(["x"])
    made["Old"].sheet_state = "hidden"
    rule = "book.xlsx, sheet: sheets of the workbook that no source reads: Legend"
    assert told(cohort(tmp_path, made), "warning") == [rule]


def test_a_formula_that_gives_an_empty_text_is_empty(tmp_path):
    made = cohort(tmp_path, book(labs=[*LABS, ["E3", 14, "=A1"]]))
    rewrite(made / "book.xlsx", lambda text: re.sub(r'<c r="C8"[^>]*>', '<c r="C8" t="str">', text))
    assert counts(made) == PLAIN
    assert any("were passed over: 1" in line for line in told(made, "warning"))


def test_blocks_have_the_names_of_excel():
    assert read_block("B4:AA12") == (4, 12, 1, 26)
    assert name_block((4, 12, 1, 26)) == "B4:AA12"


@pytest.mark.parametrize(("cell", "count"), [("1.050", None), ("<5.0", None), (7.5, "7.5"), ("7,5", "7.5")])
def test_a_number_kept_as_text_with_a_point_is_not_guessed_beside_a_declared_comma(tmp_path, cell, count):
    made = cohort(tmp_path, book(labs=[["id", "day", "plt"], ["E1", 0, cell]]), ', decimal: ","')
    if count:
        assert counts(made) == [["E1", 0, count]]
    else:
        (found,) = told(made)
        assert found.startswith("book.xlsx, sheet Labs, line 2, plt: the number has a point, though the mapping")


def test_a_point_that_is_said_to_part_thousands_is_read(tmp_path):
    labs = [["id", "day", "plt"], ["E1", 0, "1.050"]]
    made = cohort(tmp_path, book(labs=labs), ', decimal: ",", thousands: "."')
    assert counts(made) == [["E1", 0, "1050"]]
