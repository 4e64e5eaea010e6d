"""Texts in every script: real in an SVG; in a PNG by a font of this machine, or a letter that the caption explains."""

import pytest

from caseseries.show.draw import fonts
from caseseries.show.draw.style import new_figure, text_width
from caseseries.show.drawing import Drawing, Forest, ForestRow
from caseseries.show.save import save_figure, write_drawing

LABELS = ["难治性血小板减少", "初治患者", "初治患者", "reference"]


@pytest.fixture
def without_others(monkeypatch):
    """A machine that has none of the fonts for other scripts."""
    monkeypatch.setattr(fonts, "families", lambda: (fonts.MAIN,))


@pytest.fixture
def figure():
    made = new_figure(2)
    axes = made.add_axes((0.3, 0.2, 0.6, 0.7))
    axes.set_yticks(range(4), LABELS)
    axes.set_title("体重 ≥ 50 kg")
    return made


def test_an_svg_has_the_texts_themselves_wherever_it_is_made(tmp_path, without_others, figure):
    save_figure(figure, tmp_path / "groups", "Groups", "Rates.")
    svg = (tmp_path / "groups.svg").read_text(encoding="utf-8")
    assert all(label in svg for label in LABELS)
    assert "体重 ≥ 50 kg" in svg
    assert "Noto" not in svg


def test_a_text_that_no_font_draws_is_a_letter_in_the_png(without_others, figure):
    with fonts.drawn_here(figure) as key:
        figure.canvas.draw()
        shown = [label.get_text() for label in figure.axes[0].get_yticklabels()]
        assert figure.axes[0].get_title() == "[C]"
    assert shown == ["[A]", "[B]", "[B]", "reference"]
    assert key == {"[A]": LABELS[0], "[B]": LABELS[1], "[C]": "体重 ≥ 50 kg"}
    assert figure.axes[0].get_title() == "体重 ≥ 50 kg"


def test_a_label_has_one_letter_also_with_numbers_behind_it(without_others, figure):
    figure.text(0.1, 0.1, "初治患者 (2 of 3)")
    with fonts.drawn_here(figure) as key:
        assert "[B] (2 of 3)" in [text.get_text() for text in figure.texts]
    assert list(key.values()) == [LABELS[0], LABELS[1], "体重 ≥ 50 kg"]
    assert [text.get_text() for text in figure.texts] == ["初治患者 (2 of 3)"]


def test_the_caption_says_what_a_letter_stands_for(tmp_path, without_others):
    plot = Forest("forest", (ForestRow("rate", "初治患者", 0.5, 0.2, 0.8, rate="50 %"),), (("rate", "Rate"),), "95 %")
    drawing = Drawing("groups", "rates", "Groups", "", plot, "Rates by group.", "Rates.", 1)
    entry = write_drawing(drawing, tmp_path)
    assert entry["caption"] == "Rates by group. In the PNG, for want of a font: [A] 初治患者."
    assert "初治患者" in (tmp_path / "groups.svg").read_text(encoding="utf-8")


def test_latin_greek_and_signs_need_no_other_font():
    for text in ("β-thalassaemia", "Größe ≥ 30 × 10⁹/L", "до лечения", "↑ 12\n13", "1\u202f000"):
        assert not fonts.undrawable(text)


def test_signs_of_other_scripts_are_measured_as_wide_as_they_are_high():
    assert text_width("初治患者", 9) == pytest.approx(4 * 9 / 72, rel=0.02)
