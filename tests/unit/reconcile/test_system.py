"""Claims that bear on each other: parts, classes of response, one figure printed twice, groups compared."""

import pytest

from caseseries.model.claim import Claim, check_claim
from caseseries.model.printed import read_p
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


P = {"statistic": "p_value", "groups": ["A", "B"]}
ALIVE = {"statistic": "survival", "cause": "death"}
DEAD = {"statistic": "cumulative_incidence", "cause": "death"}
MEDIAN = {"statistic": "median_time", "cause": "death"}
AGE = {"statistic": "mean_value", "cause": "age_years"}
AGES = {"statistic": "median_value", "cause": "age_years"}
RANGED = {"lower": 21, "upper": 41, "level": 100}


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ([({"p": "<0.05"}, P), ({"p": "0.07"}, P)], "another p-value"),
        ([({"p": "<0.05"}, P), ({"p": "0.05"}, P)], ""),
        ([({"p": "NS"}, P), ({"p": "0.03"}, P | {"groups": ["B", "A"]})], "another p-value"),
        ([({"p": "NS"}, P), ({"p": "<0.05"}, P)], "another p-value"),
        ([({"p": "NS"}, P), ({"p": "≤0.05"}, P)], ""),
        ([({"value": "0.74", "unit": "share"}, {}), ({"percent": 75}, {})], ""),
        ([({"value": "0.74", "unit": "share"}, {}), ({"percent": "75.0"}, {})], "another percentage"),
        ([({"events": 20}, {}), ({"n": 31, "percent": "74.2"}, {})], "another percentage"),
        ([({"events": 23}, {}), ({"n": 31, "percent": "74.2"}, {})], ""),
        ([({"events": 23, "n": 31}, {}), ({"events": 25, "n": 28}, {"group": "women"})], "more of women"),
        ([({"events": 23, "n": 31}, {}), ({"events": 2, "n": 11}, {"group": "women"})], "more of women"),
        ([({"events": 23, "n": 31}, {}), ({"events": 2, "n": 10}, {"group": "women"})], ""),
        ([({"percent": 60}, ALIVE | {"time": 30}), ({"percent": 70}, ALIVE | {"time": 90})], "survival rises"),
        ([({"percent": 70}, ALIVE | {"time": 30}), ({"percent": "70.4"}, ALIVE | {"time": 90})], ""),
        ([({"percent": 40}, DEAD | {"time": 30}), ({"percent": 30}, DEAD | {"time": 90})], "incidence falls"),
        ([({"percent": 60}, ALIVE | {"time": 30}), ({"percent": 45}, DEAD | {"time": 30})], "more than everybody"),
        ([({"value": 192, "unit": "days"}, MEDIAN), ({"percent": 40}, ALIVE | {"time": 100})], "of one curve"),
        (
            [({"value": "6.3", "unit": "months"}, MEDIAN), ({"percent": 60}, ALIVE | {"time": "7 months"})],
            "of one curve",
        ),
        ([({"value": "6.3", "unit": "months"}, MEDIAN), ({"percent": 60}, ALIVE | {"time": "6 months"})], ""),
        ([({"mean": 45}, AGE), ({"value": 34} | RANGED, AGES)], "outside the range"),
        ([({"mean": 38, "n": 15}, AGE), ({"value": 34, "n": 15} | RANGED, AGES)], "this mean and this median"),
        ([({"mean": 37, "n": 15}, AGE), ({"value": 34, "n": 15} | RANGED, AGES)], ""),
        ([({"mean": 33, "sd": "9.9", "n": 9}, AGE), ({"value": 34} | RANGED, AGES)], ""),
        ([({"mean": 33, "sd": "12", "n": 9}, AGE), ({"value": 34} | RANGED, AGES)], "within the range"),
        ([({"mean": 30, "sd": "3.0", "n": 9}, AGE), ({"value": 34}, AGES)], "more than one standard deviation"),
        ([({"value": 30} | RANGED, AGES), ({"lower": 19, "upper": 35, "level": 50}, AGES)], "outside the range"),
    ],
)
def test_figures_of_one_paper_are_held_against_each_other(claims, reason):
    found = judged(*((f"c{i}", says, more) for i, (says, more) in enumerate(claims)))
    impossible = [why for verdict, why in found.values() if verdict == "inconsistent"]
    assert len(impossible) == (len(found) if reason else 0), found
    assert all(reason in why for why in impossible)


