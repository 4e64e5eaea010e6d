"""Word: real tables in a journal's style, captions with numbers, notes, pages turned for wide tables, same bytes."""

import zipfile
from dataclasses import replace

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from PIL import Image

from caseseries.export.word import (
    TABLE_TEXT,
    TABLE_TEXT_ID,
    add_figure,
    add_table,
    column_widths,
    new_document,
    save_document,
    split_columns,
)
from caseseries.show import cells
from caseseries.show.table import Table, TableColumn, heading_row, line, remark


def make_table(columns=2, **more):
    names = (
        TableColumn("Definition"),
        *(TableColumn(f"Responders/evaluable {n}", "fraction") for n in range(1, columns)),
    )
    numbers = [cells.fraction(2, 4)] * (columns - 1)
    rows = (heading_row("IWG 2009"), line("confirmed", *numbers), line("drug A", *numbers, indent=1), remark("no more"))
    about = {"id": "responses", "kind": "responses", "title": "Response", "caption": "Of n = 4.", "order": 1}
    return Table(**(about | {"columns": names, "rows": rows, "notes": ("a note",)} | more))


@pytest.fixture
def saved(tmp_path):
    def save(*tables, synthetic=False, figures=()):
        document = new_document("A series", synthetic=synthetic)
        for table in tables:
            add_table(document, table)
        for entry, picture in figures:
            add_figure(document, entry, picture, 17)
        save_document(document, tmp_path / "tables.docx")
        return docx.Document(str(tmp_path / "tables.docx"))

    return save


def texts(document, style):
    return [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == style]


def test_a_table_is_a_table_with_caption_and_notes(saved):
    document = saved(make_table(), make_table())
    first = document.tables[0]
    assert [[cell.text for cell in row.cells] for row in first.rows] == [
        ["Definition", "Responders/\u200bevaluable 1"],
        ["IWG 2009", "IWG 2009"],
        ["confirmed", "2/4"],
        ["drug A", "2/4"],
    ]
    assert texts(document, "Caption") == ["Table 1. Response.", "Table 2. Response."]
    assert texts(document, "Table note")[:3] == ["Of n\u00a0=\u00a04.", "no more", "a note"]
    assert first.rows[3].cells[0].paragraphs[0].paragraph_format.left_indent.cm > 0.2
    assert first.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    fields = [field.text.strip() for field in document.element.body.iter(qn("w:instrText"))]
    assert fields == ["SEQ Table \\* ARABIC"] * 2


def test_a_wide_table_stands_on_a_page_on_its_side(saved):
    document = saved(make_table(), make_table(9), make_table())
    assert [section.orientation for section in document.sections] == [
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.LANDSCAPE,
        WD_ORIENT.PORTRAIT,
    ]
    for section, table in zip(document.sections, document.tables, strict=True):
        room = section.page_width - section.left_margin - section.right_margin
        assert abs(sum(column.width for column in table.columns) - room) < 0.02 * room


def test_a_table_too_wide_for_any_page_is_split_and_names_its_rows_again(saved):
    document = saved(make_table(20))
    assert len(document.tables) > 1
    assert texts(document, "Caption")[0] == "Table 1. Response, part 1."
    assert all(table.rows[2].cells[0].text == "confirmed" for table in document.tables)
    assert sum(len(table.columns) - 1 for table in document.tables) == 19


def test_the_parts_of_a_split_table_are_about_as_wide_as_each_other():
    for columns in (14, 20, 27):
        parts = split_columns(make_table(columns))
        sizes = [len(part) for part in parts]
        assert len(parts) > 1 and max(sizes) - min(sizes) <= len(parts)
        assert [part[0] for part in parts] == [0] * len(parts)
        assert sorted(place for part in parts for place in part[1:]) == list(range(1, columns))


def test_a_word_in_capitals_is_given_more_room_than_one_in_small_letters():
    table = make_table(3, rows=(line("confirmed", "rhTPO", "small"),))
    _, capitals, small = column_widths(
        replace(table, columns=(*table.columns[:1], TableColumn("A"), TableColumn("B"))), 10
    )
    assert capitals > small


def test_the_style_of_cells_has_the_name_that_they_call_it_by(saved):
    document = saved(make_table())
    assert document.styles[TABLE_TEXT].style_id == TABLE_TEXT_ID
    assert {cell.paragraphs[0].style.name for row in document.tables[0].rows for cell in row.cells} == {TABLE_TEXT}


def test_a_figure_has_its_words_for_who_cannot_see_it_and_leaves_room_for_its_caption(saved, tmp_path):
    Image.new("RGB", (100, 400), "white").save(tmp_path / "f.png")
    entry = {"title": "Rates", "caption": "Of n = 4.", "alt": "a forest plot"}
    document = saved(figures=[(entry, tmp_path / "f.png")])
    (shape,) = document.inline_shapes
    assert shape._inline.docPr.get("descr") == "a forest plot"
    assert shape.height.cm <= 20.01 and abs(shape.height / shape.width - 4) < 0.05
    assert texts(document, "Caption") == ["Figure 1. Rates. Of n\u00a0=\u00a04."]


def test_no_patient_is_said_on_every_page_of_a_synthetic_cohort(saved):
    assert "SYNTHETIC" in saved(make_table(), synthetic=True).sections[0].header.paragraphs[0].text
    assert "SYNTHETIC" not in saved(make_table()).sections[0].header.paragraphs[0].text


def test_the_same_tables_give_the_same_bytes_and_no_day_stands_in_them(saved, tmp_path):
    saved(make_table())
    first = (tmp_path / "tables.docx").read_bytes()
    saved(make_table())
    assert (tmp_path / "tables.docx").read_bytes() == first
    with zipfile.ZipFile(tmp_path / "tables.docx") as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        about = archive.read("docProps/core.xml").decode()
    assert "20" not in about.partition("<dc:title>")[2] and "modified" not in about and "created" not in about
