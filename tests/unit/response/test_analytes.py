"""Definitions of analytes other than platelets: own baseline, own unit, own transfusions. All values are made up."""

from __future__ import annotations

import pytest

from caseseries.model.columns import TABLES
from caseseries.model.conventions import Conventions, columns_of
from caseseries.model.definition import Definition
from caseseries.model.records import read_records
from caseseries.response.classify import classify
from unit.response.cohort_folders import Study

PLATELET_RULES = ("iwg2009_confirmed", "iwg2009_single", "plt50_any", "romi_bussel2009")
EPISODES = """episode_id,baseline,bleeding_recorded,follow_up_end_day
A,6.5,yes,84
B,8.4,yes,84
"""
COUNTS = """episode_id,day,count,analyte
A,0,6.5,haemoglobin
A,0,272,platelets
A,14,7.4,haemoglobin
A,28,281,platelets
A,42,9.6,haemoglobin
B,0,8.4,haemoglobin
B,0,156,platelets
B,42,9.1,haemoglobin
B,84,160,platelets
"""
BASIS = {"C": "for the test"}


def rise(when, **more):
    """A definition of haemoglobin with one class."""
    fields = {"id": "rise", "label": "Rise", "population": "all", "analyte": "haemoglobin", "else": "no", **more}
    classes = [{"label": "yes", "when": when, "basis": BASIS}]
    return Definition.model_validate({**fields, "classes": classes, "responses": ["yes"]})


def found(study, definition):
    """Class of each episode of an ingested study."""
    rows = classify(read_records(study.layout.records(study.name)), [definition]).responses
    return dict(zip(rows["episode_id"], rows["response_class"], strict=True))


def test_a_baseline_of_haemoglobin_is_refused_as_one_of_platelets(tmp_path, capsys):
    study = Study(tmp_path, episodes=EPISODES, counts=COUNTS)
    assert study.verb("ingest", "made-up") == 2
    said = capsys.readouterr().err.splitlines()
    assert [line.split(", case ")[1].split(",")[0] for line in said] == ["A", "B"]
    assert all("baseline is of platelets, and here it is the haemoglobin of day 0" in line for line in said)
    assert all(line.endswith("(for example: analyte: haemoglobin)") for line in said)


@pytest.mark.parametrize(
    "counts", [COUNTS, COUNTS.replace("A,0,272,platelets\n", "").replace("B,0,156,platelets\n", "")]
)
def test_it_never_serves_a_platelet_rule(tmp_path, counts):
    study = Study(tmp_path, "analyte: haemoglobin\n", episodes=EPISODES, counts=counts)
    assert study.verb("ingest", "made-up") == 0
    assert study.verb("classify", "made-up") == 0
    for rule in ("romi_bussel2009",):
        assert "yes" not in study.classes(rule).values()
    assert found(study, rise({"some": {"delta_ge": 3}})) == {"A": "yes", "B": "no"}


def test_haemoglobin_alone_on_day_0_is_noticed_too(tmp_path, capsys):
    counts = COUNTS.replace("A,0,272,platelets\n", "").replace("B,0,156,platelets\n", "")
    study = Study(tmp_path, episodes=EPISODES, counts=counts)
    assert study.verb("ingest", "made-up") == 2
    assert capsys.readouterr().err.count("here it is the haemoglobin of day 0") == 2


@pytest.mark.parametrize(
    ("analyte", "value", "far"), [("neutrophils", 0.4, 40), ("ferritin", 900, 6), ("viral_load", 500000, 90)]
)
def test_any_analyte_may_be_the_main_one(tmp_path, capsys, analyte, value, far):
    episodes = f"episode_id,baseline,bleeding_recorded\nA,{value},yes\nB,{value},yes\n"
    rows = "".join(f"{case},0,{value},{analyte}\n{case},0,{far},platelets\n" for case in "AB")
    study = Study(tmp_path, episodes=episodes, counts=f"episode_id,day,count,analyte\n{rows}")
    assert study.verb("ingest", "made-up") == 2
    impossible = "baseline: half of the values lie above 2000 x 10^9/L"
    assert (impossible if value > 2000 else f"here it is the {analyte} of day 0") in capsys.readouterr().err
    cohort = study.folder / "cohort.yaml"
    cohort.write_text(cohort.read_text() + f"analyte: {analyte}\n")
    assert study.verb("ingest", "made-up") == 0


