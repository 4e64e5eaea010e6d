"""A cohort whose day 0 is not the first dose: no definition judges its counts, what the source reports stays."""

from pathlib import Path

import pandas as pd
import pytest

from caseseries.cli import main

CONFIG = Path(__file__).parents[3] / "config"
COHORT = """\
id: newborns
title: SYNTHETIC newborns
citation: SYNTHETIC
design: simulation
population: SYNTHETIC newborns
provenance: synthetic
licence: CC0-1.0
disclosure: {profile: synthetic, basis: No person stands behind any row.}
source_definition: not_stated
"""
TABLES = {
    "episodes": "episode_id,drug,baseline,bleeding_recorded,follow_up_end_day,reported_response,"
    "reported_time_to_response\n1,IVIG,10,yes,40,CR,7\n2,IVIG,8,yes,40,NR,\n",
    "counts": "episode_id,day,count\n1,0,10\n1,7,150\n1,14,160\n1,21,170\n2,0,8\n2,7,9\n2,14,8\n2,21,9\n",
    "outcomes": "episode_id,outcome,day,cause\n1,recovery,9,recovery\n2,recovery,40,censored\n",
}


def run(folder: Path, verb: str, *more: str) -> None:
    places = ["--data", str(folder / "data"), "--config", str(CONFIG), "--results", str(folder / "results")]
    assert main([verb, "newborns", *more, *places]) == 0


def results_of(folder: Path, day_zero: str) -> dict[str, pd.DataFrame]:
    """responses.csv, times.csv and the results of the estimate stage."""
    cohort = folder / "data" / "newborns"
    cohort.mkdir(parents=True)
    (cohort / "cohort.yaml").write_text(COHORT + day_zero)
    for name, text in TABLES.items():
        (cohort / f"{name}.csv").write_text(text)
    for verb in ("ingest", "classify", "estimate"):
        run(folder, verb)
    files = sorted((folder / "results").glob("*/newborns/*.csv"))
    return {path.stem: pd.read_csv(path, keep_default_na=False) for path in files}


@pytest.fixture(scope="module")
def from_dose(tmp_path_factory):
    return results_of(tmp_path_factory.mktemp("dose"), "")


@pytest.fixture(scope="module")
def birth(tmp_path_factory):
    folder = tmp_path_factory.mktemp("birth")
    return results_of(folder, "day_zero: birth\n") | {"folder": folder}


def test_the_same_counts_are_judged_where_day_0_is_the_first_dose(from_dose):
    classes = from_dose["responses"].set_index(["definition", "episode_id"])["response_class"]
    assert classes["iwg2009_confirmed"].tolist() == ["CR", "NR"]
    assert len(from_dose["choices"])
    assert "iwg2009_confirmed" in set(from_dose["times"]["definition"])


def test_nobody_is_evaluable_under_a_definition_that_judges_counts(from_dose, birth):
    responses = birth["responses"]
    assert responses[["episode_id", "definition"]].equals(from_dose["responses"][["episode_id", "definition"]])
    judged = responses[responses["definition"] != "as_reported"]
    assert judged["definition"].nunique() > 20
    assert set(judged["response_class"]) == set(judged["decided_class"]) == {"NE"}
    assert set(judged["because"]) == {"counted_from_birth"}
    assert set(judged["reason"]) == {"Not evaluable: day 0 of this cohort is birth, not the first dose."}
    told = ["episode_id", "definition", "response_class", "decided_class", "because", "reason"]
    others = judged.columns.difference(told)
    assert (judged[others] == "").all(axis=None)


def test_what_the_source_reports_stays(from_dose, birth):
    for name in ("responses", "times"):
        reported = [
            frame[name][frame[name]["definition"].str.startswith("as_reported")].reset_index(drop=True)
            for frame in (from_dose, birth)
        ]
        pd.testing.assert_frame_equal(*reported)
    assert set(birth["times"]["definition"]) == {"as_reported", "as_reported_recovery"}


def test_no_estimate_rests_on_the_counts(birth):
    rates = birth["estimates"].query("statistic == 'response_rate'")
    assert set(rates.loc[rates["n"].astype(float) > 0, "definition"]) == {"as_reported"}
    assert not len(birth["choices"])
    assert not len(birth["class_changes"])


@pytest.mark.parametrize("more", [(), ("--definition", "iwg2009_confirmed")], ids=["all", "one"])
def test_explain_says_why(birth, capsys, more):
    run(birth["folder"], "explain", "1", *more)
    printed = capsys.readouterr().out
    assert printed.endswith("By counts: Not evaluable: day 0 of this cohort is birth, not the first dose.\n")
    assert "iwg2009" not in printed


def test_another_day_0_is_said_without_its_name(tmp_path):
    reasons = set(results_of(tmp_path, "day_zero: other\n")["responses"]["reason"])
    assert "Not evaluable: day 0 of this cohort is not the first dose." in reasons


def test_an_unknown_day_0_is_refused(tmp_path, capsys):
    with pytest.raises(AssertionError):
        results_of(tmp_path, "day_zero: conception\n")
    assert "day_zero: the value must be one of 'first_dose', 'birth' or 'other'" in capsys.readouterr().err
