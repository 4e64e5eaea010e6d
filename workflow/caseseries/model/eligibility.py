"""Conditions on what is recorded of a case, by which a profile says whether its drug was meant for it.

A condition holds only where the record says so: an empty cell meets nothing but `empty`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, Discriminator, Field, Tag

from caseseries.model.cohort import Filled, Name
from caseseries.model.dosing import Choice, Clause
from caseseries.model.strict import Strict


class Is(Strict):
    """A cell of the episode has one of these values."""

    column: Name
    is_: str | float | list[str] = Field(alias="is")

    @property
    def values(self) -> Sequence[str | float]:
        """The values, always as a list."""
        return self.is_ if isinstance(self.is_, list) else [self.is_]


class Empty(Strict):
    """A cell of the episode is empty, or the cohort has no such column."""

    empty: Name


Figure = float | Literal["choice"]
"""A number, or the one that the clause leaves to its choice."""


class Reaches(Strict):
    """A number or count of the episode is at least so high."""

    column: Name
    at_least: Figure


class Below(Strict):
    """A number or count of the episode is below."""

    column: Name
    below: Figure


class GivenBefore(Strict):
    """A drug of one of these classes was given before day 0."""

    given_before: list[Name] = Field(min_length=1)


class Bleeding(Strict):
    """Bleeding of at least this WHO grade on some day of the window (from, to), both included."""

    bleeding_grade: int = Field(ge=1, le=4)
    days: Annotated[list[int], Field(min_length=2, max_length=2)]


class AllOf(Strict):
    """All hold."""

    all: list[Condition] = Field(min_length=1)


class AnyOf(Strict):
    """One at least holds."""

    any: list[Condition] = Field(min_length=1)


class Not(Strict):
    """It does not hold."""

    not_: Condition = Field(alias="not")


KINDS = {
    "is": Is,
    "at_least": Reaches,
    "below": Below,
    "empty": Empty,
    "given_before": GivenBefore,
    "bleeding_grade": Bleeding,
    "all": AllOf,
    "any": AnyOf,
    "not": Not,
}


def _kind(value: object) -> str | None:
    """The key by which a condition says what it is."""
    read = type(value).model_fields.items() if isinstance(value, BaseModel) else ()
    keys = value if isinstance(value, dict) else {field.alias or name for name, field in read}
    return next((kind for kind in KINDS if kind in keys), None)


Condition = Annotated[
    Annotated[Is, Tag("is")]
    | Annotated[Reaches, Tag("at_least")]
    | Annotated[Below, Tag("below")]
    | Annotated[Empty, Tag("empty")]
    | Annotated[GivenBefore, Tag("given_before")]
    | Annotated[Bleeding, Tag("bleeding_grade")]
    | Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")],
    Discriminator(
        _kind,
        custom_error_type="no_condition",
        custom_error_message=f"a condition has one of the keys {', '.join(KINDS)}",
    ),
]

ClauseKind = Literal["indication", "exclusion", "contraindication", "caution"]


class EligibilityClause(Clause):
    """One clause of whom a drug is for. `departed` is asked first, then `kept`; else it cannot be told.

    A caution that applies is `departed` too, but never takes a case out of a set.
    """

    clause: Name
    kind: ClauseKind
    says: Filled
    choice: Choice[float] | None = Field(default=None, description="the figure that its conditions call choice")
    departed: Condition
    kept: Condition


AllOf.model_rebuild()
AnyOf.model_rebuild()
Not.model_rebuild()
