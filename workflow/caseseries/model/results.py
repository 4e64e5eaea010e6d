"""The results contract: columns of every file that others build on, and the one way in which they are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from caseseries.model.files import whole
from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import Layout
from caseseries.model.methods import METHODS
from caseseries.model.parquet import SUFFIX, GroupWriter, read_frame, read_rows
from caseseries.model.result_columns import NUMBERS, RESULTS, written_as_text

ResultRow: TypeAlias = Any
"""A row of a table of results as `itertuples` gives it: its columns are its attributes."""

RESPONSES = RESULTS["responses"].names
TIMES = RESULTS["times"].names
EXPLANATIONS = RESULTS["explanations"].names
EXPLAINED_COUNTS = RESULTS["explained_counts"].names
ESTIMATES = RESULTS["estimates"].names
CASE_SETS = RESULTS["case_sets"].names
DOSING = RESULTS["dosing"].names
ELIGIBILITY = RESULTS["eligibility"].names
AUDIT = RESULTS["audit"].names
AUDIT_CHOICES = RESULTS["audit_choices"].names
FLOW = RESULTS["flow"].names
RECOMPUTED = RESULTS["recomputed"].names
RECOMPUTED_COUNTS = RESULTS["recomputed_counts"].names
WITHHELD = RESULTS["withheld"].names
OUTPUTS = RESULTS["outputs"].names
CLAIMS = RESULTS["claims"].names
DEFINITION_COUNTS = RESULTS["definition_counts"].names
CLAIM_COUNTS = RESULTS["claim_counts"].names
DESCRIPTION = RESULTS["description"].names
SPREAD = RESULTS["spread"].names
AGREEMENT = RESULTS["agreement"].names
CHOICES = RESULTS["choices"].names
MULTIVERSE = RESULTS["multiverse"].names
CLASS_CHANGES = RESULTS["class_changes"].names
QUERIES = RESULTS["queries"].names
QUERY_COUNTS = RESULTS["query_counts"].names
RECONSTRUCTED = RESULTS["reconstructed"].names
RECONSTRUCTED_RANGES = RESULTS["reconstructed_ranges"].names
"""The header of each file; what its columns mean stands in `result_columns`."""

NOT_EVALUABLE = "NE"
"""Class of an episode that a definition cannot judge."""

BECAUSE = (
    "no_dated_count",
    "all_counts_left_out",
    "not_confirmed_yet",
    "bleeding_not_recorded",
    "baseline_unknown",
    "count_only_bounded",
    "event_not_recorded",
    "no_count_near_day",
    "span_not_covered",
    "drug_days_unknown",
    "weeks_without_count",
    "no_class_given",
    "baseline_outside",
    "counted_from_birth",
    "counted_from_other_day",
)
"""Why an episode is not evaluable; `words.response.BECAUSE_WORDS` says each in words."""

NOT_EVALUABLE_BECAUSE = "not_evaluable_because"
"""Statistic of how many episodes are not evaluable for one reason, which stands in `cause` (one of `BECAUSE`)."""

ALREADY_MET = "baseline_already_met"
"""Statistic of how many episodes have a baseline that meets the count that a definition asks for."""

CAUSES = ("censored", "response", "delivery", "rescue", "stop_drug", "death")
"""Cause names in the order of their codes 0 to 5 and, from 1 on, of precedence on one day. Outcomes of outcomes.csv
bring further causes of their own; those follow in alphabetical order."""

NUMBER_KEY = ("statistic", "definition", "group", "analysis", "cause")
"""Columns of estimates.csv that say which number a row has; its methods and limits stand in rows of the same key."""


def number_key(row: Mapping[str, object]) -> str:
    """The values of `NUMBER_KEY` in one text, by which a number in a table finds its row."""
    return "|".join(str(row[name]) for name in NUMBER_KEY)


ROW_KEYS = {
    "description": ("group", "variable"),
    "audit": ("part", "drug", "label", "rule"),
    "flow": ("step",),
    "choices": ("analysis", "definition", "choice", "setting"),
    "agreement": ("first", "second"),
    "pooled": ("analysis", "cohort", "group", "contrast", "statistic"),
}
"""Columns of a result that say which of its rows a number in a table shows; of estimates.csv see `NUMBER_KEY`."""


def row_key(result: str, row: Mapping[str, object]) -> str:
    """The name of a result and the values of its `ROW_KEYS` in one text, by which a number in a table finds its row."""
    return "|".join([result, *(str(row[name]) for name in ROW_KEYS[result])])


def case_key(episode: str) -> str:
    """The key of the name of a case, by which it finds the place in the page where the case is opened."""
    return f"case|{episode}"


def key_in(cohort: str, key: str) -> str:
    """A key as it stands where numbers of several cohorts are side by side."""
    return f"{cohort}:{key}"


HARM_RATES = (
    "adverse_event_rate",
    "neonatal_thrombocytopenia_rate",
    "bleeding_rate",
    "rebound_rate",
    "overshoot_rate",
    "rescue_rate",
    "transfusion_rate",
    "delivery_count_rate",
)
"""Statistics on harm of single cases, in the order in which they are read. `cause` of an adverse event is
"subject/name", or "subject/any" and the like; of counts the figure with its sign (">400"); of bleeding the grade."""


LINES_AT_ONCE = 100_000
"""Lines of a text file that are looked through together for those of some episodes."""


@dataclass(frozen=True)
class Classification:
    """Responses and times of a cohort (columns of `results.RESPONSES` and `results.TIMES`) by definition, episode."""

    responses: pd.DataFrame
    times: pd.DataFrame


def event_of(definition: str) -> str:
    """Name of the event that a definition times: `response`, or the outcome of `as_reported_<outcome>`."""
    return definition.removeprefix("as_reported_") if definition.startswith("as_reported_") else "response"


def require(files: dict[str, list[Path]], layout: Layout) -> None:
    """Raise `BadInput` with every result of an earlier stage that is not there; `files` by the stage's name."""
    findings = [
        Finding(path.relative_to(layout.results).as_posix(), rule=f"the file is missing: run the {stage} stage first")
        for stage, paths in files.items()
        for path in paths
        if not path.exists()
    ]
    if findings:
        raise BadInput(findings)


