"""The simulated course: seeded, in blocks, with the shares and the time course that its parameters promise."""

import numpy as np
import pandas as pd
import pytest

from caseseries.cli import main
from caseseries.ingest import synthetic
from caseseries.ingest.synthetic import Course, make_blocks
from caseseries.model.records import read_record_table


def tables(episodes, seed):
    blocks = list(make_blocks(episodes, seed, Course()))
    return {name: pd.concat([as_text(block[name]) for block in blocks]) for name in blocks[0]}


def as_text(frame):
    return frame.astype(dict.fromkeys(frame.select_dtypes("category"), object))


@pytest.fixture(scope="module")
def many():
    return tables(4000, 5)


def test_one_seed_one_cohort():
    assert all(frame.equals(tables(30, 3)[name]) for name, frame in tables(30, 3).items())
    assert not tables(30, 3)["counts"].equals(tables(30, 4)["counts"])


def test_blocks_join_into_one_cohort(monkeypatch):
    monkeypatch.setattr(synthetic, "BLOCK", 10)
    made = tables(25, 1)
    assert made["episodes"]["episode_id"].tolist() == [f"S{n:02d}" for n in range(1, 26)]
    assert set(made["counts"]["episode_id"]) == set(made["episodes"]["episode_id"])


def test_the_course_follows_its_parameters(many):
    counts = many["counts"].assign(value=pd.to_numeric(many["counts"]["count"].str.lstrip("<")))
    episodes = many["episodes"].set_index("episode_id")
    rescued = set(many["events"].query("kind == 'rescue'")["episode_id"])
    complete = episodes.index[(episodes["reported_response"] == "CR") & ~episodes.index.isin(rescued)]
    median = counts[counts["episode_id"].isin(complete)].groupby("day")["value"].median()
    assert median[4] < median[7] < median[14]
    assert 150 < median[14] < 240
    assert 0.5 < median[21] / median[14] < 0.85
    unrescued = counts[~counts["episode_id"].isin(rescued) & counts["day"].between(1, 14)]
    best = unrescued.groupby("episode_id")["value"].max()
    not_rescued = 1 - (1 - Course.response_share) * Course.rescue_others
    assert (best >= 30).mean() == pytest.approx(Course.response_share / not_rescued, abs=0.05)


def test_nothing_happens_after_the_end_of_observation(many):
    end = many["episodes"].set_index("episode_id")["follow_up_end_day"]
    for name, column in (("counts", "day"), ("events", "day"), ("exposures", "last_day")):
        assert (many[name][column].to_numpy() <= end[many[name]["episode_id"]].to_numpy()).all()


def test_some_persons_have_two_episodes_and_get_older(many):
    episodes = many["episodes"].assign(lines=pd.to_numeric(many["episodes"]["prior_lines"].replace("", None)))
    pairs = episodes.groupby("patient_id").filter(lambda rows: len(rows) == 2)
    share = 1 - episodes["patient_id"].nunique() / len(episodes)
    assert share == pytest.approx(Course.twice_share, abs=0.005)
    ages = pairs.groupby("patient_id")["age_years"].agg(["first", "last"])
    assert (ages["last"] >= ages["first"]).all()
    assert np.isfinite(pairs["age_years"]).all()


def test_bad_numbers_are_refused(tmp_path, capsys):
    assert main(["simulate", "--episodes", "0", "--seed", "-1", "--output", str(tmp_path / "Made up")]) == 2
    message = capsys.readouterr().err
    assert "--episodes: must be at least 1" in message
    assert "--seed: must not be negative" in message
    assert "--output: the folder's name is the cohort's id" in message
    assert not (tmp_path / "Made up").exists()


def test_a_folder_of_something_else_is_never_written_over(tmp_path, capsys):
    folder = tmp_path / "clinic-2024"
    command = ["simulate", "--episodes", "3", "--output", str(folder)]
    folder.mkdir()
    assert main(command) == 0
    made = (folder / "counts.csv").read_bytes()
    assert main(command) == 0
    assert (folder / "counts.csv").read_bytes() == made
    (folder / "cohort.yaml").write_text("id: clinic-2024\n", encoding="utf-8")
    (folder / "counts.csv").write_text("mine", encoding="utf-8")
    assert main(command) == 2
    assert "simulate, --output: the folder holds something that simulate did not make" in capsys.readouterr().err
    assert (folder / "counts.csv").read_text(encoding="utf-8") == "mine"
    (folder / "cohort.yaml").unlink()
    assert main(command) == 2


def test_parquet_holds_the_cells_of_csv_and_the_truth_stands_apart(tmp_path, monkeypatch):
    monkeypatch.setattr(synthetic, "BLOCK", 10)
    folder, truth = tmp_path / "many", tmp_path / "truth.parquet"
    command = ["simulate", "--episodes", "25", "--seed", "3", "--output", str(folder)]
    assert main(command) == 0
    csv = {path.stem: pd.read_csv(path, dtype=str, keep_default_na=False) for path in folder.glob("*.csv")}
    assert main([*command, "--format", "parquet", "--truth", str(truth)]) == 0
    assert not list(folder.glob("*.csv"))
    assert {path.stem for path in folder.glob("*.parquet")} == set(csv)
    for name, cells in csv.items():
        written = read_record_table(folder / f"{name}.parquet")
        assert written.astype(str).equals(cells), name
    behind = read_record_table(truth).set_index("episode_id")
    assert list(behind.index) == csv["episodes"]["episode_id"].tolist()
    assert main([*command, "--truth", str(truth)]) == 2
    delivered = csv["events"].query("kind == 'delivery'").set_index("episode_id")["day"].astype(float)
    assert behind["delivery"].replace(np.inf, np.nan).dropna().equals(delivered.rename("delivery"))


def test_the_truth_never_stands_in_the_cohort_folder(tmp_path, capsys):
    folder = tmp_path / "many"
    assert main(["simulate", "--output", str(folder), "--truth", str(folder / "truth.parquet")]) == 2
    assert "--truth: the truth stands in a file of its own" in capsys.readouterr().err
    assert not folder.exists()
