"""One table against the contract: columns, types, ranges, allowed values, keys."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Sequence

import numpy as np
import pandas as pd

from caseseries.ingest.identify import PLAIN_LABEL, name_classes
from caseseries.ingest.magnitudes import (
    MOST_COUNT,
    TOO_HIGH,
    Heights,
    check_counts,
    check_magnitude,
    check_printed_counts,
)
from caseseries.ingest.source import SourceTable, shown_name
from caseseries.ingest.units import normalise
from caseseries.model.cohort import Covariate
from caseseries.model.columns import COUNT_UNIT, EPISODE_ID, KEYS, TABLES, Column
from caseseries.model.conventions import Conventions, columns_of
from caseseries.model.findings import Finding
from caseseries.model.quantity import parse_interval
from caseseries.words.lists import listing

NUMBER = re.compile(r"^-?(\d{1,15}(\.\d{1,15})?|\.\d{1,15})$", re.ASCII)
WHOLE = re.compile(r"^-?\d{1,9}$", re.ASCII)
DATE = re.compile(r"^\d{1,4}([-./])\d{1,2}\1\d{1,4}([ T].*)?$|^\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{2,4}$", re.ASCII)
LONGEST_TEXT = 80
MISSING_WORDS = frozenset(
    {
        "na",
        "n/a",
        "n.a.",
        "nan",
        "null",
        "nd",
        "n.d.",
        "not done",
        "not available",
        "missing",
        "unknown",
        "?",
        "-",
        "--",
        "–",
        "—",
        ".",
    }
)
SPREADSHEET_ERROR = re.compile(r"#(N/A|NV|[A-ZÄÖÜ]+(/0)?[!?])")
OWN_KINDS = "; declare others under event_kinds in cohort.yaml"
CLOSED_BOUND = "; at most and at least cannot be entered, write a bound that is surely true, such as <6 for at most 5"
BEHIND = "; nothing behind it: no unit, no mark, no remark"
HINTS = tuple(
    (re.compile(pattern, re.ASCII), hint)
    for pattern, hint in (
        (
            r"[<>]?\s*\d{1,3}([,'’ ]\d{3})+(\.\d+)?",
            "; take the mark of thousands out, or declare thousands in the mapping of cohort.yaml",
        ),
        (r"[<>]?\s*-?\d+,\d+", "; with a decimal point, not a comma"),
        (r"(≤|≥|<=|>=|=<|=>).*", CLOSED_BOUND),
        (
            r"[<>]?\s*-?\d+(\.\d+)?[eE][-+]?\d+",
            "; show the column as plain numbers where it comes from and export it again, digits may be lost",
        ),
        (r"\d+(\.\d+)?\s*(-|–|—|to)\s*\d+(\.\d+)?", "; one number, not a range"),
        (r"[–—]\d+(\.\d+)?", "; with a plain minus sign"),
        (r"[<>]?\s*-?\d+(\.\d+)?\s*\D.*", BEHIND),
        (r"-\d+(\.\d+)?", "; it cannot be negative"),
        (r"\D+\d+(\.\d+)?", "; nothing before it"),
    )
)
"""What is wrong with a cell that nearly is a number, in the order in which it is tried."""


def check_table(
    table: SourceTable,
    covariates: Sequence[Covariate] | None = (),
    conventions: Conventions | None = None,
    per_microlitre: Collection[tuple[str, str]] | None = None,
) -> list[Finding]:
    """Every fault of one table: its columns, then its cells, then repeated rows.

    Parameters
    ----------
    table : cells as text.
    covariates : columns that cohort.yaml declares beyond the contract; they belong to episodes. None where they are
        not known because cohort.yaml is at fault.
    conventions : how the tables of the cohort are to be read.
    per_microlitre : table and column of those whose values can only be per microlitre; None where this table tells.
    """
    findings = check_columns(table, covariates)
    if per_microlitre is None:
        per_microlitre = Heights([table], conventions).per_microlitre()
    for column in columns_of(table.name, conventions or Conventions()):
        if column.name in table.texts:
            findings += check_cells(table, column, per_microlitre)
    if table.name == "episodes":
        contract = {column.name for column in TABLES["episodes"]}
        for covariate in covariates or ():
            if covariate.name in table.texts and covariate.name not in contract:
                findings += check_covariate(table, covariate)
    return findings + check_printed_counts(table) + check_keys(table)


def check_columns(table: SourceTable, covariates: Sequence[Covariate] | None) -> list[Finding]:
    """Columns that the contract requires and the file lacks, and columns that nobody declared.

    Headers that sound like identifiers are left to the identifier gate.
    """
    contract = {column.name: column for column in TABLES[table.name]}
    declared = {covariate.name for covariate in covariates or ()} if table.name == "episodes" else set()
    findings = [
        Finding(table.shown, column=column.name, rule=_say_missing(table, column), example=column.example)
        for column in contract.values()
        if column.required and column.name not in table.texts
    ]
    for name in declared.difference(table.texts.columns):
        rule = "cohort.yaml declares the covariate, but the table has no such column"
        findings.append(Finding(table.shown, column=name, rule=rule))
    for name in table.texts.columns:
        if name not in contract and name not in declared and not name_classes(name):
            close = difflib.get_close_matches(name.lower().replace(" ", "_"), contract, n=1, cutoff=0.6)
            hint = f"; did you mean {close[0]}?" if close else ""
            if table.name == "episodes" and not close:
                if covariates is None:
                    continue
                hint = "; declare it under covariates in cohort.yaml, or take it out"
            rule = "the column is unknown" + hint
            findings.append(Finding(table.shown, line=1, column=shown_name(name, list(table.texts.columns)), rule=rule))
    return findings


def _say_missing(table: SourceTable, column: Column) -> str:
    rule = "the column is required and missing"
    if column is EPISODE_ID and table.headers:
        rule += "; where the file has no labels of cases, episode_id: {number_as: E} numbers its rows"
    return rule


def check_cells(table: SourceTable, column: Column, per_microlitre: Collection[tuple[str, str]]) -> list[Finding]:
    """Faults of the cells of one column."""
    findings = []
    cells = table.texts[column.name]
    if column.required:
        empty = np.flatnonzero((cells == "").to_numpy())
        merged = column is EPISODE_ID and column.name in table.headers
        hint = "; each row needs its case, in a workbook also where cells were merged" if merged else ""
        findings += table.flag(empty, column.name, "the value must not be empty" + hint, column.example)
    judge = _judge(column)
    for rule, rows in faulty_rows(cells, judge).items():
        mapped = column.name in table.headers and rule.startswith("the value must be one of")
        hint = "; translate others under values, or list them under missing" if mapped else ""
        if rule.endswith(BEHIND) and (column.name in table.headers or column.name in table.row_headers):
            hint = "; in the mapping, list it under strip or translate the cell under values"
        hint += OWN_KINDS if column.name == "kind" and rule.startswith("the value must be one of") else ""
        findings += table.flag(rows, column.name, rule + hint, column.example)
    if column.kind == "quantity":
        return check_magnitude(table, column, per_microlitre) or findings + check_counts(table, column)
    return findings


def faulty_rows(cells: pd.Series, judge: Callable[[str], str]) -> dict[str, np.ndarray]:
    """Rows by the rule that they break; each different text is judged once."""
    codes, texts = pd.factorize(cells.to_numpy())
    rules = np.array([judge(text) if text else "" for text in texts], dtype=object)
    broken = sorted({rule for rule in rules if rule})
    return {rule: np.flatnonzero((rules == rule)[codes]) for rule in broken}


def judge_any(text: str) -> str:
    """What no cell of any column may hold, "" where there is nothing."""
    if text.lower() in MISSING_WORDS:
        return "a missing value must be an empty cell; a mapping can list the word under missing"
    if SPREADSHEET_ERROR.fullmatch(text):
        return (
            "the cell holds an error of the spreadsheet, or a formula that was never calculated; mend or empty it, or "
            "list it under missing in a mapping"
        )
    if text[0] in "=@" or (text[0] in "+-" and not NUMBER.match(text)):
        return "the cell holds a formula or a sign that spreadsheets run; enter the value"
    return ""


def _judge(column: Column) -> Callable[[str], str]:
    """The function that names the rule a text breaks, "" for none."""

    free = column.kind == "text" and not column.allowed

    def judge(text: str) -> str:
        if free and PLAIN_LABEL.fullmatch(text):
            return ""
        if rule := judge_any(text):
            return rule
        if column.kind != "text" and DATE.match(text):
            return "the cell holds a date; enter whole days from the first dose, dates never come in"
        return _judge_kind(text, column)

    return judge


def _judge_kind(text: str, column: Column) -> str:
    if column.kind == "text":
        if column.allowed and text not in column.allowed:
            only = len(column.allowed) == 1
            return f"the value must be {'' if only else 'one of '}{', '.join(column.allowed)}{' or empty' * only}"
        return judge_text(text)
    value = read_value(text, column)
    return judge_range(value, column) if value is not None else describe_kind(text, column)


def read_value(text: str, column: Column) -> float | None:
    """The number that a cell stands for (of a bound, its number), or None where it is not of the column's kind."""
    if column.kind == "quantity":
        interval = parse_interval(text)
        value = None if interval is None else interval.hi if np.isfinite(interval.hi) else interval.lo
        return value if value is not None and np.isfinite(value) else None
    pattern = WHOLE if column.kind in ("day", "whole") else NUMBER
    return float(text) if pattern.match(text) else None


