"""Drawings inside the page: as they were saved."""

from base64 import b64encode
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from caseseries.report import embed
from caseseries.report.embed import picture, svg_uri
from caseseries.show.draw.style import add_axes, draw_heading, new_figure
from caseseries.show.markup import page_environment
from caseseries.show.save import save_figure


def figure_of():
    """A figure with text, a line and an area."""
    figure = new_figure(2.0)
    draw_heading(figure, "50 % of women", "it's a subtitle")
    axes = add_axes(figure, 1, 0.5, 7, 1.5)
    axes.step([0, 1, 2], [0, 0.5, 1], label="a")
    axes.fill_between([0, 1, 2], 0, [0, 0.5, 1], hatch="//")
    return figure


@pytest.fixture
def drawing(tmp_path):
    """The figure as it is saved."""
    save_figure(figure_of(), tmp_path / "one", "50 % of women", "in words")
    return (tmp_path / "one.svg").read_text(encoding="utf-8")


class Sources(HTMLParser):
    """The `src` of every picture of a page."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found += [dict(attrs)["src"]] if tag == "img" else []


def test_a_page_gives_the_drawing_back_as_it_was_saved(drawing):
    template = page_environment().from_string("<img src='{{ source }}' alt='of 4 women'>")
    page = template.render(source=svg_uri(drawing))
    assert page.count("'") == 4 and page.endswith(" alt='of 4 women'>")
    [source] = Sources(page).found
    kind, _, text = source.partition(",")
    assert kind == "data:image/svg+xml" and unquote(text) == drawing
    assert "#" not in text and "\n" not in text
    assert len(text) < 1.2 * len(drawing)


def test_a_drawing_with_very_many_marks_is_shown_as_png(tmp_path, monkeypatch):
    folder = tmp_path / "release" / "one" / "figures"
    save_figure(figure_of(), folder / "one", "t", "d")
    entry = {"file": "one.svg", "png": "one.png", "title": "t", "caption": "c", "alt": "a"}
    assert picture(entry, folder.parent).source.startswith("data:image/svg+xml,")
    monkeypatch.setattr(embed, "LARGEST_SVG", 1000)
    shown = picture(entry, folder.parent)
    assert shown.source == "data:image/png;base64," + b64encode((folder / "one.png").read_bytes()).decode("ascii")
    assert shown.file == "one/figures/one.svg"
