"""Response of every episode of a cohort under every definition, and the times that go with it: verb `classify`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from caseseries.model.definition import Definition
from caseseries.model.layout import Layout
from caseseries.model.records import Records, read_records
from caseseries.model.results import CAUSES, RESPONSES, TIMES, write_table
from caseseries.response.definitions import load_definitions
from caseseries.response.evidence import episode_ids, evidence_of
from caseseries.response.outcome import NOT_EVALUABLE, Outcome, derive
from caseseries.response.reasons import reasons
from caseseries.response.series import ROW_TABLES, TABLE_SPAN

AS_REPORTED = "as_reported"


@dataclass(frozen=True)
class Classification:
    """Responses and times of a cohort (columns of `results.RESPONSES` and `results.TIMES`), and how long each dated
    response lasted (`DURATIONS`). Rows stand by definition, then episode.
    """

    responses: pd.DataFrame
    times: pd.DataFrame
    durations: pd.DataFrame


DURATIONS = ("episode_id", "definition", "clock", "duration", "cause", "left", "right")
"""Days from the onset of a response (clock `response`, `complete_response`) to its loss; cause is `loss` or
`censored` at the last admitted count; the duration lies in (left, right]."""


def classify(records: Records, definitions: Sequence[Definition]) -> Classification:
    """Run definitions on the records of a cohort.

    Parameters
    ----------
    records : typed tables of one cohort.
    definitions : as `load_definitions` gives them.

    Returns
    -------
    Every episode appears once under every definition in `responses`; days are whole days from the first dose.
    """
    ids = episode_ids(records)
    evidence = {}
    responses, times, durations = [], [], []
    for definition in definitions:
        if definition.analyte not in evidence:
            evidence[definition.analyte] = evidence_of(records, definition.analyte)
        outcome = derive(evidence[definition.analyte], definition)
        responses.append(response_rows(outcome, ids))
        times.append(time_rows(outcome, ids))
        durations.append(duration_rows(outcome, ids))
    if any(definition.reported for definition in definitions):
        times = [replace_reported(times, records), outcome_rows(records)]
    return Classification(
        stack(responses, RESPONSES), stack(times, TIMES), stack(durations, DURATIONS)
    )  # fmt: skip


def stack(frames: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    """Frames below one another; with the columns alone where there is no row."""
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in columns})
    return pd.concat(filled, ignore_index=True)[list(columns)]


def response_rows(outcome: Outcome, ids: pd.Index) -> pd.DataFrame:
    """Rows of responses.csv for one definition."""
    names = np.array([*outcome.labels, ""], object)
    clocks = outcome.clocks
    return pd.DataFrame({
        "episode_id": ids.to_numpy(), "definition": outcome.view.definition.id,
        "response_class": np.where(outcome.evaluable, names[outcome.chosen], NOT_EVALUABLE),
        "provisional_class": names[outcome.provisional], "value": outcome.value,
        "time_to_response": clocks.onset, "time_to_confirmation": clocks.confirmed,
        "time_to_complete_response": clocks.complete, "loss_of_complete_response": clocks.loss_complete,
        "loss_of_response": clocks.loss, "decided_by": name_rows(outcome.rows), "reason": reasons(outcome),
    })  # fmt: skip


def name_rows(codes: np.ndarray) -> np.ndarray:
    """Row codes (episodes, any number; -1 for none) as `counts:12;counts:15`, each row once (object array of str)."""
    result = pd.Series("", index=range(len(codes)), dtype=object)
    codes = np.sort(codes, axis=1)
    for position in range(codes.shape[1]):
        column = codes[:, position]
        used = column >= 0
        if position:
            used &= column != codes[:, position - 1]
        if not used.any():
            continue
        tables = np.array(ROW_TABLES, object)[column[used] // TABLE_SPAN]
        words = pd.Series(tables) + ":" + pd.Series(column[used] % TABLE_SPAN).astype(str)
        earlier = result[used].reset_index(drop=True)
        result[used] = (earlier + np.where(earlier == "", "", ";") + words).to_numpy()
    return result.to_numpy()


def time_rows(outcome: Outcome, ids: pd.Index) -> pd.DataFrame:
    """Rows of times.csv for one definition; none for an episode without a time."""
    times = outcome.times
    frame = pd.DataFrame({
        "episode_id": ids.to_numpy(), "definition": outcome.view.definition.id, "time": times.time,
        "cause": np.array(CAUSES, object)[times.cause], "left": times.left, "right": times.right,
    })  # fmt: skip
    return frame[frame["time"].notna()]


def duration_rows(outcome: Outcome, ids: pd.Index) -> pd.DataFrame:
    """Rows of `DURATIONS` for one definition; only of clocks that the definition has."""
    definition, clocks = outcome.view.definition, outcome.clocks
    kinds = {
        "response": (definition.loss_r, clocks.onset, clocks.loss, clocks.loss_left),
        "complete_response": (definition.loss_cr, clocks.complete, clocks.loss_complete, clocks.loss_complete_left),
    }
    frames = []
    for name, (loss, onset, lost, left) in kinds.items():
        if loss is None:
            continue
        happened = ~np.isnan(lost)
        end = np.where(happened, lost, clocks.last_count)
        frame = pd.DataFrame({
            "episode_id": ids.to_numpy(), "definition": definition.id, "clock": name, "duration": end - onset,
            "cause": np.where(happened, "loss", "censored"), "left": np.where(happened, left, end) - onset,
            "right": lost - onset,
        })  # fmt: skip
        frames.append(frame[frame["duration"].notna()])
    return stack(frames, DURATIONS)


def replace_reported(times: list[pd.DataFrame], records: Records) -> pd.DataFrame:
    """All times, but for reported responses whose time outcomes.csv gives too."""
    together = stack(times, TIMES)
    outcomes = records["outcomes"]
    timed = outcomes.loc[outcomes["outcome"] == "response", "episode_id"]
    return together[~((together["definition"] == AS_REPORTED) & together["episode_id"].isin(timed))]


def outcome_rows(records: Records) -> pd.DataFrame:
    """Rows of times.csv for the timed outcomes of outcomes.csv.

    An outcome on a known day has left = right = day; one known to lie in an interval is timed by the interval's end;
    a competing cause or the end of observation bounds the outcome from the left alone.
    """
    table = records["outcomes"].sort_values(["outcome", "source_row"], kind="stable")
    happened = table["cause"] == table["outcome"]
    interval = table["day"].isna()
    time = table["day"].fillna(table["right_day"].where(happened)).fillna(table["left_day"])
    left = table["left_day"].where(interval, table["day"])
    right = table["right_day"].where(interval, table["day"]).where(happened)
    # An outcome whose interval has no end did not happen while it was looked for.
    seen = happened & ~(interval & table["right_day"].isna())
    rows = pd.DataFrame({
        "episode_id": table["episode_id"],
        "definition": np.where(table["outcome"] == "response", AS_REPORTED, AS_REPORTED + "_" + table["outcome"]),
        "time": time, "cause": table["cause"].where(seen | ~happened, "censored"), "left": left, "right": right,
    })  # fmt: skip
    return rows[rows["time"].notna()]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries classify`."""
    parser.epilog = "example: caseseries classify yu-2023 --definitions iwg2009_confirmed,as_reported"
    parser.add_argument("cohort", help="id of the cohort; its records must have been ingested")
    parser.add_argument("--definitions", default="all", help="all, or ids of response definitions with commas (all)")


def run(arguments: argparse.Namespace, layout: Layout) -> int:
    """Write responses.csv and times.csv of a cohort."""
    wanted = "all" if arguments.definitions == "all" else arguments.definitions.split(",")
    definitions = load_definitions(layout.definitions, wanted)
    result = classify(read_records(layout.records(arguments.cohort)), definitions)
    write_table(result.responses, layout.responses(arguments.cohort), RESPONSES)
    write_table(result.times, layout.times(arguments.cohort), TIMES)
    return 0
