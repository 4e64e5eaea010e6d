"""Claims that bear on each other: parts, classes of response, one figure printed twice, groups compared."""

import pytest

from caseseries.model.claim import Claim, check_claim
from caseseries.reconcile.grounds import Grounds
from caseseries.reconcile.judge import judge_claims


def judged(*claims):
    """Verdicts and reasons by id; claims as (id, says, more keys)."""
    common = {"statistic": "response_rate", "where": "abstract"}
    given = [Claim.model_validate(common | {"id": name, "says": says} | more) for name, says, more in claims]
    return {row["claim"]: (row["verdict"], row["reason"]) for row in judge_claims(given, Grounds())}


COMPLETE = {"statistic": "complete_response_rate"}
OTHER = {"statistic": "outcome_rate", "cause": "response_not_complete"}
NONE = {"statistic": "outcome_rate", "cause": "no_response"}


def test_complete_and_other_responses_are_the_responses():
    """Kong 2017: 10 CR and 13 R are 23 of 31."""
    size = {"n": 31}
    right = judged(
        ("r", size | {"events": 23}, {}), ("cr", size | {"events": 10}, COMPLETE), ("o", {"events": 13}, OTHER)
    )
    assert "inconsistent" not in {verdict for verdict, _ in right.values()}
    wrong = judged(
        ("r", size | {"events": 23}, {}), ("cr", size | {"events": 10}, COMPLETE), ("o", {"events": 14}, OTHER)
    )
    assert set(wrong.values()) == {
        ("inconsistent", "responses of one group do not add up: 10 complete, 14 partial and 23 in all, of 31")
    }


@pytest.mark.parametrize(
    ("claims", "fits"),
    [
        ([("cr", 62, COMPLETE), ("r", 74, {})], True),
        ([("cr", 74, COMPLETE), ("r", 62, {})], False),
        ([("r", 62, {}), ("n", 38, NONE)], True),
        ([("r", 62, {}), ("n", 45, NONE)], False),
        ([("cr", 84, COMPLETE), ("o", 19, OTHER)], False),
    ],
)
def test_percentages_stand_for_every_count_that_they_may_be(claims, fits):
    """Of 118: 99 and 23 are more than everybody."""
    found = judged(*((name, {"n": 118, "percent": percent}, more) for name, percent, more in claims))
    assert ("inconsistent" not in {verdict for verdict, _ in found.values()}) == fits


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"events": 23, "n": 31}, {"events": 24, "n": 31}, False),
        ({"events": 23, "n": 31}, {"events": 23, "n": 30}, False),
        ({"events": 23, "n": 31}, {"percent": "74"}, True),
        ({"events": 23, "n": 31}, {"percent": "75"}, False),
        ({"percent": "74"}, {"percent": "74.2"}, True),
        ({"percent": "74"}, {"percent": "74.6"}, False),
    ],
)
def test_one_figure_printed_twice_is_one_number(one, other, same):
    found = judged(("abstract", one, {}), ("table", other, {"where": "table 2"}))
    assert ("inconsistent" not in {verdict for verdict, _ in found.values()}) == same
    if not same:
        assert "table 2 prints another" in found["abstract"][1]


@pytest.mark.parametrize(("months", "verdict"), [("6.3", "not_derivable"), ("6.5", "inconsistent")])
def test_a_time_printed_in_two_units_is_converted(months, verdict):
    """192 days are 6.31 months."""
    timed = {"statistic": "median_time", "cause": "death"}
    found = judged(("a", {"value": 192, "unit": "days"}, timed), ("b", {"value": months, "unit": "months"}, timed))
    assert {one for one, _ in found.values()} == {verdict}


def test_a_claim_that_contradicts_itself_speaks_against_no_other():
    """A review prints 24 of 31 as 74.2 %: the paper's 23 of 31 stands."""
    found = judged(
        ("paper", {"events": 23, "n": 31, "percent": "74.2"}, {}),
        ("review", {"events": 24, "n": 31, "percent": "74.2"}, {}),
    )
    assert (found["paper"][0], found["review"][0]) == ("consistent", "inconsistent")


def test_figures_of_other_groups_or_times_are_other_figures():
    found = judged(
        ("a", {"events": 23, "n": 31}, {"group": "A"}),
        ("b", {"events": 24, "n": 31}, {"group": "B"}),
        ("early", {"percent": 90}, {"statistic": "survival", "time": 30, "cause": "death"}),
        ("late", {"percent": 60}, {"statistic": "survival", "time": "12 months", "cause": "death"}),
    )
    assert {verdict for verdict, _ in found.values()} == {"not_derivable"}


PAIR = ({"group": "A"}, {"group": "B"})


