"""Verdicts on published claims."""

from decimal import Decimal

import pandas as pd
import pytest

from caseseries.model.claim import Claim, load_claims
from caseseries.model.findings import BadInput
from caseseries.model.results import ESTIMATES
from caseseries.reconcile.grounds import COUNTED, Grounds
from caseseries.reconcile.judge import judge_claims
from caseseries.reconcile.rounding import agrees

NO_DESCRIPTION = pd.DataFrame(columns=["variable", "group", "value"])


def judge(one, estimates, description, **more):
    """The row of claims.csv of one claim."""
    return judge_claims([one], Grounds(estimates, description, **more))[0]


def counted(events, n, origin, outcome="response"):
    """aggregates.csv with one row."""
    row = {"group": "all", "outcome": outcome, "events": events, "n": n, "origin": origin}
    return {"aggregates": pd.DataFrame([row], columns=list(COUNTED))}


def rate(events, n, *, analysis="primary", statistic="response_rate", cause="", group="all"):
    """Estimates with one rate."""
    row = {
        "statistic": statistic,
        "definition": "as_reported",
        "group": group,
        "analysis": analysis,
        "cause": cause,
        "events": events,
        "n": n,
        "estimate": events / n if n else float("nan"),
    }
    return pd.DataFrame([row]).reindex(columns=list(ESTIMATES))


def claim(says, **more):
    """A claim on a response rate."""
    return Claim.model_validate(
        {"id": "responders", "says": says, "statistic": "response_rate", "where": "abstract"} | more
    )


def test_same_numbers_are_reproduced():
    row = judge(claim({"events": 2, "n": 4, "percent": 50}), rate(2, 4), NO_DESCRIPTION)
    assert row["verdict"] == "reproduced"
    assert (row["published"], row["ours"]) == ("2 of 4, 50 %", "2 of 4, 50 %")
    assert row["reason"] == "from 4 evaluable cases"


def test_other_numbers_differ_and_are_named():
    row = judge(claim({"events": 3, "n": 4}), rate(2, 4), NO_DESCRIPTION)
    assert row["verdict"] == "differs"
    assert row["reason"].startswith("events is not the same")


def test_numbers_that_contradict_each_other_are_inconsistent_whatever_ours_are():
    """A review prints 24 of 31 as 74.2 %, which is 23 of 31 (Kong 2017)."""
    row = judge(claim({"events": 24, "n": 31, "percent": 74.2}), rate(24, 31), NO_DESCRIPTION)
    assert row["verdict"] == "inconsistent"
    assert row["reason"] == "24 of 31 is 77.42 %, printed as 74.2 %; 23 of 31 would give it"


def test_our_number_stands_beside_a_contradiction_where_there_is_one():
    says = {"events": 24, "n": 31, "percent": 74.2}
    assert judge(claim(says), rate(23, 31), NO_DESCRIPTION)["ours"] == "23 of 31, 74.19 %"
    assert judge(claim(says), rate(0, 0), NO_DESCRIPTION)["ours"] == ""
    assert judge(claim(says, incomplete="a row is missing"), rate(23, 31), NO_DESCRIPTION)["ours"] == ""


def test_a_percentage_that_was_cut_off_is_called_so():
    """Michel 2020 prints 10 of 17, which is 58.8 %, as 58 %."""
    row = judge(claim({"events": 10, "n": 17, "percent": 58}), rate(10, 17), NO_DESCRIPTION)
    assert row["verdict"] == "inconsistent"
    assert row["reason"] == "10 of 17 is 58.8 %, printed as 58 %: cut off, not rounded"


def test_nothing_evaluable_is_not_derivable():
    row = judge(claim({"events": 2, "n": 4}), rate(0, 0), NO_DESCRIPTION)
    assert row["verdict"] == "not_derivable"
    assert row["ours"] == ""


def test_gap_in_the_transcription_is_not_derivable_with_its_reason():
    row = judge(
        claim({"percent": 77}, incomplete="four of the pregnancies could not be read"), rate(9, 12), NO_DESCRIPTION
    )
    assert (row["verdict"], row["reason"]) == ("not_derivable", "four of the pregnancies could not be read")


def test_printed_counts_are_said_to_be_the_basis():
    printed = rate(23, 31, analysis="aggregate")
    row = judge(claim({"events": 23, "n": 31}), printed, NO_DESCRIPTION, **counted(23, 31, "printed"))
    assert (row["verdict"], row["reason"]) == ("consistent", "from the counts in print, 23 of 31")


