"""Stages as forks of one process: as by themselves, each with its own streams, folder and end."""

import fcntl
import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from caseseries.forks import ADDRESS, INSIDE, beside
from caseseries.model.stages import VERBS

ROOT = Path(__file__).parents[2]
HEAVY = (
    *(
        "docx",
        "hypothesis",
        "jinja2",
        "lifelines",
        "lxml",
        "matplotlib",
        "pandera",
        "pyarrow.parquet",
        "scipy.optimize",
    ),
    *("scipy.stats", "seaborn", "snakemake", "statsmodels", "typst", "xlsxwriter"),
)
OPENS = {
    "export": {"docx", "jinja2", "lxml"},
    "recompute": {"scipy.optimize", "scipy.stats", "statsmodels"},
    "report": {"jinja2"},
    "show": {"jinja2", "matplotlib"},
}
"""Heavy libraries that the module of a verb imports at its top; all others import none."""


def call(*words, environment=None, folder=ROOT):
    command = [sys.executable, "-m", "caseseries", *words]
    environment = os.environ | (environment or {})
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def forks():
    with beside() as (found_by, alive):
        assert len(alive) == 1
        yield found_by


@pytest.mark.parametrize(
    "words", [("definitions", "show", "plt50_any"), ("classify", "nobody-1")], ids=["done", "missing"]
)
def test_a_fork_does_and_says_what_a_process_of_its_own_does(forks, words):
    alone, forked = call(*words), call(*words, environment=forks)
    assert (forked.returncode, forked.stdout, forked.stderr) == (alone.returncode, alone.stdout, alone.stderr)


@pytest.mark.parametrize(("apart", "answer"), [(False, "0"), (True, "None")], ids=["of this run", "of a cluster"])
def test_a_job_of_a_cluster_that_inherits_the_address_works_by_itself(forks, apart, answer):
    asks = "from caseseries.forks import ask; print(ask(['definitions', 'show', 'plt50_any']))"
    command, environment = [sys.executable, "-c", asks], os.environ | forks
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True, start_new_session=apart
    )
    assert done.stdout.split()[-1] == answer


def test_a_fork_writes_the_same_bytes_into_the_folder_it_was_called_in(forks, tmp_path):
    written = []
    for name, environment in (("alone", {}), ("forked", forks)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "config").symlink_to(ROOT / "config")
        done = call("definitions", "write", environment=environment, folder=folder)
        assert done.returncode == 0, done.stderr
        file = folder / "results" / "release" / "definitions.json"
        written.append((file.read_bytes(), oct(file.stat().st_mode)))
    assert written[0] == written[1]


def test_a_fork_ends_with_the_process_that_asked_for_it(forks):
    whole = call("definitions", "schema").stdout
    read, write = os.pipe()
    fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 4096)  # the fork waits for a reader before it has said all
    command = [sys.executable, "-m", "caseseries", "definitions", "schema"]
    with open(read, encoding="utf-8") as told:
        asked = subprocess.Popen(command, env=os.environ | forks, stdout=write)
        os.close(write)
        first = told.read(1)
        asked.kill()
        asked.wait()
        ended = select.poll()
        ended.register(told, 0)
        assert ended.poll(60_000)  # nobody is left who could write
        assert len(first + told.read()) < len(whole)


def test_where_nobody_can_be_asked_the_stage_runs_by_itself(tmp_path):
    done = call("definitions", "show", "plt50_any", environment={ADDRESS: str(tmp_path / "gone")})
    assert "plt50_any" in done.stdout
    assert done.returncode == 0


def test_the_process_and_its_folder_end_with_those_that_hold_it():
    with beside() as (found_by, _):
        assert Path(found_by[ADDRESS]).exists()
    assert not Path(found_by[ADDRESS]).parent.exists()


def test_a_folder_whose_name_is_too_long_for_a_socket_has_no_such_process(tmp_path, monkeypatch):
    deep = tmp_path / ("long" * 40)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    with beside() as (found_by, alive):
        assert (found_by, alive) == ({}, [])
    assert not list(deep.iterdir())


MOST, BUDGET = 1.8, {"recompute": 2.5}
"""Most modules that a verb may import before it works, as a multiple of those of `import pandas`."""

IMPORTED = """
import importlib, os, sys
import pandas
of_pandas = len(sys.modules)
import caseseries.cli
from caseseries.model.stages import VERBS
for verb, row in VERBS.items():
    if not os.fork():
        importlib.import_module(row.module)
        named = [name for name in sys.argv[1:] if name in sys.modules]
        os.write(1, f"{verb} {len(sys.modules) / of_pandas} {' '.join(named)}\\n".encode())
        os._exit(0)
    os.wait()
"""


@pytest.fixture(scope="module")
def imported():
    """Verb -> modules that its import loads, as a multiple of `import pandas`, and the heavy ones among them."""
    done = subprocess.run([sys.executable, "-c", IMPORTED, *HEAVY], check=True, capture_output=True, text=True)
    words = [line.split() for line in done.stdout.splitlines()]
    return {verb: (float(times), set(names)) for verb, times, *names in words}


def test_a_verb_imports_no_heavy_library_before_it_needs_it(imported):
    assert set(imported) == set(VERBS)
    assert {verb: names for verb, (_, names) in imported.items() if names} == OPENS


def test_a_verb_imports_little_beside_pandas(imported):
    assert {verb: times for verb, (times, _) in imported.items() if times > BUDGET.get(verb, MOST)} == {}


def test_what_is_loaded_beforehand_is_of_verbs_there_are():
    assert set(INSIDE) <= set(VERBS)
