"""Corners of the definition algebra, one rule each, through the engine and through the plain evaluator.

Every expectation was worked out by hand from the rules before anything was run.
"""

from __future__ import annotations

import pytest

from caseseries.model.definition import Definition
from caseseries.model.worked_case import Case
from caseseries.response.cases import outcomes_of_cases
from spec import cases
from spec import reference_evaluator as reference

BASIS = {"C": "for the test"}
LOWEST, HIGHEST = ([{"per_day": which, "basis": BASIS}] for which in ("min", "max"))
TRANSFUSED = [{"drop": {"after": "platelet_transfusion", "days": 7}, "basis": BASIS}]
CONFIRMED = {"confirm": {"ge": 100}, "gap": 7}
CUT = {"cut_at": ["rescue"], "cut_resolves_unknown": True}
SPAN = {"sustain": {"ge": 30}, "start": "stop_drug", "days": 28, "max_gap": 14}


def at(day, kind):
    return [{"day": day, "kind": kind}]


THREE_DAYS = {"consec": {"ge": 30}, "n": 3, "unit": "day", "days": [1, 10]}
STOPPED, RESCUED, DELIVERED = at(0, "stop_drug"), at(10, "rescue"), at(10, "delivery")

CORNERS = {
    # several counts of one day, some of them bounds
    "lowest of <50 and 30 may lie on either side of 30": (
        {"some": {"ge": 30}},
        {"admit": LOWEST},
        {"counts": [[5, "<50"], [5, 30]]},
        "NE",
    ),
    "lowest of <30 and 30 is below 30": (
        {"some": {"ge": 30}},
        {"admit": LOWEST},
        {"counts": [[5, "<30"], [5, 30]]},
        "no",
    ),
    "highest of >100 and 100 is above 100": (
        {"some": {"gt": 100}},
        {"admit": HIGHEST},
        {"counts": [[5, ">100"], [5, 100]]},
        "yes",
    ),
    # multiples of a baseline
    "10 is twice any baseline below 5": ({"some": {"fold_ge": 2}}, {}, {"baseline": "<5", "counts": [[5, 10]]}, "yes"),
    "<10 may be twice a baseline below 5": (
        {"some": {"fold_ge": 2}},
        {},
        {"baseline": "<5", "counts": [[5, "<10"]]},
        "NE",
    ),
    "10 is not twice any baseline above 5": (
        {"some": {"fold_ge": 2}},
        {},
        {"baseline": ">5", "counts": [[5, 10]]},
        "no",
    ),
    "any count is twice a baseline of 0": ({"some": {"fold_ge": 2}}, {}, {"baseline": 0, "counts": [[5, "<5"]]}, "yes"),
    "29.7 is three times 9.9": ({"some": {"fold_ge": 3}}, {}, {"baseline": 9.9, "counts": [[5, 29.7]]}, "yes"),
    "0.3 is 0.2 above 0.1": ({"some": {"delta_ge": 0.2}}, {}, {"baseline": 0.1, "counts": [[5, 0.3]]}, "yes"),
    # falls from a baseline
    "3 is half of 6": ({"some": {"fold_le": 0.5}}, {}, {"baseline": 6, "counts": [[5, 3]]}, "yes"),
    "3.1 is more than half of 6": ({"some": {"fold_le": 0.5}}, {}, {"baseline": 6, "counts": [[5, 3.1]]}, "no"),
    "3.3 is a third of 9.9": (
        {"some": {"fold_le": 0.333333333333}},
        {},
        {"baseline": 9.9, "counts": [[5, 3.3]]},
        "yes",
    ),
    "<3 is half of 6": ({"some": {"fold_le": 0.5}}, {}, {"baseline": 6, "counts": [[5, "<3"]]}, "yes"),
    "<4 may be half of 6": ({"some": {"fold_le": 0.5}}, {}, {"baseline": 6, "counts": [[5, "<4"]]}, "NE"),
    ">3 is more than half of 6": ({"some": {"fold_le": 0.5}}, {}, {"baseline": 6, "counts": [[5, ">3"]]}, "no"),
    ">2 may be half of 6": ({"some": {"fold_le": 0.5}}, {}, {"baseline": 6, "counts": [[5, ">2"]]}, "NE"),
    "3 is more than half of any baseline below 6": (
        {"some": {"fold_le": 0.5}},
        {},
        {"baseline": "<6", "counts": [[5, 3]]},
        "no",
    ),
    "2 may be half of a baseline below 6": (
        {"some": {"fold_le": 0.5}},
        {},
        {"baseline": "<6", "counts": [[5, 2]]},
        "NE",
    ),
    "3 is half of any baseline above 6": (
        {"some": {"fold_le": 0.5}},
        {},
        {"baseline": ">6", "counts": [[5, 3]]},
        "yes",
    ),
    "4 may be half of a baseline above 6": (
        {"some": {"fold_le": 0.5}},
        {},
        {"baseline": ">6", "counts": [[5, 4]]},
        "NE",
    ),
    "no count is known to be half of an unknown baseline": ({"some": {"fold_le": 0.5}}, {}, {"counts": [[5, 0]]}, "NE"),
    "0 is half of 0, as the arithmetic has it": (
        {"some": {"fold_le": 0.5}},
        {},
        {"baseline": 0, "counts": [[5, 0]]},
        "yes",
    ),
    "half of a baseline of 0, by choice unknown": (
        {"some": {"fold_le": 0.5}},
        {"choices": {"zero_baseline": "unknown"}},
        {"baseline": 0, "counts": [[5, 0]]},
        "NE",
    ),
    "0.1 is 0.2 below 0.3": ({"some": {"delta_le": -0.2}}, {}, {"baseline": 0.3, "counts": [[5, 0.1]]}, "yes"),
    "8.1 is less than 2 below 10": ({"some": {"delta_le": -2}}, {}, {"baseline": 10, "counts": [[5, 8.1]]}, "no"),
    "<8 is 2 below 10": ({"some": {"delta_le": -2}}, {}, {"baseline": 10, "counts": [[5, "<8"]]}, "yes"),
    "8 is less than 2 below any baseline below 10": (
        {"some": {"delta_le": -2}},
        {},
        {"baseline": "<10", "counts": [[5, 8]]},
        "no",
    ),
    # consecutive days
    "three days running": (THREE_DAYS, {}, {"counts": [[5, 40], [6, 30], [7, 50]]}, "yes"),
    "a day between that nobody measured, though visits were planned": (
        THREE_DAYS,
        {},
        {"counts": [[5, 40], [6, 40], [8, 40]]},
        "no",
    ),
    "a day between that nobody measured in routine care": (
        THREE_DAYS,
        {},
        {"counts": [[5, 40], [6, 40], [8, 40]], "visits": "routine"},
        "NE",
    ),
    "every day of routine care measured, and never three running": (
        THREE_DAYS,
        {},
        {"counts": [[day, 20 if day % 3 else 40] for day in range(1, 11)], "visits": "routine"},
        "no",
    ),
    "the days after a death are none": (
        THREE_DAYS,
        {},
        {"counts": [[day, 20] for day in range(1, 6)], "events": [{"day": 5, "kind": "death"}], "visits": "routine"},
        "no",
    ),
    "three days running that begin before the first of the days": (
        THREE_DAYS,
        {},
        {"counts": [[0, 40], [1, 40], [2, 40]]},
        "no",
    ),
    "a run that ends on the last of the days": (THREE_DAYS, {}, {"counts": [[8, 40], [9, 40], [10, 40]]}, "yes"),
    # a cut
    "a count drawn before the rescue of its day stays, and is open": (
        CONFIRMED,
        {"cut_at": ["rescue"]},
        {"counts": [[10, 120, "pre_event"], [17, 130]], "events": RESCUED},
        "NE",
    ),
    "an open count that a cut left is not met": (
        CONFIRMED,
        CUT,
        {"counts": [[10, 120, "pre_event"], [17, 130]], "events": RESCUED},
        "no",
    ),
    "no count before a cut is not met": (CONFIRMED, CUT, {"counts": [[17, 130]], "events": RESCUED}, "no"),
    "a rescue before the first dose cuts nothing": (
        CONFIRMED,
        CUT,
        {"counts": [[10, 120], [17, 130]], "events": at(-1, "rescue")},
        "yes",
    ),
    "a bound stays unknown after a cut": (CONFIRMED, CUT, {"counts": [[1, "<120"], [8, 120]], "events": RESCUED}, "NE"),
    # confirmation
    "a failing count between breaks the pair": (
        CONFIRMED,
        {},
        {"counts": [[7, 100], [10, 99], [14, 100], [21, 30]]},
        "no",
    ),
    "a failing count between is passed over": (
        CONFIRMED | {"between": "any"},
        {},
        {"counts": [[7, 100], [10, 99], [14, 100]]},
        "yes",
    ),
    "the last count alone stays open": (CONFIRMED, {}, {"counts": [[7, 100], [10, 99], [14, 100]]}, "NE"),
    "an open count outside the onset window is no matter": (
        CONFIRMED | {"onset_in": [1, 10]},
        {},
        {"counts": [[7, 100], [10, 99], [12, 100]]},
        "no",
    ),
    "a count after delivery confirms nothing": (
        CONFIRMED,
        {},
        {"counts": [[7, 100], [14, 100]], "events": DELIVERED},
        "NE",
    ),
    "a count after delivery serves a day": (
        {"at": {"ge": 100}, "day": 14, "tol": 2},
        {},
        {"counts": [[7, 10], [14, 100]], "events": DELIVERED},
        "yes",
    ),
    # unconfirmed at the end of follow-up, taken as a failure
    "an open count is a failure by choice": (
        CONFIRMED,
        {"choices": {"open_at_end": "failure"}},
        {"counts": [[7, 100]]},
        "no",
    ),
    "no count at all is not evaluable under any choice": (
        CONFIRMED,
        {"choices": {"open_at_end": "failure"}},
        {"counts": []},
        "NE",
    ),
    # days and visits
    "of two equally near counts the earlier serves": (
        {"at": {"ge": 50}, "day": 7, "tol": 2},
        {},
        {"counts": [[5, 10], [9, 100]]},
        "no",
    ),
    "a visit after the end of follow-up fails": (
        {"k_of": {"ge": 50}, "k": 3, "weeks": [1, 3]},
        {},
        {"counts": [[7, 60], [14, 60]]},
        "no",
    ),
    "a share of too few visits is not met": (
        {"frac_of": {"ge": 50}, "ge": [2, 3], "weeks": [1, 4], "min_obs": 3},
        {},
        {"counts": [[7, 60], [14, 60]]},
        "no",
    ),
    # visits that nobody planned
    "a week after the last count of routine care is unknown": (
        {"k_of": {"ge": 50}, "k": 3, "weeks": [1, 3]},
        {},
        {"visits": "routine", "counts": [[7, 60], [14, 60]]},
        "NE",
    ),
    "what no missing week can mend stays false": (
        {"k_of": {"ge": 50}, "k": 3, "weeks": [1, 3]},
        {},
        {"visits": "routine", "counts": [[7, 60], [14, 40]]},
        "no",
    ),
    "what no missing week can spoil stays true": (
        {"k_of": {"ge": 50}, "k": 2, "weeks": [1, 4]},
        {},
        {"visits": "routine", "counts": [[7, 60], [28, 60]]},
        "yes",
    ),
    "a week whose only count was left out is false": (
        {"k_of": {"ge": 50}, "k": 2, "weeks": [1, 2]},
        {"admit": TRANSFUSED},
        {"visits": "routine", "counts": [[7, 60], [14, 90]], "events": at(12, "platelet_transfusion")},
        "no",
    ),
    "the other count of a day that is left out once is none of that": (
        {"k_of": {"ge": 50}, "k": 2, "weeks": [1, 2]},
        {"admit": LOWEST},
        {"visits": "routine", "counts": [[7, 60], [14, 90], [14, 60]]},
        "yes",
    ),
    "a week after a recorded death is false": (
        {"k_of": {"ge": 50}, "k": 2, "weeks": [1, 2]},
        {},
        {"visits": "routine", "counts": [[7, 60]], "events": at(13, "death")},
        "no",
    ),
    "the week of the death itself is not": (
        {"k_of": {"ge": 50}, "k": 2, "weeks": [1, 2]},
        {},
        {"visits": "routine", "counts": [[7, 60]], "events": at(14, "death")},
        "NE",
    ),
    "a week after delivery is unknown, though its counts are not used": (
        {"k_of": {"ge": 50}, "k": 2, "weeks": [1, 2]},
        {},
        {"visits": "routine", "counts": [[7, 60], [14, 60]], "events": DELIVERED},
        "NE",
    ),
    "a week after a cut that decides is false": (
        {"k_of": {"ge": 50}, "k": 2, "weeks": [1, 3]},
        CUT,
        {"visits": "routine", "counts": [[7, 60], [21, 60]], "events": RESCUED},
        "no",
    ),
    "a week before the last count stays unknown though a cut decides": (
        {"k_of": {"ge": 50}, "k": 2, "weeks": [0, 2]},
        CUT,
        {"visits": "routine", "counts": [[7, 60]], "events": RESCUED},
        "NE",
    ),
    "too few weeks of routine care are unknown": (
        {"frac_of": {"ge": 50}, "ge": [2, 3], "weeks": [1, 4], "min_obs": 3},
        {},
        {"visits": "routine", "counts": [[7, 60], [14, 60]]},
        "NE",
    ),
    "enough weeks of routine care decide": (
        {"frac_of": {"ge": 50}, "ge": [2, 3], "weeks": [1, 4], "min_obs": 3},
        {},
        {"visits": "routine", "counts": [[7, 60], [14, 60], [28, 20]]},
        "yes",
    ),
    "ignored weeks of routine care are no failures": (
        {"k_of": {"ge": 50}, "k": 2, "weeks": [1, 4], "missing": "ignore", "min_obs": 3},
        {},
        {"visits": "routine", "counts": [[7, 60], [14, 60]]},
        "NE",
    ),
    "a hole between two good weeks leaves neighbours unknown": (
        {"consec": {"ge": 50}, "n": 2, "weeks": [1, 3]},
        {},
        {"visits": "routine", "counts": [[7, 60], [21, 60]]},
        "NE",
    ),
    "a failing week on either side leaves no neighbours": (
        {"consec": {"ge": 50}, "n": 2, "weeks": [1, 3]},
        {},
        {"visits": "routine", "counts": [[14, 40]]},
        "no",
    ),
    "the choice overrides what the cohort says": (
        {"k_of": {"ge": 50}, "k": 3, "weeks": [1, 3]},
        {"choices": {"visits": "planned"}},
        {"visits": "routine", "counts": [[7, 60], [14, 60]]},
        "no",
    ),
    # a span
    "a span closed by a failing count after its end is open": (
        SPAN,
        {},
        {"counts": [[0, 40], [14, 40], [27, 40], [30, 10]], "events": STOPPED},
        "NE",
    ),
    "a first count that may fail leaves a span open": (
        SPAN,
        {},
        {"counts": [[0, "<50"], [14, 40], [28, 40]], "events": STOPPED},
        "NE",
    ),
    "a failing count on the last day ends a span": (
        SPAN,
        {},
        {"counts": [[0, 40], [14, 40], [28, 10]], "events": STOPPED},
        "no",
    ),
    "a failing count after the last day does not": (
        SPAN,
        {},
        {"counts": [[0, 40], [14, 40], [28, 40], [29, 10]], "events": STOPPED},
        "yes",
    ),
    "a hole of a day too many leaves a span open": (
        SPAN,
        {},
        {"counts": [[15, 40], [28, 40]], "events": STOPPED},
        "NE",
    ),
    # what is left out
    "7 days after a transfusion are left out, the 8th is not": (
        {"some": {"ge": 100}},
        {"admit": TRANSFUSED},
        {"counts": [[5, 120], [12, 130], [13, 20]], "events": at(5, "platelet_transfusion")},
        "no",
    ),
    "a count drawn before a transfusion stays": (
        {"some": {"ge": 100}},
        {"admit": TRANSFUSED},
        {"counts": [[5, 120, "pre_event"]], "events": at(5, "platelet_transfusion")},
        "yes",
    ),
    "a count without a day serves some": ({"some": {"ge": 100}}, {}, {"counts": [[None, 120, "best"]]}, "yes"),
    "a count without a day lies in no closed window": (
        {"some": {"ge": 100}},
        {"admit": [{"window": [1, 84], "basis": BASIS}]},
        {"counts": [[None, 120, "best"]]},
        "NE",
    ),
    # exposure and bleeding
    "days of overlapping courses count once, and from day 0": (
        {"exposed": "steroid", "min_days": 10},
        {},
        {"exposures": [{"class": "steroid", "start": -5, "end": 3}, {"class": "steroid", "start": 2, "end": 8}]},
        "no",
    ),
    "a low count fails whatever the bleeding was": (
        {"some": {"all": [{"ge": 100}, {"bleed_le": 0}]}},
        {},
        {"counts": [[3, 50]]},
        "no",
    ),
    "a high count waits for the bleeding": (
        {"some": {"all": [{"ge": 100}, {"bleed_le": 0}]}},
        {},
        {"counts": [[3, 150]]},
        "NE",
    ),
}


