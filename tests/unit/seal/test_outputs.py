"""outputs.csv: what a human checker reads of each file."""

import pytest

from caseseries.model.cohort import Cohort
from caseseries.seal.outputs import outputs_of


def cohort(name, profile, **more):
    about = {"id": name, "title": name, "citation": "None.", "design": "case series", "population": "adults"}
    disclosure = {"profile": profile, "basis": "As agreed.", **more}
    provenance = "synthetic" if profile == "synthetic" else "registry"
    return Cohort(**about, provenance=provenance, licence="none", disclosure=disclosure, source_definition="not_stated")


@pytest.fixture
def release(tmp_path):
    for name, text in {
        "mine/estimates.csv": "cohort,events,n,not_evaluable\nmine,12,40,0\nmine,,25.0,\n",
        "mine/page.html": "<p>12 of 40 women, 1/0 and 3 visits</p><path d='1 of 2'/>",
        "print/tables/rates.csv": "Definition,Response\nfirst,2/4\n",
        "index.json": '{"n": 3}',
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_each_file_has_its_smallest_number_and_its_rule(release):
    cohorts = [cohort("mine", "restricted", threshold=7), cohort("print", "published"), cohort("made", "synthetic")]
    files = ["index.json", "mine/estimates.csv", "mine/page.html", "print/tables/rates.csv"]
    found = outputs_of(release, files, cohorts)
    assert found["file"].tolist() == files
    assert found["cohort"].tolist() == ["", "mine", "mine", "print"]
    assert found["smallest"].fillna(0).tolist() == [0, 12, 12, 2]
    assert found["rule"].tolist() == [
        "mine: no number from 1 to 6, none that follows from others",
        "no number from 1 to 6, none that follows from others",
        "no number from 1 to 6, none that follows from others",
        "in full: the rows are in print",
    ]


def test_without_a_restricted_cohort_all_leaves_in_full(release):
    found = outputs_of(release, ["index.json"], [cohort("print", "published"), cohort("made", "synthetic")])
    assert found["rule"].tolist() == ["in full: the rows are in print; in full: nobody stands behind a row"]
