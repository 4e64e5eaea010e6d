"""What a page is made of: sections that hold blocks. Templates lay these out and decide nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from caseseries.show.table import Table, TableColumn, texts
from caseseries.words.numbers import is_missing


@dataclass(frozen=True)
class Paragraph:
    """Sentences. `tone` is "" for plain text, `caution` for what must not be overlooked, `note` for small print.

    `key` names the number that they say (`results.number_key`), `anchor` the place in the page where its row stands.
    """

    text: str
    tone: str = ""
    key: str = ""
    anchor: str = ""
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
    """A table with its id in the page and the name of its CSV file relative to the report, where it has one.

    `anchors` has the place in the page where the row of a number stands, by the cell's `key`.
    """

    table: Table
    id: str
    file: str = ""
    anchors: Mapping[str, str] = field(default_factory=dict)
    kind: str = "table"


@dataclass(frozen=True)
class Happening:
    """Something on record of a case: where it stands in the order of days, day, what, and what is to be said of it.

    `dropped`: a count that a definition leaves out; `decides`: one on which the class rests.
    """

    place: float
    day: str
    what: str
    remark: str = ""
    dropped: bool = False
    decides: bool = False


@dataclass(frozen=True)
class Course:
    """What happened in one case, in order of days."""

    rows: Sequence[Happening]
    kind: str = "course"


@dataclass(frozen=True)
class Dot:
    """A count in the picture of a case: its place, the text beside it, what is said when it is pointed at.

    `state` is `kept`, `dropped` or `decides`; `limit`: only a limit of the count is known.
    """

    x: float
    y: float
    text: str
    said: str
    state: str
    limit: bool


@dataclass(frozen=True)
class Lane:
    """A row below the days of a case: its height, its name, and the left end and length of each bar."""

    y: float
    label: str
    bars: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Trace:
    """The course of one case as a picture of 600 units in width: places with their texts.

    `lines` are the counts at which the definition draws its lines, `box` the edges of the field of counts: left, right,
    top, foot.
    """

    dots: Sequence[Dot]
    path: str
    lines: Sequence[tuple[float, str]]
    days: Sequence[tuple[float, str]]
    scale: Sequence[tuple[float, str]]
    lanes: Sequence[Lane]
    unit: str
    box: tuple[float, float, float, float]
    height: float
    kind: str = "trace"


@dataclass(frozen=True)
class Curve:
    """A step curve with its band: day, share, lower and upper limit of each step."""

    steps: Sequence[tuple[float, float, float, float]]
    kind: str = "curve"

    @property
    def last(self) -> float:
        """The last day."""
        return max((day for day, *_ in self.steps), default=0) or 1

    @property
    def line(self) -> str:
        """The curve as a path in days and shares."""
        return "M0 0" + "".join(f"H{day:.6g}V{share:.4g}" for day, share, *_ in self.steps) + f"H{self.last:.6g}"

    @property
    def band(self) -> str:
        """The area between the limits as a path in days and shares, from the first step that has both."""
        known = [(day, low, high) for day, _, low, high in self.steps if not (is_missing(low) or is_missing(high))]
        if not known:
            return ""
        days = [day for day, *_ in known] + [self.last]
        upper = "".join(f"V{high:.4g}H{end:.6g}" for (_, _, high), end in zip(known, days[1:], strict=True))
        back = zip(reversed(known), reversed(days[:-1]), strict=True)
        lower = "".join(f"V{low:.4g}H{start:.6g}" for (_, low, _), start in back)
        return f"M{days[0]:.6g} {known[0][1]:.4g}{upper}{lower}Z"


@dataclass(frozen=True)
class Classes:
    """Which cases have which class: the class, and each case with its place in the page, "" where it has none."""

    rows: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    kind: str = "classes"


@dataclass(frozen=True)
class Option:
    """One choice of a `Chooser`."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Chooser:
    """Parts of which one is seen at a time; without a script each behind its line."""

    title: str
    options: Sequence[Option]
    kind: str = "chooser"


@dataclass(frozen=True)
class Origin:
    """Where a number comes from: what it is, what was counted, methods, its row, and the cases that count for it."""

    anchor: str
    what: str
    counted: str
    method: str
    row: str
    cases: Sequence[tuple[str, Sequence[tuple[str, str]]]]


@dataclass(frozen=True)
class Origins:
    """The origins of numbers, the file that holds their rows, "" of one that is not handed on, and what is counted."""

    rows: Sequence[Origin]
    file: str = ""
    counted: str = "Events/n"
    kind: str = "origins"


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
    """Blocks behind a line that opens them; on paper they are open, but for those that are `screen_only`.

    `id` is its place in the page, where links lead to it; `sheet` what stands above it where it is printed alone, "" of
    what is not.
    """

    summary: str
    blocks: Sequence[Block]
    screen_only: bool = False
    id: str = ""
    sheet: str = ""
    kind: str = "folded"


Block = (
    Paragraph
    | Picture
    | Tabular
    | Facts
    | Files
    | Listing
    | Folded
    | Course
    | Trace
    | Curve
    | Classes
    | Chooser
    | Origins
)


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
    """The first screen: the answer, its picture, and one line each on safety and on reproduction.

    `numbers` are those of the picture, for a screen on which it is too small: name, events/n, rate with interval.
    `anchor` is the place in the page where the row of the answer stands.
    """

    title: str
    about: str
    answer: str
    context: str
    lines: Sequence[tuple[str, str]]
    picture: Picture | None = None
    synthetic: bool = False
    numbers: Sequence[tuple[str, str, str]] = ()
    anchor: str = ""


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
