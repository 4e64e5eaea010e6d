"""A real Slurm of one node on the loopback interface, without systemd: munged, slurmctld and slurmd.

Everything lies in one folder but the link /etc/slurm/slurm.conf, where jobs look for it. What was started is ended by
its file of process ids, nothing else is touched.
"""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import psutil

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scancel", "scontrol", "sinfo")
SHARED = Path("/etc/slurm/slurm.conf")
CORES, MEMORY = 2, 8000
WAIT = 60.0

CONFIGURATION = """\
ClusterName=local
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
SlurmctldPort={controller}
SlurmdPort={daemon}
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SlurmdParameters=config_overrides
SchedulerType=sched/backfill
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
DefMemPerCPU=1000
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc={folder}/jobs.log
MinJobAge=300
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} RealMemory={memory} State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
"""


def why_not() -> str:
    """Why Slurm cannot be brought up here; empty where it can."""
    missing = [program for program in PROGRAMS if not shutil.which(program, path=search_path())]
    if missing:
        return f"Slurm is not installed ({', '.join(missing)} missing): apt-get install slurm-wlm munge"
    if os.geteuid() != 0:
        return "only root may bring up a Slurm of its own"
    if SHARED.is_symlink() and not SHARED.exists():
        SHARED.unlink()  # of a test run that was killed
    if os.path.lexists(SHARED):
        return f"a Slurm is set up here already ({SHARED})"
    return ""


def search_path() -> str:
    """Folders in which the daemons are looked for too."""
    return f"{os.environ['PATH']}{os.pathsep}/usr/sbin{os.pathsep}/sbin"


def free_port() -> int:
    """A port of the loopback interface that nobody listens at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class NotUp(Exception):
    """The daemons do not come up on this machine."""


class Slurm:
    """The three daemons of one node, for as long as a `with` lasts."""

    def __init__(self, folder: Path):
        self.folder = folder

    def __enter__(self) -> "Slurm":
        """Start the daemons and wait for the node."""
        (self.folder / "state").mkdir(parents=True)
        (self.folder / "spool").mkdir()
        key = self.folder / "munge.key"
        key.touch(mode=0o400)
        os.chmod(key, 0o600)
        key.write_bytes(os.urandom(1024))
        os.chmod(key, 0o400)
        configuration = self.folder / "slurm.conf"
        configuration.write_text(
            CONFIGURATION.format(
                host=socket.gethostname().partition(".")[0],
                folder=self.folder,
                controller=free_port(),
                daemon=free_port(),
                cores=CORES,
                memory=MEMORY,
            )
        )
        SHARED.parent.mkdir(exist_ok=True)
        SHARED.symlink_to(configuration)
        try:
            self.start("munged", *self.munge())
            self.start("slurmctld", "-f", str(configuration))
            self.start("slurmd", "-f", str(configuration))
            self.wait_until(lambda: self.asked("sinfo", "--noheader", "--format=%t").strip() == "idle")
        except BaseException as fault:
            self.__exit__()
            if isinstance(fault, (AssertionError, OSError, subprocess.SubprocessError)):
                raise NotUp(f"Slurm does not come up here: {fault}") from fault
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End the daemons by their files, last first, and take the link away."""
        for daemon in ("slurmd", "slurmctld", "munged"):
            if (self.folder / f"{daemon}.pid").exists():
                end(self.process(daemon))
        if SHARED.is_symlink() and Path(os.readlink(SHARED)).parent == self.folder:
            SHARED.unlink()

    def process(self, daemon: str) -> psutil.Process:
        """The process of a daemon."""
        return psutil.Process(int((self.folder / f"{daemon}.pid").read_text()))

    def munge(self) -> list[str]:
        """Words for munged."""
        named = {"key-file": "key", "socket": "socket", "pid-file": "", "log-file": "log", "seed-file": "seed"}
        files = {word: self.folder / (f"munge.{end}" if end else "munged.pid") for word, end in named.items()}
        return ["--force", *(f"--{word}={file}" for word, file in files.items())]

    def start(self, daemon: str, *words: str) -> None:
        """Start a daemon, which goes to the background by itself once it is ready."""
        program = shutil.which(daemon, path=search_path())
        done = subprocess.run([program, *words], capture_output=True, text=True, check=False, timeout=WAIT)
        assert done.returncode == 0, f"{daemon}: {done.stdout}{done.stderr}"

    def asked(self, *words: str) -> str:
        """What a command of Slurm answers."""
        return subprocess.run(words, capture_output=True, text=True, check=False, timeout=WAIT).stdout

    def running(self) -> dict[str, str]:
        """Number of every job that runs -> its comment, by which the plug-in tells rule or group."""
        lines = self.asked("squeue", "--noheader", "--states=RUNNING", "--format=%i|%k").splitlines()
        return dict(line.split("|", 1) for line in lines)

    def jobs(self) -> list[dict[str, str]]:
        """Every job that has ended, as Slurm keeps account of it."""
        file = self.folder / "jobs.log"
        lines = file.read_text().splitlines() if file.exists() else []
        return [dict(word.split("=", 1) for word in line.split() if "=" in word) for line in lines]

    def wait_until(self, reached, seconds: float = WAIT) -> None:
        """Wait until something is so."""
        last = time.monotonic() + seconds
        while not reached():
            assert time.monotonic() < last, self.told()
            time.sleep(0.2)

    def told(self) -> str:
        """The logs."""
        return "\n".join(f"{file.name}:\n{file.read_text()[-3000:]}" for file in sorted(self.folder.glob("*.log")))


def end(process: psutil.Process) -> None:
    """End a process and wait until it is gone."""
    process.terminate()
    try:
        process.wait(10)
    except psutil.TimeoutExpired:
        process.kill()
        process.wait(10)
