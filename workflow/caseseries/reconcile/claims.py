"""`caseseries claims`: a claims.yaml without any cohort is checked; what is printed is held against itself."""

from __future__ import annotations

import argparse
import textwrap
from pathlib import Path

from caseseries.model.claim import load_claims_file
from caseseries.model.layout import Layout
from caseseries.reconcile.answer import INCONSISTENT
from caseseries.reconcile.grounds import Grounds
from caseseries.reconcile.judge import judge_claims
from caseseries.words.claims import IN_PRINT
from caseseries.words.nouns import inflected, plural

WIDTH = 72
"""Characters of a reason before it goes on in the next line."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries claims`."""
    parser.epilog = (
        "example: caseseries claims check claims.yaml\n"
        "exit code 3: a number is impossible or contradicts another; caseseries new --claims FILE makes a template"
    )
    parser.add_argument("action", choices=["check"], help="whether the numbers are possible and agree with each other")
    parser.add_argument("file", type=Path, help="a claims.yaml")


def run(arguments: argparse.Namespace, layout: Layout) -> int:
    """Print a verdict on every claim of a file; 3 where one is impossible."""
    claims = load_claims_file(arguments.file, arguments.file.name)
    rows = judge_claims(claims, Grounds())
    print(table(rows))
    impossible = sum(row["verdict"] == INCONSISTENT for row in rows)
    found = f"{impossible} {inflected(impossible, 'is', 'are')} impossible" if impossible else "nothing is impossible"
    print(f"\n{plural(len(rows), 'claim')} checked: {found}")
    return 3 if impossible else 0


def table(rows: list[dict[str, str]]) -> str:
    """Claim, what is printed and verdict in columns, with the reason below."""
    shown = [(row["claim"], row["published"], IN_PRINT[row["verdict"]]) for row in rows]
    widths = [max(len(line[i]) for line in (HEADER, *shown)) for i in range(len(HEADER))]
    lines = []
    for cells, reason in ((HEADER, ""), *zip(shown, (row["reason"] for row in rows), strict=True)):
        lines.append("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())
        lines += textwrap.wrap(reason, WIDTH, initial_indent="    ", subsequent_indent="    ")
    return "\n".join(lines)


HEADER = ("claim", "printed", "verdict")
