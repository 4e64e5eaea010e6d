"""Sentences that few series need: curves read from print, times of the source, tests that could not be made."""

import pytest
from pydantic import TypeAdapter

from caseseries.model.condition import Condition
from caseseries.model.definition import Definition, Drop, PerDay, TimeIn, TimeToResponse, Window
from caseseries.words import curves, definitions, earlier, events, intervals, pools, response, times

NAN = float("nan")
CONDITION = TypeAdapter(Condition)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (curves.say_found(12, 1, True, 1), "12 cases; 1 history fits"),
        (curves.say_found(12, 3, True, 3), "12 cases; 3 histories fit, all are listed"),
        (curves.say_found(12, 300, True, 100), "12 cases; 300 histories fit; 100 of them are listed"),
        (
            curves.say_found(12, 5000, False, 100),
            "12 cases; more than 5000 histories fit; 100 of them, drawn at random, are listed",
        ),
        (
            curves.say_found(12, 1, True, 1, widened=0.02),
            "12 cases; 1 history fits (none at the error given; at 0.0200)",
        ),
        (
            curves.say_guyot(12, True),
            "12 cases; no history fits what is printed: one history by Guyot's algorithm, which need not fit",
        ),
        (
            curves.say_guyot(900, False),
            "900 cases; too many cases to search: one history by Guyot's algorithm, which need not fit",
        ),
        (curves.say_settling([], 3), ""),
        (
            curves.say_settling([(None, 1), (28, 2)], 3),
            "Of 3 histories, the total of events would leave one history and the number at risk on day 28 would leave "
            "at most 2.",
        ),
        (curves.range_of("median_time", 26, 27, 12), "26 to 27 days"),
        (curves.range_of("median_time", 26, 26, 12), "26 days"),
        (curves.range_of("survival", 0.5, 0.71, 12), "50.0 to 71.0 %"),
        (curves.value_of("median_time", NAN, 12), "not reached"),
        (curves.value_of("log_rank_p", 0.0004, 12), "< 0.001"),
        (curves.value_of("restricted_mean_time", 20.26, 12), "20.3 days"),
    ],
)
def test_a_curve_read_from_print(said, text):
    assert said == text


@pytest.mark.parametrize(
    ("cause", "days", "text"),
    [
        ("relapse", (30, NAN, NAN), "By the source, relapse on day 30."),
        ("relapse", (NAN, 20, 30), "By the source, relapse after day 20, by day 30."),
        ("relapse", (NAN, 0, 30), "By the source, relapse by day 30."),
        ("relapse", (NAN, 20, NAN), "By the source, relapse after day 20, the day not known."),
        ("relapse", (NAN, 0, NAN), "By the source, relapse on a day that is not known."),
        ("censored", (30, NAN, NAN), "By the source, no relapse up to day 30."),
        ("censored", (NAN, 20, NAN), "By the source, no relapse up to day 20."),
        ("death", (30, NAN, NAN), "By the source, death came before relapse, on day 30."),
    ],
)
def test_what_a_source_times_itself(cause, days, text):
    assert events.say_timed("relapse", cause, *days) == text


@pytest.mark.parametrize(
    ("ends", "text"),
    [
        ([None, None], "on any day"),
        ([3, None], "from day 3 on"),
        ([None, 3], "up to day 3"),
        ([3, 3], "on day 3"),
        ([0, 7], "on days 0 to 7"),
    ],
)
def test_a_window(ends, text):
    assert intervals.window(ends) == text


def test_whether_one_ratio_holds_for_all_times():
    assert response.say_proportional("age", NAN, 40, "nobody had it") == (
        "Whether the ratio by age is the same at all times could not be tested (nobody had it)."
    )
    assert response.say_proportional("age", 0.01, 40).startswith("The ratio by age changes with time (p = 0.01")
    assert response.say_proportional("age", 0.4, 40).startswith("Nothing speaks against one ratio by age for all times")


def test_why_rate_and_curve_count_others():
    assert times.say_rate_and_curve((8, 10), (8, 10), [], []) == ""
    found = [("censored", 1), ("no_day", 2), ("rescue", 3)]
    said = times.say_rate_and_curve((8, 10), (3, 9), found, [("non_event", 1), ("not_evaluable", 2)])
    assert said == (
        "The rate counts 8 of 10 by class, the curve 3 of 9 by time: 1 with the class of a response has none by the "
        "days given; of 2 with the class of a response no day is known; in 3 with the class of a response rescue came "
        "first; 1 with a day of response is no responder by class; 2 with a day of response cannot be judged by class."
    )
    assert times.say_total_and_curve((8, 10), (8, 10)) == ""
    assert "8 of 10; the curve is of the cases" in times.say_total_and_curve((8, 10), (7, 9))
    assert times.say_left_out("relapse", 0) == ""


