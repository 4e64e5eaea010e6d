"""`caseseries figures`: the figures again as wide as a column, with text of seven points and more, the same bytes."""

import argparse
import os
import re
import subprocess
import sys
import zlib

import pytest
import seaborn
from matplotlib.colors import to_hex
from matplotlib.text import Text
from PIL import Image

from caseseries.model.findings import BadInput
from caseseries.show import journal
from caseseries.show.draw.draw import draw
from caseseries.show.draw.style import ACCENT, COLUMNS, LIGHT, PAPER, RESOLUTION, SMALLEST
from caseseries.show.saved import index_of, saved_drawing


def asked(*words):
    parser = argparse.ArgumentParser()
    journal.add_arguments(parser)
    return parser.parse_args(words)


def called(rendered, capsys, profile, *words):
    """Paths of the figures that the verb made."""
    cohort, layout = rendered(profile)
    journal.run(asked(cohort.id, *words), layout)
    return [layout.results.__class__(line) for line in capsys.readouterr().out.splitlines()]


def test_every_figure_is_drawn_as_wide_as_it_is_asked_for(rendered, capsys):
    made = called(rendered, capsys, "published")
    assert {path.name for path in made} >= {"rates-85mm.pdf", "swimmer-85mm.pdf"}
    for path in made:
        width = float(re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ", path.read_bytes())[1])
        assert width / 72 * 25.4 == pytest.approx(85, abs=0.1), path.name
    (png, *_) = called(rendered, capsys, "published", "--width", "178", "--format", "png")
    with Image.open(png) as image:
        assert image.width == int(178 / 25.4 * RESOLUTION) and round(image.info["dpi"][0]) == RESOLUTION


def test_a_pdf_has_letters_lines_and_no_day_and_is_the_same_again(rendered, capsys):
    cohort, layout = rendered("synthetic")
    first = {path: path.read_bytes() for path in called(rendered, capsys, "synthetic")}
    for pdf in first.values():
        assert b"/FontFile2" in pdf and b"CreationDate" not in pdf and b"Producer" not in pdf
        assert b"/Subtype /Image" not in pdf
        streams = [zlib.decompress(part) for part in re.findall(rb"stream\r?\n(x.*?)\r?\nendstream", pdf, re.DOTALL)]
        sizes = [float(size) for text in streams for size in re.findall(rb"/F\d+ ([\d.]+) Tf", text)]
        assert min(sizes) >= SMALLEST
    code = (
        "import sys; from pathlib import Path; from caseseries.cli import main; "
        "sys.exit(main(['figures', sys.argv[1], '--results', sys.argv[2]]))"
    )
    more = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "SOURCE_DATE_EPOCH": "1"}
    arguments = [sys.executable, "-c", code, cohort.id, str(layout.results)]
    subprocess.run(arguments, env=os.environ | more, check=True, capture_output=True)
    assert {path: path.read_bytes() for path in first} == first


def test_rows_of_people_stay_with_the_owner(rendered, capsys):
    _, layout = rendered("restricted")
    told = called(rendered, capsys, "restricted")
    assert told and all("swimmer" not in path.name for path in told)
    private = called(rendered, capsys, "restricted", "--private", "--format", "svg")
    assert "swimmer-85mm.svg" in {path.name for path in private}
    assert all(layout.results / "restricted" in path.parents for path in private)


def test_where_nothing_was_drawn_the_way_there_is_said(four):
    _, layout = four
    with pytest.raises(BadInput, match=r"no figure is there .*for example: caseseries show absent"):
        journal.run(asked("absent"), layout)


@pytest.mark.parametrize("millimetres", COLUMNS)
def test_text_is_legible_and_inside_at_each_width(rendered, millimetres):
    cohort, layout = rendered("synthetic")
    folder = layout.release / cohort.id / "figures"
    for entry in index_of(folder):
        figure = draw(saved_drawing(folder, entry), COLUMNS[millimetres])
        renderer = figure.canvas.get_renderer()
        figure.draw(renderer)
        for text in figure.findobj(lambda artist: isinstance(artist, Text) and artist.get_text().strip()):
            if text.get_text() == "SYNTHETIC":
                continue
            box = text.get_window_extent(renderer)
            assert text.get_size() >= SMALLEST, (entry["id"], text.get_text())
            assert box.x0 > -1 and box.x1 < figure.bbox.width + 1, (entry["id"], text.get_text())


def test_lines_marks_and_shades_are_those_of_seaborn():
    context = seaborn.plotting_context("paper")
    assert {name: context[name] for name in PAPER} == pytest.approx(PAPER)
    assert to_hex(seaborn.light_palette(ACCENT, 2)[0]) == LIGHT
