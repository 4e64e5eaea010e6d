"""`caseseries run` up to Snakemake: what it takes, what it checks again, whom it lets in."""

import os
import time
from pathlib import Path

import pytest

from caseseries import run
from caseseries.cli import main, read_words
from caseseries.model.findings import BadInput
from caseseries.model.layout import Layout


@pytest.mark.parametrize(
    ("words", "files"),
    [
        ([], []),
        (["-n", "--configfile", "a.yaml", "b.yaml", "--forceall"], ["a.yaml", "b.yaml"]),
        (["--configfile=a.yaml"], ["a.yaml"]),
        (["--configfiles", "a.yaml", "-n"], ["a.yaml"]),
        (["--configfile"], []),
        (["--config", "level=0.9"], []),
    ],
)
def test_overlays_are_those_that_snakemake_reads(words, files):
    assert run.overlays(words) == [Path(name) for name in files]


@pytest.mark.parametrize(
    ("words", "of_rules", "rest"),
    [
        ([], [], []),
        (["-n", "--until", "ingest", "-p"], ["--until", "ingest", "ingest_large"], ["-n", "-p"]),
        (["--until=ingest", "report.html"], ["--until", "ingest", "ingest_large"], ["report.html"]),
        (["-Uclassify"], ["--until", "classify", "classify_gather"], []),
        (["-U", "ingest", "audit"], ["--until", "ingest", "audit", "ingest_large"], []),
        (["-R", "ingest", "-O", "show"], ["--omit-from", "show", "--forcerun", "ingest", "ingest_large"], []),
        (["--configfile", "a.yaml", "-n", "ingest"], [], ["--configfile", "a.yaml", "-n", "ingest"]),
        (["-U"], ["--until"], []),
    ],
)
def test_a_rule_that_is_named_is_named_for_large_cohorts_too(words, of_rules, rest):
    assert run.for_large_too(words) == (of_rules, rest)


def test_what_stands_after_two_hyphens_is_passed_on():
    parsed = read_words(["run", "--study", "mine", "--", "-n", "--", "x"])
    assert parsed.study == Path("mine")
    assert parsed.passed_on == ["-n", "--", "x"]


@pytest.mark.parametrize("words", [["run", "yu-2023"], ["check", "--shoe"], ["estimate", "yu-2023", "twice"]])
def test_what_is_not_understood_is_named_beside_the_usage(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("usage: ") and f"not understood: {words[-1]}" in said


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data" / "a").mkdir(parents=True)
    (tmp_path / "code" / "__pycache__").mkdir(parents=True)
    for name in ("data/a/x.csv", "code/__init__.py", "code/m.py"):
        (tmp_path / name).write_text("")
    (tmp_path / "stamp").touch()
    time.sleep(0.02)  # a file system's clock ticks a few times in that
    return tmp_path


def changed(folder):
    return run.changed_since(folder / "stamp", [folder / "data", folder / "code"])


def test_what_has_not_changed_is_not_checked_again(folder):
    assert not changed(folder)
    (folder / "code" / "__pycache__" / "m.pyc").write_text("")
    assert not changed(folder)


@pytest.mark.parametrize("name", ["data/a/x.csv", "code/m.py", "data/a/y.csv"])
def test_a_file_counts_as_changed_when_it_came_here_whatever_time_it_carries(folder, name):
    (folder / name).write_text("new")
    os.utime(folder / name, (10**9, 10**9))
    assert changed(folder)


def test_a_file_that_went_is_a_change(folder):
    (folder / "data" / "a" / "x.csv").unlink()
    assert changed(folder)


def test_without_a_stamp_everything_is_checked(folder):
    (folder / "stamp").unlink()
    assert changed(folder)


def test_one_run_at_a_time(folder):
    with (
        run.alone(),
        pytest.raises(BadInput, match=f"another run is going on here \\(process {os.getpid()}\\)"),
        run.alone(),
    ):
        pass
    with run.alone():
        pass


def test_locks_of_a_dead_snakemake_are_freed(folder):
    lock = folder / ".snakemake" / "locks" / "0.input.lock"
    lock.parent.mkdir(parents=True)
    lock.write_text("data/a/x.csv")
    with run.alone():
        assert not lock.exists()


def test_locks_of_a_living_snakemake_are_left(folder, monkeypatch):
    lock = folder / ".snakemake" / "locks" / "0.input.lock"
    lock.parent.mkdir(parents=True)
    lock.write_text("data/a/x.csv")
    monkeypatch.setattr(run, "running_snakemake", lambda: "4711")
    with pytest.raises(BadInput, match="process 4711"), run.alone():
        pass
    assert lock.exists()


def test_a_job_whose_record_was_cut_off_is_taken_as_begun(folder):
    for name, text in (("metadata/a", '{"rule": "sh'), ("metadata/@x/b", ""), ("metadata/c", '{"rule": "show"}')):
        (folder / ".snakemake" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / ".snakemake" / name).write_text(text)
    (folder / ".snakemake" / "incomplete").mkdir()
    (folder / ".snakemake" / "incomplete" / "d").touch()
    run.doubt_half_records()
    kept = folder / ".snakemake"
    marks = {"incomplete/a", "incomplete/@x/b", "incomplete/d"}
    assert {str(path.relative_to(kept)) for path in kept.rglob("*") if path.is_file()} == {*marks, "metadata/c"}
    assert {(folder / ".snakemake" / mark).read_text() for mark in marks} == {"{}"}


@pytest.mark.parametrize(
    ("manifest", "code", "said"),
    [
        (True, 0, "Report: "),
        (True, 2, "Report, from an earlier run: "),
        (False, 0, "Report, not sealed: do not pass it on: "),
        (False, 3, "Report, not sealed: do not pass it on: "),
    ],
)
def test_a_report_that_was_not_sealed_or_is_older_is_named_as_such(folder, manifest, code, said, capsys):
    release = folder / "results" / "release"
    release.mkdir(parents=True)
    (release / "report.html").write_text("<p>a page</p>")
    if manifest:
        (release / "MANIFEST.sha256").write_text("")
    run.name_report(Layout(folder / "data", folder / "config", folder / "results"), code)
    assert capsys.readouterr().out.splitlines()[0] == f"{said}{release / 'report.html'}"
