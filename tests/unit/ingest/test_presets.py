"""Files of CDISC and OMOP come in by named presets, the same from CSV, SAS transport and Dataset-JSON."""

import json

import pandas as pd
import pyreadstat
import pytest

from caseseries.ingest.presets.expand import load_presets
from unit.ingest.mapped_cohorts import make_cohort, rows, told

DM = """\
USUBJID,RFSTDTC,RFXSTDTC,DTHDTC,AGE,AGEU,SEX
S-001,2020-03-03,2020-03-04T09:00,,31,YEARS,F
S-002,2020-04-01,2020-04-01T10:30,2020-05-20,44,YEARS,M
"""
EX = """\
USUBJID,EXTRT,EXDOSE,EXDOSU,EXSTDTC,EXENDTC
S-001,ROMIPLOSTIM,1,ug/kg,2020-03-04T09:00,2020-03-04
S-001,ROMIPLOSTIM,2,ug/kg,2020-03-11,2020-03-11
S-002,ROMIPLOSTIM,1,ug/kg,2020-04-01,2020-04-01
"""
LB = """\
USUBJID,LBTESTCD,LBSTRESC,LBSTRESN,LBSTRESU,LBBLFL,LBDTC
S-001,PLAT,<5,,10^9/L,Y,2020-03-04
S-001,PLAT,45,45,10^9/L,,2020-03-11
S-001,HGB,12,12,g/dL,,2020-03-11
S-002,PLAT,110,110,10^3/uL,,2020-04-15
"""
AE = "USUBJID,AETERM,AEDECOD,AESTDTC,AETOXGR,AESER\nS-001,headache at night,Headache,2020-03-06,1,N\n"
RS = "USUBJID,RSTESTCD,RSSTRESC\nS-001,OVRLRESP,NR\nS-001,OVRLRESP,PR\nS-002,OVRLRESP,CR\n"
DS = "USUBJID,DSDECOD,DSSTDTC\nS-001,LACK OF EFFICACY,2020-04-20\nS-002,DEATH,2020-05-20\n"
SDTM = {"dm": DM, "ex": EX, "lb": LB, "ae": AE, "rs": RS, "ds": DS}
"""SYNTHETIC: two people, made up for this file."""


def frame_of(text):
    lines = [line.split(",") for line in text.splitlines()]
    return pd.DataFrame(lines[1:], columns=lines[0])


def as_dataset(name, text, version):
    frame = frame_of(text)
    if version == "1.0":
        items = [{"OID": f"IT.{one}", "name": one, "label": one, "type": "string"} for one in frame]
        items = [{"OID": "ITEMGROUPDATASEQ", "name": "ITEMGROUPDATASEQ", "label": "Record", "type": "integer"}, *items]
        data = [[place, *row] for place, row in enumerate(frame.to_numpy().tolist(), 1)]
        group = {"records": len(frame), "name": name, "label": name, "items": items, "itemData": data}
        return json.dumps({"datasetJSONVersion": "1.0.0", "clinicalData": {"itemGroupData": {f"IG.{name}": group}}})
    head = {
        "datasetJSONVersion": "1.1.0",
        "name": name,
        "columns": [{"name": one, "dataType": "string"} for one in frame],
    }
    data = frame.replace("", None).to_numpy().tolist()
    if version == "lines":
        return "\n".join(map(json.dumps, [head, *data]))
    return json.dumps(head | {"rows": data})


def study(folder, kind, files, more=None):
    """A cohort of files by presets; `kind` of file: csv, xpt, or a version of Dataset-JSON."""
    ending = {"csv": "csv", "xpt": "xpt", "lines": "ndjson"}.get(kind, "json")
    lines = "".join(f"    - {{preset: {name}, file: {name}.{ending}{(more or {}).get(name, '')}}}\n" for name in files)
    cohort = make_cohort(folder, f"mapping:\n  presets:\n{lines}")
    for name, text in files.items():
        path = cohort / f"{name}.{ending}"
        if kind == "csv":
            path.write_text(text, encoding="utf-8")
        elif kind == "xpt":
            pyreadstat.write_xport(frame_of(text), path, file_format_version=5)
        else:
            path.write_text(as_dataset(name, text, kind), encoding="utf-8")
    return cohort


