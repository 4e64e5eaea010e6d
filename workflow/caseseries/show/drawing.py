"""A figure as data: what is drawn, in numbers and words, with all that must be said of it.

It is made in `figures/`, drawn by `draw/` alone, and stands as JSON beside the picture (docs/drawing.schema.json), so
that anybody can draw it again. Days are days of the cohort, shares run from 0 to 1, missing numbers are None.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from caseseries.words.numbers import is_missing

Values = tuple[float | None, ...]
"""Numbers in a row; None where there is none."""


@dataclass(frozen=True)
class Line:
    """A step curve: its values from each of its days on, and the limits of a band where one is drawn.

    `sign` is the place of its colour, dash and marker in the row of signs (`style.group_sign`). `censored` has the days
    and values where somebody's observation ended without an event. A line with a `dash` is thin, has that dash (its
    place in `style.DASHES`) instead of its sign's, and no name of its own in the legend.
    """

    label: str
    sign: int
    time: Values
    estimate: Values
    lower: Values
    upper: Values
    band: bool = True
    censored: tuple[tuple[float, float], ...] = ()
    dash: int | None = None


@dataclass(frozen=True)
class Frame:
    """What surrounds curves: texts, days on the axis, and the rows of numbers below it, one number a tick."""

    y_label: str
    days: str
    last_day: float
    ticks: tuple[int, ...]
    risk: tuple[tuple[str, tuple[str, ...]], ...] = ()
    risk_heading: str = "At risk"


@dataclass(frozen=True)
class Curves:
    """Step curves; `median` is the day on which the curve crosses one half, where that is marked.

    `dashes` are what the dashes of thin lines mean, with their place in `style.DASHES`.
    """

    shape: Literal["curves"]
    frame: Frame
    lines: tuple[Line, ...]
    median: float | None = None
    dashes: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Stack:
    """Shares laid on each other, in steps: the share in each state from each day on, the rest above them.

    `edges` has the upper edge of each state by day, from the lowest up, the line at 0 first.
    """

    shape: Literal["stack"]
    frame: Frame
    times: Values
    edges: tuple[Values, ...]
    labels: tuple[str, ...]
    rest: str


@dataclass(frozen=True)
class ForestRow:
    """A row of a forest plot: a mark with its intervals, and the texts beside it.

    `kind`: a bold heading, a quiet one (`note`), a rate, one after a choice of ours, a pooled one, a prediction
    interval. `lower` and `upper` are the main interval, `exact_...` the second, more cautious one, `worst` and `best`
    the bounds with those who are not evaluable; `weight` is the side of the mark from 0 to 1, `share` the weight that
    it stands for, as text.
    """

    kind: Literal["heading", "note", "rate", "choice", "pooled", "prediction"]
    label: str
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    exact_lower: float | None = None
    exact_upper: float | None = None
    worst: float | None = None
    best: float | None = None
    weight: float | None = None
    counts: str = ""
    not_evaluable: str = ""
    rate: str = ""
    share: str = ""


Headers = tuple[tuple[Literal["counts", "not_evaluable", "rate", "share"], str], ...]
"""A column of texts beside a forest plot -> its heading."""


@dataclass(frozen=True)
class Forest:
    """A forest plot from top to bottom; `headers` are the columns of texts shown, `level` is that of the intervals, at
    `reference` a line stands across.
    """

    shape: Literal["forest"]
    rows: tuple[ForestRow, ...]
    headers: Headers
    level: str
    reference: float | None = None


@dataclass(frozen=True)
class HeatMap:
    """A lower triangle of values between things that are named once; `texts` are what stands in the cells."""

    shape: Literal["heat_map"]
    names: tuple[str, ...]
    values: tuple[Values, ...]
    texts: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Bar:
    """The course of one episode: how long it was seen, and from when to when it had the drug of the study."""

    episode: str
    response_class: str
    end: float
    drug_first: float | None
    drug_last: float | None


@dataclass(frozen=True)
class Mark:
    """Something that happened to an episode on a day."""

    episode: str
    day: float
    kind: str


@dataclass(frozen=True)
class Strip:
    """One kind of happening: in how many episodes (`counts`, in words) and on which days, each with its number."""

    kind: str
    label: str
    counts: str
    days: tuple[tuple[float, int], ...]


@dataclass(frozen=True)
class Strips:
    """What happened when, a strip a kind, of more episodes than have a bar each; the axis ends at `last`."""

    shape: Literal["strips"]
    days: str
    last: float
    strips: tuple[Strip, ...]


@dataclass(frozen=True)
class Swimmer:
    """Courses from the top down with their marks; the axis ends at `last`."""

    shape: Literal["swimmer"]
    days: str
    last: float
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Count:
    """A count of one episode; `x` is its day or the place of its occasion, `limit` says that only a limit is known."""

    episode: str
    response_class: str
    x: float
    value: float
    limit: bool


@dataclass(frozen=True)
class Panel:
    """Counts on one axis with its ticks; `dotted` where the lines between them say nothing of time.

    `responses` are the points at which an episode first responded, `events` those at which rescue or a transfusion
    was given, with its kind. `log_days`: beyond `LINEAR_DAYS` the axis of days is logarithmic.
    """

    title: str
    counts: tuple[Count, ...]
    ticks: tuple[float, ...]
    tick_labels: tuple[str, ...]
    x_label: str
    limits: tuple[float, float]
    dotted: bool = False
    responses: tuple[tuple[float, float], ...] = ()
    events: tuple[tuple[float, float, str], ...] = ()
    log_days: bool = False


LINEAR_DAYS = 7
"""Days on either side of day 0 within which an axis of days is linear in any case."""


@dataclass(frozen=True)
class Trajectories:
    """Panels of counts, two a row; `unit` is the title of their logarithmic axes, `marks` stand at them, `thresholds`
    are lines across them.
    """

    shape: Literal["trajectories"]
    panels: tuple[Panel, ...]
    unit: str
    marks: tuple[float, ...]
    thresholds: tuple[float, ...]
    thresholds_label: str


@dataclass(frozen=True)
class Treatment:
    """Counts and doses of one episode, and where it departs from the label.

    `doses` are days and amounts in `unit`, 0 withheld and None unknown, every `every_days` days within a row of the
    record; `departures` are days, None where the rule has none, and the rule in words.
    """

    episode: str
    unit: str
    every_days: int
    counts: tuple[Count, ...]
    doses: tuple[tuple[float, float | None], ...]
    departures: tuple[tuple[float | None, str], ...]


@dataclass(frozen=True)
class Doses:
    """Episodes with their doses and counts on one axis of days; `unit` is that of the counts."""

    shape: Literal["doses"]
    treatments: tuple[Treatment, ...]
    days: str
    unit: str


@dataclass(frozen=True)
class Box:
    """A step from the record to the analysis: what it is, how many, and the step that it is a part of ("" of none)."""

    step: str
    of: str
    label: str
    counts: str


@dataclass(frozen=True)
class Flow:
    """Boxes from the record down, each below the one that it is a part of."""

    shape: Literal["flow"]
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Bleed:
    """Bleeding of one grade in an episode, from its first to its last day."""

    episode: str
    first: float
    last: float
    grade: int


@dataclass(frozen=True)
class Bleeding:
    """A row an episode in which bleeding is on record, from the top down; `seen` is the last day of each row."""

    shape: Literal["bleeding"]
    days: str
    first: float
    last: float
    seen: tuple[tuple[str, float], ...]
    bleeds: tuple[Bleed, ...]


@dataclass(frozen=True)
class Outcome:
    """An outcome over all combinations: each distinct value with how many combinations lead to it, the lowest first.

    `own` are the values of definitions as they stand. `shares` are what moves it, with its share of the variance.
    """

    label: str
    percent: bool
    values: tuple[tuple[float, int], ...]
    own: tuple[float, ...]
    shares: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Multiverse:
    """Outcomes of every combination of definitions and choices, one below the other."""

    shape: Literal["multiverse"]
    outcomes: tuple[Outcome, ...]


Shape = Annotated[
    Curves | Stack | Forest | HeatMap | Swimmer | Strips | Trajectories | Doses | Flow | Bleeding | Multiverse,
    Field(discriminator="shape"),
]

Kind = Literal[
    "rates",
    "brief",
    "agreement",
    "incidence",
    "states",
    "survival",
    "supplement",
    "swimmer",
    "trajectories",
    "doses",
    "flow",
    "bleeding",
    "specification",
    "multiverse",
    "forest",
    "definitions",
]


@dataclass(frozen=True)
class Drawing:
    """A figure with all that must be said about it.

    `title` and `subtitle` stand in the picture. `caption` says what is drawn, of whom and by which method; `alt` says
    in words what the picture shows. `order` is its place in a page. `individual` says that a mark stands for one
    person, `synthetic` that no patient stands behind it: then the picture itself says so.
    """

    id: str
    kind: Kind
    title: str
    subtitle: str
    plot: Shape
    caption: str
    alt: str
    order: int
    individual: bool = False
    synthetic: bool = False


DRAWING = TypeAdapter(Drawing)


def values(numbers: Iterable[float | None]) -> Values:
    """Numbers as plain ones, None where missing."""
    return tuple(None if is_missing(number) else float(number) for number in numbers)
