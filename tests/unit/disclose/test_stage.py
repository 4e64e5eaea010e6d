"""The stage on a made-up restricted series, from its tables to the release: what leaves, what does not, and why."""

import shutil

import numpy as np
import pandas as pd
import pytest
from scipy.stats import fisher_exact

from caseseries.cli import main
from caseseries.disclose import cohort as told_cohort
from caseseries.disclose import disclose
from caseseries.disclose.gate import RENAME
from caseseries.model.files import write_text
from caseseries.model.layout import Layout
from caseseries.model.made import record_made
from caseseries.model.results import (
    CLAIM_COUNTS,
    CLAIMS,
    RECOMPUTED,
    RECOMPUTED_COUNTS,
    WITHHELD,
    read_table,
    write_table,
)
from caseseries.model.stages import stage_of_rule
from unit.made_series import disclosed

THRESHOLD = 10


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    return disclosed(tmp_path_factory.mktemp("large"), {"north": 70, "south": 50})


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return disclosed(tmp_path_factory.mktemp("small"), {"north": 5, "south": 4})


def rates(layout):
    estimates = read_table(layout.estimates("clinic-1"))
    return estimates[estimates["statistic"] == "response_rate"]


def test_a_rate_of_enough_people_leaves_as_it_was_estimated(large):
    mine = rates(large)
    of_all = mine[(mine["group"] == "all") & (mine["definition"] == "plt50_any")]
    assert set(zip(of_all["events"], of_all["n"], strict=True)) == {(80, 120)}
    in_full = read_table(Layout(large.data, large.config, large.results).estimates("clinic-1"))
    columns = [name for name in mine.columns if name != "cohort"]
    both = pd.concat([mine[columns], in_full[columns]])
    assert both.duplicated().sum() == len(mine)


def test_groups_of_enough_people_leave_with_their_contrast(large):
    mine = rates(large)
    assert mine["group"].nunique() == 3
    assert (read_table(large.estimates("clinic-1"))["statistic"] == "rate_difference").any()


def test_a_test_of_rates_says_no_more_than_the_counts_that_are_told(large):
    """Whoever has the counts has the p-value (scipy's Fisher)."""
    estimates = read_table(large.estimates("clinic-1"))
    tests = estimates[(estimates["statistic"] == "p_value") & (estimates["cause"] == "")]
    assert len(tests)
    for row in tests.itertuples():
        mine = rates(large)
        counts = mine[(mine["definition"] == row.definition) & (mine["group"] != "all")].drop_duplicates("group")
        table = np.column_stack([counts["events"], counts["n"] - counts["events"]])
        assert row.estimate == pytest.approx(fisher_exact(table).pvalue)


def test_no_count_below_the_threshold_leaves(large):
    estimates = read_table(large.estimates("clinic-1"))
    counts = pd.concat([estimates["events"], estimates["n"], estimates["n"] - estimates["events"]]).dropna()
    assert not ((counts > 0) & (counts < THRESHOLD)).any()


def test_a_curve_leaves_in_blocks_of_enough_people(large):
    estimates = read_table(large.estimates("clinic-1"))
    steps = estimates[(estimates["statistic"] == "cumulative_incidence") & (estimates["group"] == "all")]
    assert len(steps) >= 2
    for _, curve in steps.groupby(["definition", "cause"]):
        step = curve.sort_values("time")["events"].diff().dropna()
        assert not ((step > 0) & (step < THRESHOLD)).any()


def test_what_was_kept_back_is_named_with_its_reason(large):
    withheld = read_table(large.withheld("clinic-1"))
    assert set(withheld["kind"]) == {"curves", "description", "agreement", "safety"}
    assert (withheld["threshold"] == THRESHOLD).all()
    assert withheld["reason"].str.len().gt(10).all()


def test_of_fewer_people_than_the_threshold_nothing_leaves(small):
    for table in ("estimates", "description", "spread", "agreement", "choices", "audit", "flow"):
        assert not len(read_table(getattr(small, table)("clinic-1"))), table
    assert read_table(small.withheld("clinic-1"))["kind"].tolist() == ["cohort"]


@pytest.fixture
def study(large, tmp_path, monkeypatch):
    """A copy of the series that a test may change, called from its folder; pages, and what stands across
    cohorts, are stand-ins."""
    shutil.copytree(large.data.parent, tmp_path / "study")
    monkeypatch.chdir(tmp_path / "study")
    layout = Layout(*(tmp_path / "study" / name for name in ("data", "config", "results")), told=True)
    write_text(layout.report, "<p>a page</p>")
    write_table(pd.DataFrame(columns=list(CLAIMS)), layout.claims, CLAIMS)
    write_table(pd.DataFrame(columns=list(CLAIM_COUNTS)), layout.claim_counts, CLAIM_COUNTS)
    for name in ("told_recomputed", "recomputed"):
        write_table(pd.DataFrame(columns=list(RECOMPUTED)), layout.path(name), RECOMPUTED)
        write_table(pd.DataFrame(columns=list(RECOMPUTED_COUNTS)), layout.path(f"{name}_counts"), RECOMPUTED_COUNTS)
    for rule in ("report", "disclose_across", "recompute"):
        record_made(stage_of_rule(rule), "", layout)
    return layout


