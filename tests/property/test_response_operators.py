"""Each operator, alone and with many settings, on cohorts made to hit its edges: engine against plain evaluator."""

from __future__ import annotations

import random

import pytest

from caseseries.model.definition import Definition
from property.response_strategies import PLAIN, VALUES, random_episode
from property.test_response_engine import compare, compare_by_record, evidence_of_random

BASIS = {"C": "for the test"}
ENDS = ["<30", "<50", "<100", ">30", ">50", ">100", 30, 50, 100]
KINDS = ["rescue", "stop_drug", "delivery"]


def window(rng):
    first = rng.randint(-2, 20)
    return [first, first + rng.randint(0, 20)]


def grid(rng):
    first, step = rng.randint(0, 4), rng.choice([1, 1, 2, 3])
    result = {"weeks": [first, first + rng.randint(step, 6)], "step": step}
    if rng.random() < 0.7:
        result["tol"] = rng.randint(0, (7 * step - 1) // 2)
    if rng.random() < 0.5:
        result["origin"] = rng.randint(-1, 2)
    return result


def visits(made):
    return len(range(made["weeks"][0], made["weeks"][1] + 1, made["step"]))


def point(rng):
    x = rng.choice([30, 50, 100])
    return rng.choice([{"ge": x}, {"gt": x}, {"le": x}, {"all": [{"ge": x}, {"bleed_le": 0}]}, {"fold_ge": 2}])


def confirm(rng):
    rule = {"confirm": point(rng), "gap": rng.randint(0, 9), "between": rng.choice(["all", "any"])}
    return rule | ({"onset_in": window(rng)} if rng.random() < 0.6 else {})


def k_of(rng):
    made = grid(rng)
    rule = {"k_of": point(rng), "k": rng.randint(1, min(3, visits(made)))} | made
    return rule | ({"missing": "ignore", "min_obs": rng.randint(1, visits(made))} if rng.random() < 0.4 else {})


def frac_of(rng):
    made = grid(rng)
    share = sorted([rng.randint(1, 4), rng.randint(1, 4)])
    return {"frac_of": point(rng), "ge": share, "min_obs": rng.randint(1, min(3, visits(made)))} | made


def consec(rng):
    made = grid(rng)
    return {"consec": point(rng), "n": rng.randint(1, min(3, visits(made)))} | made


def none(rng):
    if rng.random() < 0.5:
        ends = window(rng)
        return {"none": ["rescue"], "window": [rng.choice([None, ends[0]]), rng.choice([None, ends[1]])]}
    return {"none": ["rescue", "delivery"], "after": "stop_drug", "days": rng.randint(0, 20)}


CONDITIONS = {
    "some": lambda rng: {"some": point(rng)},
    "confirm": confirm,
    "at": lambda rng: {"at": point(rng), "day": rng.randint(0, 30), "tol": rng.randint(0, 8)},
    "k_of": k_of,
    "frac_of": frac_of,
    "consec": consec,
    "sustain": lambda rng: {
        "sustain": point(rng),
        "start": rng.choice(KINDS),
        "days": rng.randint(1, 25),
        "max_gap": rng.randint(1, 15),
    },
    "last_before": lambda rng: {"last_before": point(rng), "event": rng.choice(KINDS), "within": rng.randint(0, 15)},
    "none": none,
    "exposed": lambda rng: {"exposed": "corticosteroid", "min_days": rng.randint(1, 61)},
}


def sharp(rng, focus):
    """A random episode in which the events and days that an operator looks at are frequent."""
    episode = random_episode(rng)
    if focus in ("same_day", "open_ends") or rng.random() < 0.3:
        values = ENDS if focus == "open_ends" else rng.choice([VALUES, PLAIN])
        spread = rng.choice([3, 12, 30])
        words = ["", "pre_event"]
        episode["counts"] = [(rng.randint(0, spread), rng.choice(values), rng.choice(words)) for _ in range(8)]
    if focus in ("sustain", "last_before", "none") and rng.random() < 0.8:
        episode["events"] += [(rng.randint(0, 10), kind) for kind in rng.sample(KINDS, 2)]
    if focus == "bleeding":
        spells = [(rng.randint(-5, 40), rng.randint(0, 6), rng.randint(0, 3)) for _ in range(2)]
        episode["bleeding"] = [(first, first + length, grade) for first, length, grade in spells]
    return episode


def check(raw, focus, rng, size=60):
    cohort = [sharp(rng, focus) for _ in range(size)]
    evidence = evidence_of_random(cohort)
    compare(Definition.model_validate(raw), raw, cohort, evidence)
    compare_by_record(Definition.model_validate(raw), raw, cohort, evidence)


def definition(when, rng, **more):
    one_a_day = [{"per_day": rng.choice(["min", "max", "first", "last"]), "basis": BASIS}]
    return {
        "id": "random",
        "label": "random",
        "population": "synthetic",
        "week_origin": 0,
        "basis": BASIS,
        "else": "no",
        "admit": one_a_day if rng.random() < 0.5 else [],
        "classes": [{"label": "yes", "when": when, "basis": BASIS}],
        "responses": ["yes"],
    } | more


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", CONDITIONS)
def test_condition(name, seed):
    rng = random.Random(f"{name}{seed}")
    check(definition(CONDITIONS[name](rng), rng), name, rng)


@pytest.mark.parametrize("seed", range(12))
def test_confirm_with_onset_window_and_policies(seed):
    rng = random.Random(f"onset{seed}")
    when = confirm(rng) | {"onset_in": window(rng)}
    policy = {"open_at_end": rng.choice(["not_evaluable", "accept", "failure"])}
    check(definition(when, rng, choices=policy), "same_day", rng)


@pytest.mark.parametrize("which", ["min", "max", "first", "last"])
@pytest.mark.parametrize("sign", ["ge", "gt", "le", "lt"])
def test_one_count_a_day(which, sign):
    rng = random.Random(which + sign)
    for x in (30, 50, 100):
        admit = [{"per_day": which, "basis": BASIS}]
        check(definition({"some": {sign: x}}, rng, admit=admit), "open_ends", rng, 40)
        check(definition({"at": {sign: x}, "day": 4, "tol": 4}, rng, admit=admit), "open_ends", rng, 40)


@pytest.mark.parametrize("look_back", ["same_day", "since_previous"])
@pytest.mark.parametrize("grade", [0, 1, 2])
def test_bleeding(look_back, grade):
    rng = random.Random(f"{look_back}{grade}")
    criterion = {"bleed_le": grade, "look_back": look_back}
    check(definition({"confirm": criterion, "gap": 3}, rng), "bleeding", rng, 150)
    check(definition({"k_of": criterion, "k": 2, "weeks": [0, 4]}, rng, admit=[]), "bleeding", rng, 150)


@pytest.mark.parametrize("seed", range(10))
def test_clocks(seed):
    rng = random.Random(f"clocks{seed}")
    clock = {
        "of": [{"ge": 100}, {"ge": 30}],
        "gap": rng.randint(0, 7),
        "between": rng.choice(["all", "any"]),
        "onset": rng.choice(["first", "confirming"]),
        "basis": BASIS,
    }
    when = {key: clock[key] for key in ("gap", "between")}
    raw = definition({"confirm": {"ge": 100}} | when, rng) | {
        "classes": [
            {"label": "CR", "when": {"confirm": {"ge": 100}} | when, "basis": BASIS},
            {"label": "R", "when": {"confirm": {"ge": 30}} | when, "basis": BASIS},
        ],
        "responses": ["CR", "R"],
        "complete": "CR",
        "ttr": clock,
        "loss_cr": {"from": "CR", "of": {"lt": 100}, "gap": rng.randint(0, 4), "basis": BASIS},
        "loss_r": {"from": ["CR", "R"], "of": {"lt": 30}, "gap": rng.randint(0, 4), "basis": BASIS},
    }
    check(raw, "same_day", rng, 120)


@pytest.mark.parametrize("rule", ["last7", "mean_screen", "min14"])
def test_baseline_rules(rule):
    rng = random.Random(rule)
    cohort = [sharp(rng, "same_day") for _ in range(120)]
    for episode in cohort:
        episode["counts"] = [
            (day - rng.choice([0, 10, 15]), value, word) for day, value, word in episode["counts"] if day is not None
        ] + [(20, 60, "")]
        episode["events"] = [(rng.randint(-20, 0), "platelet_transfusion")] if rng.random() < 0.6 else []
    for criterion in ({"fold_ge": 2}, {"fold_ge": 1.5}, {"delta_ge": 20}, {"fold_le": 0.5}, {"delta_le": -5}):
        raw = definition(
            {"some": criterion},
            rng,
            choices={"baseline": rule, "zero_baseline": rng.choice(["satisfied", "unknown"])},
            admit=[{"window": [1, None], "basis": BASIS}],
        )
        compare(Definition.model_validate(raw), raw, cohort, evidence_of_random(cohort))


@pytest.mark.parametrize("method", ["step", "linear"])
def test_time_in(method):
    rng = random.Random(method)
    for criterion in ({"ge": 50}, {"gt": 30}, {"all": [{"ge": 30}, {"bleed_le": 0}]}, {"fold_ge": 2}):
        raw = definition({}, rng) | {"measure": {"time_in": criterion, "method": method, "basis": BASIS}}
        raw = {key: value for key, value in raw.items() if key not in ("classes", "else", "responses")}
        check(raw, "same_day", rng, 60)
