"""Tables as text: what a source file holds before anything is believed about it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from caseseries.ingest.identifiers import CLASSES
from caseseries.model.findings import Finding

SHOWN_AT_MOST = 25
"""Findings of one rule on one column that are written out; the rest are counted."""

_SAFE_CASE = re.compile(r"^[A-Za-z]{0,20}[-_. ]?[A-Za-z0-9]{1,12}([-_.][A-Za-z0-9]{1,8})?$", re.ASCII)
_SAFE_NAME = re.compile(r"^[^\W\d][\w .()%/^-]{0,39}$")


@dataclass(frozen=True)
class SourceTable:
    """The cells of one table of the contract.

    Parameters
    ----------
    name : table of the contract, such as `counts`.
    texts : str cells without surrounding blanks, "" for missing; one column a header.
    lines : line (or sheet row) of each row in its file, from 1.
    files : (first row, file as shown in messages), in order: several files may make one table.
    headers : column -> header in the source, where a mapping renamed it.
    row_headers : column -> header of each row, where columns of the source became rows.
    epoch : day 0 of the numbers by which a workbook keeps its dates; None where the source is text.
    """

    name: str
    texts: pd.DataFrame
    lines: np.ndarray
    files: tuple[tuple[int, str], ...] = field(default=((0, ""),))
    headers: dict[str, str] = field(default_factory=dict)
    row_headers: dict[str, np.ndarray] = field(default_factory=dict)
    epoch: date | None = None

    @property
    def shown(self) -> str:
        """The file named where a fault is not about one row."""
        return self.files[0][1]

    @property
    def file_name(self) -> str:
        """The file as a message about another one names it; of several together, what they are sources of."""
        names = {file.rsplit("/", 1)[-1] for _, file in self.files}
        return names.pop() if len(names) == 1 else f"the sources of {self.name}"

    def __len__(self) -> int:
        return len(self.texts)

    def assign_cases(self, cases: pd.Series | None) -> SourceTable:
        """The same rows with the case of each, so that findings can name it."""
        if cases is None:
            cases = pd.Series("", index=self.texts.index, dtype=object)
        return replace(self, texts=self.texts.assign(episode_id=cases))

    def place(self, row: int) -> dict[str, Any]:
        """File, case and line of a row, as a finding wants them."""
        file = self.files[bisect_right([first for first, _ in self.files], row) - 1][1]
        case = shown_case(self.texts["episode_id"].iat[row]) if "episode_id" in self.texts else ""
        return {"file": file, "case": case, "line": int(self.lines[row])}

    def take(self, rows: np.ndarray) -> SourceTable:
        """Some of the rows, by a mask or by position; where they come from several files, each keeps its own."""
        rows = np.flatnonzero(rows) if rows.dtype == bool else rows
        files = self.files
        if len(files) > 1:
            owners = np.searchsorted([first for first, _ in files], rows, side="right") - 1
            changes = np.flatnonzero(np.diff(owners, prepend=-1))
            files = tuple((int(row), files[owners[row]][1]) for row in changes) or (files[0],)
        return replace(
            self,
            texts=self.texts.iloc[rows].reset_index(drop=True),
            lines=self.lines[rows],
            files=files,
            row_headers={name: headers[rows] for name, headers in self.row_headers.items()},
        )

    def name_column(self, column: str, row: int | None = None) -> str:
        """A column as a finding names it: with its header in the source where that is another."""
        header = self.headers.get(column, column)
        if column in self.row_headers and row is not None:
            header = self.row_headers[column][row]
        named = shown_name(column, list(self.texts.columns))
        return named if header == column else f"{named} (from {header})"

    def flag(
        self, rows: Iterable[int], column: str, rule: str, example: str = "", severity: str = "error"
    ) -> list[Finding]:
        """One finding for each row (at most `SHOWN_AT_MOST`, then one that counts the rest)."""
        rows = np.asarray(list(rows), dtype=int)
        findings = [
            Finding(
                column=self.name_column(column, row), rule=rule, example=example, severity=severity, **self.place(row)
            )
            for row in rows[:SHOWN_AT_MOST]
        ]
        if len(rows) > SHOWN_AT_MOST:
            named = self.name_column(column)
            fault = Finding(self.shown, column=named, rule=rule, example=example, severity=severity)
            findings.append(say_more(fault, len(rows) - SHOWN_AT_MOST))
        return findings


def say_more(fault: Finding, rows: int) -> Finding:
    """What is said of further rows that have a fault."""
    return replace(fault, rule=fault.rule + _more(rows), more=rows)


def _more(rows: int) -> str:
    return f" ({rows} more rows have the same fault)"


class Gathered:
    """Findings of the parts of a cohort as if it had been looked at as a whole.

    Of each fault of a column of a file the first `SHOWN_AT_MOST` rows are told and the others counted, whichever part
    they are in.
    """

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self._told: dict[Finding, dict[Finding, None]] = {}
        self._more: dict[Finding, int] = {}
        self.add(findings)

    def add(self, findings: Iterable[Finding]) -> None:
        """Take the findings of a part."""
        for finding in findings:
            fault = replace(finding, case="", line=0, rule=finding.rule.removesuffix(_more(finding.more)), more=0)
            told = self._told.setdefault(fault, {})
            if finding.more:
                self._more[fault] = self._more.get(fault, 0) + finding.more
            else:
                told[finding] = None
            if len(told) > 4 * SHOWN_AT_MOST:
                self._cut(fault)

    def _cut(self, fault: Finding) -> None:
        told = sorted(self._told[fault], key=lambda finding: (finding.line, finding))
        self._told[fault] = dict.fromkeys(told[:SHOWN_AT_MOST])
        if more := len(told[SHOWN_AT_MOST:]):
            self._more[fault] = self._more.get(fault, 0) + more

    @property
    def errors(self) -> bool:
        """Whether one of them is an error."""
        return any(fault.severity == "error" for fault in self._told)

    def tell(self) -> list[Finding]:
        """All of them."""
        for fault in self._told:
            self._cut(fault)
        told = [finding for findings in self._told.values() for finding in findings]
        return told + [say_more(fault, rows) for fault, rows in self._more.items()]


def join(tables: Sequence[SourceTable]) -> SourceTable:
    """Rows of several sources of one table, each with its own file and lines."""
    if len(tables) == 1:
        return tables[0]
    texts = pd.concat([table.texts for table in tables], ignore_index=True).fillna("").astype(object)
    lines = np.concatenate([table.lines for table in tables])
    starts = np.cumsum([0, *(len(table) for table in tables)])
    files = tuple(
        (int(start) + first, file) for start, table in zip(starts, tables, strict=False) for first, file in table.files
    )
    headers = {name: header for table in tables for name, header in table.headers.items()}
    longest = {name for table in tables for name in table.row_headers}
    longest |= {name for table in tables for name, header in table.headers.items() if header != headers[name]}
    row_headers = {name: np.concatenate([_row_headers(table, name) for table in tables]) for name in longest}
    return SourceTable(tables[0].name, texts, lines, files, headers, row_headers)


def _row_headers(table: SourceTable, column: str) -> np.ndarray:
    if column in table.row_headers:
        return table.row_headers[column]
    return np.full(len(table), table.headers.get(column, column), dtype=object)


def name_lines(lines: Iterable[int]) -> str:
    """Lines of a file in words, neighbours together: 4, 7 to 9; after twenty parts the rest is counted."""
    parts: list[list[int]] = []
    ordered = sorted(set(lines))
    for line in ordered:
        if parts and line == parts[-1][1] + 1:
            parts[-1][1] = line
        else:
            parts.append([line, line])
    named = [
        f"{first} to {last}" if last > first + 1 else ", ".join(map(str, {first: 0, last: 0}))
        for first, last in parts[:20]
    ]
    more = sum(last - first + 1 for first, last in parts[20:])
    return ", ".join(named) + (f" and {more} more" if more else "")


def shown_case(case: str) -> str:
    """A case label fit for a message, or "": what looks like a name, a date or a number of a record is not shown."""
    number = re.search(r"^\d{6,}$|\d{8,}", case)
    if not _SAFE_CASE.match(case) or number or re.search(r"\d{2,4}[-./]\d{1,2}[-./]\d{1,4}", case):
        return ""
    return "" if re.search(r"[A-Za-z]{3,}", case) and not re.search(r"\d", case) else case


def shown_name(name: str, header: Sequence[str] = ()) -> str:
    """A column name fit for a message; one that looks like a value (a file without its header row) by its place."""
    if not name or (_SAFE_NAME.match(name) and not any(found.value_pattern.search(name) for found in CLASSES)):
        return name
    return f"column {list(header).index(name) + 1}" if name in header else "a column"


def shown_file(name: str) -> str:
    """A file's name fit for a message: one that looks like a person's name, date or number is not shown."""
    stem, _, suffix = name.partition(".")
    written = (name, stem, re.sub(r"[\s_]+", " ", stem), re.sub(r"[\s_-]+", " ", stem))
    if not any(found.value_pattern.search(one) for found in CLASSES for one in written):
        return name
    return f"a file of the kind .{suffix}" if re.fullmatch(r"[A-Za-z]{1,5}", suffix) else "a file"
