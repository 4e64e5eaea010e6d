"""Drawings inside the page: shorter, and nothing that is drawn is lost."""

import xml.etree.ElementTree as ElementTree
from urllib.parse import unquote

import pytest

from caseseries.report.embed import compact_svg
from caseseries.show.save import save_figure
from caseseries.show.style import add_axes, draw_heading, new_figure

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def drawing(tmp_path):
    """A figure with text, a line and an area as matplotlib writes it."""
    figure = new_figure(2.0)
    draw_heading(figure, "50 % of women", "it's a subtitle")
    axes = add_axes(figure, 1, 0.5, 7, 1.5)
    axes.step([0, 1, 2], [0, 0.5, 1], label="a")
    axes.fill_between([0, 1, 2], 0, [0, 0.5, 1], hatch="//")
    save_figure(figure, tmp_path / "one", "50 % of women", "in words", synthetic=True)
    return (tmp_path / "one.svg").read_text(encoding="utf-8")


def test_every_mark_and_every_letter_is_still_there(drawing):
    short = compact_svg(drawing)
    assert len(short) < 0.8 * len(drawing)
    before, after = ElementTree.fromstring(drawing), ElementTree.fromstring(unquote(short))
    for mark in ("path", "use", "g", "clipPath", "pattern"):
        assert len(after.findall(f".//{SVG}{mark}")) == len(before.findall(f".//{SVG}{mark}")), mark
    ids = {element.get("id") for element in after.iter()}
    used = [use.get("{http://www.w3.org/1999/xlink}href")[1:] for use in after.iter(f"{SVG}use")]
    assert used and set(used) <= ids
    assert after.find(f".//{SVG}metadata") is None


def test_a_drawing_fits_into_an_attribute_of_the_page(drawing):
    short = compact_svg(drawing)
    assert '"' not in short and "#" not in short and "\n" not in short
    assert unquote(short).startswith("<svg")
