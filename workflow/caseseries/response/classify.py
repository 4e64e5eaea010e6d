"""Response of every episode of a cohort under every definition, and the times that go with it: verb `classify`."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from caseseries.model.abreast import abreast, processors
from caseseries.model.codes import Codes, Columns, Words
from caseseries.model.cohort import Cohort, load_cohort
from caseseries.model.config import add_settings, load_settings
from caseseries.model.definition import Definition
from caseseries.model.layout import Layout
from caseseries.model.parquet import SUFFIX, GroupWriter
from caseseries.model.records import (
    Aside,
    Records,
    Visits,
    count_blocks,
    episode_ids,
    read_blocks,
    read_episodes,
    read_records,
)
from caseseries.model.results import (
    EXPLAINED_COUNTS,
    EXPLANATIONS,
    NOT_EVALUABLE,
    RESPONSES,
    TIMES,
    Classification,
    write_table,
    written,
)
from caseseries.model.sample import sampled_episodes
from caseseries.response.applied import definitions_of
from caseseries.response.catalogue import read_catalogue
from caseseries.response.evidence import evidence_of, records_folder
from caseseries.response.explanations import evaluable, explain_cases, tabulate_cases, tabulate_counts
from caseseries.response.outcome import assess
from caseseries.response.reasons import because_of_day_zero, say_day_zero
from caseseries.response.rows import (
    Judged,
    columns_of,
    judged_rows,
    outcome_rows,
    reported_rows,
    response_rows,
    stack,
    time_rows,
)
from caseseries.response.series import Evidence
from caseseries.response.shards import WHOLE, Shard, ShardFile, gather, places_of, write_shard
from caseseries.response.spill import Spill, spilled

if TYPE_CHECKING:
    import pyarrow as pa

CLASSIFIED = {
    "episodes": (
        *("episode_id", "bleeding_recorded", "bleeding_recorded_to", "follow_up_end_day"),
        *("reported_response", "reported_time_to_response"),
        *("baseline_lo", "baseline_hi", "baseline_lo_open", "baseline_hi_open"),
    ),
    "counts": (
        *("episode_id", "day", "timepoint", "flag", "analyte"),
        *("source_row", "lo", "hi", "lo_open", "hi_open"),
    ),
    "events": ("episode_id", "day", "kind", "source_row"),
    "bleeding": ("episode_id", "first_day", "last_day", "who_grade", "source_row"),
    "exposures": ("episode_id", "class", "first_day", "last_day", "source_row"),
    "weights": (),
    "adverse_events": (),
}
"""Columns of the records that definitions look at."""


def classify(
    records: Records, definitions: Sequence[Definition], visits: Visits = "routine", trace: bool = True
) -> Classification:
    """Run definitions on the records of a cohort.

    Parameters
    ----------
    records : typed tables of one cohort; `caseseries.records` makes them of plain frames.
    definitions : as `read_catalogue` gives them.
    visits : how the visits of the cohort came about; see cohort.yaml.
    trace : whether the rows that decide are named (`decided_by`).

    Returns
    -------
    Every episode appears once under every definition in `responses`; days are whole days from the first dose.
    """
    responses: list[Columns] = []
    times: list[Columns] = []
    for one, timed in one_by_one(records, definitions, visits, trace):
        responses.append(one)
        times += timed
    return Classification(stack(responses, RESPONSES), stack(times, TIMES))


def one_by_one(
    records: Records, definitions: Sequence[Definition], visits: Visits, trace: bool
) -> Iterator[tuple[Columns, list[Columns]]]:
    """Columns of responses and of times under each definition in turn."""
    known = episode_ids(records).to_numpy(object)
    ids = Codes(np.arange(len(known)), Words(known))
    evidence: dict[str, Evidence] = {}
    for definition in definitions:
        if definition.analyte not in evidence:
            found = evidence_of(records, definition.analyte, visits)
            evidence[definition.analyte] = found if trace else found.without_rows()
        outcome = assess(evidence[definition.analyte], definition, trace)
        if definition.reported:
            yield response_rows(outcome, ids), [reported_rows(outcome, ids, records), outcome_rows(records)]
        else:
            yield response_rows(outcome, ids), [time_rows(outcome, ids)]


def withhold(result: Classification, definitions: Sequence[Definition], cohort: Cohort) -> Classification:
    """The result of a cohort whose day 0 is not the first dose: under every definition that judges counts nobody is
    evaluable and nothing is timed; what the source itself reports stays.
    """
    judged = [definition.id for definition in definitions if not definition.reported]
    responses = result.responses.copy()
    rows = responses["definition"].isin(judged)
    responses.loc[rows, ["provisional_class", "decidable", "decided_by"]] = ""
    responses.loc[rows, ["value", *(name for name in RESPONSES if name.startswith(("time_to_", "loss_of_")))]] = np.nan
    responses.loc[rows, ["response_class", "decided_class"]] = NOT_EVALUABLE
    responses.loc[rows, "because"] = because_of_day_zero(cohort)
    responses.loc[rows, "reason"] = say_day_zero(cohort)
    times = result.times[~result.times["definition"].isin(judged)].reset_index(drop=True)
    return Classification(responses, times)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries classify`."""
    parser.epilog = "example: caseseries classify yu-2023 --definitions iwg2009_confirmed,as_reported"
    parser.add_argument("cohort", help="id of the cohort; its records must have been ingested")
    about = "all that apply, or ids of definitions with commas, which are run as named (as configured)"
    parser.add_argument("--definitions", help=about)
    parts = parser.add_mutually_exclusive_group()
    about = "a share of a large cohort alone, which --gather joins with the others (used by the workflow)"
    parts.add_argument("--shard", type=Shard.named, metavar="N-of-M", help=about)
    parts.add_argument("--gather", type=int, metavar="M", help="join the shares of a large cohort")
    add_settings(parser)


