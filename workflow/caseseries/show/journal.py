"""`caseseries figures`: the figures of a cohort again, for one column of a journal or the whole page, in its format.

They are drawn from the JSON of the show stage, so that no other number can come into them. What may leave lies below
results/figures/, the rest below restricted/.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import Layout
from caseseries.model.stages import POOLED
from caseseries.show.saved import index_of, saved_drawing

MILLIMETRES = (85, 178)
FORMATS = ("pdf", "svg", "png")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries figures`."""
    parser.epilog = "example: caseseries figures michel-2020 --width 85 --format pdf"
    parser.add_argument("cohort", help=f"id of the cohort, or {POOLED} for what stands across cohorts")
    parser.add_argument(
        "--width", type=int, choices=MILLIMETRES, default=MILLIMETRES[0], help="millimetres: one column, or the page"
    )
    parser.add_argument("--format", choices=FORMATS, default=FORMATS[0], help="PNG has 300 dots an inch")
    parser.add_argument("--private", action="store_true", help="those that may not leave, of rows of people")


def run(arguments: argparse.Namespace, layout: Layout) -> None:
    """Draw the figures and say where they lie."""
    shown = layout if arguments.private else layout.as_told()
    across = arguments.cohort == POOLED
    made = (shown.shown_across if across else shown.shown(arguments.cohort)) / "figures"
    entries = index_of(made)
    if not entries:
        raise BadInput([none_there(arguments.cohort, made)])
    top = layout.results / "restricted" / arguments.cohort if arguments.private else layout.results
    folder = top / "figures" / ("" if arguments.private else arguments.cohort)
    files = [
        draw_for_journal(made, entry, folder, arguments.width, arguments.format) for entry in entries if "json" in entry
    ]
    print("\n".join(path.as_posix() for path in files))


def none_there(cohort: str, made: Path) -> Finding:
    """That a cohort has no figures to draw again."""
    rule = "no figure is there to be drawn again; make them first, or name a cohort that has some"
    return Finding(made.as_posix(), rule=rule, example=f"caseseries show {cohort}")


def draw_for_journal(made: Path, entry: dict, folder: Path, millimetres: int, format: str) -> Path:
    """One figure of an index, as wide as a column, in one format; the same JSON gives the same bytes."""
    from caseseries.show.draw.draw import draw
    from caseseries.show.draw.style import COLUMNS
    from caseseries.show.save import save_figure

    drawing = saved_drawing(made, entry)
    path = folder / f"{drawing.id}-{millimetres}mm"
    save_figure(draw(drawing, COLUMNS[millimetres]), path, drawing.title, drawing.alt, (format,))
    return path.with_name(f"{path.name}.{format}")
