"""Worked cases of response definitions, and the file that holds the definitions of one source document with them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from caseseries.model.condition import EventKind
from caseseries.model.definition import Definition, Id, Label, Source, Text
from caseseries.model.predicate import Clause, Day, Days, Point
from caseseries.model.records import Visits

Written = Annotated[float, Field(strict=True, ge=0)] | str
CountRow = Annotated[list[Any], Field(min_length=2, max_length=3)]


class CountTable(Clause):
    """Counts of a worked case as columns, as they stand in counts.csv."""

    day: list[Day | None] = Field(description="day of each count; null: the day is not known")
    count: list[Written]
    timepoint: list[str] = Field(default_factory=list, description="when a count without a day was taken")
    flag: list[str] = Field(default_factory=list, description="pre_event, or empty")

    @model_validator(mode="after")
    def _as_long(self) -> CountTable:
        optional = [len(column) for column in (self.timepoint, self.flag) if column]
        if any(length != len(self.count) for length in (len(self.day), *optional)):
            raise ValueError("the columns of counts must be of one length")
        return self

    def rows(self) -> list[list[Any]]:
        """Each count as [day, count, time point or flag]."""
        nothing = [""] * len(self.count)
        words = [point or flag for point, flag in zip(self.timepoint or nothing, self.flag or nothing, strict=True)]
        return [list(row) for row in zip(self.day, self.count, words, strict=True)]


Counts = Annotated[
    Annotated[list[CountRow], Tag("rows")] | Annotated[CountTable, Tag("table")],
    Discriminator(lambda value: "rows" if isinstance(value, list) else "table"),
]


class CaseEvent(Clause):
    """An event of a worked case."""

    day: Day
    kind: EventKind


class CaseExposure(Clause):
    """A drug course of a worked case."""

    class_: str = Field(alias="class")
    start: Day | None
    end: Day | None


class Weekly(Clause):
    """Counts by study week: value i is week from + i step, on day 7 (week - origin); null is a missed count."""

    origin: Day
    from_: Day = Field(alias="from")
    step: Annotated[int, Field(strict=True, ge=1)] = 1
    values: list[Written | None]

    def dated(self) -> list[tuple[int, float | str | None]]:
        """Each value with its day."""
        weeks = [self.from_ + place * self.step for place in range(len(self.values))]
        return [(7 * (week - self.origin), value) for week, value in zip(weeks, self.values, strict=True)]


class Expected(Clause):
    """What a definition must make of a worked case; what is not named is left open."""

    class_: Label | None = Field(default=None, alias="class")
    provisional: Label | None = None
    value: float | None = None
    ttr: int | None = None
    ttr_confirm: int | None = None
    ttr_cr: int | None = None
    loss_cr: int | None = None
    loss_r: int | None = None
    time: int | None = None
    cause: str | None = None
    left: int | None = None
    right: int | None = None


class Case(Clause):
    """A worked case: a synthetic episode and the class that definitions give it."""

    id: Text
    title: Text
    baseline: Written | None = None
    counts: Counts = Field(
        default_factory=list,
        description="columns day and count; or a list of [day, count], [day, count, pre_event] or [null, count, best]",
    )
    weekly: Weekly | None = None
    bleeding: list[Annotated[list[Day], Field(min_length=3, max_length=3)]] | None = Field(
        default=None, description="[first day, last day, WHO grade]; [] recorded, none; null never recorded"
    )
    bleeding_to: Day | None = Field(
        default=None, description="last day up to which bleeding was recorded; absent: the whole course"
    )
    events: list[CaseEvent] = Field(default_factory=list)
    exposures: list[CaseExposure] = Field(default_factory=list)
    follow_up_end: Day | None = None
    reported: Literal["CR", "R", "NR", "responded", ""] = ""
    reported_time: Days | None = None
    visits: Visits = Field(default="planned", description="how a week without a count is read; see cohort.yaml")
    depends_on: str = Field(default="", description="choice of ours on which the expected class rests")
    expect: dict[str, Label | Expected]

    @property
    def count_rows(self) -> list[list[Any]]:
        """Each count as [day, count] or [day, count, word], however it is written."""
        return self.counts.rows() if isinstance(self.counts, CountTable) else self.counts


class CaseFile(Clause):
    """Cases at the edges of the rules of a definition file, in a file of the same name in `cases/` beside it."""

    cases: Annotated[list[Case], Field(min_length=1)]


class DefinitionFile(Clause):
    """The definitions of one source document and their worked cases."""

    source: Source
    condition: Id | None = Field(
        default=None,
        description="what the definitions were made for, for example itp: they are not run on a cohort with another "
        "condition; absent: anything that is measured in their analyte",
    )
    predicates: dict[Id, Point] = Field(default_factory=dict, description="named conditions on one count")
    definitions: Annotated[list[Definition], Field(min_length=1)]
    cases: Annotated[list[Case], Field(min_length=3)]
