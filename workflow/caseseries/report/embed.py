"""Tables and figures of the show stage, made ready to stand inside one HTML file."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import Markup

from caseseries.report.page import Picture, Tabular
from caseseries.show.saved import saved_table

if TYPE_CHECKING:
    from caseseries.report.study import CohortResults, Study

LARGEST_SVG = 300_000
"""Characters from which a drawing with many marks is shown as PNG, so that the report stays light."""


def pictures(source: CohortResults | Study, kinds: set[str]) -> list[Picture]:
    """Figures of these kinds, in the order of their index.

    `source` has `figures` (entries of index.json) and `folder` (which holds figures/); see `study`.
    """
    return [picture(entry, source.folder) for entry in source.figures if entry["kind"] in kinds]


def picture(entry: dict, folder: Path) -> Picture:
    """One figure as a data URI: the SVG, or the PNG where the SVG is heavy."""
    path = folder / "figures" / entry["file"]
    source = svg_uri(path.read_text(encoding="utf-8"))
    if len(source) > LARGEST_SVG and entry.get("png"):
        code = base64.b64encode(path.with_name(entry["png"]).read_bytes()).decode("ascii")
        source = Markup(f"data:image/png;base64,{code}")
    return Picture(source, entry["title"], entry["caption"], entry["alt"], relative(path))


def opening_picture(found: CohortResults, study: Study) -> Picture | None:
    """The cohort beside those it is pooled with, else its own rates in brief, else its first figure."""
    pools = [pool.id for pool in study.config.pools if found.cohort.id in [m.cohort for m in pool.members]]
    for entry in study.figures:
        if entry["kind"] == "forest" and any(pool in entry["id"] for pool in pools):
            return picture(entry, study.folder)
    kinds = ["brief", "definitions", "rates"]
    own = sorted(found.figures, key=lambda entry: kinds.index(entry["kind"]) if entry["kind"] in kinds else len(kinds))
    return picture(own[0], found.folder) if own else None


UNQUOTED = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) not in "'#%&<>")
"""Characters that mean the same in a URI of data, in an attribute in single quotes and in the drawing."""


def svg_uri(svg: str) -> Markup:
    """A drawing as a data URI of text, which stands in an attribute in single quotes as it is.

    Text is a quarter shorter than base64, and a picture of its own keeps its ids and its white ground to itself.
    """
    return Markup("data:image/svg+xml," + quote(svg, safe=UNQUOTED))


def shown_tables(source: CohortResults | Study, kinds: set[str]) -> list[Tabular]:
    """Tables of these kinds, in the order of their index; see `pictures`."""
    return [tabular(entry, source.folder) for entry in source.tables if entry["kind"] in kinds]


def tabular(entry: dict, folder: Path) -> Tabular:
    """One table; its id carries the folder's name, since every cohort has tables of the same ids."""
    tables = folder / "tables"
    table = saved_table(tables, entry)
    return Tabular(table, f"table-{folder.name}-{table.id}", relative(tables / entry["csv"]))


def relative(path: Path) -> str:
    """Path as a link from the report: everything after the folder release/."""
    return path.as_posix().rpartition("/release/")[2]
