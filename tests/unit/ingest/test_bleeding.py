"""`check` on the record of bleeding: none, one that ends early, a score of visits taken for a record."""

import pytest

from unit.response.cohort_folders import Study

COUNTS = "episode_id,day,count\nA,0,10\nA,28,60\nA,84,110\nB,0,12\nB,28,20\nB,84,25\n"
EPISODES = "episode_id,baseline,bleeding_recorded,bleeding_recorded_to,follow_up_end_day\nA,10,{},90\nB,12,{},90\n"
SCORES = "episode_id,first_day,last_day,who_grade\n"


def found(folder, capsys, episodes, bleeding=""):
    tables = {"episodes": EPISODES.format(*episodes), "counts": COUNTS} | ({"bleeding": bleeding} if bleeding else {})
    study = Study(folder, **tables)
    code = study.verb("check", str(study.folder))
    return code, capsys.readouterr().out


def test_cases_without_a_record_are_counted(tmp_path, capsys):
    code, said = found(tmp_path, capsys, ["yes,", ","])
    assert code == 0
    assert "bleeding is not said to be recorded for 1 of 2 cases with counts" in said


def test_a_record_that_ends_before_the_counts_is_named_with_its_case(tmp_path, capsys):
    code, said = found(tmp_path, capsys, ["yes,30", "yes,90"])
    assert code == 0
    assert "bleeding_recorded_to: counts after this day cannot be judged" in said
    assert "(A)" in said


@pytest.mark.parametrize(
    ("scores", "warned"),
    [
        ("A,0,0,2\nB,0,0,1\n", "(A, B)"),
        ("A,0,0,2\nA,28,28,0\n", "(A)"),
        ("A,0,0,2\nA,28,28,0\nA,84,84,0\n", ""),
        ("A,3,3,1\n", ""),
        ("A,0,5,1\n", ""),
    ],
    ids=["baseline score", "score before later counts", "score at every count", "one bleed", "a bleed of some days"],
)
def test_a_score_of_visits_is_no_record_of_the_course(tmp_path, capsys, scores, warned):
    code, said = found(tmp_path, capsys, ["yes,", "yes,"], SCORES + scores)
    line = next((line for line in said.splitlines() if "score of single visits" in line), "")
    assert code == 0
    assert bool(line) == bool(warned)
    assert warned in line


def test_bleeding_where_none_was_recorded_or_after_it(tmp_path, capsys):
    code, said = found(tmp_path / "a", capsys, ["no,", "yes,"], SCORES + "A,2,4,1\n")
    assert code == 0
    assert "days without an entry stay unknown" in said
    code, said = found(tmp_path / "b", capsys, ["yes,3", "yes,"], SCORES + "A,2,4,1\n")
    assert code == 2
    assert "the bleeding lies after bleeding_recorded_to of the case" in said
    code, said = found(tmp_path / "c", capsys, ["no,3", "yes,"])
    assert code == 2
    assert "a last day is given, but bleeding_recorded does not say yes" in said
