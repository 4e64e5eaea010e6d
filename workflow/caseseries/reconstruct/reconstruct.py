"""`caseseries reconstruct`: a printed curve becomes the case histories that fit it.

Nothing from here counts as recomputed from cases: every number is marked `reconstructed` and comes with its range over
all histories that fit what is printed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from caseseries.model.cohort import ID
from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import Layout
from caseseries.model.records import read_records
from caseseries.model.results import RECONSTRUCTED, RECONSTRUCTED_RANGES, require, write_table
from caseseries.reconstruct.curve import PrintedCurve
from caseseries.reconstruct.digitiser import Axes
from caseseries.reconstruct.files import read_curves
from caseseries.reconstruct.printed import printed_curves
from caseseries.reconstruct.reconstructed import Pair, Reconstruction, pairs, reconstruct
from caseseries.reconstruct.rows import history_rows, range_rows
from caseseries.words.curves import BASES, name_of, range_of, say_found, say_guyot, say_settling, value_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries reconstruct`."""
    parser.epilog = (
        "example: caseseries reconstruct curves.csv --at 28 56 --write reconstructed\n"
        "of a cohort with curves.csv: caseseries reconstruct COHORT\n"
        "at_risk.csv and aggregates.csv (n, events) beside the file are read too; a file of points as WebPlotDigitizer "
        "exports it needs --kind, --time-unit, --value-unit and --error"
    )
    parser.add_argument("what", help="curves.csv, a folder that holds it, exported points, or a cohort of data/")
    parser.add_argument("--at", type=float, nargs="+", metavar="DAY", help="days on which the level is told")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="write the histories and ranges as CSV there")
    parser.add_argument("--kind", choices=["survival", "incidence"], help="of exported points: falling or climbing")
    parser.add_argument("--time-unit", metavar="UNIT", help="of exported points: days, weeks, months or years")
    parser.add_argument("--value-unit", choices=["share", "percent"], help="of exported points")
    parser.add_argument("--error", type=float, help="how far a reading may be off, in the unit of the value")
    parser.add_argument("--outcome", default="event", help="what exported curves are about (event)")


def run(arguments: argparse.Namespace, layout: Layout) -> None:
    """Reconstruct the curves of a cohort and write them, or those of a file and print what follows from them."""
    if any(day < 0 for day in arguments.at or ()):
        raise BadInput([Finding("--at", rule="a day must be 0 or more", example="28")])
    if ID.fullmatch(arguments.what) and (layout.cohort(arguments.what) / "cohort.yaml").is_file():
        arguments.cohort = arguments.what
        return run_cohort(arguments, layout)
    axes = Axes(arguments.kind, arguments.time_unit, arguments.value_unit, arguments.error, arguments.outcome)
    curves = read_curves(Path(arguments.what), axes)
    found = [reconstruct_told(curve, arguments.at) for curve in curves]
    both = pairs(found)
    tell(found, both)
    if arguments.write:
        write_all(found, both, arguments.write / "reconstructed.csv", arguments.write / "reconstructed_ranges.csv")


def run_cohort(arguments: argparse.Namespace, layout: Layout) -> None:
    """Reconstruct the curves of a cohort and write its histories and ranges."""
    cohort = arguments.cohort
    require({"ingest": [layout.records(cohort)]}, layout)
    records = read_records(layout.records(cohort), ("curves", "at_risk", "aggregates"))
    if not len(records["curves"]):
        rule = "the cohort has no printed curve"
        raise BadInput([Finding(f"{cohort}/curves.csv", rule=rule, example="docs/read-a-curve.md says how")])
    curves = printed_curves(records["curves"], records["at_risk"], records["aggregates"], f"{cohort}/")
    found = [reconstruct_told(curve, arguments.at) for curve in curves]
    both = pairs(found)
    tell(found, both)
    write_all(found, both, layout.path("reconstructed", cohort), layout.path("reconstructed_ranges", cohort))


def tell(found: Sequence[Reconstruction], both: Sequence[Pair]) -> None:
    """Print what follows from the curves."""
    print("\n\n".join([*map(say, found), *map(say_pair, both)]))
    print("\nReconstructed from print: no number here was recomputed from cases.")


def reconstruct_told(curve: PrintedCurve, at: Sequence[float] | None = None) -> Reconstruction:
    """Reconstruct a curve, with progress on standard error where it takes long."""

    def progress(histories: int) -> None:
        print(f"{curve.curve}, {curve.group}: {histories} histories so far", file=sys.stderr, flush=True)

    return reconstruct(curve, at, progress)


def write_all(found: Sequence[Reconstruction], both: Sequence[Pair], histories: Path, ranges: Path) -> None:
    """Write every listed history and every range."""
    write_table(pd.DataFrame(history_rows(found), columns=list(RECONSTRUCTED)), histories, RECONSTRUCTED)
    frame = pd.DataFrame(range_rows(found, both), columns=list(RECONSTRUCTED_RANGES))
    write_table(frame, ranges, RECONSTRUCTED_RANGES)


def say(one: Reconstruction) -> str:
    """A curve in words and a table."""
    curve = one.curve
    if one.by_guyot or one.found is None:
        head = say_guyot(curve.n, searched=one.found is not None)
    else:
        wider = curve.error if one.widened else None
        listed = len(one.found.listed)
        head = say_found(curve.n, one.found.counted, one.found.exhausted, listed, widened=wider)
    rows = list(range_rows([one], ()))
    lines = [("reconstructed", "best", BASES[rows[0]["basis"]])]
    lines += [cells_of(row) for row in rows]
    settling = say_settling([(number.day, number.left) for number in one.settling], len(one.solutions))
    return "\n".join(
        [f"{curve.curve}, {curve.group}: {head}", columns(lines), *([f"  {settling}"] if settling else [])]
    )


def say_pair(pair: Pair) -> str:
    """The log-rank test of two groups in a line."""
    row = next(range_rows((), [pair]))
    _, best, whole = cells_of(row)
    named = f"{row['curve']}, {row['group']} against {row['contrast']}"
    basis = BASES["all" if row["basis"] == "all" else "pairs"]
    return f"{named}: {name_of(row['statistic'], None)} {best} ({whole} {basis})"


def cells_of(row: dict) -> tuple[str, str, str]:
    """What a number is, its value in the best history, and its range."""
    statistic = row["statistic"]
    best = value_of(statistic, row["estimate"], row["n"])
    return name_of(statistic, row["time"]), best, range_of(statistic, row["lower"], row["upper"], row["n"])


def columns(lines: Sequence[tuple[str, str, str]]) -> str:
    """Cells below each other."""
    widths = [max(len(line[place]) for line in lines) for place in range(3)]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
    return "\n".join(f"  {line}".rstrip() for line in padded)
