"""ADaM data sets: signs, days and baselines by hand, and both file formats read again by readers made by others."""

import json
import re
from dataclasses import replace

import dsjframe
import numpy as np
import pandas as pd
import pytest

from caseseries.export import exchange
from caseseries.export.adam import Part, adam_blocks, adam_datasets, analysed_at_once, censor_codes
from caseseries.export.adam_columns import study_day
from caseseries.export.adam_files import dataset_json, write_parquet, write_xport
from caseseries.export.adam_variables import DATASETS
from caseseries.export.exchange import write_exchange
from caseseries.model.columns import TABLES
from caseseries.model.parquet import count_groups, read_frame
from caseseries.model.records import Records, blocks_of, empty_table, episode_ids, type_table
from caseseries.model.results import RESPONSES, TIMES
from caseseries.response.definitions import load_definitions
from caseseries.words.labels import labels_of
from report_project import CATALOGUE
from unit.some_cohort import some_cohort

EPISODES = {
    "episode_id": ["E1", "E2", "E3"],
    "patient_id": ["P1", "P1", "P2"],
    "episode_order": ["1", "2", ""],
    "sex": ["female", "female", ""],
    "drug": ["rhTPO"] * 3,
    "baseline": ["10", "", "<5"],
    "follow_up_end_day": ["30", "40", "12"],
}
COUNTS = {
    "episode_id": ["E1", "E1", "E1", "E2", "E2", "E3"],
    "day": ["-10", "0", "7", "-3", "9", "9"],
    "count": ["4", "10", "50", "8", "120", ">1000"],
}
EVENTS = {"episode_id": ["E3"], "day": ["12"], "kind": ["death"], "detail": [""]}
ANSWERS = [
    {
        "episode_id": "E1",
        "definition": "plt50_any",
        "response_class": "yes",
        "time_to_response": 7,
        "decided_by": "counts:4",
    },
    {"episode_id": "E2", "definition": "plt50_any", "response_class": "no"},
    {"episode_id": "E3", "definition": "plt50_any", "response_class": "NE", "because": "baseline_unknown"},
    {"episode_id": "E1", "definition": "as_reported", "response_class": "CR"},
]
CAUSES = ["censored", "delivery", "rescue", "relapse"]
WAITED = [
    {"episode_id": "E1", "definition": "plt50_any", "time": 0.0, "cause": "response", "left": 0.0, "right": 0.0},
    {"episode_id": "E2", "definition": "plt50_any", "time": 40.0, "cause": "censored"},
    {"episode_id": "E3", "definition": "plt50_any", "time": 12.0, "cause": "death"},
    {"episode_id": "E1", "definition": "as_reported_recovery", "time": 5.0, "cause": "recovery"},
    {"episode_id": "E2", "definition": "as_reported_recovery", "time": 6.0, "cause": "relapse"},
]


def frame(rows, names):
    made = pd.DataFrame(rows, columns=list(names))
    words = [name for name in names if made[name].dtype == object and name not in ("time", "left", "right")]
    return made.assign(**{name: made[name].fillna("") for name in words})


@pytest.fixture(scope="module")
def part():
    tables = {name: empty_table(name) for name in TABLES}
    for name, rows in (("episodes", EPISODES), ("counts", COUNTS), ("events", EVENTS)):
        tables[name] = type_table(name, pd.DataFrame(rows, dtype=str))
    days = [name for name in RESPONSES if name.startswith(("time_", "loss_")) or name == "value"]
    answers = frame(ANSWERS, RESPONSES).astype({name: float for name in days})
    return Part(Records("some-2020", tables), answers, frame(WAITED, TIMES))


def analysed_of(part, cohort=None, **further):
    """What data sets are made of, with further definitions by id."""
    known = {one.id: one for one in load_definitions(CATALOGUE)} | further
    return analysed_at_once(cohort or some_cohort(), part, known, labels_of(known.values()))


@pytest.fixture(scope="module")
def analysed(part):
    return analysed_of(part)