@pytest.mark.parametrize(
    ("says", "origin", "verdict"),
    [
        ({"percent": 30}, "printed", "reproduced"),
        ({"events": 6, "n": 20, "percent": 30}, "printed", "consistent"),
        ({"percent": 30}, "derived", "not_derivable"),
        ({"events": 6, "n": 20, "percent": 30}, "derived", "consistent"),
        ({"percent": 31}, "derived", "differs"),
        ({"events": 7, "n": 20}, "printed", "differs"),
    ],
)
def test_a_count_that_was_made_from_the_claim_reproduces_nothing(says, origin, verdict):
    """Only a printed count that the claim does not hold itself is a second source."""
    printed = rate(6, 20, analysis="aggregate")
    row = judge(claim(says), printed, NO_DESCRIPTION, **counted(6, 20, origin))
    assert row["verdict"] == verdict


def test_rows_that_were_written_from_a_total_reproduce_nothing():
    one = claim({"events": 2, "n": 4, "percent": 50})
    row = judge(one, rate(2, 4), NO_DESCRIPTION, from_totals=True)
    assert row["verdict"] == "consistent"
    assert "the rows of cases say no more than the printed total" in row["reason"]
    description = pd.DataFrame([{"variable": name, "group": "all", "value": 4.0} for name in ("episodes", "patients")])
    size = claim({"value": 4, "unit": "patients"}, statistic="n_episodes")
    assert judge(size, rate(2, 4), description, from_totals=True)["verdict"] == "not_derivable"
    assert judge(claim({"events": 3, "n": 4}), rate(2, 4), NO_DESCRIPTION, from_totals=True)["verdict"] == "differs"


def test_number_of_cases_comes_from_the_description():
    description = pd.DataFrame([{"variable": name, "group": "all", "value": 4.0} for name in ("episodes", "patients")])
    one = claim({"value": 4, "unit": "patients"}, statistic="n_episodes")
    assert judge(one, rate(2, 4), description)["verdict"] == "reproduced"
    assert judge(one, rate(2, 4), description.assign(value=5.0))["verdict"] == "differs"


def test_cause_chooses_the_outcome():
    both = pd.concat(
        [
            rate(0, 4, statistic="outcome_rate", cause="newborn_adverse_event"),
            rate(2, 4, statistic="outcome_rate", cause="dizziness"),
        ]
    )
    one = claim({"events": 2}, statistic="outcome_rate", cause="dizziness")
    assert judge(one, both, NO_DESCRIPTION)["verdict"] == "reproduced"


@pytest.mark.parametrize(
    ("printed", "ours", "same"),
    [
        ("74.2", 74.1935, True),
        ("74.2", 74.149, False),
        ("74", 74.5, True),
        ("74", 74.51, False),
        ("0.03", 0.0271, True),
        ("58", 58.82, False),
        ("50", 50.4, True),
        ("50.0", 50.4, False),
        ("0.10", 0.094, False),
    ],
)
def test_printed_decimals_decide_agreement(printed, ours, same):
    assert agrees(Decimal(printed), ours) is same


def test_a_zero_at_the_end_is_a_decimal_that_was_printed():
    printed = claim({"percent": 50.0})
    assert judge(printed, rate(63, 125), NO_DESCRIPTION)["verdict"] == "differs"
    assert judge(claim({"percent": 50}), rate(63, 125), NO_DESCRIPTION)["verdict"] == "reproduced"


ARMS = {"a": ["1", "2", "3", "4", "5", "6"], "b": ["7", "8", "9", "10", "11", "12"]}
DAYS = [6, 13, 21, 30, 31, 37, 19, 33, 41, 52, 60, 71]
LEFT = [5, 8, 10, 12]
"""Two arms of six with deaths; those of `LEFT` were alive at the end."""


def with_arms(**more):
    """Cases in two arms, with the time of death of each."""
    everybody = [one for members in ARMS.values() for one in members]
    times = {"episode_id": everybody, "definition": "as_reported_death", "time": [float(day) for day in DAYS]}
    times["cause"] = ["censored" if int(one) in LEFT else "death" for one in everybody]
    groups = {key: pd.DataFrame({"episode_id": members, "age_years": 30.0}) for key, members in ARMS.items()}
    return {"groups": groups, "times": pd.DataFrame(times)} | more


def p_claim(says, **more):
    given = {"statistic": "p_value", "definition": "as_reported_death", "cause": "death"} | more
    return claim({"p": says}, **given)


NOTHING = pd.DataFrame(columns=list(ESTIMATES))


