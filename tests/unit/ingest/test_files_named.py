"""A message names files that are there: a table as Parquet by that name, a mapped one by the file it comes from."""

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from caseseries.cli import main
from caseseries.ingest import folder, parted
from caseseries.ingest.folder import examine
from caseseries.ingest.parquet import AS_PARQUET
from caseseries.model.layout import Layout
from unit.ingest.conftest import MESSAGES
from unit.ingest.mapped_cohorts import make_cohort

CONFIG = Path(__file__).resolve().parents[3] / "config"
CHANGES = sorted(path.name for path in (MESSAGES / "cohorts").iterdir() if not path.name.startswith("mapping-"))
NAMED = re.compile(r"\b[a-z_]+\.(?:csv|parquet)\b")
UNNAMED = re.compile(r"; did you mean .*|.*none is there")
"""What may name a file that is not there."""
MISSING = "the table is missing"


def change(cohort, named):
    """The good cohort with the files of a broken one."""
    for path in sorted((MESSAGES / "cohorts" / named).rglob("*")):
        if path.suffix == ".removed":
            (cohort / path.stem).unlink()
        elif path.is_file():
            target = cohort / path.relative_to(MESSAGES / "cohorts" / named)
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, target)


def to_parquet(cohort):
    """Every table of cases as Parquet, but for those that cannot be written so."""
    for path in sorted(cohort.glob("*.csv")):
        if path.stem in AS_PARQUET:
            try:
                cells = pd.read_csv(path, dtype=str, keep_default_na=False, index_col=False)
                cells.to_parquet(path.with_suffix(".parquet"), index=False)
            except (ValueError, pd.errors.ParserError):
                continue
            path.unlink()


def strangers(cohort, findings):
    """Names of tables in findings that no file of the folder has."""
    there = {path.name for path in cohort.rglob("*")}
    places = [one.file for one in findings if one.rule.partition(":")[0] != MISSING]
    texts = [*places, *(UNNAMED.sub("", one.rule) for one in findings)]
    return {name for text in texts for name in NAMED.findall(text)} - there


@pytest.mark.parametrize("named", CHANGES)
def test_every_message_on_parquet_names_a_file_that_is_there(good, named):
    change(good, named)
    to_parquet(good)
    assert strangers(good, examine(good, Layout(good.parent, CONFIG)).findings) == set()


@pytest.mark.parametrize("named", ["count-of-an-unknown-case", "delivery-without-pregnancy", "missing-episodes"])
def test_so_it_does_where_the_cohort_comes_in_parts(good, named, monkeypatch):
    change(good, named)
    to_parquet(good)
    monkeypatch.setattr(folder, "LARGE", 1)
    monkeypatch.setattr(parted, "PART", 300)
    found = examine(good, Layout(good.parent, CONFIG)).findings
    assert found and strangers(good, found) == set()
    assert any(".parquet" in one.rule for one in found)


def test_a_mapped_table_is_named_by_its_source(tmp_path):
    keys = (
        "adverse_events_recorded: by_episode\n"
        "mapping: {sources: [{file: who.csv, table: episodes, columns: {episode_id: {from: Case}}}]}\n"
    )
    cohort = make_cohort(tmp_path, keys, who_csv="Case\nE1\n", counts_csv="episode_id,day,count\nE1,0,9\nE2,7,8\n")
    told = [str(one) for one in examine(cohort, Layout(tmp_path, CONFIG)).findings]
    assert "clinic/counts.csv, line 3, case E2, episode_id: the case is not listed in who.csv" in told
    assert any(one.startswith("clinic/who.csv, adverse_events_recorded: ") for one in told)


def test_a_table_of_several_files_is_named_by_no_one_of_them(tmp_path):
    columns = "table: episodes, columns: {episode_id: {from: Case}}"
    keys = f"mapping: {{sources: [{{file: north.csv, {columns}}}, {{file: south.csv, {columns}}}]}}\n"
    files = {"north_csv": "Case\nE1\n", "south_csv": "Case\nE3\n"}
    cohort = make_cohort(tmp_path, keys, **files, counts_csv="episode_id,day,count\nE2,7,8\n")
    told = [str(one) for one in examine(cohort, Layout(tmp_path, CONFIG)).findings]
    assert any(one.endswith("the case is not listed in the sources of episodes") for one in told)


@pytest.fixture
def met(tmp_path):
    """A cohort as Parquet whose baseline meets a definition, and with a word that no font draws."""
    text = "episode_id,baseline,drug,bleeding_recorded,follow_up_end_day\nA,258,\U00013001,yes,90\nB,142,rhTPO,yes,90\n"
    cohort = make_cohort(tmp_path, "", episodes_csv=text, counts_csv="episode_id,day,count\nA,30,244\nB,30,150\n")
    to_parquet(cohort)
    return cohort


def test_doubts_of_running_definitions_and_of_letters_name_it_too(met, capsys):
    where = ["--data", str(met.parent / "elsewhere"), "--config", str(CONFIG)]
    assert main(["check", str(met), *where]) == 0
    said = capsys.readouterr().out
    assert "clinic/episodes.parquet, baseline: in 2 of 2 cases the baseline already meets the count" in said
    assert "clinic/episodes.parquet, drug: no font of this machine has all letters of the text" in said
    assert "episodes.csv" not in said


def test_who_asks_for_an_unknown_case_is_told_where_the_cases_stand(met, capsys):
    where = ["--data", str(met.parent), "--config", str(CONFIG), "--results", str(met.parent / "results")]
    assert main(["ingest", "clinic", *where]) == 0
    capsys.readouterr()
    assert main(["explain", "clinic", "Z", *where]) == 2
    listed = met / "episodes.parquet"
    assert capsys.readouterr().err.startswith(f"{listed}, episode_id: the cohort has no episode of this id")


def test_a_misnamed_parquet_file_is_named_right(good):
    to_parquet(good)
    (good / "counts.parquet").rename(good / "count.parquet")
    told = [str(one) for one in examine(good, Layout(good.parent, CONFIG)).findings]
    rule = "the file is no table of the contract; did you mean counts.parquet?"
    assert f"good-cohort/count.parquet: {rule}" in told