@pytest.fixture(scope="module")
def datasets(analysed):
    return adam_datasets(analysed)


def test_there_is_no_study_day_0():
    assert study_day(np.array([-7.0, -1, 0, 1, 28])).tolist() == [-7, -1, 1, 2, 29]


def test_cnsr_is_0_for_the_event_and_a_number_of_its_own_for_whatever_came_instead(datasets):
    found = datasets["ADTTE"].set_index(["EPISODE", "DEFID"])["CNSR"].to_dict()
    assert found == {
        ("E1", "plt50_any"): 0,
        ("E2", "plt50_any"): 1,
        ("E3", "plt50_any"): 5,
        ("E1", "as_reported_recovery"): 0,
        ("E2", "as_reported_recovery"): 6,
    }
    codes = censor_codes(CAUSES)
    assert codes == {"censored": 1, "delivery": 2, "rescue": 3, "stop_drug": 4, "death": 5, "relapse": 6}


def test_times_are_days_from_the_first_dose_and_study_days_one_more(datasets):
    row = datasets["ADTTE"].set_index(["EPISODE", "DEFID"]).loc[("E1", "plt50_any")]
    assert (row["AVAL"], row["ADY"], row["EVNTDESC"], row["CNSDTDSC"]) == (0, 1, "RESPONSE", "")
    censored = datasets["ADTTE"].set_index(["EPISODE", "DEFID"]).loc[("E2", "plt50_any")]
    assert (censored["ADY"], censored["CNSDTDSC"]) == (41, "END OF OBSERVATION")


def test_a_subject_has_one_row_of_its_first_course(datasets):
    found = datasets["ADSL"].set_index("USUBJID")
    assert list(found.index) == ["some-2020-P1", "some-2020-P2"]
    assert found["NCOURSES"].tolist() == [2, 1] and found["SEX"].tolist() == ["F", "U"]
    assert found["LASTDY"].tolist() == [31, 13]
    assert found["DTHFL"].tolist() == ["", "Y"] and found["DTHDY"].tolist()[1] == 13
    assert datasets["ADTTE"].set_index("EPISODE")["APERIOD"].to_dict() == {"E1": 1, "E2": 2, "E3": 1}


def test_a_response_is_1_none_0_and_not_evaluable_missing(datasets):
    found = datasets["ADRS"].set_index(["EPISODE", "DEFID"])
    assert found.loc[("E1", "plt50_any"), ["AVAL", "AVALC", "ADY", "SRCROWS"]].tolist() == [1, "yes", 8, "counts:4"]
    assert found.loc[("E2", "plt50_any"), "AVAL"] == 0
    assert np.isnan(found.loc[("E3", "plt50_any"), "AVAL"])
    assert found.loc[("E3", "plt50_any"), "REASNE"] == "baseline_unknown"
    assert found.loc[("E1", "as_reported"), "AVAL"] == 1


def test_change_is_from_the_baseline_of_the_rule(datasets):
    found = datasets["ADLB"]
    assert found["BASETYPE"].str.partition(":")[0].unique().tolist() == ["LAST7"]
    later = found[(found["ADY"] > 1)].set_index("EPISODE")
    assert later.loc["E1", ["BASE", "CHG", "R2BASE"]].tolist() == [10, 40, 5]
    assert later.loc["E2", ["BASE", "CHG", "R2BASE"]].tolist() == [8, 112, 15], "the latest count of the week before"
    assert later.loc["E3", ["AVALC", "BASEC"]].tolist() == [">1000", "<5"]
    assert later.loc["E3", ["AVAL", "BASE", "CHG"]].isna().all(), "what is known within limits is no number"
    assert later.loc["E3", "AVALLO"] == 1000
    base = found[found["ABLFL"] == "Y"].set_index("EPISODE")
    assert base["DTYPE"].to_dict() == {"E1": "", "E2": "LOV", "E3": ""}
    assert base.loc["E1", ["SRCDOM", "SRCVAR", "SRCSEQ"]].tolist() == ["episodes", "baseline", 2]


