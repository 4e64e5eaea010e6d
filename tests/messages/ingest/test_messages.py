"""Broken cohorts and the exact words with which they are refused.

`good-cohort` is without a fault. Each folder of `cohorts` holds only the files in which a broken cohort differs from
it (`NAME.removed` takes NAME away); `expected/<folder>.txt` holds what `caseseries check` prints, its exit code first.
"""

import shutil
from pathlib import Path

import pytest

from caseseries.cli import main

HERE = Path(__file__).parent
CONFIG = Path(__file__).resolve().parents[3] / "config"
COHORTS = sorted(path.name for path in (HERE / "cohorts").iterdir())


def build(case: str | None, folder: Path) -> Path:
    cohort = folder / "data" / "good-cohort"
    shutil.copytree(HERE / "good-cohort", cohort)
    for path in sorted((HERE / "cohorts" / case).rglob("*")) if case else ():
        if path.suffix == ".removed":
            (cohort / path.stem).unlink()
        elif path.is_file():
            target = cohort / path.relative_to(HERE / "cohorts" / case)
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, target)
    return cohort


def places(folder: Path) -> list[str]:
    return ["--data", str(folder / "data"), "--config", str(CONFIG), "--results", str(folder / "results")]


def test_the_good_cohort_is_good(tmp_path, capsys):
    build(None, tmp_path)
    assert main(["check", str(tmp_path / "data" / "good-cohort"), *places(tmp_path)]) == 0
    assert capsys.readouterr().out.endswith("\n\n1 cohort checked: 0 errors, 0 warnings\n")
    assert main(["ingest", "good-cohort", *places(tmp_path)]) == 0
    assert (tmp_path / "results" / "restricted" / "good-cohort" / "queries.csv").read_text().count("\n") == 1


@pytest.mark.parametrize("case", COHORTS)
def test_message(case, tmp_path, capsys):
    cohort = build(case, tmp_path)
    code = main(["check", str(cohort), *places(tmp_path)])
    printed = capsys.readouterr().out
    assert f"exit {code}\n{printed}" == (HERE / "expected" / f"{case}.txt").read_text(encoding="utf-8")
    assert main(["ingest", "good-cohort", *places(tmp_path)]) == code
    written = sorted(path for path in (tmp_path / "results").rglob("*") if path.is_file())
    if code == 2:
        assert written == []
        errors = [line.strip() for line in printed.partition("Warnings:")[0].splitlines()[1:] if line.startswith("  ")]
        assert capsys.readouterr().err.splitlines() == errors
    else:
        assert cohort.parent.parent / "results" / "restricted" / "good-cohort" / "queries.csv" in written


def test_every_expectation_has_its_cohort():
    assert sorted(path.stem for path in (HERE / "expected").iterdir()) == COHORTS
