"""Branching logic of REDCap tells not asked from not filled in; repeating rows take fields of their record over."""

import pandas as pd
import pytest

from caseseries.ingest.branching import asked
from unit.ingest.mapped_cohorts import make_cohort, rows, told

CELLS = pd.DataFrame({"treated": ["1", "0", ""], "age": ["31", "28", "40"], "tx___3": ["1", "0", "0"]}, dtype=object)


@pytest.mark.parametrize(
    ("logic", "shown"),
    [
        ("[treated] = '1'", [True, False, False]),
        ('[treated]="1"', [True, False, False]),
        ("[treated] <> '1'", [False, True, True]),
        ("[treated] = ''", [False, False, True]),
        ("[age] >= 31", [True, False, True]),
        ("[tx(3)] = '1'", [True, False, False]),
        ("[treated] = '0' or [age] > 35", [False, True, True]),
        ("([treated] = '1' or [treated] = '0') and [age] < 30", [False, True, False]),
        ("[treated] = '1' OR [age] > 35 AND [tx(3)] = '1'", [True, False, False]),
        ("[baseline_arm_1][treated] = '1'", None),
        ("datediff([a], [b], 'd') > 3", None),
        ("[unknown] = '1'", None),
        ("([treated] = '1'", None),
    ],
)
def test_of_which_rows_a_field_was_asked(logic, shown):
    made = asked(logic, CELLS)
    assert (None if made is None else made.tolist()) == shown


EXPORT = """\
record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,treated,tx___1,response,unit,history_complete,lab_date,plt
1,start_arm_1,,,1,1,1,a,2,,
1,start_arm_1,labs,1,,0,,,,7,45
2,start_arm_1,,,1,0,,b,2,,
2,start_arm_1,labs,1,,0,,,,7,30
3,start_arm_1,,,0,0,,,2,,
4,start_arm_1,,,1,0,1,,1,,
"""
NAMES = ["Variable / Field Name", "Form Name", "Field Type", "Field Label", "Choices, Calculations, OR Slider Labels"]
NAMES += ["Branching Logic (Show field only if...)", "Identifier?"]
DICTIONARY = (
    ",".join(f'"{name}"' for name in NAMES)
    + """
record_id,case,text,Record,,,
treated,case,yesno,Treated before,,,
unit,case,text,Laboratory,,,
tx,history,checkbox,Earlier treatment,"1, IVIG | 2, Rituximab",[treated] = '1',
response,history,radio,Response then,"1, yes | 0, no",[treated] = '1',
"""
)
KEYS = """\
covariates: [{name: ivig, label: IVIG}, {name: then, label: Response then}]
mapping:
  sources:
    - table: episodes
      file: e.csv
      redcap: {events: [start_arm_1], dictionary: d.csv}
      columns: {episode_id: record_id, ivig: tx___1, then: response}
    - table: counts
      file: e.csv
      redcap: {instrument: labs, dictionary: d.csv, join: [unit]}
      columns: {episode_id: record_id, day: lab_date, count: plt, timepoint: {from: unit, values: {a: best, b: nadir}}}
"""


def test_boxes_that_were_not_asked_or_not_verified_are_unknown(tmp_path):
    cohort = make_cohort(tmp_path, KEYS, e_csv=EXPORT, d_csv=DICTIONARY)
    assert rows(cohort, "episodes", "ivig", "then") == [["yes", "yes"], ["no", ""], ["", ""], ["", "yes"]]
    found = told(cohort, "warning")
    assert any(
        line.endswith("response: not asked in 1 rows (branching logic); asked and not filled in: 1") for line in found
    )


def test_repeating_rows_take_fields_of_their_record(tmp_path):
    cohort = make_cohort(tmp_path, KEYS, e_csv=EXPORT, d_csv=DICTIONARY)
    assert rows(cohort, "counts", "episode_id", "count", "timepoint") == [["1", "45", "best"], ["2", "30", "nadir"]]
    twice = EXPORT + "2,late_arm_1,,,,,,c,,,\n2,last_arm_1,labs,2,,,,,,14,50\n"
    (found,) = told(make_cohort(tmp_path / "twice", KEYS, e_csv=twice, d_csv=DICTIONARY))
    assert "more than one thing of the joined field" in found
