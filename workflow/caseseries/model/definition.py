"""A response definition as data: where it comes from, which counts it admits, its classes and its clocks.

Every clause says on what it rests: P read in the published text, S read in a secondary source, M recalled but not
confirmed, C our choice where the source is silent. M and C are shown wherever a result of theirs is printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag, field_validator, model_validator

from caseseries.model.analytes import PLATELETS, analyte_of
from caseseries.model.condition import Condition, EventKind, Grid, OpenRange, Range, ordered
from caseseries.model.predicate import Clause, Day, Days, Point, Threshold, tag_by_key

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=30)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Basis = Annotated[
    dict[Literal["P", "S", "M", "C"], Text],
    Field(
        min_length=1,
        description="what the clause rests on -> what it says in words; P published text read, "
        "S secondary source, M unconfirmed, C our choice",
    ),
]
BASIS_WORDS = {"P": "published", "S": "secondary source", "M": "unconfirmed", "C": "our choice"}


class Source(Clause):
    """The document that a definition is taken from."""

    citation: Text
    doi: str = ""
    doi_basis: Literal["P", "S", "M"] = Field(default="P", description="M: the DOI is not confirmed")
    registry: str = Field(default="", description="registry number, for example NCT02391272")
    locator: Text = Field(description="where in the document: table, section, abstract")


class Window(Clause):
    """Keep the counts of these days."""

    window: OpenRange = Field(description="first and last day; null: no limit")
    basis: Basis

    _window = field_validator("window")(ordered)


class After(Clause):
    """An event and the days that follow it."""

    after: EventKind
    days: Days


class Drop(Clause):
    """Leave out the counts from the day of an event on, unless flagged as drawn before it."""

    drop: After
    basis: Basis


class PerDay(Clause):
    """Keep one count a day."""

    per_day: Literal["min", "max", "first", "last"]
    basis: Basis


STEPS: dict[str, type[Clause]] = {"window": Window, "drop": Drop, "per_day": PerDay}


def _step_tag(value: Any) -> str | None:
    return tag_by_key(value, STEPS)


Step = Annotated[
    Annotated[Window, Tag("window")] | Annotated[Drop, Tag("drop")] | Annotated[PerDay, Tag("per_day")],
    Discriminator(_step_tag),
]


class Entry(Clause):
    """Whom the definition was made for, by the baseline: an episode known to lie outside is not judged."""

    baseline: Threshold = Field(description="what the baseline must be: ge, gt, le, lt or in")
    basis: Basis


class ClassRule(Clause):
    """A class and the condition under which an episode has it."""

    label: Label
    when: Condition
    basis: Basis


class TimeToResponse(Clause):
    """Day on which the response began, and the day that confirmed it."""

    of: Annotated[list[Point], Field(min_length=1)] = Field(description="qualifying counts, complete response first")
    gap: Days | None = Field(default=None, description="days between first and confirming count; absent: one suffices")
    n: Annotated[int, Field(strict=True, ge=1)] | None = Field(
        default=None, description="so many consecutive days must qualify, each of them measured"
    )
    between: Literal["all", "any"] = "all"
    onset_in: Range | None = None
    onset: Literal["first", "confirming"] = Field(default="first", description="which count dates the response")
    basis: Basis

    _window = field_validator("onset_in")(lambda ends: ends and ordered(ends))

    @model_validator(mode="after")
    def _one_way(self) -> TimeToResponse:
        if self.gap is not None and self.n is not None:
            raise ValueError("give either gap, for two counts, or n, for consecutive days")
        return self

    @property
    def one_count(self) -> bool:
        """One qualifying count dates the response, and nothing confirms it."""
        return self.gap is None and self.n is None


class Loss(Clause):
    """Day on which a response was lost: two losing counts after its confirmation, none better between."""

    from_: Label | list[Label] = Field(alias="from", description="classes that can be lost")
    of: Point = Field(description="what a losing count is")
    gap: Days
    basis: Basis

    @property
    def classes(self) -> list[str]:
        """Classes that can be lost."""
        return [self.from_] if isinstance(self.from_, str) else self.from_


class CountOf(Grid):
    """Number of visits that qualify."""

    count_of: Point
    basis: Basis


class TimeIn(Clause):
    """Share of the observed days on which the count qualifies."""

    time_in: Point
    method: Literal["step", "linear"] = Field(description="step: a count holds until the next; linear: interpolated")
    basis: Basis


MEASURES: dict[str, type[Clause]] = {"count_of": CountOf, "time_in": TimeIn}


def _measure_tag(value: Any) -> str | None:
    return tag_by_key(value, MEASURES)


Measure = Annotated[
    Annotated[CountOf, Tag("count_of")] | Annotated[TimeIn, Tag("time_in")], Discriminator(_measure_tag)
]


class Choices(Clause):
    """Decisions that no source settles, with their defaults; a sensitivity run changes one at a time."""

    after_delivery: Literal["exclude", "include"] = Field(
        default="exclude", description="counts after the day of delivery: left out of the response, or kept"
    )
    baseline: Literal["last7", "mean_screen", "min14"] = Field(
        default="last7",
        description="last7: recorded baseline, else the latest count of days -7 to 0; mean_screen, "
        "min14: mean or lowest of days -14 to 0, else the recorded baseline",
    )
    bleeding_unknown: Literal["unknown", "none"] = Field(
        default="unknown", description="bleeding that was never recorded: unknown, or taken as none"
    )
    zero_baseline: Literal["satisfied", "unknown"] = Field(
        default="satisfied", description="a multiple of a baseline of 0: reached by any count, or unknown"
    )
    open_at_end: Literal["not_evaluable", "accept", "failure"] = Field(
        default="not_evaluable", description="a qualifying count that follow-up ended too early to confirm"
    )
    visits: Literal["cohort", "planned", "routine"] = Field(
        default="cohort",
        description="a visit without a count: read as the cohort's visits say, as a missed one, or as unknown",
    )


class Definition(Clause):
    """One response definition."""

    id: Id
    version: Annotated[int, Field(strict=True, ge=1)] = 1
    label: Text = Field(description="name shown in tables")
    about: str = Field(default="", description="what sets it apart from its neighbours")
    source: Source | None = Field(default=None, description="where it differs from the file's source")
    population: Text = Field(description="whom it was made for: adults, children, pregnancy")
    condition: Id | None = Field(
        default=None, description="what it was made for, where not the condition of the file; none in both: anything"
    )
    analyte: Text = Field(default=PLATELETS, description="what is counted, as in counts.csv")
    unit: str = Field(default="10^9/L", description="unit of its values; that of the analyte where none is given")
    week_origin: Day | None = Field(default=None, description="number of the week of day 0 (week w is day 7 (w - it))")
    entry: Entry | None = Field(default=None, description="the baseline that an episode must have to be judged")
    admit: list[Step] = Field(default_factory=list)
    cut_at: list[EventKind] = Field(default_factory=list, description="events that end follow-up")
    cut_resolves_unknown: bool = Field(
        default=False, strict=True, description="what follow-up cut short left open counts as not met"
    )
    basis: Basis | None = Field(default=None, description="what the cut, the week numbering and the rest rest on")
    classes: list[ClassRule] = Field(default_factory=list, description="in order; the first that is met holds")
    else_: Label | None = Field(default=None, alias="else", description="class where none is met")
    responses: list[Label] = Field(default_factory=list, description="classes that count as a response")
    complete: Label | None = Field(default=None, description="class that counts as a complete response")
    ttr: TimeToResponse | None = None
    loss_cr: Loss | None = None
    loss_r: Loss | None = None
    measure: Measure | None = None
    reported: bool = Field(default=False, strict=True, description="pass the source's own class through")
    choices: Choices = Field(default_factory=Choices)

    @model_validator(mode="before")
    @classmethod
    def _unit_of_analyte(cls, data: Any) -> Any:
        """The analyte's own unit where the definition gives none."""
        if not isinstance(data, dict) or "unit" in data or not isinstance(data.get("analyte"), str):
            return data
        unit = analyte_of(data["analyte"]).unit
        if unit is None:
            raise ValueError("the key unit is required with an analyte that has none of its own")
        return {**data, "unit": unit}

    @model_validator(mode="after")
    def _known_unit(self) -> Definition:
        own = analyte_of(self.analyte).unit
        if own is not None and self.unit != own:
            raise ValueError(f"{self.analyte} is measured in {own}, here and in counts.csv")
        return self

    @model_validator(mode="after")
    def _one_outcome(self) -> Definition:
        if sum([bool(self.classes), self.measure is not None, self.reported]) != 1:
            raise ValueError("a definition needs exactly one of classes, measure, or reported: true")
        if self.entry is not None and not self.classes:
            raise ValueError("an entry condition stands with classes")
        return self

    @property
    def cited(self) -> Source:
        """Its source; reading its file gives it that of the file where it names none."""
        if self.source is None:
            raise ValueError(f"{self.id} was not read from a file")
        return self.source

    @property
    def labels(self) -> list[str]:
        """Every class that the definition can give, in order, without NE."""
        if self.reported:
            return ["CR", "R", "responded", "NR"]
        labels = [rule.label for rule in self.classes] + ([self.else_] if self.else_ else [])
        return list(dict.fromkeys(labels))


def bases(definition: Definition) -> list[tuple[str, str]]:
    """Every clause of a definition as (basis code, words), in the order in which they stand."""
    clauses = [
        definition.entry,
        *definition.admit,
        definition,
        *definition.classes,
        definition.measure,
        definition.ttr,
        definition.loss_cr,
        definition.loss_r,
    ]
    pairs = [item for clause in clauses if clause is not None and clause.basis for item in clause.basis.items()]
    if definition.source is not None and definition.source.doi_basis == "M":
        pairs.append(("M", f"the identifier of the source, doi:{definition.source.doi}"))
    return list(dict.fromkeys(pairs))


@dataclass(frozen=True)
class Caution:
    """A clause that must be shown beside every result: not confirmed in print (M), or a choice of ours (C)."""

    basis: str
    clause: str


def cautions(definition: Definition) -> list[Caution]:
    """The clauses of a definition that are unconfirmed, and those that are our choice, in their order."""
    return [Caution(code, clause) for code, clause in bases(definition) if code in ("M", "C")]
