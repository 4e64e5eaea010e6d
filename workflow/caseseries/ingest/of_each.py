"""One of several: the earliest event of a row with its cause, the first or the best row of a case."""

from __future__ import annotations

import pandas as pd

from caseseries.ingest.source import SourceTable
from caseseries.model.mapping import OfEach


def keep_earliest(long: pd.DataFrame, into: str) -> pd.DataFrame:
    """Rows made of the columns of a wide source: of each row of the file (`_row`) that with the smallest number.

    Of two on one day it is the one whose column the mapping names first.
    """
    days = pd.to_numeric(long[into], errors="coerce")
    ordered = long.assign(_day=days.to_numpy()).sort_values(["_row", "_day"], kind="stable")
    return ordered.drop_duplicates("_row").drop(columns="_day")


def take_of_each(made: SourceTable, rule: OfEach) -> SourceTable:
    """The one row of each case that a rule takes: the earlier of equal ones, and one without a value last."""
    if rule.first:
        order = pd.to_numeric(made.texts[rule.first], errors="coerce")
    else:
        ranks = {word: rank for rank, word in enumerate(("CR", "R", "responded", "NR"))}
        order = made.texts[rule.best].map(ranks)
    cases = pd.DataFrame({"case": made.texts["episode_id"], "order": order.to_numpy()}).sort_values(
        "order", kind="stable"
    )
    return made.take(cases.drop_duplicates("case").sort_index().index.to_numpy())
