"""`caseseries.open` and plain frames: what the page on Python says, run; and what is refused."""

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

import caseseries
from caseseries.cli import main
from caseseries.model.findings import BadInput
from caseseries.response import classify, load_definitions

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A study with the simulated cohort, classified and estimated, and a second one that was never run."""
    folder = tmp_path_factory.mktemp("study")
    shutil.copytree(ROOT / "config", folder / "config")
    for cohort in ("simulated-rhtpo", "yu-2023"):
        shutil.copytree(ROOT / "data" / cohort, folder / "data" / cohort)
    places = ["--data", str(folder / "data"), "--config", str(folder / "config"), "--results", str(folder / "results")]
    for verb in ("ingest", "classify", "estimate"):
        assert main([verb, "simulated-rhtpo", *places]) == 0
    return folder


def test_the_page_runs(study, monkeypatch, capsys):
    monkeypatch.chdir(study)
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    names: dict = {}
    capsys.readouterr()
    for block in re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        exec(block, names)  # the page's own code
    assert names["study"].cohorts == ("simulated-rhtpo",)
    assert names["judged"].responses["response_class"].tolist() == ["CR", "NR"]
    assert "('simulated-rhtpo',)" in capsys.readouterr().out


def test_the_notebook_has_the_code_of_the_page():
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    cells = json.loads((ROOT / "docs" / "python.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) + "\n" for cell in cells if cell["cell_type"] == "code"]
    assert code == re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert not any(cell.get("outputs") for cell in cells)  # nothing of a run is kept


def test_every_place_opens_the_same(study, monkeypatch):
    monkeypatch.chdir(study)
    for place in (study, "simulated-rhtpo", study / "data" / "simulated-rhtpo"):
        opened = caseseries.open(place)
        assert opened.cohorts == ("simulated-rhtpo",)
        assert len(opened.records["episodes"]) == 40
        for frame in (opened.responses, opened.times, opened.estimates, opened.records["counts"]):
            assert frame.columns[0] == "cohort"
            assert set(frame["cohort"]) == {"simulated-rhtpo"}
    with pytest.raises(KeyError, match="yu-2023 is none of simulated-rhtpo"):
        caseseries.open(study)["yu-2023"]


@pytest.mark.parametrize(
    ("place", "rule"), [("nowhere", "neither a study's folder"), ("empty", "nothing has been run")]
)
def test_refused(tmp_path, monkeypatch, place, rule):
    monkeypatch.chdir(tmp_path)
    for name in ("data", "config"):
        (tmp_path / "empty" / name).mkdir(parents=True)
    with pytest.raises(BadInput, match=rule):
        caseseries.open(place)


def test_frames_are_judged_like_files(study):
    opened = caseseries.open(study)
    definitions = load_definitions(study / "config" / "definitions", ["iwg2009_confirmed", "plt50_any"])
    frames = {
        name: pd.read_csv(study / "data" / "simulated-rhtpo" / f"{name}.csv")
        for name in ("episodes", "counts", "events", "bleeding")
    }
    judged = classify(caseseries.records(frames), definitions, visits="planned").responses.set_index(
        ["definition", "episode_id"]
    )
    files = opened.responses.set_index(["definition", "episode_id"])["response_class"]
    assert judged["response_class"].to_dict() == files[files.index.isin(judged.index)].to_dict()


def test_every_fault_of_frames_at_once():
    counts = pd.DataFrame({"episode_id": ["A", "C"], "day": [7.5, 3], "count": [None, 4]})
    with pytest.raises(BadInput) as refused:
        caseseries.records({"episodes": pd.DataFrame({"episode_id": ["A"]}), "counts": counts})
    told = [str(finding) for finding in refused.value.findings]
    assert len(told) == 3
    assert all(one.startswith("frame counts, line ") for one in told)
    with pytest.raises(BadInput, match="there is no such table"):
        caseseries.records({"labs": counts})
