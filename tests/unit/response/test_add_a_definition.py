"""The page `docs/add-a-definition.md`, followed to the letter: from an empty file to rows in responses.csv."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from caseseries.cli import main
from caseseries.model.columns import TABLES
from caseseries.model.layout import Layout
from caseseries.model.records import Records, empty_table, type_table, write_records
from caseseries.model.results import RESPONSES, read_table
from unit.response.response_records import write_cohort

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "add-a-definition.md").read_text(encoding="utf-8")


def block(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.fixture
def project(tmp_path):
    """A project with the shipped definitions, the page's file, and the records of three synthetic episodes."""
    folder = tmp_path / "config" / "definitions"
    folder.mkdir(parents=True)
    for path in (ROOT / "config" / "definitions").glob("*.yaml"):
        (folder / path.name).write_bytes(path.read_bytes())
    (named,) = re.findall(r"Save this as `config/definitions/(.+)`", PAGE)
    (folder / named).write_text(block("yaml")[0], encoding="utf-8")
    tables = {name: empty_table(name) for name in TABLES}
    episodes = {"episode_id": ["A", "B", "C"], "baseline": ["20", "20", "20"], "bleeding_recorded": ["yes"] * 3}
    counts = {"episode_id": ["A", "A", "B", "C"], "day": ["7", "14", "7", "7"], "count": ["60", "70", "30", "60"]}
    tables["episodes"] = type_table("episodes", pd.DataFrame(episodes))
    tables["counts"] = type_table("counts", pd.DataFrame(counts))
    layout = Layout(results=tmp_path / "results")
    write_cohort(tmp_path / "data", "simulated-rhtpo")
    write_records(Records("simulated-rhtpo", tables), layout.records("simulated-rhtpo"))
    return tmp_path, layout


def words_of(command, project):
    folders = [part for name in ("config", "data", "results") for part in (f"--{name}", str(project / name))]
    return [*command.split()[1:], *folders]


def test_from_an_empty_file_to_a_row(project, capsys):
    folder, layout = project
    check, use, explain, pages = (text.strip() for text in block("sh"))
    assert main(words_of(check, folder)) == 0
    shown = capsys.readouterr().out
    assert "Two counts at least 7 days apart, each at least 50 × 10⁹/L and at least 2 times the baseline" in shown
    assert main(words_of(use, folder)) == 0
    rows = read_table(layout.responses("simulated-rhtpo"))
    assert tuple(rows.columns) == RESPONSES
    assert rows["definition"].unique().tolist() == ["example2024"]
    assert dict(zip(rows["episode_id"], rows["response_class"], strict=True)) == {"A": "yes", "B": "no", "C": "NE"}
    assert main(words_of(explain.replace("EPISODE", "A"), folder)) == 0
    assert "yes: met: two counts at least 7 days apart" in capsys.readouterr().out
    target = str(folder / "pages")
    assert main(words_of(pages.replace("docs/definitions", target), folder)) == 0
    assert "example2024" in (folder / "pages" / "README.md").read_text(encoding="utf-8")


def test_the_message_on_the_page_is_the_one_given(project, capsys):
    folder, _ = project
    path = folder / "config" / "definitions" / "example-2024.yaml"
    path.write_text(path.read_text("utf-8").replace("{confirm: responding, gap: 7}", "{confrim: responding, gap: 7}"))
    assert main(words_of("caseseries definitions", folder)) == 2
    (message,) = re.findall(r"^    (example-2024\.yaml, line .*)$", PAGE, flags=re.MULTILINE)
    assert capsys.readouterr().err.splitlines() == [message]


def test_every_key_that_the_page_names_exists():
    from caseseries.model.condition import CONDITIONS
    from caseseries.model.predicate import POINTS

    for name in [*POINTS, *CONDITIONS]:
        assert f"`{name}`" in PAGE