def test_there_is_one_basetype_for_each_rule_that_definitions_ask_for(analysed, part):
    other = analysed.definitions["plt50_any"]
    lowest = other.model_copy(
        update={"id": "lowest", "choices": other.choices.model_copy(update={"baseline": "min14"})}
    )
    answers = pd.concat([part.responses, part.responses.assign(definition="lowest")], ignore_index=True)
    both = analysed_of(replace(part, responses=answers), lowest=lowest)
    found = adam_datasets(both)["ADLB"]
    base = found[found["ABLFL"] == "Y"].assign(rule=lambda rows: rows["BASETYPE"].str.partition(":")[0])
    assert base.set_index(["EPISODE", "rule"])["AVALC"].to_dict() == {
        ("E1", "LAST7"): "10",
        ("E1", "MIN14"): "4",
        ("E2", "LAST7"): "8",
        ("E2", "MIN14"): "8",
        ("E3", "LAST7"): "<5",
        ("E3", "MIN14"): "<5",
    }
    counts = found[found["ABLFL"] == ""]
    assert counts.groupby("BASETYPE").size().tolist() == [6, 6]


@pytest.mark.parametrize("name", DATASETS)
def test_names_and_labels_fit_a_transport_file(name):
    variables = DATASETS[name][1]
    assert all(re.fullmatch("[A-Z][A-Z0-9]{0,7}", one.name) and 0 < len(one.label) <= 40 for one in variables)
    assert len({one.name for one in variables}) == len(variables)


@pytest.mark.parametrize("name", DATASETS)
def test_a_transport_file_gives_back_its_rows(datasets, tmp_path, name):
    write_xport(datasets[name], name, tmp_path / "file.xpt")
    read = pd.read_sas(tmp_path / "file.xpt", format="xport", encoding="utf-8")
    assert list(read) == list(datasets[name])
    for one in DATASETS[name][1]:
        written = datasets[name][one.name]
        if one.kind == "text":
            assert read[one.name].fillna("").tolist() == written.fillna("").tolist()
        else:
            np.testing.assert_allclose(read[one.name].to_numpy(float), written.to_numpy(float), rtol=1e-14, atol=1e-70)
    labels = (tmp_path / "file.xpt").read_bytes().decode("latin-1")
    assert all(one.label in labels for one in DATASETS[name][1])


@pytest.mark.parametrize("name", DATASETS)
def test_dataset_json_holds_the_same_rows(datasets, tmp_path, name):
    text = dataset_json(datasets[name], name, "some-2020")
    (tmp_path / f"{name.lower()}.json").write_text(text, encoding="utf-8")
    found = dsjframe.validate_dataset(tmp_path / f"{name.lower()}.json")
    assert found["ok"] and found["metadata_valid"] and found["data_valid"], found["message"]
    written = json.loads(text)
    assert written["records"] == len(written["rows"]) == len(datasets[name])
    assert [column["name"] for column in written["columns"]] == list(datasets[name])
    keys = {column["name"]: column["keySequence"] for column in written["columns"] if "keySequence" in column}
    assert sorted(keys.values()) == list(range(1, len(keys) + 1))
    for place, one in enumerate(DATASETS[name][1]):
        values = datasets[name][one.name]
        missing = values.isna() | (values == "")
        wanted = [None if lost else value for value, lost in zip(values, missing, strict=True)]
        assert [row[place] for row in written["rows"]] == wanted


def test_rows_of_a_restricted_cohort_are_written_for_their_owner_alone(part, tmp_path):
    kept = some_cohort(disclosure={"profile": "restricted", "basis": "The committee allows summaries alone."})
    write_exchange(analysed_of(part, kept), tmp_path / "restricted", tmp_path / "release")
    assert [file.name for file in (tmp_path / "release").iterdir()] == ["README.txt"]
    assert "may not leave" in (tmp_path / "release" / "README.txt").read_text()
    assert {file.name for file in (tmp_path / "restricted").iterdir()} >= {
        "adsl.xpt",
        "adtte.json",
        "phenopackets.json",
    }


