"""Table 1: who is in a cohort, one row a number or a yes, what is missing said wherever something is.

How much is printed of a number depends on how many it is known for: quartiles of a handful are invented detail, and
of three people the median and the range are the three values themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from caseseries.model.columns import Column
from caseseries.model.groups import ALL, NOT_RECORDED, group_key
from caseseries.model.results import row_key
from caseseries.show import cells
from caseseries.show.table import Cell, Row, Table, TableColumn, known, line, remark, subheading_row
from caseseries.words import numbers
from caseseries.words.lists import listing
from caseseries.words.numbers import NOTHING, is_missing, quantity, short_number
from caseseries.words.people import say_nowhere_recorded
from caseseries.words.spelling import capital, small
from caseseries.words.variables import labelled, noun_of

COUNTED = ("episodes", "patients")
MISSING = "missing"
QUARTILES_FROM = 10
"""Fewest known values of which quartiles are printed; below it median and range."""

SUMMARY = ("minimum", "q1", "median", "q3", "maximum")
VALUES_UP_TO = 3
"""Most known values that are printed one by one."""

NUMBERS = (
    f"numbers: median (quartiles; range), of fewer than {QUARTILES_FROM} median (range), of "
    f"{VALUES_UP_TO} or fewer the values"
)
ROUNDED = "numbers: median (quartiles), rounded so that they tell of nobody"
"""Of a series of which no lowest and highest value may be told."""


def description_table(
    description: pd.DataFrame, variables: Sequence[Column], *, synthetic: bool, selected: bool = False
) -> Table | None:
    """Table 1 from description.csv; None where the cohort has no description.

    Parameters
    ----------
    variables : columns of the cohort's episodes (`Cohort.variables`).
    selected : whether the cases were chosen (`Cohort.selected`), so that counts stand without a share.
    """
    if description.empty:
        return None
    known = dict.fromkeys(description.loc[description["variable"] == "episodes", "group"])
    groups = list(known or dict.fromkeys(description["group"]))
    here = description[description["group"].isin(groups)]
    rows = _counted(here, groups)
    counted = here[here["variable"] == "episodes"].set_index("group")["value"]
    sizes = {group: counted.get(group) for group in groups}
    for variable in dict.fromkeys(here.loc[~here["variable"].isin(COUNTED), "variable"]):
        found = here[here["variable"] == variable]
        if not is_empty(found) and not _names_the_groups(found, groups):
            rows += _lines(found, sizes, numbers.counts if selected else numbers.share)
    elsewhere = _printed_elsewhere(description[~description["group"].isin(groups)], len(groups))
    rows += [subheading_row("Printed by the source for other groups"), *elsewhere] if elsewhere else []
    nowhere = empty_variables(here, variables)
    rows += [remark(say_nowhere_recorded(nowhere))] if nowhere else []
    columns = (
        TableColumn("Characteristic"),
        *(TableColumn("All" if group == ALL else group, "summary") for group in groups),
    )
    return Table(
        "description",
        "description",
        "Description of the cohort",
        _caption(here, selected=selected),
        columns,
        tuple(rows),
        10,
        notes=_notes(rows),
        synthetic=synthetic,
    )


def _caption(here: pd.DataFrame, *, selected: bool) -> str:
    """What the cells hold: only of those kinds that the table has."""
    plain = here[~here["variable"].isin(COUNTED) & (here["n"] > 0)]
    printed = plain["statistic"].str.startswith("printed_")
    share = "no percent, because the cases were selected" if selected else "with percent"
    counts = f"counts: of those known, {share}" if (plain["statistic"] == "count").any() else ""
    measured = plain.loc[~printed & (plain["statistic"] != "count"), "statistic"]
    ranged = measured.str.startswith("minimum").any() or not (measured == "median").any()
    of_numbers = "" if measured.empty else NUMBERS if ranged else ROUNDED
    as_printed = "printed: as the source gives it" if printed.any() else ""
    text = "; ".join(part for part in (counts, of_numbers, as_printed) if part)
    return f"{capital(text)}." if text else "How many there are."


def _notes(rows: list[Row]) -> tuple[str, ...]:
    if not any("[" in cell.text for row in rows for cell in row.cells[1:]):
        return ()
    return (
        "Where a count is known only as a limit, such as <5, square brackets hold the range in which the figure lies.",
    )


def is_empty(rows: pd.DataFrame) -> bool:
    """True of a variable (its rows of description.csv) that nobody has."""
    return bool((rows["n"] == 0).all() and (rows["missing"] > 0).any())


def empty_variables(description: pd.DataFrame, variables: Sequence[Column]) -> list[str]:
    """Names, as nouns in a sentence, of the variables that no case of the described groups has."""
    nouns = {variable.name: noun_of(variable) for variable in variables}
    not_asked = {variable.name for variable in variables if not variable.missed}
    asked = description[~description["variable"].isin(not_asked)]
    empty = [(name, rows) for name, rows in asked.groupby("variable", sort=False) if is_empty(rows)]
    return [nouns.get(name) or small(rows["label"].iloc[0]) for name, rows in empty]


def _counted(here: pd.DataFrame, groups: list[str]) -> list[Row]:
    """How many episodes and persons there are; one row where everybody has one episode."""
    sizes, labels = {}, {}
    for name in COUNTED:
        rows = here[here["variable"] == name].drop_duplicates("group").set_index("group")
        if len(rows):
            labels[name] = rows["label"].iloc[0]
            sizes[name] = [cells.number(rows["value"].get(group)) for group in groups]
    if len(sizes) == 2 and sizes["episodes"] == sizes["patients"]:
        del sizes["episodes"]
    return [_from_rows(line(labels[name], *counts), name, groups) for name, counts in sizes.items()]


def _from_rows(row: Row, variable: str, groups: Iterable[str]) -> Row:
    """A line on a variable whose cells, one a group, name their rows of description.csv."""
    if row.role != "row":
        return row
    first, *others = row.cells
    keys = [row_key("description", {"group": group, "variable": variable}) for group in groups]
    named = [replace(cell, key=key if cell.values else "") for cell, key in zip(others, keys, strict=True)]
    return replace(row, cells=(first, *named))


def _names_the_groups(rows: pd.DataFrame, groups: list[str]) -> bool:
    """True of the variable by which the groups were made: it would say each heading again as 100 %."""
    within = rows[rows["group"] != ALL]
    if (rows["statistic"] != "count").any() or set(within["group"]) != set(groups) - {ALL} or within.empty:
        return False
    return bool(((within["level"].map(group_key) == within["group"]) & (within["value"] == within["n"])).all())


def _lines(here: pd.DataFrame, sizes: Mapping[str, float | None], say: Callable[[float, float], str]) -> list[Row]:
    """Rows of one variable: its values, then what is missing where something is; `say` says a count of n.

    `sizes` has each group with its number of episodes, as far as that is known.
    """
    name, variable = _heading(here), here["variable"].iloc[0]
    by_group = [here[here["group"] == group] for group in sizes]
    if here["statistic"].str.startswith("printed_").any():
        printed = [_printed(rows, size) for rows, size in zip(by_group, sizes.values(), strict=True)]
        return [_from_rows(line(f"{name} (printed)", *printed), variable, sizes)]
    if (here["statistic"] == "count").all():
        lines = _levels(name, here, by_group, say)
    else:
        lines = [line(name, *map(_number, by_group))]
    if (here["missing"] > 0).any():
        lines.append(line(MISSING, *map(_missing, by_group), indent=1))
    return [_from_rows(row, variable, sizes) for row in lines]


def _levels(
    name: str, here: pd.DataFrame, by_group: Sequence[pd.DataFrame], say: Callable[[float, float], str]
) -> list[Row]:
    """A category: one row for a yes or no and for a single level, else a heading and a row a level."""
    levels = list(dict.fromkeys(here.loc[here["level"] != "", "level"]))
    if set(levels) <= {"yes", "no"}:
        return [line(name, *(_level(rows, "yes", say) for rows in by_group))]
    if len(levels) == 1:
        return [line(f"{name}: {levels[0]}", *(_level(rows, levels[0], say) for rows in by_group))]
    below = (line(_named(level), *(_level(rows, level, say) for rows in by_group), indent=1) for level in levels)
    return [subheading_row(name), *below]


def _named(level: str) -> str:
    """A level as the source names it, in quotation marks where the table says the same of a value that is missing."""
    return f"“{level}”" if level.casefold() in (MISSING, NOT_RECORDED) else level


def _heading(rows: pd.DataFrame) -> str:
    return labelled(rows["label"].iloc[0], rows["unit"].iloc[0])


def _printed_elsewhere(rows: pd.DataFrame, groups: int) -> list[Row]:
    """Printed values of groups that have no column: the group stands in the row's name."""
    lines = []
    for (variable, group), here in rows.groupby(["variable", "group"], sort=False):
        name = f"{_heading(here)} ({group})"
        printed = line(name, _printed(here), *[cells.EMPTY] * (groups - 1), indent=1)
        lines.append(_from_rows(printed, variable, [group] * groups))
    return lines


