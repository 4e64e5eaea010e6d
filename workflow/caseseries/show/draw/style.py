"""How every figure looks: one accent, the Okabe-Ito colours for groups, and a second sign beside every colour.

Colours: Okabe and Ito 2008, Color Universal Design, https://jfly.uni-koeln.de/color/. Figures are made without pyplot,
so that nothing hangs on a display or on a reader's own matplotlibrc.
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

WIDTH = 8.0
"""Width of every figure in inches."""

INK, QUIET, FAINT = "#1a1a1a", "#666666", "#d9d9d9"
ACCENT = "#0072B2"
GROUPS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DASHES = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (7, 2, 1.5, 2)), (0, (3, 1, 1, 1, 1, 1)), (0, (9, 3)), (0, (2, 4)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
HATCHES = ("", "////", "\\\\\\\\", "xxxx", "----", "||||", "++++")

SETTINGS: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": [MAIN, "Verdana", "Arial"],  # Verdana is as wide, where a reader of an SVG has no DejaVu
    "font.size": 9.0,
    "text.color": INK,
    "text.parse_math": False,
    "text.hinting": "none",  # letters stand in the PNG where they stand in the SVG
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.facecolor": "none",
    "axes.labelsize": 9.0,
    "axes.unicode_minus": True,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "legend.borderaxespad": 0.0,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "figure.dpi": 100.0,
    "savefig.dpi": 140.0,
    "svg.fonttype": "none",  # texts are texts: they can be read, searched and drawn in any script
    "svg.hashsalt": "caseseries",
    "path.simplify": False,
    "hatch.linewidth": 0.5,
    "lines.linewidth": 1.6,
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


def apply_style() -> None:
    """Set the project's drawing settings, whatever a matplotlibrc of the user says."""
    matplotlib.rcdefaults()
    matplotlib.rcParams.update(SETTINGS)


def group_sign(position: int) -> Sign:
    """Sign of the group at a position (from 0); signs repeat only after seven groups."""
    turn = position % len(GROUPS)
    return Sign(GROUPS[turn], MARKERS[turn], DASHES[turn], HATCHES[turn])


def class_signs(labels: list[str]) -> dict[str, Sign]:
    """Sign of each response class, in the order given."""
    free = (group_sign(position) for position in (3, 4, 5, 6, 1, 2, 0))
    return {label: CLASS_SIGNS.get(label) or next(free) for label in labels}


def new_figure(height: float, width: float = WIDTH) -> Figure:
    """An empty figure of the given size in inches, in the project's style."""
    apply_style()
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


def add_axes(figure: Figure, left: float, bottom: float, right: float, top: float, **options) -> Axes:
    """Axes whose edges lie at the given distances in inches from the figure's left and bottom edge."""
    width, height = figure.get_size_inches()
    return figure.add_axes((left / width, bottom / height, (right - left) / width, (top - bottom) / height), **options)


@lru_cache(maxsize=4096)
def text_width(text: str, size: float = 8.5, weight: str = "normal") -> float:
    """Width of a text in inches; the widest line of several."""
    renderer = _measure()
    font = FontProperties(family=MAIN, size=size, weight=weight)
    lines = measured(text).split("\n")
    return max((renderer.get_text_width_height_descent(line, font, False)[0] for line in lines), default=0) / 100


@lru_cache(maxsize=1)
def _measure() -> RendererAgg:
    """The renderer of a figure that is never drawn: it knows how wide texts are."""
    return FigureCanvasAgg(new_figure(1, 1)).get_renderer()


def wrap_inches(text: str, inches: float, size: float = 8.5, weight: str = "normal") -> str:
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


HEADING_SIZE, SUBHEADING_SIZE = 11.0, 9.0


def heading_height(title: str, subtitle: str = "", width: float = WIDTH) -> float:
    """Inches that `draw_heading` needs for these texts."""
    lines = wrap_inches(title, width - 0.3, HEADING_SIZE, "bold").count("\n") + 1
    quiet = wrap_inches(subtitle, width - 0.3, SUBHEADING_SIZE).count("\n") + 1 if subtitle else 0
    return 0.12 + 0.2 * lines + 0.165 * quiet + 0.1


def draw_heading(figure: Figure, title: str, subtitle: str = "") -> None:
    """Write the title and, below it in quiet ink, the subtitle at the top left."""
    width, height = figure.get_size_inches()
    bold = wrap_inches(title, width - 0.3, HEADING_SIZE, "bold")
    figure.text(0.12 / width, 1 - 0.12 / height, bold, size=HEADING_SIZE, weight="bold", va="top", linespacing=1.25)
    if subtitle:
        top = 0.12 + 0.2 * (bold.count("\n") + 1)
        figure.text(
            0.12 / width,
            1 - top / height,
            wrap_inches(subtitle, width - 0.3, SUBHEADING_SIZE),
            size=SUBHEADING_SIZE,
            color=QUIET,
            va="top",
            linespacing=1.25,
        )


def draw_watermark(figure: Figure) -> None:
    """Write SYNTHETIC across the whole picture, so that no crop of it passes for patients."""
    width, height = figure.get_size_inches()
    size = min(width * 9.5, height * 22)
    steps = max(1, round(height / 5))
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
            zorder=50,
            gid=f"{SYNTHETIC}-{step + 1}",
        )
