"""What `seal` seals and `verify` says of a run: values and files that moved, and because of what."""

import re
import shutil
from contextlib import chdir
from pathlib import Path

import pandas as pd
import pytest

from caseseries.cli import main
from caseseries.model.files import write_text
from caseseries.model.made import record_made
from caseseries.model.results import CLAIMS, RECOMPUTED, read_table, write_table
from caseseries.model.stages import stage_of_rule
from caseseries.seal import kept
from unit.made_series import disclosed

RATE = "as_reported"


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    """A study of twelve people, sealed; pages and what stands across cohorts are stand-ins."""
    folder = tmp_path_factory.mktemp("sealed")
    layout = disclosed(folder, {"north": 7, "south": 5}, "published")
    write_text(layout.report, "<p>a page</p>")
    row = ("clinic-1", "responders", "8 of 12", "8 of 12", "reproduced", "counted")
    write_table(pd.DataFrame([row], columns=list(CLAIMS)), layout.claims, CLAIMS)
    write_table(pd.DataFrame(columns=list(RECOMPUTED)), layout.recomputed, RECOMPUTED)
    for rule in ("report", "disclose_across"):
        record_made(stage_of_rule(rule), "", layout)
    with chdir(folder):
        assert main(["seal"]) == 0
    return folder


@pytest.fixture
def study(sealed, tmp_path, monkeypatch):
    """A copy that a test may change, called from its folder."""
    shutil.copytree(sealed, tmp_path / "study")
    monkeypatch.chdir(tmp_path / "study")
    return Path()


def verify(capsys, *words):
    capsys.readouterr()
    code = main(["verify", *words])
    return code, capsys.readouterr().out.splitlines()


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_of_an_untouched_run_nothing_moved(study, capsys):
    code, lines = verify(capsys)
    assert code == 0
    assert lines[-1].endswith("files, nothing moved.")


@pytest.mark.parametrize("name", ["data/clinic-1/counts.csv", "config/config.yaml"])
def test_a_changed_input_is_named_though_no_result_moved(study, capsys, name):
    with open(name, "a") as file:
        file.write("\n")
    code, lines = verify(capsys)
    assert code == 3
    assert f"Changed since that run: {name}." in lines
    assert lines[-1] == "The results are those of before: ./run makes them anew."


@pytest.mark.parametrize("folder", ["release", "restricted"])
def test_a_value_is_named_from_what_to_what_and_because_of_which_file(study, capsys, folder):
    with open("data/clinic-1/episodes.csv", "a") as file:
        file.write("\n")
    replace(study / "results" / folder / "clinic-1" / "estimates.csv", ",8,12,", ",9,12,")
    code, lines = verify(capsys)
    assert code == 3
    shown = "clinic-1" if folder == "release" else "restricted/clinic-1"
    assert f"{shown}/estimates.csv: changed, because of data/clinic-1/episodes.csv" in lines
    named = [line for line in lines if line.startswith("clinic-1, as reported: 8 of 12 -> 9 of 12, because of data/")]
    assert len(named) == (folder == "release")


def test_a_file_that_went_and_one_that_came_are_named(study, capsys):
    (study / "results" / "release" / "clinic-1" / "spread.csv").unlink()
    (study / "results" / "release" / "mine.txt").touch()
    (study / "results" / "restricted" / "clinic-1" / "responses.csv").unlink()
    code, lines = verify(capsys)
    assert code == 3
    told = "\n".join(lines)
    assert "clinic-1/spread.csv: missing" in told
    assert "restricted/clinic-1/responses.csv: missing" in told
    assert "though no input, code or package differs" in told.lower()
    assert lines[-1] == "No part of the run and not checked: mine.txt."


