"""A table as data: typed columns, rows whose cells keep the numbers behind their text, caption and notes.

It is what pages, Word, Excel and CSV are written from, and stands as JSON beside the CSV (docs/table.schema.json).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

from pydantic import TypeAdapter

from caseseries.words.numbers import NOTHING, is_missing

ColumnType = Literal["text", "count", "number", "percent", "fraction", "interval", "summary"]
"""What a column holds: words; one whole number; one number; a share; events of n; two limits; a mix of these."""

Part = Literal[
    "value",
    "events",
    "n",
    "not_evaluable",
    "estimate",
    "lower",
    "upper",
    "low",
    "high",
    "q1",
    "q3",
    "minimum",
    "maximum",
]
"""What a number behind a cell is. `estimate`, `lower` and `upper` are a share from 0 to 1 and its limits; limits of
other numbers are `low` and `high`."""


@dataclass(frozen=True)
class TableColumn:
    """A column: what it holds, its unit where the heading says it, and what it means, for a data dictionary."""

    label: str
    type: ColumnType = "text"
    unit: str = ""
    meaning: str = ""

    @property
    def heading(self) -> str:
        """The label with its unit."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


@dataclass(frozen=True)
class Cell:
    """What a reader sees, a line break where it is broken, and the numbers behind it by what they are.

    `key` names the number in estimates.csv that it shows (`results.number_key`), or the row of another result
    (`results.row_key`); "" where none is named.
    """

    text: str
    values: Mapping[Part, int | float] = field(default_factory=dict)
    key: str = ""

    @property
    def sort_value(self) -> float | None:
        """The first of its numbers, by which a column is sorted; None for words."""
        return next(iter(self.values.values()), None)


@dataclass(frozen=True)
class Row:
    """A line of a table.

    `role` is `row` for a line with a cell for each column; `heading` and `subheading` for one cell over the rows that
    follow; `remark` for one cell of words over the full width. `indent` is 1 where it belongs to the row above it.
    """

    cells: tuple[Cell, ...]
    role: Literal["row", "heading", "subheading", "remark"] = "row"
    indent: int = 0


@dataclass(frozen=True)
class Table:
    """A table of results.

    `kind` is the part of a page where it belongs, `order` its place there. `individual` says that a row stands for one
    person, `synthetic` that no patient stands behind it.

    Raises
    ------
    ValueError : a row has another number of cells than there are columns.
    """

    id: str
    kind: str
    title: str
    caption: str
    columns: tuple[TableColumn, ...]
    rows: tuple[Row, ...]
    order: int
    notes: tuple[str, ...] = ()
    individual: bool = False
    synthetic: bool = False

    def __post_init__(self) -> None:
        for place, row in enumerate(self.rows):
            wanted = len(self.columns) if row.role == "row" else 1
            if len(row.cells) != wanted:
                raise ValueError(f"table {self.id}: row {place} has {len(row.cells)} cells and needs {wanted}")

    @property
    def headings(self) -> list[str]:
        """Column headings with their units."""
        return [column.heading for column in self.columns]

    @property
    def texts(self) -> list[list[str]]:
        """The rows as a reader sees them; a heading or remark has one text."""
        return [[cell.text for cell in row.cells] for row in self.rows]

    @property
    def lines(self) -> list[Row]:
        """The rows that have a cell for each column."""
        return [row for row in self.rows if row.role == "row"]


TABLE = TypeAdapter(Table)


def line(*cells: Cell | str, indent: int = 0) -> Row:
    """A row with a cell for each column; a bare text is a cell of words."""
    return Row(tuple(Cell(cell) if isinstance(cell, str) else cell for cell in cells), indent=indent)


def heading_row(text: str) -> Row:
    """A heading over the rows that follow."""
    return Row((Cell(text),), "heading")


def subheading_row(text: str) -> Row:
    """A quiet heading, over rows that are set in."""
    return Row((Cell(text),), "subheading")


def remark(text: str) -> Row:
    """Words over the full width."""
    return Row((Cell(text),), "remark")


def texts(
    columns: Sequence[str | TableColumn], rows: Iterable[Sequence[str]]
) -> tuple[tuple[TableColumn, ...], tuple[Row, ...]]:
    """Columns and rows of a table of words."""
    return (
        tuple(TableColumn(column) if isinstance(column, str) else column for column in columns),
        tuple(line(*row) for row in rows),
    )


def full_columns(
    columns: Sequence[TableColumn], rows: Sequence[Row]
) -> tuple[tuple[TableColumn, ...], tuple[Row, ...]]:
    """A table's columns and rows without the columns in which no row says anything."""
    full = [row for row in rows if row.role == "row"]
    keep = [place for place in range(len(columns)) if any(row.cells[place].text != NOTHING for row in full)]
    kept = (
        Row(tuple(row.cells[place] for place in keep), row.role, row.indent) if row.role == "row" else row
        for row in rows
    )
    return tuple(columns[place] for place in keep), tuple(kept)


def known(**values: float | None) -> dict[Part, int | float]:
    """The numbers behind a cell that are there, whole ones as such: missing and unbounded ones are left out."""
    found = {cast("Part", name): float(value) for name, value in values.items() if not is_missing(value)}
    return {name: int(value) if value.is_integer() else value for name, value in found.items() if not math.isinf(value)}
