"""Cells of a source become cells of the contract: constants, value maps, decimal commas, units, dates, wide to long."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from caseseries.ingest.dates import UNREADABLE, Reading, read_date, read_serial
from caseseries.ingest.source import SourceTable, shown_name
from caseseries.ingest.units import PER_MICROLITRE, WEEKS_AND_DAYS, convert, doubt_unit, normalise
from caseseries.model.cohort import Cohort
from caseseries.model.columns import TABLES
from caseseries.model.findings import Finding
from caseseries.model.mapping import ColumnMap, Source, Wide
from caseseries.model.quantity import tidy_number

LATEST = Reading(date.max)
POINT = "the number has a point, though the mapping declares a decimal comma; declare what parts thousands, or mend it"
WEEKS_POINT = "30.4 may be 30 weeks and 4 days or four tenths of a week; write 30+4, or declare the unit weeks"
FRACTION = (
    "a count per uL has no decimals; if the point parts thousands, declare thousands in the mapping; if not, "
    "declare another unit"
)
EXAMPLES = {POINT: "12,5", WEEKS_POINT: "30+4", FRACTION: "45000"}


class Shaper:
    """Shapes the tables of one cohort; first doses by case live here while it works and are kept nowhere.

    Findings gather in `findings`.
    """

    def __init__(self, cohort: Cohort):
        self.mapping = cohort.mapping
        self._numeric = {one.name for one in cohort.covariates if one.kind == "number"}
        self.findings: list[Finding] = []
        self._first_doses: dict[str, Reading] = {}

    def note_first_doses(self, source: Source, table: SourceTable) -> None:
        """Remember the date of day 0 of every case of a source that has it: the earliest, where there are several."""
        cases = self._cells(source, source.columns["episode_id"], table) if "episode_id" in source.columns else None
        if cases is None:
            rule = "a source with first_dose must map episode_id"
            self.findings.append(Finding(table.shown, column="first_dose", rule=rule))
            return
        readings = self._read_dates(table, table.texts[source.first_dose])
        faults: dict[str, list[int]] = {}
        for row, (case, reading) in enumerate(zip(cases, readings, strict=True)):
            if reading.rule:
                faults.setdefault(reading.rule, []).append(row)
            elif reading.day is not None and reading.day < self._first_doses.get(case, LATEST).day:
                self._first_doses[case] = reading
        self._flag_dates(table.assign_cases(cases), "first_dose", source.first_dose, faults)

    def shape(self, source: Source, table: SourceTable) -> SourceTable | None:
        """The rows of a source as rows of its table; None where a column cannot be in its declared unit."""
        before = len(self.findings)
        cases = self._cells(source, source.columns["episode_id"], table) if "episode_id" in source.columns else None
        cased = table.assign_cases(cases)
        texts: dict[str, pd.Series] = {}
        for target, column in source.columns.items():
            texts[target] = self._fill(source, target, column, cased)
            if target == "dose" and column.unit:
                texts["dose_unit"] = pd.Series(normalise(column.unit), index=table.texts.index, dtype=object)
        frame = pd.DataFrame(texts, index=table.texts.index, dtype=object)
        headers = {target: shown_name(str(one.source)) for target, one in source.columns.items() if one.headers}
        made = replace(table, name=source.table, texts=frame, headers=headers)
        if source.wide:
            made = self._lengthen(source, source.wide, made, cased)
        if any(found.severity == "error" and "cannot be in" in found.rule for found in self.findings[before:]):
            return None
        return made

    def _fill(self, source: Source, target: str, column: ColumnMap, cased: SourceTable) -> pd.Series:
        """Cells of one column of the contract; `cased` has the source's headers, and the case of each row."""
        contract = {one.name: one for one in TABLES[source.table]}
        kind = contract[target].kind if target in contract else "number" if target in self._numeric else "text"
        cells = self._cells(source, column, cased)
        if column.date:
            return self._days(source, target, column, cells, cased)
        if kind != "text" and column.value is None:
            named = replace(cased, headers={target: shown_name(str(column.source))})
            return self._read_numbers(source, target, cells, named, column.unit)
        if target in contract and contract[target].allowed:
            return cells.map({text: match_word(text, contract[target].allowed) for text in pd.unique(cells)})
        return cells

    def _cells(self, source: Source, column: ColumnMap, table: SourceTable) -> pd.Series:
        if column.value is not None:
            return pd.Series(column.value, index=table.texts.index, dtype=object)
        parts = [self._clean(source, table.texts[header]) for header in column.headers]
        cells = parts[0]
        for part in parts[1:]:
            cells = cells.where(part == "", cells + "-" + part)
        return cells.map(lambda text: column.values.get(text, text)) if column.values else cells

    def _clean(self, source: Source, cells: pd.Series) -> pd.Series:
        if self.mapping.missing:
            cells = cells.where(~cells.isin(self.mapping.missing), "")
        return cells

    def _read_numbers(
        self, source: Source, target: str, cells: pd.Series, table: SourceTable, declared: str
    ) -> pd.Series:
        """Written numbers in plain form and in the contract's unit; `table` has the rows with their cases."""
        column = next((one for one in TABLES[source.table] if one.name == target), None)
        unit = normalise(declared) if declared and target != "dose" else ""
        codes, texts = pd.factorize(cells.to_numpy())
        plain = [write_plainly(text, source) for text in texts]
        faults = [doubt_point(*pair, source, unit, table.epoch is None) for pair in zip(texts, plain, strict=True)]
        for rule in sorted({fault for fault in faults if fault}):
            rows = np.flatnonzero((np.array(faults, dtype=object) == rule)[codes])
            self.findings += table.flag(rows, target, rule, EXAMPLES[rule])
        if unit and column is not None:
            made = [convert(text, column.unit, unit) if text else "" for text in plain]
            plain = [text if new is None else new for text, new in zip(plain, made, strict=True)]
        numbers = pd.Series(plain, dtype=object).take(codes).set_axis(cells.index)
        doubt = doubt_unit(numbers, column.unit, unit) if unit and column is not None and not any(faults) else ""
        if doubt:
            self.findings.append(Finding(table.shown, column=table.name_column(target), rule=doubt))
        return numbers

    def _days(self, source: Source, target: str, column: ColumnMap, cells: pd.Series, table: SourceTable) -> pd.Series:
        readings = self._read_dates(table, cells)
        cases = table.texts["episode_id"]
        days, faults = [], {}
        for row, (case, reading) in enumerate(zip(cases, readings, strict=True)):
            origin = self._first_doses.get(case)
            rule = reading.rule
            if not rule and reading.day is not None and origin is None:
                rule = "the case has no date of first dose, so that no day can be counted; map first_dose"
            if rule:
                faults.setdefault(rule, []).append(row)
            good = not rule and reading.day is not None
            days.append(str((reading.day - origin.day).days) if good else "")
        self._flag_dates(table, target, str(column.source), faults)
        completed = [row for row, reading in enumerate(readings) if reading.completed]
        rule = f"a month was given a day by the rule {self.mapping.partial_dates}"
        self.findings += table.flag(completed, str(column.source), rule, severity="warning")
        return pd.Series(days, index=cells.index, dtype=object)

    def _read_dates(self, table: SourceTable, cells: pd.Series) -> list[Reading]:
        order, partial = self.mapping.date_order, self.mapping.partial_dates
        known: dict[str, Reading] = {"": Reading()}
        for text in pd.unique(cells):
            plain = tidy_number(text)
            if table.epoch and re.fullmatch(r"\d{5,6}(\.\d+)?", plain, re.ASCII):
                known[text] = read_serial(float(plain), table.epoch)
            elif text:
                known[text] = read_date(plain, order, partial)
        return [known[text] for text in cells]

    def _flag_dates(self, table: SourceTable, target: str, header: str, faults: dict[str, list[int]]) -> None:
        for rule, rows in faults.items():
            example = "2020-03-04" if rule in UNREADABLE else ""
            self.findings += table.flag(rows, header or target, rule, example)

    def _lengthen(self, source: Source, wide: Wide, made: SourceTable, cased: SourceTable) -> SourceTable:
        parts = []
        for header, about in wide.columns.items():
            cells = self._fill(source, wide.into, ColumnMap(source=header, unit=wide.unit), cased)
            filled = np.flatnonzero((cells != "").to_numpy())
            visits = replace(cased, texts=cased.texts.iloc[filled], lines=cased.lines[filled])
            said = {name: self._fill(source, name, column, visits) for name, column in about.items()}
            part = made.texts.iloc[filled].assign(**{wide.into: cells.iloc[filled]}, **said)
            parts.append(part.assign(_row=filled))
        long = pd.concat(parts).sort_values("_row", kind="stable")
        rows = long["_row"].to_numpy()
        texts = long.drop(columns="_row").fillna("").reset_index(drop=True).astype(object)
        return replace(made, texts=texts, lines=made.lines[rows])


