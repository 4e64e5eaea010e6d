"""`caseseries reconstruct`: a file alone, exported points, a cohort; and what no printed curve can be."""

import re
import shlex
import shutil
from pathlib import Path

import pandas as pd
import pytest

from caseseries.cli import main
from caseseries.model.records import read_records
from caseseries.model.result_columns import RANGE_BASES
from caseseries.words.curves import BASES

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "read-a-curve.md").read_text(encoding="utf-8")

HEAD = "curve,group,outcome,kind,day,value,error"
CURVE = f"""{HEAD}
f1,all,response,survival,0,1,0.01
f1,all,response,survival,5,0.875,0.01
f1,all,response,survival,9,0.75,0.01
f1,all,response,survival,30,0.75,0.01
"""
AT_RISK = "curve,group,day,at_risk\nf1,all,0,8\nf1,all,7,7\n"
TOTALS = "group,outcome,events,n,origin\nall,response,,8,printed\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a made-up curve of eight cases."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "curves.csv").write_text(CURVE, encoding="utf-8")
    (tmp_path / "at_risk.csv").write_text(AT_RISK, encoding="utf-8")
    (tmp_path / "aggregates.csv").write_text(TOTALS, encoding="utf-8")
    return tmp_path


def test_a_folder_and_its_file_are_read_alike(folder, capsys):
    assert main(["reconstruct", "."]) == 0
    told = capsys.readouterr().out
    assert main(["reconstruct", "curves.csv"]) == 0
    assert capsys.readouterr().out == told
    assert "f1, all: 8 cases; 1 history fits\n" in told
    assert "Reconstructed from print: no number here was recomputed from cases.\n" in told


def test_what_is_written_adds_up_and_is_the_same_each_time(folder):
    assert main(["reconstruct", ".", "--write", "one", "--at", "7"]) == 0
    assert main(["reconstruct", ".", "--write", "two", "--at", "7"]) == 0
    for name in ("reconstructed", "reconstructed_ranges"):
        assert Path(f"one/{name}.csv").read_bytes() == Path(f"two/{name}.csv").read_bytes()
    rows = pd.read_csv("one/reconstructed.csv")
    left = rows["at_risk"] - rows["events"] - rows["censored"]
    assert left.tolist() == [*rows["at_risk"][1:], 0]
    ranges = pd.read_csv("one/reconstructed_ranges.csv").set_index(["statistic", "time"])
    assert ranges.loc[("survival", 7.0), "estimate"] == 0.875


def test_a_curve_that_climbs_is_told_as_it_climbs(folder, capsys):
    climbing = (
        CURVE.replace("survival", "incidence").replace(",1,", ",0,").replace("0.875", "0.125").replace("0.75", "0.25")
    )
    Path("curves.csv").write_text(climbing, encoding="utf-8")
    assert main(["reconstruct", ".", "--at", "9"]) == 0
    assert re.search(r"with the event by day 9 +25.0 % ", capsys.readouterr().out)


def test_units_are_converted(folder, capsys):
    assert main(["reconstruct", "."]) == 0
    told = capsys.readouterr().out
    percent = [f"{HEAD},time_unit,value_unit"]
    for line in CURVE.splitlines()[1:]:
        *names, day, value, error = line.split(",")
        percent.append(
            ",".join(
                [
                    *names,
                    f"{float(day) / 7:.6f}",
                    f"{100 * float(value):.1f}",
                    f"{100 * float(error):.1f}",
                    "weeks",
                    "percent",
                ]
            )
        )
    Path("curves.csv").write_text("\n".join(percent) + "\n", encoding="utf-8")
    assert main(["reconstruct", "."]) == 0
    assert capsys.readouterr().out == told


