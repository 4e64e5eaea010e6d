"""How every figure looks: one accent, the Okabe-Ito colours for groups, and a second sign beside every colour.

Colours: Okabe and Ito 2008, Color Universal Design, https://jfly.uni-koeln.de/color/. Lines, marks and the shades of a
map are those of seaborn's context "paper" and its light palette; they stand here as values, held to seaborn by a test,
since its import takes longer than a figure. Figures are made without pyplot, so that nothing hangs on a display or on a
reader's own matplotlibrc.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from caseseries.show.draw.fonts import MAIN, measured
from caseseries.words.labels import SYNTHETIC


@dataclass(frozen=True)
class Column:
    """The width of a figure in the columns of a journal, and the size of its text and title in points."""

    millimetres: int
    text: float
    title: float

    @property
    def width(self) -> float:
        """Width in inches."""
        return self.millimetres / 25.4

    @property
    def narrow(self) -> bool:
        """Whether names stand above what they name, for want of room beside it."""
        return self.millimetres < 120

    @property
    def line(self) -> float:
        """Inches from one line of text to the next."""
        return self.text * 1.3 / 72


SMALLEST = 7.0
"""Points of the smallest text: journals ask for 5 to 8 where the figure is printed."""

SINGLE, DOUBLE = Column(85, SMALLEST, 8.0), Column(178, 7.5, 9.5)
COLUMNS = {column.millimetres: column for column in (SINGLE, DOUBLE)}
"""Millimetres -> one column of a page, and the whole of it."""

MARGIN = 0.1
"""Inches that are left free at the edges."""

BEHIND = -1
"""Place of the watermark in the order of drawing: what covers it is drawn behind it and lets it shine through."""

INK, QUIET, FAINT = "#1a1a1a", "#666666", "#d9d9d9"
ACCENT = "#0072B2"
GROUPS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DASHES = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (7, 2, 1.5, 2)), (0, (3, 1, 1, 1, 1, 1)), (0, (9, 3)), (0, (2, 4)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
HATCHES = ("", "////", "\\\\\\\\", "xxxx", "----", "||||", "++++")

PAPER = {
    "axes.linewidth": 1.0,
    "grid.linewidth": 0.8,
    "lines.linewidth": 1.2,
    "lines.markersize": 4.8,
    "patch.linewidth": 0.8,
    "xtick.major.width": 1.0,
    "ytick.major.width": 1.0,
    "xtick.minor.width": 0.8,
    "ytick.minor.width": 0.8,
    "xtick.major.size": 4.8,
    "ytick.major.size": 4.8,
    "xtick.minor.size": 3.2,
    "ytick.minor.size": 3.2,
}
"""Lines and marks of seaborn's context "paper"."""

LIGHT = "#eff1f3"
"""The lightest shade of seaborn's light palette of the accent colour."""

RESOLUTION = 300
"""Dots an inch of a PNG."""

SETTINGS: dict[Any, Any] = PAPER | {
    "font.family": "sans-serif",
    "font.sans-serif": [MAIN, "Verdana", "Arial"],  # Verdana is as wide, where a reader of an SVG has no DejaVu
    "text.color": INK,
    "text.parse_math": False,
    "text.hinting": "none",  # letters stand in the PNG where they stand in the SVG
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.facecolor": "none",
    "axes.unicode_minus": True,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "legend.borderaxespad": 0.0,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "figure.dpi": 100.0,
    "savefig.dpi": float(RESOLUTION),
    "svg.fonttype": "none",  # texts are texts: they can be read, searched and drawn in any script
    "svg.hashsalt": "caseseries",
    "pdf.fonttype": 42,  # letters are letters, which a journal can set again
    "path.simplify": False,
    "hatch.linewidth": 0.5,
    "lines.solid_capstyle": "butt",
}


@dataclass(frozen=True)
class Sign:
    """Colour, marker and line of one group or class: each alone tells it apart."""

    colour: str
    marker: str
    dash: Any
    hatch: str = ""


CLASS_SIGNS = {
    "CR": Sign("#0072B2", "o", DASHES[0]),
    "R": Sign("#009E73", "s", DASHES[1]),
    "responded": Sign("#009E73", "s", DASHES[1]),
    "yes": Sign("#0072B2", "o", DASHES[0]),
    "NR": Sign("#D55E00", "v", DASHES[2]),
    "no": Sign("#D55E00", "v", DASHES[2]),
    "NE": Sign("#666666", "D", DASHES[3]),
    "": Sign("#1a1a1a", "o", DASHES[0]),
}
"""Signs of the response classes that most definitions share; further labels take the signs of groups."""


TEXTS = ("font.size", "axes.labelsize", "axes.titlesize", "xtick.labelsize", "ytick.labelsize", "legend.fontsize")


