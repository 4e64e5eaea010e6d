"""Which rows come in, and on which day: empty cells, rows that no source reads, study days, months, guessed dates."""

import pytest

from unit.ingest.mapped_cohorts import make_cohort, rows, told

CASES = "    - {table: episodes, file: p.csv, columns: {episode_id: id}}\n"
START = "    - {table: episodes, file: p.csv, first_dose: start, columns: {episode_id: id}}\n"


def mapped(folder, sources, more="", **files):
    return make_cohort(folder, f"mapping:\n{more}  sources:\n{sources}", **files)


@pytest.mark.parametrize(
    ("table", "columns", "content", "kept"),
    [
        ("counts", "day: d, count: x", "E1,0,9\nE1,7,\nE1,7,NA\n", [0]),
        ("events", "day: d, kind: x", "E1,0,rescue\nE1,7,\n,,\nE1,NA,rescue\n", [0]),
        ("events", "day: d, kind: {value: rescue}", "E1,0,\nE1,,\n", [0]),
        ("bleeding", "first_day: d, last_day: d, who_grade: x", "E1,0,1\nE1,,\nE1,7,\n", [0]),
        ("exposures", "first_day: d, drug: x", "E1,0,a\nE1,7,\n", [0]),
        ("exposures", "first_day: d, dose: x, drug: {value: a}", "E1,0,3\nE1,,\n", [0]),
        ("adverse_events", "day: d, term: x, subject: {value: patient}", "E1,0,rash\nE1,7,\n", [0]),
        ("outcomes", "day: d, cause: x, outcome: {value: death}", "E1,0,death\nE2,7,\nE2,,death\n", [0]),
    ],
)
def test_a_row_whose_value_is_empty_says_nothing(tmp_path, table, columns, content, kept):
    source = f"    - {{table: {table}, file: l.csv, columns: {{episode_id: id, {columns}}}}}\n"
    files = {"p_csv": "id\nE1\nE2\n", "l_csv": "id,d,x\n" + content}
    folder = mapped(tmp_path, CASES + source, "  missing: [NA]\n", **files)
    day = "first_day" if table in ("bleeding", "exposures") else "day"
    assert [row[0] for row in rows(folder, table, day)] == kept
    (line,) = [line for line in told(folder, "warning") if "passed over" in line]
    assert line.endswith(f"were passed over: {len([row for row in content.split() if row != ',,']) - 1}")


def test_a_row_whose_case_alone_is_empty_is_an_error(tmp_path):
    source = "    - {table: counts, file: l.csv, columns: {episode_id: id, day: d, count: x}}\n"
    folder = mapped(tmp_path, CASES + source, p_csv="id\nE1\n", l_csv="id,d,x\nE1,0,9\n,7,9\n")
    assert "l.csv, line 3, episode_id (from id): the value must not be empty" in told(folder)[0]


def test_missing_words_hold_for_the_first_dose(tmp_path):
    lost = "episode_id: id, day: {from: d, date: true}, kind: {value: lost}"
    source = f"    - {{table: events, file: e.csv, columns: {{{lost}}}}}\n"
    files = {"p_csv": "id,start\nE1,2020-03-04\nE2,NA\n", "e_csv": "id,d\nE1,2020-03-11\n"}
    folder = mapped(tmp_path, START + source, "  missing: [NA]\n", **files)
    assert rows(folder, "events", "episode_id", "day") == [["E1", 7]]


def test_one_fault_of_a_first_dose_is_one_finding(tmp_path):
    source = "    - {table: counts, file: l.csv, columns: {episode_id: id, day: {from: d, date: true}, count: x}}\n"
    files = {"p_csv": "id,start\nE1,soon\nE2,\n", "l_csv": "id,d,x\n" + "E1,2020-03-11,9\nE2,2020-03-11,9\n" * 3}
    found = told(mapped(tmp_path, START + source, **files))
    assert len(found) == 2
    assert "l.csv, line 3, case E2, d: the case has no date of first dose" in found[0]
    assert "p.csv, line 2, case E1, start: the cell holds no date" in found[1]


LABS = "    - {table: counts, file: l.csv, WHERE, columns: {episode_id: id, day: d, count: x}}\n"
TESTS = "id,d,x,test\nE1,0,9,PLT\nE1,7,11,HGB\nE1,8,12,WBC\nE1,9,,WBC\nMean,9,50,PLT\n"


