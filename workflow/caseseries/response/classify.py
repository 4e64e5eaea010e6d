"""Response of every episode of a cohort under every definition, and the times that go with it: verb `classify`."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from shutil import rmtree

import numpy as np
import pandas as pd

from caseseries.model.cohort import Cohort, load_cohort
from caseseries.model.config import add_settings, load_settings
from caseseries.model.definition import Definition
from caseseries.model.files import whole
from caseseries.model.layout import Layout
from caseseries.model.records import (
    Records,
    Visits,
    count_blocks,
    episode_ids,
    read_blocks,
    read_episodes,
    read_record_table,
    read_records,
)
from caseseries.model.result_columns import DECIDABLE
from caseseries.model.results import (
    CAUSES,
    EXPLAINED_COUNTS,
    EXPLANATIONS,
    NOT_EVALUABLE,
    RESPONSES,
    TIMES,
    Classification,
    write_table,
    writer_of,
)
from caseseries.model.sample import sample
from caseseries.response.applied import definitions_of
from caseseries.response.catalogue import read_catalogue
from caseseries.response.evidence import evidence_of, records_folder
from caseseries.response.explanations import evaluable, explain_cases, tabulate_cases, tabulate_counts
from caseseries.response.outcome import Outcome, assess
from caseseries.response.reasons import because, because_of_day_zero, reasons, say_day_zero
from caseseries.response.recorded import decidable
from caseseries.response.series import ROW_TABLES, TABLE_SPAN, Evidence
from caseseries.response.shards import WHOLE, Shard, gather, places_of, write_shard

AS_REPORTED = "as_reported"


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
    "weights": ("episode_id",),
    "adverse_events": ("episode_id",),
}
"""Columns of the records that definitions look at."""


Columns = dict[str, np.ndarray]
"""Columns of equal length by name; frames are made once, at the end."""


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
    ids = episode_ids(records).to_numpy(object)
    evidence: dict[str, Evidence] = {}
    for definition in definitions:
        if definition.analyte not in evidence:
            evidence[definition.analyte] = evidence_of(records, definition.analyte, visits)
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


def stack(parts: list[Columns], names: tuple[str, ...]) -> pd.DataFrame:
    """Columns below one another as a frame; with the names alone where there is no row."""
    filled = [part for part in parts if len(part[names[0]])]
    if not filled:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in names})
    return pd.DataFrame({name: np.concatenate([part[name] for part in filled]) for name in names})


def keep(columns: Columns, mask: np.ndarray) -> Columns:
    """The rows where a mask holds."""
    return {name: column[mask] for name, column in columns.items()}


def response_rows(outcome: Outcome, ids: np.ndarray) -> Columns:
    """Columns of responses.csv for one definition."""
    names = np.array([*outcome.labels, ""], object)
    clocks = outcome.clocks
    classes = np.where(outcome.evaluable, names[outcome.chosen], NOT_EVALUABLE)
    return {
        "episode_id": ids,
        "definition": np.full(len(ids), outcome.view.definition.id, object),
        "response_class": classes,
        "provisional_class": names[outcome.provisional],
        "decided_class": np.where(outcome.decided >= 0, names[outcome.decided], classes),
        "decidable": decidable_words(outcome),
        "value": outcome.value,
        "time_to_response": clocks.onset,
        "time_to_confirmation": clocks.confirmed,
        "time_to_complete_response": clocks.complete,
        "loss_of_complete_response": clocks.loss_complete,
        "loss_of_response": clocks.loss,
        "decided_by": name_rows(outcome.rows),
        "because": because(outcome),
        "reason": reasons(outcome),
    }


def decidable_words(outcome: Outcome) -> np.ndarray:
    """Which outcome the record of each evaluable episode could have decided (`results.DECIDABLE`), "" for none."""
    words = np.full(len(outcome.chosen), "", object)
    if outcome.view.definition.measure is not None:
        return words
    if outcome.view.definition.reported:
        response = failure = np.ones(len(words), bool)
    else:
        response, failure = decidable(outcome.view)
    for word, mask in zip(DECIDABLE, (response & failure, response & ~failure, failure & ~response), strict=True):
        words[mask & outcome.evaluable] = word
    return words


def name_rows(codes: np.ndarray) -> np.ndarray:
    """Row codes (episodes, any number; -1 for none) as `counts:12;counts:15`, each row once (object array of str)."""
    result = np.full(len(codes), "", object)
    codes = np.sort(codes, axis=1)
    fresh = codes >= 0
    fresh[:, 1:] &= codes[:, 1:] != codes[:, :-1]
    tables = np.array([f"{table}:" for table in ROW_TABLES], object)
    for position in np.flatnonzero(fresh.any(axis=0)):
        used = fresh[:, position]
        column = codes[used, position]
        words = tables[column // TABLE_SPAN] + (column % TABLE_SPAN).astype(str).astype(object)
        result[used] = result[used] + np.where(result[used] == "", "", ";") + words
    return result


def time_rows(outcome: Outcome, ids: np.ndarray) -> Columns:
    """Columns of times.csv for one definition; no row for an episode without a time."""
    times = outcome.times
    columns = {
        "episode_id": ids,
        "definition": np.full(len(ids), outcome.view.definition.id, object),
        "time": times.time,
        "cause": np.array(CAUSES, object)[times.cause],
        "left": times.left,
        "right": times.right,
    }
    return keep(columns, ~np.isnan(times.time))


def reported_rows(outcome: Outcome, ids: np.ndarray, records: Records) -> Columns:
    """Times that the source reports, but for the episodes whose response outcomes.csv times."""
    columns = time_rows(outcome, ids)
    outcomes = records["outcomes"]
    timed = outcomes.loc[outcomes["outcome"] == "response", "episode_id"]
    return keep(columns, ~np.isin(columns["episode_id"].astype(str), timed.to_numpy(str)))


def outcome_rows(records: Records) -> Columns:
    """Columns of times.csv for the timed outcomes of outcomes.csv.

    An outcome on a known day has left = right = day; one known to lie in an interval is timed by the interval's end;
    a competing cause or the end of observation bounds the outcome from the left alone, and so does an interval
    without an end.
    """
    table = records["outcomes"].sort_values(["outcome", "source_row"], kind="stable")
    outcome, cause = table["outcome"].to_numpy(object), table["cause"].to_numpy(object)
    day, left, right = (table[name].to_numpy(float) for name in ("day", "left_day", "right_day"))
    dated = ~np.isnan(day)
    happened = (cause == outcome) & (dated | ~np.isnan(right))
    time = np.where(dated, day, np.where(happened, right, left))
    columns = {
        "episode_id": table["episode_id"].to_numpy(object),
        "definition": np.where(outcome == "response", AS_REPORTED, AS_REPORTED + "_" + outcome).astype(object),
        "time": time,
        "cause": np.where((cause == outcome) & ~happened, "censored", cause).astype(object),
        "left": np.where(dated, day, left),
        "right": np.where(happened, np.where(dated, day, right), np.nan),
    }
    return keep(columns, ~np.isnan(time))


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
    known = write_whole(layout, cohort, definitions, arguments.gather)
    folder = layout.records(cohort.id)
    episodes = read_record_table(folder / "episodes.parquet", ["episode_id"])["episode_id"]
    records = read_episodes(folder, sample(episodes))
    explained = explain_cases(cohort, records, known, definitions, config.main_definition)
    write_table(tabulate_cases(explained), layout.explanations(cohort.id), EXPLANATIONS)
    write_table(tabulate_counts(explained), layout.explained_counts(cohort.id), EXPLAINED_COUNTS)
    return 0


def by_blocks(
    layout: Layout, cohort: Cohort, definitions: Sequence[Definition], shard: Shard = WHOLE
) -> Iterator[Classification]:
    """What each definition makes of each block of a shard; of a cohort in blocks without the rows that decide, which
    `explain` names for an episode.
    """
    folder = records_folder(layout, cohort.id)
    number = count_blocks(folder)
    for records in read_blocks(folder, CLASSIFIED, *shard.of_blocks(number)):
        for responses, times in one_by_one(records, definitions, cohort.visits, trace=number == 1):
            result = Classification(stack([responses], RESPONSES), stack(times, TIMES))
            yield result if cohort.counts_from_dose else withhold(result, definitions, cohort)


def write_whole(layout: Layout, cohort: Cohort, definitions: Sequence[Definition], gathered: int | None) -> pd.Series:
    """Write classes and times of a cohort by definition, then episode; those of a large one come from its shards
    (`gathered`, or one made here). Returns what `evaluable` counts.
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
    if not gathered:
        write_shard(by_blocks(layout, cohort, definitions), *places_of(layout, cohort.id, WHOLE))
    shards = [places_of(layout, cohort.id, Shard(place + 1, gathered or 1)) for place in range(gathered or 1)]
    known = write_parts(gather([responses for responses, _ in shards], definitions), places[0], RESPONSES)
    write_parts(gather([times for _, times in shards], definitions), places[1], TIMES)
    if not gathered:
        rmtree(layout.shards_apart(cohort.id))
    return known


def write_parts(parts: Iterable[pd.DataFrame], path: Path, columns: tuple[str, ...]) -> pd.Series:
    """Write a result part by part. Returns what `evaluable` counts, where it is the classes."""
    known = pd.Series(dtype="int64")
    with whole(path) as beside, writer_of(beside, path.suffix, columns) as file:
        for part in parts:
            file.write(part)
            if columns == RESPONSES:
                known = known.add(evaluable(part), fill_value=0)
    return known.astype("int64")
