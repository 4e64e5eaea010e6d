"""Manifest and provenance: what moved, and because of what."""

from datetime import date

import pytest

from caseseries.model.files import checksum
from caseseries.model.findings import BadInput
from caseseries.model.layout import Layout
from caseseries.seal.provenance import compare_packages, compare_provenance, may_be_told, shown
from caseseries.seal.seal import describe_crate, remove_others
from caseseries.seal.verify import (
    compare_release,
    describe_moves,
    explain_move,
    other_files,
    read_manifest,
    read_provenance,
)


@pytest.fixture
def release(tmp_path):
    for name in ("report.html", "yu-2023/estimates.csv", "gone-2020/estimates.csv", "yu-2023/tables/.hidden"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def test_changed_and_missing_files_are_told_apart(release):
    expected = {name: checksum(release / name) for name in ("report.html", "yu-2023/estimates.csv")}
    expected["lost.csv"] = "0" * 64
    (release / "report.html").write_text("other")
    assert compare_release(release, expected) == {"report.html": "changed", "lost.csv": "missing"}


def test_what_is_no_part_of_the_run_is_named(release):
    expected = {"report.html": "", "yu-2023/estimates.csv": ""}
    (release / "MANIFEST.sha256").write_text("")
    assert other_files(release, expected) == ["gone-2020/"]
    (release / "notes.txt").write_text("kept beside it")
    assert "notes.txt" in other_files(release, expected)
    part = expected | {"notes.txt": "", "gone-2020/description.csv": ""}
    assert other_files(release, part) == ["gone-2020/estimates.csv"]


def test_crate_has_what_its_standard_requires(release):
    """RO-Crate 1.1, root data entity: a descriptor about it, name, description, date and licence; no loose end."""
    crate = describe_crate([], ["report.html", "yu-2023/estimates.csv"], release)
    graph = {item["@id"]: item for item in crate["@graph"]}
    assert len(graph) == len(crate["@graph"])
    assert "https://w3id.org/ro/crate/1.1/context" in crate["@context"]
    descriptor, root = graph["ro-crate-metadata.json"], graph["./"]
    assert descriptor["@type"] == "CreativeWork"
    assert descriptor["about"] == {"@id": "./"}
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert root["@type"] == "Dataset"
    assert root["name"] and root["description"]
    assert date.fromisoformat(root["datePublished"])
    named = [root["license"], *root["hasPart"], *root["isBasedOn"], *root["mentions"]]
    assert [reference["@id"] for reference in named if reference["@id"] not in graph] == []


def test_manifest_is_needed(tmp_path):
    with pytest.raises(BadInput, match="there is no manifest; run the analysis first"):
        read_manifest(tmp_path / "MANIFEST.sha256")


def test_faulty_manifest_names_its_lines(tmp_path):
    manifest = tmp_path / "MANIFEST.sha256"
    manifest.write_text("0" * 64 + "  good.csv\nnonsense\n")
    with pytest.raises(BadInput, match="line 2: a line must be a SHA-256 checksum"):
        read_manifest(manifest)


def test_changes_are_named_and_told_of_the_cohort_they_concern():
    sealed = {"inputs": {"data/a/x.csv": "1", "data/b/x.csv": "1"}, "packages": {"numpy": "2.0"}, "python": "3.11.7"}
    present = {"inputs": {"data/a/x.csv": "2", "data/b/x.csv": "2"}, "packages": {"numpy": "2.1"}, "python": "3.11.7"}
    changes = [*compare_provenance(sealed, present), *compare_packages(sealed, present)]
    assert changes == ["data/a/x.csv", "data/b/x.csv", "package numpy (2.0 then, 2.1 now)"]
    because = "because of data/a/x.csv, package numpy (2.0 then, 2.1 now)"
    assert explain_move("a/estimates.csv", changes) == because
    assert explain_move("report.html", []) == "though no input, code or package differs"


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("definitions.json", "because of caseseries/response/series.py, config/definitions/fit.yaml"),
        (
            "a/estimates.csv",
            "because of caseseries/estimate/rates.py, caseseries/reconcile/reconcile.py, "
            "caseseries/response/series.py, config/definitions/fit.yaml, data/a/x.csv",
        ),
        (
            "claims.csv",
            "because of caseseries/estimate/rates.py, caseseries/reconcile/reconcile.py, "
            "caseseries/response/series.py, config/definitions/fit.yaml, data/a/x.csv, data/b/x.csv",
        ),
    ],
)
def test_only_what_stands_before_a_file_can_have_moved_it(file, expected):
    changes = [
        "caseseries/estimate/rates.py",
        "caseseries/reconcile/reconcile.py",
        "caseseries/show/save.py",
        "caseseries/response/series.py",
        "config/definitions/fit.yaml",
        "data/a/x.csv",
        "data/b/x.csv",
    ]
    assert explain_move(file, changes) == expected
    assert "caseseries/show/save.py" in explain_move("a/tables/cases.html", changes)
    assert "data/b/x.csv" in explain_move("tables/pooled.csv", changes)


