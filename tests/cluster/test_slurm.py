"""A real Slurm: shipped cohorts, one job each, one that was killed again, the bytes of a local run; a large cohort in
shards, the bytes of one that was classified at once."""

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from caseseries.cli import main
from caseseries.model.layout import Layout
from cluster.single_node import SHARED, NotUp, Slurm, why_not
from workflow.conftest import ROOT, Project, copy_project

pytestmark = [
    pytest.mark.slurm,
    pytest.mark.workflow,
    pytest.mark.slow,
    pytest.mark.xdist_group("slurm"),
    pytest.mark.skipif(bool(why_not()), reason=why_not()),
]
COHORTS = ("yu-2023", "kong-2017", "spain-romiplostim-2017")
PROFILE = ROOT / "workflow" / "profiles" / "slurm"
HERE = (
    *("--slurm-no-account", "--slurm-status-command", "squeue"),
    *("--slurm-init-seconds-before-status-checks", "1", "--seconds-between-status-checks", "1"),
)
"""What a Slurm without accounts is told, and that we are in a hurry."""

LIMIT = 1800.0
LARGE, EPISODES = "simulated-large", int(os.environ.get("CASESERIES_REGISTRY", "42000"))
"""A cohort of two shards and three blocks of episodes; by hand a registry of any size."""


class Ran:
    """What was handed to one Slurm: a run of three cohorts, then a large one until it is classified."""

    def __init__(self, folder: Path):
        # Jobs call Python by its path as it stands, so that no blank may be in it.
        (folder / "environment").symlink_to(sys.prefix)
        self.python = folder / "environment" / "bin" / "python"
        self.project: Project = copy_project(folder / "a case series")
        (self.project.root / "three.yaml").write_text(f"cohorts: [{', '.join(COHORTS)}]\npools: []\n")
        self.sharded: Project = large_project(folder / "a registry")
        self.killed, self.daemons = "", {}
        with Slurm(folder / "slurm") as slurm:
            self.daemons = {name: slurm.process(name) for name in ("munged", "slurmctld", "slurmd")}
            self.listening = [where for process in self.daemons.values() for where in listens(process)]
            self.code, self.said = self.run(self.project, "--configfile", "three.yaml", during=lambda: self.kill(slurm))
            self.jobs = slurm.jobs()
            classes = f"results/restricted/{LARGE}/responses.parquet"
            self.code_sharded, self.said_sharded = self.run(self.sharded, last=("--", classes))
            self.jobs_sharded = slurm.jobs()[len(self.jobs) :]

    def kill(self, slurm: Slurm) -> None:
        """Kill a job as soon as it has done a part of its work."""
        if not self.killed and any((self.project.root / "results" / "restricted").glob("*/records")):
            self.killed = next(iter(slurm.running()), "")
            if self.killed:
                slurm.asked("scancel", "--signal=KILL", "--full", self.killed)

    def run(self, project: Project, *words: str, last=(), during=lambda: None) -> tuple[int, str]:
        """Run a project through Slurm, doing `during` again and again; the code it ended with, and what it said."""
        command = ["caseseries", "run", "--", *words, "--workflow-profile", str(PROFILE), *HERE, *last]
        environment = self.environment(project)
        until = time.monotonic() + LIMIT
        with (
            open(project.root / "said", "w+", encoding="utf-8") as said,
            subprocess.Popen(
                [self.python, "-m", *command], cwd=project.root, env=environment, stdout=said, stderr=said
            ) as started,
        ):
            while started.poll() is None:
                during()
                if time.monotonic() > until:
                    started.terminate()
                time.sleep(0.3)
        logs = sorted((project.root / ".snakemake" / "log").glob("*.log"))
        return started.returncode, "".join(file.read_text(encoding="utf-8") for file in (project.root / "said", *logs))

    def environment(self, project: Project) -> dict[str, str]:
        """The environment in which the code of a project runs."""
        path = f"{self.python.parent}{os.pathsep}{os.environ['PATH']}"
        return os.environ | {"PYTHONPATH": str(project.root / "workflow"), "PATH": path}


def large_project(folder: Path) -> Project:
    """A project with a large synthetic cohort, and one file of definitions to be quick."""
    project = copy_project(folder)
    for file in (folder / "config" / "definitions").rglob("*.yaml"):
        if file.name != "iwg-2009.yaml":
            file.unlink()
    (folder / "config" / "config.yaml").write_text(f"cohorts: [{LARGE}]\nmain_definition: iwg2009_confirmed\n")
    words = ["simulate", "--episodes", str(EPISODES), "--format", "parquet", "--output", str(folder / "data" / LARGE)]
    assert main(words) == 0
    return project


def checksums(project: Project) -> list[str]:
    """Checksums of the classes and times of the large cohort."""
    found = project.root / "results" / "restricted" / LARGE
    return [hashlib.sha256((found / name).read_bytes()).hexdigest() for name in ("responses.parquet", "times.parquet")]


def listens(process: psutil.Process) -> list[str]:
    """Addresses at which a process listens."""
    return [one.laddr.ip for one in process.net_connections("inet") if one.status == psutil.CONN_LISTEN]


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    try:
        return Ran(tmp_path_factory.mktemp("cluster"))
    except NotUp as why:  # what a machine lets daemons do is none of ours
        pytest.skip(str(why))


def test_it_ran_to_its_end(ran):
    assert ran.code == 0, ran.said


def test_a_cohort_is_one_job_and_what_stands_across_them_one_more(ran):
    completed = [job for job in ran.jobs if job["JobState"] == "COMPLETED"]
    assert len(completed) == len(COHORTS) + 1, ran.said


def test_the_job_that_was_killed_was_run_again(ran):
    assert ran.killed
    (other,) = (job for job in ran.jobs if job["JobState"] != "COMPLETED")
    assert other["JobId"] == ran.killed
    assert "restart" in ran.said


def test_each_cohort_has_the_bytes_of_a_local_run(ran, finished):
    made, local = ran.project.release(), finished.release()
    of_cohorts = {name for name in local if name.startswith(tuple(f"{cohort}/" for cohort in COHORTS))}
    assert len(of_cohorts) > 100
    assert [name for name in sorted(of_cohorts) if made.get(name) != local[name]] == []


def test_the_shards_of_a_large_cohort_are_jobs_and_give_the_bytes_of_one(ran):
    shards = Layout(ran.sharded.root / "data").shards(LARGE)
    assert shards >= 2
    assert ran.code_sharded == 0, ran.said_sharded
    assert [job["JobState"] for job in ran.jobs_sharded] == ["COMPLETED"] * (shards + 2), ran.said_sharded
    for place in range(1, shards + 1):
        assert f"classify {LARGE}, {place}-of-{shards}" in ran.said_sharded
    through_slurm = checksums(ran.sharded)
    at_once = [ran.python, "-m", "caseseries", "classify", LARGE]
    subprocess.run(at_once, cwd=ran.sharded.root, env=ran.environment(ran.sharded), check=True)
    assert checksums(ran.sharded) == through_slurm


def test_slurm_listened_to_this_machine_alone_and_is_gone(ran):
    assert set(ran.listening) <= {"127.0.0.1", "::1"} and len(ran.listening) >= 2
    assert not any(process.is_running() for process in ran.daemons.values())
    assert not os.path.lexists(SHARED)
