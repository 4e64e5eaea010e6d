"""Verdicts on published claims."""

from decimal import Decimal

import pandas as pd
import pytest

from caseseries.model.claim import Claim, load_claims
from caseseries.model.findings import BadInput
from caseseries.model.results import ESTIMATES
from caseseries.reconcile.reconcile import agrees, judge

NO_DESCRIPTION = pd.DataFrame(columns=["variable", "group", "value"])


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
    assert row["reason"] == "24 of 31 is 77.4 %, printed as 74.2 %"


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
    row = judge(claim({"events": 23, "n": 31, "percent": 74.2}), rate(23, 31, analysis="aggregate"), NO_DESCRIPTION)
    assert row["verdict"] == "reproduced"
    assert row["reason"] == "from the counts in print"


def test_number_of_cases_comes_from_the_description():
    description = pd.DataFrame([{"variable": "episodes", "group": "all", "value": 4.0}])
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


def p_value(p, note=""):
    row = {
        "statistic": "p_value",
        "definition": "as_reported",
        "group": "all",
        "contrast": "a against b",
        "analysis": "primary",
        "estimate": p,
        "method": "Fisher's exact test",
        "note": note,
    }
    return pd.DataFrame([row]).reindex(columns=list(ESTIMATES))


def test_a_p_value_is_compared_with_the_test_that_was_made():
    printed = claim({"p": 0.027}, statistic="p_value", groups=["a", "b"])
    assert judge(printed, p_value(0.02681), NO_DESCRIPTION) == {
        "claim": "responders",
        "published": "p = 0.027",
        "ours": "p = 0.0268",
        "verdict": "reproduced",
        "reason": "Fisher's exact test",
    }
    other = judge(printed, p_value(0.0381), NO_DESCRIPTION)
    assert (other["verdict"], other["reason"]) == ("differs", "p-value is not the same; Fisher's exact test")
    refused = judge(printed, p_value(float("nan"), "not compared: 4 cases"), NO_DESCRIPTION)
    assert refused["verdict"] == "not_derivable"
    between = claim({"p": 0.027}, statistic="p_value", groups=["a", "c"])
    assert judge(between, p_value(0.02681), NO_DESCRIPTION)["verdict"] == "not_derivable"


def test_a_p_value_never_stands_beside_a_number_that_alone_is_compared(tmp_path):
    (tmp_path / "claims.yaml").write_text(
        "claims:\n  - {id: a, says: {percent: 50, p: 0.03}, statistic: response_rate, where: abstract}\n"
        "  - {id: b, says: {value: 2}, statistic: p_value, where: abstract}\n"
    )
    with pytest.raises(BadInput) as caught:
        load_claims(tmp_path)
    assert str(caught.value).count("p and the statistic p_value go together") == 2
