"""The shipped cohorts hold what their sources print, no more, and the synthetic one is reproducible."""

import filecmp
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from caseseries.cli import main
from caseseries.ingest.folder import examine
from caseseries.ingest.ingest import type_records
from caseseries.ingest.simulate import EPISODES, SEED, write_cohort
from caseseries.model.claim import load_claims
from caseseries.model.cohort import load_cohort
from caseseries.model.columns import TABLES
from caseseries.model.drug import load_drugs
from caseseries.model.layout import Layout
from caseseries.model.records import read_records

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
LAYOUT = Layout(DATA, ROOT / "config", ROOT / "results")
COHORTS = sorted(path.name for path in DATA.iterdir() if path.is_dir())

ROWS = {
    "ceog-2025": {"aggregates": 2},
    "copelan-1991": {"episodes": 137, "outcomes": 137},
    "dreyfus-1997": {"episodes": 10, "counts": 20, "events": 1, "exposures": 8, "outcomes": 9, "aggregates": 2},
    "giardiello-1993": {"episodes": 22, "counts": 64},
    "kong-2017": {"aggregates": 13},
    "lin-2023": {"aggregates": 26},
    "liu-2023": {"aggregates": 8},
    "michel-2020": {"episodes": 13, "counts": 39, "exposures": 13, "aggregates": 15},
    "moss-2012": {"episodes": 41, "outcomes": 82},
    "rituximab-dexamethasone-2016": {"episodes": 15, "outcomes": 15, "aggregates": 4},
    "simulated-rhtpo": {
        "episodes": 40,
        "counts": 557,
        "events": 66,
        "bleeding": 16,
        "exposures": 59,
        "adverse_events": 15,
    },
    "sle-rituximab": {"episodes": 4, "counts": 8, "outcomes": 4},
    "sle-tpora": {"episodes": 6, "exposures": 6, "adverse_events": 1},
    "sobecks-2011": {"episodes": 64, "outcomes": 192},
    "spain-romiplostim-2017": {"episodes": 4, "counts": 8, "exposures": 4},
    "tpora-pregnancy-case-reports": {"episodes": 15, "counts": 7, "adverse_events": 11, "outcomes": 1},
    "vuong-2024": {"episodes": 623, "outcomes": 623},
    "yu-2023": {"episodes": 4, "aggregates": 1},
    "zanubrutinib-itp": {"episodes": 4, "adverse_events": 1, "outcomes": 4},
}
"""Rows of each table as transcribed: a row more or fewer is a change of the facts."""


def records_of(cohort):
    examined = examine(DATA / cohort, LAYOUT)
    assert [finding for finding in examined.findings if finding.severity == "error"] == []
    return type_records(examined, cohort)


@pytest.mark.parametrize("cohort", COHORTS)
def test_a_shipped_cohort_has_no_error_and_names_its_sources(cohort):
    records_of(cohort)
    described = load_cohort(DATA / cohort)
    assert described.licence.strip()
    readme = (DATA / cohort / "README.md").read_text(encoding="utf-8")
    assert "licence" in readme.lower()
    if described.synthetic:
        assert "SYNTHETIC" in described.title
        assert readme.startswith("# SYNTHETIC")
    else:
        assert "**Could not be read:**" in readme
        assert described.doi in readme
        assert "](http" in readme or cohort == "copelan-1991"


@pytest.mark.parametrize("cohort", COHORTS)
def test_the_first_page_of_the_project_names_a_shipped_cohort(cohort):
    assert f"[{cohort}](data/{cohort})" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_folder_is_counted_and_every_table_has_the_rows_that_were_transcribed():
    assert sorted(ROWS) == COHORTS
    for cohort in COHORTS:
        records = records_of(cohort)
        found = {table: len(records[table]) for table in TABLES if len(records[table])}
        assert found == ROWS[cohort], cohort


@pytest.mark.parametrize(
    ("cohort", "table", "column", "total"),
    [
        ("michel-2020", "counts", "lo", 1434),
        ("michel-2020", "episodes", "age_years", 389),
        ("michel-2020", "episodes", "prior_lines", 39),
        ("michel-2020", "episodes", "gestational_week", 340),
        ("michel-2020", "exposures", "dose", 562.5),
        ("spain-romiplostim-2017", "counts", "lo", 1391),
        ("dreyfus-1997", "counts", "lo", 1004),
        ("dreyfus-1997", "outcomes", "day", 109),
        ("sle-tpora", "episodes", "age_years", 260),
        ("sle-tpora", "episodes", "prior_lines", 24),
        ("lin-2023", "aggregates", "value", 1304),
        ("lin-2023", "aggregates", "lower", 763.3),
        ("lin-2023", "aggregates", "upper", 1935.8),
        ("lin-2023", "aggregates", "events", 161),
    ],
)
def test_columns_add_up_to_the_total_of_the_source(cohort, table, column, total):
    assert round(records_of(cohort)[table][column].sum(), 2) == total


