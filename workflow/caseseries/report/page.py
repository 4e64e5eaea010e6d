"""What a page is made of: sections that hold blocks. Templates lay these out and decide nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from caseseries.show.table import Table, TableColumn, texts


@dataclass(frozen=True)
class Paragraph:
    """Sentences. `tone` is "" for plain text, `caution` for what must not be overlooked, `note` for small print."""

    text: str
    tone: str = ""
    kind: str = "paragraph"


@dataclass(frozen=True)
class Picture:
    """A figure as a data URI, ready to stand in an attribute, with the name of its file relative to the report."""

    source: Markup
    title: str
    caption: str
    alt: str
    file: str = ""
    kind: str = "picture"


@dataclass(frozen=True)
class Tabular:
    """A table with its id in the page and the name of its CSV file relative to the report, where it has one."""

    table: Table
    id: str
    file: str = ""
    kind: str = "table"


@dataclass(frozen=True)
class Facts:
    """Terms and what is to be said of each."""

    rows: Sequence[tuple[str, str]]
    kind: str = "facts"


@dataclass(frozen=True)
class Files:
    """Files to take away: what each is, and its name relative to the report."""

    rows: Sequence[tuple[str, str]]
    kind: str = "files"


@dataclass(frozen=True)
class Listing:
    """Text set as it was written, such as the explanation of one case."""

    text: str
    title: str = ""
    kind: str = "listing"


@dataclass(frozen=True)
class Folded:
    """Blocks behind a line that opens them; on paper they are open, but for those that are `screen_only`."""

    summary: str
    blocks: Sequence[Block]
    screen_only: bool = False
    kind: str = "folded"


Block = Paragraph | Picture | Tabular | Facts | Files | Listing | Folded


@dataclass(frozen=True)
class Section:
    """A part of the page. `name` is the short form in the navigation."""

    id: str
    title: str
    blocks: Sequence[Block] = ()
    children: Sequence[Section] = ()
    name: str = ""
    synthetic: bool = False


@dataclass(frozen=True)
class Opening:
    """The first screen: the answer, its picture, and one line each on safety and on reproduction."""

    title: str
    about: str
    answer: str
    context: str
    lines: Sequence[tuple[str, str]]
    picture: Picture | None = None
    synthetic: bool = False


LONG = 8
"""A table of more rows than this stands behind a line that opens it."""


def in_reach(tables: Iterable[Tabular]) -> list[Block]:
    """Short tables as they are, a long one behind its title."""
    return [Folded(table.table.title, [table]) if len(table.table.rows) > LONG else table for table in tables]


def paragraphs(*texts: str, tone: str = "") -> list[Block]:
    """One paragraph for each text that says something."""
    return [Paragraph(text, tone) for text in texts if text]


def word_table(
    id: str, title: str, columns: Sequence[str | TableColumn], rows: Iterable[Sequence[str]], caption: str = ""
) -> Tabular:
    """A table of texts that stands in the page alone."""
    return Tabular(Table(id, "page", title, caption, *texts(columns, rows), order=0), f"table-{id}")