def test_two_releases_are_compared_by_value_then_by_bytes(study, capsys):
    release = study / "results" / "release"
    shutil.copytree(release, "theirs")
    code, lines = verify(capsys, "--against", "theirs")
    assert (code, lines[-1].split()[-2:]) == (0, ["none", "moved."])
    write_text(release / "report.html", "<p>another platform</p>")
    code, lines = verify(capsys, "--against", "theirs")
    assert code == 0
    assert lines[:2] == ["Same numbers, other bytes:", "  report.html"]
    replace(release / "claims.csv", "reproduced", "differs")
    code, lines = verify(capsys, "--against", "theirs")
    assert code == 3
    assert any("claim responders" in line and "differs" in line for line in lines)
    replace(release / "clinic-1" / "estimates.csv", ",8,12,", ",9,12,")
    code, lines = verify(capsys, "--against", "theirs")
    assert code == 3
    assert any(line.startswith("clinic-1, as reported: 8 of 12 -> 9 of 12,") for line in lines)
    assert lines[-1].endswith("values moved.")


@pytest.mark.parametrize(("profile", "warned"), [("restricted", True), ("published", False)])
def test_two_releases_of_a_restricted_cohort_that_differ_by_few_people_are_named(study, capsys, profile, warned):
    """8 of 12 in one release and 9 of 13 in the other: who was added responded."""
    release, about = study / "results" / "release" / "clinic-1", study / "data" / "clinic-1" / "cohort.yaml"
    about.write_text(about.read_text().replace("profile: published", f"profile: {profile}"))
    shutil.copytree(release.parent, "theirs")
    assert not [line for line in verify(capsys, "--against", "theirs")[1] if "fewer than" in line]
    replace(release / "estimates.csv", ",8,12,0", ",9,13,0")
    replace(release / "description.csv", ",12,12,0", ",13,13,0")
    code, lines = verify(capsys, "--against", "theirs")
    said = [line for line in lines if "numbers of people differ by fewer than 10 between the two releases" in line]
    assert (code, len(said)) == (3, warned)
    replace(release / "estimates.csv", ",9,13,0", ",30,50,0")
    replace(release / "description.csv", ",13,13,0", ",50,50,0")
    assert not [line for line in verify(capsys, "--against", "theirs")[1] if "fewer than" in line]


def test_kept_values_hold_a_run_by_number_and_claim(study, capsys, monkeypatch):
    monkeypatch.setattr(kept, "COHORTS", ("clinic-1",))
    (study / "docs" / "released").mkdir(parents=True)
    assert kept.main() == 0
    kept_there = read_table(study / "docs" / "released" / "values.csv")
    assert len(kept_there) and kept_there["definition"].str.startswith(RATE).all()
    code, lines = verify(capsys, "--against", "docs/released")
    assert (code, lines) == (0, [f"{len(kept_there)} values and 1 claims, none moved."])
    replace(study / "results" / "release" / "claims.csv", "reproduced", "differs")
    replace(study / "results" / "release" / "clinic-1" / "estimates.csv", ",8,12,", ",9,12,")
    code, lines = verify(capsys, "--against", "docs/released")
    assert code == 3
    assert any(line.startswith("clinic-1, as reported: 8 of 12 -> 9 of 12") for line in lines)
    assert any("claim responders" in line and "differs" in line for line in lines)
    monkeypatch.setattr("caseseries.seal.verify.SHOWN", 1)
    code, lines = verify(capsys, "--against", "docs/released")
    assert "claim responders" in lines[0]
    assert re.fullmatch("clinic-1: and [0-9]+ more values?", lines[-2])


@pytest.mark.parametrize("name", ["release/report.html", "release/clinic-1/flow.csv", "restricted/clinic-1/times.csv"])
def test_what_is_not_as_its_stage_wrote_it_is_not_sealed(study, capsys, name):
    with open(study / "results" / name, "a") as file:
        file.write("\n")
    before = (study / "results" / "release" / "MANIFEST.sha256").read_bytes()
    capsys.readouterr()
    assert main(["seal"]) == 3
    assert f"  results/{name}" in capsys.readouterr().out.splitlines()
    assert (study / "results" / "release" / "MANIFEST.sha256").read_bytes() == before
