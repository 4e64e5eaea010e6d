"""The sentences of the report: numbers in, sentence out, at every edge of grammar and of not knowing."""

import math

import pytest

from caseseries.model.results import BECAUSE
from caseseries.words.choices import say_beyond, say_moved
from caseseries.words.claims import say_recomputed, say_reproduction, say_told
from caseseries.words.nouns import PEOPLE
from caseseries.words.outcomes import outcome_words, say_adverse_events, say_outcome, say_without_denominator
from caseseries.words.people import say_absent, say_middle, say_nowhere_recorded, say_people
from caseseries.words.pools import say_pooled, say_prediction, say_sensitivity
from caseseries.words.response import (
    BECAUSE_WORDS,
    say_bounds,
    say_difference,
    say_groups,
    say_not_evaluable,
    say_response,
    say_selected,
    say_spread,
    say_standard_definitions,
    say_test,
)
from caseseries.words.spelling import sentence
from caseseries.words.times import (
    say_by_visits,
    say_follow_up,
    say_incidence,
    say_median_time,
    say_only_time,
    say_reached,
    say_small_curve,
    say_times_of_events,
)

NAN = float("nan")


@pytest.mark.parametrize(
    ("numbers", "options", "text"),
    [
        ((2, 4, 0.15003899, 0.84996101), {}, "2 of 4 women responded, 50 % (95 % interval 15 to 85 %)."),
        ((0, 4, 0.0, 0.48989), {}, "0 of 4 women responded, 0 % (95 % interval 0 to 49 %)."),
        ((1, 1, 0.2065, 1.0), {}, "1 of 1 woman responded, 100 % (95 % interval 21 to 100 %)."),
        ((120, 137, 0.8104, 0.9213), {}, "120 of 137 women responded, 87.6 % (95 % interval 81.0 to 92.1 %)."),
        ((2, 4, 0.2, 0.8), {"level": 0.9}, "2 of 4 women responded, 50 % (90 % interval 20 to 80 %)."),
        (
            (8, 11, 0.434, 0.902),
            {"not_evaluable": 1},
            "8 of 11 evaluable women responded, 73 % (95 % interval 43 to 90 %); 1 more could not be evaluated.",
        ),
        ((0, 0, NAN, NAN), {"not_evaluable": 4}, "None of the 4 women can be evaluated."),
    ],
)
def test_response_rate(numbers, options, text):
    assert say_response(*numbers, noun=PEOPLE["woman"], **options) == text


@pytest.mark.parametrize(
    ("rule", "options", "text"),
    [
        (
            "",
            {"evaluable": 0, "total": 30, "lacking": ["the counts", "doses", "times"]},
            "What counted as a response, the counts, doses and times could not be read.",
        ),
        (
            "Kong 2017, abstract",
            {"evaluable": 0, "total": 30, "lacking": ["the counts"]},
            "The authors' rule: Kong 2017, abstract. The counts could not be read.",
        ),
        (
            "",
            {"evaluable": 0, "total": 30, "published": False},
            "The counts do not suffice for any standard definition.",
        ),
        (
            "",
            {"evaluable": 6, "total": 30},
            "What counted as a response could not be read. 6 of 30 standard definitions can be evaluated.",
        ),
        ("", {"evaluable": 6, "total": 30, "published": False}, "6 of 30 standard definitions can be evaluated."),
        (
            "",
            {"evaluable": 0, "total": 30, "lacking": ["the counts"], "published": False},
            "The counts were not recorded.",
        ),
        (
            "IWG 2009",
            {"evaluable": 1, "total": 1, "published": False},
            "The source's rule: IWG 2009. 1 of 1 standard definition can be evaluated.",
        ),
    ],
)
def test_what_is_not_known_is_said_in_a_line_and_not_to_the_authors_of_a_series_of_their_own(rule, options, text):
    assert say_standard_definitions(rule, **options) == text


def test_what_a_cohort_has_nothing_of_stands_in_one_line():
    assert say_absent(["times", "doses"], published=True) == "Not in the source: times, doses."
    assert say_absent(["doses"], published=False) == "Not recorded: doses."
    assert say_absent([], published=True) == ""


def test_bounds_of_what_is_unknown():
    assert say_bounds(8 / 12, 9 / 12, 12, 1) == (
        "Counted as non-responders or as responders, the one who could not be evaluated put the rate between 67 and "
        "75 %."
    )
    assert "the 5 who could not be evaluated" in say_bounds(0.2, 0.6, 12, 5)