def sealed(capsys):
    capsys.readouterr()
    return main(["seal"]), capsys.readouterr().err


def through(results, *rest):
    """A faulty stage: everything leaves, nothing is withheld."""
    return results, pd.DataFrame(columns=list(WITHHELD))


def test_what_the_stage_told_is_sealed(study, capsys):
    assert sealed(capsys)[0] == 0
    assert (study.release / "MANIFEST.sha256").exists()


def test_a_stage_that_lets_numbers_of_few_people_through_ends_the_run_at_the_seal(study, capsys, monkeypatch):
    monkeypatch.setattr(disclose, "told_results", through)
    assert main(["disclose", "clinic-1"]) == 0
    code, said = sealed(capsys)
    assert code == 3
    assert "release/clinic-1/estimates.csv: it counts fewer than 10 people" in said
    assert RENAME not in said
    assert not (study.release / "MANIFEST.sha256").exists()


def test_a_sentence_that_names_a_case_ends_the_run_at_the_seal(study, capsys, monkeypatch):
    monkeypatch.setitem(told_cohort.REASONS, "agreement", "under one of them c17 alone responds")
    assert main(["disclose", "clinic-1"]) == 0
    code, said = sealed(capsys)
    assert code == 3
    assert "release/clinic-1/withheld.csv: it holds the label of a case or a person" in said
    assert said.count(RENAME) == 1
    assert "c17" not in said


POOL = """pools:
  - {id: both, title: Both sites, definition: plt50_any, members: [
      {cohort: clinic-1, group: north}, {cohort: clinic-1, group: south}]}
"""
CLAIM = """claims:
  - {id: responders, says: {events: 80, n: 120, percent: 66.7}, statistic: response_rate, where: abstract}
"""


def test_a_rounded_series_tells_rounded_numbers_alone(study, capsys):
    (study.data / "clinic-1" / "claims.yaml").write_text(CLAIM)
    for path, old, new in (
        (study.data / "clinic-1" / "cohort.yaml", "profile: restricted", "profile: restricted, rounding: 7"),
        (study.config / "config.yaml", "pools: []\n", POOL),
    ):
        path.write_text(path.read_text().replace(old, new))
    for verb in ("disclose clinic-1", "pool", "reconcile", "disclose pooled"):
        assert main(verb.split()) == 0
    assert sealed(capsys) == (0, "")
    told = pd.concat([read_table(study.estimates(one)) for one in ("clinic-1", "pooled")])
    numbers = told[["events", "n", "not_evaluable"]].to_numpy()
    assert (numbers[~np.isnan(numbers)] % 7 == 0).all()
    of_all = told[(told["statistic"] == "response_rate") & (told["group"] == "all")]
    assert set(zip(of_all["events"], of_all["n"], strict=True)) == {(77, 119)}
    pooled = told[told["statistic"] == "pooled_rate"].iloc[0]
    members = told[(told["analysis"] == "member") & (told["method"] == "Wilson")]
    assert (pooled["events"], pooled["n"]) == (members["events"].sum(), members["n"].sum()) == (84, 119)
    description = read_table(study.description("clinic-1"))
    counts = description[description["statistic"] == "count"]
    assert (counts[["value", "n", "missing"]].to_numpy() % 7 == 0).all()
    claim = read_table(study.claims).iloc[0]
    assert (claim["ours"], claim["verdict"]) == ("", "consistent")  # 77 of 119 says nothing of 80 of 120


ROW_BY_ROW = {"agreement": 1, "choices": 1, "multiverse": 2, "audit": 1, "audit_choices": 1}


def test_of_tables_that_tell_of_few_people_by_what_they_are_no_row_leaves(study):
    for name, rows in ROW_BY_ROW.items():
        path = getattr(Layout(), name)("clinic-1")
        columns = path.read_text().partition("\n")[0].count(",")
        with open(path, "a") as file:
            file.write(f"clinic-1{',' * columns}\n" * rows)
    assert main(["disclose", "clinic-1"]) == 0
    assert [name for name in ROW_BY_ROW if len(read_table(getattr(study, name)("clinic-1")))] == []
    assert {"agreement", "choices", "audit"} <= set(read_table(study.withheld("clinic-1"))["kind"])
