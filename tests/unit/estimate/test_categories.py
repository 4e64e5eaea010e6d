"""Estimates of text that comes as categories, as that of a large cohort does: the same as of text."""

import numpy as np
import pandas as pd
import pytest

from caseseries.estimate.contrasts import contrast_groups
from caseseries.estimate.curves import estimate_curves
from caseseries.estimate.predictor import estimate_predictor
from caseseries.estimate.rate_and_curve import compare_rate_and_curve, failures_of, of_both
from caseseries.estimate.rates import count_reasons, estimate_rates
from caseseries.sensitivity.spread import agreement_table
from unit.estimate.test_rates import definition, records
from unit.some_cohort import some_cohort

COHORT = some_cohort(
    grouped_by="place",
    predictor="place",
    covariates=[{"name": "place", "label": "Place", "levels": {"n": "North", "s": "South"}}],
)
DEFINITIONS = [*definition("iwg2009_confirmed"), *definition("iwg2009_single")]


@pytest.fixture(scope="module")
def results():
    """Records, responses and times of 80 episodes of 60 people, who are nobody; some lack a row, some rows a class."""
    rng = np.random.default_rng(15)
    ids = np.array([f"E{number:02}" for number in rng.permutation(80)])
    episodes = pd.DataFrame({"episode_id": ids, "patient_id": [f"P{number % 60}" for number in range(80)]})
    episodes["place"] = rng.choice(["n", "s"], 80)
    responses = pd.DataFrame({"episode_id": np.tile(ids, 2), "definition": np.repeat([d.id for d in DEFINITIONS], 80)})
    responses["response_class"] = rng.choice(["CR", "R", "NR", "NE"], 160, p=[0.3, 0.3, 0.3, 0.1])
    responses["provisional_class"] = ""
    responses["decided_class"] = responses["response_class"]
    unjudged = responses["response_class"] == "NE"
    responses["decidable"] = np.where(unjudged, "", "both")
    responses["value"] = np.nan
    responses["because"] = np.where(unjudged, rng.choice(["no_dated_count", "baseline_unknown"], 160), "")
    times = responses[["episode_id", "definition"]].assign(time=rng.integers(1, 40, 160).astype(float))
    times["cause"] = rng.choice(["response", "delivery", "censored"], 160)
    times["left"] = times["right"] = np.nan
    keep = rng.random(160) < 0.9
    return records(episodes.to_dict("records")), responses[rng.random(160) < 0.95], times[keep]


def estimates_of(cohort, records, responses, times):
    """Everything that is made of responses and times."""
    rates, sets = estimate_rates(cohort, records, responses, DEFINITIONS, 0.95)
    failures = failures_of(responses, DEFINITIONS)
    both = of_both(times, failures)
    return {
        "rates": rates,
        "sets": sets,
        "reasons": count_reasons(cohort, records, responses),
        "curves": estimate_curves(cohort, records, times, 0.95, failures),
        "apart": compare_rate_and_curve(cohort, records, responses, times, DEFINITIONS),
        "contrasts": contrast_groups(cohort, records, rates, both, 0.95),
        "predictor": estimate_predictor(cohort, records, responses, both, DEFINITIONS, 0.95),
        "agreement": agreement_table("some-2020", responses, DEFINITIONS),
    }


def test_text_and_categories_give_the_same_estimates(results):
    records, responses, times = results
    texts = [name for name in responses if name != "value"]
    coded = responses.astype(dict.fromkeys(texts, "category"))
    timed = times.astype(dict.fromkeys(["episode_id", "definition", "cause"], "category"))
    written = estimates_of(COHORT, records, responses, times)
    found = estimates_of(COHORT, records, coded, timed)
    for name, table in written.items():
        assert len(table), name
        pd.testing.assert_frame_equal(found[name], table, obj=name)


def test_who_is_counted_by_one_alone_is_who_stands_in_one_alone(results):
    records, responses, times = results
    apart = compare_rate_and_curve(some_cohort(), records, responses, times, DEFINITIONS)
    first = records["episodes"].drop_duplicates("patient_id")["episode_id"]
    for name in (one.id for one in DEFINITIONS):
        classes = responses[responses["definition"] == name].set_index("episode_id")["response_class"]
        causes = times[times["definition"] == name].set_index("episode_id")["cause"]
        who = pd.DataFrame({"kind": classes.reindex(first), "cause": causes.reindex(first).fillna("no_day")})
        alone = who[who["kind"].isin(["CR", "R"]) & (who["cause"] != "response")]["cause"].value_counts()
        rows = apart[(apart["definition"] == name) & (apart["statistic"] == "responders_by_class_alone")]
        assert dict(zip(rows["cause"], rows["events"], strict=True)) == alone.to_dict()
        failed = int(((who["kind"] == "NR") & (who["cause"] == "no_day")).sum())
        rows = apart[(apart["definition"] == name) & (apart["statistic"] == "failures_without_time")]
        assert rows["events"].tolist() == [failed] * (failed > 0)
