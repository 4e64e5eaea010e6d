"""How far the response depends on its definition: rates side by side, who changes class and by which clause, how well
two definitions agree, and what our own choices move.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import combinations, product

import numpy as np
import pandas as pd

from caseseries.estimators.agreement import ac1_of_table, kappa_of_table
from caseseries.model.applicable import CONSENSUS, main_definition
from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition, cautions
from caseseries.model.groups import ALL, first_of
from caseseries.model.layout import Layout
from caseseries.model.methods import WILSON
from caseseries.model.numbering import Numbering, by_definition, numbering_of
from caseseries.model.records import Records, Visits, episode_ids
from caseseries.model.results import AGREEMENT, CASE_SETS, CHOICES, CLASS_CHANGES, MULTIVERSE, SPREAD, write_table
from caseseries.model.sample import MOST_TRIED, records_of, rows_of, sample
from caseseries.response.classes import classify_evidence
from caseseries.response.clocks import has_class
from caseseries.response.evaluate import View
from caseseries.response.evidence import evidence_of
from caseseries.response.recorded import lacking
from caseseries.response.roles import judged
from caseseries.response.series import Evidence
from caseseries.sensitivity.choices import cases_of_settings, confirms, on_visits, run_choices, run_visits
from caseseries.sensitivity.multiverse import run_multiverse
from caseseries.sensitivity.variants import clauses_left_out

NO_CLAUSE = "no single clause: a threshold, or several clauses together"
NO_COUNTS = "no counts are recorded"

EXTREME = 0.2
"""A share of responders below this, or above its complement, makes kappa unstable; AC1 stands beside it."""


COUNTED_AT_ONCE = 100_000
"""Episodes that are counted together as fractions of single precision, which are whole up to 2**24."""


def spread_table(cohort: str, estimates: pd.DataFrame, definitions: list[Definition]) -> pd.DataFrame:
    """Rates of a cohort under each definition, from its estimates (columns `SPREAD`), in the order of the definitions.

    Parameters
    ----------
    estimates : rows of estimates.csv; those of the primary analysis of everybody, by Wilson's method, are used.
    """
    chosen = estimates[(estimates["analysis"] == "primary") & (estimates["group"] == ALL)]
    rates = chosen[(chosen["statistic"] == "response_rate") & (chosen["method"] == WILSON)]
    rates = rates.drop_duplicates("definition").set_index("definition")
    bounds = {
        name: chosen[chosen["statistic"] == f"response_rate_{name}"]
        .drop_duplicates("definition")
        .set_index("definition")["estimate"]
        for name in ("best_case", "worst_case")
    }
    rows = []
    for definition in definitions:
        if definition.id not in rates.index:
            continue
        rate, said = rates.loc[definition.id], cautions(definition)
        rows.append(
            {
                "cohort": cohort,
                "definition": definition.id,
                "label": definition.label,
                "source": definition.cited.citation,
                **{name: rate[name] for name in ("events", "n", "estimate", "lower", "upper", "level", "method")},
                "not_evaluable": rate["not_evaluable"],
                **{name: values.get(definition.id, rate["estimate"]) for name, values in bounds.items()},
                "unconfirmed": sum(caution.basis == "M" for caution in said),
                "our_choice": sum(caution.basis == "C" for caution in said),
            }
        )
    return pd.DataFrame(rows, columns=list(SPREAD))


def agreement_table(
    cohort: str,
    responses: pd.DataFrame,
    definitions: list[Definition],
    level: float = 0.95,
    among: Numbering | None = None,
) -> pd.DataFrame:
    """Agreement of each two definitions on response or none, among the episodes evaluable under both (`AGREEMENT`).

    Pairs with fewer than two such episodes are left out. Gwet's AC1 is given where kappa is not defined or the share
    of responders under either definition is extreme.

    Parameters
    ----------
    among : the episodes that are counted; without it all.
    """
    judging = [definition for definition in definitions if definition.measure is None]
    event, other = _readings(responses, judging, among or Numbering(pd.Index(responses["episode_id"].unique())))
    cells = np.stack([_together(*pair) for pair in product((event, other), repeat=2)], axis=-1)
    rows = []
    for first, second in combinations(range(len(judging)), 2):
        counted = tuple(cells[first, second].tolist())
        if sum(counted) >= 2:
            pair = {"cohort": cohort, "first": judging[first].id, "second": judging[second].id}
            rows.append({**pair, **agree(*counted, level)})
    return pd.DataFrame(rows, columns=list(AGREEMENT))


def _readings(
    responses: pd.DataFrame, definitions: list[Definition], numbering: Numbering
) -> tuple[np.ndarray, np.ndarray]:
    """Masks whether each episode responds under each definition, and whether it does not; (definitions, episodes)."""
    of_definition = by_definition(responses[["episode_id", "definition", "response_class", "decidable"]])
    responds, fails = np.zeros((2, len(definitions), len(numbering.ids)), bool)
    for number, definition in enumerate(definitions):
        if definition.id in of_definition:
            mine = of_definition[definition.id]
            place = numbering.of(mine["episode_id"])
            mine, place = mine[place >= 0], place[place >= 0]
            event, unknown = judged(mine, definition.responses)
            responds[number, place], fails[number, place] = event, ~event & ~unknown
    return responds, fails


def _together(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Of how many episodes a row of one table of masks holds together with a row of another; (rows, rows)."""
    found = np.zeros((len(first), len(second)), np.int64)
    for start in range(0, first.shape[1], COUNTED_AT_ONCE):
        part = slice(start, start + COUNTED_AT_ONCE)
        found += (first[:, part].astype(np.float32) @ second[:, part].astype(np.float32).T).astype(np.int64)
    return found