@pytest.mark.parametrize("cohort", COHORTS)
def test_a_readme_names_the_files_that_are_there_and_who_may_be_in_two_folders(cohort):
    readme = (DATA / cohort / "README.md").read_text(encoding="utf-8")
    for name in re.findall(r"`(\w+\.(?:csv|yaml))`", readme):
        assert (DATA / cohort / name).exists(), name
    described = load_cohort(DATA / cohort)
    for overlap in described.overlaps:
        assert f"`{overlap}`" in readme
        assert cohort in load_cohort(DATA / overlap).overlaps
    if not described.synthetic and cohort != "copelan-1991":
        assert "**Shared patients:**" in readme


def test_yu_holds_the_reported_outcome_and_nothing_else():
    records = records_of("yu-2023")
    episodes = records["episodes"]
    assert episodes["reported_response"].tolist() == ["responded", "responded", "NR", "NR"]
    known = {"episode_id", "patient_id", "sex", "pregnant", "drug", "reported_response", "source_row"}
    for name in episodes.columns.difference([*known, "baseline_lo_open", "baseline_hi_open"]):
        assert (episodes[name].isna() | (episodes[name] == "")).all(), name
    for table in (name for name in TABLES if name not in ("curves", "at_risk")):  # nobody printed a curve
        assert records[table].empty == (table not in ("episodes", "aggregates"))
        needless = ("episode_order", "unit", "bleeding_recorded_to")  # one course each, of platelets, bleeding unknown
        wanted = [column.name for column in TABLES[table] if column.name not in needless]
        assert [name for name in pd.read_csv(DATA / "yu-2023" / f"{table}.csv") if name not in needless] == wanted
    newborns = records["aggregates"].iloc[0]
    assert (newborns["outcome"], newborns["events"], newborns["n"]) == ("newborn_adverse_event", 0, 4)
    assert newborns["origin"] == "derived"
    own = [claim.id for claim in load_claims(DATA / "yu-2023") if not claim.told_by]
    assert own == ["responders", "newborn-adverse-events", "cases"]


def test_filling_in_yu_changes_the_records_with_no_other_edit(tmp_path):
    """Made-up values in a temporary copy: whoever holds the paper does the same with real ones."""
    shutil.copytree(DATA / "yu-2023", tmp_path / "data" / "yu-2023")
    arguments = ["--data", str(tmp_path / "data"), "--config", str(ROOT / "config"), "--results", str(tmp_path / "out")]
    folder = tmp_path / "data" / "yu-2023"
    layout = Layout(tmp_path / "data", ROOT / "config", tmp_path / "out")
    assert main(["ingest", "yu-2023", *arguments]) == 0
    before = read_records(layout.records("yu-2023"))
    episodes = pd.read_csv(folder / "episodes.csv", dtype=str, keep_default_na=False)
    episodes.loc[0, ["age_years", "baseline", "follow_up_end_day"]] = ["33", "<5", "40"]
    episodes.to_csv(folder / "episodes.csv", index=False)
    with open(folder / "counts.csv", "a", encoding="utf-8") as counts:
        counts.write("E1,7,,45,,\nE1,14,,120,,\n")
    with open(folder / "events.csv", "a", encoding="utf-8") as events:
        events.write("E1,30,delivery,\n")
    assert main(["ingest", "yu-2023", *arguments]) == 0
    after = read_records(layout.records("yu-2023"))
    assert before["counts"].empty
    assert after["counts"][["day", "lo", "hi"]].to_numpy().tolist() == [[7, 45, 45], [14, 120, 120]]
    assert after["events"][["day", "kind"]].to_numpy().tolist() == [[30, "delivery"]]
    first = after["episodes"].iloc[0]
    assert first[["age_years", "baseline_lo", "baseline_hi", "baseline_hi_open"]].tolist() == [33, 0, 5, True]
    queries = pd.read_csv(layout.queries("yu-2023"))
    assert "E1" not in set(queries["case"])


