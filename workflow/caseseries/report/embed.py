"""Tables and figures of the show stage, made ready to stand inside one HTML file."""

from __future__ import annotations

import base64
import re
from pathlib import Path

from caseseries.report.page import Picture, Tabular
from caseseries.show.saved import saved_table

LARGEST_SVG = 300_000
"""Characters from which a drawing with many marks is shown as PNG, so that the report stays light."""


def pictures(source: object, kinds: set[str]) -> list[Picture]:
    """Figures of these kinds, in the order of their index.

    `source` has `figures` (entries of index.json) and `folder` (which holds figures/); see `evidence`.
    """
    return [picture(entry, source.folder) for entry in source.figures if entry["kind"] in kinds]


def picture(entry: dict, folder: Path) -> Picture:
    """One figure as a data URI: the SVG, or the PNG where the SVG is heavy."""
    path = folder / "figures" / entry["file"]
    source = "data:image/svg+xml," + compact_svg(path.read_text(encoding="utf-8"))
    if len(source) > LARGEST_SVG and entry.get("png"):
        code = base64.b64encode(path.with_name(entry["png"]).read_bytes()).decode("ascii")
        source = f"data:image/png;base64,{code}"
    return Picture(source, entry["title"], entry["caption"], entry["alt"], relative(path))


UNSEEN = re.compile(r"<metadata>.*?</metadata>|<!--.*?-->|(?<=>)\s+(?=<)", re.DOTALL)
LETTER = re.compile(r'<use xlink:href="#([^"]+)" transform="translate\((-?[\d.]+) 0\)"/>')
"""A letter as matplotlib sets it: the outline of a glyph, moved along its line."""

PLACES = re.compile(r'(?<= )(?:d|x|y|style)="[^"]*"')
LOOSE = re.compile(r"(?<=[A-Za-z:;]) | (?=[A-Za-z](?: |$))")


def compact_svg(svg: str) -> str:
    """A drawing of matplotlib as the text of a data URI, half as long and the same to look at.

    Left out is what is not drawn: head, metadata, comments, white space. Letters get short names. Text in a URI is a
    third shorter than base64; percent, number sign and double quotes are written as the URI and the attribute around
    it need them.
    """
    text = UNSEEN.sub("", svg[svg.index("<svg") :])
    text = LETTER.sub(lambda use: f'<use xlink:href="#{use[1]}" x="{use[2]}"/>', text)
    text = PLACES.sub(lambda found: _tightened(found[0]), text)
    text = text.replace("DejaVuSans-Bold-", "B").replace("DejaVuSans-", "D").strip()
    return text.replace("%", "%25").replace("#", "%23").replace('"', "%22" if "'" in text else "'")


def _tightened(attribute: str) -> str:
    return LOOSE.sub("", " ".join(attribute.split()))


def shown_tables(source: object, kinds: set[str]) -> list[Tabular]:
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