@cache
def agree(both: int, first_only: int, second_only: int, neither: int, level: float) -> dict:
    """Kappa of two readings from the number of cases that respond under both, one and none; AC1 where the margins are
    extreme.
    """
    cells = np.array([[both, first_only], [second_only, neither]])
    kappa = kappa_of_table(cells, level)
    row = {
        "n": kappa.n,
        "observed": kappa.observed,
        "kappa": kappa.estimate,
        "kappa_lower": kappa.lower,
        "kappa_upper": kappa.upper,
        "level": level,
        "note": "",
    }
    shares = [(both + first_only) / kappa.n, (both + second_only) / kappa.n]
    if np.isnan(kappa.estimate) or min(shares) < EXTREME or max(shares) > 1 - EXTREME:
        ac1 = ac1_of_table(cells, level)
        row |= {"ac1": ac1.estimate, "ac1_lower": ac1.lower, "ac1_upper": ac1.upper}
        row["note"] = "one class only" if np.isnan(ac1.estimate) else "few of one class: read AC1"
    return row


def class_changes(
    records: Records, responses: pd.DataFrame, definitions: list[Definition], visits: Visits = "routine"
) -> pd.DataFrame:
    """Episodes that respond under one definition and not under another, with the clause that keeps them from it
    (columns `CLASS_CHANGES`; rows of people, never to be released).

    A clause is responsible if the episode responds once that clause alone is left out. Of more than `MOST_TRIED`
    episodes a sample of so many is looked at.
    """
    ids = episode_ids(records)
    if len(ids) > MOST_TRIED:
        few = sample(ids, MOST_TRIED)
        records, responses, ids = records_of(records, few), rows_of(responses, few), pd.Index(few)
    classed, reasons = (_by_episode(responses, name, ids) for name in ("response_class", "reason"))
    judging = [one for one in definitions if one.measure is None and one.id in classed]
    responds = {one.id: np.isin(classed[one.id], one.responses) for one in judging}
    under = np.sum(list(responds.values()), axis=0) if responds else np.zeros(len(ids), int)
    evidence: dict[str, Evidence] = {}
    rows: list[tuple] = []
    for definition in judging:
        changed = np.flatnonzero(~responds[definition.id] & (under > 0))
        if definition.reported or not len(changed):
            continue
        if definition.analyte not in evidence:
            evidence[definition.analyte] = evidence_of(records, definition.analyte, visits)
        clauses = clauses_responsible(evidence[definition.analyte].take(changed), definition)
        columns = ids[changed], [definition.id] * len(changed), classed[definition.id][changed], under[changed]
        rows += zip(*columns, clauses, reasons[definition.id][changed], strict=True)
    return pd.DataFrame(rows, columns=list(CLASS_CHANGES))


def _by_episode(responses: pd.DataFrame, column: str, ids: pd.Index) -> dict[str, np.ndarray]:
    """A column of the responses under each definition, in the order of the episodes; "" where there is none."""
    place, (numbers, names) = ids.get_indexer(responses["episode_id"]), pd.factorize(responses["definition"])
    found = np.full((len(names), len(ids)), "", dtype=object)
    found[numbers, place] = responses[column].to_numpy()
    return dict(zip(names, found, strict=True))


def clauses_responsible(evidence: Evidence, definition: Definition) -> list[str]:
    """For each episode the single clauses without which it responds, joined by semicolons."""
    found: list[list[str]] = [[] for _ in range(evidence.size)]
    if not len(evidence.counts) and not len(evidence.undated):
        return [NO_COUNTS] * evidence.size
    for words, without in clauses_left_out(definition):
        view = View(evidence, without, trace=False)
        responds = has_class(classify_evidence(view), without.responses) & (lacking(view) == 0)
        for number in np.flatnonzero(responds):
            found[number].append(words)
    counted = evidence.counts.present | evidence.undated.present
    return [
        "; ".join(words) or (NO_CLAUSE if has_counts else NO_COUNTS)
        for words, has_counts in zip(found, counted, strict=True)
    ]