BAD = [
    ("curves.csv", "9,0.75,", "9,0.95,", "curves.csv, line 4, value: the survival curve rises here by more than twice"),
    ("curves.csv", "survival", "incidence", "on day 0 a survival curve stands at 1 and an incidence curve at 0"),
    ("curves.csv", "0.875", "87.5", "a share must lie from 0 to 1; where per cent were read, say percent"),
    ("curves.csv", "5,0.875,0.01", "5,0.875,0", "the reading error must be more than 0"),
    ("curves.csv", "5,0.875,0.01", "5,0.875,0.02", "one curve has one kind and one reading error"),
    ("curves.csv", "5,0.875", "-5,0.875", "the value must be 0 days or more"),
    ("curves.csv", "kind", "sort", "curves.csv, kind: the column is required and missing"),
    ("curves.csv", "survival,5", "falling,5", "the value must be one of survival, incidence"),
    ("curves.csv", "5,0.875,0.01", "5,high,0.01", "the value must be a number"),
    ("at_risk.csv", "7,7", "7,9", "the number at risk must not increase"),
    ("at_risk.csv", "0,8\nf1,all,7,7", "0,8\nf1,all,0,8", "curve, group and day together must name one row"),
    ("at_risk.csv", "0,8", "0,9", "more are at risk than n in aggregates.csv"),
    ("at_risk.csv", "0,8", "0,7", "on day 0 all cases are at risk"),
    ("at_risk.csv", "f1,all,7", "f2,all,7", "curves.csv has no such curve of such a group"),
    ("aggregates.csv", ",,8", ",9,8", "events must not exceed n"),
]


@pytest.mark.parametrize(("file", "good", "bad", "rule"), BAD, ids=[f"{row[0]}-{row[3][:40]}" for row in BAD])
def test_what_no_printed_curve_can_be_is_refused(folder, file, good, bad, rule, capsys):
    text = (folder / file).read_text(encoding="utf-8")
    assert good in text
    (folder / file).write_text(text.replace(good, bad), encoding="utf-8")
    assert main(["reconstruct", ".", "--write", "out"]) == 2
    assert rule in capsys.readouterr().err
    assert not Path("out").exists()


def with_units(text, time="", value=""):
    first, *rest = text.splitlines()
    return "\n".join([f"{first},time_unit,value_unit", *(f"{line},{time},{value}" for line in rest)]) + "\n"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (
            with_units(CURVE, time="fortnights"),
            "the unit of time is unknown; it must be one of hours, days, weeks, months",
        ),
        (with_units(CURVE, value="permille"), "the value must be one of share, percent"),
        (with_units(CURVE.replace("0.875,0.01", "140,0.5").replace(",0.01", ",0.5"), value="percent"), "from 0 to 100"),
    ],
)
def test_units_that_nobody_knows_and_more_than_all_are_refused(folder, text, rule, capsys):
    (folder / "curves.csv").write_text(text, encoding="utf-8")
    assert main(["reconstruct", "."]) == 2
    assert rule in capsys.readouterr().err


def test_all_faults_are_told_at_once(folder, capsys):
    Path("curves.csv").write_text(CURVE.replace("9,0.75,", "9,0.95,"), encoding="utf-8")
    Path("at_risk.csv").write_text(AT_RISK.replace("7,7", "7,9"), encoding="utf-8")
    assert main(["reconstruct", "."]) == 2
    told = capsys.readouterr().err
    assert "rises" in told and "must not increase" in told and "more are at risk than n" in told


def test_the_number_of_cases_must_stand_somewhere(folder, capsys):
    Path("aggregates.csv").unlink()
    assert main(["reconstruct", "."]) == 0
    Path("at_risk.csv").write_text("curve,group,day,at_risk\nf1,all,7,7\n", encoding="utf-8")
    assert main(["reconstruct", "."]) == 2
    assert "the number of cases of the curve is nowhere" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["nothing.csv"], [".", "--at", "-3"]])
def test_a_file_that_is_not_there_and_a_day_before_the_first_are_refused(folder, words, capsys):
    assert main(["reconstruct", *words]) == 2
    assert capsys.readouterr().err


POINTS = "0.1,99.8\n5,87.4\n9,75.2\n30,75\n"


def test_points_of_one_data_set_are_a_group_named_after_the_file(folder, capsys):
    Path("all.csv").write_text(POINTS, encoding="utf-8")
    Path("at_risk.csv").write_text("curve,group,day,at_risk\nall,all,0,8\nall,all,7,7\n", encoding="utf-8")
    options = "--kind survival --time-unit days --value-unit percent --error 0.5 --outcome response"
    assert main(["reconstruct", "all.csv", *options.split()]) == 0
    assert "all, all: 8 cases; 1 history fits" in capsys.readouterr().out


def test_points_without_units_are_refused_with_the_options_that_name_them(folder, capsys):
    Path("all.csv").write_text(POINTS.replace("87.4", "high"), encoding="utf-8")
    assert main(["reconstruct", "all.csv", "--value-unit", "percent"]) == 2
    told = capsys.readouterr().err
    for option in ("--kind", "--time-unit", "--error", "two numbers"):
        assert option in told
    assert "--value-unit" not in told


