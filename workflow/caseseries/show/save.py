"""The one place that writes figures and tables, so that the bytes are the same in every run.

A folder of figures or tables holds `index.json`: a list sorted by `order` and `id`, which the report reads.
Figures: `id, order, kind, title, caption, alt, individual, synthetic, file` (SVG), `png`.
Tables: `id, order, kind, title, caption, individual, synthetic, file` (HTML fragment), `csv`.
`individual` says that a row or mark stands for one person.
"""

from __future__ import annotations

import csv
import html
import io
import json
import shutil
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from matplotlib.figure import Figure

from caseseries.show.style import SYNTHETIC, apply_style, draw_watermark
from caseseries.words.format import NOTHING, unbroken

INDENT = "\u2003"
"""What the first cell of a row begins with that belongs to the row above it: set in on a page, a space in CSV."""


@dataclass(frozen=True)
class Drawing:
    """A figure with all that must be said about it.

    `kind` is one of rates, brief, agreement, incidence, states, survival, swimmer, trajectories, forest, definitions.
    `caption` says what is drawn, of whom and by which method; `alt` says in words what the picture shows. `order` is
    its place in a page.
    """

    id: str
    kind: str
    figure: Figure
    title: str
    caption: str
    alt: str
    order: int
    individual: bool = False
    synthetic: bool = False


@dataclass(frozen=True)
class Table:
    """A table of texts, ready to print.

    Parameters
    ----------
    header : column headings with their units.
    rows : cells as text, one list a row, a line break where a cell is broken; a row of one cell is a heading over the
        rows that follow, or the last word.
    text_columns : how many columns from the left hold words; the others hold numbers and are set flush right.
    word_columns : places of further columns that hold words.
    notes : sentences below the table.
    """

    id: str
    kind: str
    title: str
    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    order: int
    text_columns: int = 1
    notes: Sequence[str] = field(default_factory=tuple)
    individual: bool = False
    synthetic: bool = False
    word_columns: Collection[int] = ()


