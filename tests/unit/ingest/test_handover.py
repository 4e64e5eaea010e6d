"""What the check of a run has examined is taken over by ingest where it holds, and only there."""

import os
import shutil
from argparse import Namespace
from pathlib import Path

import pytest

from caseseries.ingest import check, folder, handover, ingest
from caseseries.model.findings import BadInput
from caseseries.model.layout import Layout

ROOT = Path(__file__).parents[3]
COHORT = "simulated-rhtpo"


@pytest.fixture
def layout(tmp_path, monkeypatch):
    """One cohort, and a place for what is examined of it."""
    shutil.copytree(ROOT / "data" / COHORT, tmp_path / "data" / COHORT)
    made = Layout(tmp_path / "data", ROOT / "config", tmp_path / "results")
    made.results.mkdir()
    before = os.umask(0o077)
    with handover.offered(made) as found_by:
        monkeypatch.setenv(handover.OFFERED, found_by[handover.OFFERED])
        yield made
    os.umask(before)


def examine(layout):
    return check.check_folders(Namespace(path=[layout.cohort(COHORT)], configfile=[]), layout)


def made(layout):
    files = sorted(file for file in layout.restricted(COHORT).rglob("*") if file.is_file())
    return {str(file.relative_to(layout.results)): (file.read_bytes(), oct(file.stat().st_mode)) for file in files}


def alone(layout, capsys):
    """What ingest writes and says where nobody offers a place."""
    apart = Layout(layout.data, layout.config, layout.results.parent / "apart")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(handover.OFFERED)
        ingest.run(Namespace(cohort=COHORT), apart)
    return made(apart), capsys.readouterr().out


def handed():
    return Path(os.environ[handover.OFFERED]) / COHORT


def no_second_look(*given):
    pytest.fail("the source is examined a second time")


@pytest.mark.parametrize("large", [False, True], ids=["small", "in blocks"])
def test_what_was_examined_is_taken_without_a_second_look(layout, monkeypatch, capsys, large):
    if large:
        monkeypatch.setattr(folder, "LARGE", 1)
    wanted, said = alone(layout, capsys)
    examine(layout)
    assert (handed().parent.stat().st_mode & 0o777, handed().stat().st_mode & 0o777) == (0o700, 0o700)
    capsys.readouterr()
    monkeypatch.setattr(ingest, "open_folder", no_second_look)
    ingest.run(Namespace(cohort=COHORT), layout)
    assert (made(layout), capsys.readouterr().out) == (wanted, said)
    assert {mode for _, mode in made(layout).values()} == {"0o100600"}
    assert not handed().exists()


def test_what_has_changed_since_is_examined_again(layout, capsys):
    examine(layout)
    counts = layout.cohort(COHORT) / "counts.csv"
    lines = counts.read_text().splitlines(keepends=True)
    counts.write_text("".join(lines[:-1]))
    wanted, said = alone(layout, capsys)
    ingest.run(Namespace(cohort=COHORT), layout)
    assert (made(layout), capsys.readouterr().out) == (wanted, said)


def test_a_fault_that_came_after_the_check_is_refused(layout):
    examine(layout)
    (layout.cohort(COHORT) / "claims.yaml").write_text("- id: half\n")
    with pytest.raises(BadInput, match=r"claims\.yaml"):
        ingest.run(Namespace(cohort=COHORT), layout)
    assert not layout.restricted(COHORT).exists()


def test_what_changes_while_it_is_examined_is_not_handed_over(layout, monkeypatch):
    whole_key, called = handover.key_of, []

    def changing(*given):
        called.append(given)
        return f"{whole_key(*given)}{len(called)}"

    monkeypatch.setattr(check, "key_of", changing)
    examine(layout)
    assert not (handed() / handover.KEY).exists()
    assert handover.take(COHORT, layout) is None


@pytest.mark.parametrize("large", [False, True], ids=["small", "in blocks"])
def test_a_cohort_with_an_error_leaves_its_findings_alone(layout, monkeypatch, large):
    if large:
        monkeypatch.setattr(folder, "LARGE", 1)
    counts = layout.cohort(COHORT) / "counts.csv"
    lines = counts.read_text().splitlines()
    counts.write_text("\n".join([*lines, lines[-1].rsplit(",", lines[-1].count(","))[0] + ",no day"]) + "\n")
    found = examine(layout).findings
    assert any(one.severity == "error" and one.file.endswith("counts.csv") for one in found)
    assert list(handed().parent.iterdir()) == []
    monkeypatch.delenv(handover.OFFERED)
    assert examine(layout).findings == found


def test_after_a_kill_in_the_middle_of_taking_over_all_is_examined(layout, monkeypatch, capsys):
    wanted, _ = alone(layout, capsys)
    examine(layout)
    with monkeypatch.context() as patch:
        patch.setattr(handover, "inside", lambda *given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            handover.take(COHORT, layout)
    ingest.run(Namespace(cohort=COHORT), layout)
    assert made(layout) == wanted


def test_without_room_for_it_a_cohort_is_checked_all_the_same(layout, monkeypatch):
    monkeypatch.setattr(check, "make", lambda *given: (_ for _ in ()).throw(OSError(28, "no room")))
    checked = examine(layout)
    assert COHORT in checked.records
    assert list(handed().parent.iterdir()) == []


def test_what_ingest_has_made_already_is_not_made_for_it(layout):
    record = handover.record_of(handover.stage_of_rule("ingest"), COHORT, layout)
    record.parent.mkdir(parents=True)
    record.touch()
    examine(layout)
    assert not handed().exists()


def test_a_check_by_hand_leaves_nothing(layout, monkeypatch):
    monkeypatch.delenv(handover.OFFERED)
    before = sorted(layout.results.parent.rglob("*"))
    examine(layout)
    assert sorted(layout.results.parent.rglob("*")) == before


def test_the_place_is_gone_when_the_run_ends(tmp_path):
    layout = Layout(tmp_path / "data", tmp_path / "config", tmp_path / "results")
    with handover.offered(layout) as found_by:
        assert found_by == {}  # no results that it could lie beside
    layout.results.mkdir()
    with handover.offered(layout) as found_by:
        (Path(found_by[handover.OFFERED]) / "a").mkdir()
    assert list(layout.results.iterdir()) == []