def test_the_same_rows_give_the_same_bytes_and_no_day(analysed, tmp_path):
    for name in ("one", "two"):
        write_exchange(analysed, tmp_path / name, tmp_path / f"{name} released")
    files = sorted(file.name for file in (tmp_path / "one").iterdir())
    assert files == sorted(file.name for file in (tmp_path / "two released").iterdir()) and len(files) == 10
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two released" / file).read_bytes()
    header = (tmp_path / "one" / "adlb.xpt").read_bytes()[:640]
    assert set(re.findall(rb"\d\d[A-Z]{3}\d\d:", header)) == {b"01JAN80:"}


def test_a_cohort_without_cases_has_no_data_sets(part, tmp_path):
    none = Records("some-2020", {name: empty_table(name) for name in TABLES})
    write_exchange(analysed_of(replace(part, records=none)), tmp_path / "apart", tmp_path / "released")
    assert [file.name for file in (tmp_path / "released").iterdir()] == ["README.txt"]


def in_parts(part, size):
    """The same rows in blocks of so many courses, text of classes and times as categories."""
    for records in blocks_of(part.records, size):
        of_block = [table[table["episode_id"].isin(episode_ids(records))] for table in (part.responses, part.times)]
        yield Part(records, *(table.astype({"episode_id": "category", "definition": "category"}) for table in of_block))


@pytest.mark.parametrize("size", [1, 2, 3])
def test_data_sets_in_blocks_hold_the_same_rows(analysed, part, datasets, tmp_path, size):
    write_parquet(adam_blocks(replace(analysed, parts=in_parts(part, size))), tmp_path)
    for name, (_, variables) in DATASETS.items():
        found, written = read_frame(tmp_path / f"{name.lower()}.parquet"), datasets[name]
        keys = [one.name for one in variables if one.kind == "text"]
        wanted = written.assign(**{key: written[key].fillna("").astype(str) for key in keys})
        numbers = {one.name: float for one in variables if one.kind != "text"}
        found, wanted = (frame.astype(numbers).sort_values(list(frame), ignore_index=True) for frame in (found, wanted))
        pd.testing.assert_frame_equal(found, wanted, check_dtype=False)
    assert count_groups(tmp_path / "adlb.parquet") == -(-3 // size)


def test_data_sets_of_many_courses_are_parquet_alone_and_the_folder_says_so(analysed, tmp_path, monkeypatch):
    monkeypatch.setattr(exchange, "MOST_SENT", 2)
    write_exchange(analysed, tmp_path / "apart", tmp_path / "released")
    files = ["README.txt", "adlb.parquet", "adrs.parquet", "adsl.parquet", "adtte.parquet"]
    assert sorted(file.name for file in (tmp_path / "released").iterdir()) == files
    said = (tmp_path / "released" / "README.txt").read_text()
    assert "has 3 treatment courses. Of more than 2 the ADaM data sets are Parquet alone" in said


def test_the_baseline_of_another_analyte_is_written_as_its_own_count(part):
    """Not as the baseline that episodes.csv has, which is that of the cohort's own analyte."""
    rows = {"episode_id": ["E1", "E1"], "day": ["-1", "9"], "timepoint": ["baseline", ""], "count": ["1.5", "2"]}
    counts = type_table("counts", pd.DataFrame({**rows, "analyte": ["neutrophils"] * 2}, dtype=str))
    records = replace(part.records, tables={**part.records.tables, "counts": counts})
    found = adam_datasets(analysed_of(replace(part, records=records)))["ADLB"]
    found = found[(found["PARAMCD"] == "NEUT") & (found["EPISODE"] == "E1")]
    base = found[found["ABLFL"] == "Y"]
    assert base[["AVAL", "AVALC", "SRCDOM"]].to_numpy().tolist() == [[1.5, "1.5", "counts"]]
    assert set(found["BASEC"]) == {"1.5"}
