"""`caseseries simulate`: a synthetic cohort folder, the same bytes for the same seed."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path
from typing import Any, Protocol

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

    caseseries simulate --episodes {episodes} --seed {seed} --output data/{id}{form}

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
    about = "how the tables are written, csv or parquet (csv)"
    parser.add_argument("--format", choices=sorted(WRITERS), default="csv", help=about)
    about = "file (.parquet) for what was drawn of each episode, outside the cohort folder"
    parser.add_argument("--truth", type=Path, help=about)


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
    truth = arguments.truth
    if truth and (truth.suffix != ".parquet" or arguments.output.resolve() in truth.resolve().parents):
        rule = "the truth stands in a file of its own (.parquet), not in the cohort folder"
        findings.append(Finding("simulate", column="--truth", rule=rule, example="data/truth/simulated-large.parquet"))
    if truth and truth.exists():
        rule = "there is such a file already; name another one"
        findings.append(Finding("simulate", column="--truth", rule=rule, example="data/truth/simulated-large.parquet"))
    if findings:
        raise BadInput(findings)
    write_cohort(arguments.output, arguments.episodes, arguments.seed, form=arguments.format, truth=truth)
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


def write_cohort(
    folder: Path,
    episodes: int,
    seed: int,
    course: Course | None = None,
    *,
    form: str = "csv",
    truth: Path | None = None,
) -> None:
    """Write cohort.yaml, README.md and the tables of a synthetic cohort into `folder`, block by block.

    Parameters
    ----------
    form : a key of `WRITERS`. truth : file for what was drawn of each episode.
    """
    course = course or Course()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cohort.yaml").write_text(COHORT.format(id=folder.name), encoding="utf-8")
    rows = [f"| {field.name} | {getattr(course, field.name):.4g} |" for field in fields(course)]
    chosen = "" if form == "csv" else f" --format {form}"
    made = {"id": folder.name, "episodes": episodes, "seed": seed, "form": chosen, "parameters": "\n".join(rows)}
    (folder / "README.md").write_text(README.format(**made), encoding="utf-8")
    paths = {name: folder / f"{name}.{form}" for name in TABLES} | ({"truth": truth} if truth else {})
    with ExitStack() as opened, ThreadPoolExecutor(1) as pool:
        writers: dict[str, Writer] = {}

        def write_block(tables: dict[str, pd.DataFrame]) -> None:
            for name in paths.keys() & tables.keys():
                if name not in writers:
                    kind = WRITERS["parquet" if name == "truth" else form]
                    beside = opened.enter_context(whole(paths[name]))  # all take their names when all are whole
                    writers[name] = opened.enter_context(kind(beside))
                frame = tables[name]
                order = [column.name for column in TABLES.get(name, ()) if column.name in frame]
                writers[name].write(frame[order or list(frame)])

        # One block is written while the next is drawn.
        writing = pool.submit(write_block, {})
        for tables in make_blocks(episodes, seed, course):
            writing.result()
            writing = pool.submit(write_block, tables)
        writing.result()
    for table in TABLES:  # of an earlier one in the other format
        for ending in WRITERS.keys() - {form}:
            (folder / f"{table}.{ending}").unlink(missing_ok=True)


class Writer(Protocol):
    """What writes a table block by block into a file."""

    def __enter__(self) -> Writer: ...

    def __exit__(self, *error: object) -> None: ...

    def write(self, frame: pd.DataFrame) -> None:
        """Add the rows of a block."""


class CsvWriter:
    """A table as CSV with a header."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.begun = False

    def __enter__(self) -> CsvWriter:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def write(self, frame: pd.DataFrame) -> None:
        """Add the rows of a block."""
        mode = "a" if self.begun else "w"
        frame.to_csv(self.path, index=False, lineterminator="\n", mode=mode, header=not self.begun)
        self.begun = True


class ParquetWriter:
    """A table as Parquet, a row group a block; words stand as text, whatever the block held of them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: Any = None

    def __enter__(self) -> ParquetWriter:
        return self

    def __exit__(self, *error: object) -> None:
        if self.file is not None:
            self.file.close()

    def write(self, frame: pd.DataFrame) -> None:
        """Add the rows of a block."""
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter as File

        block = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata()
        if self.file is None:
            self.file = File(self.path, block.schema, compression="zstd")
        self.file.write_table(block.cast(self.file.schema), row_group_size=max(len(frame), 1))


WRITERS: dict[str, Callable[[Path], Writer]] = {"csv": CsvWriter, "parquet": ParquetWriter}
"""How tables may be written."""
