"""Colours of figures and page: told apart by everybody's eyes, and dark enough for their paper.

Colour blindness is simulated by the matrices of Machado, Oliveira and Fernandes (2009, IEEE Trans Vis Comput Graph),
severity 1, on linear RGB; differences are distances in CIELAB (1976, D65), contrast is that of WCAG 2.2.
"""

import re
from importlib.resources import files
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from caseseries.show.draw import style

MACHADO = {
    "none": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = TO_XYZ.sum(axis=1)

FEWEST = 10.0
"""Least distance of two colours that stand for two things: about four times what an eye just tells apart (2.3)."""

TEXT, MARK = 4.5, 3.0
"""Least contrast of text and of marks (WCAG 2.2, criteria 1.4.3 and 1.4.11)."""


def linear(colour):
    """Linear RGB of a colour."""
    channels = np.array(to_rgb(colour))
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(colour, sight):
    """CIELAB of a colour as it is seen."""
    seen = np.clip(np.array(MACHADO[sight]) @ linear(colour), 0, 1)
    ratio = TO_XYZ @ seen / WHITE
    x, y, z = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(first, second):
    """Contrast ratio of two colours."""
    dark, light = sorted(float(TO_XYZ[1] @ linear(one)) for one in (first, second))
    return (light + 0.05) / (dark + 0.05)


def nearest(colours, sight):
    """The two colours that are hardest to tell apart, and how far they are."""
    distance = {
        pair: float(np.linalg.norm(lab(pair[0], sight) - lab(pair[1], sight))) for pair in combinations(colours, 2)
    }
    return min(distance.items(), key=lambda one: one[1])


@pytest.mark.parametrize("sight", MACHADO)
def test_groups_and_classes_are_told_apart(sight):
    for colours in (style.GROUPS, sorted({sign.colour for sign in style.CLASS_SIGNS.values()})):
        pair, distance = nearest(colours, sight)
        assert distance >= FEWEST, (pair, distance)


def test_what_is_meant_to_differ_would_be_found_alike():
    """The measure finds a pair that is known to be alike to the colour-blind: red and green of one lightness."""
    assert nearest(("#c05050", "#50863c"), "none")[1] > 4 * nearest(("#c05050", "#807020"), "deuteranopia")[1]


def test_colour_is_never_the_only_sign():
    for signs in ([style.group_sign(place) for place in range(7)], style.class_signs(["CR", "R", "NR", "NE"]).values()):
        assert len({sign.marker for sign in signs}) == len({sign.dash for sign in signs}) == len(list(signs))


def test_ink_and_marks_stand_out_from_white_paper():
    assert min(contrast(text, "white") for text in (style.INK, style.QUIET)) >= TEXT
    strong = {sign.colour for sign in style.CLASS_SIGNS.values()} | {style.ACCENT}
    assert {colour: round(contrast(colour, "white"), 2) for colour in strong if contrast(colour, "white") < MARK} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_colour_of_the_page_on_every_paper(scheme):
    text = (files("caseseries.report") / "templates" / "report.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", text, re.S)[: 2 if scheme == "dark" else 1]
    colour = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", " ".join(blocks)))
    low = {
        (ink, paper): round(contrast(colour[ink], colour[paper]), 2)
        for ink in ("ink", "quiet", "accent", "caution")
        for paper in ("paper", "shade", "caution-paper")
        if contrast(colour[ink], colour[paper]) < TEXT
    }
    assert low == {}
