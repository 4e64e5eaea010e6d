"""Rates of estimates.csv, one row a rate: the frame behind the response table and every forest plot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from caseseries.model.applicable import REPORTED
from caseseries.model.groups import ALL
from caseseries.model.methods import EXACT, WILSON
from caseseries.model.results import ALREADY_MET, NOT_EVALUABLE_BECAUSE, ResultRow
from caseseries.show.drawing import ForestRow, Headers, values
from caseseries.words.intervals import level_text, percent_interval
from caseseries.words.numbers import NOTHING, fraction, number, percent
from caseseries.words.response import BECAUSE_WORDS, NO_REASON

ANALYSES = ("primary", "aggregate")
"""Analyses that count each person once; `all_episodes` is shown apart."""

RATE_COLUMNS = (
    "cohort",
    "group",
    "definition",
    "analysis",
    "cause",
    "events",
    "n",
    "not_evaluable",
    "level",
    "estimate",
    "lower",
    "upper",
    "exact_lower",
    "exact_upper",
    "worst",
    "best",
    "note",
)
KEY = ["cohort", "group", "definition", "analysis", "cause"]


def rate_frame(
    estimates: pd.DataFrame, statistic: str = "response_rate", analyses: tuple[str, ...] = ANALYSES
) -> pd.DataFrame:
    """One row a rate with both intervals and both bounds side by side, in the order of estimates.csv.

    Parameters
    ----------
    estimates : long table (`results.ESTIMATES`).
    statistic : `response_rate`, `complete_response_rate` or `outcome_rate`.

    Returns
    -------
    Frame with `RATE_COLUMNS`; `estimate` and limits are NaN where nobody was evaluable, `note` is "" where there is
    none.
    """
    here = estimates[(estimates["statistic"] == statistic) & estimates["analysis"].isin(analyses)]
    rates = here.drop_duplicates(KEY)[[*KEY, "events", "n", "not_evaluable", "note"]]
    limits = ["estimate", "lower", "upper"]
    main = here[here["method"] == WILSON][[*KEY, "level", *limits]]
    exact = here[here["method"] == EXACT][[*KEY, "lower", "upper"]]
    exact = exact.rename(columns={"lower": "exact_lower", "upper": "exact_upper"})
    rates = rates.merge(main, on=KEY, how="left").merge(exact, on=KEY, how="left")
    for name in ("worst", "best"):
        bounds = estimates[(estimates["statistic"] == f"{statistic}_{name}_case") & (estimates["method"] == WILSON)]
        bounds = bounds.rename(columns={"estimate": name})
        rates = rates.merge(bounds[[*KEY, name]], on=KEY, how="left")
    rates["note"] = rates["note"].fillna("")
    return rates.reindex(columns=list(RATE_COLUMNS)).reset_index(drop=True)


def rates_in_order(rates: pd.DataFrame, labels: Iterable[str]) -> pd.DataFrame:
    """Rates in the order of the definitions (`labels` by id, in their order); what the source times itself stands
    with its own classes, what is not known last.
    """
    place = {REPORTED: -1} | {name: number for number, name in enumerate(labels)}
    known = [REPORTED if name.startswith(f"{REPORTED}_") else name for name in rates["definition"]]
    ranks = [place.get(name, len(place)) for name in known]
    return rates.assign(rank=ranks).sort_values("rank", kind="stable", ignore_index=True).drop(columns="rank")


def number_of_rates(rates: pd.DataFrame) -> int:
    """How many rates a frame of `rate_frame` has."""
    return len(rates)


@dataclass(frozen=True)
class Evaluated:
    """How many can be evaluated under how many definitions (rows of `rate_frame`).

    Parameters
    ----------
    definitions, without : those under which somebody can be evaluated, and nobody.
    groups : of those with a rate.
    sizes : of each group, all its cases.
    some_not : whether somebody cannot be evaluated where others can.
    """

    definitions: int
    without: int
    groups: int
    sizes: dict[str, int]
    some_not: bool


def evaluated(rates: pd.DataFrame) -> Evaluated:
    """Numbers of definitions, groups and cases behind rates."""
    known = rates[rates["n"] > 0]
    most = rates.groupby("definition", sort=False)["n"].max()
    sizes = (rates["n"] + rates["not_evaluable"]).groupby(rates["group"], sort=False).max()
    return Evaluated(
        int((most > 0).sum()),
        int((most == 0).sum()),
        known["group"].nunique(),
        {str(group): int(size) for group, size in sizes.items()},
        bool((known["not_evaluable"] > 0).any()),
    )


def rate_text(rate: ResultRow) -> str:
    """Percent with its main interval, as it stands beside a mark: "50 % (15 to 85 %)"; "–" of nobody."""
    text = percent(rate.estimate, rate.n)
    interval = percent_interval(rate.lower, rate.upper, rate.n)
    return text if interval == NOTHING else f"{text} ({interval})"


def marked_label(label: str, rate: ResultRow) -> str:
    """A label with the note of a count that stands in place of cases: "Bleeding (worked out from print)"."""
    return f"{label} ({rate.note})" if rate.analysis == "aggregate" and rate.note else label


def forest_row(rate: ResultRow, label: str, weight: float | None = None) -> ForestRow:
    """A rate of `rate_frame` as a row of a forest plot."""
    names = ("estimate", "lower", "upper", "exact_lower", "exact_upper", "worst", "best")
    behind: dict[str, Any] = dict(zip(names, values(getattr(rate, name) for name in names), strict=True))
    behind |= {"counts": fraction(rate.events, rate.n), "not_evaluable": number(rate.not_evaluable)}
    return ForestRow("rate", marked_label(label, rate), weight=weight, rate=rate_text(rate), **behind)


def forest_headers(level: str, *, not_evaluable: bool, weights: bool = False) -> Headers:
    """The columns of texts beside a forest plot."""
    share: Headers = (("share", "Weight"),) if weights else ()
    unknown: Headers = (("not_evaluable", "Not\nevaluable"),) if not_evaluable else ()
    return (("counts", "Responders/\nevaluable"), *unknown, ("rate", f"Rate\n({level} interval)"), *share)


def level_of(rates: pd.DataFrame) -> str:
    """Confidence level of a frame of rates as text; 95 % where it holds none."""
    levels = rates["level"].dropna()
    return level_text(levels.iloc[0] if len(levels) else 0.95)


def base_groups(estimates: pd.DataFrame) -> list[str]:
    """Everybody where the cohort as a whole was estimated, else its groups in their order."""
    groups = list(dict.fromkeys(estimates["group"]))
    return [ALL] if ALL in groups else groups


def leading_reasons(estimates: pd.DataFrame, definitions: Iterable[str]) -> dict[str, str]:
    """Why nobody can be evaluated under each of some definitions: the reason that stands first, the commonest."""
    rows = estimates[estimates["statistic"] == NOT_EVALUABLE_BECAUSE].drop_duplicates("definition")
    first = dict(zip(rows["definition"], rows["cause"], strict=True))
    return {name: BECAUSE_WORDS[first[name]] if name in first else NO_REASON for name in definitions}


def already_met(estimates: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Definitions that the baseline of somebody already meets -> such cases, and all."""
    rows = estimates[estimates["statistic"] == ALREADY_MET]
    return {row.definition: (row.events, row.n) for row in rows.itertuples()}