def without_empty_columns(header: list[str], rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """A table's header and rows without the columns in which no row says anything."""
    full = [row for row in rows if len(row) > 1]
    keep = [place for place in range(len(header)) if any(row[place] != NOTHING for row in full)]
    kept = [row if len(row) == 1 else [row[place] for place in keep] for row in rows]
    return [header[place] for place in keep], kept


def write_drawings(drawings: Iterable[Drawing], folder: Path) -> None:
    """Write figures as SVG and PNG with their index; what stood in the folder before is removed."""
    _clear(folder)
    index = []
    for drawing in drawings:
        caption, alt = marked(drawing.caption, drawing.synthetic), marked(drawing.alt, drawing.synthetic)
        save_figure(drawing.figure, folder / drawing.id, drawing.title, alt, drawing.synthetic)
        index.append(
            {
                "id": drawing.id,
                "order": drawing.order,
                "kind": drawing.kind,
                "title": drawing.title,
                "caption": caption,
                "alt": alt,
                "individual": drawing.individual,
                "synthetic": drawing.synthetic,
                "file": f"{drawing.id}.svg",
                "png": f"{drawing.id}.png",
            }
        )
    _write_index(index, folder)


def save_figure(figure: Figure, path: Path, title: str, description: str, synthetic: bool) -> None:
    """Write `<path>.svg` and `<path>.png`; the title and description stand in the files' metadata."""
    apply_style()
    if synthetic:
        draw_watermark(figure)
    about = {"Title": title, "Description": description}
    path.parent.mkdir(parents=True, exist_ok=True)
    png = {"metadata": {**about, "Software": None}, "pil_kwargs": {"compress_level": 3}}
    figure.savefig(path.with_name(path.name + ".png"), **png)
    figure.savefig(path.with_name(path.name + ".svg"), metadata={**about, "Date": None, "Creator": None})


def write_tables(tables: Iterable[Table], folder: Path) -> None:
    """Write tables as CSV and as HTML fragments with their index; what stood in the folder before is removed."""
    _clear(folder)
    index = []
    for table in tables:
        caption = marked(table.caption, table.synthetic)
        (folder / f"{table.id}.csv").write_text(table_csv(table), encoding="utf-8-sig", newline="")
        (folder / f"{table.id}.html").write_text(table_html(table, caption), encoding="ascii", newline="\n")
        index.append(
            {
                "id": table.id,
                "order": table.order,
                "kind": table.kind,
                "title": table.title,
                "caption": caption,
                "individual": table.individual,
                "synthetic": table.synthetic,
                "file": f"{table.id}.html",
                "csv": f"{table.id}.csv",
            }
        )
    _write_index(index, folder)


def table_csv(table: Table) -> str:
    """The table as CSV for a spreadsheet; a heading row has its text in the first cell.

    There is no caption here, so that the first heading of a synthetic cohort says what it is.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    first = f"{table.header[0]} ({SYNTHETIC} data, no patients)" if table.synthetic else table.header[0]
    writer.writerow([first, *table.header[1:]])
    for row in table.rows:
        cells = [cell.replace("\n", " ") for cell in row]
        writer.writerow([*cells, *[""] * (len(table.header) - len(row))])
    return text.getvalue()


def table_html(table: Table, caption: str) -> str:
    """The table as one `table` element in pure ASCII, so that it reads the same wherever it is put."""
    width = len(table.header)
    kinds = [
        "words" if column < table.text_columns or column in table.word_columns else "numbers" for column in range(width)
    ]
    lines = [
        f'<table class="caseseries" id="table-{html.escape(table.id)}" style="font-variant-numeric: tabular-nums">',
        f"<caption><strong>{html.escape(table.title)}.</strong> {_escaped(caption)}</caption>",
        "<thead>",
        "<tr>",
    ]
    headings = zip(table.header, kinds, strict=True)
    lines += [f'<th scope="col" class="{kind}">{_escaped(name)}</th>' for name, kind in headings]
    lines += ["</tr>", "</thead>", "<tbody>"]
    for place, row in enumerate(table.rows):
        if len(row) == 1:
            lines.append(_spanning(row[0], width, table.rows[place + 1 :]))
            continue
        place_in = " in" if row[0].startswith(INDENT) else ""
        cells = [f'<th scope="row" class="words{place_in}">{_escaped(row[0].removeprefix(INDENT))}</th>']
        cells += [f'<td class="{kind}">{_escaped(cell)}</td>' for cell, kind in zip(row[1:], kinds[1:], strict=True)]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines.append("</tbody>")
    if table.notes:
        notes = "".join(f"<p>{_escaped(note)}</p>" for note in table.notes)
        lines.append(f'<tfoot><tr><td colspan="{width}">{notes}</td></tr></tfoot>')
    lines.append("</table>")
    return "\n".join(lines).encode("ascii", "xmlcharrefreplace").decode("ascii") + "\n"


def _escaped(text: str) -> str:
    return html.escape(unbroken(text)).replace("\n", "<br>")


def _spanning(text: str, width: int, below: Sequence[Sequence[str]]) -> str:
    """A row of one cell: a heading, quiet over rows that are set in; in the last row, where nothing follows, words."""
    if not below:
        return f'<tr><td class="across" colspan="{width}"><p>{_escaped(text)}</p></td></tr>'
    quiet = " quiet" if below[0][0].startswith(INDENT) else ""
    return f'<tr class="heading{quiet}"><th scope="rowgroup" colspan="{width}">{_escaped(text)}</th></tr>'


def marked(text: str, synthetic: bool) -> str:
    """A caption that says first that no patient stands behind what is shown, where none does."""
    return f"{SYNTHETIC} data, no patients. {text}" if synthetic else text


def _clear(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _write_index(index: list[dict], folder: Path) -> None:
    index.sort(key=lambda entry: (entry["order"], entry["id"]))
    text = json.dumps(index, indent=1, ensure_ascii=False)
    (folder / "index.json").write_text(text + "\n", encoding="utf-8", newline="\n")
