"""What a person is told of a faulty option, and where the computer, not the input, is in the way."""

import errno
import os

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


def test_a_full_disk_is_told_without_a_file(monkeypatch, capsys):
    fail_with(monkeypatch, errno.ENOSPC)
    assert main(["ingest", "yu-2023"]) == 2
    assert capsys.readouterr().err.startswith("the computer does not allow it (No space left on device)")


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
