"""The one place that writes figures, so that the bytes are the same in every run.

A folder of figures holds `index.json`: a list sorted by `order` and `id`, which the report reads.
Figures: `id, order, kind, title, caption, alt, individual, synthetic, file` (SVG), `png`, `width_mm` (their width in
millimetres), `json` (see `drawing`).
`individual` says that a row or mark stands for one person.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from caseseries.model.files import whole
from caseseries.show.draw.draw import draw
from caseseries.show.draw.fonts import drawn_here, key_of
from caseseries.show.draw.style import DOUBLE, apply_style
from caseseries.show.drawing import DRAWING, Drawing
from caseseries.show.save_tables import write_index
from caseseries.words.labels import marked


def write_drawings(drawings: Iterable[Drawing], folder: Path) -> None:
    """Write figures as SVG and PNG with their index; what stood in the folder before is removed."""
    with whole(folder) as beside:
        beside.mkdir()
        write_index([write_drawing(drawing, beside) for drawing in drawings], beside)


def write_drawing(drawing: Drawing, folder: Path) -> dict:
    """Write one figure; what the index says of it."""
    figure = draw(drawing)
    key = "; ".join(f"{letter} {text}" for letter, text in key_of(figure).items())
    caption = f"{drawing.caption} In the PNG, for want of a font: {key}." if key else drawing.caption
    shown = replace(drawing, caption=marked(caption, drawing.synthetic), alt=marked(drawing.alt, drawing.synthetic))
    (folder / f"{drawing.id}.json").write_text(drawing_json(shown), encoding="utf-8", newline="\n")
    save_figure(figure, folder / drawing.id, shown.title, shown.alt)
    return {
        "id": drawing.id,
        "order": drawing.order,
        "kind": drawing.kind,
        "title": drawing.title,
        "caption": shown.caption,
        "alt": shown.alt,
        "individual": drawing.individual,
        "synthetic": drawing.synthetic,
        "file": f"{drawing.id}.svg",
        "png": f"{drawing.id}.png",
        "width_mm": DOUBLE.millimetres,
        "json": f"{drawing.id}.json",
    }


def drawing_json(drawing: Drawing) -> str:
    """The drawing as JSON, a line for each part of what is drawn."""
    about = DRAWING.dump_python(drawing, mode="json")
    plot = about.pop("plot")
    head = json.dumps(about, indent=1, ensure_ascii=False).removesuffix("\n}")
    parts = ",\n".join(_parts(plot))
    return f'{head},\n "plot": {{\n{parts}\n }}\n}}\n'


def _parts(plot: dict) -> Iterator[str]:
    for name, part in plot.items():
        if isinstance(part, list) and part and isinstance(part[0], (dict, list)):
            lines = ",\n".join("   " + json.dumps(one, ensure_ascii=False, allow_nan=False) for one in part)
            yield f'  "{name}": [\n{lines}\n  ]'
        else:
            yield f'  "{name}": {json.dumps(part, ensure_ascii=False, allow_nan=False)}'


def save_figure(
    figure: Figure, path: Path, title: str, description: str, formats: Sequence[str] = ("png", "svg")
) -> None:
    """Write `<path>.<format>` for each format; the title and description stand in the files' metadata, no day does."""
    apply_style()
    path.parent.mkdir(parents=True, exist_ok=True)
    for name in formats:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph", UserWarning)  # in an SVG the reader's fonts draw
            WRITERS[name](figure, path.with_name(f"{path.name}.{name}"), title, description)


def _save_png(figure: Figure, path: Path, title: str, description: str) -> None:
    about: dict[str, Any] = {"Title": title, "Description": description, "Software": None}
    with drawn_here(figure):
        figure.savefig(path, metadata=about, pil_kwargs={"compress_level": 3})


def _save_svg(figure: Figure, path: Path, title: str, description: str) -> None:
    about: dict[str, Any] = {"Title": title, "Description": description, "Date": None, "Creator": None}
    figure.savefig(path, metadata=about)


def _save_pdf(figure: Figure, path: Path, title: str, description: str) -> None:
    about: dict[str, Any] = {"Title": title, "Subject": description}
    about |= dict.fromkeys(("CreationDate", "Creator", "Producer"))
    with drawn_here(figure):
        figure.savefig(path, metadata=about)


WRITERS = {"png": _save_png, "svg": _save_svg, "pdf": _save_pdf}
"""Format -> how a figure is written in it."""
