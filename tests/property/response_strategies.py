"""Random episodes and random definitions, rich in ties, edges and unknowns."""

from __future__ import annotations

import random

from hypothesis import strategies as st

VALUES = [
    0,
    5,
    9,
    10,
    15,
    20,
    29.9,
    30,
    31,
    40,
    49.9,
    50,
    51,
    69,
    70,
    99,
    100,
    101,
    120,
    400,
    401,
    "<5",
    "<20",
    "<30",
    "<50",
    "<60",
    "<100",
    "<101",
    ">30",
    ">50",
    ">99",
    ">100",
    ">400",
]
KINDS = ["rescue", "platelet_transfusion", "itp_therapy", "stop_drug", "delivery", "death", "lost"]

PLAIN = [10, 20, 30, 40, 50, 60, 99, 100, 120]
DAYS = [
    lambda rng: rng.randint(-9, 40),
    lambda rng: rng.randint(0, 20),
    lambda rng: 7 * rng.randint(0, 27) + rng.choice([0, 0, 0, -4, -3, 3, 4, 1]),
    lambda rng: rng.choice([rng.randint(0, 420), 7, 28, 100, 182, 280, 281, 365]),
]
"""Ways to draw days: around the first dose, close together, by week, over more than a year."""


def random_episode(rng):
    """One random episode in the form of the plain evaluator."""
    day = rng.choice(DAYS)
    values = rng.choice([PLAIN, PLAIN, VALUES, [28, 30, 32, "<30", ">30"]])
    counts = [(day(rng), rng.choice(values), "") for _ in range(rng.choice([0, 1, 3, 5, 8, 12]))]
    days = [d for d, _, _ in counts] or [0]
    for _ in range(rng.choice([0, 0, 1, 3])):
        counts.append((rng.choice(days), rng.choice(VALUES), rng.choice(["", "pre_event"])))
    if rng.random() < 0.2:
        counts.append((None, rng.choice(VALUES), rng.choice(["best", "delivery", "nadir", "baseline"])))
    rng.shuffle(counts)

    def when():
        return rng.choice(days) if rng.random() < 0.5 else day(rng)

    def spell(longest, *more):
        first = when()
        return (first, first + rng.randint(0, longest), *more)

    bleeding = rng.choice([None, [], [], [spell(9, rng.randint(0, 4)) for _ in range(rng.randint(0, 2))]])
    courses = [("corticosteroid" if rng.random() < 0.8 else "TPO", *spell(70)) for _ in range(rng.choice([0, 0, 1, 3]))]
    if rng.random() < 0.1:
        courses.append(("corticosteroid", *rng.choice([(None, 20), (3, None), (None, None)])))
    return {
        "baseline": rng.choice([None, 0, 5, 10, 10, 15, 20, 25, 30, 50, 60, "<5", "<20", ">50"]),
        "counts": counts,
        "bleeding": bleeding,
        "events": [(when(), rng.choice(KINDS)) for _ in range(rng.choice([0, 0, 1, 2, 4]))],
        "exposures": courses,
        "follow_up_end": rng.choice([None, rng.randint(0, 60), rng.randint(0, 400)]),
        "reported": rng.choice(["", "CR", "R", "NR", "responded"]),
        "reported_time": rng.choice([None, rng.randint(0, 40)]),
        "bleeding_to": rng.choice([None, None, rng.randint(0, 60)]),
        "visits": rng.choice(["planned", "routine"]),
    }


def cohorts(smallest=1, largest=40):
    """Random cohorts; a failing one shrinks in size."""
    return st.builds(
        lambda size, seed: [random_episode(random.Random(f"{seed}:{number}")) for number in range(size)],
        st.integers(smallest, largest),
        st.integers(0, 10**9),
    )


thresholds = st.sampled_from([5, 10, 20, 30, 50, 99, 100, 400])
simple_points = st.one_of(
    st.builds(lambda key, x: {key: x}, st.sampled_from(["ge", "gt", "le", "lt"]), thresholds),
    st.builds(lambda a, b: {"in": sorted([a, b])}, thresholds, thresholds),
    st.builds(lambda k: {"fold_ge": k}, st.sampled_from([1, 1.5, 2, 3])),
    st.builds(lambda x: {"delta_ge": x}, st.sampled_from([-5, 0, 5, 20])),
    st.builds(lambda k: {"fold_le": k}, st.sampled_from([0.1, 0.5, 1, 2])),
    st.builds(lambda x: {"delta_le": x}, st.sampled_from([-20, -5, 0, 5])),
    st.builds(
        lambda g, back: {"bleed_le": g, "look_back": back},
        st.integers(0, 2),
        st.sampled_from(["same_day", "since_previous"]),
    ),
)
points = st.recursive(
    simple_points,
    lambda inner: st.one_of(
        st.builds(
            lambda key, parts: {key: parts}, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3)
        ),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=4,
)
windows = st.tuples(st.integers(-3, 30), st.integers(0, 30)).map(lambda w: [w[0], w[0] + w[1]])
open_windows = st.builds(
    lambda w, a, b: [w[0] if a else None, w[1] if b else None], windows, st.booleans(), st.booleans()
)


