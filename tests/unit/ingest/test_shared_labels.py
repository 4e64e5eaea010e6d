"""A restricted cohort must not share labels with one beside it whose cases every release names."""

import shutil

import pytest

from caseseries.cli import main
from unit.made_series import make


@pytest.fixture
def beside(tmp_path, monkeypatch):
    """A restricted series c0 to c17 and one in print with the same labels."""
    make(tmp_path, {"north": 9, "south": 9}, "restricted")
    shutil.copytree(tmp_path / "data" / "clinic-1", tmp_path / "data" / "printed")
    about = tmp_path / "data" / "printed" / "cohort.yaml"
    about.write_text(about.read_text().replace("id: clinic-1", "id: printed").replace("restricted", "published"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data"


def relabel(folder, old, new):
    for path in folder.glob("*.csv"):
        path.write_text("".join(f"{new}{line[len(old) :]}" if line.startswith(old) else line for line in lines(path)))


def lines(path):
    return path.read_text().splitlines(keepends=True)


def test_a_label_of_both_is_refused_once_by_its_lines(beside, capsys):
    relabel(beside / "printed", "c", "E")
    assert main(["check", "data/clinic-1", "data/printed"]) == 0
    relabel(beside / "printed", "E4,", "c4,")
    relabel(beside / "printed", "E5,", "c5-2,")
    capsys.readouterr()
    assert main(["check", "data/clinic-1", "data/printed"]) == 2
    said = capsys.readouterr().out
    (told,) = [line.strip() for line in said.splitlines() if "those of printed too" in line]
    assert told.startswith("clinic-1/episodes.csv, episode_id: labels of cases or people")
    assert told.endswith("give the cases of the restricted cohort others (lines 6, 7) (for example: K01)")
    assert "c4" not in told and "c5" not in told


def test_two_restricted_cohorts_may_share_labels(beside):
    about = beside / "printed" / "cohort.yaml"
    about.write_text(about.read_text().replace("published", "restricted"))
    assert main(["check", "data/clinic-1", "data/printed"]) == 0


def test_letters_and_small_numbers_are_shared_by_all(beside):
    for name in ("clinic-1", "printed"):
        relabel(beside / name, "c", "")
    assert main(["check", "data/clinic-1", "data/printed"]) == 0