@pytest.mark.parametrize(("when", "more", "case", "expected"), CORNERS.values(), ids=CORNERS.keys())
def test_corner(when, more, case, expected):
    raw = {
        "id": "corner",
        "label": "corner",
        "population": "synthetic",
        "week_origin": 0,
        "basis": BASIS,
        "classes": [{"label": "yes", "when": when, "basis": BASIS}],
        "else": "no",
        "responses": ["yes"],
    }
    raw |= more
    (outcome,) = outcomes_of_cases(
        Definition.model_validate(raw), [Case.model_validate({"id": "a", "title": "a", "expect": {}, **case})]
    )
    assert outcome["class"] == expected
    assert reference.evaluate(raw, cases.plain_episode(case))["class"] == expected


CLOCKS = {
    "id": "corner",
    "label": "corner",
    "population": "synthetic",
    "complete": "CR",
    "responses": ["CR", "R"],
    "classes": [
        {"label": "CR", "when": CONFIRMED, "basis": BASIS},
        {"label": "R", "when": {"confirm": {"ge": 30}, "gap": 7}, "basis": BASIS},
    ],
    "else": "NR",
    "ttr": {"of": [{"ge": 100}, {"ge": 30}], "gap": 7, "basis": BASIS},
    "loss_cr": {"from": "CR", "of": {"lt": 100}, "gap": 1, "basis": BASIS},
    "loss_r": {"from": ["CR", "R"], "of": {"lt": 30}, "gap": 1, "basis": BASIS},
}
TIMED = {
    "onset, confirmation and both losses": (
        {"counts": [[3, 40], [10, 120], [17, 130], [20, 90], [24, 80], [30, 20], [31, 10]]},
        {"class": "CR", "ttr": 3, "ttr_confirm": 10, "ttr_cr": 10, "loss_cr": 20, "loss_r": 30, "left": 0, "right": 3},
    ),
    "losses after delivery, and one losing count is none": (
        {"counts": [[3, 100], [10, 120], [20, 90], [24, 20]], "events": at(12, "delivery")},
        {"class": "CR", "loss_cr": 20, "loss_r": None, "time": 3, "cause": "response"},
    ),
    "a delivery before the response is what came first": (
        {"counts": [[3, 20], [8, 25]], "events": DELIVERED, "follow_up_end": 40},
        {"class": "NR", "ttr": None, "time": 10, "cause": "delivery", "left": 10, "right": None},
    ),
}


