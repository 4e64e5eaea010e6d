"""What is written: the same bytes in every run, SYNTHETIC in the picture, tables that read the same everywhere."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import numpy as np
import pytest
from matplotlib.image import imread
from PIL import Image

from caseseries.show.save import Drawing, Table, save_figure, table_csv, table_html, write_drawings, write_tables
from caseseries.show.style import add_axes, draw_heading, new_figure


def figure_of(points=(1, 2, 3)):
    figure = new_figure(2.0)
    draw_heading(figure, "A title with <signs> & $dollars$", "and what is below it")
    axes = add_axes(figure, 0.6, 0.4, 7.5, 1.2)
    axes.step(range(len(points)), points)
    axes.fill_between(range(len(points)), points, hatch="////", facecolor="none")
    return figure


def table_of(**more):
    about = {
        "id": "t",
        "kind": "responses",
        "title": "A <title>",
        "caption": "n = 4 & more",
        "header": ["Name", "n"],
        "rows": [["Group"], ["“<5”", "1"]],
        "order": 1,
    } | more
    return Table(**about)


def test_two_figures_of_the_same_data_have_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        save_figure(figure_of(), tmp_path / name, "t", "d", synthetic=True)
    for suffix in (".svg", ".png"):
        assert (tmp_path / f"one{suffix}").read_bytes() == (tmp_path / f"two{suffix}").read_bytes()


@pytest.mark.slow
def test_bytes_do_not_hang_on_hash_seed_settings_of_the_user_or_time_zone(four, tmp_path):
    cohort, layout = four
    (tmp_path / "matplotlibrc").write_text("font.size: 20\nlines.linewidth: 9\nsvg.hashsalt: x\nfigure.dpi: 300\n")
    code = (
        "import sys; from pathlib import Path; from caseseries.model.layout import Layout; "
        "from caseseries.model.cohort import load_cohort; from caseseries.show.show import render_cohort; "
        "layout = Layout(*map(Path, sys.argv[1:4])); render_cohort(load_cohort(layout.cohort(sys.argv[4])), layout, {})"
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
    save_figure(figure_of(), tmp_path / "f", "t", "d", synthetic=False)
    text = (tmp_path / "f.svg").read_text(encoding="utf-8")
    assert not re.search(r"<dc:date>|20\d\d-\d\d-\d\d|Matplotlib v", text)
    with Image.open(tmp_path / "f.png") as image:
        assert image.text == {"Title": "t", "Description": "d"}


def test_synthetic_stands_in_the_picture_itself(tmp_path):
    for synthetic in (False, True):
        save_figure(figure_of(), tmp_path / f"{synthetic}", "t", "d", synthetic)
    plain, marked = (imread(tmp_path / f"{synthetic}.png") for synthetic in (False, True))
    assert np.mean(np.abs(plain - marked).max(axis=2) > 0.03) > 0.02
    groups = ElementTree.parse(tmp_path / "True.svg").iter("{http://www.w3.org/2000/svg}g")
    assert any(group.get("id", "").startswith("SYNTHETIC") for group in groups)
    assert "SYNTHETIC" not in (tmp_path / "False.svg").read_text(encoding="utf-8")


def test_signs_in_a_title_are_shown_as_they_are(tmp_path):
    save_figure(figure_of(), tmp_path / "f", "<t> & $x$", "d", synthetic=False)
    titles = ElementTree.parse(tmp_path / "f.svg").iter("{http://purl.org/dc/elements/1.1/}title")
    assert "<t> & $x$" in [title.text for title in titles]


def test_the_index_is_sorted_and_says_what_a_reader_needs(tmp_path):
    drawings = [
        Drawing(name, "rates", figure_of(), f"Title {name}", "caption", "alt", order, synthetic=synthetic)
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
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a.png",
        "a.svg",
        "b.png",
        "b.svg",
        "c.png",
        "c.svg",
        "index.json",
    ]


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
    text = table_html(table_of(notes=["a note"]), "n = 4 & more")
    assert text.isascii()
    assert text.startswith("<table") and text.endswith("</table>\n")
    parsed = Parsed(text)
    assert "A <title>. n\u00a0=\u00a04 & more" in parsed.text and "“<5”" in parsed.text and "a note" in parsed.text
    scopes = [attrs["scope"] for tag, attrs in parsed.tags if tag == "th"]
    assert scopes == ["col", "col", "rowgroup", "row"]
    assert "tabular-nums" in parsed.tags[0][1]["style"]


def test_a_row_of_another_length_than_the_header_is_our_fault():
    with pytest.raises(ValueError, match="zip"):
        table_html(table_of(rows=[["a", "b", "c"]]), "")


def test_a_synthetic_table_says_so_in_both_forms(tmp_path):
    write_tables([table_of(synthetic=True)], tmp_path)
    assert "SYNTHETIC" in (tmp_path / "t.html").read_text(encoding="ascii")
    rows = list(csv.reader(io.StringIO((tmp_path / "t.csv").read_text(encoding="utf-8-sig"))))
    assert rows == [["Name (SYNTHETIC data, no patients)", "n"], ["Group", ""], ["“<5”", "1"]]
    assert table_csv(table_of()).splitlines()[0] == "Name,n"


def test_rows_of_one_cell_are_headings_or_the_last_word():
    rows = [["Sex"], ["\u2003female", "1"], ["Source"], ["one", "2\n(1 to 3)"], ["the end"]]
    text = table_html(table_of(rows=rows), "c")
    assert '<tr class="heading quiet"><th scope="rowgroup" colspan="2">Sex</th>' in text
    assert '<tr class="heading"><th scope="rowgroup" colspan="2">Source</th>' in text
    assert '<td class="across" colspan="2"><p>the end</p></td>' in text
    assert '<th scope="row" class="words in">female</th>' in text
    assert '<td class="numbers">2<br>(1 to 3)</td>' in text


def test_further_columns_can_hold_words():
    text = table_html(table_of(header=["Name", "n", "Reason"], rows=[["a", "1", "why"]], word_columns=[2]), "c")
    assert '<td class="numbers">1</td><td class="words">why</td>' in text


def test_a_broken_cell_is_one_line_in_a_spreadsheet():
    assert table_csv(table_of(rows=[["a", "1\n(2)"]])).splitlines()[1] == "a,1 (2)"
