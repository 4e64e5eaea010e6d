"""Where the numbers of a pool come from: their row of the pooled estimates, how each was made, and its cohorts."""

from __future__ import annotations

from collections.abc import Mapping

from caseseries.model.config import Pool
from caseseries.model.methods import METHODS
from caseseries.model.results import ROW_KEYS, ResultRow, key_in, number_key, row_key
from caseseries.report.made_section import STATISTICS
from caseseries.report.page import Block, Folded, Origin, Origins
from caseseries.report.study import Study
from caseseries.show.pooled import ANALYSES, pool_rows
from caseseries.show.rates import ANALYSES as OF_COHORTS
from caseseries.words.labels import member_label
from caseseries.words.numbers import fraction, is_missing

FILE = "pooled/estimates.csv"


def pool_origins(pool: Pool, study: Study, ways: Mapping[str, str]) -> tuple[dict[str, str], list[Block]]:
    """The place in the page of each row by its key, and the rows behind a line that opens them.

    `ways` has the places of the cohorts' own rows; a member leads on to the row that it comes from.
    """
    rows = pool_rows(study.pooled, pool)
    rows = rows.assign(key=[row_key("pooled", row) for row in rows[list(ROW_KEYS["pooled"])].to_dict("records")])
    methods = rows.groupby("key", sort=False)["method"].agg(lambda names: list(dict.fromkeys(names)))
    first = rows.drop_duplicates("key")
    places = {key: f"pool-{pool.id}-row-{place}" for place, key in enumerate(first["key"], start=1)}
    listed = [
        Origin(
            places[row.key],
            what_of(row),
            "" if is_missing(row.n) or is_missing(row.events) else fraction(row.events, row.n),
            "; ".join(METHODS[name] for name in methods[row.key]),
            ", ".join(f"{name} {getattr(row, name)}" for name in ROW_KEYS["pooled"] if getattr(row, name)),
            member_of(row, study, ways),
        )
        for row in first.itertuples()
    ]
    told = [Origins(listed, FILE if study.told else "")]
    return places, [Folded("Row and method behind each number", told, screen_only=True)] if listed else []


def what_of(row: ResultRow) -> str:
    """A number of a pool in words."""
    if row.analysis == "member":
        return f"{STATISTICS[row.statistic]}, {member_label(row.cohort, row.group)}"
    parts = (STATISTICS.get(row.statistic, row.statistic), row.contrast or ANALYSES.get(row.analysis, ""))
    return ", ".join(part for part in parts if part)


def member_of(row: ResultRow, study: Study, ways: Mapping[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The cohort's own row of the rate with which it enters the pool; nothing of other numbers."""
    if row.analysis != "member" or row.cohort not in study.cohorts:
        return []
    own = study.cohorts[row.cohort].rows(
        "response_rate", definition=row.definition, group=row.group, analysis=list(OF_COHORTS)
    )
    anchors = [ways.get(key_in(row.cohort, number_key(one))) for one in own.head(1).to_dict("records")]
    return [("from", [(row.cohort, anchor)]) for anchor in anchors if anchor]