def apply_style(column: Column = DOUBLE) -> None:
    """Set the project's drawing settings for a column, whatever a matplotlibrc of the user says."""
    matplotlib.rcdefaults()
    matplotlib.rcParams.update(SETTINGS | dict.fromkeys(TEXTS, column.text))


def group_sign(position: int) -> Sign:
    """Sign of the group at a position (from 0); signs repeat only after seven groups."""
    turn = position % len(GROUPS)
    return Sign(GROUPS[turn], MARKERS[turn], DASHES[turn], HATCHES[turn])


def class_signs(labels: list[str]) -> dict[str, Sign]:
    """Sign of each response class, in the order given."""
    free = (group_sign(position) for position in (3, 4, 5, 6, 1, 2, 0))
    return {label: CLASS_SIGNS.get(label) or next(free) for label in labels}


def new_figure(height: float, column: Column = DOUBLE) -> Figure:
    """An empty figure as wide as a column and of the given height in inches, in the project's style."""
    apply_style(column)
    figure = Figure(figsize=(column.width, height))
    FigureCanvasAgg(figure)
    return figure


def add_axes(figure: Figure, left: float, bottom: float, right: float, top: float, **options) -> Axes:
    """Axes whose edges lie at the given distances in inches from the figure's left and bottom edge."""
    width, height = figure.get_size_inches()
    return figure.add_axes((left / width, bottom / height, (right - left) / width, (top - bottom) / height), **options)


@lru_cache(maxsize=4096)
def text_width(text: str, size: float = SMALLEST, weight: str = "normal") -> float:
    """Width of a text in inches; the widest line of several."""
    renderer = _measure()
    font = FontProperties(family=MAIN, size=size, weight=weight)
    lines = measured(text).split("\n")
    return max((renderer.get_text_width_height_descent(line, font, False)[0] for line in lines), default=0) / 100


@lru_cache(maxsize=1)
def _measure() -> RendererAgg:
    """The renderer of a figure that is never drawn: it knows how wide texts are."""
    return FigureCanvasAgg(new_figure(1)).get_renderer()


def wrap_inches(text: str, inches: float, size: float = SMALLEST, weight: str = "normal") -> str:
    """Break a text at its spaces (fixed ones hold) into lines no wider than `inches` in the figure's font."""
    space = text_width("n n", size, weight) - text_width("nn", size, weight)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, width = "", 0.0
        for word in filter(None, paragraph.split(" ")):
            wide = text_width(word, size, weight)
            if line and width + space + wide > inches:
                lines.append(line)
                line, width = word, wide
            else:
                line, width = f"{line} {word}".strip(), width + wide + (space if line else 0)
        lines.append(line)
    return "\n".join(lines)


def heading_height(title: str, subtitle: str, column: Column) -> float:
    """Inches that `draw_heading` needs for these texts."""
    bold, quiet = _heading(title, subtitle, column)
    height = column.title * 1.3 / 72 * (bold.count("\n") + 1)
    return MARGIN + height + (column.line * (quiet.count("\n") + 1) if quiet else 0) + 0.08


def _heading(title: str, subtitle: str, column: Column) -> tuple[str, str]:
    room = column.width - 2 * MARGIN
    return wrap_inches(title, room, column.title, "bold"), wrap_inches(subtitle, room, column.text)


def draw_heading(figure: Figure, title: str, subtitle: str = "", column: Column = DOUBLE) -> None:
    """Write the title and, below it in quiet ink, the subtitle at the top left."""
    width, height = figure.get_size_inches()
    bold, quiet = _heading(title, subtitle, column)
    about: dict[str, Any] = {"va": "top", "linespacing": 1.1}
    figure.text(MARGIN / width, 1 - MARGIN / height, bold, size=column.title, weight="bold", **about)
    if quiet:
        top = MARGIN + column.title * 1.3 / 72 * (bold.count("\n") + 1) + 0.02
        figure.text(MARGIN / width, 1 - top / height, quiet, size=column.text, color=QUIET, **about)


def draw_watermark(figure: Figure) -> None:
    """Write SYNTHETIC across the whole picture, behind its lines and numbers, so that no crop of it passes for
    patients.
    """
    width, height = figure.get_size_inches()
    size = min(width * 9.5, height * 22)
    steps = max(1, round(height / (0.6 * width)))
    for step in range(steps):
        figure.text(
            0.5,
            (step + 0.5) / steps,
            SYNTHETIC,
            size=size,
            weight="bold",
            color=QUIET,
            alpha=0.16,
            rotation=18,
            ha="center",
            va="center",
            zorder=BEHIND,
            gid=f"{SYNTHETIC}-{step + 1}",
        )
