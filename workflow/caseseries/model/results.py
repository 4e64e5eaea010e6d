"""The results contract: columns of every file that others build on, and the one way in which they are written."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from caseseries.model.files import whole
from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import Layout
from caseseries.model.methods import METHODS

ResultRow: TypeAlias = Any
"""A row of a table of results as `itertuples` gives it: its columns are its attributes."""

RESPONSES = (
    "episode_id",
    "definition",
    "response_class",
    "provisional_class",
    "decided_class",
    "decidable",
    "value",
    "time_to_response",
    "time_to_confirmation",
    "time_to_complete_response",
    "loss_of_complete_response",
    "loss_of_response",
    "decided_by",
    "because",
    "reason",
)
"""One row per episode and definition. `response_class` is NE where not evaluable; empty = does not apply.

`provisional_class` remains possible above the class, or instead of NE. `decided_class` is what the counts decide, also
where the record lacks a fact that the definition needs and `response_class` is therefore NE: bounds are made of it.
`decidable` is one of `DECIDABLE` where the class is not NE, `because` one of `BECAUSE` where it is; `reason` says in
words what decides.
"""

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
    "counted_from_birth",
    "counted_from_other_day",
)
"""Why an episode is not evaluable; `words.response.BECAUSE_WORDS` says each in words."""

NOT_EVALUABLE_BECAUSE = "not_evaluable_because"
"""Statistic of how many episodes are not evaluable for one reason, which stands in `cause` (one of `BECAUSE`)."""

DECIDABLE = ("both", "response", "no response")
"""What the record of an episode could have decided, whatever its counts were: a response and none, or one of these."""

TIMES = ("episode_id", "definition", "time", "cause", "left", "right")
"""Time to response with its cause (`CAUSES`); the event is known to lie in `(left, right]`. Days."""

EXPLANATIONS = ("episode_id", "definition", "response_class", "explanation")
"""Why each case with counts has its class under the definition that tells most, as `caseseries explain` says it."""

CAUSES = ("censored", "response", "delivery", "rescue", "stop_drug", "death")
"""Cause names in the order of their codes 0 to 5 and, from 1 on, of precedence on one day. Outcomes of outcomes.csv
bring further causes of their own; those follow in alphabetical order."""

ESTIMATES = (
    "cohort",
    "group",
    "contrast",
    "definition",
    "analysis",
    "statistic",
    "cause",
    "time",
    "estimate",
    "std_error",
    "lower",
    "upper",
    "level",
    "method",
    "note",
    "events",
    "n",
    "not_evaluable",
    "case_set",
)
"""Long table of estimates. `group` is one group (`groups.ALL` is everybody) and `contrast` what is compared within it;
`method` is one of `methods.METHODS`; `note` says in words what a reader must know, such as why there is no estimate,
and no program reads it. `case_set` is the key under which restricted/<cohort>/case_sets.csv lists the cases.
"""

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

CASE_SETS = ("case_set", "role", "episode_id")
"""Which cases stand behind an estimate: role is event, non_event or not_evaluable."""

DOSING = ("episode_id", "drug", "label", "rule", "day", "verdict", "expected", "given", "unit", "source")
"""One row an episode, drug, label, rule and day. Verdicts: kept, departed, not_evaluable. `expected` is a number in
`unit`, or two with "or" between; `source` has the names of the profile's sources."""

ELIGIBILITY = ("episode_id", "drug", "clause", "verdict", "reason", "source")
"""One row an episode and clause of its drug. `reason` has the columns that decided or, where not evaluable, lack."""

AUDIT = (
    "cohort",
    "part",
    "drug",
    "label",
    "rule",
    "episodes",
    "kept",
    "departed",
    "not_evaluable",
    "rows",
    "rows_kept",
    "rows_departed",
    "rows_not_evaluable",
)
"""How many episodes, and rows of dosing.csv or eligibility.csv (`part`), have each verdict under a rule or clause."""

FLOW = ("cohort", "step", "of", "n")
"""Episodes from the record on; the steps that share an `of` add up to it. Steps: recorded, further_episodes,
first_episodes; within, outside, open (what the clauses of the drug come to), no_profile."""

RECOMPUTED = (
    "cohort",
    "group",
    "contrast",
    "definition",
    "analysis",
    "statistic",
    "cause",
    "time",
    "method",
    "part",
    "ours",
    "theirs",
    "package",
    "version",
    "difference",
    "agrees",
    "note",
)
"""Our numbers beside those of packages made by others. `part` is estimate, std_error, lower or upper; `agrees` is yes,
no or known difference, and then `note` says by which rule. The further columns are those of estimates.csv."""

