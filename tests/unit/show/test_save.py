"""What is written: the same bytes in every run, SYNTHETIC in the picture, tables that read the same everywhere."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread
from PIL import Image

from caseseries.show.cells import day_interval, day_reached, fraction, number, percent
from caseseries.show.draw.draw import draw
from caseseries.show.draw.style import add_axes, draw_heading, new_figure
from caseseries.show.drawing import DRAWING, Drawing, Forest, ForestRow
from caseseries.show.save import save_figure, write_drawings
from caseseries.show.save_tables import table_csv, table_html, table_json, write_tables
from caseseries.show.table import TABLE, Table, TableColumn, heading_row, line, remark, subheading_row


def figure_of(points=(1, 2, 3)):
    figure = new_figure(2.0)
    draw_heading(figure, "A title with <signs> & $dollars$", "and what is below it")
    axes = add_axes(figure, 0.6, 0.4, 7.5, 1.2)
    axes.step(range(len(points)), points)
    axes.fill_between(range(len(points)), points, hatch="////", facecolor="none")
    return figure


def drawing_of(**more):
    """A forest plot of one rate."""
    rows = (ForestRow("note", "Source"), ForestRow("rate", "a rate", 0.5, 0.15, 0.85, counts="2/4", rate="50 %"))
    plot = Forest("forest", rows, (("counts", "Responders"), ("rate", "Rate")), "95 %")
    about = {"id": "f", "kind": "rates", "title": "A title", "subtitle": "n = 4", "order": 1}
    return Drawing(**about | {"plot": plot, "caption": "caption", "alt": "alt"} | more)


def table_of(**more):
    about = {
        "id": "t",
        "kind": "responses",
        "title": "A <title>",
        "caption": "n = 4 & more",
        "columns": (TableColumn("Name"), TableColumn("n", "count")),
        "rows": (heading_row("Group"), line("“<5”", number(1))),
        "order": 1,
    } | more
    return Table(**about)


def test_two_figures_of_the_same_data_have_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        save_figure(figure_of(), tmp_path / name, "t", "d")
    for suffix in (".svg", ".png"):
        assert (tmp_path / f"one{suffix}").read_bytes() == (tmp_path / f"two{suffix}").read_bytes()


@pytest.mark.slow
def test_bytes_do_not_hang_on_hash_seed_settings_of_the_user_or_time_zone(four, tmp_path):
    cohort, layout = four
    (tmp_path / "matplotlibrc").write_text("font.size: 20\nlines.linewidth: 9\nsvg.hashsalt: x\nfigure.dpi: 300\n")
    code = (
        "import sys; from pathlib import Path; from caseseries.model.layout import Layout; "
        "from caseseries.model.cohort import load_cohort; from caseseries.show.show import show_cohort; "
        "layout = Layout(*map(Path, sys.argv[1:4]), told=True); "
        "show_cohort(load_cohort(layout.cohort(sys.argv[4])), layout, {})"
    )
    found = []
    for more in ({"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2", "MATPLOTLIBRC": str(tmp_path), "TZ": "Asia/Tokyo"}):
        arguments = [str(layout.data), str(layout.config), str(layout.results), cohort.id]
        subprocess.run([sys.executable, "-c", code, *arguments], env=os.environ | more, check=True)
        files = sorted(path for path in layout.release.rglob("*") if path.is_file() and path.parent.name != cohort.id)
        found.append({path.name: path.read_bytes() for path in files})
    assert len(found[0]) > 15
    assert found[0] == found[1]


def test_nothing_of_the_machine_or_the_day_stands_in_a_figure(tmp_path):
    save_figure(figure_of(), tmp_path / "f", "t", "d")
    text = (tmp_path / "f.svg").read_text(encoding="utf-8")
    assert not re.search(r"<dc:date>|20\d\d-\d\d-\d\d|Matplotlib v", text)
    with Image.open(tmp_path / "f.png") as image:
        assert image.text == {"Title": "t", "Description": "d"}


def test_synthetic_stands_in_the_picture_itself(tmp_path):
    for synthetic in (False, True):
        save_figure(draw(drawing_of(synthetic=synthetic)), tmp_path / f"{synthetic}", "t", "d")
    plain, marked = (imread(tmp_path / f"{synthetic}.png") for synthetic in (False, True))
    assert np.mean(np.abs(plain - marked).max(axis=2) > 0.03) > 0.02
    groups = ElementTree.parse(tmp_path / "True.svg").iter("{http://www.w3.org/2000/svg}g")
    assert any(group.get("id", "").startswith("SYNTHETIC") for group in groups)
    assert "SYNTHETIC" not in (tmp_path / "False.svg").read_text(encoding="utf-8")


def test_signs_in_a_title_are_shown_as_they_are(tmp_path):
    save_figure(figure_of(), tmp_path / "f", "<t> & $x$", "d")
    titles = ElementTree.parse(tmp_path / "f.svg").iter("{http://purl.org/dc/elements/1.1/}title")
    assert "<t> & $x$" in [title.text for title in titles]


def test_the_index_is_sorted_and_says_what_a_reader_needs(tmp_path):
    drawings = [
        drawing_of(id=name, title=f"Title {name}", order=order, synthetic=synthetic)
        for name, order, synthetic in (("b", 2, False), ("c", 1, True), ("a", 2, False))
    ]
    (tmp_path / "old.svg").write_text("of an earlier run")
    write_drawings(drawings, tmp_path)
    index = json.loads((tmp_path / "index.json").read_text(encoding="utf-8"))
    assert [entry["id"] for entry in index] == ["c", "a", "b"]
    assert index[0] == {
        "id": "c",
        "order": 1,
        "kind": "rates",
        "title": "Title c",
        "alt": "SYNTHETIC data, no patients. alt",
        "caption": "SYNTHETIC data, no patients. caption",
        "individual": False,
        "synthetic": True,
        "file": "c.svg",
        "png": "c.png",
        "width_mm": 178,
        "json": "c.json",
    }
    files = [f"{name}.{kind}" for name in "abc" for kind in ("json", "png", "svg")]
    assert sorted(path.name for path in tmp_path.iterdir()) == [*files, "index.json"]


class Parsed(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def test_a_table_is_one_ascii_element_with_headings_for_a_screen_reader():
    text = table_html(table_of(notes=("a note",)))
    assert text.isascii()
    assert text.startswith("<table") and text.endswith("</table>\n")
    parsed = Parsed(text)
    assert "A <title>. n\u00a0=\u00a04 & more" in parsed.text and "“<5”" in parsed.text and "a note" in parsed.text
    scopes = [attrs["scope"] for tag, attrs in parsed.tags if tag == "th"]
    assert scopes == ["col", "col", "rowgroup", "row"]


def test_a_row_of_another_length_than_the_columns_is_our_fault():
    with pytest.raises(ValueError, match="table t: row 0 has 3 cells and needs 2"):
        table_of(rows=(line("a", "b", "c"),))
    with pytest.raises(ValueError, match="row 1 has 2 cells and needs 1"):
        table_of(rows=(line("a", "b"), replace(line("a", "b"), role="heading")))


def test_a_synthetic_table_says_so_in_every_form(tmp_path):
    write_tables([table_of(synthetic=True)], tmp_path)
    assert "SYNTHETIC" in (tmp_path / "t.html").read_text(encoding="ascii")
    assert json.loads((tmp_path / "t.json").read_text(encoding="utf-8"))["caption"].startswith("SYNTHETIC data")
    rows = list(csv.reader(io.StringIO((tmp_path / "t.csv").read_text(encoding="utf-8-sig"))))
    assert rows == [["Name (SYNTHETIC data, no patients)", "n"], ["Group", ""], ["“<5”", "1"]]
    assert table_csv(table_of()).splitlines()[0] == "Name,n"


def test_headings_remarks_and_rows_that_are_set_in():
    rows = (
        subheading_row("Sex"),
        line("female", "1", indent=1),
        heading_row("Source"),
        line("one", "2\n(1 to 3)"),
        remark("the end"),
    )
    text = table_html(table_of(rows=rows))
    assert '<tr class="heading quiet"><th scope="rowgroup" colspan="2">Sex</th>' in text
    assert '<tr class="heading"><th scope="rowgroup" colspan="2">Source</th>' in text
    assert '<td class="across" colspan="2"><p>the end</p></td>' in text
    assert '<th scope="row" class="words in">female</th>' in text
    assert '<td class="numbers">2<br>(1 to 3)</td>' in text
    assert table_csv(table_of(rows=rows)).splitlines()[2] == "\u2003female,1"


def test_a_column_says_whether_it_holds_words_or_numbers():
    columns = (TableColumn("Name"), TableColumn("n", "count"), TableColumn("Reason"))
    text = table_html(table_of(columns=columns, rows=(line("a", number(1), "why"),)))
    assert '<td class="numbers" data-value="1">1</td><td class="words">why</td>' in text


def test_cells_are_sorted_by_the_number_behind_their_text():
    rows = tuple(line("a", cell) for cell in (percent(1 / 3, 3), day_interval(None, 21), day_reached(None), number(-4)))
    text = table_html(table_of(rows=rows))
    assert re.findall(r'data-value="([^"]*)"', text) == ["0.333333", "21", "-4"]
    assert "&#8722;4</td>" in text and "not reached to 21</td>" in text


def test_a_broken_cell_is_one_line_in_a_spreadsheet():
    assert table_csv(table_of(rows=(line("a", "1\n(2)"),))).splitlines()[1] == "a,1 (2)"


def test_a_table_comes_back_from_its_json_as_it_was():
    rows = (heading_row("Group"), line("a", fraction(2, 4, 1), indent=1), remark("the end"))
    columns = (TableColumn("Name"), TableColumn("Responders/evaluable", "fraction", meaning="of whom"))
    table = table_of(rows=rows, columns=columns, notes=("a note",), synthetic=True)
    text = table_json(table)
    assert TABLE.validate_json(text) == table
    assert json.loads(text)["rows"][1]["cells"][1] == {
        "text": "2/4; 1 NE",
        "values": {"events": 2, "n": 4, "not_evaluable": 1},
    }


def test_the_schema_of_tables_in_the_documentation_is_that_of_the_code():
    page = Path(__file__).parents[3] / "docs" / "table.schema.json"
    assert json.loads(page.read_text(encoding="utf-8")) == TABLE.json_schema()


def test_the_schema_of_drawings_in_the_documentation_is_that_of_the_code():
    page = Path(__file__).parents[3] / "docs" / "drawing.schema.json"
    assert json.loads(page.read_text(encoding="utf-8")) == DRAWING.json_schema()
