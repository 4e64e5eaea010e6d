"""The one place that writes tables, so that the bytes are the same in every run; nothing of what draws is imported.

A folder of tables holds `index.json`: a list sorted by `order` and `id`, which the report reads.
Tables: `id, order, kind, title, caption, individual, synthetic, file` (HTML fragment), `csv`, `json` (see `table`).
`individual` says that a row stands for one person.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from caseseries.model.files import whole
from caseseries.model.text import as_cell
from caseseries.show.markup import page_environment
from caseseries.show.table import TABLE, Table
from caseseries.words.labels import SYNTHETIC, marked

INDENT = "\u2003"
"""What the first cell of a row begins with in CSV that belongs to the row above it: a space."""


def write_tables(tables: Iterable[Table], folder: Path) -> None:
    """Write tables as CSV, JSON and HTML fragments with their index; what stood in the folder before is removed."""
    with whole(folder) as beside:
        beside.mkdir()
        write_index([write_table(table, beside) for table in tables], beside)


def write_table(table: Table, folder: Path) -> dict:
    """Write one table; what the index says of it."""
    shown = replace(table, caption=marked(table.caption, table.synthetic))
    (folder / f"{table.id}.csv").write_text(table_csv(table), encoding="utf-8-sig", newline="")
    (folder / f"{table.id}.json").write_text(table_json(shown), encoding="utf-8", newline="\n")
    (folder / f"{table.id}.html").write_text(table_html(shown), encoding="ascii", newline="\n")
    return {
        "id": table.id,
        "order": table.order,
        "kind": table.kind,
        "title": table.title,
        "caption": shown.caption,
        "individual": table.individual,
        "synthetic": table.synthetic,
        "file": f"{table.id}.html",
        "csv": f"{table.id}.csv",
        "json": f"{table.id}.json",
    }


def table_csv(table: Table) -> str:
    """The table as CSV for a spreadsheet; a heading row has its text in the first cell.

    There is no caption here, so that the first heading of a synthetic cohort says what it is.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    first, *others = map(as_cell, table.headings)
    writer.writerow([f"{first} ({SYNTHETIC} data, no patients)" if table.synthetic else first, *others])
    for row in table.rows:
        first, *others = (as_cell(cell.text.replace("\n", " ")) for cell in row.cells)
        writer.writerow([INDENT * row.indent + first, *others, *[""] * (len(table.columns) - 1 - len(others))])
    return text.getvalue()


def table_json(table: Table) -> str:
    """The table as JSON, a line a row; what has its default value is left out."""
    about = TABLE.dump_python(table, mode="json", exclude_defaults=True)
    rows = about.pop("rows")
    head = json.dumps(about, indent=1, ensure_ascii=False).removesuffix("\n}")
    lines = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in rows)
    return f'{head},\n "rows": [\n{lines}\n ]\n}}\n'


def table_html(table: Table) -> str:
    """The table as one `table` element in pure ASCII, so that it reads the same wherever it is put."""
    written: Any = page_environment().get_template("table.html.j2").module  # its macros are its attributes
    text = written.table(table, f"table-{table.id}")
    return str(text).strip().encode("ascii", "xmlcharrefreplace").decode("ascii") + "\n"


def write_index(index: list[dict], folder: Path) -> None:
    """Write index.json of a folder of figures or tables, sorted by `order` and `id`."""
    index.sort(key=lambda entry: (entry["order"], entry["id"]))
    text = json.dumps(index, indent=1, ensure_ascii=False)
    (folder / "index.json").write_text(text + "\n", encoding="utf-8", newline="\n")