def test_cases_selected_by_outcome_have_no_rate():
    text = say_selected("sustained remission after the drug was stopped.")
    assert text == (
        "No response rate is shown, because the cases were selected by their outcome: sustained remission after the "
        "drug was stopped."
    )
    assert "%" not in text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("newborn_adverse_event", "adverse event in newborns"),
        ("neonatal_thrombocytopenia", "thrombocytopenia in newborns"),
        ("maternal_injection_site_pain", "injection site pain in mothers"),
        ("preterm_delivery", "preterm delivery"),
    ],
)
def test_outcome_in_words(name, words):
    assert outcome_words(name) == words


def test_no_event_has_an_upper_bound():
    assert say_outcome("newborn_adverse_event", 0, 4, 0.0, 0.6024) == (
        "No adverse event in newborns: 0 of 4, upper bound 60 % (95 % interval)."
    )


def test_an_event_has_its_interval_and_its_group():
    worked_out = say_outcome("bleeding", 2, 33, 0.0074, 0.2023, group="rhTPO", note="worked out from print")
    assert worked_out.startswith("Bleeding (rhTPO; worked out from print): 2 of 33")
    assert say_outcome("bleeding", 2, 33, 0.0074, 0.2023, group="rhTPO") == (
        "Bleeding (rhTPO): 2 of 33, 6 % (95 % interval 1 to 20 %)."
    )
    assert say_without_denominator("neonatal_thrombocytopenia", 9) == "thrombocytopenia in newborns in 9"
    assert say_without_denominator("congenital_disease", 0) == "congenital disease in none"


def test_events_of_single_cases_are_counted_and_silence_is_no_proof():
    assert say_adverse_events(15, {"patient": (12, 40)}) == "15 adverse events were recorded, in 12 of 40 episodes."
    assert say_adverse_events(1, {"neonate": (1, 1)}) == (
        "1 adverse event was recorded, in the newborn in 1 of 1 episode."
    )
    assert say_adverse_events(3, {"mother": (2, 4), "neonate": (1, 4), "patient": (0, 2)}) == (
        "3 adverse events were recorded: in the mother in 2 of 4 episodes and in the newborn in 1 of 4 episodes."
    )
    assert say_adverse_events(0, {}) == ""


@pytest.mark.parametrize(
    ("verdicts", "text"),
    [
        ({"reproduced": 3}, "3 of 3 published numbers come out the same."),
        ({"reproduced": 1}, "1 of 1 published number comes out the same."),
        ({}, "No published number is listed for comparison."),
        (
            {"reproduced": 1, "differs": 1, "inconsistent": 2, "not_derivable": 1},
            "1 of 5 published numbers comes out the same; 1 differs; 2 contradict themselves in print; 1 cannot be "
            "derived from what is available.",
        ),
        ({"differs": 2}, "0 of 2 published numbers come out the same; 2 differ."),
        (
            {"consistent": 1, "not_derivable": 2},
            "None of 3 published numbers could be recomputed; 1 only fits: its arithmetic in print holds; 2 cannot be "
            "derived from what is available.",
        ),
        (
            {"consistent": 1},
            "The one published number could not be recomputed; 1 only fits: its arithmetic in print holds.",
        ),
    ],
)
def test_reproduction(verdicts, text):
    assert say_reproduction(verdicts) == text


@pytest.mark.parametrize(
    ("reasons", "total", "text"),
    [
        ([("no count", 29)], 29, "Nobody can be evaluated under any of the 29 standard definitions: no count."),
        ([("no count", 1)], 1, "Nobody can be evaluated under the one standard definition: no count."),
        (
            [("no count", 20), ("no baseline", 4)],
            29,
            "Nobody can be evaluated under 24 of 29 standard definitions: no count (20); no baseline (4).",
        ),
        ([], 29, ""),
    ],
)
def test_many_definitions_without_a_result_are_one_sentence(reasons, total, text):
    assert say_not_evaluable(reasons, total) == text


def test_spread_over_definitions():
    low, high = ("IWG 2009, confirmed", 3, 13), ("count of 50 or more", 10, 13)
    assert say_spread(low, high, 12) == (
        "Over the 12 standard definitions that give a rate, it runs from 23 % (3 of 13, IWG 2009, "
        "confirmed) to 77 % (10 of 13, count of 50 or more)."
    )
    one = ("any count", 0.0, 1.0)
    assert say_spread(one, high, 12).startswith(
        "Over the 12 standard definitions that give a rate, it runs from 0 of 1 (any count) to "
    )
    assert say_spread(low, low, 1) == ("One standard definition gives a rate: 23 % (3 of 13, IWG 2009, confirmed).")
    assert say_spread(low, ("other", 3, 13), 2) == ("All 2 standard definitions that give a rate give the same, 23 %.")


