"""A Word document in compact journal style: captions that number themselves, ruled tables, notes, figures.

The file is the same in every run: no day, no name of a person, members of the archive in a fixed order.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt, RGBColor

from caseseries.show.table import Row, Table
from caseseries.words.units import unbroken

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.section import Section
    from docx.styles.style import ParagraphStyle
    from docx.table import Table as WordTable
    from docx.table import _Cell, _Row
    from docx.text.paragraph import Paragraph

FONT, INK, WARNING = "Arial", RGBColor(0x1A, 0x1A, 0x1A), RGBColor(0x9C, 0x1C, 0x1C)
BODY, TABLE_TEXT, NOTE = "Normal", "Table text", "Table note"
TABLE_TEXT_ID = "Tabletext"
"""The style as a cell names it: to look it up by its name takes longer than all else, with thousands of cells."""

PAGE = (21.0, 29.7)
"""Width and height of a page in centimetres (A4)."""

MARGIN = 2.0
INDENT = 0.3
WIDE_FROM, SPLIT_FROM = 118, 180
"""Letters that a line of a table has room for on a page, and on a page on its side; a wider one is split."""

SHORTEST, LONGEST, PADDING, BOLD = 4, 34, 3, 1.15
"""Fewest and most letters by which the width of a column is measured, those that its edges take, and how much wider
bold letters are."""

TALLEST = 20.0
"""Most centimetres of a figure, so that its caption stays on the page."""

BREAK = "\u200b"
"""A place where a line may be broken."""

NO_DAY = (1980, 1, 1, 0, 0, 0)


def new_document(title: str, *, synthetic: bool, wide: bool = False) -> WordDocument:
    """An empty document with the styles; that no patient stands behind it is said on every page."""
    document = Document()
    _set_styles(document)
    _set_page(document.sections[0], wide=wide)
    about = document.core_properties
    about.title, about.author, about.comments, about.keywords = title, "caseseries", "", ""
    _set_language(document)
    _number_pages(document.sections[0].footer.paragraphs[0])
    if synthetic:
        words = document.sections[0].header.paragraphs[0].add_run("SYNTHETIC data, no patients")
        words.bold, words.font.color.rgb = True, WARNING
    return document


def add_caption(document: WordDocument, kind: str, title: str, text: str = "", *, above: bool) -> Paragraph:
    """A caption whose number Word keeps: "Table 1. Title. Text"; one above its table stays with it."""
    paragraph = document.add_paragraph(style="Caption")
    paragraph.paragraph_format.keep_with_next = above
    paragraph.add_run(f"{kind} ").bold = True
    _add_field(paragraph, f"SEQ {kind} \\* ARABIC", str(_next_number(document, kind)))
    paragraph.add_run(f". {unbroken(title).rstrip('.')}.").bold = True
    if text:
        paragraph.add_run(f" {unbroken(text)}").bold = False
    return paragraph


def add_table(document: WordDocument, table: Table) -> None:
    """A table with its caption above and what must be known of it in notes below; one too wide in several parts."""
    parts = split_columns(table)
    for number, places in enumerate(parts, start=1):
        of_several = f", part {number}" if len(parts) > 1 else ""
        part = with_columns(table, places)
        _turn_page(document, wide=is_wide(part))
        add_caption(document, "Table", f"{table.title}{of_several}", above=True)
        _draw_table(document, part)
    remarks = [row.cells[0].text for row in table.rows if row.role == "remark"]
    for place, note in enumerate((table.caption, *remarks, *table.notes)):
        paragraph = document.add_paragraph(unbroken(note), style=NOTE)
        paragraph.paragraph_format.space_before = Pt(3 if place == 0 else 0)


def _draw_table(document: WordDocument, table: Table) -> None:
    rows = [row for row in table.rows if row.role != "remark"]
    drawn = document.add_table(rows=1 + len(rows), cols=len(table.columns))
    drawn.alignment = WD_TABLE_ALIGNMENT.LEFT
    drawn.autofit = False
    _set_widths(drawn, column_widths(table, _text_width(document)))
    for cell, column in zip(drawn.rows[0].cells, table.columns, strict=True):
        _write(cell, column.heading.replace("/", f"/{BREAK}"), words=column.type == "text", bold=True)
    _repeat(drawn.rows[0])
    for line, row in zip(drawn.rows[1:], rows, strict=True):
        _write_row(line.cells, row, table)
        _keep_whole(line)
    _rule(drawn)


def add_figure(document: WordDocument, entry: dict, picture: Path, width: float) -> None:
    """A figure of the show stage (entry of its index) in its width in centimetres, its caption below."""
    _turn_page(document, wide=False)
    paragraph = document.add_paragraph(style=BODY)
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(str(picture), width=Cm(width))
    if shape.height > Cm(TALLEST):
        shape.width, shape.height = Length(shape.width * Cm(TALLEST) / shape.height), Cm(TALLEST)
    about = shape._inline.docPr
    about.set("descr", entry["alt"])
    about.set("title", entry["title"])
    add_caption(document, "Figure", entry["title"], entry["caption"], above=False)


def save_document(document: WordDocument, path: Path) -> None:
    """Write the document without the day on which that was."""
    properties = document.core_properties._element
    for name in ("dcterms:created", "dcterms:modified", "cp:lastModifiedBy", "cp:revision"):
        for element in properties.findall(qn(name)):
            properties.remove(element)
    written = io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            member = zipfile.ZipInfo(name, NO_DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, source.read(name))


def is_wide(table: Table) -> bool:
    """Whether a table needs a page on its side."""
    return sum(_letters(table)) > WIDE_FROM


def split_columns(table: Table) -> list[list[int]]:
    """Places of the columns of each part of a table: as few parts as there is room for, about as wide as each other,
    the first column in each.
    """
    letters = _letters(table)
    parts = _parts(letters, SPLIT_FROM)
    narrower = (_parts(letters, width) for width in range(min(letters), SPLIT_FROM))
    return next((even for even in narrower if len(even) == len(parts)), parts)


def _parts(letters: Sequence[int], room: int) -> list[list[int]]:
    parts: list[list[int]] = [[0]]
    for place, wide in enumerate(letters[1:], start=1):
        if len(parts[-1]) > 1 and sum(letters[at] for at in parts[-1]) + wide > room:
            parts.append([0])
        parts[-1].append(place)
    return parts


def with_columns(table: Table, places: Sequence[int]) -> Table:
    """The table with these columns alone."""
    rows = (
        replace(row, cells=tuple(row.cells[place] for place in places)) if row.role == "row" else row
        for row in table.rows
    )
    return replace(table, columns=tuple(table.columns[place] for place in places), rows=tuple(rows))


def column_widths(table: Table, width: float) -> list[float]:
    """Width of each column in centimetres, by its longest texts; together `width`."""
    letters = _letters(table)
    return [width * number / sum(letters) for number in letters]


def _letters(table: Table) -> list[int]:
    found = []
    for place, column in enumerate(table.columns):
        cells = [line for row in table.lines for line in row.cells[place].text.split("\n")]
        words = column.heading.replace("/", " ").split()
        longest = max([*map(_length, cells), *(round(BOLD * _length(word)) for word in words)])
        found.append(PADDING + min(max(longest, SHORTEST), LONGEST))
    return found


def _length(text: str) -> int:
    """Letters of a text, a capital for one and a half."""
    return len(text) + sum(letter.isupper() for letter in text) // 2


def _write_row(cells: Sequence[_Cell], row: Row, table: Table) -> None:
    if row.role != "row":
        merged = cells[0].merge(cells[-1])
        _write(merged, row.cells[0].text, words=True, bold=row.role == "heading")
        merged.paragraphs[0].paragraph_format.keep_with_next = True
        return
    for place, (cell, part, column) in enumerate(zip(cells, row.cells, table.columns, strict=True)):
        _write(cell, part.text, words=place == 0 or column.type == "text")
    cells[0].paragraphs[0].paragraph_format.left_indent = Cm(INDENT * row.indent)


def _write(cell: _Cell, text: str, *, words: bool, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph._p.style = TABLE_TEXT_ID
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if words else WD_ALIGN_PARAGRAPH.RIGHT
    for place, line in enumerate(text.split("\n")):
        run = paragraph.add_run(unbroken(line))
        run.bold = bold or None
        if place < text.count("\n"):
            run.add_break()


def _set_widths(drawn: WordTable, widths: Sequence[float]) -> None:
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = Cm(width)
    for line in drawn._tbl.tr_lst:
        for cell, width in zip(line.tc_lst, widths, strict=True):
            cell.width = Cm(width)


def _rule(drawn: WordTable) -> None:
    """Three rules, as journals set tables: above, below the headings, below."""
    borders = OxmlElement("w:tblBorders")
    for edge in ("top", "bottom"):
        borders.append(_border(edge, 8))
    drawn._tbl.tblPr.append(borders)
    for cell in drawn.rows[0].cells:
        edges = OxmlElement("w:tcBorders")
        edges.append(_border("bottom", 4))
        cell._tc.get_or_add_tcPr().append(edges)


def _border(edge: str, eighths: int) -> BaseOxmlElement:
    border = OxmlElement(f"w:{edge}")
    for name, value in {"val": "single", "sz": str(eighths), "space": "0", "color": "1A1A1A"}.items():
        border.set(qn(f"w:{name}"), value)
    return border


def _repeat(row: _Row) -> None:
    """Headings again on every page of a long table."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    _keep_whole(row)