def write_plainly(text: str, source: Source) -> str:
    """A written number with a decimal point and nothing between thousands; other text is left as it is."""
    plain = tidy_number(text)
    if source.thousands:
        mark = re.escape(source.thousands) if source.thousands != "'" else "['’]"
        if re.fullmatch(rf"[<>]?\s*-?\d{{1,3}}({mark}\d{{3}})+([.,]\d+)?", plain, re.ASCII):
            plain = re.sub(rf"(?<=\d){mark}(?=\d{{3}}(?!\d))", "", plain)
    if source.decimal == ",":
        plain = re.sub(r"^([<>]?\s*-?\d*),(\d+)$", r"\1.\2", plain, flags=re.ASCII)
    return plain


def doubt_point(text: str, plain: str, source: Source, unit: str, as_text: bool) -> str:
    """What a point in a number breaks, "" for nothing: it may part thousands, and 45.000 is not 45 then.

    Parameters
    ----------
    text, plain : as written, and after `write_plainly`.
    unit : declared unit, "" for none.
    as_text : the source is a text file, in which numbers have the declared decimal sign.
    """
    if as_text and source.decimal == "," and re.search(r"\d\.\d", plain) and "," not in text:
        return POINT
    if unit == WEEKS_AND_DAYS and re.fullmatch(r"\d{1,2}\.\d+", plain, re.ASCII):
        return WEEKS_POINT
    return FRACTION if unit in PER_MICROLITRE and re.search(r"\d\.(\d{3}$|\d*[1-9])", plain) else ""


def match_word(text: str, allowed: Collection[str]) -> str:
    """The allowed word that a text is but for capitals; the text where there is none."""
    return next((word for word in allowed if word.casefold() == text.casefold()), text)