def test_who_reached_an_outcome_and_what_came_first():
    assert say_reached("recovery", 120, 137, PEOPLE["patient"], [("death", 13), ("relapse", 3)]) == (
        "120 of 137 patients reached recovery; death came first in 13; relapse came first in 3; 1 was observed to the "
        "end without it."
    )
    assert say_reached("response", 5, 15, PEOPLE["patient"], later=6) == (
        "5 of 15 patients reached response by a known day; 6 more reached it later, on a day that is not known; "
        "4 were observed to the end without it."
    )
    assert say_reached("response", 1, 1, PEOPLE["woman"]) == "1 of 1 woman reached response."
    assert say_reached("response", 1, 4, PEOPLE["woman"], [("stop_drug", 0)]) == (
        "1 of 4 women reached response; 3 were observed to the end without it."
    )


def test_times():
    assert say_median_time("recovery", 19, 17, 21) == (
        "The median time to recovery is 19 days (95 % interval 17 to 21 days)."
    )
    assert say_median_time("response", 1, NAN, NAN) == (
        "The median time to response is 1 day (no interval can be given)."
    )
    assert say_median_time("response", 14, 7, NAN) == (
        "The median time to response is 14 days (95 % interval 7 days to not reached)."
    )
    for unreached in (NAN, math.inf):
        assert say_median_time("response", unreached, 7, NAN, ends="30 %") == (
            "The median time to response is not reached: its incidence ends at 30 %."
        )
    assert say_times_of_events("response", 6, 5, 7, 3) == "Among the 3 with response the median is 6 days, days 5 to 7."
    assert say_times_of_events("response", 9, 9, 9, 1) == "The one with response reached it on day 9."
    assert say_incidence("recovery", 0.8759, 0.815, 0.924, 100, 137) == (
        "The cumulative incidence of recovery is 87.6 % by day 100 (95 % interval 81.5 to 92.4 %)."
    )
    assert say_follow_up(1167, 137) == "Median follow-up is 1167 days (n = 137)."
    assert say_follow_up(NAN, 4) == ""
    assert say_by_visits("recovery", 3) == (
        "These days are those on which recovery was first seen; taken as lying between two visits, half had reached it "
        "by day 3."
    )


def test_a_curve_that_ends_with_nobody_left_has_no_interval():
    assert say_incidence("response", 1.0, NAN, NAN, 14, 4) == (
        "The cumulative incidence of response is 100 % by day 14."
    )
    assert say_only_time("response", 7) == "The only known time to response is 7 days."


def test_groups_are_compared_in_counts_first():
    assert say_groups([("eltrombopag", 7, 8), ("romiplostim", 1, 3)]) == (
        "By group: eltrombopag 7 of 8 (88 %) and romiplostim 1 of 3 (33 %)."
    )
    assert say_groups([("A, early", 7, 8), ("A, late", 1, 3)]) == (
        "By group: A, early 7 of 8 (88 %); A, late 1 of 3 (33 %)."
    )


def test_groups_of_yes_and_no_are_told_by_what_makes_them():
    assert say_groups([("no", 8, 11), ("yes", 2, 3)], "splenectomy") == (
        "By splenectomy: no 8 of 11 (73 %) and yes 2 of 3 (67 %)."
    )
    assert say_groups([("A", 7, 8), ("B", 1, 3)], "arm").startswith("By group: ")


def test_one_statement_of_others_is_said_as_one():
    assert (
        say_told({"inconsistent": 1}, ["a review"]) == "The one statement of a review on it contradicts it or itself."
    )
    assert say_told({"consistent": 3, "not_derivable": 2}, ["a review"]) == (
        "Of 5 statements of a review on it 3 are as printed and 2 cannot be held against it."
    )
    assert say_difference(0.5417, -0.0331, 0.8322) == (
        "The difference is 54 percentage points (95 % interval −3 to 83; nothing is adjusted for)."
    )
    assert say_difference(0.5417, -0.0331, 0.8322, contrast="eltrombopag against romiplostim") == (
        "Eltrombopag against romiplostim: the difference is 54 percentage points (95 % interval −3 to 83; nothing is "
        "adjusted for)."
    )


def test_a_p_value_that_means_nothing_is_not_printed():
    assert say_test(0.1936, 137, groups=3) == "Test between the 3 groups: p = 0.19."
    assert say_test(0.5145, 41, test="log-rank test") == "Log-rank test between the 2 groups: p = 0.51."
    assert say_test(0.3, 4) == ""
    assert say_test(NAN, 137) == ""


def test_every_reason_has_its_words():
    assert list(BECAUSE_WORDS) == list(BECAUSE)


def test_a_small_curve_says_what_it_is():
    assert say_small_curve(4) == (
        "A curve from 4 people has at most 4 steps, and no band that says anything: read the counts, not the shape."
    )
    assert say_small_curve(1).startswith("A curve from one person has one step")
    assert say_small_curve(10) == ""


