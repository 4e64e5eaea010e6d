"""docs/architecture.md and its picture tell of the stages as they are."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

from caseseries.model.architecture_page import PAGE, PICTURE, write_architecture_page
from caseseries.model.flow_picture import GIVEN, builds_on, draw_flow, rows_of
from caseseries.model.stages import STAGES

ROOT = Path(__file__).parents[3]
SVG = "{http://www.w3.org/2000/svg}"


def test_page_and_picture_are_in_step_with_the_stages():
    again = "run: python -m caseseries.model.architecture_page"
    assert (ROOT / PAGE).read_text(encoding="utf-8") == write_architecture_page(), again
    assert (ROOT / PICTURE).read_text(encoding="utf-8") == draw_flow(), again


def test_every_stage_is_one_box_and_boxes_do_not_overlap():
    picture = ElementTree.fromstring(draw_flow())
    names = [text.text for text in picture.iter(f"{SVG}text") if text.get("class") == "name"]
    assert sorted(names) == sorted({*GIVEN, *(stage.verb for stage in STAGES)})
    boxes = [
        tuple(int(rect.get(side)) for side in ("x", "y", "width", "height"))
        for rect in picture.iter(f"{SVG}rect")
        if rect.get("rx")
    ]
    assert len(boxes) == len(names)
    for x, y, width, height in boxes:
        others = [box for box in boxes if box != (x, y, width, height)]
        assert all(abs(x - a) >= width or abs(y - b) >= height for a, b, _, _ in others)


def test_an_arrow_stands_only_where_no_stage_lies_between():
    """classify reads records and catalogue; what ingest reads of data/ reaches it through ingest alone."""
    edges = builds_on()
    assert edges["classify"] == {"ingest", "definitions"}
    assert edges["seal"] == {"report", "export"}
    arrows = re.findall("marker-end", draw_flow())
    assert len(arrows) == sum(map(len, edges.values()))


def test_a_stage_that_is_added_has_its_place_below_what_it_builds_on():
    added = replace(STAGES[-1], verb="archive", rule="archive", inputs=("manifest",), outputs={"archive": "results/a"})
    edges = builds_on((*STAGES, added))
    assert edges["archive"] == {"seal"}
    assert rows_of(edges)[-1] == ["archive"]
