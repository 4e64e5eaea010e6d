"""The recompute stage: double programming, as trial units do it.

Every rate and interval, curve, incidence, median, test, regression and agreement is computed again from the same
records by packages made by others; who responded and who had a harm is counted again. A difference that no rule
explains ends the run with exit code 3.
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata

import numpy as np
import pandas as pd

from caseseries.model.cohort import load_cohort
from caseseries.model.config import Config, add_settings, load_settings
from caseseries.model.definition import Definition
from caseseries.model.drug import Drug, load_drugs
from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import Layout
from caseseries.model.records import RecordRow
from caseseries.model.results import RECOMPUTED, RECOMPUTED_COUNTS, TIMES, count_rows, read_table, require, write_table
from caseseries.model.safety import Vocabulary, load_vocabulary
from caseseries.recompute import agreement
from caseseries.recompute.by_block import read_apart
from caseseries.recompute.of_definition import by_definition
from caseseries.recompute.opinion import Opinion
from caseseries.recompute.people import People
from caseseries.recompute.pooled import pooled_rows
from caseseries.recompute.rows import Row, opinion_on
from caseseries.response.catalogue import read_catalogue

PARTS = ("estimate", "std_error", "lower", "upper")
KEY = ("group", "contrast", "definition", "analysis", "statistic", "cause", "time", "method")
AGREES, KNOWN, DIFFERS = "yes", "known difference", "no"
MOST_NAMED = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries recompute`."""
    parser.epilog = "example: caseseries recompute"
    add_settings(parser)


def run(arguments: argparse.Namespace, layout: Layout) -> int:
    """Write recomputed.csv; 3 where a number differs and no rule says why."""
    config = load_settings(arguments, layout)
    require({"estimate": [layout.estimates(cohort) for cohort in config.cohorts]}, layout)
    known = read_known(layout)
    rows = [row for cohort in config.cohorts for row in recompute_cohort(cohort, layout, config, known)]
    if layout.estimates("pooled").exists():
        rows += [row for row in _numbers("pooled", pooled_rows(read_table(layout.estimates("pooled")), config.level))]
    frame = pd.DataFrame(rows, columns=list(RECOMPUTED))
    write_table(frame, layout.recomputed, RECOMPUTED)
    write_table(count_rows(frame, RECOMPUTED_COUNTS), layout.recomputed_counts, RECOMPUTED_COUNTS)
    differing = frame[frame["agrees"] == DIFFERS]
    findings = [
        Finding(
            f"{row.cohort}/estimates.csv",
            column=row.part,
            rule=f"{_named(row)} is not what {row.package} makes of the same records",
        )
        for row in differing.head(MOST_NAMED).itertuples()
    ]
    if findings:
        print(BadInput(findings), file=sys.stderr)
    return 3 if findings else 0


def _named(row: RecordRow) -> str:
    """A number by its statistic and what it is of."""
    return (
        f"{row.statistic} under {row.definition}" if row.definition else f"{row.statistic} of {row.cause or row.group}"
    )


RECOUNTED = ("episode_id", "definition", "response_class", "provisional_class", "decided_class", "value")
"""Columns of responses.csv from which is counted again."""


@dataclass(frozen=True)
class Known:
    """What is the same for every cohort: the catalogue, the profiles of drugs and the names of adverse events."""

    definitions: list[Definition]
    drugs: dict[str, Drug]
    vocabulary: Vocabulary


def read_known(layout: Layout) -> Known:
    """Read what is the same for every cohort."""
    return Known(read_catalogue(layout), load_drugs(*layout.drug_folders), load_vocabulary(layout.safety_words))


def recompute_cohort(identifier: str, layout: Layout, config: Config, known: Known) -> Iterator[dict]:
    """Rows of recomputed.csv for one cohort."""
    cohort = load_cohort(layout.cohort(identifier))
    records, blocks = read_apart(cohort, layout.records(identifier))
    people = People(
        cohort,
        records,
        by_definition(layout.responses(identifier), RECOUNTED),
        by_definition(layout.times(identifier), TIMES),
        known.definitions,
        config.level,
        known.drugs,
        known.vocabulary,
        blocks,
    )
    estimates = read_table(layout.estimates(identifier))
    told = estimates[estimates["estimate"].notna()].to_dict("records")
    judged = ((row, opinion_on(row, people)) for row in told)
    yield from _numbers(identifier, judged)
    yield from _numbers(identifier, agreement.kappas(read_table(layout.agreement(identifier)), people))


def _numbers(cohort: str, judged: Iterator[tuple[Row, Opinion | None]]) -> Iterator[dict]:
    for row, opinion in judged:
        if opinion is None:
            continue
        for part in PARTS:
            ours, theirs = row.get(part, np.nan), getattr(opinion, part)
            if pd.isna(ours) or (pd.isna(theirs) and part == "std_error"):
                continue
            yield {"cohort": cohort, **{name: row.get(name, "") for name in KEY}, "part": part} | compare(
                float(ours), float(theirs), opinion
            )


def compare(ours: float, theirs: float, opinion: Opinion) -> dict:
    """Ours beside theirs: whether they agree within the tolerance, or differ by a known rule."""
    difference = abs(ours - theirs)
    close = bool(difference <= opinion.tolerance * max(1.0, abs(ours)))
    agrees = AGREES if close else KNOWN if opinion.known else DIFFERS
    return {
        "ours": ours,
        "theirs": theirs,
        "package": opinion.package,
        "version": version(opinion.package),
        "difference": difference,
        "agrees": agrees,
        "note": "" if close else opinion.known,
    }


@cache
def version(package: str) -> str:
    """Version of a package, or of Python."""
    return platform.python_version() if package == "Python" else metadata.version(package)