@pytest.mark.parametrize(
    ("where", "days", "told_of"),
    [
        ("where: {test: [PLT], id: [E1]}", [0], ": 3 (test HGB, PLT, WBC)"),
        ("where: {test: [PLT]}, leave_out: {id: [mean]}", [0], ": 2 (test HGB, WBC)"),
        ("leave_out: {test: [HGB, WBC], id: [Mean]}", [0], ""),
        ('where: {x: "< 12"}, leave_out: {id: [Mean]}', [0, 7], ": 1"),
        ("where: {x: filled}, leave_out: {id: [Mean], d: '> 7'}", [0, 7], ""),
        ("where: {test: empty}", [], "where keeps no row"),
    ],
)
def test_rows_that_no_source_reads_are_told(tmp_path, where, days, told_of):
    files = {"p_csv": "id\nE1\n", "l_csv": TESTS}
    folder = mapped(tmp_path, CASES + LABS.replace("WHERE", where), **files)
    assert [row[0] for row in rows(folder, "counts", "day")] == days
    lost = [line for line in told(folder, "warning") if "no source reads" in line or "keeps no row" in line]
    assert len(lost) == bool(told_of)
    assert not told_of or told_of in lost[0]


def test_rows_that_another_source_of_the_table_reads_are_not_told(tmp_path):
    sources = "".join(LABS.replace("WHERE", f"where: {{test: [{one}]}}") for one in ("PLT", "HGB", "WBC"))
    files = {"p_csv": "id\nE1\nMean\n", "l_csv": TESTS}
    assert not any("no source reads" in line for line in told(mapped(tmp_path, CASES + sources, **files), "warning"))


def test_words_that_may_name_a_person_are_not_told(tmp_path):
    files = {"p_csv": "id\nE1\n", "l_csv": "id,d,x,test\nE1,0,9,PLT\nE1,7,9,Jane Roe\n"}
    folder = mapped(tmp_path, CASES + LABS.replace("WHERE", "where: {test: [PLT]}"), **files)
    (line,) = told(folder, "warning")
    assert "no source reads into counts: 1" in line
    assert "Roe" not in line


STUDY = "    - {table: counts, file: l.csv, columns: {episode_id: id, day: DAY, count: x}}\n"


@pytest.mark.parametrize(
    ("day", "header", "days", "warned"),
    [
        ("{from: LBDY, first: 1}", "LBDY", [-1, 0, 7], False),
        ("LBDY", "LBDY", [-1, 1, 8], True),
        ("{from: LBDY, first: 0}", "LBDY", [-1, 1, 8], False),
        ("tag", "tag", [-1, 1, 8], True),
        ("study", "study", [-1, 1, 8], True),
        ("{from: tag, first: 0}", "tag", [-1, 1, 8], False),
    ],
)
def test_study_days_begin_with_one(tmp_path, day, header, days, warned):
    files = {"p_csv": "id\nE1\n", "l_csv": f"id,{header},x\nE1,-1,5\nE1,1,9\nE1,8,30\n"}
    folder = mapped(tmp_path, CASES + STUDY.replace("DAY", day), **files)
    assert [row[0] for row in rows(folder, "counts", "day")] == days
    assert any("the first dose is day 1" in line for line in told(folder, "warning")) == warned


def test_a_study_day_of_zero_is_refused(tmp_path):
    files = {"p_csv": "id\nE1\n", "l_csv": "id,LBDY,x\nE1,0,5\n"}
    folder = mapped(tmp_path, CASES + STUDY.replace("DAY", "{from: LBDY, first: 1}"), **files)
    assert "there is no day 0 then" in told(folder)[0]


def test_study_days_entered_by_hand_are_told(tmp_path):
    counts = "episode_id,day,count\nE1,1,9\nE1,8,30\nE2,1,9\nE3,7,9\n"
    folder = make_cohort(tmp_path, "", episodes_csv="episode_id\nE1\nE2\nE3\n", counts_csv=counts)
    assert any("the first dose is day 1" in line for line in told(folder, "warning"))
    folder = make_cohort(tmp_path, "", counts_csv=counts + "E3,0,9\n")
    assert told(folder, "warning") == []


