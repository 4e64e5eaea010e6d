"""`cohort.yaml`: what a cohort is, where it comes from, what may be shown of it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from caseseries.model.analytes import PLATELETS
from caseseries.model.columns import Column
from caseseries.model.conventions import Conventions, Meaning, columns_of
from caseseries.model.findings import BadInput, Finding
from caseseries.model.mapping import Mapping
from caseseries.model.records import Visits
from caseseries.model.strict import Strict
from caseseries.model.yaml_file import load_model, unfit

ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)


def _check_id(value: object) -> object:
    if isinstance(value, str) and (len(value) > 60 or not ID.fullmatch(value)):
        raise ValueError("an id is lower-case letters, digits and single hyphens, begins with a letter, at most 60")
    return value


CohortId = Annotated[str, BeforeValidator(_check_id), StringConstraints(pattern=f"^{ID.pattern}$", max_length=60)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


def _fill_in(value: object) -> object:
    if value is None or (isinstance(value, str) and not value.strip()):
        raise ValueError("this must be filled in")
    return value


Label = Annotated[str, StringConstraints(max_length=120)]
Filled = Annotated[str, BeforeValidator(_fill_in)]


AdverseEventsRecorded = Literal["yes", "no", "by_episode"] | list[Literal["mother", "neonate", "patient"]]


def _yes_no(value: object) -> object:
    """YAML reads an unquoted yes as true."""
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


People = Literal["woman", "man", "patient", "child", "newborn"]


class Covariate(Strict):
    """A column of episodes.csv beyond the contract."""

    name: Name = Field(description="column of episodes.csv")
    label: Label = Field(description="how tables name it, without its unit")
    noun: Label = Field(default="", description="how a sentence names it; absent: the label in small letters")
    kind: Literal["category", "number"] = Field(default="category", description="how it is summarised")
    unit: Label = Field(default="", description="unit of a number")
    levels: dict[str, Label] = Field(default_factory=dict, description="value as written -> label shown")

    @property
    def column(self) -> Column:
        """The covariate as a column of the records contract."""
        kind: Literal["text", "number"] = "number" if self.kind == "number" else "text"
        return Column(self.name, kind, self.label, self.label, self.unit, self.noun, levels=self.levels)


class Disclosure(Strict):
    """What may leave the restricted folder.

    `published`: the rows are in print, so that case listings and individual figures may be released.
    `synthetic`: no person stands behind a row. `restricted`: neither; only summaries are released.
    """

    profile: Literal["published", "synthetic", "restricted"] = Field(description="see above")
    basis: Filled = Field(min_length=10, description="why: the publication, the consent, the committee's decision")
    threshold: int = Field(
        default=10, ge=2, strict=True, description="of restricted: no number of people below it may be told but 0"
    )
    rounding: int | None = Field(
        default=None,
        ge=2,
        strict=True,
        description="of restricted: numbers of people are told to the nearest multiple of it, such as 5; absent: as "
        "they are",
    )

    @model_validator(mode="after")
    def _rounds_nobody_away(self) -> Disclosure:
        if self.rounding is not None and self.profile != "restricted":
            raise ValueError(f"only a restricted cohort is rounded, and this one is {self.profile}; leave rounding out")
        if self.rounding is not None and self.rounding > self.threshold:
            raise ValueError(
                f"rounding must be no more than the threshold, here {self.threshold}: else people become 0"
            )
        return self

    @property
    def least(self) -> int:
        """The smallest number of people but 0 that may stand in a release, as it is told."""
        return self.threshold - self.threshold % (self.rounding or 1)


class Cohort(Strict):
    """The contents of cohort.yaml; unknown keys are refused."""

    id: CohortId = Field(description="name of the folder")
    title: Filled = Field(max_length=200, description="heading in the report")
    citation: Filled = Field(description="the paper, or where the data come from")
    doi: str = Field(default="", description="without a resolver's address")
    design: Filled = Field(description="for example retrospective case series")
    setting: str = Field(default="", description="centres and country")
    period: str = Field(default="", description="years in which the cases were treated")
    population: Filled = Field(description="who the cases are, in a few words")
    people: People = Field(default="patient", description="noun for the cases; sentences and tables count them by it")
    condition: Name | None = Field(
        default=None,
        description="what the cases are treated for, for example itp: only definitions made for it are run; absent: "
        "all that judge the cohort's analyte",
    )
    definitions: list[Name] = Field(
        default_factory=list, description="ids of definitions that are run besides, whatever they were made for"
    )
    main_definition: Name | None = Field(
        default=None,
        description="id of the definition that leads, one that is run; absent: the authors' own classes, their rule, "
        "or the consensus that config.yaml names",
    )
    drug: str = Field(default="", description="id of a drug profile in config/drugs")
    label: Name | None = Field(
        default=None, description="rules of the drug profile that doses are held to; all of them where none is named"
    )
    provenance: Literal["transcribed", "registry", "synthetic"] = Field(description="how the rows came about")
    licence: Filled = Field(description="terms of the data")
    disclosure: Disclosure = Field(description="what may be shown of single cases")
    source_definition: Filled = Field(description="what the authors used, or not_stated")
    stratum: Literal["cohort", "case_reports"] = Field(default="cohort", description="never pooled with each other")
    selected_for: str = Field(default="", description="if cases were chosen by outcome: how; then no rate is shown")
    not_a_start: dict[Name, list[str]] = Field(
        default_factory=dict,
        description="column of episodes.csv -> its values in episodes that are no treatment starts, such as women "
        "already on the drug: they stand apart and are no part of a rate or curve of everybody",
    )
    adverse_events_recorded: Annotated[AdverseEventsRecorded, BeforeValidator(_yes_no)] = Field(
        default="no",
        description="whether adverse events were looked for, so that none written means none: yes, no, a list of "
        "subjects (mother, neonate, patient), or by_episode for a column of this name in episodes.csv",
    )
    day_zero: Literal["first_dose", "birth", "other"] = Field(
        default="first_dose", description="what day 0 is; unless the first dose, no definition is run on the counts"
    )
    visits: Visits = Field(
        default="routine",
        description="planned: on a schedule that all followed, as in a trial, so that a week without a count is a "
        "missed visit and no response; routine: as care brought them, so that such a week is unknown",
    )
    analyte: Name = Field(default=PLATELETS, description="what `baseline` is of, and what most counts are")
    event_kinds: dict[Name, Meaning] = Field(
        default_factory=dict, description="kinds of events beyond the known ones, and what each means for a definition"
    )
    overlaps: list[CohortId] = Field(default_factory=list, description="cohorts that may share patients")
    overlaps_not_known: list[CohortId] = Field(
        default_factory=list,
        description="cohorts of the same years of which no source says whether they share patients",
    )
    regimen: str = Field(default="", description="drug, dose and days as the source gives them; absent: not known")
    not_known: list[Filled] = Field(
        default_factory=list,
        description="what the source does not tell, or could not be read of it, in a few words each",
    )
    covariates: list[Covariate] = Field(default_factory=list, description="columns beyond the contract")
    grouped_by: Name | None = Field(default=None, description="column of episodes.csv whose values make the groups")
    predictor: Name | None = Field(
        default=None, description="the one column of episodes.csv, declared beforehand, that response is set against"
    )
    mapping: Mapping | None = Field(default=None, description="how other files become tables")

    @property
    def conventions(self) -> Conventions:
        """How the tables of the cohort are to be read."""
        return Conventions(analyte=self.analyte, event_kinds=self.event_kinds)

    @property
    def synthetic(self) -> bool:
        """No person stands behind the rows; every table, figure and page of it says SYNTHETIC."""
        return self.provenance == "synthetic"

    @property
    def selected(self) -> str:
        """How the cases were chosen, so that no share of them means anything; "" where they were not."""
        written_up = "case reports, written up because they are remarkable" if self.stratum == "case_reports" else ""
        return self.selected_for.strip().rstrip(".") or written_up

    @property
    def variables(self) -> tuple[Column, ...]:
        """Every column of episodes.csv: those of the contract, then the covariates.

        What is asked in other conditions alone is not missed.
        """
        asked = (
            replace(column, missed=not column.conditions or self.condition in (None, *column.conditions))
            for column in columns_of("episodes", self.conventions)
        )
        return (*asked, *(covariate.column for covariate in self.covariates))

    def variable(self, name: str) -> Column:
        """A column of episodes.csv by its name."""
        return next(column for column in self.variables if column.name == name)

    @property
    def counts_from_dose(self) -> bool:
        """Day 0 is the first dose, as every response definition takes it to be."""
        return self.day_zero == "first_dose"

    def file_of(self, folder: Path, *tables: str) -> str:
        """The file of the cohort's folder in which the first of some tables stands, as a message names it: CSV or
        Parquet, of a mapped table its first source; where there is none, that of the first as CSV.
        """
        sources = {source.table: source.file for source in reversed(self.mapping.sources)} if self.mapping else {}
        for table in tables:
            for name in (f"{table}.csv", f"{table}.parquet", sources.get(table, "")):
                if name and (folder / name).is_file():
                    return name
        return self.mapping.presets[0].file if self.mapping and self.mapping.presets else f"{tables[0]}.csv"

    @property
    def releasable(self) -> bool:
        """Case listings and figures of individuals may stand under release/."""
        return self.disclosure.profile in ("published", "synthetic")


def refuse_aliases(path: Path, shown: str) -> None:
    """Raise `BadInput` where a YAML file uses aliases: nested, a few lines of them unfold without end."""
    content = b"" if unfit(path) or not path.is_file() else path.read_bytes()
    try:
        if b"*" in content and any(isinstance(token, yaml.AliasToken) for token in yaml.scan(content)):
            raise BadInput([Finding(shown, rule="aliases (*name) are not used here; write the value out")])
    except yaml.YAMLError:
        return


def load_cohort(folder: Path) -> Cohort:
    """Read `<folder>/cohort.yaml`.

    Raises
    ------
    BadInput : missing or faulty file, or an id that is not the folder's name.
    """
    shown = f"{folder.name}/cohort.yaml"
    refuse_aliases(folder / "cohort.yaml", shown)
    cohort = load_model(Cohort, folder / "cohort.yaml", shown)
    if cohort.id != folder.name:
        rule = "the id must be the name of the cohort's folder"
        raise BadInput([Finding(shown, column="id", rule=rule, example=folder.name)])
    return cohort
