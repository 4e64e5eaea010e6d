"""How `./run` tells of a run, as a logger plugin of Snakemake: one line a job, "[done of all] stage cohort".

Of a failed job its log is shown and nothing else. A dry run, and a run with `--verbose`, reads as Snakemake has it.
Snakemake finds the plugin by the name of this package (`--logger caseseries`).
"""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path
from typing import Any

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent

from caseseries.cli import note
from caseseries.model.files import FULL, told_full


class LogHandler(LogHandlerBase):
    """Prints the account of one run."""

    def __post_init__(self) -> None:
        self.finished, self.jobs = 0, 0
        self.failed = False
        self.doing: dict[int, str] = {}
        """Job -> what it does, in words."""
        self.remark = ""
        """What Snakemake said last, told where it did nothing else."""
        self.errors: list[str] = []
        """Errors that no job's log has explained yet."""
        logging.raiseExceptions = False  # Snakemake's own log file may lie on a full disk

    @property
    def writes_to_stream(self) -> bool:
        """It stands in for Snakemake's own account."""
        return True

    @property
    def writes_to_file(self) -> bool:
        """Snakemake keeps its own log file."""
        return False

    @property
    def as_snakemake(self) -> bool:
        """Whether the account is Snakemake's own."""
        return bool(self.common_settings.dryrun or self.common_settings.verbose)

    @property
    def has_filter(self) -> bool:
        """Nothing is filtered before `emit`, but where the account is Snakemake's own."""
        return not self.as_snakemake

    @property
    def has_formatter(self) -> bool:
        """Lines are made here, but where the account is Snakemake's own."""
        return not self.as_snakemake

    @property
    def needs_rulegraph(self) -> bool:
        """No graph is drawn."""
        return False

    def emit(self, record: logging.LogRecord) -> None:
        """Print what a record means to the reader, if anything."""
        if self.as_snakemake:
            self._print(self.format(record))
            return
        told: dict[str, Any] = vars(record)  # Snakemake adds to a record what its event is about
        event = told.get("event")
        if event == LogEvent.RUN_INFO:
            self.jobs = told["stats"]["total"]
        elif event == LogEvent.PROGRESS:
            self.finished, self.jobs = told["done"], told["total"]
        elif event == LogEvent.JOB_INFO and told["rule_msg"]:
            self.doing[told["jobid"]] = told["rule_msg"]
            self._print(f"[{self.finished:{len(str(self.jobs))}} of {self.jobs}] {told['rule_msg']}")
        elif event == LogEvent.JOB_ERROR:
            self._explain(told)
        elif event == LogEvent.SHELLCMD and self.common_settings.printshellcmds:
            self._print(told.get("shellcmd") or told.get("cmd", ""))
        elif record.levelno >= logging.ERROR:
            self.errors.append(record.getMessage())
        elif event is None and record.levelno >= logging.WARNING:
            self._print(record.getMessage())
        elif event is None and record.levelno == logging.INFO:
            self.remark = record.getMessage()

    def close(self) -> None:
        """Tell of what no line has told yet: errors outside the jobs, or that nothing was to be done."""
        if not self.as_snakemake:
            if self.errors and not self.failed:
                self._print("\n".join(dict.fromkeys(map(_in_words, self.errors))))
            elif not self.jobs and not self.failed and self.remark:
                self._print(self.remark)
            self.errors, self.remark = [], ""
        super().close()

    def _explain(self, told: dict[str, Any]) -> None:
        """The log of a failed job; what Snakemake says of it only where the log is empty."""
        self.failed = True
        logs = [Path(name) for name in told["log"]]
        said = [log.read_text(encoding="utf-8", errors="replace").strip() for log in logs if log.is_file()]
        reason = "\n".join([text for text in said if text] or _noted() or self.errors)
        self.errors = []
        self._print(f"{self.doing.get(told['jobid'], told['rule_name'])}: failed\n{reason}")

    def _print(self, text: str) -> None:
        if text:
            print(text, flush=True)


def _noted() -> list[str]:
    """What stages said that had no room in their logs."""
    ended = Path(os.environ.get("CASESERIES_ENDED", ""))
    lines = ended.read_text(encoding="utf-8").splitlines() if ended.is_file() else []
    return [line for line in lines if line and not line.isdigit()]


def _in_words(error: str) -> str:
    """An error of Snakemake, which hands on its text alone; that of a full disk in words, and noted as bad input."""
    for number in FULL:
        if found := re.search(rf"\[Errno {number}\](?: [^:\n]*: '(.+)')?", error):
            note("2")
            return told_full(found[1] or ".snakemake")
    return error
