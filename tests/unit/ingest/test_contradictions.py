"""`check` asks where class, time and cause of an episode do not fit together."""

import pytest

from unit.response.cohort_folders import Study

OUTCOMES = "episode_id,outcome,day,left_day,right_day,cause\n"
EVENTS = "episode_id,day,kind\n"
EPISODES = "episode_id,pregnant,follow_up_end_day,reported_response,reported_time_to_response\n"


def found(folder, capsys, rows, outcomes="", events="", **tables):
    tables["episodes"] = EPISODES + rows
    tables |= {"outcomes": OUTCOMES + outcomes} if outcomes else {}
    tables |= {"events": EVENTS + events} if events else {}
    study = Study(folder, **tables)
    code = study.verb("check", str(study.folder))
    return code, [line for line in capsys.readouterr().out.splitlines() if "cannot be checked" not in line]


ASKED = {
    "class NR and a response": (
        "A,,,NR,\n",
        "A,response,60,,,response\n",
        "",
        "the class is NR, but cause in outcomes.csv",
    ),
    "class NR and a recovery of later": ("A,,,NR,\n", "A,recovery,168,,,recovery\n", "", "the class is NR, but cause"),
    "class NR and a response on a day without limit": (
        "A,,,NR,\n",
        "A,response,,60,,response\n",
        "",
        "the class is NR",
    ),
    "class R and a complete response": (
        "A,,,R,\n",
        "A,complete_response,9,,,complete_response\n",
        "",
        "the class is R",
    ),
    "class R and censored": (
        "A,,,R,\n",
        "A,response,84,,,censored\n",
        "",
        "none came as long as the case was observed",
    ),
    "responded and rescued first": ("A,,,responded,12\n", "A,response,5,,,rescue\n", "", "something else came first"),
    "a time without a class, and rescued first": (
        "A,,,,12\n",
        "A,response,5,,,rescue\n",
        "",
        "something else came first",
    ),
    "two days": (
        "A,,,R,14\n",
        "A,response,7,,,response\n",
        "",
        "the time to response is another than day in outcomes.csv",
    ),
    "a day outside the interval": ("A,,,R,14\n", "A,response,,14,21,response\n", "", "the time to response is another"),
    "after the delivery": ("A,yes,,R,14\n", "", "A,3,delivery\n", "after the delivery of the case in events.csv"),
    "after the rescue": ("A,,,responded,14\n", "", "A,11,rescue\n", "after the rescue of the case in events.csv"),
    "after the end": ("A,,10,R,14\n", "", "", "the reported response lies after follow_up_end_day"),
    "an outcome after the end": ("A,,10,,\n", "A,response,14,,,response\n", "", "the day lies after follow_up_end_day"),
    "an outcome after the delivery": (
        "A,yes,,,\n",
        "A,response,14,,,censored\n",
        "A,3,delivery\n",
        "which then came first",
    ),
    "two days of a delivery": (
        "A,yes,,,\n",
        "A,response,14,,,delivery\n",
        "A,15,delivery\n",
        "the day of the delivery is",
    ),
    "a loss of what never came": ("A,,,NR,\n", "A,loss_of_response,9,,,loss_of_response\n", "", "is lost that by"),
    "a loss before it came": ("A,,,R,14\n", "A,loss_of_response,9,,,loss_of_response\n", "", "lost before it came"),
}


@pytest.mark.parametrize("case", ASKED)
def test_contradictions_are_asked_about(case, tmp_path, capsys):
    rows, outcomes, events, rule = ASKED[case]
    code, said = found(tmp_path, capsys, rows + "B,,,,\n", outcomes, events)
    (line,) = [line for line in said if rule in line]
    assert code == 0
    assert line.endswith("(A)")


@pytest.mark.parametrize(
    ("rows", "outcomes", "events"),
    [
        ("A,,60,R,14\n", "A,response,14,,,response\n", ""),
        ("A,,60,R,14\n", "A,response,,7,14,response\n", ""),
        ("A,,60,responded,\n", "A,response,,14,,response\n", ""),
        ("A,yes,60,R,14\n", "", "A,14,delivery\n"),
        ("A,,60,NR,\n", "A,response,5,,,rescue\n", "A,5,rescue\n"),
        ("A,,60,R,14\n", "A,loss_of_response,30,,,loss_of_response\n", ""),
        ("A,,60,R,14\n", "", "A,-3,rescue\n"),
        ("A,,60,NR,\n", "A,recovery,60,,,censored\n", ""),
    ],
    ids=["same day", "in its interval", "later", "same day as delivery", "rescued", "lost later", "before", "none"],
)
def test_what_agrees_is_not_asked_about(rows, outcomes, events, tmp_path, capsys):
    code, said = found(tmp_path, capsys, rows, outcomes, events)
    assert code == 0
    assert not [line for line in said if "outcomes.csv, " in line or "episodes.csv, reported" in line]


def test_a_response_after_death_is_refused(tmp_path, capsys):
    code, said = found(tmp_path / "a", capsys, "A,,,R,14\n", "", "A,3,death\n")
    assert code == 2
    assert any("the reported response lies after the death of the case" in line for line in said)
    code, said = found(tmp_path / "b", capsys, "A,,,,\n", "A,response,14,,,response\n", "A,3,death\n")
    assert code == 2
    assert any("the day lies after the death of the case" in line for line in said)


def test_the_count_called_first_response_fits_class_and_time(tmp_path, capsys):
    counts = "episode_id,day,timepoint,count\nA,9,first_response,60\nB,7,first_response,60\n"
    _, said = found(tmp_path, capsys, "A,,,NR,\nB,,,R,14\n", counts=counts)
    assert [line.rpartition(" ")[2] for line in said if "first_response" in line] == ["(A)", "(B)"]


@pytest.mark.parametrize(("events", "asked"), [(1, False), (2, True)])
def test_totals_beside_cases_are_counted(events, asked, tmp_path, capsys):
    totals = f"group,outcome,definition,events,n,unit,origin\nall,response,,{events},2,,printed\n"
    _, said = found(tmp_path, capsys, "A,,,NR,\nB,,,R,14\n", aggregates=totals)
    assert any("the total is another than episodes.csv counts" in line for line in said) is asked
