"""The declared predictor: who enters, what is estimated, what is refused, in words."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from caseseries.estimate.predictor import estimate_predictor, predictor_values
from caseseries.estimators.regression import firth_cox, firth_logistic, proportional_hazards
from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition
from caseseries.model.records import Records, type_table
from unit.some_cohort import FIELDS

REPORTED = Definition.model_validate(
    {
        "id": "as_reported",
        "label": "as reported",
        "population": "all",
        "reported": True,
        "responses": ["CR", "R", "responded"],
    }
)
SIZE = 24
AGES = [20 + number for number in range(SIZE)]
CLASSES = ["CR" if number % 3 else "NR" for number in range(SIZE)]


def cohort(**more):
    return Cohort.model_validate(FIELDS | {"predictor": "age_years"} | more)


def records(**columns):
    names = [f"E{number:02d}" for number in range(SIZE)]
    cells = {"episode_id": names, "patient_id": names, "age_years": [str(age) for age in AGES]} | columns
    return Records("some-2020", {"episodes": type_table("episodes", pd.DataFrame(cells, dtype=str))})


def found(about, rows, classes=CLASSES):
    names = rows["episodes"]["episode_id"]
    responses = pd.DataFrame({"episode_id": names, "definition": "as_reported", "response_class": classes})
    responses = responses.assign(decided_class=classes, decidable="both")
    happened = [name in ("CR", "R") for name in classes]
    times = pd.DataFrame(
        {
            "episode_id": names,
            "definition": "as_reported",
            "time": np.arange(3.0, 3 + SIZE),
            "cause": np.where(happened, "response", "censored"),
        }
    )
    return estimate_predictor(about, rows, responses, times, [REPORTED], 0.95)


def test_odds_and_hazards_are_those_of_firths_regressions():
    frame = found(cohort(), records()).set_index("statistic")
    event = np.array([name == "CR" for name in CLASSES]).astype(int)
    odds = firth_logistic(event, np.array(AGES, float)).terms.iloc[0]
    hazard = firth_cox(np.arange(3.0, 3 + SIZE), event, np.array(AGES, float)).terms.iloc[0]
    for statistic, term, cause in (("odds_ratio", odds, ""), ("hazard_ratio", hazard, "response")):
        row = frame.loc[statistic]
        assert (row["estimate"], row["lower"], row["upper"]) == (term["ratio"], term["lower"], term["upper"])
        assert (row["group"], row["cause"], row["events"], row["n"]) == ("all", cause, 16, SIZE)
        assert row["contrast"] == "age, for each year more"
    assert frame.loc["odds_ratio", "method"] == "Firth logistic regression"
    assert frame.loc["hazard_ratio", "method"] == "Firth Cox regression"


def test_who_lacks_the_predictor_or_the_class_is_left_out_and_counted():
    ages = ["", *[str(age) for age in AGES[1:]]]
    classes = [*CLASSES[:-1], "NE"]
    odds = found(cohort(), records(age_years=ages), classes).set_index("statistic").loc["odds_ratio"]
    assert (odds["n"], odds["not_evaluable"]) == (SIZE - 2, 2)


def test_few_events_are_refused_in_words():
    row = found(cohort(), records(), ["CR", "CR", *["NR"] * (SIZE - 2)]).set_index("statistic").loc["odds_ratio"]
    assert np.isnan(row["estimate"])
    assert (row["contrast"], row["method"]) == ("age", "Firth logistic regression")
    assert row["note"] == "not fitted: 2 responders for 1 coefficient, fewer than 5 for each"


def test_nothing_without_a_predictor_and_no_odds_of_chosen_cases():
    assert len(found(cohort(predictor=None), records())) == 0
    assert found(cohort(selected_for="success"), records()).empty


def test_a_count_known_only_as_a_limit_is_no_number():
    values = predictor_values(cohort(predictor="baseline"), records(baseline=["<5", *["12"] * 23])["episodes"])
    assert values.isna().tolist() == [True, *[False] * 23]
    assert values.iloc[1] == 12


def test_a_category_has_a_ratio_for_each_level_but_the_first():
    arms = ["a" if number % 2 else "b" for number in range(SIZE)]
    about = cohort(predictor="arm", covariates=[{"name": "arm", "label": "Arm", "levels": {"a": "Alpha", "b": "Beta"}}])
    rows = found(about, records(arm=arms))
    assert set(rows["contrast"]) == {"arm, Beta against Alpha"}
    numbers = cohort(predictor="lymphocytes", covariates=[{"name": "lymphocytes", "label": "L", "kind": "number"}])
    values = predictor_values(numbers, records(lymphocytes=["", *["1.5"] * 23])["episodes"])
    assert values.dtype == float
    assert values.isna().sum() == 1


def test_first_episodes_stand_for_their_persons():
    persons = ["P1", "P1", *[f"P{number}" for number in range(2, SIZE)]]
    assert found(cohort(), records(patient_id=persons))["n"].tolist() == [SIZE - 1] * 3


def test_age_and_recovery_after_transplantation_agree_with_r():
    """R survival 3.5-3: exp(coef(coxph(Surv(day, cause == "recovery") ~ age_years, ties = "breslow"))) is
    1.003512578; Firth's penalty moves the ratio by less than 1e-4 with 120 events.
    """
    folder = Path(__file__).parents[3] / "data" / "copelan-1991"
    rows = pd.read_csv(folder / "episodes.csv").merge(pd.read_csv(folder / "outcomes.csv"), on="episode_id")
    model = firth_cox(rows["day"], (rows["cause"] == "recovery").astype(int), rows["age_years"])
    assert model.terms["ratio"].iloc[0] == pytest.approx(1.003512578, abs=1e-4)


def test_the_test_of_proportional_hazards_stands_beside_the_ratio():
    ages = np.array([20 + (7 * number) % SIZE for number in range(SIZE)], float)
    event = np.array([name == "CR" for name in CLASSES]).astype(int)
    (held,) = proportional_hazards(np.arange(3.0, 3 + SIZE), event, ages).terms.itertuples()
    frame = found(cohort(), records(age_years=[f"{age:.0f}" for age in ages])).set_index("statistic")
    ratio, test = frame.loc["hazard_ratio"], frame.loc["proportional_hazards"]
    assert (test["estimate"], test["method"]) == (held.p_value, "Grambsch-Therneau test")
    assert test["note"] == f"chi-squared {held.statistic:.2f} on 1 df"
    for name in ("contrast", "cause", "events", "n"):
        assert test[name] == ratio[name]


def test_a_predictor_that_tells_everybody_apart_is_not_tested():
    """Made up: the regression without penalty has no finite ratio; Firth's has."""
    test = proportional_hazards(np.arange(1.0, 21.0), [1] * 10 + [0] * 10, ["a"] * 10 + ["b"] * 10)
    assert test.refused == "not tested: the regression without penalty does not converge"
    assert test.terms.empty
