"""Flat REDCap exports: repeating instruments and events, codes through the data dictionary, identifier fields."""

from pathlib import Path

import pytest

from caseseries.ingest.folder import examine
from caseseries.ingest.ingest import type_records
from caseseries.ingest.redcap import field_of, read_choices
from caseseries.model.layout import Layout
from unit.ingest.mapped_cohorts import head

HEAD = (
    head("registry")
    + """\
mapping:
  sources:
    - table: episodes
      file: export.csv
      redcap: {events: [baseline_arm_1], dictionary: dictionary.csv}
      first_dose: start
      columns:
        episode_id: record_id
        sex: {from: sex, values: {Female: female, Male: male}}
        splenectomy: spleen
        itp_phase: {from: phase, values: {Newly diagnosed: newly diagnosed, Chronic: chronic}}
        baseline: {from: plt0, unit: 10^3/uL}
    - table: counts
      file: export.csv
      redcap: {instrument: labs, dictionary: dictionary.csv}
      columns:
        episode_id: record_id
        day: {from: lab_date, date: true}
        count: {from: plt, unit: /uL}
"""
)
EXPORT = """\
record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,sex,spleen,phase,plt0,start,lab_date,plt,surname
1,baseline_arm_1,,,1,0,1,9,2020-03-04,,,Roe
1,treatment_arm_1,labs,1,,,,,,2020-03-11,31000,
1,treatment_arm_1,labs,2,,,,,,2020-03-18,56000,
1,treatment_arm_1,labs,3,,,,,,,,
2,baseline_arm_1,,,2,1,3,12,2020-05-01,,,Doe
2,treatment_arm_1,labs,1,,,,,,2020-05-08,9000,
2,treatment_arm_1,dosing,1,,,,,,,,
"""
DICTIONARY = """\
"Variable / Field Name","Form Name","Field Type","Field Label","Choices, Calculations, OR Slider Labels",Identifier?
record_id,demographics,text,Record,,
sex,demographics,radio,Sex,"1, Female | 2, Male",
spleen,demographics,yesno,Splenectomy,,
phase,demographics,dropdown,Phase,"1, Newly diagnosed | 2, Persistent | 3, Chronic",
surname,demographics,text,Surname,,y
start,dosing,text,First dose,,y
"""


def make(folder: Path, head=HEAD, export=EXPORT, dictionary=DICTIONARY) -> Path:
    cohort = folder / "registry"
    cohort.mkdir(parents=True)
    for name, text in (("cohort.yaml", head), ("export.csv", export), ("dictionary.csv", dictionary)):
        (cohort / name).write_text(text, encoding="utf-8")
    return cohort


def findings(cohort: Path, severity="error") -> list[str]:
    return [str(finding) for finding in examine(cohort, Layout()).findings if finding.severity == severity]


def test_instruments_events_codes_and_dates(tmp_path):
    cohort = make(tmp_path)
    assert findings(cohort) == []
    made = type_records(examine(cohort, Layout()), "registry")
    episodes = made["episodes"]
    assert episodes[["episode_id", "sex", "splenectomy", "itp_phase", "baseline"]].to_numpy().tolist() == [
        ["1", "female", "no", "newly diagnosed", "9"],
        ["2", "male", "yes", "chronic", "12"],
    ]
    counts = made["counts"]
    assert counts[["episode_id", "day", "count", "source_row"]].to_numpy().tolist() == [
        ["1", 7, "31", 3],
        ["1", 14, "56", 4],
        ["2", 7, "9", 7],
    ]


def test_an_identifier_field_of_the_dictionary_cannot_be_mapped(tmp_path):
    head = HEAD.replace("splenectomy: spleen", "splenectomy: spleen\n        patient_id: surname")
    found = findings(make(tmp_path, head))
    assert any("surname: the data dictionary marks the field as an identifier" in line for line in found)
    assert not any("Roe" in line for line in found)


