"""What was entered twice comes in once, in every table and by every reader; all values are made up."""

import pytest

from unit.ingest.mapped_cohorts import make_cohort, rows, told

CASES = "    - {table: episodes, file: p.csv, columns: {episode_id: id}}\n"
PERSONS = "episode_id,bleeding_recorded\nE1,yes\nE2,yes\n"
ONCE = "repeats an earlier one in every cell and is taken once"
ONE_THING = "stands in an earlier row of the same day, with other details, and is counted twice; is it one?"

WRITTEN_TWICE = {
    "counts": ("day,count", ["7,60", "7,60.0", "07,６０"]),
    "events": ("day,kind,detail", ["3,rescue,IVIG", "3,Rescue,ivig", "3.0,rescue,IVIG "]),
    "bleeding": ("first_day,last_day,who_grade", ["1,4,2", "1,4,2.0", "1.0,4,2"]),
    "exposures": ("drug,role,first_day,dose,dose_unit", ["a,study,0,3,mg", "A,study,0,3.0,mg", "a,Study,0,3.00,mg"]),
    "weights": ("day,weight_kg", ["0,60", "0,60.0", "0,60 kg"]),
    "adverse_events": (
        "day,subject,term,grade",
        ["9,patient,Headache,2", "9,patient,headache,2", "9,Patient,head­ache,2.0"],
    ),
    "outcomes": ("outcome,day,cause", ["response,4,response", "response,4.0,response", "response,04,response"]),
}


@pytest.mark.parametrize("table", WRITTEN_TWICE)
def test_a_row_comes_in_once_however_its_numbers_and_words_are_written(tmp_path, table):
    header, written = WRITTEN_TWICE[table]
    lines = [f"episode_id,{header}", *(f"E1,{line}" for line in written), f"E2,{written[0]}"]
    folder = make_cohort(tmp_path, "", episodes_csv=PERSONS, **{f"{table}_csv": "\n".join(lines) + "\n"})
    assert [row[0] for row in rows(folder, table, "episode_id")] == ["E1", "E2"]
    found = [line for line in told(folder, "warning") if ONCE in line]
    assert [line.split(":")[0] for line in found] == [f"{table}.csv, line {line}, case E1" for line in (3, 4)]


@pytest.mark.parametrize(
    ("table", "header", "first", "again", "another"),
    [
        ("adverse_events", "day,subject,term,grade", "9,patient,rash,1", "9,patient,Rash,2", "10,patient,rash,1"),
        ("adverse_events", "day,subject,term,serious", "9,patient,rash,no", "9,patient,rash,", "9,patient,fever,no"),
        ("exposures", "drug,role,first_day,last_day,dose", "a,study,0,6,3", "a,study,0,6,30", "a,study,7,13,3"),
        ("exposures", "drug,role,first_day,last_day,dose", "a,study,0,6,3", "A,study,0,,3", "b,study,0,6,3"),
        ("bleeding", "first_day,last_day,who_grade", "1,4,1", "1,4,2", "5,6,1"),
    ],
)
def test_one_thing_with_other_details_is_a_question(tmp_path, table, header, first, again, another):
    content = "\n".join([f"episode_id,{header}", *(f"E1,{line}" for line in (first, again, another))]) + "\n"
    folder = make_cohort(tmp_path, "", episodes_csv=PERSONS, **{f"{table}_csv": content})
    assert len(rows(folder, table, "episode_id")) == 3
    found = [line for line in told(folder, "warning") if ONE_THING in line]
    assert [line.split(":")[0] for line in found] == [f"{table}.csv, line 3, case E1"]


def test_things_without_a_day_and_two_rescues_of_a_day_may_be_two(tmp_path):
    folder = make_cohort(
        tmp_path,
        "",
        episodes_csv=PERSONS,
        adverse_events_csv="episode_id,day,subject,term,grade\nE1,,patient,rash,1\nE1,,patient,rash,2\n",
        events_csv="episode_id,day,kind,detail\nE1,3,rescue,IVIG\nE1,3,rescue,steroid\n",
    )
    assert not [line for line in told(folder, "warning") if ONCE in line or ONE_THING in line]


