"""Weeks in which nobody planned a visit, or after the end of follow-up: unknown in routine care, missed in a trial."""

import pytest

from unit.response.cohort_folders import Study

ON_LATER_WEEKS = ("luna3_8of12", "luna3_two_thirds", "fit_stable", "advance_sustained_4of6", "advance_6of8")
SEEN_TO_DAY_84 = {
    "episodes": "episode_id,sex,baseline,bleeding_recorded,follow_up_end_day\nE1,female,9,yes,84\nE2,female,12,yes,84\n"
    "E3,female,7,yes,84\nE4,female,11,yes,84\n",
    "counts": "episode_id,day,count\nE1,0,9\nE1,28,66\nE1,84,84\nE2,0,12\nE2,28,31\nE2,84,58\nE3,0,7\nE3,28,15\n"
    "E3,84,20\nE4,0,11\nE4,28,72\nE4,84,101\n",
}
ONE_COUNT = {
    "episodes": "episode_id,sex,baseline\nE1,female,9\nE2,female,12\nE3,female,7\nE4,female,11\n",
    "counts": "episode_id,day,count\nE1,14,106\nE2,14,71\nE3,14,55\nE4,14,112\n",
}


@pytest.fixture(scope="module", params=[SEEN_TO_DAY_84, ONE_COUNT], ids=["seen to day 84", "one count"])
def routine(request, tmp_path_factory):
    return Study(tmp_path_factory.mktemp("routine"), **request.param).run()


@pytest.fixture(scope="module", params=[SEEN_TO_DAY_84, ONE_COUNT], ids=["seen to day 84", "one count"])
def planned(request, tmp_path_factory):
    return Study(tmp_path_factory.mktemp("planned"), "visits: planned\n", **request.param).run()


@pytest.mark.parametrize("definition", ON_LATER_WEEKS)
def test_nobody_is_evaluable_on_weeks_that_nobody_planned(routine, definition):
    assert set(routine.classes(definition).values()) == {"NE"}
    assert routine.rates(definition)["response_rate"] == (0, 0)
    assert routine.rates(definition)["response_rate_best_case"] == (4, 4)


@pytest.mark.parametrize("definition", ON_LATER_WEEKS)
def test_a_planned_week_without_a_count_fails(planned, definition):
    assert planned.rates(definition)["response_rate"] == (0, 4)


def test_weeks_without_a_count_are_not_weeks_without_a_response(routine, planned):
    for study, known in ((routine, 0), (planned, 4)):
        values = study.table("estimates").query("definition == 'ava_cum_weeks' and statistic == 'median_value'")
        assert values["n"].tolist() == [known]


def settings_of(study):
    choices = study.table("choices")
    rows = choices[(choices["analysis"] == "visits") & (choices["definition"] == "luna3_8of12")]
    return rows[["setting", "default", "n"]].to_numpy().tolist()


def test_the_other_reading_is_one_of_the_choices(routine, planned):
    assert settings_of(routine) == [["routine", "yes", 0], ["planned", "no", 4]]
    assert settings_of(planned) == [["planned", "yes", 4], ["routine", "no", 0]]


def test_planned_visits_need_a_schedule(tmp_path, capsys):
    bare = Study(tmp_path / "bare", "visits: planned\n", episodes=ONE_COUNT["episodes"])
    assert bare.verb("check", str(bare.folder)) == 2
    assert "there is no schedule (for example: routine)" in capsys.readouterr().out
    days = "".join(f"E{number},{20 + 10 * number},60\n" for number in range(1, 5))
    spread = Study(
        tmp_path / "spread", "visits: planned\n", episodes=ONE_COUNT["episodes"], counts="episode_id,day,count\n" + days
    )
    assert spread.verb("check", str(spread.folder)) == 0
    assert "in no week half of the cases have a count" in capsys.readouterr().out
    common = Study(tmp_path / "common", "visits: planned\n", **ONE_COUNT)
    assert common.verb("check", str(common.folder)) == 0
    assert "visits are said" not in capsys.readouterr().out