@pytest.mark.parametrize(
    ("says", "more", "verdict"),
    [
        (0.025, {"group": "a / b"}, "reproduced"),
        (0.025, {"groups": ["a", "b"]}, "reproduced"),
        (0.025, {"groups": ["a", "b"], "test": "log_rank"}, "reproduced"),
        (0.025, {"groups": ["a", "b"], "test": "gray"}, "differs"),
        (0.029, {"groups": ["a", "b"], "test": "gray"}, "reproduced"),
        (0.025, {"groups": ["a", "b"], "definition": "as_reported"}, "reproduced"),
        ("<0.05", {"groups": ["a", "b"], "test": "log_rank"}, "reproduced"),
        ("NS", {"groups": ["a", "b"], "test": "log_rank"}, "differs"),
        (0.025, {"groups": ["a", "c"]}, "not_derivable"),
        (0.025, {"group": "b / a"}, "not_derivable"),
    ],
)
def test_a_p_value_meets_the_test_that_is_printed(says, more, verdict):
    """chi-squared 5.00 on 1 df, p = 0.0253 by survdiff of R's survival 3.5-3; six people in each arm."""
    row = judge(p_claim(says, **more), NOTHING, NO_DESCRIPTION, **with_arms())
    assert row["verdict"] == verdict, row
    if verdict != "not_derivable":
        assert "log-rank 0.02535" in row["reason"]


def test_a_test_that_would_give_the_p_value_is_named():
    row = judge(p_claim(0.025, groups=["a", "b"], test="gray"), NOTHING, NO_DESCRIPTION, **with_arms())
    assert row["reason"].startswith("Gray's test does not give it; log-rank would give it")


VALUES = pd.DataFrame({"episode_id": list("abcde"), "baseline": ["8", "12", "20", "31", "40"]})
COUNTED_IN = pd.DataFrame(
    [{"variable": "baseline", "group": "all", "statistic": "median", "value": 20.0, "unit": "10^9/L"}]
)


@pytest.mark.parametrize(
    ("says", "verdict"),
    [
        ({"value": 20, "unit": "10^9/L"}, "reproduced"),
        ({"value": 20, "unit": "× 10⁹/L"}, "reproduced"),
        ({"value": 20000, "unit": "/uL"}, "reproduced"),
        ({"value": 20, "unit": "/uL"}, "differs"),
        ({"value": 20, "unit": "g/dL"}, "not_derivable"),
        ({"value": 20, "lower": 8, "upper": 40, "level": 100}, "reproduced"),
        ({"value": 20, "lower": 12, "upper": 31, "level": 50}, "reproduced"),
        ({"value": 20, "lower": 10, "upper": "35.5", "level": 50}, "reproduced"),
        ({"value": 20, "lower": 9, "upper": 31, "level": 50}, "differs"),
    ],
)
def test_a_median_of_values_is_compared_in_its_unit(says, verdict):
    """Quartiles 12 and 31 as R and Excel have them, 10 and 35.5 as SPSS has."""
    one = claim(says, statistic="median_value", cause="baseline")
    row = judge(one, NOTHING, COUNTED_IN, groups={"all": VALUES})
    assert row["verdict"] == verdict, row


def test_a_mean_and_its_sd_are_made_of_the_values():
    """Values 8, 12, 20, 31, 40: mean 22.2, SD 13.31."""
    for sd, verdict in (("13.3", "reproduced"), ("12.3", "differs")):
        one = claim({"mean": "22.2", "sd": sd, "n": 5}, statistic="mean_value", cause="baseline")
        assert judge(one, NOTHING, COUNTED_IN, groups={"all": VALUES})["verdict"] == verdict


def test_groups_are_compared_by_their_values():
    """Ages of two arms: Mann-Whitney exact 0.0152, Student's t 0.0117 (R 4.2.2, stats)."""
    ages = {"a": [12, 18, 25, 31, 40, 44], "b": [29, 45, 52, 60, 71, 80]}
    groups = {
        arm: pd.DataFrame({"episode_id": range(6), "age_years": list(map(float, of))}) for arm, of in ages.items()
    }
    for p, test, verdict in ((0.02, "mann_whitney", "reproduced"), (0.012, "t", "reproduced"), (0.02, "t", "differs")):
        one = claim({"p": p}, statistic="p_value", cause="age_years", groups=["a", "b"], test=test)
        assert judge(one, NOTHING, NO_DESCRIPTION, groups=groups)["verdict"] == verdict


def test_a_p_value_never_stands_beside_a_number_that_alone_is_compared(tmp_path):
    (tmp_path / "claims.yaml").write_text(
        "claims:\n  - {id: a, says: {percent: 50, p: 0.03}, statistic: response_rate, where: abstract}\n"
        "  - {id: b, says: {value: 2}, statistic: p_value, where: abstract}\n"
    )
    with pytest.raises(BadInput) as caught:
        load_claims(tmp_path)
    assert str(caught.value).count("p and the statistic p_value go together") == 2


def timed(statistic, rows, **more):
    """Estimates of a timed statistic of death: (day, estimate, standard error) each."""
    common = {"statistic": statistic, "definition": "as_reported_death", "group": "all", "analysis": "primary"}
    made = [
        common | {"cause": "death", "time": float(day), "estimate": estimate, "std_error": error} | more
        for day, estimate, error in rows
    ]
    return pd.DataFrame(made).reindex(columns=list(ESTIMATES))