def test_a_file_that_is_mapped_twice_and_pages_that_overlap(tmp_path):
    doses = "{table: exposures, file: FILE.csv, columns: {episode_id: id, first_day: d, drug: {value: a}, dose: x}}"
    harm = (
        "{table: adverse_events, file: FILE.csv, columns: {episode_id: id, day: d, subject: {value: patient}, term: t}}"
    )
    sources = CASES + "".join(
        f"    - {source.replace('FILE', file)}\n" for source in (doses, harm) for file in ("l", "m", "l")
    )
    files = {
        "p_csv": "id\nE1\n",
        "l_csv": "id,d,x,t\nE1,0,3,rash\nE1,7,3,rash\n",
        "m_csv": "id,d,x,t\nE1,7,3.0,rash\nE1,14,3,Rash\n",
    }
    folder = make_cohort(tmp_path, f"mapping:\n  sources:\n{sources}", **files)
    assert rows(folder, "exposures", "first_day", "dose") == [[0, 3], [7, 3], [14, 3]]
    assert [row[0] for row in rows(folder, "adverse_events", "day")] == [0, 7, 14]
    assert len([line for line in told(folder, "warning") if ONCE in line]) == 3  # lines of a file, once for both tables


def test_one_column_a_visit_twice(tmp_path):
    visits = "{into: count, columns: {d7: {day: 7}, week1: {day: 7}}}"
    wide = f"    - {{table: counts, file: p.csv, columns: {{episode_id: id}}, wide: {visits}}}\n"
    folder = make_cohort(tmp_path, f"mapping:\n  sources:\n{CASES}{wide}", p_csv="id,d7,week1\nE1,60,60.0\nE2,70,71\n")
    assert [row[0] for row in rows(folder, "counts", "lo")] == [60, 70, 71]


TOO_HIGH = "no count of a living person is 2000 x 10^9/L or more"
TOO_LOW = "below 0.5 10^9/L is hardly one; is it in another unit?"


def test_single_counts_a_thousand_times_too_high_in_every_column(tmp_path):
    folder = make_cohort(
        tmp_path,
        "covariates:\n  - {name: nadir, label: Nadir, kind: number, unit: 10^9/L}\n"
        "  - {name: dose, label: Dose, kind: number, unit: mg}\n",
        episodes_csv="episode_id,baseline,nadir,dose\nE1,8,6,9000\nE2,9000,8000,9000\nE3,12,7,1\n",
        counts_csv="episode_id,day,timepoint,count,unit\nE1,7,,60,\nE1,,birth,150000,\nE2,7,,7000,10^9/L\n"
        "E2,14,,70000,/uL\nE1,14,,90,\n",
        aggregates_csv="group,outcome,n,value,lower,upper,unit,origin\nall,baseline,9,12000,8,20000,10^9/L,printed\n"
        "all,dose,9,12000,8,20000,mg,printed\n",
    )
    found = sorted(line.split(": ")[0] for line in told(folder))
    assert found == [
        "aggregates.csv, line 2, upper",
        "aggregates.csv, line 2, value",
        "counts.csv, line 3, case E1, count",
        "counts.csv, line 4, case E2, count",
        "episodes.csv, line 3, case E2, baseline",
        "episodes.csv, line 3, case E2, nadir",
    ]
    assert all("2000" in line for line in told(folder))


@pytest.mark.parametrize(
    ("analyte", "count", "asked"),
    [
        ("platelets", "0.06", True),
        ("platelets", "0", False),
        ("platelets", "<0.5", False),
        ("platelets", "1", False),
        ("haemoglobin", "0.072", True),
        ("haemoglobin", "7.2", False),
        ("neutrophils", "0.02", False),
    ],
)
def test_counts_too_low_to_be_measured_are_a_question(tmp_path, analyte, count, asked):
    content = f"episode_id,day,analyte,count\nE1,7,{analyte},{count}\n"
    folder = make_cohort(tmp_path, "", episodes_csv="episode_id\nE1\n", counts_csv=content)
    assert told(folder) == []
    assert any("is hardly one; is it in another unit?" in line for line in told(folder, "warning")) == asked