@pytest.mark.parametrize(
    ("unit", "written", "days", "rounded"),
    [
        ("months", ["46.23", "5.5"], [1407, 167], True),
        ("years", ["1", "0.5"], [365, 183], True),
        ("weeks", ["12.5", "8"], [88, 56], True),
        ("weeks", ["2.0", "8 wks"], [14, 56], False),
        ("Wochen", ["2", "8"], [14, 56], False),
        ("days", ["14.5", "8 Tage"], [15, 8], True),
    ],
)
def test_times_in_other_units_become_whole_days(tmp_path, unit, written, days, rounded):
    outcome = f"outcome: {{value: death}}, cause: {{value: death}}, day: {{from: t, unit: {unit}}}"
    sources = f"    - {{table: outcomes, file: l.csv, columns: {{episode_id: id, {outcome}}}}}\n"
    sources += "    - table: episodes\n      file: l.csv\n"
    sources += f"      columns: {{episode_id: id, follow_up_end_day: {{from: t, unit: {unit}}}}}\n"
    folder = mapped(tmp_path, sources, l_csv="id,t\n" + "".join(f"E{i},{text}\n" for i, text in enumerate(written)))
    assert [row[0] for row in rows(folder, "outcomes", "day")] == days
    assert [row[0] for row in rows(folder, "episodes", "follow_up_end_day")] == days
    assert len([line for line in told(folder, "warning") if "were rounded to whole days" in line]) == 2 * rounded


@pytest.mark.parametrize(
    ("start", "days", "guessed"), [("2020-03", [-5, 5], 1), ("March 2020", [-5, 5], 1), ("2020-03-08", [2, 12], 0)]
)
def test_a_guessed_first_dose_is_told(tmp_path, start, days, guessed):
    source = "    - {table: counts, file: l.csv, columns: {episode_id: id, day: {from: d, date: true}, count: x}}\n"
    files = {"p_csv": f"id,start\nE1,{start}\n", "l_csv": "id,d,x\nE1,2020-03-10,9\nE1,2020-03-20,30\n"}
    folder = mapped(tmp_path, START + source, "  partial_dates: middle-of-month\n", **files)
    assert [row[0] for row in rows(folder, "counts", "day")] == days
    warnings = told(folder, "warning")
    assert (
        len([line for line in warnings if "p.csv, line 2, case E1, start: a month was given a day" in line]) == guessed
    )
    assert len([line for line in warnings if "l.csv, line 2, case E1, d: the day lies before" in line]) == guessed


def test_counts_without_a_day_are_told(tmp_path):
    source = "    - {table: counts, file: l.csv, columns: {episode_id: id, day: d, count: x}}\n"
    folder = mapped(tmp_path, CASES + source, p_csv="id\nE1\n", l_csv="id,d,x\nE1,0,5\nE1,,9\n")
    assert told(folder, "warning") == ["l.csv, day (from d): counts come in without a day: 1"]


@pytest.mark.parametrize(
    ("unit", "cells", "faulty"),
    [("", ["8", "6000", "45"], 1), ("/uL", ["8000", "31", "45000", "0"], 1), ("", ["8", "1999", "<2000"], 1)],
)
def test_single_counts_in_another_unit_are_refused(tmp_path, unit, cells, faulty):
    count = f"{{from: x, unit: {unit}}}" if unit else "x"
    source = f"    - {{table: counts, file: l.csv, columns: {{episode_id: id, day: d, count: {count}}}}}\n"
    labs = "id,d,x\n" + "".join(f"E1,{day},{cell}\n" for day, cell in enumerate(cells))
    found = told(mapped(tmp_path, CASES + source, p_csv="id\nE1\n", l_csv=labs))
    assert len(found) == faulty
    assert all("case E1, count (from x): " in line and "where and unit: " in line for line in found)


def test_a_count_of_another_analyte_may_be_high(tmp_path):
    counts = "episode_id,day,count,analyte\nE1,0,6000,ferritin\nE1,0,8,platelets\n"
    assert told(make_cohort(tmp_path, "", episodes_csv="episode_id\nE1\n", counts_csv=counts)) == []


