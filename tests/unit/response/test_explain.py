"""The explanation of an episode, as the text that a clinician reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from caseseries.cli import main
from caseseries.model.findings import BadInput
from caseseries.model.layout import Layout
from caseseries.model.records import write_records
from caseseries.response import load_definitions
from caseseries.response.explain import explain, explanation, overview
from unit.response.response_records import counts, records, write_cohort

ROOT = Path(__file__).parents[3]
DEFINITIONS = {one.id: one for one in load_definitions(ROOT / "config" / "definitions")}
COHORT = records(
    episodes=[
        {"episode_id": "A", "baseline": "10", "bleeding_recorded": "yes", "follow_up_end_day": "90"},
        {"episode_id": "B", "baseline": "<20", "reported_response": "R", "reported_time_to_response": "7"},
        {"episode_id": "C"},
    ],
    counts=[
        *counts("A", (0, 11), (7, 15), (14, 120), (45, 44), (45, 40), (52, 38), (80, 60)),
        *counts("B", (14, 33), (7, 31)),
        {"episode_id": "B", "day": "", "timepoint": "best", "count": "130"},
        {"episode_id": "B", "day": "", "timepoint": "nadir", "count": "8"},
    ],
    events=[{"episode_id": "A", "day": "10", "kind": "rescue"}, {"episode_id": "A", "day": "70", "kind": "delivery"}],
    bleeding=[{"episode_id": "A", "first_day": "5", "last_day": "9", "who_grade": "1"}],
)

CONFIRMED = """\
Episode A under IWG 2009, confirmed (iwg2009_confirmed): R

Baseline: 10 × 10⁹/L.
Bleeding: grade 1 on days 5 to 9.
Day 10: rescue treatment.
Day 70: delivery.

day           0    7   14   45   45   52   80
count        11   15  120   44   40   38   60
left out      a         b    c              d
CR                no             no   no
R                 no            yes  yes
a: only counts from day 1 on are used
b: from rescue treatment to 28 days after it
c: a lower count of the same day is used
d: taken after delivery

Conditions, the first that is met gives the class:
  CR: not met: two counts at least 7 days apart, each at least 100 × 10⁹/L with no bleeding, and so
    every count between them
  R: met: two counts at least 7 days apart, each at least 30 × 10⁹/L and at least 2 times the
    baseline with no bleeding, and so every count between them