def count_rows(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """How many rows of a result are alike in all of `columns` but the last, which is named for the number."""
    if frame.empty:
        return frame.reindex(columns=list(columns))
    return frame.groupby(list(columns[:-1]), sort=True).size().reset_index(name=columns[-1])


def write_table(frame: pd.DataFrame, path: Path, columns: tuple[str, ...]) -> None:
    """Write a result: the contract's columns in their order, empty for missing; as CSV with 10 significant digits, or
    where the name ends so, as Parquet.

    It takes its name when it is whole: half a CSV, left by a stage that was stopped, reads like a whole one.

    Raises
    ------
    ValueError : estimates whose `method` is not in the closed list.
    """
    if columns == ESTIMATES and not set(frame["method"].fillna("")) <= set(METHODS):
        raise ValueError("method: must be a name of model.methods.METHODS (for example: Wilson)")
    with written(path, columns) as file:
        file.write(frame)


@contextmanager
def written(path: Path, columns: tuple[str, ...]) -> Iterator[LineWriter | GroupWriter]:
    """What writes a result frame by frame (`write`); the file takes its name when it is whole."""
    with whole(path) as beside, writer_of(beside, path.suffix, columns) as file:
        yield file


class LineWriter:
    """Writes frames below one another to a CSV with the contract's columns."""

    def __init__(self, path: Path, columns: tuple[str, ...]):
        self._columns = list(columns)
        self._path = path
        self._begun = False

    def __enter__(self) -> LineWriter:
        return self

    def __exit__(self, *error: object) -> None:
        if not self._begun:
            self.write(pd.DataFrame(columns=self._columns))

    def write(self, frame: pd.DataFrame) -> None:
        """Write the rows of a frame."""
        frame.loc[:, self._columns].to_csv(
            self._path,
            index=False,
            float_format="%.10g",
            lineterminator="\n",
            header=not self._begun,
            mode="a" if self._begun else "w",
        )
        self._begun = True


def writer_of(beside: Path, suffix: str, columns: tuple[str, ...]) -> LineWriter | GroupWriter:
    """What writes a result to a place frame by frame (`write`), by how the name of the result ends."""
    if suffix != SUFFIX:
        return LineWriter(beside, columns)
    return GroupWriter(beside, numbers_of(columns))


def numbers_of(columns: tuple[str, ...]) -> dict[str, bool]:
    """Name of each column of a result -> whether it holds numbers, else text."""
    return {name: name in NUMBERS - written_as_text(set(columns)) for name in columns}


def read_table(path: Path, columns: Sequence[str] | None = None, categories: bool = False) -> pd.DataFrame:
    """Read a result, or some of its columns: numbers as float, text as str with "" for missing.

    With `categories` the text of a Parquet file, which is one of many cases, comes as categories in the order in which
    they occur; it takes a small part of the memory.
    """
    if path.suffix == SUFFIX:
        return read_frame(path, columns, categories=categories)
    frame = _with_numbers(pd.read_csv(path, keep_default_na=False, dtype=str, usecols=columns))
    return frame if columns is None else frame[list(columns)]


def _with_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Text as it was read, with the columns of numbers as such."""
    # `level` is a number everywhere but in description.csv, where it is the category counted; `ours` but in claims.csv.
    for name in NUMBERS.intersection(frame.columns) - written_as_text(set(frame.columns)):
        frame[name] = pd.to_numeric(frame[name].replace("", None)).astype(float)
    return frame


def read_cases(path: Path, episodes: Iterable[str]) -> pd.DataFrame:
    """The rows of some episodes of a result, in the memory of a part of it."""
    wanted = list(episodes)
    if path.suffix == SUFFIX:
        return read_rows(path, "episode_id", wanted)
    with pd.read_csv(path, keep_default_na=False, dtype=str, chunksize=LINES_AT_ONCE) as parts:
        found = [part[part["episode_id"].isin(wanted)] for part in parts]
    return _with_numbers(pd.concat(found))
