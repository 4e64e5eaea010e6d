"""From a hospital's workbook to the private report, and to a release that betrays nobody, as the pages tell it."""

import subprocess
import sys

import pytest

from unit.ingest.hospital_workbook import write_workbook

pytestmark = [pytest.mark.workflow, pytest.mark.xdist_group("own series")]

SAID = {
    "title:": "title: Twelve women under rhTPO",
    "population:": "population: SYNTHETIC pregnant women",
    "  basis:": "  basis: The committee allows summaries alone.",
}


def caseseries(*words, folder):
    command = [sys.executable, "-P", "-m", "caseseries", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    study = tmp_path_factory.mktemp("own") / "my study"
    caseseries("init", str(study), folder=study.parent)
    write_workbook(study / "book.xlsx", "en")
    caseseries("new", "my-itp", "--from", "book.xlsx", folder=study)
    (study / "book.xlsx").unlink()
    draft = study / "data" / "my-itp" / "cohort.yaml"
    lines = draft.read_text(encoding="utf-8").splitlines()
    for start, line in SAID.items():
        (place,) = [number for number, one in enumerate(lines) if one.startswith(start)]
        lines[place] = line
    draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
    config = study / "config" / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8").replace("cohorts: []", "cohorts: [my-itp]"), encoding="utf-8")
    caseseries("run", folder=study)
    return study / "results"


def test_the_owner_reads_her_series(results):
    page = (results / "restricted" / "report.html").read_text(encoding="utf-8")
    assert "8 of 12 women responded" in page
    assert "this page holds rows of people and must not leave" in page
    assert "Across cohorts" not in page


def test_what_leaves_says_that_it_was_withheld_and_not_that_it_is_unknown(results):
    page = (results / "release" / "report.html").read_text(encoding="utf-8")
    assert "Response rates are withheld: they tell of few people." in page
    assert "8 of 12 women" not in page
    assert "can be evaluated." not in page
    assert "Not recorded: times" not in page
    assert (results / "release" / "MANIFEST.sha256").is_file()
