"""tables.xlsx: numbers are numbers, words are harmless, every column is explained, the same bytes every time."""

import openpyxl
import pytest

from caseseries.export import workbook
from caseseries.export.workbook import write_workbook
from caseseries.show import cells
from caseseries.show.table import Cell, Table, TableColumn, heading_row, line, remark


def make_table(**more):
    columns = (
        TableColumn("Definition"),
        TableColumn("Responders/evaluable", "fraction"),
        TableColumn("Rate", "percent", meaning="of those evaluable"),
        TableColumn("Median", "number", "days"),
    )
    rows = (
        heading_row("IWG 2009"),
        line("confirmed", cells.fraction(2, 4, 1), cells.percent(0.5, 4), cells.day_reached(None)),
        line("drug A", cells.fraction(1, 2), cells.percent(0.5, 2), cells.day_reached(7), indent=1),
        heading_row("Own"),
        line("as reported", cells.EMPTY, cells.EMPTY, cells.EMPTY),
        remark("nobody else"),
    )
    about = {"id": "responses", "kind": "responses", "title": "Response", "caption": "Of whom.", "order": 1}
    return Table(**(about | {"columns": columns, "rows": rows, "notes": ("a note",)} | more))


@pytest.fixture
def written(tmp_path):
    def write(*tables):
        write_workbook(tmp_path / "tables.xlsx", "A series", tables)
        return openpyxl.load_workbook(tmp_path / "tables.xlsx")

    return write


def values(sheet):
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_a_table_is_a_sheet_of_numbers_with_its_headings_in_a_column(written):
    sheet = written(make_table())["Responses"]
    assert values(sheet) == [
        [
            "Section",
            "Belongs to",
            "Definition",
            "Responders/evaluable: number",
            "Responders/evaluable: of",
            "Responders/evaluable: not evaluable",
            "Rate",
            "Median (days), in words",
            "Median (days)",
        ],
        ["IWG 2009", None, "confirmed", 2, 4, 1, 0.5, "not reached", None],
        ["IWG 2009", "confirmed", "drug A", 1, 2, None, 0.5, None, 7],
        ["Own", None, "as reported", None, None, None, None, None, None],
    ]
    assert sheet["G2"].number_format == "0.0 %" and sheet["I3"].number_format == "General"
    assert sheet.auto_filter.ref == "A1:I4"


def test_a_mixed_column_keeps_its_text_beside_its_numbers(written):
    table = make_table(
        columns=(TableColumn("Outcome"), TableColumn("All", "summary")),
        rows=(line("preterm", cells.rate(1, 4, 0.25, (0.05, 0.7))), line("dead", Cell("0/4", {"events": 0, "n": 4}))),
    )
    rows = values(written(table)["Responses"])
    assert rows[0][1:] == ["All", "All: number", "All: of", "All: share", "All: lower limit", "All: upper limit"]
    assert rows[1][1:] == ["1/4, 25 % (5 to 70 %)", 1, 4, 0.25, 0.05, 0.7]


def test_a_sheet_is_printed_across_on_pages_of_its_whole_width_with_its_headings(written):
    book = written(make_table())
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape" and sheet.print_title_rows == "$1:$1"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
    assert book["Responses"].row_dimensions[1].height >= 30  # "Responders/evaluable: not evaluable" in two lines


def test_no_cell_is_a_formula_or_becomes_one_when_it_is_pasted(written):
    wild = ["=1+1", "+1", "-1 day", "@SUM(A1)", "\t=1", '=HYPERLINK("x")']
    rows = tuple(line(text, text, text, text) for text in wild)
    book = written(make_table(rows=rows, notes=tuple(wild), columns=tuple(TableColumn(text) for text in wild[:4])))
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(found) > 30
    assert not any(cell.data_type == "f" for cell in found)
    assert not any(str(cell.value).startswith(("=", "+", "-", "@", "\t")) for cell in found if cell.data_type == "s")


def test_the_first_sheet_says_what_tables_are_and_the_last_what_columns_are(written):
    book = written(make_table())
    assert book.sheetnames == ["About", "Responses", "Data dictionary"]
    assert [row[1] for row in values(book["About"])[3:]] == ["Response. Of whom.", "nobody else", "a note"]
    described = {row[1]: row[2:] for row in values(book["Data dictionary"])[1:]}
    assert set(described) == {cell for cell in values(book["Responses"])[0]}
    assert described["Rate"] == ["number", "share of 1", "of those evaluable"]
    assert described["Median (days)"][:2] == ["number", "days"]
    assert described["Definition"][0] == "text"


def test_the_same_tables_give_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_workbook(tmp_path / f"{name}.xlsx", "A series", [make_table()])
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_a_sheet_that_is_full_ends_and_says_where_the_rest_is(written, monkeypatch):
    whole = values(written(make_table())["Responses"])
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    book = written(make_table())
    assert values(book["Responses"]) == whole[:3] and len(whole) == 4
    about = [row[1] for row in values(book["About"])]
    assert "A sheet holds the first 2 of 3 rows; tables/responses.csv holds all of them." in about
    monkeypatch.setattr(workbook, "MOST_ROWS", 4)
    assert not any("A sheet holds" in str(row[1]) for row in values(written(make_table())["About"]))
