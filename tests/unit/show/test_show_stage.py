"""The show stage on small cohorts: what is written, for whom, and that nothing of persons leaves."""

import argparse
import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest
from PIL import Image

from caseseries.model.findings import BadInput
from caseseries.model.results import TIMES
from caseseries.show import show
from caseseries.show.draw.draw import draw
from caseseries.show.drawing import DRAWING, Kind
from caseseries.show.save import save_figure
from caseseries.words.numbers import NOTHING
from unit.show.toy_cohorts import make_cohort, make_records, make_responses, make_times, write_project

KINDS = {"rates", "incidence", "states", "supplement", "swimmer", "trajectories"}


def entries(folder):
    return json.loads((folder / "index.json").read_text(encoding="utf-8"))


def test_every_figure_and_table_is_there_and_explained(rendered):
    cohort, layout = rendered("published")
    figures = entries(layout.release / cohort.id / "figures")
    assert {entry["kind"] for entry in figures} == KINDS
    for entry in figures:
        for key in ("title", "caption", "alt"):
            assert len(entry[key]) > 15, (entry["id"], key)
        for file in (entry["file"], entry["png"]):
            assert (layout.release / cohort.id / "figures" / file).stat().st_size > 2000
        about = ElementTree.parse(layout.release / cohort.id / "figures" / entry["file"]).getroot()
        words = "".join(about.itertext())
        assert entry["title"] in words and entry["alt"] in words
    tables = entries(layout.release / cohort.id / "tables")
    names = [entry["id"] for entry in tables]
    assert names == ["description", "responses", "times", "curve", "harm", "cases"]
    assert {entry["id"] for entry in [*figures, *tables] if entry["individual"]} == {"swimmer", "trajectories", "cases"}


def test_a_figure_can_be_drawn_again_from_its_json_alone(rendered, tmp_path):
    cohort, layout = rendered("synthetic")
    folder = layout.release / cohort.id / "figures"
    for entry in entries(folder):
        drawing = DRAWING.validate_json((folder / entry["json"]).read_bytes())
        save_figure(draw(drawing), tmp_path / entry["id"], drawing.title, drawing.alt)
        assert (tmp_path / entry["file"]).read_bytes() == (folder / entry["file"]).read_bytes(), entry["id"]


def test_a_curve_from_four_people_says_that_they_are_few(rendered):
    cohort, layout = rendered("published")
    svg = (layout.release / cohort.id / "figures" / "incidence_as_reported.svg").read_text(encoding="utf-8")
    assert "n = 4: few people, large steps." in svg
    everything = "".join(path.read_text(encoding="utf-8") for path in (layout.release / cohort.id).rglob("*.svg"))
    assert "p = " not in everything and "p &lt; " not in everything


def test_a_synthetic_cohort_says_so_everywhere(rendered):
    cohort, layout = rendered("synthetic")
    folder = layout.release / cohort.id
    for path in [*folder.rglob("*.svg"), *folder.rglob("*.html"), *folder.rglob("tables/*.csv")]:
        assert "SYNTHETIC" in path.read_text(encoding="utf-8"), path.name
    for path in folder.rglob("*.png"):
        with Image.open(path) as image:
            assert image.text["Description"].startswith("SYNTHETIC"), path.name


def test_nothing_of_persons_leaves_a_restricted_cohort(rendered):
    cohort, layout = rendered("restricted")
    release, apart = layout.release / cohort.id, layout.restricted(cohort.id) / "show"
    assert not any(entry["individual"] for folder in ("tables", "figures") for entry in entries(release / folder))
    assert {"rates", "swimmer", "trajectories"} <= {entry["id"] for entry in entries(apart / "figures")}
    assert {"description", "cases"} <= {entry["id"] for entry in entries(apart / "tables")}
    for path in release.rglob("*.*"):
        if path.suffix in (".svg", ".html", ".json") or path.parent.name == "tables":
            text = path.read_text(encoding="utf-8")
            assert not any(name in text for name in (">E1<", "<!-- E1", "E1,", "E2,")), path.name


