"""Where each number of a cohort comes from: its row of estimates.csv, its method and, in full, its cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from caseseries.model.groups import ALL
from caseseries.model.methods import COUNT, METHODS
from caseseries.model.results import HARM_RATES, NUMBER_KEY, number_key
from caseseries.model.sample import MOST_SHOWN
from caseseries.report.case_files import case_anchors
from caseseries.report.made_section import STATISTICS
from caseseries.report.page import Block, Chooser, Folded, Option, Origin, Origins, Paragraph, Tabular
from caseseries.report.study import CohortResults, Study, chosen
from caseseries.words.labels import definition_label
from caseseries.words.numbers import fraction
from caseseries.words.safety import EXPOSURES
from caseseries.words.spelling import capital, words

WALKED = (
    "response_rate",
    "complete_response_rate",
    "outcome_rate",
    "median_time",
    "time_of_events",
    *HARM_RATES,
    *EXPOSURES,
)
"""Statistics whose numbers stand in tables and sentences and lead to their row."""

ROLES = {"event": "counted", "non_event": "not", "not_evaluable": "not evaluable"}
"""How a case counts for a number."""


def origin_rows(found: CohortResults) -> pd.DataFrame:
    """One row a number of those that are shown, in the order of estimates.csv, with its `key` and `anchor`."""
    estimates = found.estimates
    rows = estimates[(estimates["statistic"].isin(WALKED) & (estimates["n"] > 0)) | only_on_record(estimates)]
    rows = rows.assign(key=[number_key(row._asdict()) for row in rows.itertuples()])
    first = rows.drop_duplicates("key")
    return first.assign(anchor=[f"{found.cohort.id}-row-{place}" for place in range(1, len(first) + 1)])


def only_on_record(estimates: pd.DataFrame) -> pd.Series:
    """The best case of each harm that somebody has where of nobody it is known who else has."""
    best = {f"{name}_best_case": name for name in HARM_RATES}
    key = list(NUMBER_KEY)
    rated = pd.MultiIndex.from_frame(estimates.loc[estimates["n"] > 0, key])
    plain = pd.MultiIndex.from_frame(estimates[key].assign(statistic=estimates["statistic"].map(best)))
    return estimates["statistic"].isin(list(best)) & (estimates["events"] > 0) & ~plain.isin(rated)


def ways_of(found: CohortResults) -> dict[str, str]:
    """The place in the page of each row of estimates.csv that is listed, by the key of its number."""
    rows = origin_rows(found)
    return dict(zip(rows["key"], rows["anchor"], strict=True))


def origins(found: CohortResults, study: Study) -> list[Origins]:
    """The table of rows of estimates.csv, methods and cases; nothing where there is no number.

    Cases are named where a number has no more than `MOST_SHOWN`; case_sets.csv names all.
    """
    rows = origin_rows(found)
    if rows.empty:
        return []
    methods = found.estimates.groupby(list(NUMBER_KEY), sort=False)["method"].agg(
        lambda names: list(dict.fromkeys(names))
    )
    cases, anchors = found.case_sets, case_anchors(found)
    listed = []
    for row in rows.to_dict("records"):
        used = [
            METHODS[name] for name in methods.loc[tuple(row[name] for name in NUMBER_KEY)] if name not in ("", COUNT)
        ]
        here = chosen(cases, case_set=row["case_set"]) if row["case_set"] else cases.iloc[:0]
        by_role = [
            (said, [(episode, anchors.get(episode, "")) for episode in chosen(here, role=role)["episode_id"]])
            for role, said in ROLES.items()
            if len(here) <= MOST_SHOWN
        ]
        listed.append(
            Origin(
                row["anchor"],
                what_of(row, study),
                fraction(row["events"], row["n"]),
                "; ".join(used),
                ", ".join(f"{name} {row[name]}" for name in NUMBER_KEY if row[name]),
                [(said, episodes) for said, episodes in by_role if episodes],
            )
        )
    file = "" if not study.told else f"{found.cohort.id}/estimates.csv"
    return [Origins(listed, file)]


def what_of(row: dict, study: Study) -> str:
    """A number in words: statistic, outcome, definition, group."""
    parts = [STATISTICS.get(row["statistic"], capital(words(row["statistic"])))]
    parts += [words(row["cause"])] if row["cause"] and row["cause"] != "response" else []
    parts += [definition_label(row["definition"], dict(study.definitions)).title] if row["definition"] else []
    parts += [row["group"]] if row["group"] != ALL else []
    parts += ["all episodes"] if row["analysis"] == "all_episodes" else []
    return ", ".join(parts)


def keys_in(blocks: Iterable[Block]) -> set[str]:
    """The keys of every number that stands in tables among the blocks."""
    found: set[str] = set()
    for block in blocks:
        if isinstance(block, Tabular):
            found |= {cell.key for row in block.table.rows for cell in row.cells if cell.key}
        elif isinstance(block, Folded):
            found |= keys_in(block.blocks)
    return found


def with_ways(blocks: list[Block], anchors: dict[str, str]) -> list[Block]:
    """Blocks whose numbers lead to their row."""
    return [_with_ways(block, anchors) for block in blocks]


def _with_ways(block: Block, anchors: dict[str, str]) -> Block:
    if isinstance(block, Tabular):
        return replace(block, anchors=anchors)
    if isinstance(block, Paragraph) and block.key:
        return replace(block, anchor=anchors.get(block.key, ""))
    if isinstance(block, Folded):
        return replace(block, blocks=with_ways(list(block.blocks), anchors))
    if isinstance(block, Chooser):
        options = [Option(one.title, with_ways(list(one.blocks), anchors)) for one in block.options]
        return replace(block, options=options)
    return block