def test_files_that_moved_for_one_reason_stand_under_it():
    moved = {"a/estimates.csv": "changed", "b/estimates.csv": "changed", "a/spread.csv": "missing"}
    assert describe_moves(moved, ["data/a/x.csv"]) == [
        "Because of data/a/x.csv:",
        "  a/estimates.csv: changed",
        "  a/spread.csv: missing",
        "b/estimates.csv: changed, though no input, code or package differs",
    ]


def test_many_files_of_a_folder_are_one_reason():
    changes = [f"caseseries/show/{name}.py" for name in "abcd"] + ["caseseries/model/a.py", "Python (3.11, 3.12)"]
    reason = explain_move("report.html", changes)
    assert reason == "because of caseseries/show/ (4 files), caseseries/model/a.py, Python (3.11, 3.12)"


def test_a_table_of_the_same_name_as_a_result_is_made_by_show():
    assert "caseseries/show/save.py" in explain_move("a/tables/description.csv", ["caseseries/show/save.py"])


def test_a_restricted_file_is_moved_by_its_own_cohort():
    changes = ["data/a/x.csv", "data/b/x.csv"]
    assert explain_move("restricted/a/responses.csv", changes) == "because of data/a/x.csv"


def test_files_of_a_restricted_cohort_are_not_told():
    found = {"python": "3.11", "inputs": {"data/a/x.csv": "1", "data/ab/x.csv": "2", "config/config.yaml": "3"}}
    assert may_be_told(found, ["a"])["inputs"] == {"data/ab/x.csv": "2", "config/config.yaml": "3"}
    assert may_be_told(found, []) == found


def test_another_python_is_a_change():
    assert compare_packages(
        {"packages": {}, "python": "3.11.7"}, {"packages": {"numpy": "2.1"}, "python": "3.12.0"}
    ) == ["package numpy (absent then, 2.1 now)", "Python (3.11.7 then, 3.12.0 now)"]


def test_without_a_provenance_the_run_is_asked_for(tmp_path):
    with pytest.raises(BadInput, match="there is no provenance; run the analysis first"):
        read_provenance(tmp_path / "provenance.json")


def test_an_input_is_named_by_its_place_or_as_it_was_given(tmp_path):
    layout = Layout(tmp_path / "data", tmp_path / "config", tmp_path / "results")
    assert shown(tmp_path / "data" / "a" / "x.csv", layout) == "data/a/x.csv"
    assert shown(tmp_path / "mine.yaml", layout) == (tmp_path / "mine.yaml").as_posix()


def test_what_no_stage_is_known_to_have_made_may_have_moved_by_anything():
    assert explain_move("notes.txt", ["data/a/x.csv"]) == "because of data/a/x.csv"
    assert explain_move("a/estimates.csv", ["config/config.yaml"]) == "because of config/config.yaml"


def test_a_cohort_that_left_the_list_leaves_the_release_with_all_that_stages_made_of_it(tmp_path):
    layout = Layout(tmp_path / "data", tmp_path / "config", tmp_path / "results")
    for name in (
        "a/estimates.csv",
        "gone/estimates.csv",
        "gone/tables/cases.html",
        "kept/estimates.csv",
        "kept/mine.txt",
    ):
        (layout.release / name).parent.mkdir(parents=True, exist_ok=True)
        (layout.release / name).touch()
    remove_others(layout, ["a"])
    left = {path.relative_to(layout.release).as_posix() for path in layout.release.rglob("*")}
    assert left == {"a", "a/estimates.csv", "kept", "kept/mine.txt"}  # what is nobody's stays and is named by verify
