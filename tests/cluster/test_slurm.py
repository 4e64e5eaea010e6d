"""Shipped cohorts through a real Slurm: one job each, one that was killed again, and the bytes of a local run."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

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


class Ran:
    """A run that was handed to Slurm: its project, what it said, and the jobs."""

    def __init__(self, folder: Path):
        # Jobs call Python by its path as it stands, so that no blank may be in it.
        (folder / "environment").symlink_to(sys.prefix)
        self.python = folder / "environment" / "bin" / "python"
        self.project: Project = copy_project(folder / "a case series")
        (self.project.root / "three.yaml").write_text(f"cohorts: [{', '.join(COHORTS)}]\npools: []\n")
        self.killed, self.daemons = "", {}
        with Slurm(folder / "slurm") as slurm:
            self.daemons = {name: slurm.process(name) for name in ("munged", "slurmctld", "slurmd")}
            self.listening = [where for process in self.daemons.values() for where in listens(process)]
            self.start(slurm)
            self.jobs = slurm.jobs()

    def start(self, slurm: Slurm) -> None:
        """Run, and kill a job as soon as it has done a part of its work."""
        words = ["caseseries", "run", "--", "--configfile", "three.yaml", "--workflow-profile", str(PROFILE), *HERE]
        path = f"{self.python.parent}{os.pathsep}{os.environ['PATH']}"
        environment = os.environ | {"PYTHONPATH": str(self.project.root / "workflow"), "PATH": path}
        last = time.monotonic() + LIMIT
        with (
            open(self.project.root / "said", "w+", encoding="utf-8") as said,
            subprocess.Popen(
                [self.python, "-m", *words], cwd=self.project.root, env=environment, stdout=said, stderr=said
            ) as started,
        ):
            while started.poll() is None:
                if not self.killed and any((self.project.root / "results" / "restricted").glob("*/records")):
                    self.killed = next(iter(slurm.running()), "")
                    if self.killed:
                        slurm.asked("scancel", "--signal=KILL", "--full", self.killed)
                if time.monotonic() > last:
                    started.terminate()
                time.sleep(0.3)
        self.code = started.returncode
        logs = sorted((self.project.root / ".snakemake" / "log").glob("*.log"))
        self.said = "".join(file.read_text(encoding="utf-8") for file in (self.project.root / "said", *logs))


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


def test_slurm_listened_to_this_machine_alone_and_is_gone(ran):
    assert set(ran.listening) <= {"127.0.0.1", "::1"} and len(ran.listening) >= 2
    assert not any(process.is_running() for process in ran.daemons.values())
    assert not os.path.lexists(SHARED)
