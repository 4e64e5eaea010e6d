"""All definitions in one file: the same as their sources, and never staler than they are."""

import json
import shutil
from pathlib import Path

import pytest

from caseseries.cli import main
from caseseries.model.findings import BadInput
from caseseries.model.layout import Layout
from caseseries.response import catalogue, load_definitions

SHIPPED = Path(__file__).parents[3] / "config" / "definitions"


@pytest.fixture
def layout(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "config" / "definitions")
    return Layout(tmp_path / "data", tmp_path / "config", tmp_path / "results")


def write(layout):
    return main(["definitions", "write", "--config", str(layout.config), "--results", str(layout.results)])


def test_what_is_written_is_what_the_files_say(layout, capsys):
    assert write(layout) == 0
    assert "36 definitions" in capsys.readouterr().out
    assert catalogue.written_definitions(layout) == load_definitions(SHIPPED)


def test_the_same_bytes_again(layout):
    write(layout)
    before = layout.catalogue.read_bytes()
    write(layout)
    assert layout.catalogue.read_bytes() == before


def test_written_definitions_serve_without_reading_the_files(layout, monkeypatch):
    write(layout)
    monkeypatch.setattr(catalogue, "load_definitions", lambda folder: pytest.fail("a file was read again"))
    assert [one.id for one in catalogue.read_catalogue(layout, ["plt50_any", "as_reported"])] == [
        "plt50_any",
        "as_reported",
    ]


def test_a_changed_file_is_read_anew(layout):
    write(layout)
    file = layout.definitions / "as-reported.yaml"
    file.write_text(file.read_text().replace("label: As reported by the source", "label: The authors' class"))
    (changed,) = catalogue.read_catalogue(layout, ["as_reported"])
    assert changed.label == "The authors' class"


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"files": {}}', "\xff"])
def test_an_unreadable_catalogue_counts_for_nothing(layout, content):
    layout.catalogue.parent.mkdir(parents=True)
    layout.catalogue.write_text(content, encoding="latin-1")
    assert len(catalogue.read_catalogue(layout)) == 36


def test_definitions_of_an_older_form_are_read_anew(layout):
    write(layout)
    written = json.loads(layout.catalogue.read_text())
    written["definitions"][0]["a_key_of_old"] = 1
    layout.catalogue.write_text(json.dumps(written))
    assert catalogue.read_catalogue(layout) == load_definitions(SHIPPED)


def test_definitions_that_were_edited_by_hand_count_for_nothing(layout):
    """The rules of a cohort are those of the definition files, whoever has been in the results."""
    write(layout)
    text = layout.catalogue.read_text(encoding="utf-8")
    assert '"ge": 100.0' in text
    layout.catalogue.write_text(text.replace('"ge": 100.0', '"ge": 90.0'), encoding="utf-8")
    assert catalogue.read_catalogue(layout) == load_definitions(SHIPPED)


def test_faulty_files_leave_nothing_behind(layout, capsys):
    file = layout.definitions / "as-reported.yaml"
    file.write_text(file.read_text().replace("reported: true", "reported: maybe"))
    assert write(layout) == 2
    assert "as-reported.yaml" in capsys.readouterr().err
    assert not layout.catalogue.exists()
    with pytest.raises(BadInput):
        catalogue.read_catalogue(layout)