def test_beside_a_pool():
    assert pools.say_overlaps([], []) == "none known"
    assert pools.say_overlaps(["A"], ["B", "C"]) == "A; no source says: B and C"
    assert pools.say_harm_beside("thrombosis", 0, 33, 0.106) == "thrombosis 0/33, at most 11 %"
    assert pools.say_harm_beside("rash", 1, 31, 0.17, "of infants") == "rash 1/31 (of infants)"
    assert pools.say_rule_of_source("count of 50", "count of 100", "") == "count of 50; counted here: count of 100"
    assert pools.say_q(3.8, 2, 0.15, 40) == "Q 3.80 on 2 degrees of freedom, p = 0.15"


DEFINITION = Definition.model_validate({"id": "mine", "label": "l", "population": "p", "reported": True})
LOW, HIGH = {"lt": 30}, {"ge": 50}


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ({"some": {"in": [30, 50]}}, "one count that is between 30 and 50 × 10⁹/L, both included"),
        ({"some": {"gt": 30}}, "one count that is above 30 × 10⁹/L"),
        ({"some": {"le": 30}}, "one count that is at most 30 × 10⁹/L"),
        ({"some": {"not": LOW}}, "one count that is not (below 30 × 10⁹/L)"),
        ({"some": {"any": [LOW, HIGH]}}, "one count that is below 30 × 10⁹/L or at least 50 × 10⁹/L"),
        ({"none": ["rescue"]}, "no rescue treatment on any day"),
        ({"none": ["rescue"], "after": "delivery", "days": 7}, "no rescue treatment within 7 days from delivery"),
        (
            {"or": [{"some": HIGH}, {"none": ["death"]}]},
            "one count that is at least 50 × 10⁹/L; or no death on any day",
        ),
        ({"not": {"some": HIGH}}, "not: one count that is at least 50 × 10⁹/L"),
        ({"at": HIGH, "day": 28, "tol": 3}, "the count nearest to day 28 (± 3 days) is at least 50 × 10⁹/L"),
    ],
)
def test_a_condition(condition, text):
    assert definitions.say_condition(CONDITION.validate_python(condition), DEFINITION) == text


BASIS = {"basis": {"C": "made up for a test"}}


def test_how_counts_are_admitted_and_responses_dated():
    drop = Drop.model_validate({"drop": {"after": "rescue", "days": 7}} | BASIS)
    assert definitions.say_step(drop).startswith("counts from the day of rescue treatment to 7 days later are left out")
    steps = [Window.model_validate({"window": [0, 28]} | BASIS), PerDay.model_validate({"per_day": "min"} | BASIS)]
    assert [definitions.say_step(step) for step in steps] == [
        "counts on days 0 to 28 are used",
        "of several counts on one day the lowest is used",
    ]
    clocks = {
        "day of the first count that is at least 50 × 10⁹/L": {},
        "day of the first of two counts at least 7 days apart, each at least 50 × 10⁹/L": {"gap": 7},
        "day of the confirming of two counts at least 7 days apart, each at least 50 × 10⁹/L": {
            "gap": 7,
            "onset": "confirming",
        },
        "day of the last of 3 consecutive days, each with a count that is at least 50 × 10⁹/L": {
            "n": 3,
            "onset": "confirming",
        },
    }
    for text, given in clocks.items():
        clock = TimeToResponse.model_validate({"of": [HIGH]} | given | BASIS)
        assert definitions.say_clock(clock, DEFINITION.unit) == text


@pytest.mark.parametrize(
    ("method", "how"), [("step", "each count holding until the next"), ("linear", "counts interpolated by day")]
)
def test_what_a_measure_counts(method, how):
    measure = TimeIn.model_validate({"time_in": HIGH, "method": method} | BASIS)
    assert definitions.say_measure(measure, DEFINITION) == (
        f"share of the observed days with a count that is at least 50 × 10⁹/L, {how}"
    )


def test_earlier_series_beside_a_new_one():
    assert earlier.say_earlier(3, 4, 1, 31) == "3 of 4 (75 %) beside 1 earlier series of 31."
    assert " ".join(earlier.say_line("alone", 0.75, 0.3, 0.95).split()) == "this series alone 75 % (30 to 95 %)"
    said = earlier.say_conflict(11.6, 0.2, 0.1, 0.4)
    assert "worth about 12 cases. This series does not contradict them: so far out a result" in said
    assert "10 % of the prior held nothing before this series, 20 % after it" in said
    assert "This series contradicts them" in earlier.say_conflict(11.6, 0.9, 0.1, 0.01)
    beside = ("A 2020", (3, 4), 2, 11.6, (0.75, 0.3, 0.95), (0.72, 0.5, 0.88))
    assert "A 2020 does not contradict them (40 % of series" in earlier.say_new_series(*beside, 0.4)
    assert "A 2020 contradicts them (1.0 % of series" in earlier.say_new_series(*beside, 0.01)


@pytest.mark.parametrize("say", [definitions.say_step, lambda other: definitions.say_condition(other, DEFINITION)])
def test_what_is_no_part_of_a_definition_is_not_said(say):
    with pytest.raises(TypeError):
        say(object())
