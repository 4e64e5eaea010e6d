"""From a hospital's workbook to the private report, and to a release that betrays nobody, as the pages tell it.

The same twelve women are kept by three hospitals in three languages: what comes in of them must be the same.
"""

import re
import subprocess
import sys
from html import unescape

import pytest

from unit.ingest.hospital_workbook import write_workbook

LANGUAGES = ("en", "zh", "de")
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


def draft(study, language):
    """A cohort made from the workbook of a language, with what only its owner knows filled in."""
    write_workbook(study / "book.xlsx", language)
    caseseries("new", f"my-itp-{language}", "--from", "book.xlsx", folder=study)
    (study / "book.xlsx").unlink()
    draft = study / "data" / f"my-itp-{language}" / "cohort.yaml"
    lines = draft.read_text(encoding="utf-8").splitlines()
    for start, line in SAID.items():
        (place,) = [number for number, one in enumerate(lines) if one.startswith(start)]
        lines[place] = line
    draft.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    study = tmp_path_factory.mktemp("own") / "my study"
    caseseries("init", str(study), folder=study.parent)
    for language in LANGUAGES:
        draft(study, language)
    named = ", ".join(f"my-itp-{language}" for language in LANGUAGES)
    config = study / "config" / "config.yaml"
    config.write_text(
        config.read_text(encoding="utf-8").replace("cohorts: []", f"cohorts: [{named}]"), encoding="utf-8"
    )
    caseseries("run", folder=study)  # which checks first, and ends at an error
    return study / "results"


def told(page, language):
    """The words of a cohort's section, up to the next cohort."""
    start = page.index(f'id="my-itp-{language}"')
    ends = [page.find(f'id="{name}"', start) for name in (*(f"my-itp-{one}" for one in LANGUAGES), "across")]
    part = page[start : min((end for end in ends if end > start), default=None)]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", part)).split())


def test_the_owner_reads_her_series(results):
    page = (results / "restricted" / "report.html").read_text(encoding="utf-8")
    assert "8 of 12 women responded" in page
    assert "this page holds rows of people and must not leave" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_leads_to_the_private_report(results, language):
    page = (results / "restricted" / "report.html").read_text(encoding="utf-8")
    answer = "8 of 12 women responded, 67 % (95 % interval 39 to 86 %). Complete response: 4 of 12, 33 %"
    assert answer in told(page, language)


@pytest.mark.parametrize("language", LANGUAGES[1:])
@pytest.mark.parametrize("name", ["responses.csv", "times.csv", "dosing.csv", "estimates.csv"])
def test_each_language_gives_what_english_gives(results, language, name):
    english, other = (
        (results / "restricted" / f"my-itp-{one}" / name).read_text(encoding="utf-8") for one in ("en", language)
    )
    assert english.count("\n") > 12
    assert other.replace(f"my-itp-{language}", "my-itp-en") == english


def test_what_leaves_says_that_it_was_withheld_and_not_that_it_is_unknown(results):
    page = (results / "release" / "report.html").read_text(encoding="utf-8")
    assert "Response rates are withheld: they tell of few people." in page
    assert "8 of 12 women" not in page
    assert "can be evaluated." not in page
    assert "Not recorded: times" not in page
    assert (results / "release" / "MANIFEST.sha256").is_file()
