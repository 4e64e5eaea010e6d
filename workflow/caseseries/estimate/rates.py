"""Response rates of a cohort under every definition, with the number evaluable and the bounds of what is unknown.

The first episode of each person is the primary analysis, since episodes of one person are not independent; all
episodes are a sensitivity analysis where somebody has several. Cases that cannot be evaluated are counted apart: the
best case takes all of them as responders, the worst case none, but for those of whom what is recorded decides it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from caseseries.estimators.arrays import counted
from caseseries.estimators.clustered import bootstrap_rate, gee_rate
from caseseries.estimators.proportion import proportion
from caseseries.model import methods as m
from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition
from caseseries.model.groups import ALL, first_of, groups_of, starts
from caseseries.model.numbering import by_definition, numbering_of
from caseseries.model.records import Records
from caseseries.model.results import BECAUSE, CASE_SETS, NOT_EVALUABLE_BECAUSE
from caseseries.model.sample import MOST_SHOWN, MOST_TRIED
from caseseries.response.roles import Parts, complete_parts_of, parts_of, roles_of, without_class

HEADLINE = (m.WILSON, m.EXACT)
NOBODY = "nobody evaluable"
SELECTED = "no share: the cases were selected"
ONE_SIDED = "some are not evaluable, and of most others only one outcome could have been decided"


def estimate_rates(
    cohort: Cohort, records: Records, responses: pd.DataFrame, definitions: list[Definition], level: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rates by definition, group and analysis, and the cases behind them.

    Returns
    -------
    Rows of estimates.csv (without `cohort`) and of case_sets.csv. A cohort whose cases were selected by their
    outcome has no rate: both are empty. Where there are more than `MOST_TRIED` episodes, only sets of at most
    `MOST_SHOWN` are named case by case: of others responses has the class of each.
    """
    episodes = records["episodes"]
    rows: list[dict] = []
    sets = [pd.DataFrame(columns=list(CASE_SETS))]
    if cohort.selected or not len(episodes):
        return pd.DataFrame(rows), sets[0]
    members_of = _members(cohort, records)
    numbering, of_definition = numbering_of(records), by_definition(responses)
    for definition in definitions:
        if definition.id not in of_definition:
            continue
        of_episodes = numbering.in_order(of_definition[definition.id])
        for analysis, group, members, persons in members_of:
            case_set = f"{definition.id}:{group}:{analysis}"
            common = {"group": group, "definition": definition.id, "analysis": analysis}
            mine = of_episodes if len(members) == len(episodes) else of_episodes.iloc[members]
            if definition.measure is not None:
                rows += [common | row for row in value_rows(mine["value"])]
                continue
            if len(episodes) <= MOST_TRIED or len(mine) <= MOST_SHOWN:
                roles = roles_of(mine, definition.responses)
                sets.append(pd.DataFrame({"case_set": case_set, "role": roles, "episode_id": roles.index}))
            common["case_set"] = case_set
            if analysis == "all_episodes":
                rows += [common | row for row in clustered_rows(mine, definition, persons, level)]
                continue
            rows += [common | row for row in _rates_of(mine, definition, level)]
            rows += [common | row for row in _complete_rates(mine, definition, level)]
    apart = int((~starts(cohort, episodes)).sum())
    if apart:
        counts = {"events": apart, "n": len(episodes), "estimate": apart, "method": m.COUNT}
        rows.append({"group": ALL, "analysis": "primary", "statistic": "not_a_start"} | counts)
    return pd.DataFrame(rows), pd.concat(sets, ignore_index=True)


def _members(cohort: Cohort, records: Records) -> list[tuple[str, str, np.ndarray, np.ndarray]]:
    """Analysis, group, places of its episodes in their order, and a number for the person of each."""
    episodes, first = records["episodes"], first_of(cohort, records)
    persons, _ = pd.factorize(episodes["patient_id"], sort=True)
    found = [("primary", group, places, persons[places]) for group, places in first.groups.items()]
    if not first.mask.all():
        for group, members in groups_of(cohort, episodes):
            places = episodes.index.get_indexer(members.index)
            found.append(("all_episodes", group, places, persons[places]))
    return found


