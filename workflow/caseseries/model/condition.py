"""Conditions of the definition algebra: sequence operators on the admitted counts of an episode (primitives 9 to 16),
guards (17, 18) and their Boolean combinations. A condition is met, not met or unknown for each episode.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, cast, get_args

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from caseseries.model.columns import EVENT_KINDS
from caseseries.model.predicate import Clause, Day, Days, Point, tag_by_key

EventKind = Literal[
    "rescue", "platelet_transfusion", "itp_therapy", "stop_drug", "delivery", "death", "lost", "transfusion"
]
"""Kinds of events that a definition may name: those of events.csv, and any transfusion that raises its analyte."""
assert get_args(EventKind) == (*EVENT_KINDS, "transfusion")

Range = Annotated[list[Day], Field(min_length=2, max_length=2)]
OpenRange = Annotated[list[Day | None], Field(min_length=2, max_length=2)]
Count = Annotated[int, Field(strict=True, ge=1)]


def ordered(ends: list[int | None]) -> list[int | None]:
    """Refuse a window whose first day lies after its last: nothing could lie in it."""
    if ends[0] is not None and ends[1] is not None and ends[0] > ends[1]:
        raise ValueError("the window is impossible: its first end lies after its last")
    return ends


class Some(Clause):
    """At least one admitted count qualifies."""

    some: Point


class Confirm(Clause):
    """Two qualifying counts, far enough apart."""

    confirm: Point
    gap: Days = Field(description="least number of days between the two counts")
    between: Literal["all", "any"] = Field(
        default="all", description="all: every count between the two must qualify too; any: they need not"
    )
    onset_in: Range | None = Field(default=None, description="first and last day on which the first count may lie")

    _window = field_validator("onset_in")(lambda ends: ends and ordered(ends))


class At(Clause):
    """The count nearest to a day qualifies."""

    at: Point
    day: Day
    tol: Days = Field(description="a count at most so many days away serves")


class Schedule(Clause):
    """Visits at equal distances."""

    @property
    def visits(self) -> list[int]:
        """Numbers of the visits."""
        raise NotImplementedError

    @property
    def pace(self) -> int:
        """Days from one visit to the next."""
        raise NotImplementedError

    @property
    def tolerance(self) -> int:
        """Days by which a count may miss its visit."""
        raise NotImplementedError

    def first_day(self, week_origin: int | None) -> int:
        """Day of the first visit."""
        raise NotImplementedError


class Grid(Schedule):
    """Visits in weeks: week w lies on day 7 (w - origin)."""

    weeks: Range = Field(description="first and last week")
    step: Count = Field(default=1, description="weeks from one visit to the next")
    tol: Days | None = Field(
        default=None, description="a count at most so many days away serves; 3 for weekly, 6 for two-weekly visits"
    )
    origin: Day | None = Field(default=None, description="number of the week of day 0; week_origin where absent")

    _window = field_validator("weeks")(ordered)

    @field_validator("tol")
    @classmethod
    def _no_overlap(cls, tol: int | None, info: Any) -> int | None:
        step = info.data.get("step")
        if tol is not None and step is not None and 2 * tol >= 7 * step:
            raise ValueError("the tolerance must be less than half of the step, or one count would serve two visits")
        return tol

    @property
    def visits(self) -> list[int]:
        """Numbers of the weeks on the grid."""
        return list(range(self.weeks[0], self.weeks[1] + 1, self.step))

    @property
    def pace(self) -> int:
        """Days from one visit to the next."""
        return 7 * self.step

    @property
    def tolerance(self) -> int:
        """Days by which a count may miss its visit; by default as wide as visits do not share counts."""
        return (7 * self.step - 1) // 2 if self.tol is None else self.tol

    def first_day(self, week_origin: int | None) -> int:
        """Day of the first visit."""
        origin = self.origin if self.origin is not None else week_origin
        return 7 * (self.weeks[0] - (origin or 0))


class KOf(Grid):
    """At least k visits of a grid qualify; a visit without a count does not, unless missing is ignored."""

    k_of: Point
    k: Count
    missing: Literal["fail", "ignore"] = Field(
        default="fail", description="fail: a visit without a count does not qualify; ignore: it is left out"
    )
    min_obs: Count | None = Field(default=None, description="least number of visits with a count, if missing: ignore")

    @model_validator(mode="after")
    def _possible(self) -> KOf:
        if self.k > len(self.visits):
            raise ValueError(f"k is {self.k}, but the weeks hold only {len(self.visits)} visits")
        if (self.missing == "ignore") != (self.min_obs is not None):
            raise ValueError("missing: ignore and min_obs go together")
        return self


class FracOf(Grid):
    """At least a share x/y of the visits that have a count qualifies."""

    frac_of: Point
    ge: Annotated[list[Count], Field(min_length=2, max_length=2)] = Field(description="the share as [x, y]")
    min_obs: Count = Field(description="least number of visits with a count")

    @field_validator("ge")
    @classmethod
    def _share(cls, share: list[int]) -> list[int]:
        if share[0] > share[1]:
            raise ValueError("a share [x, y] must not be above 1")
        return share

    @model_validator(mode="after")
    def _possible(self) -> FracOf:
        if self.min_obs > len(self.visits):
            raise ValueError(f"min_obs is {self.min_obs}, but the weeks hold only {len(self.visits)} visits")
        return self


class Consec(Grid):
    """So many neighbouring visits of a grid qualify."""

    consec: Point
    n: Count
    unit: Literal["week"] = "week"

    @model_validator(mode="after")
    def _possible(self) -> Consec:
        if self.n > len(self.visits):
            raise ValueError(f"n is {self.n}, but the weeks hold only {len(self.visits)} visits")
        return self


class ConsecDays(Schedule):
    """So many consecutive days qualify, each of them measured."""

    consec: Point
    n: Count
    unit: Literal["day"]
    days: Range = Field(description="first and last day, both included")

    _window = field_validator("days")(ordered)

    @model_validator(mode="after")
    def _possible(self) -> ConsecDays:
        if self.n > len(self.visits):
            raise ValueError(f"n is {self.n}, but there are only {len(self.visits)} days")
        return self

    @property
    def visits(self) -> list[int]:
        """The days."""
        return list(range(self.days[0], self.days[1] + 1))

    @property
    def pace(self) -> int:
        """One day."""
        return 1

    @property
    def tolerance(self) -> int:
        """A count serves its own day alone."""
        return 0

    def first_day(self, week_origin: int | None) -> int:
        """First of the days."""
        return self.days[0]


class Sustain(Clause):
    """Every count qualifies from an event on for a span of days, without a hole, closed by a qualifying count."""

    sustain: Point
    start: EventKind = Field(description="event that opens the span")
    days: Count = Field(description="length of the span")
    max_gap: Count = Field(description="longest stretch without a count")


class LastBefore(Clause):
    """The last count before an event qualifies; a count on its day is taken as drawn before it."""

    last_before: Point
    event: EventKind
    within: Days = Field(description="the count lies at most so many days before the event")


class NoneOf(Clause):
    """No event of these kinds lies in a window of days, or in the days that follow an event."""

    none: Annotated[list[EventKind], Field(min_length=1)]
    window: OpenRange | None = Field(default=None, description="first and last day, both included; null: no limit")
    after: EventKind | None = Field(default=None, description="event that opens the window")
    days: Days | None = Field(default=None, description="length of the window that the event opens")

    _window = field_validator("window")(lambda ends: ends and ordered(ends))

    @model_validator(mode="after")
    def _one_window(self) -> NoneOf:
        if (self.after is None) != (self.days is None):
            raise ValueError("after and days go together")
        if self.window is not None and self.after is not None:
            raise ValueError("give either window, or after and days")
        return self


class Exposed(Clause):
    """A drug class was given on at least so many different days."""

    exposed: str = Field(description="drug class as in exposures.csv")
    min_days: Count


class And(Clause):
    """Every part holds."""

    and_: Annotated[list[Condition], Field(min_length=1)] = Field(alias="and")


class Or(Clause):
    """At least one part holds."""

    or_: Annotated[list[Condition], Field(min_length=1)] = Field(alias="or")


class Negation(Clause):
    """The part does not hold; unknown stays unknown."""

    not_: Condition = Field(alias="not")


CONDITIONS: dict[str, type[Clause]] = {
    "some": Some,
    "confirm": Confirm,
    "at": At,
    "k_of": KOf,
    "frac_of": FracOf,
    "consec": Consec,
    "sustain": Sustain,
    "last_before": LastBefore,
    "none": NoneOf,
    "exposed": Exposed,
    "and": And,
    "or": Or,
    "not": Negation,
}
"""Key of each condition and its model; `consec` with `unit: day` is a `ConsecDays`."""


def key_of(condition: Condition) -> str:
    """The key that says which condition it is."""
    kind = Consec if isinstance(condition, ConsecDays) else type(condition)
    return next(key for key, model in CONDITIONS.items() if model is kind)


def _condition_tag(value: Any) -> str | None:
    if isinstance(value, ConsecDays) or (
        isinstance(value, dict) and "consec" in value and str(value.get("unit")).startswith("day")
    ):
        return "consec_days"
    return tag_by_key(value, CONDITIONS)


Condition = Annotated[
    Annotated[Some, Tag("some")]
    | Annotated[Confirm, Tag("confirm")]
    | Annotated[At, Tag("at")]
    | Annotated[KOf, Tag("k_of")]
    | Annotated[FracOf, Tag("frac_of")]
    | Annotated[Consec, Tag("consec")]
    | Annotated[ConsecDays, Tag("consec_days")]
    | Annotated[Sustain, Tag("sustain")]
    | Annotated[LastBefore, Tag("last_before")]
    | Annotated[NoneOf, Tag("none")]
    | Annotated[Exposed, Tag("exposed")]
    | Annotated[And, Tag("and")]
    | Annotated[Or, Tag("or")]
    | Annotated[Negation, Tag("not")],
    Discriminator(_condition_tag),
]
"""Any condition on an episode."""


def operators_in(condition: Condition) -> Iterator[Clause]:
    """The sequence operators and guards of a condition, without what joins them."""
    parts = getattr(condition, "and_", None) or getattr(condition, "or_", None)
    if isinstance(condition, Negation):
        parts = [condition.not_]
    if parts is None:
        yield condition
    for part in parts or ():
        yield from operators_in(part)


def criterion_of(operator: Clause) -> Point | None:
    """The predicate that an operator, or a measure, asks of counts; None for a guard."""
    values = (getattr(operator, name) for name in type(operator).model_fields)
    # The one clause inside an operator or a measure is its predicate.
    return next((cast("Point", value) for value in values if isinstance(value, Clause)), None)


And.model_rebuild()
Or.model_rebuild()
Negation.model_rebuild()
