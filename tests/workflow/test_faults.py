"""After a kill at any moment the next plain `./run` gives the same bytes; beside a live run another is refused.

Six kills are tried, of all processes of a run or of one of them; CASESERIES_KILLS=50 tries fifty.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from workflow.conftest import Project, copy_project

KILLS = int(os.environ.get("CASESERIES_KILLS", "6"))
VICTIMS = ("all", "run", "fork", "all", "forks", "snakemake")
FORCED = ("classify", "estimate", "disclose", "show", "report", "seal")
CONFIG = "cohorts: [yu-2023]\nflagship: yu-2023\ndefinitions: [as_reported]\npools: []\n"

pytestmark = pytest.mark.workflow


def start(project: Project, *words: str) -> subprocess.Popen:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PYTHONPATH": str(project.root / "workflow"), "PATH": path}
    command = [sys.executable, "-m", "caseseries", "run", *(["--", *words] if words else [])]
    outlets = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, cwd=project.root, env=environment, start_new_session=True, **outlets)


def finish(project: Project, *words: str) -> tuple[int, str]:
    started = start(project, *words)
    said, _ = started.communicate()
    return started.returncode, said


def kill_all(started: subprocess.Popen) -> None:
    """SIGKILL to a run and to all that it started, as a power cut has it."""
    ours = psutil.Process(started.pid).children(recursive=True)
    os.killpg(started.pid, signal.SIGKILL)
    for process in ours:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    started.communicate()


def kill_one(started: subprocess.Popen, victim: str) -> None:
    """SIGKILL to one process of a run: `run`, Snakemake, the process that makes the forks, or a fork of it."""
    run = psutil.Process(started.pid)
    called = {"snakemake": "snakemake", "forks": "caseseries.forks", "fork": "caseseries.forks"}
    found = [run] if victim == "run" else [one for one in run.children() if called[victim] in " ".join(one.cmdline())]
    if victim == "fork":
        found = [fork for process in found for fork in process.children()]
    family = run.children(recursive=True)
    for process in found[:1]:
        process.kill()
    started.communicate()  # ends when all have ended that could still say something
    psutil.wait_procs(family, timeout=120)


def kill(started: subprocess.Popen, victim: str) -> None:
    """SIGKILL to a run or to one of its processes, where it has not ended yet."""
    if started.poll() is not None:
        started.communicate()
    elif victim == "all":
        kill_all(started)
    else:
        kill_one(started, victim)


def partial(project: Project) -> list[str]:
    return [path.name for path in (project.root / "results").rglob("*.partial")]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A study of four women, run; its release, and how long it took."""
    project = copy_project(tmp_path_factory.mktemp("small") / "a case series")
    (project.root / "config" / "config.yaml").write_text(CONFIG, encoding="utf-8")
    began = time.monotonic()
    code, said = finish(project)
    assert code == 0, said
    return project, project.release(), time.monotonic() - began


def test_killed_at_any_moment_a_run_goes_on_to_the_same_bytes(small):
    project, wanted, whole = small
    chance = random.Random(11)
    for number in range(KILLS):
        stage, victim = FORCED[number % len(FORCED)], VICTIMS[(number + number // len(FORCED)) % len(VICTIMS)]
        started = start(project, "--forcerun", stage)
        time.sleep(chance.uniform(0.1, 0.6) * whole)
        kill(started, victim)
        code, said = finish(project)
        assert code == 0, f"{stage}, {victim}: {said}"
        assert "lock" not in said.lower()
        assert project.release() == wanted, f"{stage}, {victim}: other bytes"
        assert not partial(project)


def test_a_second_run_beside_a_live_one_is_refused_without_a_word_of_unlocking(small):
    project, wanted, _ = small
    started = start(project, "--forcerun", "show")
    held = project.root / ".snakemake" / "running"
    before = held.read_text(encoding="utf-8")
    until = time.monotonic() + 60
    while held.read_text(encoding="utf-8") in ("", before) and time.monotonic() < until:
        time.sleep(0.05)
    code, said = finish(project)
    assert code == 2
    assert f"another run is going on here (process {started.pid}): wait until it has ended" in said
    assert "unlock" not in said
    kill_all(started)
    assert finish(project)[0] == 0
    assert project.release() == wanted