def count_reasons(cohort: Cohort, records: Records, responses: pd.DataFrame) -> pd.DataFrame:
    """In how many cases each reason keeps a definition from being judged: rows of estimates.csv (without `cohort`).

    First episodes of everybody; the commonest reason of a definition first, of equally common ones the first of
    `results.BECAUSE`. None where the cases were selected by their outcome.
    """
    episodes = records["episodes"]
    if cohort.selected or not len(episodes):
        return pd.DataFrame()
    members = numbering_of(records).part(first_of(cohort, records).everybody)
    rows = []
    for definition, judged in by_definition(responses[["episode_id", "definition", "because"]]).items():
        unjudged = (judged["because"] != "").to_numpy() & (members.of(judged["episode_id"]) >= 0)
        counts = judged["because"][unjudged].value_counts().loc[lambda number: number > 0]
        for reason in sorted(counts.index, key=lambda name: (-counts[name], BECAUSE.index(name))):
            number = int(counts[reason])
            common = {"group": ALL, "definition": definition, "analysis": "primary", "method": m.COUNT}
            counted = {"cause": reason, "estimate": number, "events": number, "n": len(members.ids)}
            rows.append({"statistic": NOT_EVALUABLE_BECAUSE} | common | counted)
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class Counted:
    """Cases behind a rate: those with the event among the evaluable, the not evaluable, how many with the event there
    are at least and at most among all, and why nobody is evaluable where nobody is.
    """

    events: int
    n: int
    unknown: int
    least: int
    most: int
    note: str = NOBODY


def count_cases(parts: Parts, rows: pd.DataFrame) -> Counted:
    """Cases behind a rate, from what each of them is to it (rows of responses.csv)."""
    events, others, surely, possibly = (
        int(mask.sum()) for mask in (parts.event, parts.non_event, parts.surely, parts.possibly)
    )
    n = events + others
    note = ONE_SIDED if not n and not without_class(rows["response_class"]).all() else NOBODY
    return Counted(events, n, len(rows) - n, events + surely, events + surely + possibly, note)


def _rates_of(rows: pd.DataFrame, definition: Definition, level: float) -> list[dict]:
    cases = count_cases(parts_of(rows, definition.responses), rows)
    return _bounded("response_rate", cases, level, tuple(m.RATE_INTERVALS))


def without_rate(rates: pd.DataFrame, definitions: list[Definition]) -> set[tuple[str, str]]:
    """(definition, group) of the primary analysis under which nobody is evaluable: neither a rate nor a curve.

    Times that the source gives stand without its classes too.
    """
    if rates.empty:
        return set()
    nobody = rates[(rates["statistic"] == "response_rate") & (rates["analysis"] == "primary") & (rates["n"] == 0)]
    nobody = nobody[~nobody["definition"].isin([one.id for one in definitions if one.reported])]
    return set(zip(nobody["definition"], nobody["group"], strict=True))


def _bounded(statistic: str, cases: Counted, level: float, methods: tuple[str, ...]) -> list[dict]:
    """Rate among the evaluable by each method, and its bounds where some are not evaluable."""
    rows = rate_rows(statistic, cases.events, cases.n, cases.unknown, level, methods, cases.note)
    if cases.unknown:
        everybody = cases.n + cases.unknown
        rows += rate_rows(f"{statistic}_best_case", cases.most, everybody, 0, level)
        rows += rate_rows(f"{statistic}_worst_case", cases.least, everybody, 0, level)
    return rows


def _complete_rates(rows: pd.DataFrame, definition: Definition, level: float) -> list[dict]:
    """Rate of complete response; none where the source says of nobody what kind the response was."""
    if definition.complete is None:
        return []
    parts = complete_parts_of(rows, definition.responses, definition.complete, definition.labels)
    if definition.reported and parts.possibly.all():
        return []
    return _bounded("complete_response_rate", count_cases(parts, rows), level, HEADLINE)


