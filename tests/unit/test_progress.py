"""The account of a run, from Snakemake's own events: one line a job, of a failed one its log, nothing else."""

import logging
from types import SimpleNamespace

import pytest
from snakemake_interface_logger_plugins.common import LogEvent
from snakemake_interface_logger_plugins.registry import LoggerPluginRegistry

import snakemake_logger_plugin_caseseries as plugin


@pytest.fixture
def handler():
    return plugin.LogHandler(SimpleNamespace(dryrun=False, verbose=False, printshellcmds=False), None)


def tell(handler, event=None, message="", level=logging.INFO, **more):
    record = logging.LogRecord("snakemake", level, "", 0, message, None, None)
    record.__dict__.update(more, event=event)
    handler.emit(record)


def start(handler, jobid, words):
    tell(handler, LogEvent.JOB_INFO, jobid=jobid, rule_msg=words)


def fail(handler, jobid, log):
    tell(handler, None, "RuleException: command ... exit status 2", logging.ERROR)
    tell(handler, LogEvent.JOB_ERROR, level=logging.ERROR, jobid=jobid, rule_msg=None, rule_name="show", log=[str(log)])
    tell(handler, LogEvent.ERROR, "WorkflowError: at least one job", logging.ERROR)


def test_snakemake_finds_it_by_its_name():
    assert "caseseries" in LoggerPluginRegistry().plugins


def test_a_job_is_a_line_and_nothing_else_is_said(handler, capsys):
    tell(handler, None, "Building the graph")
    tell(handler, LogEvent.RUN_INFO, "a table", stats={"ingest": 8, "total": 12})
    start(handler, 1, "ingest yu-2023")
    tell(handler, LogEvent.JOB_FINISHED, "Finished job", job_id=1)
    tell(handler, LogEvent.PROGRESS, done=1, total=12)
    start(handler, 0, None)
    start(handler, 2, "classify yu-2023")
    tell(handler, None, "Complete log")
    handler.close()
    assert capsys.readouterr().out.splitlines() == ["[ 0 of 12] ingest yu-2023", "[ 1 of 12] classify yu-2023"]


def test_of_a_failed_job_its_log_is_shown(handler, capsys, tmp_path):
    log = tmp_path / "show.log"
    log.write_text("cohort.yaml, line 3: not so\n")
    tell(handler, LogEvent.RUN_INFO, stats={"total": 1})
    start(handler, 4, "show yu-2023")
    fail(handler, 4, log)
    handler.close()
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:] == ["show yu-2023: failed", "cohort.yaml, line 3: not so"]


@pytest.mark.parametrize("written", [True, False])
def test_where_the_log_is_empty_snakemake_is_heard(handler, capsys, tmp_path, written):
    log = tmp_path / "show.log"
    if written:
        log.write_text("")
    start(handler, 4, "show yu-2023")
    fail(handler, 4, log)
    handler.close()
    assert "RuleException: command ... exit status 2" in capsys.readouterr().out


def test_a_fault_outside_the_jobs_and_a_warning_are_told(handler, capsys):
    tell(handler, None, "an odd thing", logging.WARNING)
    tell(handler, LogEvent.ERROR, "MissingInputException in rule ingest", logging.ERROR)
    handler.close()
    assert capsys.readouterr().out.splitlines() == ["an odd thing", "MissingInputException in rule ingest"]


def test_where_nothing_was_done_the_last_remark_is_told(handler, capsys):
    tell(handler, None, "Building the graph")
    tell(handler, None, "Nothing to be done")
    handler.close()
    assert capsys.readouterr().out == "Nothing to be done\n"


def test_a_dry_run_reads_as_snakemake_has_it(capsys):
    handler = plugin.LogHandler(SimpleNamespace(dryrun=True, verbose=False, printshellcmds=False), None)
    assert not handler.has_filter and not handler.has_formatter
    tell(handler, None, "This was a dry-run")
    assert capsys.readouterr().out == "This was a dry-run\n"


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("WorkflowError:\nError recording metadata ([Errno 28] No space left on device). Please ...", ".snakemake"),
        ("Traceback ...\nOSError: [Errno 28] No space left on device: 'results/logs'", "results/logs"),
    ],
)
def test_a_full_disk_is_told_once_in_words_and_noted(handler, capsys, tmp_path, monkeypatch, text, file):
    ended = tmp_path / "ended"
    monkeypatch.setenv("CASESERIES_ENDED", str(ended))
    for _ in range(2):
        tell(handler, LogEvent.ERROR, text, logging.ERROR)
    handler.close()
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"{file}: the disk is full; make room")
    assert set(ended.read_text().split()) == {"2"}


def test_what_had_no_room_in_a_log_is_told(handler, capsys, tmp_path, monkeypatch):
    (tmp_path / "ended").write_text("\nresults/x.csv: the disk is full\n2\n")
    monkeypatch.setenv("CASESERIES_ENDED", str(tmp_path / "ended"))
    (tmp_path / "log").touch()
    start(handler, 4, "show yu-2023")
    fail(handler, 4, tmp_path / "log")
    assert capsys.readouterr().out.splitlines()[1:] == ["show yu-2023: failed", "results/x.csv: the disk is full"]
