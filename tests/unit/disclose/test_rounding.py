"""Numbers of people to the nearest multiple, and what is made of the rounded numbers."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from caseseries.disclose.gate import leaks, secret_of
from caseseries.disclose.rounding import rounded, rounded_people, rounded_rates
from caseseries.model.records import Records, empty_table
from caseseries.seal.outputs import outputs_of
from unit.some_cohort import restricted_cohort, some_cohort


def test_counts_go_to_the_nearest_multiple_and_halves_up():
    assert rounded(pd.Series([0, 8, 12, 13, 17, np.nan]), 5).tolist()[:5] == [0, 10, 10, 15, 15]
    assert rounded(15, 10) == 20
    assert np.isnan(rounded(np.nan, 5))


def test_a_rate_and_its_interval_are_those_of_the_rounded_numbers():
    """31 of 52 -> 30 of 50; R 4.2.2, prop.test(30, 50, correct = FALSE) and binom.test(30, 50)."""
    told = {"events": 31, "n": 52, "not_evaluable": 12, "level": 0.95, "estimate": 31 / 52, "lower": 0.4, "upper": 0.8}
    rates = rounded_rates(pd.DataFrame([told | {"method": name} for name in ("Wilson", "Clopper-Pearson")]), 5)
    assert rates[["events", "n", "not_evaluable"]].to_numpy().tolist() == [[30, 50, 10]] * 2
    assert rates["estimate"].tolist() == [0.6, 0.6]
    assert rates[["lower", "upper"]].to_numpy().ravel() == pytest.approx(
        [0.461814377, 0.723916103, 0.451794028, 0.735921605], abs=1e-8
    )


def ended(*cells):
    """Times with so many people who ended on a day in a way."""
    rows = [(day, cause) for day, cause, number in cells for _ in range(number)]
    times = pd.DataFrame(rows, columns=["time", "cause"]).assign(definition="as_reported_response")
    return times.assign(episode_id=[f"E{place}" for place in range(len(rows))])


def counted(times, base, least):
    nobody = Records("site", {"episodes": empty_table("episodes")})
    _, moved = rounded_people(nobody, times, np.zeros(len(times), dtype=int), base, least)
    return moved.groupby(["time", "cause"]).size().to_dict()


def test_events_by_the_end_of_each_block_are_the_nearest_multiple():
    times = ended((10.0, "response", 12), (20.0, "response", 11), (20.0, "censored", 29))
    assert counted(times, 5, 10) == {(10, "response"): 10, (20, "response"): 15, (20, "censored"): 25}


@pytest.mark.parametrize(
    ("event", "censored", "death", "told"),
    [(27, 14, 14, (25, 15, 15)), (27, 11, 11, (25, 15, 10)), (27, 12, 20, (25, 10, 25)), (28, 13, 13, (30, 10, 15))],
)
def test_whom_rounding_adds_or_takes_away_did_not_have_the_event(event, censored, death, told):
    """All together are the rounded number of people: of 27, 11 and 11, which are 49, a five more was censored."""
    times = ended((10.0, "response", event), (10.0, "censored", censored), (10.0, "death", death))
    assert sum(told) == rounded(len(times), 5)
    assert counted(times, 5, 10) == {
        (10.0, how): n for how, n in zip(("response", "censored", "death"), told, strict=True)
    }


def test_no_curve_is_told_where_a_part_would_be_rounded_below_what_may_be_told():
    times = ended((10.0, "response", 8), (10.0, "censored", 8), (20.0, "response", 8), (20.0, "censored", 8))
    assert counted(times, 5, 5)
    assert not counted(times, 5, 10)


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"rounding": 1}, "greater than or equal to 2"),
        ({"rounding": "5"}, "valid integer"),
        ({"rounding": 12}, "rounding must be no more than the threshold, here 10"),
        ({"profile": "published", "rounding": 5}, "only a restricted cohort is rounded, and this one is published"),
    ],
)
def test_what_cannot_be_rounded_is_refused(said, rule):
    with pytest.raises(ValidationError, match=rule):
        restricted_cohort(disclosure=said)


@pytest.mark.parametrize(
    ("text", "found"), [("mine,20,40\n", False), ("mine,21,40\n", True), ("mine,5,40\n", True), ("mine,20,43\n", True)]
)
def test_a_number_that_is_not_rounded_ends_at_the_gate(tmp_path, text, found):
    cohort = restricted_cohort(id="mine", disclosure={"rounding": 5})
    records = Records("mine", {"episodes": empty_table("episodes")})
    secret = secret_of(cohort, records, tmp_path)
    release = tmp_path / "release"
    (release / "mine").mkdir(parents=True)
    (release / "mine" / "estimates.csv").write_text("cohort,events,n\n" + text)
    rule = "it counts fewer than 10 people, or not to the nearest 5"
    assert [finding.rule for finding in leaks(release, [secret])] == [rule] * found
    (release / "mine" / "estimates.csv").write_text(f"Response\n{text[5:].replace(',', ' of ')}")
    assert bool(leaks(release, [secret])) is found


def test_the_difference_of_two_rounded_numbers_may_be_the_last_multiple_below_the_threshold(tmp_path):
    """Of at least 8: 30 of 35 stands for 28 of 36 too, and is told."""
    records = Records("mine", {"episodes": empty_table("episodes")})
    secret = secret_of(restricted_cohort(id="mine", disclosure={"threshold": 8, "rounding": 5}), records, tmp_path)
    assert not secret.telling(5) and secret.telling(3) and secret.telling(8)
    assert secret.counted == "it counts fewer than 8 people, or not to the nearest 5"


def test_a_checker_of_outputs_reads_that_numbers_are_rounded(tmp_path):
    (tmp_path / "index.json").write_text("{}")
    found = outputs_of(tmp_path, ["index.json"], [restricted_cohort(disclosure={"rounding": 5})])
    assert found["rule"].tolist() == ["no number from 1 to 9, none that follows from others; numbers to the nearest 5"]
    exact = outputs_of(tmp_path, ["index.json"], [restricted_cohort(), some_cohort()])
    assert "nearest" not in exact["rule"].iloc[0]