@pytest.mark.parametrize("kind", ["csv", "xpt", "1.0", "1.1", "lines"])
def test_sdtm(tmp_path, kind):
    cohort = study(tmp_path, kind, {f"sdtm-{name}": text for name, text in SDTM.items()})
    assert rows(cohort, "episodes", "episode_id", "age_years", "sex", "reported_response") == [
        ["E01", 31, "female", "R"],
        ["E02", 44, "male", "CR"],
    ]
    assert rows(cohort, "counts", "episode_id", "day", "count", "timepoint") == [
        ["E01", 0, "<5", "baseline"],
        ["E01", 7, "45", ""],
        ["E02", 14, "110", ""],
    ]
    assert rows(cohort, "exposures", "first_day", "dose", "dose_unit", "role") == [
        [0, 1, "ug/kg", "study"],
        [7, 2, "ug/kg", "study"],
        [0, 1, "ug/kg", "study"],
    ]
    assert sorted(rows(cohort, "events", "episode_id", "day", "kind")) == [
        ["E01", 47, "stop_drug"],
        ["E02", 49, "death"],
    ]
    assert rows(cohort, "adverse_events", "day", "term", "grade", "serious") == [[2, "Headache", 1, "no"]]
    assert any("LBTESTCD HGB" in line for line in told(cohort, "warning"))


def test_study_days_begin_with_one_where_dates_were_taken_out(tmp_path):
    lab = "USUBJID,LBTESTCD,LBSTRESN,LBSTRESU,LBDY\nS-001,PLAT,9,10^9/L,-1\nS-001,PLAT,45,10^9/L,1\n"
    lab += "S-001,PLAT,60,10^9/L,8\n"
    cohort = study(tmp_path, "csv", {"sdtm-dm": "USUBJID,AGE,SEX\nS-001,31,F\n", "sdtm-lb": lab})
    assert [row[0] for row in rows(cohort, "counts", "day")] == [-1, 0, 7]


ADSL = "USUBJID,AGE,AGEU,SEX,TRT01A,TRTSDT,TRTEDT,DTHDT,EOSDT\n"
ADSL += "S-001,31,YEARS,F,ROMIPLOSTIM,2020-03-04,2020-05-01,,2020-06-01\n"
ADLB = "USUBJID,PARAMCD,AVAL,ADY,ABLFL\nS-001,PLAT,9,1,Y\nS-001,PLAT,45,8,\nS-001,HGB,12,8,\n"
ADTTE = "USUBJID,PARAMCD,AVAL,AVALU,CNSR\nS-001,TTR,8,DAYS,0\nS-001,OS,90,DAYS,1\nS-001,PFS,60,DAYS,2\n"
ADRS = "USUBJID,PARAMCD,AVALC\nS-001,BOR,CR\nS-001,OTHER,PD\n"


@pytest.mark.parametrize("kind", ["csv", "xpt", "1.1"])
def test_adam(tmp_path, kind):
    files = {"adam-adsl": ADSL, "adam-adlb": ADLB, "adam-adtte": ADTTE, "adam-adrs": ADRS}
    cohort = study(tmp_path, kind, files)
    assert rows(cohort, "episodes", "age_years", "sex", "follow_up_end_day", "reported_response") == [
        [31, "female", 89, "CR"]
    ]
    assert rows(cohort, "counts", "day", "count", "timepoint") == [[0, "9", "baseline"], [7, "45", ""]]
    assert rows(cohort, "exposures", "first_day", "last_day") == [[0, 58]]
    assert sorted(rows(cohort, "outcomes", "outcome", "day", "cause")) == [
        ["OS", 89, "censored"],
        ["PFS", 59, "censored"],
        ["TTR", 7, "TTR"],
    ]


def test_the_sign_of_cnsr(tmp_path):
    """ADaM for time-to-event analyses: 0 is the event, anything above it is censored; never the other way round."""
    times = "USUBJID,PARAMCD,AVAL,CNSR\nS-001,TTR,8,{}\n"
    base = {"adam-adsl": "USUBJID,AGE\nS-001,31\n"}
    for sign, cause in (("0", "TTR"), ("0.0", "TTR"), ("1", "censored"), ("3", "censored")):
        cohort = study(tmp_path / sign, "csv", base | {"adam-adtte": times.format(sign)})
        assert rows(cohort, "outcomes", "cause") == [[cause]], sign


def test_where_beside_a_preset_chooses_further_and_leaves_its_own_choice(tmp_path):
    """The first courses of people with several: what the preset says of CNSR still holds."""
    times = "USUBJID,PARAMCD,APERIOD,AVAL,CNSR\nS-001,TTR,1,8,0\nS-001,OS,1,90,1\nS-001,TTR,2,4,1\n"
    files = {"adam-adsl": "USUBJID,AGE\nS-001,31\n", "adam-adtte": times}
    found = told(study(tmp_path / "a", "csv", files))
    assert any("APERIOD: the preset reads this file only where the column says 1" in line for line in found)
    cohort = study(tmp_path / "b", "csv", files, {"adam-adtte": ", where: {APERIOD: [1]}"})
    assert sorted(rows(cohort, "outcomes", "outcome", "day", "cause")) == [["OS", 89, "censored"], ["TTR", 7, "TTR"]]


