"""A result takes its name when it is whole, and is held to what its stage wrote."""

import errno
import os

import pytest
from xlsxwriter.exceptions import FileCreateError

from caseseries.model.files import sweep, whole, write_text
from caseseries.model.layout import Layout
from caseseries.model.made import cohorts_there, not_as_made, record_made, recorded, runs, take_back
from caseseries.model.stages import STAGES, stage_called, stage_of_rule, stage_that_made


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_file_takes_its_name_when_it_is_whole(tmp_path):
    with whole(tmp_path / "deep" / "a.csv") as beside:
        beside.write_text("half")
        assert not (tmp_path / "deep" / "a.csv").exists()
    assert names(tmp_path) == ["deep", "deep/a.csv"]


def test_a_folder_replaces_the_one_before_it_whole(tmp_path):
    for name in ("old", "new"):
        with whole(tmp_path / "tables") as beside:
            beside.mkdir()
            (beside / f"{name}.csv").touch()
    assert names(tmp_path) == ["tables", "tables/new.csv"]


@pytest.mark.parametrize("folder", [True, False])
def test_after_an_error_the_result_before_it_stands_and_nothing_else(tmp_path, folder):
    write_text(tmp_path / "a", "before")
    with pytest.raises(ZeroDivisionError), whole(tmp_path / ("b" if folder else "a")) as beside:
        if folder:
            beside.mkdir()
            (beside / "x").touch()
        else:
            beside.write_text("half")
        _ = 1 / 0
    assert names(tmp_path) == ["a"]
    assert (tmp_path / "a").read_text() == "before"


def test_a_full_disk_names_the_file_that_was_to_be_written(tmp_path):
    with pytest.raises(OSError, match="No space left") as full, whole(tmp_path / "a.csv"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert full.value.filename == str(tmp_path / "a.csv")


def test_a_full_disk_is_known_through_the_error_of_a_library(tmp_path):
    with pytest.raises(OSError, match="No space left") as full, whole(tmp_path / "a.xlsx"):
        try:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            raise FileCreateError(error)  # noqa: B904 - as xlsxwriter has it
    assert (full.value.errno, full.value.filename) == (errno.ENOSPC, str(tmp_path / "a.xlsx"))


def test_what_killed_stages_left_is_swept(tmp_path):
    (tmp_path / "x" / ".tables.7.partial").mkdir(parents=True)
    (tmp_path / "x" / ".tables.7.partial" / "a.csv").touch()
    (tmp_path / "x" / ".a.csv.7.partial").touch()
    (tmp_path / "x" / "a.csv").touch()
    sweep(tmp_path)
    assert names(tmp_path) == ["x", "x/a.csv"]


@pytest.fixture
def layout(tmp_path):
    """Results of the stage `show` for one cohort, as that stage left them."""
    layout = Layout(results=tmp_path / "results")
    for name in SHOW.outputs:
        with whole(layout.path(name, "a-2020")) as beside:
            beside.mkdir()
            (beside / "index.json").write_text("[]")
    (layout.path("tables", "a-2020") / ".snakemake_timestamp").touch()
    record_made(SHOW, "a-2020", layout)
    return layout


SHOW = stage_of_rule("show")


def test_what_a_stage_wrote_is_as_it_was_made(layout):
    assert not_as_made(SHOW, "a-2020", layout) == []
    assert len(recorded(SHOW, "a-2020", layout)) == len(SHOW.outputs)


@pytest.mark.parametrize("harm", ["edited", "removed", "added"])
def test_what_anybody_else_did_is_named(layout, harm):
    file = layout.path("tables", "a-2020") / ("added.csv" if harm == "added" else "index.json")
    file.unlink() if harm == "removed" else file.write_text("other")
    assert not_as_made(SHOW, "a-2020", layout) == [f"results/release/a-2020/tables/{file.name}"]


def test_what_no_stage_has_kept_a_record_of_is_no_result(layout):
    for record in (layout.results / "restricted" / ".made").rglob("*.sha256"):
        record.unlink()
    assert len(not_as_made(SHOW, "a-2020", layout)) == len(SHOW.outputs)


def test_taken_back_it_is_as_if_the_stage_had_not_run(layout):
    take_back(SHOW, "a-2020", layout)
    assert not_as_made(SHOW, "a-2020", layout) == []
    assert not [path for path in layout.results.rglob("*") if path.is_file()]


def test_cohorts_of_which_results_lie_there(layout):
    layout.path("pooled").parent.mkdir(parents=True)
    layout.path("tables_across").mkdir(parents=True)
    assert cohorts_there(layout) == ["a-2020"]


def test_a_stage_runs_for_each_cohort_or_once():
    assert sum(1 for _ in runs(["a", "b"])) == sum(2 if stage.of_a_cohort else 1 for stage in STAGES)


def test_a_stage_is_known_by_its_call_and_by_its_files():
    assert stage_called("show", "yu-2023").rule == "show"
    assert stage_called("show", "pooled").rule == "show_pooled"
    assert stage_called("report", None).rule == "report"
    assert stage_called("explain", "yu-2023") is None
    for stage in STAGES:
        for path in stage.outputs.values():
            name = path.format(cohort="a-2020") + ("index.json" if path.endswith("/") else "")
            assert stage_that_made(name) is stage
