"""Tables and figures of the render stage, made ready to stand inside one HTML file."""

from __future__ import annotations

import base64
import re
from pathlib import Path

from caseseries.report.page import Fragment, Picture

LARGEST_SVG = 300_000
"""Characters from which a drawing with many marks is shown as PNG, so that the report stays light."""

MANY_NOTES = 4
"""More notes than this below a table are folded."""


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


def fragments(source: object, kinds: set[str]) -> list[Fragment]:
    """Tables of these kinds, in the order of their index."""
    return [fragment(entry, source.folder) for entry in source.tables if entry["kind"] in kinds]


def fragment(entry: dict, folder: Path) -> Fragment:
    """One table; its id carries the folder's name, since every cohort has tables of the same ids."""
    path = folder / "tables" / entry["file"]
    text = path.read_text(encoding="utf-8")
    text = text.replace('id="table-', f'id="table-{folder.name}-', 1).replace("/evaluable</th>", "/<wbr>evaluable</th>")
    text = fold_notes(text)
    return Fragment(text, entry["title"], relative(path.with_name(entry["csv"])) if entry.get("csv") else "")


def fold_notes(table: str) -> str:
    """The table with all notes but the first behind a line that opens them, where they would be longer than it."""
    head, foot, tail = table.partition("<tfoot>")
    notes = re.findall(r"<p>.*?</p>", tail, re.DOTALL)
    if len(notes) <= MANY_NOTES:
        return table
    first, rest = notes[0], "".join(notes[1:])
    folded = f"{first}<details><summary>{len(notes) - 1} notes, one for each marked line</summary>{rest}</details>"
    return head + foot + tail.replace("".join(notes), folded)


def relative(path: Path) -> str:
    """Path as a link from the report: everything after the folder release/."""
    return path.as_posix().rpartition("/release/")[2]
