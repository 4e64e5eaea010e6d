"""`caseseries run`, which `./run` calls: check everything, have Snakemake make what is out of date, name the report."""

from __future__ import annotations

import argparse
import fcntl
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from caseseries import __version__
from caseseries.forks import ask, beside
from caseseries.ingest.handover import offered
from caseseries.model.files import sweep
from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import STUDY, Layout
from caseseries.model.made import changed_since, cohorts_there, not_as_made, recorded, runs, take_back
from caseseries.model.software import PACKAGE, SOFTWARE
from caseseries.model.stages import FOR_LARGE
from caseseries.model.yaml_file import read_yaml

SNAKEMAKE = Path(".snakemake")
NO_JOB = {"-n", "--dry-run", "--dryrun", "-t", "--touch", "--unlock", "--lint", "--report", "--summary", "-S"}
"""Words with which Snakemake runs no job."""

OF_RULES = (("--until", "-U"), ("--omit-from", "-O"), ("--forcerun", "-R"))
"""Words of Snakemake after which rules are named."""

SHOWN = 12
"""Results made again that are named; the others are counted."""

CHECKED = SNAKEMAKE / "checked"
"""Its time is that of the last check without an error."""

RUNNING = SNAKEMAKE / "running"
"""Locked by the operating system for as long as a run, or the Snakemake that it started, lives."""

ENDED = SNAKEMAKE / "ended"
"""Exit codes of the stages that failed, which Snakemake does not pass on, and what their logs had no room for;
`cli.note` writes a line each. It is begun while there is room: a few lines more then fit on a full disk."""

RECORDS, BEGUN = SNAKEMAKE / "metadata", SNAKEMAKE / "incomplete"
"""What Snakemake keeps of each finished job, and a mark, under the same name, of those that have only begun."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries run`; those after `--` are kept for Snakemake."""
    name = "./run" if (SOFTWARE / "run").exists() else "caseseries run"
    parser.usage = f"{name} [--study PATH] [-- what goes to Snakemake, such as --configfile my.yaml]"
    parser.epilog = "examples:\n  caseseries run\n  caseseries run -- --configfile config/further-series.yaml"
    parser.add_argument("--study", type=Path, default=Path(), metavar="PATH", help="folder of the study (this one)")


def run(arguments: argparse.Namespace, layout: Layout) -> int:
    """Check, run and name the report; 2 for bad input, 3 where a check of the workflow failed, 1 for another fault."""
    if not (arguments.study / "config" / "config.yaml").exists():
        rule = "there is no config/config.yaml in the folder of the study"
        raise BadInput([Finding(str(arguments.study), rule=rule, example="--study PATH")])
    os.chdir(arguments.study)
    if Path(STUDY).exists() and (made_with := str(read_yaml(Path(STUDY), STUDY)[0].get("made_with"))) != __version__:
        print(f"This study was made with version {made_with}; it is run with {__version__}.")
    os.umask(0o077)  # as the stages have it; Snakemake makes the folders of results
    with alone() as held, ExitStack() as lasting:
        found_by, alive = lasting.enter_context(beside())
        os.environ.update(found_by)
        if works := not NO_JOB & set(arguments.passed_on):
            sweep(layout.results)
            os.environ.update(lasting.enter_context(offered(layout)))
        code = check(overlays(arguments.passed_on), layout)
        if code == 0:
            if works:
                restore(layout)
            code = run_snakemake(arguments.passed_on, [held.fileno(), *alive])
    name_report(layout, code)
    return code


def name_report(layout: Layout, code: int = 0) -> None:
    """Say where the report lies: of one that no seal vouches for that it must not leave, of one that was there before
    a run that failed (`code`) that it is older.
    """
    told = layout.as_told()
    if told.report.exists():
        sealed = told.path("manifest").exists()
        said = ", not sealed: do not pass it on" if not sealed else ", from an earlier run" if code else ""
        print(f"Report{said}: {told.report.resolve()}")
        if any((layout.results / "restricted").glob("*/show/tables/*.csv")):
            print(f"In full, for your eyes alone: {layout.report.resolve()}")
        print(f"To ask about a case or a definition: {shown_command()} explain --help")


def restore(layout: Layout) -> None:
    """Take back what is not as its stage wrote it, so that Snakemake makes it again."""
    doubt_half_records()
    strange = []
    for stage, cohort in runs(cohorts_there(layout)):
        if found := not_as_made(stage, cohort, layout):
            strange += found if recorded(stage, cohort, layout) else []
            take_back(stage, cohort, layout)
    for name in strange[:SHOWN]:
        print(f"{name}: not as its stage wrote it, made again")
    if len(strange) > SHOWN:
        print(f"and {len(strange) - SHOWN} more")


