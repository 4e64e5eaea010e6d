"""Groups against each other: differences with intervals, tests made or refused in words."""

from math import comb

import numpy as np
import pandas as pd
import pytest

from caseseries.estimate.contrasts import contrast_groups
from caseseries.estimate.rates import rate_rows
from caseseries.model.cohort import Cohort
from caseseries.model.records import Records, type_table
from caseseries.model.results import TIMES
from unit.some_cohort import FIELDS as SOME

FIELDS = SOME | {"grouped_by": "drug"}


def contrasts(arms, times=(), unknown=0, drugs=None, **more):
    """Contrasts of arms given as {name: (events, n)}, each with some more not evaluable; times as (arm, day, cause)."""
    episodes, number = [], 0
    counted = pd.DataFrame(
        [
            {"group": arm or "not recorded", "definition": "as_reported", "analysis": "primary"} | row
            for arm, (events, n) in arms.items()
            for row in rate_rows("response_rate", events, n, unknown, 0.95)
        ]
    )
    for arm, (_, n) in arms.items():
        for _ in range(n + unknown):
            number += 1
            episodes.append({"episode_id": f"E{number}", "drug": (drugs or {}).get(arm, arm)})
    rows = []
    for arm, day, cause in times:
        number += 1
        episodes.append({"episode_id": f"E{number}", "drug": arm})
        rows.append({"episode_id": f"E{number}", "definition": "as_reported", "time": day, "cause": cause})
    records = Records("some-2020", {"episodes": type_table("episodes", pd.DataFrame(episodes, dtype=str))})
    timed = pd.DataFrame(rows, columns=list(TIMES))
    return contrast_groups(Cohort.model_validate(FIELDS | more), records, counted, timed, 0.95)


def test_difference_of_two_rates_has_newcombes_interval():
    """56/70 against 48/80: Newcombe (1998, Stat Med), table II, example (a), method 10."""
    frame = contrasts({"A": (56, 70), "B": (48, 80)})
    (row,) = frame[frame["statistic"] == "rate_difference"].itertuples()
    assert (row.group, row.contrast) == ("all", "A against B")
    assert [row.estimate, row.lower, row.upper] == pytest.approx([0.2, 0.0524, 0.3339], abs=5e-5)


def test_fishers_test_of_two_groups():
    """Caesarean in 6 of 17 and 16 of 16 (Lin 2023): the two tables no likelier than the one seen, counted by hand."""
    frame = contrasts({"responders": (6, 17), "others": (16, 16)})
    (row,) = frame[frame["statistic"] == "p_value"].itertuples()
    assert row.method == "Fisher's exact test"
    assert row.estimate == pytest.approx((comb(17, 11) + comb(16, 11)) / comb(33, 11), rel=1e-9)


def test_test_that_could_not_conclude_is_refused_in_words():
    frame = contrasts({"A": (1, 2), "B": (1, 2)})
    (row,) = frame[frame["statistic"] == "p_value"].itertuples()
    assert np.isnan(row.estimate)
    assert row.note.startswith("not compared: ")


def test_grays_test_names_its_event_and_is_refused_for_few():
    frame = contrasts({}, [("A", 3, "response"), ("A", 5, "delivery"), ("B", 4, "response")])
    (row,) = frame[frame["statistic"] == "p_value"].itertuples()
    assert (row.cause, row.events, row.n) == ("response", 2, 3)
    assert np.isnan(row.estimate)
    assert row.method == "Gray's test"
    assert row.note == "not compared: the smallest group has 1 subject, fewer than 5"


def test_contrasts_count_those_who_cannot_be_evaluated():
    frame = contrasts({"A": (9, 9), "B": (0, 9)}, unknown=2)
    assert set(zip(frame["statistic"], frame["events"], frame["n"], frame["not_evaluable"], strict=True)) == {
        ("rate_difference", 9, 18, 4),
        ("p_value", 9, 18, 4),
        ("groups_compared", 9, 18, 4),
    }