def test_michel_rows_on_the_drug_at_conception_stay_out_of_the_baseline():
    records = records_of("michel-2020")
    episodes = records["episodes"].set_index("episode_id")
    assert len(episodes) == 13
    assert episodes["patient_id"].nunique() == 12
    on_drug = episodes[episodes["on_drug_at_conception"] == "yes"]
    assert list(on_drug.index) == ["2", "3", "5"]
    assert on_drug["baseline_lo"].isna().all()
    assert on_drug["gestational_week"].isna().all()
    before = records["counts"].query("timepoint == 'before_treatment'")
    assert set(before["episode_id"]) == {"2", "3", "5"}
    assert before["day"].isna().all()
    others = episodes.drop(on_drug.index)
    assert others["baseline_lo"].notna().all()
    classes = episodes["reported_response"].value_counts()
    assert (classes["CR"], classes["R"], classes["NR"], classes[""]) == (5, 4, 3, 1)
    courses = episodes["course"].value_counts()
    assert courses.to_dict() == {"eltrombopag started": 6, "romiplostim started": 4, "eltrombopag at conception": 3}
    assert set(on_drug["course"]) == {"eltrombopag at conception"}
    assert load_cohort(DATA / "michel-2020").grouped_by == "course"


def test_case_reports_are_a_stratum_of_their_own_selected_for_success():
    cohort = load_cohort(DATA / "tpora-pregnancy-case-reports")
    assert cohort.stratum == "case_reports"
    assert cohort.selected_for
    assert cohort.overlaps == ["michel-2020"]
    assert load_cohort(DATA / "michel-2020").overlaps == [cohort.id]
    reported = records_of(cohort.id)["episodes"]["reported_response"].value_counts()
    assert (reported["responded"], reported["NR"], reported[""]) == (11, 1, 3)
    episodes = records_of(cohort.id)["episodes"].set_index("episode_id")
    assert episodes["report"].nunique() == 11
    harmed = records_of(cohort.id)["adverse_events"]["episode_id"]
    assert sorted(set(harmed)) == sorted(episodes.index[episodes["complication"] == "yes"])


def test_spain_times_are_those_printed():
    records = records_of("spain-romiplostim-2017")
    assert load_cohort(DATA / "spain-romiplostim-2017").selected_for
    assert records["episodes"]["reported_time_to_response"].tolist() == [14, 7, 14, 14]
    assert records["counts"].query("day > 0")["lo"].tolist() == [270, 649, 378, 65]


def test_copelan_has_120_recoveries_and_16_competing_events():
    outcomes = records_of("copelan-1991")["outcomes"]
    causes = outcomes["cause"].value_counts()
    assert causes.to_dict() == {"recovery": 120, "death": 13, "relapse": 3, "censored": 1}
    days = outcomes.groupby("cause")["day"].sum()
    assert days.to_dict() == {"censored": 1167, "death": 1026, "recovery": 2643, "relapse": 582}
    assert load_cohort(DATA / "copelan-1991").day_zero == "other"
    assert set(outcomes["outcome"]) == {"recovery"}
    groups = records_of("copelan-1991")["episodes"]["disease_group"].value_counts()
    assert groups.to_dict() == {"AML low risk": 54, "AML high risk": 45, "ALL": 38}


def test_the_simulated_cohort_is_the_output_of_the_command(tmp_path):
    write_cohort(tmp_path / "simulated-rhtpo", EPISODES, SEED)
    shipped = DATA / "simulated-rhtpo"
    names = sorted(path.name for path in shipped.iterdir())
    assert sorted(path.name for path in (tmp_path / "simulated-rhtpo").iterdir()) == names
    match, mismatch, errors = filecmp.cmpfiles(shipped, tmp_path / "simulated-rhtpo", names, shallow=False)
    assert (sorted(match), mismatch, errors) == (names, [], [])
    records = records_of("simulated-rhtpo")
    assert len(records["episodes"]) == 40
    assert records["episodes"]["patient_id"].nunique() < 40
    assert records["counts"]["count"].eq("<5").any()
    assert records["episodes"]["weight_kg"].isna().any()
    assert set(records["events"]["kind"]) >= {"rescue", "platelet_transfusion", "delivery"}


