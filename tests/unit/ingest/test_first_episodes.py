"""Which episode of a person came first: told by a column or by dates, never by the order of the rows."""

from pathlib import Path

import pytest

from unit.response.cohort_folders import Study

CASES = "episode_id,patient_id,reported_response,on_drug{}\n"
ROWS = ["E1,P1,CR,no", "E2,P1,NR,no", "E3,P2,CR,no", "E4,P2,NR,no"]
COVARIATE = "covariates: [{name: on_drug, label: On the drug, levels: {'yes': 'yes', 'no': 'no'}}]\n"
APART = COVARIATE + "not_a_start: {on_drug: ['yes']}\n"


@pytest.mark.parametrize("rows", [ROWS, ROWS[::-1]], ids=["as it came", "turned"])
def test_rows_in_no_order_are_refused(rows, tmp_path, capsys):
    study = Study(tmp_path, COVARIATE, episodes=CASES.format("") + "\n".join(rows))
    assert study.verb("check", str(study.folder)) == 2
    said = capsys.readouterr().out
    assert "episode_order: the file does not tell which episode came first for 2 persons" in said
    assert study.verb("ingest", study.name) == 2


@pytest.mark.parametrize("turned", [False, True], ids=["as it came", "turned"])
def test_a_column_of_order_decides_in_every_order_of_rows(turned, tmp_path):
    rows = [f"{row},{number}" for row, number in zip(ROWS, (1, 2, 2, 1), strict=True)]
    study = Study(
        tmp_path, COVARIATE, episodes=CASES.format(",episode_order") + "\n".join(rows[::-1] if turned else rows)
    )
    assert study.run().rates("as_reported")["response_rate"] == (1, 2)


@pytest.mark.parametrize("turned", [False, True], ids=["as it came", "turned"])
def test_a_later_start_is_kept_where_the_first_episode_was_none(turned, tmp_path):
    """Made up: P1 was on the drug in the first episode and began it in the second, P2 began it twice."""
    rows = ["E1,P1,CR,yes,1", "E2,P1,NR,no,2", "E3,P2,CR,no,1", "E4,P2,NR,no,2"]
    study = Study(tmp_path, APART, episodes=CASES.format(",episode_order") + "\n".join(rows[::-1] if turned else rows))
    assert study.run().rates("as_reported")["response_rate"] == (1, 2)


def test_one_start_needs_no_order(tmp_path, capsys):
    study = Study(tmp_path, APART, episodes=CASES.format("") + "E1,P1,CR,yes\nE2,P1,NR,no\nE3,P2,CR,no\n")
    assert study.run().rates("as_reported")["response_rate"] == (1, 2)


MAPPING = """mapping:
  {partial}sources:
    - file: p.csv
      table: episodes
      first_dose: start
      columns: {{episode_id: e, patient_id: p, reported_response: r}}
"""


def dated(folder: Path, starts: list[str], partial: str = "") -> Study:
    """Two persons with two episodes each, by the dates of first dose; made up."""
    study = Study(folder, MAPPING.format(partial=partial))
    rows = [f"E{place},P{(place + 1) // 2},{'CR' if place % 2 else 'NR'},{day}" for place, day in enumerate(starts, 1)]
    (study.folder / "p.csv").write_text("e,p,r,start\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return study


def test_dates_of_first_dose_tell_the_order(tmp_path):
    study = dated(tmp_path, ["2020-05-01", "2019-03-01", "2018-01-01", "2021-01-01"])
    assert study.run().rates("as_reported")["response_rate"] == (1, 2)


def test_months_tell_the_order_unless_they_are_the_same(tmp_path, capsys):
    partial = "partial_dates: middle-of-month\n  "
    study = dated(tmp_path / "a", ["2020-05", "2019-03-01", "2018-01", "2021-01"], partial)
    assert study.run().rates("as_reported")["response_rate"] == (1, 2)
    study = dated(tmp_path / "b", ["2020-05", "2020-05-20", "2018-01", "2021-01"], partial)
    assert study.verb("check", str(study.folder)) == 2
    assert "came first for 1 person," in capsys.readouterr().out