def test_what_the_export_does_not_have(tmp_path):
    head = HEAD.replace("instrument: labs", "instrument: labor").replace("baseline_arm_1", "screening_arm_1")
    found = findings(make(tmp_path, head))
    assert any("no row of the export belongs to the instrument" in line for line in found)
    assert any("no row of the export belongs to an event" in line for line in found)


def test_a_dictionary_that_is_none(tmp_path):
    found = findings(make(tmp_path, dictionary="a,b\n1,2\n"))
    assert any("a REDCap data dictionary has the columns" in line for line in found)


@pytest.mark.parametrize(
    ("kind", "written", "choices"),
    [
        ("radio", "1, Female | 2, Male", {"1": "Female", "2": "Male"}),
        ("dropdown", "a, One, two|b, Three", {"a": "One, two", "b": "Three"}),
        ("yesno", "", {"1": "yes", "0": "no"}),
        ("text", "1, x", {}),
    ],
)
def test_choices(kind, written, choices):
    assert read_choices(kind, written) == choices


TICKS = {"surname": ",tx___1,tx___2", "Roe": ",1,0", "Doe": ",0,1"}
BOXES = "".join(line + TICKS.get(line.rpartition(",")[2], ",,") + "\n" for line in EXPORT.splitlines())
BOXED = HEAD.replace("mapping:\n", "covariates:\n  - {name: ivig, label: IVIG}\nmapping:\n")
BOXED = BOXED.replace("splenectomy: spleen", "splenectomy: spleen\n        ivig: tx___1")
TICKED = DICTIONARY + 'tx,demographics,checkbox,Earlier treatment,"1, IVIG | 2, Steroid",\n'


def test_ticked_boxes_become_yes_and_no(tmp_path):
    cohort = make(tmp_path, BOXED, BOXES, TICKED)
    assert findings(cohort) == []
    assert type_records(examine(cohort, Layout()), "registry")["episodes"]["ivig"].tolist() == ["yes", "no"]
    assert field_of("tx___1") == "tx"


def test_boxes_of_an_identifier_field_cannot_be_mapped(tmp_path):
    found = findings(make(tmp_path, BOXED, BOXES, TICKED.replace('Steroid",\n', 'Steroid",y\n')))
    assert any("tx___1: the data dictionary marks the field as an identifier" in line for line in found)


def test_a_value_map_may_name_codes_in_place_of_labels(tmp_path):
    cohort = make(tmp_path, HEAD.replace("{Female: female, Male: male}", "{1: female, 2: male}"))
    assert findings(cohort) == []
    assert type_records(examine(cohort, Layout()), "registry")["episodes"]["sex"].tolist() == ["female", "male"]


def test_missing_codes_of_the_project_are_declared(tmp_path):
    export = EXPORT.replace("1,baseline_arm_1,,,1,0,", "1,baseline_arm_1,,,1,-99,")
    (line,) = findings(make(tmp_path / "a", export=export))
    assert "splenectomy (from spleen): the value must be one of yes, no; translate others" in line
    assert findings(make(tmp_path / "b", HEAD.replace("mapping:\n", "mapping:\n  missing: [-99]\n"), export)) == []


def test_an_export_of_labels_is_named_as_such(tmp_path):
    _, *rows = EXPORT.splitlines(True)
    labels = "Record ID,Event Name,Repeat Instrument,Repeat Instance,Gender,Spleen out,Phase,Count,Begin,Lab,PLT,Last\n"
    found = findings(make(tmp_path, export=labels + "".join(rows)))
    assert any("did you mean Record ID?" in line or "CSV (raw data)" in line for line in found)


def test_records_that_hold_nothing_are_counted(tmp_path):
    export = EXPORT.replace("2,baseline_arm_1,,,2,1,3,12,2020-05-01,,,Doe", "2,baseline_arm_1,,,,,,,,,,Doe")
    told = findings(make(tmp_path, export=export), "warning")
    assert any("record_id: records of the export that hold nothing" in line and "come in: 1" in line for line in told)