@pytest.mark.parametrize(
    ("name", "text", "column"),
    [
        ("adam-adtte", ADTTE.replace("DAYS", "MONTHS"), "AVALU"),
        ("sdtm-dm", DM.replace("YEARS", "MONTHS"), "AGEU"),
        (
            "omop-measurement",
            "person_id,measurement_concept_id,value_as_number,operator_concept_id\n1,3024929,5,4171756\n",
            "operator_concept_id",
        ),
    ],
)
def test_what_a_preset_would_misread_is_refused(tmp_path, name, text, column):
    found = told(study(tmp_path, "csv", {name: text}))
    assert any(f", {column}: the preset reads this file only where" in line for line in found)


def test_a_preset_for_another_file_and_one_that_is_none(tmp_path):
    found = told(study(tmp_path, "csv", {"sdtm-lb": DM}))
    assert any("it has no column LBTESTCD" in line for line in found)
    cohort = make_cohort(tmp_path, "mapping: {presets: [{preset: sdtm-labs, file: l.csv}]}\n", l_csv=LB)
    assert any("there is no such preset; there are sdtm-dm" in line for line in told(cohort))


PERSON = "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth\n11,8532,1989,5,3\n12,8507,1976,,\n"
GIVEN = """\
person_id,drug_concept_id,drug_exposure_start_date,drug_exposure_end_date,drug_source_value
11,100,2020-03-04,2020-03-04,romiplostim
11,200,2019-03-04,2019-03-04,paracetamol
12,100,2020-04-01,2020-04-01,romiplostim
"""
MEASURED = """\
person_id,measurement_concept_id,measurement_date,operator_concept_id,value_as_number,unit_concept_id
11,3024929,2020-03-04,4172703,9,8848
11,3024929,2020-03-11,,45,9444
12,3007461,2020-04-15,,110000,8647
12,3031586,2020-04-22,,120000,8784
12,3000963,2020-04-15,,11,8713
"""
OMOP = {"omop-person": PERSON, "omop-drug-exposure": GIVEN, "omop-measurement": MEASURED} | {
    "omop-observation-period": "person_id,observation_period_end_date\n11,2020-09-04\n12,2020-10-01\n",
    "omop-condition": "person_id,condition_concept_id,condition_start_date,condition_source_value\n"
    "11,7,2020-03-06,headache\n",
    "omop-death": "person_id,death_date\n12,2020-10-01\n",
}
"""SYNTHETIC."""


def test_omop(tmp_path):
    cohort = study(tmp_path, "csv", OMOP, {"omop-drug-exposure": ", where: {drug_concept_id: [100]}"})
    assert rows(cohort, "episodes", "episode_id", "sex", "age_years", "follow_up_end_day") == [
        ["E01", "female", 30, 184],
        ["E02", "male", 43, 183],
    ]
    assert rows(cohort, "counts", "episode_id", "day", "count") == [
        ["E01", 0, "9"],
        ["E01", 7, "45"],
        ["E02", 14, "110"],
        ["E02", 21, "120"],
    ]
    assert rows(cohort, "exposures", "drug", "first_day") == [["romiplostim", 0]] * 2
    assert rows(cohort, "adverse_events", "day", "term") == [[2, "headache"]]
    assert rows(cohort, "events", "day", "kind") == [[183, "death"]]


def test_somebody_must_say_which_drug_was_studied(tmp_path):
    found = told(study(tmp_path, "csv", OMOP))
    assert any(
        "which of them are meant? Say where: {drug_concept_id: [...]}" in line and "100, 200" in line for line in found
    )


def test_every_preset_names_what_it_is_and_what_it_needs():
    for name, about in load_presets().items():
        assert about["about"] and about["needs"] and about["sources"], name


JOINED = """\
mapping:
  sources:
    - {table: episodes, file: a.csv, columns: {episode_id: id, age_years: age}}
    - {table: episodes, file: b.csv, columns: {episode_id: id, sex: sex, age_years: age}}
"""


@pytest.mark.parametrize(
    ("second", "made"),
    [
        ("1,female,\n", [["1", 31, "female"], ["2", 28, ""]]),
        ("1,female,31\n3,male,50\n", [["1", 31, "female"], ["2", 28, ""], ["3", 50, "male"]]),
    ],
)
def test_sources_of_episodes_complete_each_other(tmp_path, second, made):
    cohort = make_cohort(tmp_path, JOINED, a_csv="id,age\n1,31\n2,28\n", b_csv="id,sex,age\n" + second)
    assert rows(cohort, "episodes", "episode_id", "age_years", "sex") == made


@pytest.mark.parametrize("second", ["1,female,32\n", "1,,31\n"])
def test_a_case_of_which_two_sources_say_the_same_or_something_else_is_there_twice(tmp_path, second):
    cohort = make_cohort(tmp_path, JOINED, a_csv="id,age\n1,31\n2,28\n", b_csv="id,sex,age\n" + second)
    assert any("b.csv, line 2, case 1, episode_id" in line for line in told(cohort))
