"""Bad input: one clear error with every fault, naming arguments and positions, never a value. Edge cases: defined."""

import subprocess
import sys

import numpy as np
import pytest

import caseseries.estimate as estimate

CODES = "(for example: 1 for the event, 0 for censored)"
SECRET = -77.25  # stands for a person's value, which no message may carry


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: estimate.kaplan_meier([1, SECRET, 3], [1, 0, 1]),
            "time: 1 of 3 values (position 1) negative; times count from the start (for example: 14)",
        ),
        (
            lambda: estimate.kaplan_meier([1, np.nan, np.inf], [1, 0, 1]),
            "time: 2 of 3 values (positions 1, 2) missing or infinite (for example: 14)",
        ),
        (
            lambda: estimate.kaplan_meier([1, 2], [1, 0.5]),
            "event: 1 of 2 values (position 1) not a whole number from 0 to 1 " + CODES,
        ),
        (
            lambda: estimate.kaplan_meier([1, 2], [1, 2]),
            "event: 1 of 2 values (position 1) not a whole number from 0 to 1 " + CODES,
        ),
        (
            lambda: estimate.kaplan_meier([1, 2], [1, np.nan]),
            "event: 1 of 2 values (position 1) missing (for example: 1 for the event, 0 for censored)",
        ),
        (
            lambda: estimate.kaplan_meier([1, 2, 3], [1, 0]),
            "all arguments need one value per subject: time has 3, event has 2",
        ),
        (lambda: estimate.kaplan_meier([], []), "time, event: at least 1 subject needed"),
        (lambda: estimate.kaplan_meier(["a", "b"], [1, 0]), "time: must be numbers (for example: 14)"),
        (lambda: estimate.kaplan_meier([[1, 2]], [1, 0]), "time: must be one-dimensional (for example: [3, 7, 14])"),
        (
            lambda: estimate.kaplan_meier([1, 2], [1, 0], entry=[0, 2]),
            "entry: must come before time (for example: entry 3, time 14)",
        ),
        (
            lambda: estimate.cumulative_incidence([-1, 2], [1.5, 0]),
            "time: 1 of 2 values (position 0) negative; times count from the start (for example: 14); "
            "cause: 1 of 2 values (position 0) not a whole number from 0 " + CODES,
        ),
        (
            lambda: estimate.cumulative_incidence([1, 2], [-1, 0]),
            "cause: 1 of 2 values (position 0) not a whole number from 0 " + CODES,
        ),
        (
            lambda: estimate.kaplan_meier(np.full(9, -1.0), np.ones(9)),
            "time: 9 of 9 values (positions 0, 1, 2, 3, 4, ...) negative; times count from the start (for example: 14)",
        ),
        (
            lambda: estimate.restricted_mean([1, 2], [1, 0], 5),
            "tau: must not lie beyond the last time observed (for example: the shortest follow-up wanted)",
        ),
        (lambda: estimate.restricted_mean([1, 2], [1, 0], 0), "tau: must be a positive time (for example: 28)"),
        (
            lambda: estimate.time_lost([1, 2], [1, 0], 5),
            "tau: must not lie beyond the last time observed (for example: the shortest follow-up wanted)",
        ),
        (lambda: estimate.time_lost([1, 2], [1, 0], np.nan), "tau: must be a positive time (for example: 28)"),
        (
            lambda: estimate.quantile(estimate.kaplan_meier([1, 2], [1, 1]), 1),
            "p: must lie between 0 and 1 (for example: 0.5)",
        ),
        (lambda: estimate.turnbull([5, 1], [3, 2]), "left: must not lie beyond right (for example: left 7, right 14)"),
        (lambda: estimate.turnbull([1], [np.nan]), "right: 1 of 1 values (position 0) missing (for example: 14)"),
        (
            lambda: estimate.proportion(5, 4),
            "events and n: must be whole numbers with 0 <= events <= n (for example: events 2, n 4)",
        ),
        (
            lambda: estimate.proportion(1.5, 4),
            "events and n: must be whole numbers with 0 <= events <= n (for example: events 2, n 4)",
        ),
        (lambda: estimate.proportion(1, 4, level=95), "level: must lie between 0 and 1 (for example: 0.95)"),
        (
            lambda: estimate.proportion(1, 4, method="wald"),
            "method: must be one of wilson, clopper_pearson, jeffreys, mid_p, blaker (for example: wilson)",
        ),
        (
            lambda: estimate.pool_proportions([1, 2], [4]),
            "events and n: one value each per group needed (for example: events 2, n 4)",
        ),
        (
            lambda: estimate.pool_proportions([0, 2], [0, 4]),
            "n: at least one cohort, each with an evaluable case, is needed (for example: events [2], n [4])",
        ),
        (
            lambda: estimate.leave_one_out([2], [4]),
            "events and n: leaving one cohort out needs at least two (for example: events [2, 5], n [4, 9])",
        ),
        (
            lambda: estimate.log_rank([1, 2], [1, 0], ["a", None]),
            "group: 1 of 2 values (position 1) missing (for example: romiplostim)",
        ),
        (
            lambda: estimate.firth_logistic([1, 0], [1.0, np.nan]),
            "predictor: 1 of 2 values (position 1) missing (for example: 31, or yes)",
        ),
        (
            lambda: estimate.gee_rate([1, 0], ["P01", None]),
            "person: 1 of 2 values (position 1) missing (for example: P07)",
        ),
        (
            lambda: estimate.cohen_kappa(["CR", None], ["CR", "R"]),
            "first: 1 of 2 values (position 1) missing (for example: CR)",
        ),
        (
            lambda: estimate.landmark([1, 2], [1, 0], [-1, 1], 7),
            "reached: must not be negative; empty where never reached (for example: 7)",
        ),
        (
            lambda: estimate.firth_logistic([1, 0], [1.0, np.inf]),
            "predictor: 1 of 2 values (position 1) infinite (for example: 31, or yes)",
        ),
        (
            lambda: estimate.proportion("two", 4),
            "events and n: must be whole numbers with 0 <= events <= n (for example: events 2, n 4)",
        ),
        (lambda: estimate.landmark([1, 2], [1, 0], ["never", 1], 7), "reached: must be numbers (for example: 7)"),
        (
            lambda: estimate.number_at_risk([1, 2], [1, 0], [0, np.nan]),
            "at: 1 of 2 values (position 1) missing or infinite (for example: 14)",
        ),
        (
            lambda: estimate.number_at_risk([1, 2], [1, 0], [0], entry=[1, 0]),
            "entry: must come before time (for example: entry 3, time 14)",
        ),
        (lambda: estimate.landmark([1, 2], [1, 0], [1, 1], -7), "day: must be a time from 0 (for example: 28)"),
    ],
)
def test_bad_input_is_said_clearly(call, message):
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == message
    assert str(SECRET) not in message


def test_gray_test_never_takes_the_event_by_position():
    with pytest.raises(TypeError):
        estimate.gray_test([1, 2], [1, 0], ["a", "b"], 2)


@pytest.mark.parametrize("given", [[True, False], np.array([1, 0], dtype=np.uint8), [1.0, 0.0]])
def test_events_may_be_any_whole_numbers(given):
    assert list(estimate.kaplan_meier([1, 2], given)["events"]) == [1, 0]


def test_importing_loads_no_heavy_library():
    heavy = ["scipy.stats", "scipy.optimize", "statsmodels", "lifelines", "matplotlib", "pandera", "firthmodels"]
    code = f"import sys, caseseries.estimate; print([m for m in {heavy} if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert said.strip() == "[]"
