"""Table 1: the description of a cohort by group, with the number known in every row and what is missing always said."""

from __future__ import annotations

import re

import pandas as pd

from caseseries.render import format as fmt
from caseseries.render.save import Table

COUNTED = ("episodes", "patients")


def description_table(description: pd.DataFrame, *, synthetic: bool) -> Table | None:
    """Table 1 from description.csv; None where the cohort has no description."""
    if description.empty:
        return None
    known = dict.fromkeys(description.loc[description["variable"] == "episodes", "group"])
    groups = list(known or dict.fromkeys(description["group"]))
    rows: list[list[str]] = []
    absent: list[list[str]] = []
    for variable in dict.fromkeys(description["variable"]):
        here = description[(description["variable"] == variable) & description["group"].isin(groups)]
        if here.empty:
            continue
        lines = _lines(here, groups)
        if len(lines) == 1:
            (absent if lines[0][0].endswith(": missing") else rows).append(lines[0])
        else:
            rows += lines
    if absent:
        rows += [["Not recorded for anybody"], *absent]
    printed = _printed_elsewhere(description[~description["group"].isin(groups)], len(groups))
    if printed:
        rows += [["Printed by the source for other groups"], *printed]
    header = ["Characteristic", *("All" if group == "all" else group for group in groups)]
    caption = ("Who is in the cohort: counts with percent of those known, or median (quartiles) and range; the number "
               "known stands in each row, missing values have a row of their own.")  # fmt: skip
    return Table("description", "description", "Table 1. Description of the cohort", caption, header, rows, 10,
                 synthetic=synthetic)  # fmt: skip


def _lines(here: pd.DataFrame, groups: list[str]) -> list[list[str]]:
    """Rows of one variable: its heading, its values, what is missing; a single row where there is nothing more."""
    first = here.iloc[0]
    heading = _heading(first)
    by_group = {group: here[here["group"] == group] for group in groups}
    if first["variable"] in COUNTED:
        return [[heading, *(_count(rows) for rows in by_group.values())]]
    missing = [_missing(rows) for rows in by_group.values()]
    printed = here["statistic"].str.startswith("printed_")
    if printed.any():
        return [[f"{heading} (printed)", *(_printed(rows) for rows in by_group.values())]]
    if (here["n"] == 0).all():
        return [[f"{heading}: missing", *missing]]
    lines = [[heading]]
    if (here["statistic"] == "count").all():
        for level in dict.fromkeys(here.loc[here["level"] != "", "level"]):
            lines.append([level, *(_level(rows, level) for rows in by_group.values())])
    else:
        lines.append(["median (quartiles)", *(_median(rows) for rows in by_group.values())])
        lines.append(["range", *(_range(rows) for rows in by_group.values())])
    return [*lines, ["missing", *missing]]


def _heading(row: pd.Series) -> str:
    """Label and unit; a unit that the label names already ("Gestational week") is not said twice."""
    said = re.search(rf"\b{re.escape(row['unit'].rstrip('s'))}\b", row["label"].lower())
    return row["label"] + (f", {unit_text(row['unit'])}" if row["unit"] and not said else "")


def _printed_elsewhere(rows: pd.DataFrame, groups: int) -> list[list[str]]:
    """Printed values of groups that have no column: the group stands in the row's name."""
    lines = []
    for (_, group), here in rows.groupby(["variable", "group"], sort=False):
        name = f"{_heading(here.iloc[0])} ({group})"
        lines.append([name, _printed(here), *[fmt.NOTHING] * (groups - 1)])
    return lines


def unit_text(unit: str) -> str:
    """A unit as printed: "10^9/L" -> "10⁹/L"."""
    return unit.replace("10^9", "10⁹")


def _count(rows: pd.DataFrame) -> str:
    return fmt.number(rows["value"].iloc[0]) if len(rows) else fmt.NOTHING


def _missing(rows: pd.DataFrame) -> str:
    if rows.empty:
        return fmt.NOTHING
    first = rows.iloc[0]
    return fmt.counts(first["missing"], first["missing"] + first["n"])


def _level(rows: pd.DataFrame, level: str) -> str:
    if rows.empty:
        return fmt.NOTHING
    found = rows[rows["level"] == level]
    return fmt.share(found["value"].iloc[0] if len(found) else 0, rows["n"].iloc[0])


def _value(rows: pd.DataFrame, statistic: str) -> str:
    """A statistic, or the range in which it lies where it depends on a count known only as an interval."""
    values = rows.set_index("statistic")["value"]
    if statistic in values:
        return fmt.short_number(values[statistic])
    ends = [fmt.short_number(values[name]) for name in (f"{statistic}_from", f"{statistic}_to") if name in values]
    return f"between {' and '.join(ends)}" if len(set(ends)) == 2 else ends[0] if ends else fmt.NOTHING


def _median(rows: pd.DataFrame) -> str:
    if rows.empty or not rows["n"].iloc[0]:
        return fmt.NOTHING
    quartiles = f"{_value(rows, 'q1')} to {_value(rows, 'q3')}"
    return f"{_value(rows, 'median')} ({quartiles}), n = {fmt.number(rows['n'].iloc[0])}"


def _range(rows: pd.DataFrame) -> str:
    if rows.empty or not rows["n"].iloc[0]:
        return fmt.NOTHING
    return f"{_value(rows, 'minimum')} to {_value(rows, 'maximum')}"


def _printed(rows: pd.DataFrame) -> str:
    if rows.empty:
        return fmt.NOTHING
    values = rows.set_index("statistic")["value"]
    text = fmt.short_number(values.get("printed_value"), 2)
    if "printed_lower" in values:
        text += f" ({fmt.short_number(values['printed_lower'], 2)} to {fmt.short_number(values['printed_upper'], 2)})"
    n = rows["n"].iloc[0]
    return text + (f", n = {fmt.number(n)}" if n else "")
