"""A run whose release would name a case ends at the last gate, unsealed; mended, the next one is sealed.

The plant stands where no check of the cohort looks: in the label of a definition that the study wrote itself.
"""

import re

import pytest

from unit.made_series import make
from workflow.conftest import Project

pytestmark = pytest.mark.workflow

DEFINITION = """source: {citation: Made up for a test, locator: none}
condition: itp
definitions:
  - id: own_any
    label: Any count of 50
    population: any
    classes: [{label: "yes", when: {some: {ge: 50}}, basis: {C: at least 50 once}}]
    else: "no"
    responses: ["yes"]
cases:
  - {id: below, title: at 49, counts: {day: [7], count: [49]}, expect: {own_any: "no"}}
  - {id: at, title: at 50, counts: {day: [7], count: [50]}, expect: {own_any: "yes"}}
  - {id: none, title: no count, expect: {own_any: {class: NE}}}
"""
CONFIG = "cohorts: [clinic-1]\nflagship: clinic-1\ndefinitions: [own_any]\nmain_definition: own_any\npools: []\n"
RULE = "it holds the label of a case or a person"


@pytest.fixture
def study(tmp_path):
    """A restricted series of thirty that may tell of three or more, under one definition."""
    root = tmp_path / "a study"
    root.mkdir()
    make(root, {"north": 16, "south": 14}, "restricted")
    (root / "data" / "clinic-1" / "adverse_events.csv").unlink()
    about = root / "data" / "clinic-1" / "cohort.yaml"
    told = about.read_text(encoding="utf-8").replace("profile: restricted", "profile: restricted, threshold: 3")
    told = "".join(line for line in told.splitlines(True) if not line.startswith("adverse_events_recorded"))
    about.write_text(told + "condition: itp\n", encoding="utf-8")
    (root / "config" / "config.yaml").write_text(CONFIG, encoding="utf-8")
    (root / "config" / "definitions").mkdir()
    return Project(root)


def write_definition(study, label):
    text = DEFINITION.replace("label: Any count of 50\n", f"label: {label}\n")
    (study.root / "config" / "definitions" / "own.yaml").write_text(text, encoding="utf-8")


def test_a_leak_ends_a_whole_run_unsealed_and_the_mended_run_is_sealed(study):
    write_definition(study, "Any count of 50, as in c17")
    done = study.package("caseseries", "run")
    said = done.stdout + done.stderr
    assert done.returncode == 3, said
    named = set(re.findall(rf"release/(\S+): {RULE}", said))
    assert {"report.html", "definitions.json", "clinic-1/tables/responses.json"} <= named, said
    assert {"clinic-1/tables.xlsx", "clinic-1/tables.docx", "clinic-1/methods.docx"} <= named, said
    assert "c17" not in said
    assert said.count("label the cases of the restricted cohort by a letter and a number in their source") == 1
    assert "Report, not sealed: do not pass it on: " in said
    assert not (study.root / "results" / "release" / "MANIFEST.sha256").exists()
    write_definition(study, "Any count of 50")
    done = study.package("caseseries", "run")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "not sealed" not in done.stdout + done.stderr
    assert (study.root / "results" / "release" / "MANIFEST.sha256").is_file()