@st.composite
def grids(draw):
    """Keys of a visit grid."""
    first, length, step = draw(st.integers(0, 8)), draw(st.integers(0, 10)), draw(st.sampled_from([1, 1, 2, 3]))
    grid = {"weeks": [first, first + length], "step": step}
    if draw(st.booleans()):
        grid["tol"] = draw(st.integers(0, (7 * step - 1) // 2))
    if draw(st.booleans()):
        grid["origin"] = draw(st.integers(-1, 2))
    return grid


def visits(grid):
    return len(range(grid["weeks"][0], grid["weeks"][1] + 1, grid["step"]))


@st.composite
def operators(draw):
    """One condition without and, or, not."""
    name = draw(
        st.sampled_from(
            ["some", "confirm", "at", "k_of", "frac_of", "consec", "sustain", "last_before", "none", "exposed"]
        )
    )
    point = draw(points)
    if name == "confirm":
        rule = {"confirm": point, "gap": draw(st.integers(0, 10)), "between": draw(st.sampled_from(["all", "any"]))}
        return rule | ({"onset_in": draw(windows)} if draw(st.booleans()) else {})
    if name == "at":
        return {"at": point, "day": draw(st.integers(0, 60)), "tol": draw(st.integers(0, 15))}
    if name in ("k_of", "frac_of", "consec"):
        grid = draw(grids())
        number = draw(st.integers(1, visits(grid)))
        if name == "consec":
            if draw(st.booleans()):
                days = draw(windows)
                return {"consec": point, "n": min(number, days[1] - days[0] + 1), "unit": "day", "days": days}
            return {"consec": point, "n": number} | grid
        least = draw(st.integers(1, visits(grid)))
        if name == "frac_of":
            share = sorted([draw(st.integers(1, 4)), draw(st.integers(1, 4))])
            return {"frac_of": point, "ge": share, "min_obs": least} | grid
        ignore = {"missing": "ignore", "min_obs": least} if draw(st.booleans()) else {}
        return {"k_of": point, "k": number} | grid | ignore
    if name == "sustain":
        return {
            "sustain": point,
            "start": draw(st.sampled_from(KINDS)),
            "days": draw(st.integers(1, 60)),
            "max_gap": draw(st.integers(1, 40)),
        }
    if name == "last_before":
        return {"last_before": point, "event": draw(st.sampled_from(KINDS)), "within": draw(st.integers(0, 20))}
    if name == "none":
        kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=2))
        if draw(st.booleans()):
            return {"none": kinds, "window": draw(open_windows)}
        return {"none": kinds, "after": draw(st.sampled_from(KINDS)), "days": draw(st.integers(0, 30))}
    if name == "exposed":
        return {"exposed": "corticosteroid", "min_days": draw(st.integers(1, 61))}
    return {"some": point}


conditions = st.recursive(
    operators(),
    lambda inner: st.one_of(
        st.builds(
            lambda key, parts: {key: parts}, st.sampled_from(["and", "or"]), st.lists(inner, min_size=1, max_size=2)
        ),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=3,
)
BASIS = {"C": "for the test"}
wide = st.tuples(st.sampled_from([None, -3, 0, 1, 5]), st.sampled_from([None, None, 20, 40, 84])).map(list)
steps = st.one_of(
    st.builds(lambda w: {"window": w, "basis": BASIS}, wide),
    st.builds(
        lambda kind, n: {"drop": {"after": kind, "days": n}, "basis": BASIS}, st.sampled_from(KINDS), st.integers(0, 20)
    ),
    st.builds(lambda which: {"per_day": which, "basis": BASIS}, st.sampled_from(["min", "max", "first", "last"])),
)
choices = st.fixed_dictionaries(
    {},
    optional={
        "after_delivery": st.sampled_from(["exclude", "include"]),
        "baseline": st.sampled_from(["last7", "mean_screen", "min14"]),
        "bleeding_unknown": st.sampled_from(["unknown", "none"]),
        "zero_baseline": st.sampled_from(["satisfied", "unknown"]),
        "open_at_end": st.sampled_from(["not_evaluable", "accept", "failure"]),
        "visits": st.sampled_from(["cohort", "planned", "routine"]),
    },
)


@st.composite
def definitions(draw):
    """One random definition as written data."""
    cut = draw(st.lists(st.sampled_from(KINDS), max_size=draw(st.sampled_from([0, 0, 2]))))
    common = {
        "id": "random",
        "label": "random",
        "population": "synthetic",
        "week_origin": draw(st.integers(-1, 1)),
        "basis": BASIS,
        "admit": draw(st.lists(steps, max_size=4)),
        "choices": draw(choices),
        "cut_at": cut,
        "cut_resolves_unknown": draw(st.booleans()) and bool(cut),
    }
    if draw(st.integers(0, 5)) == 0:
        if draw(st.booleans()):
            return common | {"measure": {"count_of": draw(points), "basis": BASIS} | draw(grids())}
        method = draw(st.sampled_from(["step", "linear"]))
        return common | {"measure": {"time_in": draw(points), "method": method, "basis": BASIS}}
    labels = ["A", "B", "C"][: draw(st.integers(1, 3))]
    classes = [{"label": label, "when": draw(conditions), "basis": BASIS} for label in labels]
    result = common | {"classes": classes, "else": "D", "responses": labels, "complete": "A"}
    if draw(st.integers(0, 3)):
        of = st.one_of(thresholds.map(lambda x: {"ge": x}), points)
        clock = {
            "of": draw(st.lists(of, min_size=1, max_size=2)),
            "between": draw(st.sampled_from(["all", "any"])),
            "onset": draw(st.sampled_from(["first", "confirming"])),
            "basis": BASIS,
        }
        if draw(st.integers(0, 4)) == 0:
            clock["n"] = draw(st.integers(1, 3))
        elif draw(st.booleans()):
            clock["gap"] = draw(st.integers(0, 8))
            if draw(st.booleans()):
                clock["onset_in"] = draw(windows)
        result["ttr"] = clock
        for name in ("loss_cr", "loss_r"):
            if draw(st.booleans()):
                losing = st.one_of(thresholds.map(lambda x: {"lt": x}), points)
                result[name] = {"from": labels, "of": draw(losing), "gap": draw(st.integers(0, 5)), "basis": BASIS}
    return result
