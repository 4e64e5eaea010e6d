"""Figures of a finished run at the width at which they are printed."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

pytestmark = pytest.mark.workflow

SMALLEST = 7.0
SIZE = re.compile(r"font(?:-size)?:[^;]*?([\d.]+)px")


def test_text_in_each_figure_is_seven_points_and_more_in_178_mm(finished):
    drawings = [*(finished.root / "results").rglob("figures/*.svg")]
    assert len(drawings) > 15
    for path in drawings:
        root = ElementTree.parse(path).getroot()
        width = float(root.get("width").removesuffix("pt"))
        assert width / 72 * 25.4 == pytest.approx(178, abs=0.1), path.name
        assert float(root.get("viewBox").split()[2]) == pytest.approx(width), path.name
        texts = [text for text in root.iter("{http://www.w3.org/2000/svg}text") if "".join(text.itertext()).strip()]
        sizes = [float(SIZE.search(text.get("style"))[1]) for text in texts]
        assert len(sizes) > 3 and min(sizes) >= SMALLEST, (path.name, min(sizes))
        assert not any("scale(" in text.get("transform", "") for text in texts), path.name
