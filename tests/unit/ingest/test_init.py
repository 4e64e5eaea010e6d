"""A study folder: what it holds, where it may lie, and whose definitions and drugs it takes."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from caseseries import __version__
from caseseries.cli import main
from caseseries.model.drug import load_drugs
from caseseries.model.findings import BadInput
from caseseries.model.layout import Layout
from caseseries.response.definition_files import load_definitions

ROOT = Path(__file__).parents[3]
OWN = (ROOT / "docs" / "add-a-definition.md").read_text(encoding="utf-8").split("```yaml\n", 1)[1].split("```", 1)[0]


@pytest.fixture
def study(tmp_path, monkeypatch):
    assert main(["init", str(tmp_path / "my study")]) == 0
    monkeypatch.chdir(tmp_path / "my study")
    return tmp_path / "my study"


def test_it_says_which_version_made_it(study):
    assert yaml.safe_load((study / "study.yaml").read_text()) == {"made_with": __version__}


def test_records_and_what_shows_them_stay_out_of_git(study):
    for name in ("data/mine/counts.csv", "results/restricted/mine/responses.csv", "results/release/report.html"):
        (study / name).parent.mkdir(parents=True, exist_ok=True)
        (study / name).touch()
    subprocess.run(["git", "init", "--quiet", "."], check=True)
    subprocess.run(["git", "add", "--all"], check=True)
    listed = subprocess.run(["git", "ls-files"], check=True, capture_output=True, text=True).stdout.split()
    assert "results/release/report.html" in listed and "config/config.yaml" in listed
    assert [name for name in listed if name.startswith(("data", "results/restricted"))] == []


def test_what_is_missing_yet_is_said(study, capsys):
    assert main(["check"]) == 2
    assert "config/config.yaml, line 4, cohorts: the list must hold" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["data/study", "../main/x/../../{clone}/y"])
def test_no_study_lies_in_the_clone(place, capsys):
    assert main(["init", str(ROOT / place.format(clone=ROOT.name))]) == 2
    assert "private records must not lie in the folder of the software" in capsys.readouterr().err


def test_a_folder_that_holds_anything_is_left_alone(study, capsys):
    assert main(["init", str(study)]) == 2
    assert "something is there already" in capsys.readouterr().err


def test_a_study_takes_shipped_definitions_and_drugs_and_its_own(study):
    (study / "config" / "definitions" / "mine.yaml").write_text(OWN, encoding="utf-8")
    layout = Layout()
    shipped = load_definitions(ROOT / "config" / "definitions")
    found = load_definitions(layout.definition_folders)
    assert found[: len(shipped)] == shipped
    assert [definition.id for definition in found[len(shipped) :]] == ["example2024"]
    assert load_drugs(*layout.drug_folders) == load_drugs(ROOT / "config" / "drugs")
    names = {Path(file).name for file in layout.sources("definition_files")}
    assert {"mine.yaml", "iwg-2009.yaml"} <= names
    assert not {"config.yaml", "further-series.yaml"} & {Path(f).name for f in layout.sources("definition_files")}
    assert [f for f in layout.sources("configuration") if Path(f).name == "config.yaml"] == ["config/config.yaml"]


def test_an_own_definition_with_a_shipped_id_is_refused(study):
    shutil.copy(ROOT / "config" / "definitions" / "as-reported.yaml", study / "config" / "definitions" / "mine.yaml")
    with pytest.raises(BadInput, match=r"mine.yaml, definitions: the id as_reported is taken by as-reported.yaml"):
        load_definitions(Layout().definition_folders)


def test_an_own_drug_with_a_shipped_id_is_refused(study):
    shutil.copy(ROOT / "config" / "drugs" / "romiplostim.yaml", study / "config" / "drugs" / "romiplostim.yaml")
    with pytest.raises(BadInput, match="a profile that is shipped has this id; give yours another"):
        load_drugs(*Layout().drug_folders)


def test_the_clone_is_a_study_of_its_own_files(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert Layout().definition_folders == (Path("config/definitions"),)