RUNS = {
    "first of three days running, not of three counts": (
        [[3, 40], [4, 40], [6, 40], [8, 20], [10, 40], [11, 40], [12, 50]],
        {"class": "yes", "ttr": 10, "ttr_confirm": 12, "left": 8, "right": 10},
    ),
    "a failing count of the same day comes first": (
        [[3, 40], [4, 20], [4, 40], [5, 40], [6, 40], [7, 40]],
        {"class": "yes", "ttr": 5, "ttr_confirm": 7},
    ),
}


@pytest.mark.parametrize(("counts", "expected"), RUNS.values(), ids=RUNS.keys())
def test_days_running_date_a_response(counts, expected):
    rule = {"label": "yes", "when": {**THREE_DAYS, "days": [1, 28]}, "basis": BASIS}
    clock = {"of": [{"ge": 30}], "n": 3, "basis": BASIS}
    raw = {
        "id": "a",
        "label": "a",
        "population": "all",
        "classes": [rule],
        "else": "no",
        "responses": ["yes"],
        "ttr": clock,
    }
    (outcome,) = outcomes_of_cases(
        Definition.model_validate(raw), [Case.model_validate({"id": "a", "title": "a", "expect": {}, "counts": counts})]
    )
    plain = reference.evaluate(raw, cases.plain_episode({"counts": counts}))
    assert {name: outcome[name] for name in expected} == expected
    assert {name: plain[name] for name in expected} == expected


@pytest.mark.parametrize(("case", "expected"), TIMED.values(), ids=TIMED.keys())
def test_clock(case, expected):
    (outcome,) = outcomes_of_cases(
        Definition.model_validate(CLOCKS), [Case.model_validate({"id": "a", "title": "a", "expect": {}, **case})]
    )
    plain = reference.evaluate(CLOCKS, cases.plain_episode(case))
    assert {name: outcome[name] for name in expected} == expected
    assert {name: plain[name] for name in expected} == expected