@pytest.mark.parametrize(
    ("cell", "taken"),
    [("45*", "45"), ("120↑", "120"), ("[45]", "45"), ("<5 H", "<5"), ("45 x10^9/L", "45"), ("45†", None)],
)
def test_marks_behind_a_number_are_taken_off_where_they_are_declared(tmp_path, cell, taken):
    wide = '{into: count, strip: ["*", "↑", "[", "]", H], columns: {PLT0: {day: 0}, PLT7: {day: 7}}}'
    source = f"    - {{table: counts, file: p.csv, columns: {{episode_id: id}}, wide: {wide}}}\n"
    folder = mapped(tmp_path, CASES + source, p_csv=f"id,PLT0,PLT7\nE1,9,{cell}\n")
    if taken:
        assert rows(folder, "counts", "day", "count") == [[0, "9"], [7, taken]]
    else:
        (line,) = told(folder)
        assert line.startswith("p.csv, line 2, case E1, count (from PLT7): the value must be a number")
        assert "list it under strip" in line


def test_the_unit_of_the_column_may_stand_in_its_cells(tmp_path):
    columns = "weight_kg: w, age_years: a, gestational_week: {from: g, unit: weeks+days}"
    source = f"    - {{table: episodes, file: p.csv, columns: {{episode_id: id, {columns}}}}}\n"
    patients = "id,w,a,g\nE1,62kg,31岁,28W+3\nE2,58.5 公斤,40 Jahre,33周+2\nE3,71,29 y,SSW 30+0\n"
    folder = mapped(tmp_path, source, p_csv=patients)
    assert rows(folder, "episodes", "weight_kg", "age_years") == [[62, 31], [58.5, 40], [71, 29]]
    assert [round(row[0] * 7) for row in rows(folder, "episodes", "gestational_week")] == [199, 233, 210]
    folder = mapped(tmp_path, source, p_csv=patients.replace("62kg", "137 lb"))
    assert "line 2, case E1, weight_kg (from w): the value must be a number in kg" in told(folder)[0]


@pytest.mark.parametrize(
    ("content", "row"),
    [
        ('"","sex"\n"1","female"\n"2","male"\n', 1),
        ('"sex"\n"1","female"\n"2","male"\n', 1),
        ("\ufeff,sex\n1,female\n2,male\n", 1),
    ],
)
def test_the_column_without_a_header_is_named_by_nothing(tmp_path, content, row):
    source = '    - {table: episodes, file: p.csv, columns: {episode_id: "", sex: sex}}\n'
    assert rows(mapped(tmp_path, source, p_csv=content), "episodes", "episode_id", "sex") == [
        ["1", "female"],
        ["2", "male"],
    ]


def test_labels_are_made_where_a_file_has_none(tmp_path):
    bare = "    - {table: episodes, file: p.csv, columns: {sex: sex}}\n"
    assert "number_as: E} numbers its rows" in told(mapped(tmp_path, bare, p_csv="sex,t\nfemale,14\nmale,30\n"))[0]
    sources = bare.replace("sex: sex", "episode_id: {number_as: E}, sex: sex")
    sources += "    - {table: outcomes, file: p.csv, columns: {episode_id: {number_as: E}, outcome: {value: death}, "
    sources += "day: t, cause: {value: death}}}\n"
    folder = mapped(tmp_path, sources, p_csv="sex,t\nfemale,14\nmale,30\n")
    assert rows(folder, "episodes", "episode_id", "sex") == [["E01", "female"], ["E02", "male"]]
    assert rows(folder, "outcomes", "episode_id", "day") == [["E01", 14], ["E02", 30]]


def test_labels_are_made_in_place_of_keys(tmp_path):
    key = "4db03e6a-1111-4b7c-9d0e-1a2b3c4d5e6f"
    sources = CASES.replace("id}", "{from: id, number_as: E}}") + STUDY.replace("DAY", "d").replace(
        "id: id", "id: {from: id, number_as: E}"
    )
    files = {"p_csv": f"id\nurn:uuid:{key}\n00771234\n", "l_csv": f"id,d,x\n00771234,0,9\nurn:uuid:{key},7,30\n"}
    folder = mapped(tmp_path, sources, **files)
    text = (folder / "cohort.yaml").read_text(encoding="utf-8").replace("synthetic, basis", "restricted, basis")
    (folder / "cohort.yaml").write_text(text, encoding="utf-8")
    assert rows(folder, "episodes", "episode_id") == [["E01"], ["E02"]]
    assert rows(folder, "counts", "episode_id", "count") == [["E02", "9"], ["E01", "30"]]