def run(arguments: argparse.Namespace, layout: Layout) -> int:
    """Write the classes and times of a cohort, or of a shard of it, and why cases have theirs."""
    cohort = load_cohort(layout.cohort(arguments.cohort))
    config = load_settings(arguments, layout)
    if arguments.definitions and arguments.definitions != "all":
        definitions = read_catalogue(layout, arguments.definitions.split(","))
    else:
        chosen = arguments.definitions or config.definitions
        definitions = definitions_of(cohort, read_catalogue(layout), chosen, config.main_definition)
    if arguments.shard:
        parts = by_blocks(layout, cohort, definitions, arguments.shard)
        write_shard(parts, *places_of(layout, cohort.id, arguments.shard))
        return 0
    folder = records_folder(layout, cohort.id)
    few = sampled_episodes(folder)
    aside = Aside("counts", few)
    known = write_whole(layout, cohort, definitions, arguments.gather, aside)
    records = read_episodes(folder, few, aside.known)
    explained = explain_cases(cohort, records, known, definitions, config.main_definition)
    write_table(tabulate_cases(explained), layout.explanations(cohort.id), EXPLANATIONS)
    write_table(tabulate_counts(explained), layout.explained_counts(cohort.id), EXPLAINED_COUNTS)
    return 0


def by_blocks(
    layout: Layout, cohort: Cohort, definitions: Sequence[Definition], shard: Shard = WHOLE, aside: Aside | None = None
) -> Iterator[Judged]:
    """Classes and times under each definition of each block of a shard; of a cohort in blocks without the rows that
    decide, which `explain` names for an episode. Rows are put `aside` as their blocks pass.
    """
    folder = records_folder(layout, cohort.id)
    number = count_blocks(folder)
    columns = {table: names for table, names in CLASSIFIED.items() if aside is None or table != aside.table}

    def passing() -> Iterator[Records]:
        for records in read_blocks(folder, columns, *shard.of_blocks(number)):
            if aside is not None:
                aside.put(records)
            yield records

    def judge(records: Records) -> list[Judged]:
        judged = one_by_one(records, definitions, cohort.visits, trace=number == 1)
        return [
            judged_rows(*one) for one in (judged if cohort.counts_from_dose else withheld(judged, definitions, cohort))
        ]

    # Many definitions share what one has found in small arrays: threads would wait for each other.
    for parts in abreast(judge, passing(), processors() if one_alone(definitions) else 1):
        yield from parts


