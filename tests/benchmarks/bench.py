"""Speed beside other packages, as ratios measured side by side in one run: ./bench [--quick]

Writes docs/benchmarks.md. A shared machine decides no test: nothing is asserted of speed, but packages that are given
the same rule must find the same answer. Data are synthetic, or those shipped. A peer that is missing is named.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from benchmarks import plain_script, speed_estimate, speed_response
from benchmarks.contender import CONTENDERS, DEFINITION
from benchmarks.counts_study import write_study
from benchmarks.speed_stages import Copy

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "benchmarks.md"
PACKAGES = ("caseseries", "pyarrow", "pandas", "polars", "duckdb", "lifelines", "scikit-survival", "tableone")
QUICK = "cohorts: [yu-2023, spain-romiplostim-2017]\npools: []\n"

HEAD = """\
# Benchmarks

Written by `./bench{words}`. What counts are the ratios: both sides ran in turn, in one run, on the same {cores}
cores. Times are wall time and those of one machine.

"""


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; the first column is text, the others are numbers."""
    lines = ["| " + " | ".join(header) + " |", "|---|" + "--:|" * (len(header) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def times(ratio: float) -> str:
    """A ratio to two digits."""
    return f"{ratio:.0f}" if ratio >= 9.95 else f"{ratio:.1f}" if ratio >= 0.95 else f"{ratio:.2f}"


def responses(counts: int, rounds: int) -> str:
    """One rule on one file by every package, each in a process of its own.

    Raises
    ------
    SystemExit : packages do not agree on how many episodes respond.
    """
    found: dict[str, dict] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        write_study(path, DEFINITION, speed_response.counts(counts // speed_response.PER_PATIENT))
        for _ in range(rounds):
            for name in CONTENDERS:
                if not find_spec(name):
                    continue
                command = [sys.executable, "-m", "benchmarks.contender", name, str(path)]
                environment = os.environ | {"PYTHONPATH": str(ROOT / "tests")}
                said = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
                taken = json.loads(said)
                if name not in found or taken["seconds"] < found[name]["seconds"]:
                    found[name] = taken
    answers = {name: taken["found"] for name, taken in found.items() if name != "pyarrow"}
    if len(set(answers.values())) != 1:
        raise SystemExit(f"the packages do not agree: {answers}")
    ours = found["caseseries"]["seconds"]
    rows = [
        (
            "reading alone, pyarrow" if name == "pyarrow" else name,
            f"{found[name]['seconds']:.2f}",
            times(found[name]["seconds"] / ours),
            f"{found[name]['worked']:.2f}",
            times(found[name]["worked"] / found["pyarrow"]["worked"]),
            str(found[name]["mebibytes"]),
        )
        if name in found
        else (name, "not here", "", "", "", "")
        for name in CONTENDERS
    ]
    return (
        "## Response from counts\n\n"
        f"{counts:,} synthetic counts, {speed_response.PER_PATIENT} an episode, as ingest writes records; the rule: of "
        "the lowest counts of each day from\nday 1 on, two of at least 50 that lie 7 days apart or more with no lower "
        f"one between. All agree: {answers['caseseries']:,} episodes respond.\n"
        "Ours is `caseseries classify` as its users call it: it checks the definition, writes classes and times of "
        "every episode and\nexplains a sample; the others count who responds. From records to answer, best of "
        f"{rounds}, the import of the package\nnot counted; processor time is that of all cores, memory the operating "
        "system's own figure.\n\n"
        + table(("", "seconds", "times ours", "processor s", "times reading", "peak, MiB"), rows)
        + "\n"
    )


def curves(episodes: int, rounds: int) -> str:
    """Kaplan-Meier and Aalen-Johansen by every package."""
    rows = []
    for weeks in (True, False):
        found = speed_estimate.measure(weeks, episodes, rounds)
        for place, curve in enumerate(("Kaplan-Meier", "Aalen-Johansen")):
            ours = found["caseseries"][place]
            row = [f"{curve}, {'whole weeks' if weeks else 'continuous times'}", f"{1000 * ours:.1f}"]
            for peer in ("R survival, cmprsk", "lifelines", "scikit-survival"):
                row.append(times(found[peer][place] / ours) if peer in found else "not here")
            rows.append(row)
    header = ("", "ours, ms", "R survival, cmprsk", "lifelines", "scikit-survival")
    return (
        f"## Curves\n\n{episodes:,} synthetic episodes; peers as multiples of our time, medians of {rounds} rounds. "
        "All give an interval,\nbut for Aalen-Johansen of `cuminc` (the variance alone) and of scikit-survival (whose "
        "time with one grows with the square).\n\n" + table(header, rows) + "\n"
    )


def runs(quick: bool) -> str:
    """A clean run and one with nothing to do, beside a bare dry run and a plain script on the same records."""
    with tempfile.TemporaryDirectory() as folder:
        project = Copy(Path(folder))
        words: list[str] = []
        if quick:
            (project.folder / "few.yaml").write_text(QUICK, encoding="utf-8")
            words = ["--", "--configfile", "few.yaml"]
        clean = project.seconds("-m", "caseseries", "run", *words)
        idle = project.seconds("-m", "caseseries", "run", *words)
        dry = project.seconds("-m", "snakemake", "--dry-run", "--quiet", "all", *words[1:])
        script = [sys.executable, str(Path(plain_script.__file__)), "results/restricted", "plain"]
        plain, made = plain_script.timed(script, project)
    rows = [
        ("`./run` from nothing", f"{clean:.1f}", times(clean / dry)),
        ("`./run` with nothing to do", f"{idle:.1f}", times(idle / dry)),
        ("`snakemake -n`", f"{dry:.1f}", "1"),
        (
            f"plain script, {made} files" if made else "plain script",
            f"{plain:.1f}" if made else "not here",
            times(plain / dry),
        ),
    ]
    return (
        "## Runs\n\n"
        f"The {'two small' if quick else 'shipped'} cohorts. The plain script (`tests/benchmarks/plain_script.py`: "
        "pandas, lifelines, tableone, matplotlib)\nstarts from our classified records and makes of each what such "
        "scripts make: Table 1, rates with their interval, and a\ncurve of the time to response. It reads no sources, "
        "derives no response, checks nothing and writes no report.\n\n"
        + table(("", "seconds", "times `snakemake -n`"), rows)
        + "\n"
    )


def versions() -> str:
    """Versions of what was measured."""
    here = {"caseseries": "ours", "R": r_version()}
    for package in PACKAGES[1:]:
        try:
            here[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            here[package] = "not here"
    return (
        "Versions: " + ", ".join(f"{name} {version}" for name, version in here.items() if name != "caseseries") + ".\n"
    )


def r_version() -> str:
    """Version of R."""
    if not shutil.which("Rscript"):
        return "not here"
    asked = ["Rscript", "-e", 'cat(paste(R.version$major, R.version$minor, sep = "."))']
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout


def main(words: Sequence[str] | None = None) -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(prog="./bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="small sizes, two cohorts: shows that it runs")
    parser.add_argument("--million", type=float, default=20, metavar="N", help="million counts (20)")
    parser.add_argument("--output", type=Path, default=PAGE, metavar="FILE", help="the page (docs/benchmarks.md)")
    given = parser.parse_args(words)
    sizes = (200_000, 1, 2_000, 1) if given.quick else (int(given.million * 1e6), 3, 100_000, 3)
    shown = " --quick" if given.quick else f" --million {given.million:g}" if given.million != 20 else ""
    parts = [HEAD.format(words=shown, cores=os.cpu_count())]
    for part in (lambda: responses(*sizes[:2]), lambda: curves(*sizes[2:]), lambda: runs(given.quick), versions):
        parts.append(part())
        print(parts[-1], flush=True)
    given.output.write_text("".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
