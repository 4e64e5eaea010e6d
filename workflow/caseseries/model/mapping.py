"""`mapping` in cohort.yaml: how files that were not made for this project become tables of the contract."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from caseseries.model.strict import Strict
from caseseries.model.text import tidy_text

DateOrder = Literal["year-month-day", "day-month-year", "month-day-year"]


def _check_file(value: str) -> str:
    path = PurePosixPath(value)
    outside = path.is_absolute() or ".." in path.parts or "\\" in value or ":" in value or not path.parts
    if outside or len(value) > 200 or not value.isprintable():
        raise ValueError("a file is named from the cohort's folder and lies in it, such as source/labs.csv")
    return value


SourceFile = Annotated[str, AfterValidator(_check_file)]


def _write_out(value: object) -> object:
    """A cell as text: YAML reads `1` as a number and `yes` as true, and the cells of a file are neither."""
    if isinstance(value, bool):
        raise ValueError('YAML takes yes, no, on, off, true and false for something else; write it in quotes: "yes"')
    if isinstance(value, float):
        raise ValueError('a number with a point must be written in quotes, as in the file: "1.0"')
    if isinstance(value, str) and not value.isprintable():
        raise ValueError("the text must be printable and stand on one line")
    return str(value) if isinstance(value, int) else value


Cell = Annotated[str, BeforeValidator(_write_out), AfterValidator(tidy_text)]
Header = Annotated[str, AfterValidator(tidy_text)]

COMPARISON = re.compile(r"(<=|>=|<|>) *(-?\d+(?:\.\d+)?)", re.ASCII)


def _check_condition(value: object) -> object:
    if isinstance(value, str) and value not in ("filled", "empty") and not COMPARISON.fullmatch(value):
        raise ValueError('rows are chosen by a list of words, by filled or empty, or by a comparison such as ">= 0"')
    return value


DOSE_PART = re.compile(r"\{dose\}|\{unit\}|\{rhythm\}")
"""Parts of a pattern by which doses are written."""


def _check_pattern(value: str) -> str:
    parts = DOSE_PART.findall(value)
    doses, units, rhythms = (parts.count(part) for part in ("{dose}", "{unit}", "{rhythm}"))
    if not doses or units not in (0, 1, doses) or rhythms > 1 or re.search(r"[{}]", DOSE_PART.sub("", value)):
        raise ValueError(
            "a dose is written by {dose}, {unit} (once, or once for each dose) and {rhythm} (once), such as "
            '"{dose}{unit} {rhythm}" or "{dose}→{dose} {unit}"'
        )
    return value


Pattern = Annotated[Cell, AfterValidator(_check_pattern)]


def _list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Condition = Annotated[list[Cell] | str, BeforeValidator(_check_condition)]


def _name_tab(value: object) -> object:
    return "tab" if value in ("\t", "\\t") else value


EVERY_SHEET = "*"
SHEET = "(sheet)"
"""Header under which the title of a sheet stands where every sheet is read."""


class MappingPart(Strict):
    """A part of a mapping, whose keys code may also write by the names of their fields."""

    model_config = ConfigDict(populate_by_name=True)


class Marked(MappingPart):
    """What is done to the cells of a column before they are read."""

    values: dict[Cell, Cell] = Field(default_factory=dict, description="text in the source -> text of the contract")
    strip: list[Cell] = Field(default_factory=list, description="marks that are taken off both ends of a cell")
    flags: dict[Cell, Cell] = Field(
        default_factory=dict, description="marks that are taken off as well -> what they say in the column flag"
    )
    unit: str = Field(default="", description="unit of the source's numbers")
    written: Annotated[list[Pattern], BeforeValidator(_list)] = Field(
        default_factory=list, description="how a dose is written: {dose}{unit} {rhythm}; steps as {dose}→{dose} {unit}"
    )


class ColumnMap(Marked):
    """Where the cells of one column come from and what is done to them, in this order: value map, date or unit."""

    source: Header | list[Header] | None = Field(
        default=None, alias="from", description='header, or headers joined by a hyphen; "": the column without a header'
    )
    value: Cell | None = Field(default=None, description="the same text for every row, in place of a header")
    date: bool = Field(default=False, description="a date that becomes whole days from the first dose")
    first: Literal[0, 1] | None = Field(
        default=None, description="day of the first dose in the source: 0, or 1 (CDISC)"
    )
    number_as: Annotated[str, StringConstraints(pattern="^[A-Za-z]{1,3}$")] | None = Field(
        default=None,
        description="labels are made here (E: E01, E02 ...), of the keys under from or, without it, of the rows",
    )

    @model_validator(mode="after")
    def _come_from_somewhere(self) -> ColumnMap:
        if self.number_as and (self.value is not None or self.values):
            raise ValueError("number_as makes the labels; neither value nor values can stand beside it")
        if "value" in self.model_fields_set and self.value is None and not self.headers:
            raise ValueError("this must be filled in")
        if not self.number_as and (not self.headers) == (self.value is None):
            raise ValueError("a column needs either from or value")
        if self.date and (self.unit or self.values or self.first is not None):
            raise ValueError("a date has neither a unit, nor a value map, nor a first day")
        return self

    @property
    def headers(self) -> list[str]:
        """Headers of the source that are read."""
        return [self.source] if isinstance(self.source, str) else list(self.source or ())


def _expand(value: object) -> object:
    return {"from": value} if isinstance(value, str | list) else value


def _expand_constant(value: object) -> object:
    return value if isinstance(value, dict) else {"value": _write_out(value)}


class Wide(Marked):
    """Columns that hold one visit each and become rows: every filled cell is a row with what is said of its visit.

    Of a visit a constant may be said (`day: 7`), or where it stands (`day: {from: date_1, date: true}`).
    """

    into: str = Field(description="column of the contract that takes the cells")
    date: bool = Field(default=False, description="dates that become whole days from the first dose")
    keep: Literal["all", "earliest"] = Field(
        default="all", description="earliest: of the days in a row the first alone becomes a row"
    )
    columns: dict[Header, dict[str, Annotated[ColumnMap, BeforeValidator(_expand_constant)]]] = Field(
        min_length=1, description="header -> what is said of its visit"
    )

    @model_validator(mode="after")
    def _date_alone(self) -> Wide:
        if self.date and (self.unit or self.values):
            raise ValueError("dates have neither a unit nor a value map")
        return self


class OfEach(Strict):
    """Which of several rows of a case is taken."""

    first: str = Field(default="", description="the row with the smallest day in this column")
    best: Literal["", "reported_response"] = Field(default="", description="the row with the best class in this column")

    @model_validator(mode="after")
    def _one_rule(self) -> OfEach:
        if bool(self.first) == bool(self.best):
            raise ValueError("one row of each case is taken by one rule: {first: day} or {best: reported_response}")
        return self


class Redcap(MappingPart):
    """A flat REDCap export: which rows of it are meant, and its data dictionary."""

    instrument: str = Field(default="", description="repeating instrument; empty: rows that repeat nothing")
    events: list[str] = Field(default_factory=list, description="unique event names; empty: every event")
    dictionary: SourceFile | None = Field(default=None, description="data dictionary (CSV): codes become labels")
    join: list[Header] = Field(
        default_factory=list, description="fields of rows that repeat nothing, which a repeating row takes over"
    )


class Source(MappingPart):
    """One file (or sheet) that gives rows of one table; several sources may give one table."""

    table: str = Field(description="table of the contract")
    file: SourceFile
    format: Literal["table", "fhir", "phenopackets"] = Field(default="table", description="table: CSV or a sheet")
    sheet: str = Field(default="", description='sheet of a workbook; "*": every sheet that has the headers')
    header_row: int = Field(default=1, ge=1, description="row of the headers")
    header_rows: int = Field(default=1, ge=1, le=3, description="rows of which a header is made, the upper word first")
    last_row: int | None = Field(default=None, ge=1, description="last row that is read; all if absent")
    delimiter: Annotated[Literal[",", ";", "tab", "|"], BeforeValidator(_name_tab)] = ","
    encoding: Literal["utf-8", "windows-1252", "iso-8859-1", "utf-16", "gb18030"] = "utf-8"
    transpose: bool = Field(default=False, description="each case is a column of the file, each row a variable")
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'"] = Field(default="", description="what parts thousands: 45,000")
    columns: dict[str, Annotated[ColumnMap, BeforeValidator(_expand)]] = Field(min_length=1)
    where: dict[Header, Condition] = Field(default_factory=dict, description="header -> which rows are read")
    leave_out: dict[Header, Condition] = Field(default_factory=dict, description="header -> which rows are left out")
    hidden: Literal["read", "leave_out"] | None = Field(default=None, description="hidden rows of a sheet")
    struck_out: Literal["read", "leave_out"] | None = Field(default=None, description="struck-out rows of a sheet")
    first_dose: Header = Field(default="", description="header with the date of day 0; used while reading, never kept")
    first_dose_strip: list[Cell] = Field(
        default_factory=list, description="marks that are taken off both ends of the date of day 0"
    )
    wide: Wide | None = None
    of_each: OfEach | None = Field(default=None, description="which row of each case is taken; all if absent")
    redcap: Redcap | None = None

    @model_validator(mode="after")
    def _tell_apart(self) -> Source:
        if self.thousands == self.decimal:
            raise ValueError("decimal and thousands cannot be the same sign")
        return self

    @property
    def filled(self) -> list[tuple[str, ColumnMap]]:
        """Every column of the contract that is filled and how, the visits of wide columns among them."""
        columns = list(self.columns.items())
        if self.wide:
            done = self.wide.model_dump(include=set(Marked.model_fields))
            dated = self.wide.date
            columns += [(self.wide.into, ColumnMap(source=header, date=dated, **done)) for header in self.wide.columns]
            columns += [said for about in self.wide.columns.values() for said in about.items()]
        return columns

    @property
    def written_doses(self) -> tuple[list[str], str]:
        """Patterns by which doses are written, and the unit of those that state none."""
        for target, column in self.filled:
            if target == "dose" and column.written:
                return column.written, column.unit
        return [], ""

    @property
    def headers(self) -> list[str]:
        """Every header of the file that is read."""
        headers = [header for _, column in self.filled for header in column.headers]
        dose = [self.first_dose] if self.first_dose else []
        return list(dict.fromkeys([*headers, *self.where, *self.leave_out, *dose]))

    @property
    def date_headers(self) -> list[str]:
        """Headers whose dates become days."""
        return [header for _, column in self.filled if column.date for header in column.headers]

    @property
    def place(self) -> tuple[str, str, int, bool]:
        """File, sheet, row of the headers and way of reading: sources of one place read the same rows."""
        return self.file, self.sheet, self.header_row, self.transpose


class Preset(MappingPart):
    """A file of a standard (CDISC, OMOP) whose columns a named preset knows."""

    preset: str = Field(description="sdtm-dm, adam-adsl, omop-person ...")
    file: SourceFile
    delimiter: Annotated[Literal[",", ";", "tab", "|"], BeforeValidator(_name_tab)] = ","
    encoding: Literal["utf-8", "windows-1252", "iso-8859-1", "utf-16", "gb18030"] = "utf-8"
    where: dict[Header, Condition] = Field(
        default_factory=dict, description="rows that are read; replaces its own of the header"
    )

    @property
    def dialect(self) -> dict[str, str]:
        """Keys of a source by which the file is read."""
        return {"file": self.file, "delimiter": self.delimiter, "encoding": self.encoding}


class Mapping(MappingPart):
    """The whole of `mapping`."""

    sources: list[Source] = Field(default_factory=list, description="files and how their columns are read")
    presets: list[Preset] = Field(
        default_factory=list, description="files of CDISC or OMOP, read by what is known of them"
    )
    date_order: DateOrder | None = Field(default=None, description="order of day, month and year where it is not plain")
    partial_dates: Literal["refuse", "middle-of-month", "first-of-month"] = Field(
        default="refuse", description="what is done with a month without a day"
    )
    missing: list[Cell] = Field(default_factory=list, description="texts that stand for a missing value")

    @model_validator(mode="after")
    def _name_a_file(self) -> Mapping:
        if not self.sources and not self.presets:
            raise ValueError("a mapping names at least one file, under sources or presets")
        return self