def _missing(rows: pd.DataFrame) -> Cell:
    if rows.empty:
        return cells.EMPTY
    first = rows.iloc[0]
    total = first["missing"] + first["n"]
    return Cell(numbers.counts(first["missing"], total), known(events=first["missing"], n=total))


def _level(rows: pd.DataFrame, level: str, say: Callable[[float, float], str]) -> Cell:
    if rows.empty or not rows["n"].iloc[0]:
        return cells.EMPTY
    found, n = rows[rows["level"] == level], rows["n"].iloc[0]
    number = found["value"].iloc[0] if len(found) else 0
    return Cell(say(number, n), known(events=number, n=n))


def _number(rows: pd.DataFrame) -> Cell:
    """A number: its values, or median and range, or median, quartiles and range, by how many are known."""
    n = rows["n"].iloc[0] if len(rows) else 0
    if not n:
        return cells.EMPTY
    if not rows["statistic"].str.startswith("minimum").any():
        return _told(rows, n)
    texts = {name: _value(rows, name) for name in SUMMARY}
    shown = ["minimum", "median", "maximum"] if n < QUARTILES_FROM else SUMMARY
    exact = rows.drop_duplicates("statistic").set_index("statistic")["value"]
    behind = {("value" if name == "median" else name): exact.get(name) for name in shown}
    return Cell(_summary(texts, n), known(**behind, n=n))


