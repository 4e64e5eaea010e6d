"""`docs/columns.md`: every column of every table that goes in and comes out, written from the contracts.

`python -m caseseries.model.columns_page` writes it again; a test holds it in step.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from caseseries.model.columns import KEYS, TABLES, Column
from caseseries.model.result_columns import RESULTS
from caseseries.model.stages import PATHS

PAGE = Path("docs/columns.md")

OPENING = """# Columns

This page is made from the code by `python -m caseseries.model.columns_page`; change `model/columns.py` (what goes in)
or `model/result_columns.py` (what comes out), not the page.

Files are UTF-8 CSV. An empty cell is not known. Days are whole days from the first dose, which is day 0, unless
`day_zero` of [cohort.yaml](../config/README.md) says otherwise.

## What goes in

Each file lies in `data/COHORT/`; [add-a-cohort.md](add-a-cohort.md) shows how to fill it, [data.md](data.md) how other
files become it. A cohort may declare further columns of episodes.csv as `covariates`.
"""

BETWEEN = """
## What comes out

Files of `restricted/` are for their owner's eyes; of those that may leave, `release/` has the same columns. The tables
of the report have their own files beside their figures, each with its columns in its JSON
([table.schema.json](table.schema.json)).
"""

KINDS = {
    "text": "text",
    "number": "number",
    "day": "whole number",
    "whole": "whole number",
    "quantity": "number or limit, such as `<5`",
}
"""What a column holds, by its kind."""


def write_columns_page() -> str:
    """The whole page as Markdown."""
    lines = [OPENING]
    for table, columns in TABLES.items():
        key = f"A row is named by {', '.join(f'`{name}`' for name in KEYS[table])}.\n" if table in KEYS else ""
        lines += [f"### {table}.csv\n", *([key] if key else []), *_table(columns), ""]
    lines.append(BETWEEN)
    for name, result in RESULTS.items():
        places = [path for path in PATHS.values() if path.endswith(f"/{name}.csv")]
        lines += [f"### {name}.csv\n", f"A row is {result.about}. {_places(places)}\n", *_table(result.columns), ""]
    return "\n".join(lines).rstrip() + "\n"


def _places(paths: list[str]) -> str:
    """Where a file lies, for a reader."""
    return "In " + ", ".join(f"`{path.replace('{cohort}', 'COHORT')}`" for path in paths) + "."


def _table(columns: Iterable[Column]) -> list[str]:
    head = ["| Column | Label | Unit | Type | Meaning |", "|---|---|---|---|---|"]
    return head + [
        f"| `{one.name}` | {one.label} | {one.unit} | {_kind(one)} | {one.about.replace('|', '&#124;')} |"
        for one in columns
    ]


def _kind(column: Column) -> str:
    """The type of a column, with the values or numbers that it may hold."""
    held = "one of " + ", ".join(f"`{value}`" for value in column.allowed) if column.allowed else KINDS[column.kind]
    low, high = column.minimum, column.maximum
    low = 0 if low is None and column.kind == "whole" else low
    ends = [f"from {low:g}" if low is not None else "", f"up to {high:g}" if high is not None else ""]
    limits = " ".join(end for end in ends if end)
    return f"{held}{f', {limits}' if limits else ''}{'; required' if column.required else ''}"


def main() -> None:
    """Write the page in the folder of the project, from which the command is called."""
    PAGE.write_text(write_columns_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