def describe_kind(text: str, column: Column) -> str:
    """What a cell of the column must hold."""
    unit = f" in {column.unit}" if column.unit else ""
    hint = next((hint for pattern, hint in HINTS if pattern.fullmatch(text)), "")
    if hint == CLOSED_BOUND and column.kind != "quantity":
        hint = "; a number alone, neither at most nor at least"
    if column.kind in ("day", "whole"):
        # A fraction or a negative number of days is well written, and still not what the column holds.
        hint = "" if re.fullmatch(r"-?\d+([.,]\d+)?", text, re.ASCII) else hint
        about = " of days from the first dose" if column.kind == "day" else unit
        return f"the value must be a whole number{about}{hint}"
    if column.unit == "weeks" and re.fullmatch(r"\d{1,2} ?[+wW] ?\d[dD]?", text, re.ASCII):
        return "weeks and days must be written as weeks with decimals; a day is 0.14 weeks"
    bound = ", or a bound such as <5 or >1000" if column.kind == "quantity" else ""
    return f"the value must be a number{unit}{bound}{hint}"


def judge_range(value: float, column: Column) -> str:
    """The range that a number breaks, "" for none."""
    if column.kind == "day" and abs(value) > 36_525:
        return "the day must lie within 100 years of the first dose"
    unit = f" {column.unit}" if column.unit else ""
    low, high = column.minimum, column.maximum
    if column.name == "age_years" and value > 89:
        return "an age over 89 identifies a person (Safe Harbor class C): leave the cell empty"
    if low is not None and high is not None and not low <= value <= high:
        return f"the value must lie between {low:g} and {high:g}{unit}"
    if low is not None and value < low:
        return f"the value must be {low:g}{unit} or more"
    return ""