def write_spread(
    cohort: Cohort,
    records: Records,
    definitions: list[Definition],
    responses: pd.DataFrame,
    estimates: pd.DataFrame,
    layout: Layout,
    level: float = 0.95,
    leads: Sequence[str] = CONSENSUS,
    day: int = 28,
) -> pd.DataFrame:
    """Write spread.csv, agreement.csv, choices.csv, multiverse.csv and class_changes.csv of a cohort.

    Rates, agreement and choices are about the first episode of each person, under the definitions that were run on the
    cohort; of more than `MOST_TRIED` the choices are run on a sample of so many, and choices.csv says so. `leads` are
    those that may lead, the best first; by `day` the share with a response is read. A cohort whose cases were selected
    by their outcome has neither rates nor choices; one whose day 0 is not the first dose has neither choices nor
    changes.

    Returns
    -------
    Rows of case_sets.csv: who counts under the other settings of a choice; none where they were run on a sample.
    """
    run = set(responses["definition"].unique())
    definitions = [one for one in definitions if one.id in run or one.reported]
    judging = definitions if cohort.counts_from_dose else []
    primary = first_starts(cohort, records)
    numbering = numbering_of(records).part(first_of(cohort, records).everybody)
    choices, multiverse = pd.DataFrame(columns=list(CHOICES)), pd.DataFrame(columns=list(MULTIVERSE))
    cases = pd.DataFrame(columns=list(CASE_SETS))
    if not cohort.selected:
        tried = primary[primary.isin(sample(primary, MOST_TRIED))]
        few = records if len(tried) == len(primary) else records_of(records, tried)
        evidence = evidence_of_first(cohort, few, tried)
        choices = choices_of(evidence, tried, judging, leads)
        if len(tried) == len(primary):
            ids = episode_ids(few)
            cases = cases_of_settings(choices, judging, evidence, ids[ids.isin(tried)].to_numpy(object))
        choices = with_sample(choices, len(tried), len(primary))
        multiverse = run_multiverse(evidence, judging, day)
    write_table(spread_table(cohort.id, estimates, definitions), layout.spread(cohort.id), SPREAD)
    write_table(
        agreement_table(cohort.id, responses, definitions, level, numbering), layout.agreement(cohort.id), AGREEMENT
    )
    write_table(choices.assign(cohort=cohort.id), layout.choices(cohort.id), CHOICES)
    write_table(multiverse.assign(cohort=cohort.id), layout.multiverse(cohort.id), MULTIVERSE)
    write_table(
        class_changes(records, responses, judging, cohort.visits), layout.class_changes(cohort.id), CLASS_CHANGES
    )
    return cases


def looked_at_again(cohort: Cohort, records: Records) -> set[str]:
    """Ids of the episodes whose counts `write_spread` asks for."""
    return {*sample(first_starts(cohort, records), MOST_TRIED), *sample(episode_ids(records), MOST_TRIED)}


def first_starts(cohort: Cohort, records: Records) -> pd.Series:
    """Ids of the first episode of each person, a treatment start."""
    return records["episodes"]["episode_id"].iloc[first_of(cohort, records).everybody]


def with_sample(choices: pd.DataFrame, tried: int, primary: int) -> pd.DataFrame:
    """Choices with a first row that says on how many of the first episodes they were run; none where on all."""
    if tried == primary:
        return choices
    said = pd.DataFrame([{"analysis": "sample", "events": tried, "n": primary, "note": ""}])
    return pd.concat([said, choices], ignore_index=True).reindex(columns=list(CHOICES))


def evidence_of_first(cohort: Cohort, records: Records, primary: pd.Series) -> Callable[[str], Evidence]:
    """The evidence of the first episode of each person, for an analyte."""
    numbers = np.flatnonzero(episode_ids(records).isin(primary))
    return cache(lambda analyte: evidence_of(records, analyte, cohort.visits).take(numbers))


def choices_of(
    evidence_of_analyte: Callable[[str], Evidence],
    primary: pd.Series,
    definitions: list[Definition],
    leads: Sequence[str],
) -> pd.DataFrame:
    """The grid of choices for the definition that leads of those with confirmation, which leave most open, and how
    weeks without a count are read under each that has visits; on the first episode of each person.
    """
    base = main_definition(leads, [one.id for one in definitions if confirms(one)])
    found = [pd.DataFrame(columns=list(CHOICES))]
    for definition in definitions if len(primary) else []:
        if definition.id == base or on_visits(definition):
            evidence = evidence_of_analyte(definition.analyte)
            run = run_choices if definition.id == base else run_visits
            found.append(run(evidence, definition))
    filled = [table for table in found if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else found[0]
