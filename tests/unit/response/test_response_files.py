"""What is generated from the definition files is in step with them, and what the files promise holds."""

from __future__ import annotations

import json
import re
import shutil
import time
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
import yaml

from caseseries.cli import main
from caseseries.model.definition import bases
from caseseries.model.findings import BadInput
from caseseries.model.worked_case import Case
from caseseries.response import cautions, load_definitions
from caseseries.response.courses import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, draw_courses
from caseseries.response.definition_files import choose, definition_schema, load_file
from caseseries.response.pages import PICTURES, write_pages

ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / "config" / "definitions").glob("*.yaml"))
DEFINITIONS = load_definitions(ROOT / "config" / "definitions")


def test_schema_is_in_step():
    """`caseseries definitions schema > config/schema/definition.schema.json` makes it anew."""
    committed = (ROOT / "config" / "schema" / "definition.schema.json").read_text(encoding="utf-8")
    assert committed == definition_schema()


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_files_meet_their_schema(path):
    jsonschema.Draft202012Validator(json.loads(definition_schema())).validate(yaml.safe_load(path.read_text("utf-8")))
    assert path.read_text("utf-8").startswith("# yaml-language-server: $schema=../schema/definition.schema.json\n")


def test_schema_refuses_what_the_models_refuse():
    document = yaml.safe_load(FILES[0].read_text("utf-8"))
    document["definitions"][0]["classes"][0]["when"] = {"confrim": {"ge": 30}, "gap": 7}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(json.loads(definition_schema())).validate(document)


def test_pages_are_in_step(tmp_path):
    """`caseseries definitions pages docs/definitions` makes them anew."""
    write_pages(ROOT / "config" / "definitions", tmp_path)
    made, committed = (
        {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.*")}
        for folder in (tmp_path, ROOT / "docs" / "definitions")
    )
    assert made == committed


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_every_file_has_three_worked_cases_and_every_definition_one(path):
    file = load_file(path)
    assert len(file.cases) >= 3
    expected = {name for case in file.cases for name in case.expect}
    assert expected == {definition.id for definition in file.definitions}


@pytest.mark.parametrize("definition", DEFINITIONS, ids=[definition.id for definition in DEFINITIONS])
def test_every_clause_says_on_what_it_rests(definition):
    assert definition.source is not None
    assert definition.source.locator
    assert bases(definition)
    shown = cautions(definition)
    assert all(caution.clause for caution in shown)
    assert len(shown) >= sum(code in "MC" for code, _ in bases(definition))


def test_unconfirmed_sources_say_so():
    unconfirmed = {one.id for one in DEFINITIONS if any(caution.basis == "M" for caution in cautions(one))}
    assert {"ash2019_early", "ash2019_remission", "cma2020_remission", "romi_kuter2008"} <= unconfirmed
    assert "iwg2009_confirmed" not in unconfirmed


def test_reading_all_files_is_quick():
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        load_definitions(ROOT / "config" / "definitions")
        best = min(best, time.process_time() - start)
    assert best < 3  # some 0.4 s; the bound only catches a change of kind


def test_ids_that_the_configuration_names_are_checked_where_they_stand(tmp_path, capsys):
    shutil.copytree(ROOT / "config" / "definitions", tmp_path / "definitions")
    (tmp_path / "config.yaml").write_text("cohorts: [a-2020]\n")
    assert main(["definitions", "check", "--config", str(tmp_path)]) == 0
    assert f"{len(DEFINITIONS)} definitions, every worked case as expected" in capsys.readouterr().out
    pool = "{id: some, title: S, definition: nope, members: [{cohort: a-2020}]}"
    mine = tmp_path / "my.yaml"
    mine.write_text(f"definitions: [iwg2009_confirmd]\npools: [{pool}]\n")
    files = [str(tmp_path / "config.yaml"), str(mine)]
    assert main(["definitions", "check", "--config", str(tmp_path), "--configfile", *files]) == 2
    shown = " + ".join(files)
    assert capsys.readouterr().err.splitlines() == [
        f"{shown}, definitions: iwg2009_confirmd: no such response definition; did you mean iwg2009_confirmed?",
        f"{shown}, pools.some.definition: nope: no such response definition; `caseseries definitions` lists them",
    ]


def test_choose_suggests():
    with pytest.raises(BadInput, match="did you mean iwg2009_single"):
        choose(DEFINITIONS, ["iwg2009_singel"])
    assert [one.id for one in choose(DEFINITIONS, ["plt50_any", "as_reported"])] == ["plt50_any", "as_reported"]


def test_the_verb_lists_and_shows(capsys):
    assert main(["definitions", "--config", str(ROOT / "config")]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 36
    assert main(["definitions", "show", "iwg2009_rescue_is_failure", "--config", str(ROOT / "config")]) == 0
    shown = capsys.readouterr().out
    assert "Follow-up ends at rescue treatment; what it leaves open is not met." in shown
    assert "our choice: rescue treatment ends follow-up" in shown
    assert main(["definitions", "show", "--config", str(ROOT / "config")]) == 2


def test_every_course_is_drawn_once_and_shown_by_its_page():
    for path in FILES:
        picture = (ROOT / "docs" / "definitions" / PICTURES / f"{path.stem}.svg").read_text("utf-8")
        root = ElementTree.fromstring(picture)
        views = [view.get("id") for view in root.iter("{http://www.w3.org/2000/svg}view")]
        assert len(set(views)) == len(views) == len(load_file(path).cases)
        page = (ROOT / "docs" / "definitions" / f"{path.stem}.md").read_text("utf-8")
        assert re.findall(rf'<img src="{PICTURES}/{path.stem}\.svg#([^"]+)"', page) == views


def test_a_course_is_drawn_to_scale():
    """Day 7 of 14 stands in the middle, 30 of 33 at nine elevenths of the height; a limit is hollow."""
    counts = {"day": [7, 14], "count": [30, "<15"]}
    case = Case(id="a case", title="a case", baseline=None, counts=counts, expect={})
    drawn = draw_courses([case], [30.0, 100.0])
    across, down = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    first = f'cx="{LEFT + across / 2:.1f}" cy="{HEIGHT - BOTTOM - down * 30 / 33:.1f}" r="2.4" fill="#0072b2"'
    assert first in drawn
    assert f'cx="{LEFT + across:.1f}" cy="{HEIGHT - BOTTOM - down * 15 / 33:.1f}" r="2.4" fill="#ffffff"' in drawn
    assert ">30</text>" in drawn
    assert ">100</text>" not in drawn
    assert '<view id="a-case"' in drawn
