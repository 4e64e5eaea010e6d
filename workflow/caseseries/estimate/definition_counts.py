"""How many definitions can be evaluated in a cohort, and why the others cannot: definition_counts.csv."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from caseseries.model.applicable import REPORTED
from caseseries.model.definition import Definition
from caseseries.model.results import DEFINITION_COUNTS, NOT_EVALUABLE_BECAUSE
from caseseries.sensitivity.spread import spread_table

ONCE = ["primary", "aggregate"]
"""Analyses that count each person once."""


def count_definitions(
    responses: pd.DataFrame, estimates: pd.DataFrame, definitions: Iterable[Definition]
) -> pd.DataFrame:
    """How many standard definitions are evaluable in somebody, in nobody by the reason that is commonest of each, and
    have a rate of everybody.

    Standard are those that class episodes, but for the authors' own class and those that measure a number. Of a cohort
    that another centre sent as rates they are those of its rates.

    Parameters
    ----------
    responses : rows of responses.csv; none where they may not be told.
    estimates : rows of estimates.csv.

    Returns
    -------
    Columns `DEFINITION_COUNTS`; no row where no definition was applied.
    """
    listed = list(definitions)
    measures = {one.id for one in listed if one.measure is not None}
    rates = estimates[(estimates["statistic"] == "response_rate") & estimates["analysis"].isin(ONCE)]
    names = dict.fromkeys([*responses["definition"].unique(), *rates["definition"]])
    applied = [name for name in names if not name.startswith(REPORTED) and name not in measures]
    classed = responses.loc[~responses["response_class"].isin(["", "NE"]), "definition"].unique()
    known = {*classed, *rates.loc[rates["n"] > 0, "definition"]}
    spread = spread_table("", estimates, [one for one in listed if one.id in applied])
    standings = [
        *(("evaluable", "") for name in applied if name in known),
        *(("not evaluable", cause) for cause in _causes(estimates, [name for name in applied if name not in known])),
        *(("rated", "") for n in spread["n"] if n > 0),
    ]
    counted = pd.DataFrame(standings, columns=["standing", "cause"]).value_counts().reset_index(name="definitions")
    counted = counted.sort_values(["standing", "definitions", "cause"], ascending=[True, False, True])
    return counted.assign(applied=len(applied)).reindex(columns=list(DEFINITION_COUNTS))


def _causes(estimates: pd.DataFrame, definitions: Iterable[str]) -> Iterator[str]:
    """The reason that stands first, the commonest, of each definition; "" where none is given."""
    rows = estimates[(estimates["statistic"] == NOT_EVALUABLE_BECAUSE)].drop_duplicates("definition")
    first = dict(zip(rows["definition"], rows["cause"], strict=True))
    return (first.get(name, "") for name in definitions)
