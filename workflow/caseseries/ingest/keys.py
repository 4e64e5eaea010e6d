"""What the keys of a file's rows tell before labels are made of them: rows that are no case, one case written twice."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from caseseries.ingest.draft.headers import read_header
from caseseries.ingest.draft.vocabulary import FEWEST_COLUMNS, load_words
from caseseries.ingest.identify import IDS
from caseseries.ingest.leftover import Choice
from caseseries.ingest.letters import spell_plainly
from caseseries.ingest.shape import join_cells, name_headers
from caseseries.ingest.source import name_lines
from caseseries.model.findings import Finding
from caseseries.model.mapping import SHEET
from caseseries.model.text import fold_text

HEADERS = (
    "the row is no case: it holds the headers once more; if another table begins there, end this one with last_row and "
    "read the other by a source of its own with its header_row; if not, name the word under leave_out"
)
SUMS = "the row is no case: it is called a sum, a mean or the like; name the word under leave_out, or say last_row"
TURNED = (
    "the row is no case: it is called like a variable; if each case is a column of the sheet, say transpose: true, if "
    "not, name the word under leave_out"
)
ALONE = (
    "the row is no case: it holds a title or a remark alone; choose the rows of cases by where, such as a header that "
    "is filled in all of them"
)
FEWEST_VARIABLES = 2
"""Keys that are words for variables from which the rows are surely not those of cases."""
MOST_ASKED = 200
"""Keys in words that are looked up among those for variables: of a sheet with a case a column the first are such."""
ALIKE = (
    "keys that differ by capitals, blanks, hyphens or leading zeros alone are taken for different ones; if one is "
    "meant, write it in one way"
)


def refuse_no_cases(choices: Sequence[Choice]) -> list[Finding]:
    """An error for each row that is read and whose key is a header, a variable or a word for a sum, each line once."""
    findings: dict[tuple[str, int, str], Finding] = {}
    for choice in choices:
        keys = _keys_of(choice)
        if keys is None:
            continue
        table, named = choice.rows, name_headers(choice.source.columns["episode_id"])
        headers = {fold_text(header) for header in choice.source.columns["episode_id"].headers}
        folded = {key: fold_text(key) for key in pd.unique(keys)}
        spoken = [key for key in folded if _may_be_word(key)]
        sums = load_words().find_summaries(folded) if spoken else set()
        if spoken and len(table.texts.columns) >= FEWEST_COLUMNS:
            nothing = (table.texts.eq("") | table.texts.eq(keys, axis=0)).all(axis=1)  # merged, it fills the row
            findings |= _told(table.flag(np.flatnonzero(keys.isin(spoken) & nothing), named, ALONE))
        again = {key for key, plain in folded.items() if plain in headers}
        for rule, meant in ((HEADERS, again), (SUMS, sums), (TURNED, _find_variables(spoken, headers))):
            findings |= _told(table.flag(np.flatnonzero(keys.isin(meant)), named, rule))
    return list(findings.values())


def _told(findings: Sequence[Finding]) -> dict[tuple[str, int, str], Finding]:
    """Findings by what makes them one: several sources read the same row."""
    return {(finding.file, finding.line, finding.rule): finding for finding in findings}


def doubt_alike(choices: Sequence[Choice]) -> list[Finding]:
    """A warning for each column of keys, of which labels are made, that may write one of them in several ways."""
    findings = []
    first: dict[tuple[str, str], str] = {}
    for name, choice in [(name, choice) for name in IDS for choice in choices]:
        keys = _keys_of(choice, name)
        if keys is None or not choice.source.columns[name].number_as:
            continue
        lines = [
            int(choice.rows.lines[row])
            for row, key in keys[keys != ""].drop_duplicates().items()
            if first.setdefault((name, spell_plainly(key)), key) != key
        ]
        if lines:
            named = name_headers(choice.source.columns[name])
            rule = f"{ALIKE}: lines {name_lines(lines)}"
            findings.append(Finding(choice.table.shown, column=named, rule=rule, severity="warning"))
    return findings


def _keys_of(choice: Choice, name: str = "episode_id") -> pd.Series | None:
    """The key of each row that is read; None where a source has none of its own, or they are titles of sheets."""
    column = choice.source.columns.get(name)
    if column is None or choice.source.format != "table" or not column.headers or SHEET in column.headers:
        return None
    return join_cells([choice.rows.texts[header] for header in column.headers])


def _find_variables(keys: Sequence[str], headers: set[str]) -> set[str]:
    """Keys that are known words for columns, where there are several."""
    asked = [key for key in keys if fold_text(key) not in headers]
    known = {key for key in asked[:MOST_ASKED] if read_header(key, load_words()).meaning}
    return known if len(known) >= FEWEST_VARIABLES else set()


def _may_be_word(key: str) -> bool:
    return bool(re.match(r"[^\W\d_]{2}", key)) and not re.search(r"\d", key)
