"""The pages on data are run: their files are written, their commands called, what they print compared."""

import json
import re
import shlex
import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import yaml

from caseseries.cli import main
from caseseries.ingest.folder import examine
from caseseries.ingest.identifiers import CLASSES
from caseseries.ingest.ingest import type_records
from caseseries.ingest.new import COHORT
from caseseries.ingest.units import DOSES, FACTORS
from caseseries.model.cohort import Cohort
from caseseries.model.layout import Layout
from caseseries.model.mapping import Mapping, Source
from unit.ingest.hospital_workbook import write_workbook

ROOT = Path(__file__).resolve().parents[3]
BLOCK = re.compile(r"^```(\S+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run_page(page: str, folder: Path, monkeypatch, capsys):
    """Write the page's files and run its commands, in the page's order, in `folder`."""
    shutil.copytree(ROOT / "config", folder / "config")
    (folder / "data").mkdir()
    monkeypatch.chdir(folder)
    for kind, name, body in BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8")):
        if name.startswith("fill:"):
            fill_in(Path(name.removeprefix("fill:")), body)
        elif name.startswith("excerpt:"):
            written = Path(name.removeprefix("excerpt:")).read_text(encoding="utf-8").splitlines()
            assert [line for line in body.splitlines() if line not in written] == []
        elif name:
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(body, encoding="utf-8")
        elif kind == "console":
            for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", body, re.MULTILINE):
                compare(expected, call(shlex.split(command), capsys), command)


def fill_in(path: Path, said: str):
    """Replace the line of each key in a file."""
    text = path.read_text(encoding="utf-8")
    for line in said.splitlines():
        key = re.escape(line.partition(":")[0])
        text, times = re.subn(rf"^{key}:.*$", line, text, flags=re.MULTILINE)
        assert times == 1, line
    path.write_text(text, encoding="utf-8")


def call(words: list[str], capsys) -> str:
    if words[0] == "cp":
        shutil.copyfile(words[1], words[2])
        return ""
    capsys.readouterr()
    if words[0] == "./run":
        return run_verbs()
    assert words[0] == "caseseries"
    main(words[1:])
    return capsys.readouterr().out


def run_verbs() -> str:
    """What ./run does for the numbers of an overlay, without the workflow engine."""
    settings = yaml.safe_load(Path("config/config.yaml").read_text(encoding="utf-8"))
    settings |= yaml.safe_load(Path("my.yaml").read_text(encoding="utf-8"))
    for cohort in settings["cohorts"]:
        for verb in ("ingest", "classify", "estimate", "audit", "disclose"):
            assert main([verb, cohort]) == 0
    if settings["pools"]:
        for words in (["pool"], ["reconcile"], ["recompute"], ["disclose", "pooled"]):
            assert main([*words, "--settings", json.dumps(settings)]) == 0
    return "done\n"


def compare(expected: str, printed: str, command: str):
    pattern = "".join(".*" if line == "..." else re.escape(line) + r"\n" for line in expected.splitlines())
    assert re.fullmatch(pattern, printed, re.DOTALL), f"{command}\n{printed}"


COUNTS = ["events", "n", "not_evaluable"]


def own_rates(results: str, cohort: str) -> pd.DataFrame:
    """Response rates of a cohort, one row a definition."""
    table = pd.read_csv(f"{results}/release/{cohort}/estimates.csv")
    chosen = table[(table["statistic"] == "response_rate") & table["analysis"].isin(["primary", "aggregate"])]
    return chosen[chosen["group"] == "all"].drop_duplicates("definition")


def test_add_a_cohort(tmp_path, monkeypatch, capsys):
    write_workbook(tmp_path / "workbook.xlsx", "en")
    run_page("add-a-cohort.md", tmp_path, monkeypatch, capsys)
    page = (ROOT / "docs" / "add-a-cohort.md").read_text(encoding="utf-8")
    assert "It takes two checks" in page
    assert page.count("$ caseseries check data/my-itp\n") == 2
    assert len(pd.read_csv("results/restricted/my-itp/responses.csv")["episode_id"].unique()) == 12
    estimates = pd.read_csv("results/restricted/tapered-romiplostim/estimates.csv")
    assert not estimates["statistic"].str.contains("response_rate|outcome_rate").any()
    times = pd.read_csv("results/restricted/tapered-romiplostim/times.csv")
    reported = times[times["definition"] == "as_reported"].sort_values("episode_id")
    assert reported["time"].tolist() == [14, 7, 14, 14]


def test_check_a_paper(tmp_path, monkeypatch, capsys):
    run_page("check-a-paper.md", tmp_path, monkeypatch, capsys)


def test_data(tmp_path, monkeypatch, capsys):
    run_page("data.md", tmp_path, monkeypatch, capsys)
    counts = pd.read_parquet("results/restricted/clinic/records/counts.parquet")
    assert counts[["day", "lo", "hi"]].to_numpy().tolist() == [[7, 45, 45], [14, 110, 110], [7, 0, 5], [14, 8, 8]]
    check_examples()
    pooled = pd.read_csv("results/restricted/pooled/estimates.csv")
    for pool, definition in (("as-reported", "as_reported"), ("consensus", "iwg2009_confirmed")):
        of_pool = pooled[pooled["definition"] == definition]
        assert set(of_pool.loc[of_pool["analysis"] == "main", "group"]) == {pool}
        members = of_pool[of_pool["analysis"] == "member"].drop_duplicates("cohort").set_index("cohort")
        own = pd.concat([own_rates("results", "centre-one"), own_rates("elsewhere/results", "centre-two")])
        own = own[own["definition"] == definition].set_index("cohort")
        assert members["n"].to_dict() == own["n"].to_dict()
        assert members["events"].to_dict() == own["events"].to_dict()
        (main_rate,) = of_pool[(of_pool["statistic"] == "pooled_rate") & (of_pool["analysis"] == "main")].itertuples()
        assert (main_rate.events, main_rate.n) == (own["events"].sum(), own["n"].sum())
        assert 0 < main_rate.lower < main_rate.estimate < main_rate.upper < 1
    every = own_rates("elsewhere/results", "centre-two").set_index("definition")
    sent = own_rates("results", "centre-two").set_index("definition")
    assert len(every) > 10
    pd.testing.assert_frame_equal(sent[COUNTS], every[COUNTS], check_dtype=False)
    assert not (Path("data/centre-two") / "episodes.csv").exists()


EXAMPLES = {
    "visits": [["V1", 0, "9"], ["V1", 7, "31"], ["V2", 0, "12"], ["V2", None, "140"]],
    "registry": [["1", 7, "31"], ["1", 14, "56"], ["2", 7, "9"]],
    "bundle": [["P1", 0, "<5"], ["P1", 7, "45"]],
    "packets": [["P1", 7, "45"]],
}
"""Counts of the page's examples, as a reader sees them in the files."""


def check_examples():
    for cohort, expected in EXAMPLES.items():
        counts = pd.read_parquet(f"results/restricted/{cohort}/records/counts.parquet")
        rows = counts[["episode_id", "day", "count"]].astype({"day": object}).to_numpy().tolist()
        assert [[case, None if day != day else day, count] for case, day, count in rows] == expected, cohort
    for cohort in ("bundle", "packets"):
        given = pd.read_parquet(f"results/restricted/{cohort}/records/exposures.parquet")
        (row,) = given[["drug", "first_day", "dose", "dose_unit"]].to_numpy().tolist()
        assert row == ["romiplostim", 0, 3, "mcg/kg"]


def test_the_workbook_of_the_page_comes_in(tmp_path):
    """A workbook cannot be printed: the page's keys of one are read with a workbook as they describe it."""
    page = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    (source,) = re.findall(r"^```yaml\n(    - table: counts\n +file: source/labs.xlsx\n.*?)^```$", page, re.M | re.S)
    (head,) = re.findall(r"^```yaml data/visits/cohort.yaml\n(.*?)mapping:\n", page, re.M | re.S)
    cases = "    - {table: episodes, file: cases.csv, first_dose: start, columns: {episode_id: id}}\n"
    cohort = tmp_path / "visits"
    (cohort / "source").mkdir(parents=True)
    (cohort / "cohort.yaml").write_text(f"{head}mapping:\n  sources:\n{cases}{source}", encoding="utf-8")
    (cohort / "cases.csv").write_text("id,start\nA1,2020-03-04\n", encoding="utf-8")
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Labs")
    titles = [["Laboratory", None, None], [None, None, None]]
    for row in [*titles, ["Code", "Datum", "PLT"], ["A1", date(2020, 3, 11), 45], ["A1", date(2020, 3, 18), "<5"]]:
        sheet.append(row)
    book.save(cohort / "source" / "labs.xlsx")
    examined = examine(cohort, Layout())
    assert [finding.column for finding in examined.findings] == ["bleeding_recorded"]
    made = type_records(examined, "visits")["counts"]
    assert made[["day", "count", "source_row"]].to_numpy().tolist() == [[7, "45", 4], [14, "<5", 5]]


def test_the_template_names_every_key_of_cohort_yaml():
    for name in Cohort.model_fields:
        assert re.search(rf"^(# )?{name}:", COHORT, re.MULTILINE), name


@pytest.mark.parametrize("model", [Mapping, Source], ids=["mapping", "source"])
def test_the_data_page_explains_every_key_of_a_mapping(model):
    page = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    for name in model.model_fields:
        assert f"`{name}`" in page or f"{name}:" in page, name


def test_the_data_page_has_every_class_and_unit():
    page = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    for one in CLASSES:
        (row,) = [line for line in page.splitlines() if line.startswith(f"| {one.letter} | {one.title} |")]
        for pattern in (*one.header, *one.value):
            assert pattern.replace("|", "\\|") in row, pattern
        assert one.example in row
    for unit in [*(unit for units in FACTORS.values() for unit in units), *DOSES]:
        assert f"`{unit}`" in page
