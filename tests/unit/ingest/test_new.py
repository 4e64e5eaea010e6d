"""`caseseries new`: templates that say what is missing, and nothing overwritten."""

import errno
import os

import pytest

from caseseries.cli import main
from caseseries.model.columns import TABLES


def test_only_the_tables_asked_for(tmp_path, capsys):
    arguments = ["--data", str(tmp_path), "--config", str(tmp_path)]
    assert main(["new", "my-cohort", "--tables", "outcomes", "episodes", "claims", *arguments]) == 0
    folder = tmp_path / "my-cohort"
    assert sorted(path.name for path in folder.iterdir()) == [
        "README.md",
        "claims.yaml",
        "cohort.yaml",
        "episodes.csv",
        "outcomes.csv",
    ]
    header = (folder / "outcomes.csv").read_text(encoding="utf-8").strip().split(",")
    assert header == [column.name for column in TABLES["outcomes"]]
    readme = (folder / "README.md").read_text(encoding="utf-8")
    for column in (*TABLES["outcomes"], *TABLES["episodes"]):
        assert f"| `{column.name}` |" in readme
    assert "counts.csv" not in readme
    assert main(["check", str(folder), *arguments]) == 2
    printed = capsys.readouterr().out
    assert printed.count("this must be filled in") == 6


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (["My Cohort"], "an id is lower-case letters"),
        (["../outside"], "an id is lower-case letters"),
        (["my-cohort"], "a folder of this name is there already"),
        (["other", "--tables", "epsodes"], "there is no such table (for example: episodes)"),
    ],
)
def test_refused(tmp_path, capsys, words, rule):
    (tmp_path / "my-cohort").mkdir()
    assert main(["new", *words, "--data", str(tmp_path), "--config", str(tmp_path)]) == 2
    assert rule in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["my-cohort"]


def test_a_folder_whose_making_broke_off_can_be_made_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.csv").write_text("episode_id,day,count\na,0,5\n")
    words = ["new", "mine-2024", "--from", "mine.csv"]

    def refuse(source, target):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(source), None, str(target))

    with monkeypatch.context() as full:
        full.setattr("shutil.copyfile", refuse)
        assert main(words) == 2
    assert not any((tmp_path / "data").iterdir())
    assert main(words) == 0
    assert (tmp_path / "data" / "mine-2024" / "cohort.yaml").is_file()