def test_pooled_rate_and_its_spread():
    assert say_pooled(3, 42, 68, 0.6178, 0.2895, 0.8651, noun=PEOPLE["woman"]) == (
        "Over 3 cohorts, 42 of 68 women responded; the pooled rate is 62 % (95 % interval 29 to 87 %)."
    )
    assert say_prediction(3, 0.01, 0.99) == (
        "With 3 cohorts it cannot be said how far a further cohort may lie from these; no prediction interval is given."
    )
    assert say_prediction(6, 0.2, 0.9) == (
        "A further cohort is predicted to lie between 20 and 90 % (95 % prediction interval)."
    )
    assert say_sensitivity(68, [("Yu 2023", 0.63), ("Kong 2017", 0.51), ("Lin 2023", 0.71)], 0.61) == (
        "Leaving out one cohort at a time, the pooled rate lies between 51 % (without Kong 2017) and 71 % (without "
        "Lin 2023); weighting by inverse variance gives 61 %."
    )
    assert say_sensitivity(35, [], None) == ""


def test_who():
    assert say_people(4, 4, PEOPLE["woman"]) == "4 women"
    assert say_people(1, 1, PEOPLE["woman"]) == "1 woman"
    assert say_people(13, 12, PEOPLE["woman"]) == "13 episodes of 12 women"


def test_middle_of_a_variable():
    values = {"median": 31.0, "minimum": 19.0, "maximum": 36.0}
    assert say_middle("age", "years", values, 12, 0) == "age 31 years (median; 19 to 36)"
    assert say_middle("age", "years", values, 4, 8) == "age 31 years (median; 19 to 36; known for 4, unknown for 8)"
    assert say_middle("age", "years", {"median": 31.0}, 1, 0) == "age 31 years"
    alike = {
        f"{name}_{end}": limit
        for name in ("median", "minimum", "maximum")
        for end, limit in (("from", 0.0), ("to", 30.0))
    }
    assert say_middle("baseline count", "× 10⁹/L", alike, 4, 0) == "baseline count ≤30 × 10⁹/L (in all)"
    bounded = {"median": 9.0, "minimum_from": 0.0, "minimum_to": 5.0, "maximum": 20.0}
    assert say_middle("baseline count", "× 10⁹/L", bounded, 4, 0) == "baseline count 9 × 10⁹/L (median; ≤5 to 20)"


def test_variables_that_nobody_has_are_named_once():
    assert say_nowhere_recorded(["age", "weight"]) == "Not recorded for anybody: age and weight."
    assert say_nowhere_recorded([]) == ""


def test_numbers_that_were_computed_again():
    assert say_recomputed({}, []) == ""
    assert say_recomputed({"yes": 1204}, ["lifelines 1", "scipy 2"]) == (
        "1,204 of 1,204 numbers come out the same with lifelines 1 and scipy 2."
    )
    assert say_recomputed({"yes": 3, "known difference": 1}, ["scipy 2"]) == (
        "3 of 4 numbers come out the same with scipy 2. The other one differs by a rule that recomputed.csv names."
    )


def test_every_sentence_ends_once():
    assert sentence("a rule.") == "A rule."
    assert sentence("") == ""


GRID = "IWG 2009, confirmed"
FOLLOW_UP = "what becomes of an unconfirmed response when follow-up ends"


@pytest.mark.parametrize(
    ("rates", "most", "points", "text"),
    [
        (
            "63 to 66 %",
            [FOLLOW_UP],
            2.63,
            "Our own choices move the rate under IWG 2009, confirmed, between 63 and 66 %; the choice that moves it "
            "most is what becomes of an unconfirmed response when follow-up ends (3 percentage points).",
        ),
        (
            "50 to 51 %",
            ["a", "b"],
            1.0,
            "Our own choices move the rate under IWG 2009, confirmed, between 50 and 51 %; the choices that move it "
            "most are a and b (1 percentage point each).",
        ),
        (
            "50.0 to 50.4 %",
            ["a"],
            0.31,
            "Our own choices move the rate under IWG 2009, confirmed, between 50.0 and 50.4 %; the choice that moves "
            "it most is a (0.3 percentage points).",
        ),
        ("50 %", [], 0.0, "No choice of ours moves the rate under IWG 2009, confirmed, 50 %."),
    ],
)
def test_what_our_choices_move(rates, most, points, text):
    assert say_moved(GRID, rates, most, points) == text


def test_choices_beyond_the_grid():
    assert say_beyond([]) == ""
    assert say_beyond([("counts after delivery", "used", 25, 37)]) == (
        "Changed alone, further choices lead beyond that: counts after delivery, used: 68 % (25 of 37)."
    )
    assert say_moved(GRID, "50 %", [], 0.0, further=True) == (
        "No choice of ours in the grid moves the rate under IWG 2009, confirmed, 50 %."
    )