def _told(rows: pd.DataFrame, n: float) -> Cell:
    """The median with its quartiles, where the range may not be told: those that may be."""
    middle, low, high = (_value(rows, name) for name in ("median", "q1", "q3"))
    text = middle if NOTHING in (low, high) else f"{middle} ({low} to {high})"
    exact = rows.set_index("statistic")["value"]
    return Cell(text, known(value=exact.get("median"), q1=exact.get("q1"), q3=exact.get("q3"), n=n))


def _summary(texts: dict[str, str], n: float) -> str:
    low, middle, high = (texts[name] for name in ("minimum", "median", "maximum"))
    if n > 1 and low == high:
        return f"{middle} in all"
    if n <= VALUES_UP_TO:
        return listing({1: [middle], 2: [low, high], 3: [low, middle, high]}[int(n)])
    if n < QUARTILES_FROM:
        return f"{middle} ({low} to {high})"
    return f"{middle} ({texts['q1']} to {texts['q3']}; {low} to {high})"


def _value(rows: pd.DataFrame, statistic: str) -> str:
    """A statistic, or the range in which it lies where it depends on a count known only as a limit."""
    values = rows.set_index("statistic")["value"]
    if statistic in values:
        return short_number(values[statistic])
    low, high = values.get(f"{statistic}_from"), values.get(f"{statistic}_to", float("inf"))
    if is_missing(low):
        return NOTHING
    text = quantity(low, high)
    return f"[{text}]" if " to " in text else text


def _printed(rows: pd.DataFrame, size: float | None = None) -> Cell:
    """What the source prints, with its n where that is not the size of the group."""
    if rows.empty:
        return cells.EMPTY
    values = rows.set_index("statistic")["value"]
    text = short_number(values.get("printed_value"), 2)
    lower, upper = values.get("printed_lower"), values.get("printed_upper")
    if lower is not None:
        text += f" ({short_number(lower, 2)} to {short_number(upper, 2)})"
    n = rows["n"].iloc[0]
    behind = known(value=values.get("printed_value"), low=lower, high=upper, n=n or None)
    return Cell(text + (f", n = {numbers.number(n)}" if n and n != size else ""), behind)