def test_a_record_of_which_one_event_says_nothing_comes_in_all_the_same(tmp_path):
    later = "    - table: episodes\n      file: export.csv\n      redcap: {events: [end_arm_1]}\n"
    later += "      columns: {episode_id: record_id, follow_up_end_day: {from: lab_date, date: true}}\n"
    cohort = make(tmp_path, head=HEAD + later, export=EXPORT + "1,end_arm_1,,,,,,,,2020-09-01,,\n")
    told = findings(cohort, "warning")
    assert not [line for line in told if "do not come in" in line]
    assert type_records(examine(cohort, Layout()), "registry")["episodes"]["follow_up_end_day"].tolist()[0] == 181


def test_a_column_that_another_source_of_the_file_reads_is_no_leftover(tmp_path):
    told = findings(make(tmp_path), "warning")
    assert not any("lab_date" in line for line in told)
    assert any("surname: a column that is not read sounds like names" in line for line in told)


FORM = """\
record_id,redcap_event_name,sex,tx___1,tx___2,tx____99,steroids___1,history_complete
1,baseline_arm_1,1,1,0,0,0,2
2,baseline_arm_1,1,0,1,0,0,2
3,baseline_arm_1,2,0,0,0,0,0
4,baseline_arm_1,2,0,0,1,0,2
5,baseline_arm_1,2,0,0,0,1,0
6,baseline_arm_1,-99,,,,,
"""
FIELDS = """\
"Variable / Field Name","Form Name","Field Type","Field Label","Choices, Calculations, OR Slider Labels",Identifier?
record_id,case,text,Record,,
sex,case,radio,Sex,"1, Female | 2, Male | -99, Not asked",
tx,history,checkbox,Earlier treatment,"1, IVIG | 2, Rituximab",
steroids,history,checkbox,Steroids,"1, yes",
"""
UNFILLED = (
    head("registry")
    + """\
covariates: [{name: ivig, label: IVIG}, {name: gender, label: Gender}]
mapping:
  missing: [-99, Not asked]
  sources:
    - table: episodes
      file: export.csv
      redcap: {events: [baseline_arm_1], dictionary: dictionary.csv}
      columns: {episode_id: record_id, gender: sex, ivig: tx___1}
"""
)


def test_boxes_that_nobody_filled_in_and_codes_of_missing_data_are_unknown(tmp_path):
    cohort = make(tmp_path, UNFILLED, FORM, FIELDS)
    assert findings(cohort) == []
    made = type_records(examine(cohort, Layout()), "registry")["episodes"]
    assert made["ivig"].tolist() == ["yes", "no", "", "", "no", ""]
    assert made["gender"].tolist() == ["Female", "Female", "Male", "Male", "Male", ""]
    assert findings(cohort, "warning") == []


def test_boxes_whose_form_has_no_status_are_told(tmp_path):
    export = "\n".join(line.rpartition(",")[0] for line in FORM.splitlines())
    (line,) = findings(make(tmp_path / "a", UNFILLED, export, FIELDS), "warning")
    assert line.startswith("registry/export.csv, tx: boxes of a form that nobody filled in are exported as not ticked")
    without = UNFILLED.replace(", dictionary: dictionary.csv", "")
    cohort = make(tmp_path / "b", without, FORM, FIELDS)
    assert any("boxes of a form that nobody" in line for line in findings(cohort, "warning"))


def test_rows_of_events_and_instruments_that_are_not_named_are_told(tmp_path):
    head = HEAD.replace("{instrument: labs,", "{instrument: labs, events: [follow_arm_1],")
    export = EXPORT.replace("2,treatment_arm_1,labs,1", "2,follow_arm_1,labs,1")
    found = findings(make(tmp_path, head, export), "warning")
    assert any("no source reads into counts: 2 (redcap_event_name treatment_arm_1)" in line for line in found)
