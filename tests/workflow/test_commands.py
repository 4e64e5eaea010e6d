"""`./run` and the verbs as a person meets them: bad input, exit codes, help."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from caseseries.cli import VERBS
from unit.ingest.hospital_workbook import write_workbook

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.workflow


def test_bad_input_is_listed_at_once_and_nothing_is_written(fresh):
    folder = fresh.root / "data" / "michel-2020"
    episodes = folder / "episodes.csv"
    lines = episodes.read_text().splitlines()
    episodes.write_text("\n".join([lines[0] + ",shoe_size", *(line + "," for line in [*lines[1:], lines[1]])]) + "\n")
    counts = folder / "counts.csv"
    rows = counts.read_text().splitlines()
    names = rows[0].split(",")
    cells = rows[1].split(",")
    cells[names.index("count")] = "abc"
    counts.write_text("\n".join([rows[0], ",".join(cells), *rows[2:]]) + "\n")
    before = fresh.release()

    checked = fresh.call("caseseries", "check")
    assert checked.returncode == 2
    text = checked.stdout + checked.stderr
    assert "abc" not in text
    for part in ("shoe_size", "counts.csv", "episodes.csv", "episode_id"):
        assert part in text

    assert fresh.snakemake().returncode != 0
    assert fresh.release() == before


def test_cohort_without_any_table_is_refused(fresh):
    for table in (fresh.root / "data" / "kong-2017").glob("*.csv"):
        table.unlink()
    done = fresh.call("caseseries", "ingest", "kong-2017")
    assert done.returncode == 2
    assert "episodes.csv" in done.stderr + done.stdout


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_has_help_with_an_example(verb):
    done = subprocess.run(
        [sys.executable, "-m", "caseseries", verb, "--help"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert re.search(rf"examples?:\s+caseseries {verb}\b", done.stdout)


EXAMPLE = re.compile(r"^(?:example:|examples:\n)? *caseseries (.*)$", re.MULTILINE)


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_example_of_a_help_does_what_it_says(fresh, verb):
    help_text = fresh.call("caseseries", verb, "--help").stdout
    examples = [words for words in EXAMPLE.findall(help_text) if "/media/" not in words]
    assert examples
    write_workbook(fresh.root / "workbook.xlsx", "en")
    shutil.copyfile(fresh.root / "data" / "yu-2023" / "claims.yaml", fresh.root / "claims.yaml")
    for name in ("curves.csv", "at_risk.csv", "aggregates.csv"):
        shutil.copyfile(ROOT / "docs" / "reconstruction" / "pancreatic2" / name, fresh.root / name)
    for words in examples:
        done = fresh.call("caseseries", *words.split())
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_reader_who_has_seen_enough_is_no_error():
    call = f"{shlex.quote(sys.executable)} -m caseseries definitions | head -1"
    done = subprocess.run(["bash", "-c", call], capture_output=True, text=True, check=False, cwd=ROOT)
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_unknown_configuration_key_is_refused(fresh):
    config = fresh.root / "config" / "config.yaml"
    config.write_text(config.read_text().replace("flagship:", "flagshop:"))
    done = fresh.call("caseseries", "pool")
    assert done.returncode == 2
    assert "did you mean flagship?" in done.stderr
