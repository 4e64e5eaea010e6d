"""How far the response depends on its definition: rates side by side, who changes class and by which clause, how well
two definitions agree, and what our own choices move.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from caseseries.estimate.agreement import cohen_kappa, gwet_ac1
from caseseries.estimate.choices import run_choices
from caseseries.estimate.rates import first_episodes, role_of
from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition
from caseseries.model.layout import Layout
from caseseries.model.records import Records
from caseseries.model.results import AGREEMENT, CHOICES, CLASS_CHANGES, SPREAD, write_table
from caseseries.response.definitions import cautions
from caseseries.response.evidence import episode_ids, evidence_of
from caseseries.response.outcome import derive
from caseseries.response.series import Evidence
from caseseries.response.variants import clauses_left_out

BASE = "iwg2009_confirmed"
"""Definition whose choices are run as a grid."""

NO_CLAUSE = "no single clause: a threshold, or several clauses together"
NO_COUNTS = "no counts are recorded"

EXTREME = 0.2
"""A share of responders below this, or above its complement, makes kappa unstable; AC1 stands beside it."""


def spread_table(cohort: str, estimates: pd.DataFrame, definitions: list[Definition]) -> pd.DataFrame:
    """Rates of a cohort under each definition, from its estimates (columns `SPREAD`), grouped by source document and
    ordered by rate within it.

    Parameters
    ----------
    estimates : rows of estimates.csv; those of the primary analysis of everybody, by Wilson's method, are used.
    """
    chosen = estimates[(estimates["analysis"] == "primary") & (estimates["group"] == "all")]
    rates = chosen[(chosen["statistic"] == "response_rate") & chosen["method"].isin(["Wilson", NOBODY])]
    rates = rates.drop_duplicates("definition").set_index("definition")
    bounds = {
        name: chosen[chosen["statistic"] == f"response_rate_{name}"].drop_duplicates("definition").set_index(
            "definition")["estimate"]
        for name in ("best_case", "worst_case")
    }  # fmt: skip
    rows = []
    for definition in definitions:
        if definition.id not in rates.index:
            continue
        rate, said = rates.loc[definition.id], cautions(definition)
        rows.append({
            "cohort": cohort, "definition": definition.id, "label": definition.label,
            "source": definition.source.citation,
            **{name: rate[name] for name in ("events", "n", "estimate", "lower", "upper", "level", "method")},
            "not_evaluable": rate["not_evaluable"],
            **{name: values.get(definition.id, rate["estimate"]) for name, values in bounds.items()},
            "unconfirmed": sum(words.startswith("unconfirmed") for words in said),
            "our_choice": sum(words.startswith("our choice") for words in said),
        })  # fmt: skip
    table = pd.DataFrame(rows, columns=list(SPREAD))
    return table.sort_values(["source", "estimate", "definition"], ascending=[True, False, True], ignore_index=True)


NOBODY = "not estimable: nobody evaluable"


def agreement_table(
    cohort: str, responses: pd.DataFrame, definitions: list[Definition], level: float = 0.95
) -> pd.DataFrame:
    """Agreement of each two definitions on response or none, among the episodes evaluable under both (`AGREEMENT`).

    Pairs with fewer than two such episodes are left out. Gwet's AC1 is given where kappa is not defined or the share
    of responders under either definition is extreme.
    """
    judged = {}
    for definition in definitions:
        if definition.measure is None:
            mine = responses[responses["definition"] == definition.id].set_index("episode_id")["response_class"]
            roles = role_of(mine, definition.responses)
            judged[definition.id] = roles[roles != "not_evaluable"]
    rows = []
    for first, second in combinations(judged, 2):
        both = judged[first].index.intersection(judged[second].index)
        if len(both) >= 2:
            pair = judged[first][both], judged[second][both]
            rows.append({"cohort": cohort, "first": first, "second": second, **agree(*pair, level)})
    return pd.DataFrame(rows, columns=list(AGREEMENT))


def agree(first: pd.Series, second: pd.Series, level: float) -> dict:
    """Kappa of two readings, and AC1 where the margins are extreme."""
    kappa = cohen_kappa(first, second, level)
    row = {
        "n": kappa.n, "observed": kappa.observed, "kappa": kappa.estimate, "kappa_lower": kappa.lower,
        "kappa_upper": kappa.upper, "level": level, "note": "",
    }  # fmt: skip
    shares = [(reading == "event").mean() for reading in (first, second)]
    if np.isnan(kappa.estimate) or min(shares) < EXTREME or max(shares) > 1 - EXTREME:
        ac1 = gwet_ac1(first, second, level)
        row |= {"ac1": ac1.estimate, "ac1_lower": ac1.lower, "ac1_upper": ac1.upper}
        row["note"] = "one class only" if np.isnan(ac1.estimate) else "few of one class: read AC1"
    return row


def class_changes(records: Records, responses: pd.DataFrame, definitions: list[Definition]) -> pd.DataFrame:
    """Episodes that respond under one definition and not under another, with the clause that keeps them from it
    (columns `CLASS_CHANGES`; rows of people, never to be released).

    A clause is responsible if the episode responds once that clause alone is left out.
    """
    ids = episode_ids(records)
    rows = []
    role = {}
    for definition in definitions:
        mine = responses[responses["definition"] == definition.id].set_index("episode_id")
        if definition.measure is None and len(mine):
            role[definition.id] = role_of(mine["response_class"].reindex(ids), definition.responses)
    under = sum((roles == "event").astype(int) for roles in role.values()) if role else pd.Series(0, index=ids)
    evidence: dict[str, Evidence] = {}
    for definition in definitions:
        if definition.id not in role or definition.reported:
            continue
        changed = np.flatnonzero((role[definition.id] != "event").to_numpy() & (under > 0).to_numpy())
        if not len(changed):
            continue
        if definition.analyte not in evidence:
            evidence[definition.analyte] = evidence_of(records, definition.analyte)
        clauses = clauses_responsible(evidence[definition.analyte].take(changed), definition)
        mine = responses[responses["definition"] == definition.id].set_index("episode_id").loc[ids[changed]]
        for episode, words in zip(ids[changed], clauses, strict=True):
            row = mine.loc[episode]
            rows.append({
                "episode_id": episode, "definition": definition.id, "response_class": row["response_class"],
                "responds_under": int(under[episode]), "clause": words, "reason": row["reason"],
            })  # fmt: skip
    return pd.DataFrame(rows, columns=list(CLASS_CHANGES))


def clauses_responsible(evidence: Evidence, definition: Definition) -> list[str]:
    """For each episode the single clauses without which it responds, joined by semicolons."""
    found: list[list[str]] = [[] for _ in range(evidence.size)]
    if not len(evidence.counts) and not len(evidence.undated):
        return [NO_COUNTS] * evidence.size
    for words, without in clauses_left_out(definition):
        outcome = derive(evidence, without, trace=False)
        wanted = [outcome.labels.index(label) for label in without.responses if label in outcome.labels]
        for number in np.flatnonzero(np.isin(outcome.chosen, wanted)):
            found[number].append(words)
    counted = evidence.counts.present | evidence.undated.present
    return [
        "; ".join(words) or (NO_CLAUSE if has_counts else NO_COUNTS)
        for words, has_counts in zip(found, counted, strict=True)
    ]  # fmt: skip


def write_spread(
    cohort: Cohort, records: Records, definitions: list[Definition], responses: pd.DataFrame,
    estimates: pd.DataFrame, layout: Layout, level: float = 0.95,
) -> None:  # fmt: skip
    """Write spread.csv, agreement.csv and choices.csv of a cohort (release), and class_changes.csv (restricted).

    Rates, agreement and choices are about the first episode of each person. A cohort whose cases were selected by
    their outcome has neither rates nor choices; one whose day 0 is not the first dose has neither choices nor changes.
    """
    judging = definitions if cohort.counts_from_dose else []
    primary = records["episodes"].loc[first_episodes(records["episodes"]), "episode_id"]
    of_primary = responses[responses["episode_id"].isin(primary)]
    choices = pd.DataFrame(columns=list(CHOICES))
    if not cohort.selected_for:
        choices = choices_of(records, primary, judging)
    write_table(spread_table(cohort.id, estimates, definitions), layout.spread(cohort.id), SPREAD)
    write_table(agreement_table(cohort.id, of_primary, definitions, level), layout.agreement(cohort.id), AGREEMENT)
    write_table(choices.assign(cohort=cohort.id), layout.choices(cohort.id), CHOICES)
    write_table(class_changes(records, responses, judging), layout.class_changes(cohort.id), CLASS_CHANGES)


def choices_of(records: Records, primary: pd.Series, definitions: list[Definition]) -> pd.DataFrame:
    """The grid of choices for the base definition, on the first episode of each person."""
    base = next((definition for definition in definitions if definition.id == BASE), None)
    numbers = np.flatnonzero(episode_ids(records).isin(primary))
    if base is None or not len(numbers):
        return pd.DataFrame(columns=list(CHOICES))
    return run_choices(evidence_of(records, base.analyte).take(numbers), base)