def clustered_rows(mine: pd.DataFrame, definition: Definition, persons: np.ndarray, level: float) -> list[dict]:
    """Rate over all episodes, several of a person allowed for: GEE, and the bootstrap by person beside it."""
    parts = parts_of(mine, definition.responses)
    cases, known = count_cases(parts, mine), ~parts.unknown
    common = {
        "statistic": "response_rate",
        "events": cases.events,
        "n": cases.n,
        "not_evaluable": cases.unknown,
        "level": level,
    }
    rows = []
    if known.any():
        rows = _clustered(parts.event[known].astype(int), persons[known], common, level)
    else:
        rows.append(common | {"method": m.GEE, "note": cases.note})
    if not known.all():
        everybody = {"n": known.size, "not_evaluable": 0, "method": m.BOUND}
        for name, events in (("best", cases.most), ("worst", cases.least)):
            row = {"statistic": f"response_rate_{name}_case", "events": events, "estimate": events / known.size}
            rows.append(common | everybody | row)
    return rows


def _clustered(event: np.ndarray, person: np.ndarray, common: dict, level: float) -> list[dict]:
    rows = []
    made = {m.GEE: gee_rate(event, person, level), m.BOOTSTRAP: bootstrap_rate(event, person, level)}
    for method, rate in made.items():
        row = {"estimate": rate.estimate, "lower": rate.lower, "upper": rate.upper, "method": method}
        rows.append(common | row | {"note": rate.refused or counted(rate.persons, "person")})
    return rows


def rate_rows(
    statistic: str,
    events: int,
    n: int,
    not_evaluable: int,
    level: float,
    methods: tuple[str, ...] = HEADLINE,
    note: str = NOBODY,
) -> list[dict]:
    """One row a method for events among n; with n = 0 a single row without an estimate, and why."""
    common = {"statistic": statistic, "events": events, "n": n, "not_evaluable": not_evaluable, "level": level}
    if n == 0:
        return [common | {"method": methods[0], "note": note}]
    rows = []
    for method in methods:
        rate = proportion(events, n, method=m.RATE_INTERVALS[method], level=level)
        limits = {"estimate": rate.estimate, "lower": rate.lower, "upper": rate.upper}
        rows.append(common | limits | {"method": method})
    return rows


def value_rows(values: pd.Series) -> list[dict]:
    """Median and range of what a definition measures (weeks, share of days)."""
    known = values.dropna().to_numpy()
    common = {"statistic": "median_value", "n": len(known), "not_evaluable": len(values) - len(known)}
    common |= {"method": m.MEDIAN_AND_RANGE}
    if not len(known):
        return [common | {"note": NOBODY}]
    return [common | {"estimate": float(np.median(known)), "lower": known.min(), "upper": known.max()}]


def aggregate_rates(cohort: Cohort, aggregates: pd.DataFrame, level: float) -> pd.DataFrame:
    """Rates from counts that stand in place of cases (aggregates.csv), with intervals made here from the counts.

    Counts that a source prints are of its own classes, whatever its definition, and so stand under `as_reported`.
    Counts of another run of caseseries (origin `estimates`) stand under the definition by which it classed the cases.
    A count that was worked out from print (origin `derived`) says so in its note, which is shown wherever it is.
    """
    rows: list[dict] = []
    countable = aggregates[aggregates["events"].notna() & aggregates["n"].notna()]
    for line in countable.itertuples():
        events, n = int(line.events), int(line.n)
        unknown = 0 if np.isnan(line.not_evaluable) else int(line.not_evaluable)
        definition = line.definition if line.origin == "estimates" else "as_reported"
        made = m.WORKED_OUT if line.origin == "derived" else ""
        common = {"group": line.group, "definition": definition, "analysis": "aggregate"}
        if line.outcome not in ("response", "complete_response"):
            found = rate_rows("outcome_rate", events, n, unknown, level)
            if cohort.selected:
                counts = {"events": events, "n": n, "not_evaluable": unknown, "method": m.COUNT, "note": SELECTED}
                found = [{"statistic": "outcome_rate"} | counts]
            found = [row | {"cause": line.outcome} for row in found]
        elif not cohort.selected:
            cases = Counted(events, n, unknown, events, events + unknown)
            methods = tuple(m.RATE_INTERVALS) if line.outcome == "response" else HEADLINE
            found = _bounded(f"{line.outcome}_rate", cases, level, methods)
        else:
            continue
        if made:
            found = [row | {"note": "; ".join(note for note in (made, row.get("note", "")) if note)} for row in found]
        rows += [common | row for row in found]
    return pd.DataFrame(rows)