def doubt_half_records() -> None:
    """Mark a job whose record was cut off (a full disk, a power cut) as one that has only begun."""
    for record in [path for folder in (RECORDS, BEGUN) for path in folder.rglob("*") if path.is_file()]:
        if not record.read_bytes().endswith(b"}"):
            mark = BEGUN / record.relative_to(RECORDS if RECORDS in record.parents else BEGUN)
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.write_text("{}", encoding="utf-8")
            if record != mark:
                record.unlink()


@contextmanager
def alone() -> Iterator[IO[str]]:
    """Hold the folder for this run; what a killed run left locked is freed.

    The lock is the operating system's and ends with the processes that hold it, however they end.

    Raises
    ------
    BadInput : another run is going on here.
    """
    SNAKEMAKE.mkdir(exist_ok=True)
    with open(RUNNING, "a+", encoding="utf-8") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.seek(0)
            refuse_another(held.read().strip())
        if any((SNAKEMAKE / "locks").glob("*")):
            if found := running_snakemake():
                refuse_another(found)
            for lock in (SNAKEMAKE / "locks").glob("*"):
                lock.unlink()
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield held


def refuse_another(process: str) -> None:
    """Say that the folder is taken."""
    rule = f"another run is going on here (process {process or 'unknown'}): wait until it has ended"
    raise BadInput([Finding(str(Path.cwd()), rule=rule)])


def running_snakemake() -> str:
    """The process of a Snakemake that was called here without `run`; empty where there is none."""
    import psutil

    here = str(Path.cwd())
    for process in psutil.process_iter(["pid", "cwd", "cmdline"]):
        words = [Path(word).name for word in process.info["cmdline"] or []]
        if process.info["cwd"] == here and "snakemake" in words:
            return str(process.info["pid"])
    return ""


def overlays(words: Sequence[str]) -> list[Path]:
    """Files of configuration that are named to Snakemake."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("--configfile", "--configfiles", nargs="+", type=Path, default=[])
    try:
        return parser.parse_known_args(list(words))[0].configfile
    except argparse.ArgumentError:  # without a file: Snakemake says so
        return []


def for_large_too(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """What names rules to Snakemake, each with the one that large cohorts have in its place; and all other words."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for names in OF_RULES:
        parser.add_argument(*names, nargs="*", dest=names[0], default=None)
    named, rest = parser.parse_known_args(list(words))
    found = []
    for option, rules in vars(named).items():
        if rules is not None:
            found += [option, *rules, *(FOR_LARGE[rule] for rule in rules if rule in FOR_LARGE)]
    return found, rest


def check(named: list[Path], layout: Layout) -> int:
    """Check configuration, data and definitions, and print what is wrong, all at once.

    What has not changed since the last run was checked then; overlays and their cohorts are checked each time.
    """
    if not named and not changed_since(CHECKED, [layout.data, *layout.config_folders, PACKAGE]):
        return 0
    sys.stdout.flush()
    code = ask(["check", *(["--configfile", *map(str, named)] if named else [])])
    if code is None:
        from caseseries import check as whole

        code = whole.run(argparse.Namespace(path=[], configfile=named, queries=None), layout)
        sys.stdout.flush()
    if code == 0:
        CHECKED.touch()
    return code


def run_snakemake(words: Sequence[str], passed_on: Sequence[int]) -> int:
    """Have Snakemake make what is out of date; what a killed run left half made is made again.

    `passed_on` are the descriptors that last as long as Snakemake does.
    """
    ENDED.write_text("\n", encoding="utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(SOFTWARE / "Snakefile")]
    command += ["--rerun-incomplete", "--quiet", "host", "reason", "--logger", "caseseries"]
    # While jobs wait, each that has started has Snakemake size the inputs of all that wait anew, once each such span.
    command += ["--max-jobs-per-timespan", "200/2s"]
    of_rules, rest = for_large_too(words)
    # Last what takes one value: the others would take files that are asked for as further ones of their own.
    command += [*of_rules, "--cores", os.environ.get("CASESERIES_CORES", "all"), *rest]
    environment = os.environ | {"PATH": path, "CASESERIES_ENDED": str(ENDED.resolve())}
    with subprocess.Popen(command, env=environment, pass_fds=passed_on) as started:
        while True:
            try:
                code = started.wait()
                break
            except KeyboardInterrupt:  # Snakemake was told too and ends its jobs
                continue
    codes = [line for line in ENDED.read_text(encoding="utf-8").splitlines() if line.isdigit()]
    if code == 0 or not codes:
        return min(code, 1) if code >= 0 else 1
    return 2 if "2" in codes else int(codes[0])


def shown_command() -> str:
    """How `caseseries` is called from the folder in which the reader is."""
    here = SOFTWARE / "caseseries"
    return shlex.quote(str(here)) if here.exists() else "caseseries"
