"""`caseseries simulate`: a synthetic cohort folder, the same bytes for the same seed."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path

import pandas as pd

from caseseries.ingest.synthetic import Course, make_blocks
from caseseries.model.cohort import ID
from caseseries.model.columns import TABLES
from caseseries.model.files import whole
from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import Layout

SEED = 20230807
EPISODES = 40

COHORT = """\
id: {id}
title: SYNTHETIC cohort in the shape of rhTPO in pregnancy
citation: SYNTHETIC data made by caseseries simulate; no publication and no person stands behind it.
design: simulation
population: SYNTHETIC pregnant women with immune thrombocytopenia
condition: itp
drug: rhtpo
label: pregnancy_nct02391272
provenance: synthetic
licence: CC0-1.0
disclosure:
  profile: synthetic
  basis: No person stands behind any row; all of it is drawn from a seeded generator.
source_definition: kong2017_abstract
adverse_events_recorded: "yes"
"""

README = """\
# SYNTHETIC: {id}

**No person stands behind a row of this folder.** It was made by

    caseseries simulate --episodes {episodes} --seed {seed} --output data/{id}

and the same command makes the same bytes again. It is here because no publication prints serial counts: it shows
and tests what the pipeline does with them. It says nothing about rhTPO.

The parameters, as they stand in the code (`workflow/caseseries/ingest/synthetic.py`, class `Course`, which gives the
publication or the choice behind each):

| parameter | value |
|---|---|
{parameters}

`reported_response` is what the abstract's rule of Kong 2017 gives for the simulated counts of days 1 to 14 (above 100
CR, 30 to 100 R); `reported_time_to_response` is the first of those days with 30 or more. Some counts are written `<5`,
some cells are empty, some persons have two episodes: on purpose.

**Licence:** CC0-1.0.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries simulate`."""
    parser.epilog = "example: caseseries simulate --episodes 200 --seed 7 --output data/simulated-large"
    parser.add_argument("--episodes", type=int, default=EPISODES, help=f"number of episodes ({EPISODES})")
    parser.add_argument("--seed", type=int, default=SEED, help=f"seed of the random numbers ({SEED})")
    about = "cohort folder to write, new or simulated before; its name is the id"
    parser.add_argument("--output", type=Path, required=True, help=about)


def run(arguments: argparse.Namespace, layout: Layout) -> None:
    """Write the folder."""
    findings = []
    if arguments.episodes < 1:
        findings.append(Finding("simulate", column="--episodes", rule="must be at least 1", example=str(EPISODES)))
    if arguments.seed < 0:
        findings.append(Finding("simulate", column="--seed", rule="must not be negative", example=str(SEED)))
    if not ID.fullmatch(arguments.output.name):
        rule = "the folder's name is the cohort's id: lower-case letters, digits and single hyphens"
        findings.append(Finding("simulate", column="--output", rule=rule, example="data/simulated-large"))
    if not is_replaceable(arguments.output):
        rule = "the folder holds something that simulate did not make; name another one"
        findings.append(Finding("simulate", column="--output", rule=rule, example="data/simulated-large"))
    if findings:
        raise BadInput(findings)
    write_cohort(arguments.output, arguments.episodes, arguments.seed)
    print(f"{arguments.output}: {arguments.episodes} SYNTHETIC episodes")


def is_replaceable(folder: Path) -> bool:
    """Whether nothing is lost where a simulated cohort is written: no such folder, an empty one, or an earlier one."""
    if not folder.exists():
        return True
    if not folder.is_dir():
        return False
    about = folder / "cohort.yaml"
    if about.is_file():
        return about.read_text(encoding="utf-8", errors="replace") == COHORT.format(id=folder.name)
    return not any(folder.iterdir())


def write_cohort(folder: Path, episodes: int, seed: int, course: Course | None = None) -> None:
    """Write cohort.yaml, README.md and the tables of a synthetic cohort into `folder`."""
    course = course or Course()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cohort.yaml").write_text(COHORT.format(id=folder.name), encoding="utf-8")
    rows = [f"| {field.name} | {getattr(course, field.name):.4g} |" for field in fields(course)]
    readme = README.format(id=folder.name, episodes=episodes, seed=seed, parameters="\n".join(rows))
    (folder / "README.md").write_text(readme, encoding="utf-8")
    with ExitStack() as written:  # tables take their names when all are whole
        places: dict[str, Path] = {}
        for tables in make_blocks(episodes, seed, course):
            for name, frame in tables.items():
                first = name not in places
                if first:
                    places[name] = written.enter_context(whole(folder / f"{name}.csv"))
                append_table(frame, name, places[name], first=first)


def append_table(frame: pd.DataFrame, name: str, path: Path, first: bool) -> None:
    """Write rows under the contract's column order, with a header for the first block."""
    columns = [column.name for column in TABLES[name] if column.name in frame]
    frame[columns].to_csv(path, index=False, lineterminator="\n", mode="w" if first else "a", header=first)
