"""Speed of the stages and of a whole run, in one run: python tests/benchmarks/speed_stages.py

The measure is what no stage can be without: a Python that imports pandas, timed in turn with the stages on the same
machine. A stage of four times that time spends three quarters of it on its own imports and work. `check` on a million
counts stands beside pandas reading the same tables as text. Everything happens in a copy of the project; the data are
those shipped and a SYNTHETIC cohort. Nothing is asserted: a shared machine decides no test.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHIPPED = ("Snakefile", "pyproject.toml", "CITATION.cff", "config", "data", "workflow")
COHORT = "simulated-rhtpo"
STAGES = ("ingest", "classify", "estimate", "show")
ROUNDS = 5
EPISODES = 75_000
"""Episodes that make a little over a million simulated counts."""

MEMORY = "; import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
READ = "import sys, pandas; [pandas.read_csv(file, dtype=str) for file in sys.argv[1:]]" + MEMORY
CHECK = "import sys; from caseseries.cli import main; main(['check', *sys.argv[1:]])" + MEMORY


class Copy:
    """A copy of the project in which commands are timed."""

    def __init__(self, folder: Path):
        self.folder = folder
        for name in SHIPPED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
            copy(ROOT / name, folder / name)
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self.environment = os.environ | {"PYTHONPATH": str(folder / "workflow"), "PATH": path}

    def call(self, *words: str) -> tuple[float, str]:
        """Wall time of `python WORDS`, and the last line that it prints."""
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, *words], cwd=self.folder, env=self.environment, check=True, capture_output=True, text=True
        )
        return time.perf_counter() - start, (done.stdout.splitlines() or [""])[-1]

    def seconds(self, *words: str) -> float:
        """Wall time of `python WORDS`."""
        return self.call(*words)[0]

    def snakemake(self, *words: str) -> float:
        """Wall time of a run on two cores."""
        return self.seconds("-m", "snakemake", "--cores", "2", "--quiet", "all", *words)


def compare_stages(project: Copy) -> float:
    """Print one line a stage of the 40-episode cohort, in turn with the measure; returns the measure."""
    floor: list[float] = []
    taken: dict[str, list[float]] = {stage: [] for stage in STAGES}
    for _ in range(ROUNDS):
        floor.append(project.seconds("-c", "import pandas"))
        for stage in STAGES:
            taken[stage].append(project.seconds("-m", "caseseries", stage, COHORT))
    least = statistics.median(floor)
    print(f"import pandas                  {least:6.2f} s")
    for stage, times in taken.items():
        middle = statistics.median(times)
        print(f"{stage:9} {COHORT:20} {middle:6.2f} s = {middle / least:5.1f} times import pandas")
    return least


def compare_runs(project: Copy) -> None:
    """Print the time of a run from nothing and of one with nothing to do."""
    project.snakemake()
    idle = project.snakemake()
    shutil.rmtree(project.folder / "results")
    shutil.rmtree(project.folder / ".snakemake")
    whole = project.snakemake()
    least = project.seconds("-c", "import pandas")
    print(f"clean rebuild on two cores     {whole:6.2f} s = {whole / least:5.1f} times import pandas")
    print(f"run with nothing to do         {idle:6.2f} s = {idle / least:5.1f} times import pandas")


def compare_check(project: Copy) -> None:
    """Print the time of `check` on a million counts beside that of reading them, and its memory."""
    size = ("--episodes", str(EPISODES), "--seed", "5")
    project.seconds("-m", "caseseries", "simulate", *size, "--output", "data/large")
    tables = sorted(map(str, (project.folder / "data" / "large").glob("*.csv")))
    read, memory_read = project.call("-c", READ, *tables)
    check, memory = project.call("-c", CHECK, "data/large")
    print(
        f"check on a million counts      {check:6.2f} s = {check / read:5.1f} times pandas reading them as text, "
        f"{memory} MiB beside {memory_read} MiB"
    )


def main() -> None:
    """Measure in a copy."""
    with tempfile.TemporaryDirectory() as folder:
        project = Copy(Path(folder))
        compare_runs(project)
        compare_stages(project)
        compare_check(project)


if __name__ == "__main__":
    main()