def test_a_baseline_that_its_own_counts_contradict_is_refused(tmp_path, capsys):
    episodes = "episode_id,baseline,bleeding_recorded\nA,8,yes\nB,9,yes\n"
    counts = "episode_id,day,count\nA,0,160\nB,0,150\n"
    assert Study(tmp_path, episodes=episodes, counts=counts).verb("ingest", "made-up") == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "case A" in line
    assert "the platelets of day 0 are another value by 20 times or more" in line


def test_the_baseline_of_another_analyte_is_the_count_that_is_called_so(tmp_path):
    episodes = "episode_id,baseline,bleeding_recorded\nA,12,yes\n"
    counts = (
        "episode_id,day,timepoint,count,analyte\nA,,baseline,7,haemoglobin\nA,28,,9,haemoglobin\nA,28,,60,platelets\n"
    )
    study = Study(tmp_path, episodes=episodes, counts=counts)
    assert study.verb("ingest", "made-up") == 0
    assert found(study, rise({"some": {"delta_ge": 2}})) == {"A": "yes"}
    assert found(study, rise({"some": {"delta_ge": 2.1}})) == {"A": "no"}
    assert found(study, rise({"some": {"fold_ge": 2}}, analyte="platelets")) == {"A": "yes"}


def test_counts_are_read_in_the_unit_that_stands_beside_them(tmp_path):
    episodes = "episode_id,bleeding_recorded\nA,yes\nB,yes\n"
    counts = (
        "episode_id,day,count,analyte,unit\n"
        "A,0,7,haemoglobin,g/dL\nA,28,90,haemoglobin,g/L\nB,0,70,haemoglobin,g/L\nB,28,<90,haemoglobin,g/L\n"
    )
    study = Study(tmp_path, episodes=episodes, counts=counts)
    assert study.verb("ingest", "made-up") == 0
    records = read_records(study.layout.records("made-up"))
    assert records["counts"]["count"].tolist() == ["7", "9", "7", "<9"]
    assert records["counts"]["unit"].unique().tolist() == ["g/dL"]
    assert found(study, rise({"some": {"ge": 9}})) == {"A": "yes", "B": "no"}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("A,28,9,haemoglobin,mmHg", "haemoglobin is not measured in this unit; it must be one of g/dL, g/L,"),
        ("A,28,90,haemoglobin,", "no haemoglobin lies above 30 g/dL; is it in g/L? Then say so in the column unit"),
        ("A,28,9000,platelets,10^9/L", "no platelet count lies above 2000 10^9/L; is it in /uL?"),
        ("A,28,9,calprotectin,ug/g\nA,35,9,calprotectin,mg/kg", "calprotectin stands in more than one unit"),
    ],
)
def test_a_unit_that_cannot_be_is_named(tmp_path, capsys, row, message):
    counts = f"episode_id,day,count,analyte,unit\n{row}\n"
    assert Study(tmp_path, episodes="episode_id\nA\n", counts=counts).verb("ingest", "made-up") == 2
    assert message in capsys.readouterr().err


DECLARED = """analyte: haemoglobin
event_kinds:
  red_cell_transfusion: {means: transfusion, of: haemoglobin}
  plasma_exchange: {means: rescue}
  iron_infusion: {means: neither}
"""
EVENTS = "episode_id,day,kind\nA,20,{}\n"
ONE = "episode_id,baseline,bleeding_recorded,follow_up_end_day\nA,7,yes,40\n"
DAYS = "episode_id,day,count,analyte\nA,7,7,haemoglobin\nA,21,9,haemoglobin\nA,40,7,haemoglobin\n"
UNTRANSFUSED = {"admit": [{"drop": {"after": "transfusion", "days": 7}, "basis": BASIS}]}
UNRESCUED = {"admit": [{"drop": {"after": "rescue", "days": 28}, "basis": BASIS}]}