def test_the_share_of_a_whole_lies_among_those_of_its_parts():
    for whole, fits in ((65, False), (45, True)):
        parts = [(one, {"percent": share}, {"group": one}) for one, share in (("early", 40), ("late", 60))]
        found = judged(*parts, ("whole", {"percent": whole}, {"groups": ["early", "late"]}))
        assert (found["whole"][0] != "inconsistent") == fits


def test_a_percentage_of_a_group_whose_size_is_printed_has_at_most_so_many_cases():
    """60.3 % is 35 of 58, and of no smaller number; 60 % may be 15 of 25."""
    size = ("size", {"value": 31, "unit": "women"}, {"statistic": "n_episodes"})
    for percent, verdict in ((60.3, "inconsistent"), (60, "not_derivable")):
        assert judged(size, ("rate", {"percent": percent}, {}))["rate"][0] == verdict


def test_fishers_test_of_three_groups_is_made():
    """2, 5 and 9 of 10: p = 0.008664 (fisher.test of R 4.2.2)."""
    groups = [(one, {"events": events, "n": 10}, {"group": one}) for one, events in zip("abc", (2, 5, 9), strict=True)]
    compared = {"statistic": "p_value", "groups": ["a", "b", "c"], "test": "fisher"}
    for p, verdict in (("0.009", "consistent"), ("0.007", "inconsistent")):
        assert judged(*groups, ("p", {"p": p}, compared))["p"][0] == verdict
    many = [(one, {"events": 200, "n": 900}, {"group": one}) for one in "abc"]
    assert judged(*many, ("p", {"p": "0.009"}, compared))["p"][0] == "not_derivable"


@pytest.mark.parametrize(
    ("says", "more", "hint"),
    [
        ({"n": 25, "percent": 29}, {}, "; 7 of 24 would give it"),
        ({"events": 12, "n": 40, "lower": "18.1", "upper": "41.9"}, {}, "; Wald at 90 % would give it"),
        (
            {"events": 23, "n": 31, "lower": "55.1", "upper": "87.5"},
            {},
            "; Wilson with continuity correction would give it",
        ),
        ({"events": 23, "n": 31, "lower": "57.1", "upper": "87.0"}, {}, "; Jeffreys would give it"),
        ({"mean": "2.40", "sd": "1.02", "n": 5, "step": 1}, AGE, "; an SD with divisor n would fit"),
        ({"mean": "2.40", "sd": "0.51", "n": 5, "step": 1}, AGE, "; a standard error would fit"),
    ],
)
def test_a_reading_that_would_make_it_fit_is_named(says, more, hint):
    """Limits by prop.test and statsmodels; 1, 2, 2, 3, 4: SD 1.14, with divisor n 1.02, standard error 0.51."""
    verdict, reason = judged(("a", says, more))["a"]
    assert verdict in ("inconsistent", "differs")
    assert reason.endswith(hint)


@pytest.mark.parametrize("text", ["ns", "N.S.", "p = NS", "P: ns", "not significant", "Non-significant"])
def test_words_for_no_significance_are_known(text):
    assert read_p(text).text == "NS"


def test_an_interval_that_holds_no_count_of_its_percentage_is_impossible():
    assert judged(("a", {"n": 500, "percent": 50, "lower": 75, "upper": 88}, {}))["a"][0] == "inconsistent"


def test_the_median_of_two_values_is_the_middle_of_their_range():
    for value, fits in (("0.4", True), ("0.3", False)):
        says = {"value": value, "n": 2, "lower": "0.3", "upper": "0.5", "level": 100, "step": "0.1"}
        assert (judged(("a", says, AGES))["a"][0] == "consistent") == fits


def test_one_value_is_its_own_median_and_range():
    says = {"value": 22, "n": 1, "lower": 21, "upper": 23, "level": 100, "step": 1}
    assert judged(("a", says, AGES))["a"][0] == "inconsistent"
