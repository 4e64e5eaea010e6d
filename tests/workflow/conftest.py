"""One copy of the project, run once from nothing, shared by the workflow's tests."""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OFFLINE = ROOT / "tests" / "workflow" / "offline"
"""What takes the network away from every Python that a project starts."""
SHIPPED = ("Snakefile", "pyproject.toml", "CITATION.cff", "config", "data", "workflow")
LIVE: set[subprocess.Popen] = set()
"""What tests started and what has not ended yet, each in a process group of its own."""


def started(command: list[str], **more) -> subprocess.Popen:
    """Start a command that ends, with all that it starts, when the tests are ended from outside."""
    process = subprocess.Popen(command, start_new_session=True, **more)
    LIVE.add(process)
    return process


def end(process: subprocess.Popen) -> None:
    """End a command and all of its process group; nothing where it has ended."""
    LIVE.discard(process)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def end_all(*_) -> None:
    """What `timeout` sends would end the tests alone and leave their runs to go on."""
    for process in LIVE:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    os._exit(128 + signal.SIGTERM)  # without waiting: the signal may have come in the midst of a wait


if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGTERM, end_all)


@dataclass
class Project:
    """A copy of the project without results or environment, in a folder whose name has a blank."""

    root: Path

    def call(self, *words: str) -> subprocess.CompletedProcess:
        """Call `python -m ...` with the copy's own package, this environment's libraries and no network."""
        return self.package(*words, package=self.root / "workflow")

    def package(self, *words: str, package: Path = ROOT / "workflow") -> subprocess.CompletedProcess:
        """As `call`, with a package that lies elsewhere, as for a study of its own."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment = os.environ | {"PYTHONPATH": f"{package}{os.pathsep}{OFFLINE}", "PATH": path}
        outlets = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        process = started([sys.executable, "-m", *words], cwd=self.root, env=environment, **outlets)
        try:
            said = process.communicate()
        finally:
            end(process)
        return subprocess.CompletedProcess(words, process.returncode, *said)

    def snakemake(self, *words: str) -> subprocess.CompletedProcess:
        """Call Snakemake on two cores."""
        return self.call("snakemake", "--cores", "2", *words)

    def planned(self, *words: str) -> set[tuple[str, str]]:
        """Jobs that a run would do now, as (verb, cohort or "")."""
        done = self.snakemake("--dry-run", "--printshellcmds", *words)
        assert done.returncode == 0, done.stdout + done.stderr
        calls = re.findall(r"python -m caseseries (\w+) (\S+)", done.stdout + done.stderr)
        return {(verb, "" if word.startswith("-") else word) for verb, word in calls}

    def release(self) -> dict[str, bytes]:
        """Every released file with its bytes, without the time stamps that Snakemake leaves in folders."""
        folder = self.root / "results" / "release"
        files = [file for file in folder.rglob("*") if file.is_file() and file.name != ".snakemake_timestamp"]
        return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def copy_project(target: Path) -> Project:
    """Copy what is shipped."""
    for name in SHIPPED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name)
    return Project(target)


@pytest.fixture(scope="session")
def finished(tmp_path_factory, worker_id):
    """A copy in which the whole pipeline has run, one for all processes; tests must leave it as they found it."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    done, project = shared / "finished", Project(shared / "work" / "a case series")
    with open(shared / "finished.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first process runs it, the others wait
        if not done.exists():
            shutil.rmtree(project.root, ignore_errors=True)
            ran = copy_project(project.root).snakemake("--show-failed-logs")
            assert ran.returncode == 0, ran.stdout + ran.stderr
            done.touch()
    return project


@pytest.fixture
def fresh(finished, tmp_path):
    """A copy of the finished project that a test may change; nothing is out of date in it."""
    target = tmp_path / "a case series"
    shutil.copytree(finished.root, target, copy_function=shutil.copy2, symlinks=True)
    return Project(target)