@pytest.mark.parametrize(
    ("kind", "rule", "expected"),
    [
        ("red_cell_transfusion", UNTRANSFUSED, "no"),
        ("red_cell_transfusion", UNRESCUED, "yes"),
        ("plasma_exchange", UNTRANSFUSED, "yes"),
        ("plasma_exchange", UNRESCUED, "no"),
        ("iron_infusion", UNTRANSFUSED, "yes"),
        ("iron_infusion", UNRESCUED, "yes"),
        ("platelet_transfusion", UNTRANSFUSED, "yes"),
    ],
)
def test_declared_events_mean_to_a_definition_what_the_cohort_says(tmp_path, kind, rule, expected):
    study = Study(tmp_path, DECLARED, episodes=ONE, counts=DAYS, events=EVENTS.format(kind))
    assert study.verb("ingest", "made-up") == 0
    assert found(study, rise({"some": {"delta_ge": 2}}, **rule)) == {"A": expected}


def test_a_transfusion_of_red_cells_leaves_platelets_as_they_are(tmp_path):
    counts = DAYS + "A,21,60,platelets\n"
    declared = DECLARED + "definitions: [plt50_any]\n"
    study = Study(tmp_path, declared, episodes=ONE, counts=counts, events=EVENTS.format("red_cell_transfusion"))
    assert study.verb("ingest", "made-up") == 0
    assert study.verb("classify", "made-up") == 0
    assert study.classes("plt50_any") == {"A": "yes"}


def test_a_baseline_shows_no_transfusion_of_its_own_analyte(tmp_path):
    episodes = "episode_id,bleeding_recorded,follow_up_end_day\nA,yes,40\n"
    counts = "episode_id,day,count,analyte\nA,-9,6,haemoglobin\nA,0,9,haemoglobin\nA,30,9,haemoglobin\n"
    events = "episode_id,day,kind\nA,-2,red_cell_transfusion\n"
    study = Study(tmp_path, DECLARED, episodes=episodes, counts=counts, events=events)
    assert study.verb("ingest", "made-up") == 0
    assert found(study, rise({"some": {"delta_ge": 3}}, choices={"baseline": "min14"}, admit=[AFTER])) == {"A": "yes"}
    assert found(study, rise({"some": {"delta_ge": 3}}, admit=[AFTER])) == {"A": "NE"}


AFTER = {"window": [1, None], "basis": BASIS}


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (
            "event_kinds: {red_cell_transfusion: {means: transfusion}}",
            "a transfusion, and nothing else, is of an analyte",
        ),
        (
            "event_kinds: {plasma_exchange: {means: help}}",
            "the value must be one of 'rescue', 'transfusion' or 'neither'",
        ),
        ("event_kinds: {rescue: {means: neither}}", "the kind is known and means what it says; declare others alone"),
        ("analyte: 7", "analyte"),
    ],
)
def test_faults_of_what_is_declared(tmp_path, capsys, declared, message):
    study = Study(tmp_path, declared + "\n", episodes=ONE, counts="episode_id,day,count\nA,7,40\n")
    assert study.verb("ingest", "made-up") == 2
    assert message in capsys.readouterr().err


def test_an_undeclared_kind_is_refused_and_told_where_it_would_be_declared(tmp_path, capsys):
    study = Study(
        tmp_path, episodes=ONE, counts="episode_id,day,count\nA,7,40\n", events=EVENTS.format("plasma_exchange")
    )
    assert study.verb("ingest", "made-up") == 2
    assert "; declare others under event_kinds in cohort.yaml" in capsys.readouterr().err


def test_columns_follow_the_cohort():
    (baseline,) = (one for one in columns_of("episodes", Conventions(analyte="haemoglobin")) if one.name == "baseline")
    assert (baseline.label, baseline.unit, baseline.maximum) == ("Baseline haemoglobin", "g/dL", 30)
    assert columns_of("episodes", Conventions()) is TABLES["episodes"]


def test_a_definition_has_the_unit_of_its_analyte():
    assert rise({"some": {"ge": 10}}).unit == "g/dL"
    with pytest.raises(ValueError, match="haemoglobin is measured in g/dL, here and in counts"):
        rise({"some": {"ge": 100}}, unit="g/L")
    with pytest.raises(ValueError, match="the key unit is required"):
        rise({"some": {"ge": 100}}, analyte="calprotectin")
    assert rise({"some": {"le": 250}}, analyte="calprotectin", unit="ug/g").unit == "ug/g"