def test_grays_test_names_only_the_groups_that_it_compares():
    frame = contrasts({"C": (1, 2)}, [("A", 3, "response"), ("B", 4, "response"), ("B", 5, "censored")])
    assert set(frame["contrast"]) == {"A against B"}
    assert frame.set_index("statistic").loc["groups_compared", "estimate"] == 2


def test_grays_test_leaves_nobody_out_whose_day_is_not_known():
    times = [(arm, day, "response") for arm in "AB" for day in range(1, 9)] + [("A", np.nan, "response")]
    row = contrasts({}, times).set_index("statistic").loc["p_value"]
    assert (row.events, row.n) == (17, 17)
    assert row.note == "not compared: the day of 1 of 17 is known only as an interval"


def test_people_of_no_recorded_group_are_no_group():
    times = [(arm, day, "response") for arm in ("A", "B", "") for day in range(1, 8)]
    frame = contrasts({"A": (9, 9), "B": (0, 9), "": (4, 9)}, times)
    assert set(frame["contrast"]) == {"A against B"}
    assert set(frame["n"]) == {18, 14}
    assert contrasts({"A": (9, 9), "": (0, 9)}).empty


def test_only_an_interval_has_a_level():
    frame = contrasts({"A": (9, 9), "B": (0, 9)}).set_index("statistic")
    assert frame.loc["rate_difference", "level"] == 0.95
    assert np.isnan(frame.loc["p_value", "level"])


def test_cohort_without_groups_has_no_contrast():
    assert len(contrasts({"A": (5, 9), "B": (2, 9)}, grouped_by=None)) == 0


def test_three_groups_have_no_pairwise_difference():
    assert len(contrasts({"A": (5, 9), "B": (2, 9), "C": (3, 9)})) == 0


def test_groups_that_share_a_label_or_bear_a_reserved_word_are_compared_as_they_are():
    """Made-up rows of six and six; the interval by Newcombe's formula, p by R stats 4.2 fisher.test."""
    frame = contrasts({"“all”": (5, 6), "none": (1, 6)}, drugs={"“all”": "all"}).set_index("statistic")
    difference = frame.loc["rate_difference"]
    assert difference["contrast"] == "“all” against none"
    assert [difference[name] for name in ("estimate", "lower", "upper", "n")] == pytest.approx(
        [0.6667, 0.1055, 0.8599, 12], abs=5e-5
    )
    assert frame.loc["p_value", "estimate"] == pytest.approx(0.0801, abs=5e-5)


def test_the_number_of_groups_is_not_read_from_their_names():
    names = ("ALL (B / T)", "AML - low", "CML: high")
    times = [(name, day, "response") for name in names for day in range(1, 7)]
    frame = contrasts({}, times).set_index(["statistic", "method"])
    assert frame.loc[("groups_compared", "count"), "estimate"] == 3
    assert frame.loc[("p_value", "Gray's test"), "note"].endswith("on 2 df")


def test_the_log_rank_test_stands_beside_grays_where_nothing_competes():
    """R 4.2.2: survival 3.5-3, survdiff(Surv(1:12, rep(1, 12)) ~ g), 12.09 on 1 df, and cmprsk 2.2-11, cuminc(1:12,
    rep(1, 12), g)$Tests, 11.12966; g is six a, then six b."""
    days = [("A" if day < 7 else "B", day, "response") for day in range(1, 13)]
    tests = contrasts({}, days).query("statistic == 'p_value'").set_index("method")
    assert tests.loc["Gray's test", "estimate"] == pytest.approx(0.0008495799, rel=1e-6)
    assert tests.loc["log-rank test", "estimate"] == pytest.approx(5.058477e-04, rel=1e-6)
    competing = contrasts({}, [*days, ("A", 20, "delivery")]).query("statistic == 'p_value'")
    assert list(competing["method"]) == ["Gray's test"]
