"""What a cohort says of its own tables: the analyte of `baseline`, and what the events that it declares mean."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from caseseries.model.analytes import PLATELETS, analyte_of
from caseseries.model.columns import TABLES, Column


class Meaning(BaseModel):
    """What a declared kind of event means for a definition.

    `rescue`: treatment that was given because the study drug did not suffice. `transfusion`: one that raises the
    analyte `of`. `neither`: what no definition asks for.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    means: Literal["rescue", "transfusion", "neither"]
    of: str = Field(default="", description="analyte that a transfusion raises, for example haemoglobin")

    @model_validator(mode="after")
    def _of_something(self) -> Meaning:
        if (self.means == "transfusion") != bool(self.of):
            raise ValueError("a transfusion, and nothing else, is of an analyte: {means: transfusion, of: haemoglobin}")
        return self


class Conventions(BaseModel):
    """How the tables of a cohort are to be read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    analyte: str = PLATELETS
    event_kinds: dict[str, Meaning] = Field(default_factory=dict)

    def kind_for(self, kind: str, analyte: str) -> str:
        """A kind of event as a definition of an analyte names it: a declared rescue is `rescue`, a declared transfusion
        of the analyte is `transfusion` (`platelet_transfusion` for platelets); every other kind keeps its name.
        """
        meaning = self.event_kinds.get(kind)
        if meaning is None or meaning.means == "neither":
            return kind
        if meaning.means == "rescue":
            return "rescue"
        return transfusion_of(analyte) if meaning.of == analyte else kind


def transfusion_of(analyte: str) -> str:
    """The kind of event that raises an analyte from outside, as definitions name it."""
    return "platelet_transfusion" if analyte == PLATELETS else "transfusion"


def columns_of(table: str, conventions: Conventions) -> tuple[Column, ...]:
    """The columns of a table as a cohort has them: `baseline` is of its main analyte, `kind` takes its own too."""
    columns = TABLES[table]
    if table == "events" and conventions.event_kinds:
        own = tuple(conventions.event_kinds)
        return tuple(replace(one, allowed=one.allowed + own) if one.name == "kind" else one for one in columns)
    if table == "episodes" and conventions.analyte != PLATELETS:
        analyte = analyte_of(conventions.analyte)
        label, about = f"Baseline {analyte.noun}", f"{analyte.noun} at first dose"
        unit, highest = analyte.unit or "", analyte.highest
        return tuple(
            replace(one, label=label, about=about, unit=unit, maximum=highest) if one.name == "baseline" else one
            for one in columns
        )
    return columns