def _keep_whole(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _turn_page(document: WordDocument, *, wide: bool) -> None:
    """A new section where the next piece needs the page the other way round."""
    last = document.sections[-1]
    if (last.orientation == WD_ORIENT.LANDSCAPE) != wide:
        _set_page(document.add_section(), wide=wide)


def _set_page(section: Section, *, wide: bool) -> None:
    short, long = PAGE
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Cm(long), Cm(short)) if wide else (Cm(short), Cm(long))
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(MARGIN)


def _text_width(document: WordDocument) -> float:
    landscape = document.sections[-1].orientation == WD_ORIENT.LANDSCAPE
    return (PAGE[1] if landscape else PAGE[0]) - 2 * MARGIN


def _set_styles(document: WordDocument) -> None:
    styles = document.styles
    _set_style(styles[BODY], 10, after=4)
    _set_style(styles["Title"], 15, after=4)
    _set_style(styles["Heading 1"], 12, before=10, after=3)
    _set_style(styles["Caption"], 8.5, before=10, after=3)
    for name, size in ((TABLE_TEXT, 8), (NOTE, 7.5)):
        style = styles.add_style(name, styles[BODY].type)
        style.base_style = styles[BODY]
        _set_style(style, size, before=1, after=1 if name == TABLE_TEXT else 0)


def _set_style(style: ParagraphStyle, size: float, *, before: float = 0, after: float = 0) -> None:
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), INK
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.line_spacing = 1.0
    for edge in style.element.findall(f".//{qn('w:pBdr')}"):
        edge.getparent().remove(edge)


def _set_language(document: WordDocument) -> None:
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


def _number_pages(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _add_field(paragraph, "PAGE", "1")


def _add_field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """A field that Word works out anew, with what it shows until then."""
    caption = paragraph.style is not None and paragraph.style.name == "Caption"
    for kind, text in (("begin", ""), ("", instruction), ("separate", ""), ("shown", shown), ("end", "")):
        run = paragraph.add_run()
        run.bold = True if caption else None
        if kind == "shown":
            run.text = text
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        else:
            words = OxmlElement("w:instrText")
            words.set(qn("xml:space"), "preserve")
            words.text = f" {text} "
            run._r.append(words)


def _next_number(document: WordDocument, kind: str) -> int:
    fields = document.element.body.iter(qn("w:instrText"))
    return 1 + sum(field.text.strip().startswith(f"SEQ {kind} ") for field in fields)
