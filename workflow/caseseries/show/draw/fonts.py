"""Letters of every script: which fonts draw them, and what stands for a text that no font here can draw.

In an SVG texts are texts, drawn by the reader's fonts. In a PNG they are drawn here: by DejaVu Sans, which has the
Latin, Greek and Cyrillic letters, else by one of `OTHERS` that this machine has. A text with a letter in none of them
would be boxes; it is drawn as a letter in brackets, which the caption explains.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from string import ascii_uppercase

from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import Formatter

MAIN = "DejaVu Sans"
EM = "\u2003"
"""A blank as wide as the letters are high."""
OTHERS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans CJK KR",
    "Noto Sans SC",
    "Noto Sans JP",
    "Noto Sans KR",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans",
    "Yu Gothic",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "Noto Sans Thai",
    "Noto Sans Devanagari",
    "Noto Sans Bengali",
    "Noto Sans Arabic",
    "Leelawadee UI",
    "Nirmala UI",
    "Arial Unicode MS",
)
"""Fonts with other letters, as Linux, Windows and macOS bring them."""


@cache
def families() -> tuple[str, ...]:
    """DejaVu Sans and those of `OTHERS` that are here, in their order."""
    from matplotlib.font_manager import fontManager

    here = {entry.name for entry in fontManager.ttflist}
    return (MAIN, *(name for name in OTHERS if name in here))


@cache
def _letters_of(family: str) -> frozenset[int]:
    """Code points that a font draws; blanks and line breaks are drawn by all."""
    from matplotlib.font_manager import findfont
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(findfont(family)).get_charmap()) | {ord("\n"), ord("\u2003"), ord("\u202f")}


def undrawable(text: str) -> bool:
    """Whether a text has a letter that no font here has."""
    return not text.isascii() and any(
        not any(ord(letter) in _letters_of(family) for family in families()) for letter in text
    )


def measured(text: str) -> str:
    """A text as wide in the main font as it is in its own: signs of other scripts are about as wide as high."""
    known = _letters_of(MAIN)
    return text if text.isascii() else "".join(letter if ord(letter) in known else EM for letter in text)


class Shortened(Formatter):
    """Labels of an axis as another formatter makes them, with what stands for those that no font draws."""

    def __init__(self, made_by: Formatter, short: dict[str, str]):
        self.made_by, self.short = made_by, short

    def __call__(self, x: float, pos: int | None = None) -> str:
        """The label at a place."""
        label = self.made_by(x, pos)
        return self.short.get(label, label)


@contextmanager
def drawn_here(figure: Figure) -> Iterator[dict[str, str]]:
    """Within it, what the main font cannot draw is drawn by other fonts of this machine, or as a letter in brackets.

    The key is that of `key_of`. Afterwards all is as before, so that an SVG has the texts and names the same fonts
    wherever it is made.
    """
    key = key_of(figure)
    letters, boxes = {whole: letter for letter, whole in key.items()}, _boxes(figure)
    short = {text: letters[label] + text.removeprefix(label) for text in boxes if (label := _label_of(text, boxes))}
    formatters = [(axis, axis.get_major_formatter()) for axis in _axes(figure)] if key else []
    others = [text for text in _texts(figure) if not set(map(ord, text.get_text())) <= _letters_of(MAIN)]
    before = [(text.get_text(), text.get_fontfamily()) for text in others]
    for axis, formatter in formatters:
        axis.set_major_formatter(Shortened(formatter, short))
    for text in others:
        text.set(text=short.get(text.get_text(), text.get_text()), fontfamily=list(families()))
    yield key
    for axis, formatter in formatters:
        axis.set_major_formatter(formatter)
    for text, (whole, family) in zip(others, before, strict=True):
        text.set(text=whole, fontfamily=family)


def key_of(figure: Figure) -> dict[str, str]:
    """Letter in brackets -> the text for which it stands in a PNG: those with a letter that no font here has.

    A label has one letter, also where a legend has numbers in brackets behind it.
    """
    boxes = _boxes(figure)
    labels = dict.fromkeys(_label_of(text, boxes) for text in boxes)
    return {f"[{_letters(place)}]": text for place, text in enumerate(labels)}


def _boxes(figure: Figure) -> list[str]:
    return list(dict.fromkeys(text.get_text() for text in _texts(figure) if undrawable(text.get_text())))


def _label_of(text: str, others: list[str]) -> str:
    """The label in front of brackets where the figure has it alone too; else the text itself."""
    for label in others:
        if text.startswith(f"{label} (") and not undrawable(text.removeprefix(label)):
            return label
    return text


def _axes(figure: Figure) -> list[Axis]:
    return [axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)]


def _letters(place: int) -> str:
    """A to Z, then AA, AB and on."""
    turn, rest = divmod(place, len(ascii_uppercase))
    return (_letters(turn - 1) if turn else "") + ascii_uppercase[rest]


def _texts(figure: Figure) -> list[Text]:
    for axis in _axes(figure):
        axis.get_majorticklabels()  # which are made when they are asked for
    return [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_text()]
