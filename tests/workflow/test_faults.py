"""After a kill at any moment, a power cut or a full disk the next plain `./run` gives the same bytes; beside a live run
another is refused.

Four kills are tried, of all processes of a run or of one of them; CASESERIES_KILLS=50 tries fifty.
"""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from workflow.conftest import SHIPPED, Project, copy_project, end, started

KILLS = int(os.environ.get("CASESERIES_KILLS", "4"))
VICTIMS = ("power", "fork", "snakemake", "run", "forks", "all")
FORCED = ("show", "report", "estimate", "seal", "export", "disclose", "classify")
CONFIG = "cohorts: [yu-2023]\nflagship: yu-2023\ndefinitions: [as_reported]\npools: []\n"

pytestmark = pytest.mark.workflow


def start(project: Project, *words: str) -> subprocess.Popen:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PYTHONPATH": str(project.root / "workflow"), "PATH": path}
    command = [sys.executable, "-m", "caseseries", "run", *(["--", *words] if words else [])]
    outlets = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return started(command, cwd=project.root, env=environment, **outlets)


def finish(project: Project, *words: str) -> tuple[int, str]:
    run = start(project, *words)
    try:
        said, _ = run.communicate()
    finally:
        end(run)
    return run.returncode, said


def kill_all(started: subprocess.Popen) -> None:
    """SIGKILL to a run and to all that it started, where it has not ended yet."""
    if started.poll() is not None:
        started.communicate()
        return
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


def await_moment(started: subprocess.Popen, chance: random.Random) -> None:
    """Wait for some moment of a run: one in four before its first job, the others in one of its jobs."""
    part = chance.uniform(-0.25, 0.75)
    if part < 0:
        time.sleep(chance.uniform(0.1, 4))
        return
    for line in started.stdout:
        if (told := re.match(r"\[ *(\d+) of (\d+)\]", line)) and int(told[1]) >= part * int(told[2]):
            time.sleep(chance.uniform(0, 1))
            return


def cut_power(started: subprocess.Popen, project: Project, since: float, chance: random.Random) -> None:
    """End a run as a power cut does: of half the files written in it nothing is left, or blocks that hold nothing."""
    kill_all(started)
    for folder in ("results", ".snakemake"):
        files = sorted(path for path in (project.root / folder).rglob("*") if path.is_file())
        for file in files:
            if file.stat().st_mtime >= since and chance.random() < 0.5:
                file.write_bytes(bytes(chance.choice((0, file.stat().st_size))))


def kill(started: subprocess.Popen, victim: str) -> None:
    """SIGKILL to a run or to one of its processes."""
    if victim == "all" or started.poll() is not None:
        kill_all(started)
    else:
        kill_one(started, victim)


def partial(project: Project) -> list[str]:
    return [path.name for path in (project.root / "results").rglob("*.partial")]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A study of four women, run, and its release."""
    project = copy_project(tmp_path_factory.mktemp("small") / "a case series")
    (project.root / "config" / "config.yaml").write_text(CONFIG, encoding="utf-8")
    code, said = finish(project)
    assert code == 0, said
    return project, project.release()


def test_killed_at_any_moment_a_run_goes_on_to_the_same_bytes(small):
    project, wanted = small
    chance, hit = random.Random(11), 0
    for number in range(KILLS):
        stage, victim = FORCED[number % len(FORCED)], VICTIMS[number % len(VICTIMS)]
        since, started = time.time(), start(project, "--forcerun", stage)
        await_moment(started, chance)
        hit += started.poll() is None
        if victim == "power":
            cut_power(started, project, since, chance)
        else:
            kill(started, victim)
        code, said = finish(project)
        assert code == 0, f"{stage}, {victim}: {said}"
        assert "lock" not in said.lower()
        assert project.release() == wanted, f"{stage}, {victim}: other bytes"
        assert not partial(project)
        print(f"{hit} of {number + 1} runs killed: {stage}, {victim}: the same bytes")
    assert hit > KILLS // 2


def test_a_second_run_beside_a_live_one_is_refused_without_a_word_of_unlocking(small):
    project, wanted = small
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


@pytest.fixture
def disks(small, tmp_path):
    """A copy of the finished study of which the results, and what Snakemake keeps, lie on disks of 64 MiB each."""
    project, mounted = Project(tmp_path / "a case series"), []
    for name in (*SHIPPED, "results", ".snakemake"):
        source, target = small[0].root / name, project.root / name
        if name in ("results", ".snakemake"):
            target.mkdir()
            command = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", target]
            if subprocess.run(command, capture_output=True, check=False).returncode:
                pytest.skip("a file system can be mounted by root alone")
            mounted.append(target)
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            target.parent.mkdir(exist_ok=True)
            shutil.copy2(source, target)
    yield project
    for target in mounted:
        subprocess.run(["umount", "--lazy", target], check=True)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """A disk without room for one more file."""
    ballast = disk / "ballast"
    with open(ballast, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(disk).free)
    yield
    ballast.unlink()


def test_a_full_disk_is_named_with_the_file_and_the_next_run_goes_on_to_the_same_bytes(small, disks):
    tables = disks.root / "results" / "release" / "yu-2023" / "tables"
    shutil.rmtree(tables)
    for folder, named in ((".snakemake", ".snakemake"), ("results", "results/release/yu-2023/")):
        with filled(disks.root / folder):
            code, said = finish(disks)
        told = [line for line in said.splitlines() if ": the disk is full; make room and call the same again" in line]
        assert code == 2, said
        assert told and all(line.startswith(named) for line in told), said
        assert "Traceback" not in said
        assert not partial(disks)
        assert not tables.exists()
    code, said = finish(disks)
    assert code == 0, said
    assert disks.release() == small[1]