def judge_text(text: str) -> str:
    """What is wrong with a free word of the contract."""
    if len(text) > LONGEST_TEXT:
        return f"the value must be a short coded word of at most {LONGEST_TEXT} characters, not free text"
    if not text.isprintable():
        return "the value must be printable text on one line"
    return ""


def check_covariate(table: SourceTable, covariate: Covariate) -> list[Finding]:
    """Faults of a declared covariate: numbers that are none, counts in another unit, values beyond its levels."""
    counted = normalise(covariate.unit or "") == COUNT_UNIT

    def judge(text: str) -> str:
        if rule := judge_any(text):
            return rule
        if covariate.kind == "number":
            if not NUMBER.match(text):
                return "cohort.yaml says number: the value must be one"
            return TOO_HIGH if counted and abs(float(text)) >= MOST_COUNT else ""
        if covariate.levels and text not in covariate.levels:
            return "the value must be one of the levels that cohort.yaml declares: " + ", ".join(covariate.levels)
        return judge_text(text)

    findings = []
    for rule, rows in faulty_rows(table.texts[covariate.name], judge).items():
        findings += table.flag(rows, covariate.name, rule)
    return findings


def check_keys(table: SourceTable) -> list[Finding]:
    """Rows that stand twice under the table's key."""
    key = [name for name in KEYS.get(table.name, ()) if name in table.texts]
    if not key or key[0] != KEYS[table.name][0]:
        return []  # without the case no row is named
    cells = table.texts[key]
    if table.name == "outcomes" and "outcome" in cells:
        cells = cells.assign(outcome=cells["outcome"].replace("", "response"))
    repeated = (cells.duplicated(keep="first") & (cells[key[0]] != "")).to_numpy()
    together = listing(key) + (" together" if len(key) > 1 else "")
    rule = f"{together} must name one row; this one repeats an earlier row"
    return table.flag(np.flatnonzero(repeated), key[0], rule)
