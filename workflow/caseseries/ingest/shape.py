"""Cells of a source become cells of the contract: constants, value maps, decimal commas, units, dates, wide to long."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from caseseries.ingest.dates import UNREADABLE, Reading, read_date, read_serial
from caseseries.ingest.sheet import EXCEL, EXCEL_EPOCH
from caseseries.ingest.source import SourceTable, shown_name
from caseseries.ingest.units import convert, doubt_unit, normalise
from caseseries.model.findings import Finding
from caseseries.model.mapping import ColumnMap, Mapping, Source, Wide
from caseseries.model.records import TABLES, Column

LATEST = Reading(date.max)


class Shaper:
    """Shapes the tables of one cohort; first doses by case live here while it works and are kept nowhere.

    Findings gather in `findings`.
    """

    def __init__(self, mapping: Mapping):
        self.mapping = mapping
        self.findings: list[Finding] = []
        self._first_doses: dict[str, Reading] = {}

    def note_first_doses(self, source: Source, table: SourceTable) -> None:
        """Remember the date of day 0 of every case of a source that has it: the earliest, where there are several."""
        cases = self._cells(source, source.columns["episode_id"], table) if "episode_id" in source.columns else None
        if cases is None:
            rule = "a source with first_dose must map episode_id"
            self.findings.append(Finding(table.shown, column="first_dose", rule=rule))
            return
        readings = self._read_dates(source, table.texts[source.first_dose])
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
        contract = {column.name: column for column in TABLES[source.table]}
        cases = self._cells(source, source.columns["episode_id"], table) if "episode_id" in source.columns else None
        texts: dict[str, pd.Series] = {}
        for target, column in source.columns.items():
            cells = self._cells(source, column, table)
            if column.date:
                cells = self._days(source, target, column, cells, table.assign_cases(cases))
            elif column.unit and target != "dose":
                cells = self._convert(table, cells, contract[target], column.unit, header=str(column.source))
            texts[target] = cells
            if target == "dose" and column.unit:
                texts["dose_unit"] = pd.Series(normalise(column.unit), index=table.texts.index, dtype=object)
        frame = pd.DataFrame(texts, index=table.texts.index, dtype=object)
        headers = {target: shown_name(str(one.source)) for target, one in source.columns.items() if one.headers}
        made = SourceTable(source.table, frame, table.lines, table.files, headers)
        if source.wide:
            made = self._lengthen(source, source.wide, made, table, contract)
        if any(found.severity == "error" and "cannot be in" in found.rule for found in self.findings[before:]):
            return None
        return made

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
        if source.decimal == "," and Path(source.file).suffix.lower() not in EXCEL:
            cells = cells.str.replace(r"^([<>]?\s*-?\d*),(\d+)$", r"\1.\2", regex=True)
        return cells

    def _convert(self, table: SourceTable, cells: pd.Series, column: Column, unit: str, header: str) -> pd.Series:
        unit = normalise(unit)
        codes, texts = pd.factorize(cells.to_numpy())
        made = [convert(text, column.unit, unit) if text else "" for text in texts]
        changed = pd.Series([text if new is None else new for text, new in zip(texts, made, strict=True)], dtype=object)
        cells = changed.take(codes).set_axis(cells.index)
        doubt = doubt_unit(cells, column.unit, unit)
        if doubt:
            self.findings.append(Finding(table.shown, column=shown_name(header), rule=doubt))
        return cells

    def _days(
        self, source: Source, target: str, column: ColumnMap, cells: pd.Series, table: SourceTable
    ) -> pd.Series:
        readings = self._read_dates(source, cells)
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

    def _read_dates(self, source: Source, cells: pd.Series) -> list[Reading]:
        excel = Path(source.file).suffix.lower() in EXCEL
        order, partial = self.mapping.date_order, self.mapping.partial_dates
        known: dict[str, Reading] = {"": Reading()}
        for text in pd.unique(cells):
            if text and excel and text.replace(".", "", 1).isdigit() and float(text) > 9999:
                known[text] = read_serial(float(text), EXCEL_EPOCH)
            elif text:
                known[text] = read_date(text, order, partial)
        return [known[text] for text in cells]

    def _flag_dates(self, table: SourceTable, target: str, header: str, faults: dict[str, list[int]]) -> None:
        for rule, rows in faults.items():
            example = "2020-03-04" if rule in UNREADABLE else ""
            self.findings += table.flag(rows, header or target, rule, example)

    def _lengthen(
        self, source: Source, wide: Wide, made: SourceTable, table: SourceTable, contract: dict[str, Column]
    ) -> SourceTable:
        parts = []
        for header, constants in wide.columns.items():
            cells = self._clean(source, table.texts[header])
            if wide.unit:
                cells = self._convert(table, cells, contract[wide.into], wide.unit, header)
            filled = np.flatnonzero((cells != "").to_numpy())
            part = made.texts.iloc[filled].assign(**{wide.into: cells.iloc[filled]})
            part = part.assign(**{name: str(value) for name, value in constants.items()})
            parts.append(part.assign(_row=filled))
        long = pd.concat(parts).sort_values("_row", kind="stable")
        rows = long["_row"].to_numpy()
        texts = long.drop(columns="_row").fillna("").reset_index(drop=True).astype(object)
        return SourceTable(source.table, texts, made.lines[rows], made.files, made.headers)