WITHHELD = ("cohort", "kind", "threshold", "reason")
"""What of a restricted cohort does not leave, by kind, and why."""

OUTPUTS = ("file", "cohort", "smallest", "rule")
"""A row a file of the release: the smallest number of people that it tells of, and the rule by which it may leave."""

CLAIMS = ("cohort", "claim", "published", "ours", "verdict", "reason")
VERDICTS = ("reproduced", "consistent", "differs", "inconsistent", "not_derivable")

DESCRIPTION = ("cohort", "group", "variable", "label", "unit", "level", "statistic", "value", "n", "missing")
"""Table 1 in long form. statistic: count (value of `level` among n known), median, q1, q3, minimum, maximum."""

SPREAD = (
    "cohort",
    "definition",
    "label",
    "source",
    "events",
    "n",
    "not_evaluable",
    "estimate",
    "lower",
    "upper",
    "level",
    "method",
    "worst_case",
    "best_case",
    "unconfirmed",
    "our_choice",
)
"""One row a definition: rate among the evaluable, bounds if all or none of the others responded, and how many clauses
of the definition are unconfirmed or of our choice."""

AGREEMENT = (
    "cohort",
    "first",
    "second",
    "n",
    "observed",
    "kappa",
    "kappa_lower",
    "kappa_upper",
    "ac1",
    "ac1_lower",
    "ac1_upper",
    "level",
    "note",
)
"""One row a pair of definitions, on the episodes that both can judge."""

CHOICES = (
    "cohort",
    "definition",
    "analysis",
    "choice",
    "setting",
    "default",
    "events",
    "n",
    "not_evaluable",
    "estimate",
    "lowest",
    "highest",
    "moves",
    "runs",
    "note",
)
"""Columns of choices.csv. analysis `one_at_a_time`: a row a setting, all else at its default; `grid`: a row a choice,
`moves` is the mean over all other settings of the difference between its highest and lowest rate, and a row for the
whole with the lowest and highest rate of all `runs`."""

CLASS_CHANGES = ("episode_id", "definition", "response_class", "responds_under", "clause", "reason")
"""Episodes that respond under some definition but not under this one; `clause` names the single clauses without which
they would."""


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


def write_table(frame: pd.DataFrame, path: Path, columns: tuple[str, ...]) -> None:
    """Write a result as CSV: the contract's columns in their order, 10 significant digits, empty for missing.

    It takes its name when it is whole: half a CSV, left by a stage that was stopped, reads like a whole one.

    Raises
    ------
    ValueError : estimates whose `method` is not in the closed list.
    """
    if columns == ESTIMATES and not set(frame["method"].fillna("")) <= set(METHODS):
        raise ValueError("method: must be a name of model.methods.METHODS (for example: Wilson)")
    with whole(path) as beside:
        frame.loc[:, list(columns)].to_csv(beside, index=False, float_format="%.10g", lineterminator="\n")


def read_table(path: Path) -> pd.DataFrame:
    """Read a CSV of results: numbers as float, text as str with "" for missing."""
    frame = pd.read_csv(path, float_precision="round_trip", keep_default_na=False, dtype=str)
    # `level` is a confidence level everywhere but in description.csv, where it is the category counted.
    described = {"level"} if set(DESCRIPTION) <= set(frame.columns) else set()
    # What claims.csv sets beside print is written as print is.
    described |= {"ours"} if set(CLAIMS) <= set(frame.columns) else set()
    for name in NUMBERS.intersection(frame.columns) - described:
        frame[name] = pd.to_numeric(frame[name].replace("", None)).astype(float)
    return frame


NUMBERS = frozenset(
    {
        "ours",
        "theirs",
        "difference",
        "day",
        "given",
        "episodes",
        "kept",
        "departed",
        "rows",
        "rows_kept",
        "rows_departed",
        "rows_not_evaluable",
        "value",
        "time_to_response",
        "time_to_confirmation",
        "time_to_complete_response",
        "loss_of_complete_response",
        "loss_of_response",
        "time",
        "left",
        "right",
        "estimate",
        "std_error",
        "lower",
        "upper",
        "level",
        "events",
        "n",
        "not_evaluable",
        "missing",
        "worst_case",
        "best_case",
        "unconfirmed",
        "our_choice",
        "observed",
        "kappa",
        "kappa_lower",
        "kappa_upper",
        "ac1",
        "ac1_lower",
        "ac1_upper",
        "lowest",
        "highest",
        "moves",
        "runs",
        "responds_under",
    }
)