def on_a_day(says, time, statistic="survival"):
    return claim(says, statistic=statistic, time=time, cause="death")


SURVIVAL = timed("survival", [(0, 1.0, 0.0), (10, 0.8, 0.1), (30, 0.6, 0.12)])
INCIDENCE = timed("cumulative_incidence", [(0, 0.0, 0.0), (10, 0.2, 0.1), (30, 0.4, 0.12)])


@pytest.mark.parametrize(
    ("says", "time", "verdict", "reason"),
    [
        ({"percent": 80}, 20, "reproduced", "80 % at day 20"),
        ({"percent": 70}, 20, "differs", "percentage is not the same; 80 % at day 20"),
        # plain 0.6 -+ 1.96 x 0.12
        ({"percent": 60, "lower": "36.5", "upper": "83.5"}, 30, "reproduced", "60 % at day 30; interval: plain"),
        ({"percent": 60, "lower": 50, "upper": 70}, 30, "differs", "60 % at day 30; "),
        ({"percent": 60}, 31, "not_derivable", ""),  # some were alive when observation ended
    ],
)
def test_a_point_of_a_curve_is_compared_up_to_its_end(says, time, verdict, reason):
    row = judge(on_a_day(says, time), pd.concat([SURVIVAL, INCIDENCE]), NO_DESCRIPTION)
    assert row["verdict"] == verdict, row
    assert reason in row["reason"]


def test_a_curve_that_reached_everybody_goes_on():
    everybody = timed("cumulative_incidence", [(0, 0.0, 0.0), (10, 0.5, 0.1), (30, 1.0, 0.0)])
    row = judge(on_a_day({"percent": 100}, 400, "cumulative_incidence"), everybody, NO_DESCRIPTION)
    assert (row["verdict"], row["reason"]) == ("reproduced", "100 % at day 400")


def test_a_time_is_converted_and_its_range_is_that_of_those_with_the_event():
    median = timed("median_time", [(float("nan"), 56.0, float("nan"))])
    events = timed("time_of_events", [(float("nan"), 50.0, float("nan"))], lower=14.0, upper=84.0)
    says = {"value": 8, "unit": "weeks", "lower": 2, "upper": 12, "level": 100}
    for given, verdict in (({}, "reproduced"), ({"upper": 13}, "differs"), ({"value": 9}, "differs")):
        one = claim(says | given, statistic="median_time", cause="death")
        row = judge(one, pd.concat([median, events]), NO_DESCRIPTION)
        assert row["verdict"] == verdict, row
        assert "56 days are 8.000 weeks" in row["reason"]
    one = claim({"value": 56, "unit": "days", "lower": 14, "upper": 84, "level": 100}, statistic="median_time")
    assert judge(one, median, NO_DESCRIPTION)["verdict"] == "differs"  # without times of events there is no range


@pytest.mark.parametrize("test", ["fisher", "chi_squared"])
def test_deaths_are_counted_where_a_test_of_counts_is_named(test):
    """Deaths 5 of 6 and 3 of 6: Fisher 0.545, Pearson's chi-squared 0.221 (scipy 1.17)."""
    p = {"fisher": 0.55, "chi_squared": 0.22}[test]
    row = judge(p_claim(p, groups=["a", "b"], test=test), NOTHING, NO_DESCRIPTION, **with_arms())
    assert row["verdict"] == "reproduced", row


def test_without_a_time_of_everybody_or_an_event_no_test_of_times_is_made():
    known = with_arms()
    unknown = known["times"].assign(time=[float("nan"), *known["times"]["time"][1:]])
    none_died = known["times"].assign(cause="censored")
    one_arm = known["times"][known["times"]["episode_id"].isin(ARMS["a"])]
    for times in (unknown, none_died, one_arm, known["times"].assign(definition="as_reported_relapse")):
        row = judge(p_claim(0.025, groups=["a", "b"]), NOTHING, NO_DESCRIPTION, **with_arms(times=times))
        assert (row["verdict"], row["ours"]) == ("not_derivable", ""), row


def test_rates_of_two_groups_are_compared_by_their_counts():
    """2 of 10 and 8 of 10: Fisher 0.023 (R 4.2.2, stats)."""
    groups = {key: pd.DataFrame({"episode_id": list("12")}) for key in "ab"}
    both = pd.concat([rate(2, 10, group="a"), rate(8, 10, group="b")])
    one = claim({"p": 0.023}, statistic="p_value", groups=["a", "b"], test="fisher")
    assert judge(one, both, NO_DESCRIPTION, groups=groups)["verdict"] == "reproduced"
    assert judge(one, both[:1], NO_DESCRIPTION, groups=groups)["verdict"] == "not_derivable"