def test_dreyfus_counts_days_of_life_and_makes_no_rate():
    records = records_of("dreyfus-1997")
    assert len(records["episodes"]) == 10
    assert records["episodes"]["baseline_lo"].isna().all()
    assert set(records["counts"]["timepoint"]) == {"birth", "nadir"}
    recovery = records["outcomes"].set_index("episode_id")["day"]
    assert "6" not in recovery.index
    nadir = records["counts"].query("timepoint == 'nadir'").set_index("episode_id")["day"]
    assert (recovery >= nadir[recovery.index]).all()
    assert load_cohort(DATA / "dreyfus-1997").day_zero == "birth"
    assert not load_cohort(DATA / "dreyfus-1997").selected_for


def test_the_lupus_series_has_one_unknown_time_and_is_selected():
    times = records_of("sle-tpora")["episodes"]["reported_time_to_response"]
    assert times.dropna().tolist() == [14, 14, 21, 6, 14]
    assert times.isna().sum() == 1
    assert load_cohort(DATA / "sle-tpora").selected_for


def test_low_dose_rituximab_is_interval_censored():
    records = records_of("sle-rituximab")
    first = records["counts"].query("timepoint == 'first_response'")
    assert first["count"].tolist() == [">100", ">100", ">50"]
    assert first["day"].isna().all()
    assert records["counts"].query("day == 168")[["episode_id", "count"]].to_numpy().tolist() == [["4", ">100"]]
    outcomes = records["outcomes"]
    assert outcomes[["left_day", "right_day"]].to_numpy().tolist() == [[0, 35], [0, 35], [0, 35], [35, 168]]
    assert outcomes["day"].isna().all()


def test_zanubrutinib_has_one_loss_and_three_censored():
    outcomes = records_of("zanubrutinib-itp")["outcomes"]
    assert outcomes["cause"].tolist() == ["censored", "censored", "censored", "loss_of_response"]
    assert outcomes["day"].tolist() == [1045, 390, 334, 120]
    assert load_cohort(DATA / "zanubrutinib-itp").selected_for
    assert load_cohort(DATA / "zanubrutinib-itp").day_zero == "other"


def test_drug_profiles_hold_the_rules_of_the_labels():
    drugs = load_drugs(ROOT / "config" / "drugs")
    labels = drugs["romiplostim"].dosing.labels
    figures = {"us": (50, 200, 400, 200), "eu_old": (50, 150, 250, 150), "eu_high": (50, 200, 400, 200)}
    for label, found in figures.items():
        rules = labels[label].rules
        assert (rules.raise_.below, rules.reduce.above, rules.hold.above, rules.resume.below) == found
        assert (rules.start.doses, rules.step_up.at_most, rules.maximum.dose) == ([1], 1, 10)
        assert (rules.stop_rule.doses, rules.stop_rule.improved_at, rules.weight_check.days) == (4, 50, 84)
    assert drugs["romiplostim"].dosing.label_id("eu") == "eu_old"
    pregnancy, fixed = drugs["rhtpo"].labels_for(None, None).values()
    assert (pregnancy.rules.dose.dose, pregnancy.rules.dose.unit, pregnancy.rules.course_length.days) == (
        300,
        "U/kg",
        14,
    )
    assert (fixed.rules.dose.dose, fixed.rules.dose.unit, fixed.rules.stop_at_100.count) == (15000, "U", 100)
    assert drugs["eltrombopag"].dosing.labels["us"].rules.maximum.dose == 75
    assert list(drugs["eltrombopag"].labels_for(None, "aplastic_anaemia")) == ["saa"]
    assert {drug.drug_class for drug in drugs.values()} == {
        "tpo_receptor_agonist",
        "thrombopoietin",
        "immunoglobulin",
        "corticosteroid",
        "transfusion",
        "syk_inhibitor",
    }


def test_rituximab_with_dexamethasone_is_rebuilt_from_the_counts_after_each_dose():
    records = records_of("rituximab-dexamethasone-2016")
    classes = records["episodes"].set_index("episode_id")["reported_response"]
    assert classes.value_counts().to_dict() == {"CR": 9, "NR": 4, "R": 2}
    outcomes = records["outcomes"].set_index("episode_id")
    responded = outcomes[outcomes["cause"] == "response"]
    assert set(responded.index) == set(classes.index[classes != "NR"])
    intervals = responded.groupby(["left_day", "right_day"], dropna=False).size()
    assert {key: number for key, number in intervals.items() if key[1] == key[1]} == {(0, 7): 3, (7, 14): 2}
    assert responded["right_day"].isna().sum() == 6
    assert outcomes.loc[outcomes["cause"] == "censored", "day"].tolist() == [21] * 4
