"""`./run` itself: findings before any work, one line a job, exit codes."""

import os
import re
import shutil
import signal
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.lock"
pytestmark = [
    pytest.mark.workflow,
    pytest.mark.skipif(
        not (Path(sys.prefix) / "installed").exists()
        or (Path(sys.prefix) / "installed").read_bytes() != LOCK.read_bytes(),
        reason="the environment was not made by ./run or ./test",
    ),
]


@pytest.fixture
def project(fresh):
    """The finished copy with its command and this environment as its own."""
    for name in ("run", "caseseries", "requirements.lock"):
        shutil.copy2(ROOT / name, fresh.root / name)
    make_environment(fresh.root)
    return fresh


def make_environment(root):
    """An environment as `./run` would make it, with the libraries of this one and the code of the copy."""
    venv.create(root / ".venv", with_pip=False)
    (site,) = (root / ".venv" / "lib").glob("python3*/site-packages")
    libraries = [path for path in sys.path if path.startswith(sys.prefix) and path.endswith("site-packages")]
    (site / "shared.pth").write_text("\n".join([str(root / "workflow"), *libraries]) + "\n")
    shutil.copy2(LOCK, root / ".venv" / "installed")


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
    call(project)
    done = call(project, folder=tmp_path_factory.mktemp("elsewhere"))
    assert done.returncode == 0, done.stdout + done.stderr
    nothing, report, *_, ask = done.stdout.splitlines()
    assert nothing.startswith("Nothing to be done"), done.stdout
    assert report == f"Report: {project.root / 'results' / 'release' / 'report.html'}"
    asked = subprocess.run(["bash", "-c", ask.partition(": ")[2]], capture_output=True, text=True, check=True)
    assert "example: caseseries explain " in asked.stdout


def test_help_is_the_usage(project):
    done = call(project, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("usage: ./run [--study PATH] [-- ")


@pytest.mark.parametrize("words", [["yu-2023"], ["--configfile", "my.yaml"], ["--study", ".", "-n"]])
def test_words_that_are_not_understood_are_named_beside_what_was_expected(project, words):
    done = call(project, *words)
    assert done.returncode == 2
    usage, fault = done.stderr.splitlines()
    assert usage.startswith("usage: ./run [--study PATH] [-- ")
    unknown = " ".join(word for word in words if word not in ("--study", "."))
    assert fault.endswith(f"error: not understood: {unknown}; what goes to Snakemake stands after --")


def test_a_folder_that_is_no_study_is_named(project, tmp_path_factory):
    empty = tmp_path_factory.mktemp("empty")
    done = call(project, "--study", str(empty))
    assert done.returncode == 2
    assert done.stderr.startswith(f"{empty}: there is no config/config.yaml in the folder of the study")


@pytest.mark.parametrize("words", [[], ["explain", "--help"], ["definitions"]])
def test_caseseries_beside_run_is_the_command_line(project, words, tmp_path_factory):
    command = ["bash", str(project.root / "caseseries"), *words]
    folder = tmp_path_factory.mktemp("elsewhere")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ("usage: caseseries" in done.stdout + done.stderr) == (words != ["definitions"])


@pytest.mark.parametrize("harm", ["copied", "moved", "half made", "another Python"])
def test_an_environment_that_is_not_this_folders_is_made_again(project, tmp_path, harm):
    """Shown by a Python that is asked to make it and refuses: no code of another folder runs."""
    root = project.root
    if harm in ("copied", "moved"):
        root = project.root.with_name("copy")
        (shutil.copytree if harm == "copied" else shutil.move)(project.root, root)
    elif harm == "half made":
        (root / ".venv" / "installed").unlink()
    else:
        (root / ".venv" / "bin" / "python").unlink()
        (root / ".venv" / "bin" / "python").symlink_to("/nowhere/python3.12")
    asked = tmp_path / "bin" / "python3.11"
    asked.parent.mkdir()
    asked.write_text('#!/bin/sh\n[ "$1" = -m ] && echo "asked for $*" && exit 7\nexit 0\n')
    asked.chmod(0o755)
    environment = os.environ | {"PATH": f"{asked.parent}{os.pathsep}{os.environ['PATH']}"}
    command = ["bash", str(root / "run")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 7
    assert "Setting up .venv" in done.stderr
    assert done.stdout.splitlines() == [f"asked for -m venv --clear {root / '.venv'}"]


def test_a_line_says_how_far_what_and_which_cohort(project):
    change(project.root / "data" / "yu-2023" / "cohort.yaml", "title: rhTPO in four", "title: RhTPO in four")
    done = call(project)
    assert done.returncode == 0, done.stdout + done.stderr
    jobs = re.findall(r"^\[ *(\d+) of \d+\] (.*)$", done.stdout, re.MULTILINE)
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
    assert "10 cohorts checked: 0 errors" in done.stdout
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
    assert "as_reportd: no such response definition; did you mean as_reported?" in done.stdout
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


def start(project, *words):
    """Start a run and wait until it is in the middle of a job."""
    command = ["bash", str(project.root / "run"), "--", *words]
    running = subprocess.Popen(
        command, cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    for line in running.stdout:
        if re.match(r"\[.*\] show ", line):
            break
    return running


def test_a_killed_run_is_taken_up_again(project):
    """Killed in the middle of a job: the next run frees the folder, and nothing half made passes for whole."""
    before = project.release()
    with start(project, "--forceall") as running:
        os.killpg(running.pid, signal.SIGKILL)
    assert list((project.root / ".snakemake" / "locks").iterdir())
    done = call(project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert project.release() == before


def test_a_second_run_beside_a_living_one_is_refused(project):
    with start(project, "--forceall") as running:
        done = call(project)
        os.killpg(running.pid, signal.SIGKILL)
    assert done.returncode == 2
    assert f"another run is going on here (process {running.pid}): wait until it has ended" in done.stderr
    assert "unlock" not in done.stdout + done.stderr


@pytest.mark.parametrize("harm", ["edited", "removed"])
def test_a_result_that_is_not_what_its_stage_wrote_is_made_again(project, harm):
    before = project.release()
    report = project.root / "results" / "release" / "report.html"
    table = project.root / "results" / "release" / "yu-2023" / "tables" / "responses.csv"
    for file in (report, table):
        file.unlink() if harm == "removed" else file.write_text("better")
    done = call(project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "results/release/report.html: not as its stage wrote it, made again" in done.stdout
    assert project.release() == before