@pytest.mark.parametrize(
    ("says", "p", "test", "verdict"),
    [
        (({"events": 9, "n": 12}, {"events": 3, "n": 12}), "0.039", "fisher", "consistent"),
        (({"events": 9, "n": 12}, {"events": 3, "n": 12}), "0.014", "fisher", "inconsistent"),
        (({"percent": 75, "n": 12}, {"percent": 25, "n": 12}), "0.039", "fisher", "consistent"),
        (({"events": 9, "n": 12}, {"events": 3, "n": 12}), "0.0196", None, "differs"),
        (({"events": 9, "n": 12}, {"events": 3, "n": 12}), "0.03", "log_rank", "not_derivable"),
        (({"events": 9, "n": 12}, {"percent": 25}), "0.03", None, "not_derivable"),
    ],
)
def test_a_p_value_is_held_against_the_counts_of_its_groups(says, p, test, verdict):
    pair = {"statistic": "p_value", "groups": ["A", "B"]} | ({"test": test} if test else {})
    found = judged(("a", says[0], PAIR[0]), ("b", says[1], PAIR[1]), ("p", {"p": p}, pair))
    assert found["p"][0] == verdict, found["p"][1]


def test_a_one_sided_test_that_would_give_it_is_named():
    counts = ({"events": 9, "n": 12}, {"events": 3, "n": 12})
    pair = {"statistic": "p_value", "groups": ["A", "B"]}
    found = judged(("a", counts[0], PAIR[0]), ("b", counts[1], PAIR[1]), ("p", {"p": "0.020"}, pair))
    assert found["p"][0] == "differs"
    assert "a one-sided Fisher's test would give it" in found["p"][1]


@pytest.mark.parametrize(
    ("p", "test", "verdict"), [("0.04", "t", "consistent"), ("0.4", "t", "inconsistent"), ("0.4", None, "differs")]
)
def test_a_t_test_is_made_from_printed_means(p, test, verdict):
    """34.2 (SD 5.1) of 20 against 30.6 (5.4) of 20: t = 2.17 on 38 df, p = 0.037."""
    means = {"statistic": "mean_value", "cause": "age_years"}
    pair = {"statistic": "p_value", "groups": ["A", "B"], "cause": "age_years"} | ({"test": test} if test else {})
    found = judged(
        ("a", {"mean": "34.2", "sd": "5.1", "n": 20}, means | PAIR[0]),
        ("b", {"mean": "30.6", "sd": "5.4", "n": 20}, means | PAIR[1]),
        ("p", {"p": p}, pair),
    )
    assert found["p"][0] == verdict, found["p"][1]


def test_sizes_of_parts_add_up_to_that_of_the_whole():
    size = {"statistic": "n_episodes"}
    parts = [
        ("a", {"value": 12, "unit": "women"}, size | PAIR[0]),
        ("b", {"value": 13, "unit": "women"}, size | PAIR[1]),
    ]
    for whole, verdict in ((25, "consistent"), (26, "inconsistent")):
        found = judged(*parts, ("all", {"value": whole, "unit": "women"}, size | {"groups": ["A", "B"]}))
        assert found["all"][0] == verdict


NEWS = {"told_by": "a news report"}
SIZE = {"statistic": "n_episodes"}
BEST = {"statistic": "statement", "cause": "best_regimen"}


def test_what_others_tell_is_held_against_the_paper_and_says_nothing_against_it():
    found = judged(
        ("paper", {"value": 282, "unit": "patients"}, SIZE),
        ("news", {"value": 287, "unit": "patients"}, SIZE | NEWS),
        ("second", {"value": 282, "unit": "patients"}, SIZE | NEWS),
    )
    assert found["paper"][0] == "not_derivable"
    assert found["news"] == ("differs", "the publication prints 282 patients")
    assert found["second"] == ("consistent", "the publication prints the same")


def test_statements_in_words_are_the_same_or_not():
    found = judged(
        ("paper", {"words": "15000 U daily"}, BEST), ("news", {"words": "15000 U every other day"}, BEST | NEWS)
    )
    assert found["paper"][0] == "not_derivable"
    assert found["news"] == ("differs", "the publication prints “15000 U daily”")


def test_a_secondary_number_that_contradicts_itself_is_told_so_beside_what_the_paper_prints():
    found = judged(
        ("paper", {"events": 23, "n": 31, "percent": 74.2}, {}),
        ("review", {"events": 24, "n": 31, "percent": 74.2}, {"told_by": "a review"}),
    )
    assert found["paper"][0] == "consistent"
    verdict, reason = found["review"]
    assert verdict == "inconsistent"
    assert reason.endswith("the publication prints 23 of 31, 74.2 %")


def test_what_the_paper_does_not_say_cannot_be_held_against_it():
    found = judged(("paper", {"events": 3, "n": 9}, {}), ("news", {"words": "safe"}, BEST | NEWS))
    assert found["news"] == ("not_derivable", "the publication, as far as it was read, says nothing of it")
    why = judged(("news", {"words": "safe"}, BEST | NEWS | {"incomplete": "an opinion"}))
    assert why["news"] == ("not_derivable", "an opinion")


@pytest.mark.parametrize(
    ("says", "more", "column"),
    [
        ({"words": "safe"}, {}, "says.words"),
        ({"events": 1}, {"statistic": "statement", "cause": "x_y"}, "says.words"),
        ({"words": "safe"}, {"statistic": "statement"}, "cause"),
    ],
)
def test_a_statement_has_words_and_something_that_it_is_about(says, more, column):
    claim = Claim.model_validate({"id": "c", "statistic": "response_rate", "where": "abstract", "says": says} | more)
    assert column in [finding.column for finding in check_claim(claim, "claims.yaml")]