def withheld(
    parts: Iterable[tuple[Columns, list[Columns]]], definitions: Sequence[Definition], cohort: Cohort
) -> Iterator[tuple[Columns, list[Columns]]]:
    """The parts as `withhold` leaves them."""
    for responses, times in parts:
        judged = Classification(stack([responses], RESPONSES), stack(times, TIMES))
        left = withhold(judged, definitions, cohort)
        yield columns_of(left.responses), [columns_of(left.times)]


def write_whole(
    layout: Layout, cohort: Cohort, definitions: Sequence[Definition], gathered: int | None, aside: Aside | None = None
) -> pd.Series:
    """Write classes and times of a cohort by definition, then episode; those of a large one come from its shards
    where they are `gathered`. Returns what `evaluable` counts. Rows of blocks that pass are put `aside`.
    """
    places = layout.responses(cohort.id), layout.times(cohort.id)
    folder = records_folder(layout, cohort.id)
    if not gathered and not layout.large(cohort.id) and count_blocks(folder) == 1:
        result = classify(read_records(folder, columns=CLASSIFIED), definitions, cohort.visits)
        if not cohort.counts_from_dose:
            result = withhold(result, definitions, cohort)
        write_table(result.responses, places[0], RESPONSES)
        write_table(result.times, places[1], TIMES)
        return evaluable(result.responses)
    if not gathered and one_alone(definitions) and places[0].suffix == SUFFIX:
        known: Counter[str] = Counter()
        write_shard(counted(by_blocks(layout, cohort, definitions, aside=aside), known), *places)
        return pd.Series(known, dtype="int64")
    if gathered:
        paths = [places_of(layout, cohort.id, Shard(place + 1, gathered)) for place in range(gathered)]
        shards = [(ShardFile(responses), ShardFile(times)) for responses, times in paths]
        return write_gathered(shards, definitions, places)
    with spilled(by_blocks(layout, cohort, definitions, aside=aside), places[0].parent) as kept:
        return write_gathered([kept], definitions, places)


def write_gathered(
    shards: Sequence[tuple[ShardFile | Spill, ShardFile | Spill]],
    definitions: Sequence[Definition],
    places: tuple[Path, Path],
) -> pd.Series:
    """Write the classes and times of shards by definition, then episode. Returns what `evaluable` counts."""
    known = write_parts(gather([responses for responses, _ in shards], definitions), places[0], RESPONSES)
    write_parts(gather([times for _, times in shards], definitions), places[1], TIMES)
    return known


def counted(parts: Iterable[Judged], known: Counter[str]) -> Iterator[Judged]:
    """The parts as they come; adds what `evaluable` counts in them to `known`."""
    for classes, times in parts:
        for rows in classes:
            known.update(evaluable_in(rows))
        yield classes, times


def evaluable_in(rows: pa.Table) -> dict[str, int]:
    """What `evaluable` counts in classes of one definition; no text is made for a row."""
    judged = Codes.of_arrow(rows.column("response_class"))
    sizes = np.bincount(judged.places, minlength=len(judged.words))
    with_class = sizes[~np.isin(judged.words.texts, ["", NOT_EVALUABLE])].sum()
    return {str(rows.column("definition")[0]): int(with_class)} if with_class else {}


def one_alone(definitions: Sequence[Definition]) -> bool:
    """Whether blocks in their order are rows in theirs: there is one definition, and it dates no event but its own."""
    return len(definitions) == 1 and not definitions[0].reported


def write_parts(parts: Iterable[pa.Table], path: Path, columns: tuple[str, ...]) -> pd.Series:
    """Write a result part by part. Returns what `evaluable` counts, where it is the classes."""
    known: Counter[str] = Counter()
    with written(path, columns) as file:
        for part in parts:
            if isinstance(file, GroupWriter):
                file.write_arrow(part.columns)
            else:
                file.write(part.to_pandas(use_threads=False))
            if columns == RESPONSES:
                known.update(evaluable_in(part))
    return pd.Series(known, dtype="int64")