def test_the_page_is_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name, body in re.findall(r"^```csv (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
        Path(name).write_text(body, encoding="utf-8")
    ((command, expected),) = re.findall(r"^```console\n\$ caseseries (.*?)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert main(shlex.split(command)) == 0
    pattern = "".join(".*" if line == "..." else re.escape(line) + r"\n" for line in expected.splitlines())
    assert re.fullmatch(pattern, capsys.readouterr().out, re.DOTALL)
    for name in re.findall(r"`(reconstructed/\S+csv)`", PAGE):
        assert Path(name).exists()


def test_every_basis_has_words():
    assert set(RANGE_BASES) <= set(BASES)


COHORT = """id: a-curve
title: A made-up curve
citation: made up, no patients
design: trial
population: none
provenance: synthetic
licence: CC0-1.0
source_definition: not_stated
stratum: cohort
day_zero: other
disclosure: {profile: synthetic, basis: "made up, no patients"}
"""


@pytest.fixture
def study(folder):
    """A study with a cohort of one printed curve, ingested."""
    data = folder / "data" / "a-curve"
    data.mkdir(parents=True)
    for file in folder.glob("*.csv"):
        file.rename(data / file.name)
    (data / "cohort.yaml").write_text(COHORT, encoding="utf-8")
    assert main(["ingest", "a-curve"]) == 0
    return folder


def test_a_cohort_with_a_curve_is_reconstructed_as_a_file_alone_is(study, capsys):
    assert main(["reconstruct", "a-curve"]) == 0
    told = capsys.readouterr().out
    assert main(["reconstruct", "data/a-curve", "--write", "alone"]) == 0
    assert capsys.readouterr().out in told
    for name in ("reconstructed", "reconstructed_ranges"):
        made = study / "results" / "restricted" / "a-curve" / f"{name}.csv"
        assert made.read_bytes() == (study / "alone" / f"{name}.csv").read_bytes()


def test_a_cohort_without_a_curve_has_nothing_to_reconstruct(study, capsys):
    data = study / "data" / "a-curve"
    for name in ("curves", "at_risk"):
        (data / f"{name}.csv").unlink()
    (data / "outcomes.csv").write_text("episode_id,outcome,day,cause\nE01,response,3,response\n", encoding="utf-8")
    assert main(["ingest", "a-curve"]) == 0
    assert main(["reconstruct", "a-curve"]) == 2
    assert "the cohort has no printed curve" in capsys.readouterr().err


def test_the_bad_curve_of_a_cohort_is_found_by_check(study, capsys):
    path = study / "data" / "a-curve" / "curves.csv"
    path.write_text(CURVE.replace("9,0.75,", "9,0.95,"), encoding="utf-8")
    assert main(["check", "data/a-curve"]) == 2
    assert "curve rises" in capsys.readouterr().out


def test_the_shipped_series_beside_its_figure_is_reconstructed_to_its_own_rows(tmp_path, monkeypatch):
    """41 deaths of moss-2012, drawn as a figure and followed pixel by pixel: the stage gives back who died when."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "data" / "moss-2012", "data/moss-2012")
    for name in ("curves", "at_risk"):
        text = (ROOT / "docs" / "reconstruction" / "pancreatic2" / f"{name}.csv").read_text(encoding="utf-8")
        text = text.replace("locally advanced", "LA").replace("metastatic", "M")
        Path(f"data/moss-2012/{name}.csv").write_text(text, encoding="utf-8")
    places = ["--config", str(ROOT / "config")]
    assert main(["ingest", "moss-2012", *places]) == 0
    assert main(["reconstruct", "moss-2012", *places]) == 0
    restricted = Path("results/restricted/moss-2012")
    found = pd.read_csv(restricted / "reconstructed.csv")
    assert set(found["solution"]) == {1}
    records = read_records(restricted / "records")
    deaths = records["outcomes"].merge(records["episodes"], on="episode_id")
    deaths = deaths[(deaths["outcome"] == "death") & (deaths["cause"] == "death")]
    for stage, rows in deaths.groupby("stage"):
        days = sorted(rows["day"].astype(float))
        drawn = found[found["group"] == stage]
        drawn = [day for day, events in zip(drawn["day"], drawn["events"], strict=True) for _ in range(int(events))]
        assert len(drawn) == len(days) == {"LA": 8, "M": 33}[stage]
        assert max(abs(a - b) for a, b in zip(drawn, days, strict=True)) <= 2
