"""What a person is told of a faulty option, and where the computer, not the input, is in the way."""

import errno
import os
import subprocess
import sys

import pytest

from caseseries.cli import main
from caseseries.ingest import ingest


def fail_with(monkeypatch, code, *file):
    def refuse(arguments, layout):
        raise OSError(code, os.strerror(code), *file)

    monkeypatch.setattr(ingest, "run", refuse)


def test_a_folder_that_cannot_be_written_is_told_in_one_line(monkeypatch, capsys):
    fail_with(monkeypatch, errno.EACCES, "results/restricted")
    assert main(["ingest", "yu-2023"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("results/restricted: the computer does not allow it (Permission denied); check the rights")


def test_a_full_disk_is_named_with_the_file(monkeypatch, capsys):
    fail_with(monkeypatch, errno.ENOSPC, "results/restricted/a.csv")
    assert main(["ingest", "yu-2023"]) == 2
    assert capsys.readouterr().err.startswith("results/restricted/a.csv: the disk is full; make room and call")


def test_where_the_log_is_on_the_full_disk_too_run_is_told(tmp_path):
    ended = tmp_path / "ended"
    ended.write_text("\n")
    command = [sys.executable, "-m", "caseseries", "ingest", "nobody-1", "--data", str(tmp_path)]
    with open("/dev/full", "w") as log:  # Linux: whoever writes to it finds the disk full
        environment = os.environ | {"CASESERIES_ENDED": str(ended)}
        done = subprocess.run(command, stdout=log, stderr=log, env=environment, check=False, timeout=60)
    assert done.returncode == 2
    said, code = ended.read_text().split("\n")[1:3]
    assert "nobody-1" in said
    assert code == "2"


def test_what_is_printed_has_no_room(tmp_path):
    ended = tmp_path / "ended"
    command = [sys.executable, "-m", "caseseries", "definitions"]
    with open("/dev/full", "w") as log:
        environment = os.environ | {"CASESERIES_ENDED": str(ended)}
        done = subprocess.run(command, stdout=log, stderr=log, env=environment, check=False, timeout=60)
    assert done.returncode == 2
    assert ended.read_text().splitlines()[0].startswith("what is printed: the disk is full")


def test_any_other_fault_is_ours(monkeypatch):
    fail_with(monkeypatch, errno.EIO, "results")
    with pytest.raises(OSError, match="Input/output error"):
        main(["ingest", "yu-2023"])


@pytest.mark.parametrize("level", ["95", "0.5", "1", "nan", "high"])
def test_a_level_that_is_none_ends_before_any_work(level, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["estimate", "yu-2023", "--level", level])
    assert ended.value.code == 2
    assert "--level: the level must lie between 0.5 and 1 (for example: 0.95)" in capsys.readouterr().err
