"""Made-up restricted cohorts with every kind of result, and who stands behind each number that a release tells of them.

Nobody is behind these rows. Definitions are nested in each other, as real ones are: who responds under one with a
higher limit responds under the one with the lower.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from caseseries.audit.counts import flow_counts, flow_steps
from caseseries.disclose.cohort import Results, told_results
from caseseries.disclose.people import People
from caseseries.estimate.contrasts import contrast_groups
from caseseries.estimate.curves import estimate_curves
from caseseries.estimate.describe import describe
from caseseries.estimate.harms import Outcome
from caseseries.estimate.rates import count_reasons, estimate_rates
from caseseries.estimate.safety import estimate_safety, outcomes_of
from caseseries.model.cohort import Cohort
from caseseries.model.columns import TABLES
from caseseries.model.drug import load_drugs
from caseseries.model.records import Records, empty_table, type_table
from caseseries.model.results import AUDIT, AUDIT_CHOICES, CHOICES, ESTIMATES, MULTIVERSE, RESPONSES
from caseseries.model.safety import load_vocabulary
from caseseries.response.definition_files import load_definitions
from caseseries.sensitivity.spread import agreement_table, spread_table
from unit.some_cohort import restricted_cohort

CONFIG = Path(__file__).resolve().parents[2] / "config"
DRUGS, VOCABULARY = load_drugs(CONFIG / "drugs"), load_vocabulary(CONFIG / "safety.yaml")
MAIN = "ash2019_initial"
DEFINITIONS = load_definitions(
    CONFIG / "definitions",
    [MAIN, "plt50_any", "iwg2009_single", "iwg2009_confirmed", "ash2019_early", "romi_kuter2008"],
)
"""Some that count a response, with and without a complete one; the planted classes are not worked out by them."""


@dataclass(frozen=True)
class Planted:
    """A cohort, its results in full, and what leaves of them."""

    people: People
    outcomes: list[Outcome]
    eligibility: pd.DataFrame
    full: Results
    told: Results


def plant(seed: int, threshold: int, **disclosure: object) -> Planted:
    """A cohort of 24 to 60 people, some with several episodes, in one to three groups."""
    rng = np.random.default_rng(seed)
    number = int(rng.integers(24, 61))
    grouped = {"grouped_by": "place"} if rng.random() < 0.7 else {}
    covariates = [{"name": "place", "label": "Place"}, {"name": "gene", "label": "Gene"}]
    cohort = restricted_cohort(covariates=covariates, disclosure={"threshold": threshold} | disclosure, **grouped)
    person = np.append(np.arange(number), rng.integers(0, number, rng.choice([0, 0, 3, 12])))
    records = Records("site", tables_of(rng, person))
    responses, times = classes_of(rng, records["episodes"])
    return planted(cohort, records, responses, times, eligibility_of(rng, records["episodes"]))


def planted(
    cohort: Cohort, records: Records, responses: pd.DataFrame, times: pd.DataFrame, eligibility: pd.DataFrame
) -> Planted:
    """The results of a cohort in full, and those that leave."""
    rates, _ = estimate_rates(cohort, records, responses, DEFINITIONS, 0.95)
    parts = [
        rates,
        count_reasons(cohort, records, responses),
        estimate_safety(cohort, records, DRUGS, VOCABULARY, 0.95),
        estimate_curves(cohort, records, times, 0.95),
        contrast_groups(cohort, records, rates, times, 0.95),
    ]
    estimates = pd.concat([part for part in parts if len(part)], ignore_index=True)
    estimates = estimates.reindex(columns=list(ESTIMATES)).assign(cohort="site")
    for name in ("group", "contrast", "definition", "analysis", "statistic", "cause", "method", "note", "case_set"):
        estimates[name] = estimates[name].fillna("")
    full = Results(
        estimates,
        describe(cohort, records),
        spread_table("site", estimates, DEFINITIONS),
        agreement_table("site", responses, DEFINITIONS),
        pd.DataFrame(columns=list(CHOICES)),
        pd.DataFrame(columns=list(MULTIVERSE)),
        pd.DataFrame(columns=list(AUDIT)),
        pd.DataFrame(columns=list(AUDIT_CHOICES)),
        flow_counts(cohort, records["episodes"], eligibility, DRUGS),
    )
    people = People(cohort, records, responses, times)
    outcomes = outcomes_of(cohort, records, DRUGS, VOCABULARY)
    steps = flow_steps(cohort, records["episodes"], eligibility, DRUGS)
    told, _ = told_results(full, people, DEFINITIONS, MAIN, 0.95, outcomes, steps)
    return Planted(people, outcomes, eligibility, full, told)


def tables_of(rng: np.random.Generator, person: np.ndarray) -> dict[str, pd.DataFrame]:
    """Records of episodes, each of the person given."""
    rows, number = len(person), int(person.max()) + 1
    pick = lambda values, shares: rng.choice(values, number, p=shares)[person]  # noqa: E731
    episodes = {
        "episode_id": [f"E{place}" for place in range(rows)],
        "patient_id": [f"P{one}" for one in person],
        "age_years": [str(age) for age in rng.integers(20, 80, number)[person]],
        "sex": pick(["male", "female"], [0.4, 0.6]),
        "splenectomy": pick(["yes", "no", ""], [0.3, 0.5, 0.2]),
        "baseline": [str(count) for count in rng.integers(2, 29, rows)],
        "bleeding_recorded": rng.choice(["yes", "yes", "no"], rows),
        "adverse_events_recorded": rng.choice(["yes", "yes", "yes", "no"], rows),
        "follow_up_end_day": [str(day) for day in rng.integers(50, 90, rows)],
        "place": pick(["hill", "dale", "brook"], list(rng.dirichlet([4, 3, 2]))),
        "gene": pick(["a", "b", "c", ""], [0.4, 0.3, 0.15, 0.15]),
    }
    harmed = [
        (f"E{place}", "patient", term, str(grade), serious)
        for place in range(rows)
        for term, share in (("fever", 0.35), ("rash", 0.2), ("deep vein thrombosis", 0.1))
        if rng.random() < share
        for grade, serious in [(rng.integers(1, 5), rng.choice(["yes", "no"]))]
    ]
    bled = [(f"E{place}", "1", "3", str(rng.integers(1, 4))) for place in range(rows) if rng.random() < 0.4]
    saved = [(f"E{place}", "10", "rescue") for place in range(rows) if rng.random() < 0.25]
    later = [(f"E{place}", "relapse", "10", "relapse") for place in range(0, rows, 4)]  # on a day that nobody knows
    made = {
        "episodes": pd.DataFrame(episodes),
        "outcomes": pd.DataFrame(later, columns=["episode_id", "outcome", "left_day", "cause"]),
        "adverse_events": pd.DataFrame(harmed, columns=["episode_id", "subject", "term", "grade", "serious"]),
        "bleeding": pd.DataFrame(bled, columns=["episode_id", "first_day", "last_day", "who_grade"]),
        "events": pd.DataFrame(saved, columns=["episode_id", "day", "kind"]),
    }
    return {name: type_table(name, made[name].astype(str)) if name in made else empty_table(name) for name in TABLES}


def classes_of(rng: np.random.Generator, episodes: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Classes under each definition, nested by how high the counts rose, and times to response and to an outcome."""
    rows = len(episodes)
    rose, seen = rng.random(rows), rng.random(rows)
    low = np.sort(rng.uniform(0.2, 0.8, 3))
    classes = []
    for definition in DEFINITIONS:
        limit = rng.choice(low) if rng.random() < 0.6 else rng.uniform(0.2, 0.8)
        responds, completes = rose > limit, rose > limit + (1 - limit) * rng.uniform(0.2, 0.8)
        best = definition.complete or definition.responses[-1]
        other = next((one for one in definition.responses if one != best), best)
        none = next(one for one in definition.labels if one not in definition.responses)
        truth = np.where(completes, best, np.where(responds, other, none))
        unknown = seen < rng.choice([0, 0, 0.12, 0.3])
        decided = np.where(unknown & (rng.random(rows) < 0.5), "NE", truth)
        classes.append(
            pd.DataFrame(
                {
                    "episode_id": episodes["episode_id"],
                    "definition": definition.id,
                    "response_class": np.where(unknown, "NE", truth),
                    "provisional_class": "",
                    "decided_class": decided,
                    "decidable": np.where(unknown, "", "both"),
                    "because": np.where(unknown, "bleeding_not_recorded", ""),
                }
            )
        )
    times = []
    for name, event in ((MAIN, "response"), ("as_reported_relapse", "relapse")):
        happens = rose > rng.choice(low)
        day = np.where(happens, np.ceil(40 * (1 - rose) * rng.uniform(0.5, 1.5, rows)) + 1, 40 + np.ceil(40 * seen))
        cause = np.where(happens, event, np.where(rng.random(rows) < 0.3, "death", "censored"))
        about = {"episode_id": episodes["episode_id"], "definition": name, "time": day, "cause": cause}
        times.append(pd.DataFrame(about | {"left": np.nan, "right": np.nan}))
    responses = pd.concat(classes, ignore_index=True)
    return responses.reindex(columns=list(RESPONSES)).fillna({"reason": "", "decided_by": ""}), pd.concat(times)


def eligibility_of(rng: np.random.Generator, episodes: pd.DataFrame) -> pd.DataFrame:
    """A verdict for most episodes."""
    clause = next(one.clause for one in DRUGS["romiplostim"].eligibility if one.kind != "caution")
    asked = episodes[rng.random(len(episodes)) < rng.choice([1, 0.7])]
    verdict = rng.choice(["kept", "departed", "not_evaluable"], len(asked), p=rng.dirichlet([3, 2, 2]))
    return pd.DataFrame(
        {"episode_id": asked["episode_id"], "drug": "romiplostim", "clause": clause, "verdict": verdict}
    )
