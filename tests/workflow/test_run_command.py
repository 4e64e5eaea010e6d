"""`./run` itself: findings before any work, one line a job, exit codes."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.lock"
pytestmark = [
    pytest.mark.workflow,
    pytest.mark.xdist_group("workflow"),
    pytest.mark.skipif(
        not (Path(sys.prefix) / "installed").exists()
        or (Path(sys.prefix) / "installed").read_bytes() != LOCK.read_bytes(),
        reason="the environment was not made by ./run or ./test",
    ),
]


@pytest.fixture
def project(fresh):
    """The finished copy with its command and this environment as its own."""
    shutil.copy2(ROOT / "run", fresh.root / "run")
    shutil.copy2(LOCK, fresh.root / "requirements.lock")
    (fresh.root / ".venv").symlink_to(sys.prefix)
    return fresh


def call(project, *words, folder=None):
    command = ["bash", str(project.root / "run"), *words]
    return subprocess.run(
        command, cwd=folder or project.root, env=dict(os.environ), capture_output=True, text=True, check=False
    )


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_nothing_to_do_from_another_folder(project, tmp_path_factory):
    done = call(project, folder=tmp_path_factory.mktemp("elsewhere"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing to be done" in done.stdout
    assert done.stdout.splitlines()[-1] == f"Report: {project.root / 'results' / 'release' / 'report.html'}"


@pytest.mark.parametrize(("words", "code"), [(["--help"], 0), (["yu-2023"], 2), (["--configfile", "my.yaml"], 2)])
def test_words_without_two_hyphens_get_the_usage(project, words, code):
    done = call(project, *words)
    assert done.returncode == code
    assert (done.stdout + done.stderr).startswith("usage: ./run [-- ")


def test_a_line_says_how_far_what_and_which_cohort(project):
    change(project.root / "data" / "yu-2023" / "cohort.yaml", "title: rhTPO in four", "title: RhTPO in four")
    done = call(project)
    assert done.returncode == 0, done.stdout + done.stderr
    jobs = re.findall(r"^\[ *(\d+) of 10\] (.*)$", done.stdout, re.MULTILINE)
    assert [int(number) for number, _ in jobs] == sorted(int(number) for number, _ in jobs)
    named = {job for _, job in jobs}
    assert {"ingest yu-2023", "classify yu-2023", "show yu-2023", "pool cohorts", "report"} <= named
    assert "jobid" not in done.stdout


def test_data_and_definitions_are_checked_before_any_work(project):
    change(project.root / "data" / "michel-2020" / "episodes.csv", "episode_id,", "episode_id,shoe_size,")
    change(project.root / "config" / "definitions" / "as-reported.yaml", "reported: true", "reported: maybe")
    before = project.release()
    done = call(project)
    assert done.returncode == 2
    text = done.stdout + done.stderr
    assert "michel-2020/episodes.csv" in text
    assert "as-reported.yaml, line 11, definitions.0.reported: the value must be true or false" in text
    assert " of " not in done.stdout.split("checked:")[-1]
    assert project.release() == before


@pytest.mark.parametrize("words", [["--configfile", "my.yaml"], ["--configfile=my.yaml"]])
def test_an_overlay_named_alone_stands_on_the_shipped_configuration(project, words):
    (project.root / "my.yaml").write_text("level: 0.9\nflagship: kong-2017\n")
    done = call(project, "--", *words, "--dry-run")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "8 cohorts checked: 0 errors" in done.stdout
    (project.root / "my.yaml").write_text("level: 95\n")
    done = call(project, "--", *words, "--dry-run")
    assert done.returncode == 2
    assert "my.yaml, line 1, level: the value must be less than 1" in done.stderr


def test_an_overlay_and_its_cohorts_are_checked_before_any_work(project):
    text = "cohorts: [yu-2023, nowhere-2020]\nflagship: kong-2017\ndefinitions: [as_reportd]\n"
    (project.root / "my.yaml").write_text(text)
    before = project.release()
    done = call(project, "--", "--configfile", "config/config.yaml", "my.yaml")
    assert done.returncode == 2
    assert "nowhere-2020: there is no such cohort folder" in done.stdout
    assert "my.yaml, line 2, flagship: the flagship must stand in the list of cohorts" in done.stdout
    assert "pools.rhtpo-pregnancy: lin-2023 must stand in the list of cohorts" in done.stdout
    assert "as_reportd: no such response definition; did you mean as_reported?" in done.stderr
    assert project.release() == before


def test_a_failing_job_shows_its_log_and_no_more(project):
    """The check is told that all is well; the stage still refuses, and says why."""
    change(project.root / "config" / "definitions" / "as-reported.yaml", "reported: true", "reported: maybe")
    (project.root / ".snakemake" / "checked").touch()
    done = call(project)
    assert done.returncode == 2
    assert "as-reported.yaml, line 11" in done.stdout
    assert "CalledProcessError" not in done.stdout
    assert "input:" not in done.stdout


def test_what_came_with_an_older_time_or_went_is_checked_too(project):
    assert call(project).returncode == 0
    episodes = project.root / "data" / "michel-2020" / "episodes.csv"
    change(episodes, "episode_id,", "episode_id,shoe_size,")
    os.utime(episodes, (10**9, 10**9))
    shutil.rmtree(project.root / "data" / "kong-2017")
    done = call(project)
    assert done.returncode == 2
    assert "shoe_size" in done.stdout
    assert "kong-2017: there is no such cohort folder" in done.stdout


def test_a_killed_run_is_taken_up_again(project):
    """Killed in the middle of a job: nothing half made passes for whole, and the reader is told how to go on."""
    before = project.release()
    command = ["bash", str(project.root / "run"), "--", "--forceall"]
    with subprocess.Popen(
        command, cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as running:
        for line in running.stdout:
            if re.match(r"\[.*\] show ", line):
                break
        os.killpg(running.pid, signal.SIGKILL)
    done = call(project)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "  ./run -- --unlock"
    assert call(project, "--", "--unlock").returncode == 0
    done = call(project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert project.release() == before
