"""`./bench` runs, its packages agree, and it writes its page; how fast anything is decides nothing."""

import os
import subprocess
import sys

import pytest

from benchmarks import bench, contender
from benchmarks.counts_study import rows_apart, write_study


@pytest.mark.parametrize("name", ["caseseries", "pandas"])
def test_contenders_find_what_the_rule_says(name, tmp_path):
    days = {0: [(7, 50), (14, 60)], 1: [(7, 50), (13, 60)], 2: [(7, 60), (10, 49), (14, 60)], 3: [(0, 90), (7, 90)]}
    days[4] = [(7, 60), (14, 60), (14, 20), (21, 60)]
    rows = [(episode, *one) for episode, counts in days.items() for one in counts + [(30, 5)] * (20 - len(counts))]
    write_study(tmp_path, contender.DEFINITION, rows_apart(rows))
    assert contender.CONTENDERS[name](str(tmp_path))() == 1


def test_packages_that_disagree_are_an_error(monkeypatch):
    answers = iter(range(10))

    def said(*_, **__):
        line = f'{{"seconds": 1, "worked": 1, "found": {next(answers)}, "mebibytes": 1}}'
        return subprocess.CompletedProcess([], 0, stdout=line)

    monkeypatch.setattr(bench.subprocess, "run", said)
    with pytest.raises(SystemExit, match="do not agree"):
        bench.responses(2000, 1)


@pytest.mark.slow
@pytest.mark.workflow
@pytest.mark.xdist_group("bench")
def test_the_quick_run_writes_its_page(tmp_path):
    page = tmp_path / "benchmarks.md"
    environment = os.environ | {"PYTHONPATH": str(bench.ROOT / "tests")}
    command = [sys.executable, "-m", "benchmarks.bench", "--quick", "--output", str(page)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    text = page.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## Response from counts",
        "## Curves",
        "## Runs",
    ]
    assert "Written by `./bench --quick`" in text
    assert "| caseseries | " in text and "| `./run` from nothing | " in text