def test_a_cohort_without_days_counts_or_classes_has_no_empty_figure(tmp_path):
    cohort, records = make_cohort(), make_records(4)
    responses = make_responses(["responded", "responded", "NR", "NR"])
    times = pd.DataFrame(columns=list(TIMES), dtype=object)
    layout = write_project(tmp_path, cohort, records, responses, times, [("as_reported", "all", 2, 4, 0)])
    show.show_cohort(cohort, layout.as_told(), {})
    assert [entry["id"] for entry in entries(layout.release / cohort.id / "figures")] == []
    assert [e["id"] for e in entries(layout.release / cohort.id / "tables")] == ["description", "responses", "cases"]


def test_a_cohort_of_which_nothing_is_known_has_no_figure(tmp_path):
    cohort, records = make_cohort(), make_records(1)
    times = pd.DataFrame(columns=list(TIMES), dtype=object)
    rates = [("as_reported", "all", 0, 0, 1)]
    layout = write_project(tmp_path, cohort, records, make_responses(["NE"]), times, rates)
    show.show_cohort(cohort, layout.as_told(), {})
    assert entries(layout.release / cohort.id / "figures") == []


@pytest.mark.parametrize("people", [1, 40, 137])
def test_cohorts_of_every_size_are_drawn_without_a_warning(tmp_path, people):
    days = [1 + (7 * i) % 50 for i in range(people)]
    causes = [("response", "delivery", "censored")[i % 3] for i in range(people)]
    classes = [("R", "NR", "NE")[i % 3] for i in range(people)]
    counts = [(f"E{i + 1}", str(day), "", count) for i in range(people) for day, count in ((0, "<5"), (days[i], "60"))]
    records = make_records(people, counts=counts)
    known = sum(name != "NE" for name in classes)
    rates = [(name, "all", classes.count("R"), known, people - known) for name in ("as_reported", "plt50_any")]
    reached = [day if name == "R" else None for day, name in zip(days, classes, strict=True)]
    responses = make_responses(classes, days=reached)
    layout = write_project(tmp_path, make_cohort(), records, responses, make_times(days, causes), rates)
    show.show_cohort(make_cohort(), layout.as_told(), {})
    kinds = {entry["kind"] for entry in entries(layout.release / "toy-2024" / "figures")}
    assert kinds == ({"rates", "swimmer", "trajectories"} if people == 1 else KINDS)


def test_no_cell_is_empty_and_every_row_is_full(rendered):
    cohort, layout = rendered("published")
    for path in (layout.release / cohort.id / "tables").glob("*.csv"):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        for _, row in table.iterrows():
            heading = (row.iloc[1:] == "").all()
            assert heading or (row != "").all(), (path.name, row.tolist())
        assert not (table == "nan").any().any(), path.name
        assert NOTHING not in "".join(table.columns)


def test_the_verb_renders_what_it_is_asked(four, monkeypatch):
    cohort, layout = four
    monkeypatch.setattr(show, "read_catalogue", lambda _: [])
    parser = argparse.ArgumentParser()
    show.add_arguments(parser)
    left = layout.restricted(cohort.id) / "show" / "figures" / "swimmer.svg"
    left.parent.mkdir(parents=True)
    left.write_text("of an earlier run, when the cohort was restricted")
    show.run(parser.parse_args([cohort.id]), layout)
    assert "swimmer" in [entry["id"] for entry in entries(layout.release / cohort.id / "figures")]
    assert entries(left.parent) == [] and not left.exists()
    assert not (layout.release / "figures").exists()


def test_results_of_earlier_stages_that_are_missing_are_all_named(four):
    cohort, layout = four
    layout.as_told().estimates(cohort.id).unlink()
    layout.times(cohort.id).unlink()
    with pytest.raises(BadInput) as refused:
        show.show_cohort(cohort, layout.as_told(), {})
    assert str(refused.value).splitlines() == [
        "release/toy-2024/estimates.csv: the file is missing: run the disclose stage first",
        "restricted/toy-2024/times.csv: the file is missing: run the classify stage first",
    ]


def test_the_page_on_figures_names_every_kind():
    page = Path(__file__).parents[3].joinpath("docs", "figures.md").read_text(encoding="utf-8")
    for kind in get_args(Kind):
        assert f"| `{kind}` |" in page, kind
