"""Points as WebPlotDigitizer exports them, as rows of curves.csv.

A file of one data set holds x and y alone; a file of several names each in its first row, above its two columns, and
has X, Y in the second.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from caseseries.ingest.read import read_text
from caseseries.ingest.source import SourceTable
from caseseries.model.findings import BadInput, Finding

ASKED = "the file holds points without units: say {option}"


@dataclass(frozen=True)
class Axes:
    """What the points of a file mean; None where it was not said."""

    kind: str | None = None
    time_unit: str | None = None
    value_unit: str | None = None
    error: float | None = None
    outcome: str = "event"


def is_export(path: Path) -> bool:
    """Whether a file holds points and no table of the contract."""
    text, fault = read_text(path, "utf-8-sig")
    cells = next(csv.reader(io.StringIO(text)), [])
    return not fault and "curve" not in [cell.strip() for cell in cells]


def read_points(path: Path, axes: Axes) -> SourceTable:
    """The points of an export as rows of curves.csv; the curve is called by the file, a group by its data set.

    Raises
    ------
    BadInput : axes that were not named, cells that are no numbers.
    """
    shown = path.name
    options = {"kind": axes.kind, "time-unit": axes.time_unit, "value-unit": axes.value_unit, "error": axes.error}
    examples = {"kind": "survival", "time-unit": "months", "value-unit": "percent", "error": "0.5"}
    missing = [
        Finding(shown, rule=ASKED.format(option=f"--{name}"), example=f"--{name} {examples[name]}")
        for name, given in options.items()
        if given is None
    ]
    text, _ = read_text(path, "utf-8-sig")
    cells = [
        [cell.strip() for cell in row] for row in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in row)
    ]
    named = len(cells) > 1 and {cell.lower() for cell in cells[1] if cell} == {"x", "y"}
    names = cells[0][::2] if named else [path.stem]
    first = 2 if named else 1 if cells and [cell.lower() for cell in cells[0]] == ["x", "y"] else 0
    rows, faults = [], []
    for line, row in enumerate(cells[first:], first + 1):
        for place, name in enumerate(names):
            point = row[2 * place : 2 * place + 2]
            if not any(point):
                continue
            try:
                day, value = (float(cell) for cell in point)
            except ValueError:
                rule = "a point must be two numbers, with a decimal point"
                faults.append(Finding(shown, line=line, rule=rule, example="12.5, 0.834"))
                continue
            rows.append((name, max(day, 0.0), value, line))
    if not rows and not faults:
        faults = [Finding(shown, rule="the file holds no point", example="12.5, 0.834")]
    if missing or faults:
        raise BadInput([*missing, *faults])
    frame = pd.DataFrame(rows, columns=["group", "day", "value", "line"])
    texts = pd.DataFrame(
        {
            "curve": path.stem,
            "group": frame["group"],
            "outcome": axes.outcome,
            "kind": axes.kind,
            "day": frame["day"].map("{:.6f}".format),
            "value": frame["value"].map("{:.6f}".format),
            "error": f"{axes.error:.6f}",
            "time_unit": axes.time_unit,
            "value_unit": axes.value_unit,
        }
    )
    return SourceTable("curves", texts, frame["line"].to_numpy(dtype=np.int64), ((0, shown),))