R: Two counts at least 7 days apart, each at least 30 × 10⁹/L and at least 2 times the baseline with
no bleeding, and so every count between them. Deciding: 40 (day 45), 38 (day 52).
Response from day 45.
Confirmed on day 52.
"""


def test_the_whole_text():
    text = explain(COHORT, "A", DEFINITIONS["iwg2009_confirmed"])
    assert text.startswith(CONFIRMED)
    assert text[len(CONFIRMED) :].startswith("\nNot settled by the source:\n  our choice: counts after the first dose")


def test_structured_form():
    told = explanation(COHORT, "A", DEFINITIONS["iwg2009_confirmed"])
    assert told.response_class == "R"
    assert [clause.truth for clause in told.clauses] == ["not met", "met"]
    assert [fate.left_out != "" for fate in told.counts] == [True, False, True, True, False, False, True]
    assert told.judged["R"] == {3: "no", 6: "yes", 7: "yes", 8: "yes"}


def test_unknown_is_said_with_its_cause():
    told = explanation(COHORT, "B", DEFINITIONS["iwg2009_confirmed"])
    assert told.response_class == "NE"
    assert [clause.truth for clause in told.clauses] == ["not met", "unknown"]
    assert told.sentence == "Not evaluable: bleeding was not recorded; R remains possible."
    assert told.baseline == "Baseline: below 20 × 10⁹/L."
    assert told.bleeding == "Bleeding: not recorded."


def test_undated_counts_have_a_fate_too():
    told = explanation(COHORT, "B", DEFINITIONS["rottenstreich2023"])
    fates = {fate.day: fate.left_out for fate in told.counts}
    assert fates == {"7": "", "14": "", "best": "", "nadir": "a count without a day cannot be placed"}
    assert told.response_class == "CR"
    assert told.deciding == " Deciding: 130 (best)."
    confirmed = explanation(COHORT, "B", DEFINITIONS["iwg2009_confirmed"])
    assert {fate.day: bool(fate.left_out) for fate in confirmed.counts}["best"]


def test_nothing_recorded():
    text = explain(COHORT, "C", DEFINITIONS["plt50_any"])
    assert "No count is recorded." in text
    assert "NE: Not evaluable: no dated count after the first dose; a response remains possible." in text


def test_reported_and_measured():
    assert "R: As the source reports." in explain(COHORT, "B", DEFINITIONS["as_reported"])
    assert "Number of the 26 weekly visits" in explain(COHORT, "A", DEFINITIONS["ava_cum_weeks"])


def test_a_measure_that_is_not_known_says_between_what_it_lies():
    visits = [{"episode_id": "A", "day": str(day), "count": count} for day, count in ((7, "60"), (14, ">40"))]
    bounded = records(episodes=[{"episode_id": "A"}], counts=visits)
    assert "value: between 1 and 2: Number of the 26 weekly visits" in explain(
        bounded, "A", DEFINITIONS["ava_cum_weeks"], "planned"
    )
    unplanned = explain(bounded, "A", DEFINITIONS["ava_cum_weeks"])
    assert "value: between 1 and 26: Number of the 26 weekly visits" in unplanned


@pytest.mark.parametrize("name", DEFINITIONS)
def test_every_definition_can_be_explained(name):
    for episode in "ABC":
        told = explanation(COHORT, episode, DEFINITIONS[name])
        assert told.sentence.endswith(".")
        assert told.text().splitlines()[0].endswith(f"({name}): {told.response_class}")


def test_the_verb(tmp_path, capsys):
    layout = Layout(results=tmp_path)
    write_records(COHORT, layout.records("synthetic"))
    write_cohort(tmp_path)
    where = ["--config", str(ROOT / "config"), "--results", str(tmp_path), "--data", str(tmp_path)]
    assert main(["explain", "synthetic", "A", "--definition", "iwg2009_confirmed", *where]) == 0
    assert capsys.readouterr().out.startswith(CONFIRMED)
    assert main(["explain", "synthetic", "A", *where]) == 0
    shown = capsys.readouterr().out
    told = {name for name in DEFINITIONS if f"\n{name} " in shown}
    assert told == {name for name, one in DEFINITIONS.items() if one.analyte == "platelets"}
    assert main(["explain", "synthetic", "Z", "--definition", "iwg2009_confirmed", *where]) == 2
    assert "the cohort has no episode of this id" in capsys.readouterr().err
    assert main(["explain", "synthetic", "A", "--definition", "iwg", *where]) == 2


def test_an_unknown_episode_is_bad_input_without_its_id():
    with pytest.raises(BadInput) as caught:
        explain(COHORT, "Mrs Example", DEFINITIONS["plt50_any"])
    assert "Example" not in str(caught.value)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"day": "13", "cause": "recovery"}, "By the source, recovery on day 13."),
        ({"left_day": "7", "right_day": "14", "cause": "recovery"}, "By the source, recovery after day 7, by day 14."),
        ({"left_day": "0", "right_day": "7", "cause": "recovery"}, "By the source, recovery by day 7."),
        ({"left_day": "21", "cause": "recovery"}, "By the source, recovery after day 21, the day not known."),
        ({"day": "390", "cause": "censored"}, "By the source, no recovery up to day 390."),
        ({"day": "30", "cause": "relapse"}, "By the source, relapse came before recovery, on day 30."),
    ],
)
def test_what_the_source_times_is_told(row, words):
    timed = records(episodes=[{"episode_id": "A"}], outcomes=[{"episode_id": "A", "outcome": "recovery"} | row])
    assert words in explain(timed, "A", DEFINITIONS["as_reported"]).splitlines()
    assert words in overview(timed, "A", list(DEFINITIONS.values())).splitlines()
