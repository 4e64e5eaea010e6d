"""Point predicates of the definition algebra: conditions on one count of an episode (primitives 5 to 8).

A predicate is written as a mapping with one key (`{ge: 30}`, `{all: [...]}`) or as the name of a predicate that the
file declares under `predicates`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationInfo, field_validator

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Day = Annotated[int, Field(strict=True)]
Days = Annotated[int, Field(strict=True, ge=0)]
Positive = Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]


class Clause(BaseModel):
    """A piece of a definition: unknown keys are refused, nothing is changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Ge(Clause):
    """The count is at or above a threshold."""

    ge: Number = Field(description="threshold in the definition's unit; the threshold itself qualifies")


class Gt(Clause):
    """The count is above a threshold."""

    gt: Number = Field(description="threshold in the definition's unit; the threshold itself does not qualify")


class Le(Clause):
    """The count is at or below a threshold."""

    le: Number = Field(description="threshold in the definition's unit; the threshold itself qualifies")


class Lt(Clause):
    """The count is below a threshold."""

    lt: Number = Field(description="threshold in the definition's unit; the threshold itself does not qualify")


class In(Clause):
    """The count lies between two thresholds, both included."""

    in_: Annotated[list[Number], Field(min_length=2, max_length=2)] = Field(
        alias="in", description="lowest and highest qualifying count"
    )

    @field_validator("in_")
    @classmethod
    def _ordered(cls, ends: list[float]) -> list[float]:
        if ends[0] > ends[1]:
            raise ValueError("the first end must not be above the second, or no count can qualify")
        return ends


class FoldGe(Clause):
    """The count is at least so many times the baseline."""

    fold_ge: Positive = Field(description="multiple of the baseline, for example 2")


class DeltaGe(Clause):
    """The count is at least so much above the baseline."""

    delta_ge: Number = Field(description="rise over the baseline in the definition's unit")


class FoldLe(Clause):
    """The count is at most so many times the baseline: a halving is 0.5, exactly half included."""

    fold_le: Positive = Field(description="multiple of the baseline, for example 0.5 for a fall by half")


class DeltaLe(Clause):
    """The count is at most the baseline and so much: a fall by 2 is -2."""

    delta_le: Number = Field(description="rise over the baseline in the definition's unit; below 0 a fall")


class BleedLe(Clause):
    """Bleeding on the day of the count is at or below a grade."""

    bleed_le: Annotated[int, Field(strict=True, ge=0, le=4)] = Field(
        description="highest WHO grade that is allowed; 0 means no bleeding"
    )
    look_back: Literal["same_day", "since_previous"] = Field(
        default="same_day", description="bleeding on the day of the count, or on any day since the previous count"
    )


class AllOf(Clause):
    """Every part holds."""

    all: Annotated[list[Point], Field(min_length=1)]


class AnyOf(Clause):
    """At least one part holds."""

    any: Annotated[list[Point], Field(min_length=1)]


class Not(Clause):
    """The part does not hold; unknown stays unknown."""

    not_: Point = Field(alias="not")


def tag_by_key(value: Any, tags: dict[str, type[Clause]], reference: str | None = None) -> str | None:
    """The key that says which clause a mapping is; None where no key is known."""
    if isinstance(value, str):
        return reference
    if isinstance(value, BaseModel):
        return next((tag for tag, model in tags.items() if type(value) is model), reference)
    if isinstance(value, dict):
        return next((key for key in value if key in tags), None)
    return None


POINTS: dict[str, type[Clause]] = {
    "ge": Ge,
    "gt": Gt,
    "le": Le,
    "lt": Lt,
    "in": In,
    "fold_ge": FoldGe,
    "delta_ge": DeltaGe,
    "fold_le": FoldLe,
    "delta_le": DeltaLe,
    "bleed_le": BleedLe,
    "all": AllOf,
    "any": AnyOf,
    "not": Not,
}
"""Key of each point predicate and its model."""


THRESHOLDS: dict[str, type[Clause]] = {"ge": Ge, "gt": Gt, "le": Le, "lt": Lt, "in": In}
"""Those that set a threshold, and need nothing but the value."""


def _threshold_tag(value: Any) -> str | None:
    return tag_by_key(value, THRESHOLDS)


Threshold = Annotated[
    Annotated[Ge, Tag("ge")]
    | Annotated[Gt, Tag("gt")]
    | Annotated[Le, Tag("le")]
    | Annotated[Lt, Tag("lt")]
    | Annotated[In, Tag("in")],
    Discriminator(_threshold_tag),
]
"""A threshold for one value."""

AGAINST_BASELINE = (FoldGe, DeltaGe, FoldLe, DeltaLe)
"""Predicates that compare a count with the baseline."""


def predicates_in(point: Point) -> Iterator[Point]:
    """A predicate and every one inside it."""
    yield point
    inner = [point.not_] if isinstance(point, Not) else getattr(point, "all", None) or getattr(point, "any", None) or ()
    for part in inner:
        yield from predicates_in(part)


def written(point: Point) -> str:
    """A predicate as it stands in a file, for a key."""
    return point if isinstance(point, str) else point.model_dump_json(by_alias=True)


def _point_tag(value: Any) -> str | None:
    return tag_by_key(value, POINTS, "name")


def declared(name: str, info: ValidationInfo) -> str:
    """Check that a named predicate is declared; the names stand in the validation context."""
    names = (info.context or {}).get("predicates")
    if names is not None and name not in names:
        close = difflib.get_close_matches(name, names, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise ValueError(f"the predicate {name} is not declared under predicates{hint}")
    return name


Reference = Annotated[str, Field(description="name of a predicate declared under predicates"), AfterValidator(declared)]

Point = Annotated[
    Annotated[Ge, Tag("ge")]
    | Annotated[Gt, Tag("gt")]
    | Annotated[Le, Tag("le")]
    | Annotated[Lt, Tag("lt")]
    | Annotated[In, Tag("in")]
    | Annotated[FoldGe, Tag("fold_ge")]
    | Annotated[DeltaGe, Tag("delta_ge")]
    | Annotated[FoldLe, Tag("fold_le")]
    | Annotated[DeltaLe, Tag("delta_le")]
    | Annotated[BleedLe, Tag("bleed_le")]
    | Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[Reference, Tag("name")],
    Discriminator(_point_tag),
]
"""Any point predicate, or the name of a declared one."""

AllOf.model_rebuild()
AnyOf.model_rebuild()
Not.model_rebuild()
