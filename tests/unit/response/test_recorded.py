"""Facts that a record lacks, and the row that a class is walked back to."""

import pytest

from caseseries.model.definition import Definition
from caseseries.response.classify import classify
from unit.response.response_records import counts, records

BASIS = {"C": "for the test"}


def judged(when, episode=None, **tables):
    more = {"choices": tables.pop("choices")} if "choices" in tables else {}
    definition = Definition.model_validate(
        {"id": "made_up", "label": "made up", "population": "synthetic", "else": "no", "responses": ["yes"]}
        | {"classes": [{"label": "yes", "when": when, "basis": BASIS}]}
        | more
    )
    about = {"episode_id": "A", "baseline": "10", "bleeding_recorded": "yes", "follow_up_end_day": "60"}
    (row,) = classify(records(episodes=[about | (episode or {})], **tables), [definition]).responses.to_dict("records")
    return row


@pytest.mark.parametrize(("first", "last"), [("0", ""), ("", "9"), ("", "")])
def test_a_course_without_its_first_or_last_day_leaves_the_class_open(first, last):
    """A count of 20 is no response, and the drug may or may not have been given long enough."""
    exposures = [{"episode_id": "A", "drug": "prednisone", "class": "steroid", "role": "concomitant"}]
    spell = {"first_day": first, "last_day": last}
    when = {"and": [{"some": {"ge": 100}}, {"exposed": "steroid", "min_days": 3}]}
    row = judged(when, counts=counts("A", (7, 20)), exposures=[exposures[0] | spell])
    assert row["response_class"] == "NE"
    told = judged(when, counts=counts("A", (7, 20)), exposures=[exposures[0] | {"first_day": "0", "last_day": "9"}])
    assert told["response_class"] == "no"


@pytest.mark.parametrize(("to", "found"), [("29", "yes"), ("27", "NE")])
def test_bleeding_is_asked_of_the_nearest_count_of_a_visit_alone(to, found):
    """Of counts on days 25, 26, 29 and 31 that of day 29 serves day 28."""
    when = {"at": {"all": [{"ge": 100}, {"bleed_le": 0}]}, "day": 28, "tol": 3}
    made = counts("A", (25, 110), (26, 110), (29, 110), (31, 110))
    assert judged(when, {"bleeding_recorded_to": to}, counts=made)["response_class"] == found


def test_the_first_count_of_all_leads_a_confirmed_run_where_a_later_one_is_open():
    when, made = {"confirm": {"ge": 100}, "gap": 7}, counts("A", (3, 120), (14, 130), (30, 20), (58, 140))
    accepted = judged(when, counts=made, choices={"open_at_end": "accept"})
    assert accepted["response_class"] == "yes"
    assert accepted["decided_by"] == judged(when, counts=made)["decided_by"] != ""


@pytest.mark.parametrize(
    ("made", "found"),
    [
        (counts("A", (30, 120)), {"accept": "yes", "not_evaluable": "NE"}),
        (counts("A", (7, 120), (14, 130), (30, 20), (58, 20)), {"accept": "yes", "not_evaluable": "yes"}),
        (counts("A", (7, 120), (9, 20), (58, 20)), {"accept": "no", "not_evaluable": "no"}),
    ],
    ids=["nothing after the first count", "confirmed, and low since", "low two days later"],
)
@pytest.mark.parametrize("open_at_end", ["accept", "not_evaluable"])
def test_a_run_that_nobody_could_confirm_counts_where_the_definition_accepts_it(made, found, open_at_end):
    when = {"confirm": {"ge": 100}, "gap": 7}
    row = judged(when, counts=made, choices={"open_at_end": open_at_end})
    assert row["response_class"] == found[open_at_end]


@pytest.mark.parametrize(
    ("zero", "when", "found"),
    [
        ("unknown", {"fold_ge": 2}, "NE"),
        ("satisfied", {"fold_ge": 2}, "yes"),
        ("unknown", {"fold_le": 2}, "NE"),
        ("unknown", {"delta_ge": 20}, "yes"),
    ],
)
@pytest.mark.parametrize("baseline", ["0", "10"])
def test_no_count_is_a_multiple_of_a_baseline_of_zero_where_the_definition_says_so(zero, when, found, baseline):
    made = counts("A", (7, 100)) if "fold_le" not in when else counts("A", (7, 12))
    row = judged({"some": when}, {"baseline": baseline}, counts=made, choices={"zero_baseline": zero})
    assert row["response_class"] == (found if baseline == "0" else "yes")


@pytest.mark.parametrize(("count", "found"), [(110, "yes"), (20, "no")])
@pytest.mark.parametrize("to", ["5", "3"])
def test_bleeding_is_asked_of_the_last_count_before_an_event(to, count, found):
    when = {"last_before": {"all": [{"ge": 100}, {"bleed_le": 0}]}, "event": "delivery", "within": 7}
    made, events = counts("A", (5, count)), [{"episode_id": "A", "day": "7", "kind": "delivery"}]
    row = judged(when, {"bleeding_recorded_to": to}, counts=made, events=events)
    assert row["response_class"] == (found if to == "5" else "NE")


def test_a_failure_that_stands_first_among_the_classes_could_have_been_shown():
    """Who stays above 20 responds, so all criteria met is a failure and none met a response."""
    about = {"id": "made_up", "label": "made up", "population": "synthetic", "else": "yes", "responses": ["yes"]}
    failed = {"label": "failed", "when": {"some": {"le": 20}}, "basis": BASIS}
    definition = Definition.model_validate(about | {"classes": [failed]})
    made = records(episodes=[{"episode_id": "A", "baseline": "10"}], counts=counts("A", (7, 100)))
    assert classify(made, [definition]).responses["decidable"].tolist() == ["both"]


def test_a_baseline_of_one_is_none_of_zero():
    row = judged(
        {"some": {"fold_ge": 2}}, {"baseline": "1"}, counts=counts("A", (7, 100)), choices={"zero_baseline": "unknown"}
    )
    assert row["response_class"] == "yes"


@pytest.mark.parametrize(
    ("days", "to", "found"),
    [((2, 10, 20, 30, 40), "30", "no"), ((2, 10, 20, 30, 40), "29", "NE"), ((10,), "9", "NE")],
    ids=["up to the closing count", "not up to it", "not on the day of the event"],
)
def test_bleeding_is_asked_of_a_span_from_its_event_to_the_count_that_closes_it(days, to, found):
    when = {"sustain": {"all": [{"ge": 30}, {"bleed_le": 0}]}, "start": "stop_drug", "days": 20, "max_gap": 30}
    events = [{"episode_id": "A", "day": "10", "kind": "stop_drug"}]
    made = counts("A", *((day, 20) for day in days))
    assert judged(when, {"bleeding_recorded_to": to}, counts=made, events=events)["response_class"] == found


def test_bleeding_is_asked_of_one_visit_and_not_of_the_next():
    when = {"at": {"all": [{"ge": 100}, {"bleed_le": 0}]}, "day": 28, "tol": 3}
    made = counts("A", (28, 110), (35, 110))
    assert judged(when, {"bleeding_recorded_to": "29"}, counts=made)["response_class"] == "yes"
