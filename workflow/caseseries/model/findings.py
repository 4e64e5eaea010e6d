"""What is wrong with an input, said so that the person who made it can mend it.

Checks never stop at the first fault: they collect findings, and whoever runs them raises one `BadInput` with all.
A finding names the file, the case, the column, the rule and an example of a good value, never a person's value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    """One fault (or doubt) in an input file.

    Parameters
    ----------
    file : path as the user knows it, relative to the project or the folder given.
    case : the episode, "" where the fault is not about one.
    line : line in the file (of a Parquet file, the row), counted from 1, 0 where unknown.
    column : column or key, "" where the fault is not about one.
    rule : what must hold, as a full clause without the offending value.
    example : a good value, "" where none helps.
    severity : "error" (blocks) or "warning" (counted in the report).
    more : rows with a fault that was told of others, for which this one stands; 0 for a fault that is told itself.
    """

    file: str
    case: str = ""
    line: int = 0
    column: str = ""
    rule: str = ""
    example: str = ""
    severity: str = "error"
    more: int = field(default=0, compare=False, repr=False)

    @property
    def place(self) -> str:
        """The line as a message names it."""
        return f"{'row' if self.file.endswith('.parquet') else 'line'} {self.line}"

    def __lt__(self, other: Finding) -> bool:
        """Whether it is told before another: by file, case and line, what counts further rows after those named."""
        return self._order < other._order

    @property
    def _order(self) -> tuple[str, bool, str, int, str, str, str, str]:
        more = self.more > 0
        return self.file, more, self.case, self.line, self.column, self.rule, self.example, self.severity

    def __str__(self) -> str:
        where = self.file + (f", {self.place}" if self.line else "")
        if self.case:
            where += f", case {self.case}"
        if self.column:
            where += f", {self.column}"
        hint = f" (for example: {self.example})" if self.example else ""
        return f"{where}: {self.rule}{hint}"


class BadInput(Exception):
    """All findings that keep an input from being used. The command line prints them and exits with code 2."""

    def __init__(self, findings: Iterable[Finding]):
        self.findings = sorted(set(findings))
        super().__init__("\n".join(str(finding) for finding in self.findings))


def raise_errors(findings: Iterable[Finding]) -> list[Finding]:
    """Raise `BadInput` with every error among the findings; return the warnings where there is no error."""
    findings = sorted(set(findings))
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise BadInput(errors)
    return findings
