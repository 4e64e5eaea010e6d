"""Cells of a source become cells of the contract: constants, value maps, decimal commas, units, days, wide to long."""

from __future__ import annotations

from collections.abc import Mapping as Known
from dataclasses import replace

import numpy as np
import pandas as pd

from caseseries.ingest.cells import (
    EXAMPLES,
    doubt_point,
    drop_point_zero,
    drop_point_zeros,
    empty_missing,
    mark_off,
    match_word,
    read_flags,
    translate,
    write_plainly,
)
from caseseries.ingest.courses import refuse_together
from caseseries.ingest.day_zero import CDISC, FIRST_IS_ONE, UNREAD, DayZero, count_from_zero, doubt_first_day
from caseseries.ingest.identify import IDS
from caseseries.ingest.of_each import keep_earliest, take_of_each
from caseseries.ingest.source import SourceTable, shown_name
from caseseries.ingest.units import PER_MICROLITRE, convert, doubt_unit, drop_unit, normalise, round_days
from caseseries.ingest.written_doses import write_out_doses
from caseseries.model.cohort import Cohort
from caseseries.model.columns import TABLES
from caseseries.model.findings import Finding
from caseseries.model.mapping import ColumnMap, Marked, Source, Wide
from caseseries.model.needed import needed
from caseseries.words.spelling import words

ROUNDED = "times were rounded to whole days, half a day up (a week is 7 days, a month 30.4375, a year 365.25)"
TOO_FEW = (
    "a count of less than 500 per uL is hardly one per uL; it looks like 10^9/L: read such rows by a second source "
    "with where and unit: 10^9/L"
)
MAKERS = {
    "counts": ("count",),
    "events": ("day", "kind"),
    "bleeding": ("first_day", "who_grade"),
    "exposures": ("drug",),
    "adverse_events": ("term",),
    "outcomes": ("cause",),
}
"""Columns without which a row says nothing; an outcome needs a time besides."""
STUDY_DAYS = (("counts", "day"), ("exposures", "first_day"))
"""Columns whose values alone can show that the first dose is day 1."""
TIMES = ("day", "left_day", "right_day")


class Shaper:
    """Shapes the tables of one cohort; findings gather in `findings`, keys of persons live in `labels` while it works.

    Parameters
    ----------
    cohort : with its mapping.
    labels : prefix -> key -> label, for labels that are made on the way in.
    """

    def __init__(self, cohort: Cohort, labels: Known[str, Known[str, str]]):
        self.mapping = needed(cohort.mapping)
        self.labels = labels
        self._numeric = {one.name for one in cohort.covariates if one.kind == "number"}
        self.findings: list[Finding] = []
        self.day_zero = DayZero(self.mapping)

    def note_first_doses(self, source: Source, table: SourceTable) -> None:
        """Remember the date of day 0 of every case of a source that has it."""
        self.day_zero.note(source, table, self.cases_of(source, table))

    def cases_of(self, source: Source, table: SourceTable) -> pd.Series | None:
        """The case of each row, None where the source does not map it."""
        column = source.columns.get("episode_id")
        return None if column is None else drop_point_zeros(self.read_cells(column, table))

    def shape(self, source: Source, table: SourceTable) -> SourceTable | None:
        """The rows of a source as rows of its table; None where a column cannot be in its declared unit."""
        before = len(self.findings)
        table = self._pass_over(source, table)
        cased = table.assign_cases(self.cases_of(source, table))
        texts: dict[str, pd.Series] = {}
        for target, column in source.columns.items():
            texts[target] = self._fill(source, target, column, cased)
            if target == "dose" and column.unit and not column.written:
                texts["dose_unit"] = pd.Series(normalise(column.unit), index=table.texts.index, dtype=object)
            if column.flags:
                texts["flag"] = read_flags(join_cells([table.texts[header] for header in column.headers]), column.flags)
        frame = pd.DataFrame(texts, index=table.texts.index, dtype=object)
        headers = {target: name_headers(one) for target, one in source.columns.items() if one.headers}
        made = replace(table, name=source.table, texts=frame, headers=headers)
        if source.wide:
            made = self._lengthen(source, source.wide, made, cased)
            self.findings += refuse_together(made, source.wide.into) if source.table == "counts" else []
        made = drop_unread(made)
        if source.written_doses[0]:
            made, findings = write_out_doses(made, source)
            self.findings += findings
        if source.of_each:
            made = take_of_each(made, source.of_each)
        elif source.table == "episodes" and not source.wide:
            made = self._take_once(made, table)
        self._doubt_days(source, table, made)
        self._doubt_units(source, table)
        if any(found.severity == "error" and "cannot be in" in found.rule for found in self.findings[before:]):
            return None
        return made

    def _pass_over(self, source: Source, table: SourceTable) -> SourceTable:
        """The table without rows whose value is empty, and a warning that says how many there were."""
        if source.table not in MAKERS or source.wide:
            return table
        empty = ~self.says_something(source, table)
        if not empty.any():
            return table
        makers = [target for group in self._groups(source) for target in group if source.columns[target].headers]
        named = ", ".join(f"{target} (from {name_headers(source.columns[target])})" for target in makers)
        rule = f"rows without a value there hold no {words(source.table)} and were passed over: {empty.sum()}"
        self.findings.append(Finding(table.shown, column=named, rule=rule, severity="warning"))
        return table.take(~empty)

    def _take_once(self, made: SourceTable, table: SourceTable) -> SourceTable:
        """Episodes without the further rows of a file with several for each, of which all say the same of the case.

        A row that repeats another in every cell of the file is kept: it is a slip of entry, and is refused later.
        """
        again = made.texts.duplicated().to_numpy() & ~table.texts.duplicated().to_numpy()
        if not again.any():
            return made
        rule = f"further rows of the same cases, which say the same of them, were taken once: {again.sum()}"
        self.findings.append(Finding(made.shown, column=made.name_column("episode_id"), rule=rule, severity="warning"))
        return made.take(~again)

    def says_something(self, source: Source, table: SourceTable) -> np.ndarray:
        """Rows that hold a value in the columns that make a row of the source's table."""
        if source.wide:
            cells = [empty_missing(table.texts[header], self.mapping.missing) for header in source.wide.columns]
            return np.logical_or.reduce([(one != "").to_numpy() for one in cells])
        said = np.ones(len(table), dtype=bool)
        for group in self._groups(source):
            filled = [(self.read_cells(source.columns[target], table) != "").to_numpy() for target in group]
            said &= np.logical_or.reduce(filled) if filled else True
        return said

    def _groups(self, source: Source) -> list[list[str]]:
        """Columns of which a row must fill one in each group, lest it say nothing."""
        groups = [[target] for target in MAKERS.get(source.table, ()) if target in source.columns]
        if source.table == "outcomes":
            groups.append([target for target in TIMES if target in source.columns])
        if any(source.columns[target].headers for group in groups for target in group):
            return groups
        return [[target for target, column in source.columns.items() if column.headers and target not in IDS]]

    def _fill(self, source: Source, target: str, column: ColumnMap, cased: SourceTable) -> pd.Series:
        """Cells of one column of the contract; `cased` has the source's headers, and the case of each row."""
        contract = {one.name: one for one in TABLES[source.table]}
        kind = contract[target].kind if target in contract else "number" if target in self._numeric else "text"
        cells = self.read_cells(column, cased)
        named = replace(cased, headers={target: name_headers(column)} if column.headers else {})
        if column.date and target == "age_years":
            return self.day_zero.count_years(cased, name_headers(column), cells)
        if column.date:
            return self.day_zero.count_days(cased, name_headers(column), cells)
        if kind != "text" and column.value is None and not column.written:
            cells = self._read_numbers(source, target, cells, named, column)
            return self._count_days(target, column, cells, named) if kind == "day" else cells
        if target in IDS:
            return drop_point_zeros(cells)
        if target in contract and contract[target].allowed:
            return translate(cells, lambda text: match_word(text, contract[target].allowed))
        return cells

    def read_cells(self, column: ColumnMap, table: SourceTable) -> pd.Series:
        """Cells of a column without missing values, translated and joined; made labels in place of keys."""
        if column.value is not None:
            return pd.Series(column.value, index=table.texts.index, dtype=object)
        if column.number_as:
            keys = keys_of(column, table)
            return keys.map(self.labels.get(column.number_as, {})).fillna("").astype(object)
        missing = self.mapping.missing
        cells = mark_off(join_cells([empty_missing(table.texts[header], missing) for header in column.headers]), column)
        return empty_missing(cells, missing) if column.strip else cells

    def _read_numbers(
        self, source: Source, target: str, cells: pd.Series, table: SourceTable, done: ColumnMap
    ) -> pd.Series:
        """Written numbers in plain form and in the contract's unit; `table` has the rows with their cases."""
        column = next((one for one in TABLES[source.table] if one.name == target), None)
        unit = normalise(done.unit) if done.unit and target != "dose" else ""
        codes, texts = pd.factorize(cells.to_numpy())
        own = unit or (normalise(done.unit) if done.unit else column.unit if column else "")
        plain = [drop_unit(write_plainly(text, source), own) for text in texts]
        faults = [doubt_point(*pair, source, unit, table.epoch is None) for pair in zip(texts, plain, strict=True)]
        if unit in PER_MICROLITRE:
            faults = [fault or doubt_few(text) for fault, text in zip(faults, plain, strict=True)]
        if unit and column is not None:
            made = [convert(text, column.unit, unit) if text else "" for text in plain]
            plain = [text if new is None else new for text, new in zip(plain, made, strict=True)]
        numbers = pd.Series(plain, dtype=object).take(codes).set_axis(cells.index)
        doubt = doubt_unit(numbers, column.unit, unit) if unit and column is not None else ""
        if doubt and not any(fault not in ("", TOO_FEW) for fault in faults):
            self.findings.append(Finding(table.shown, column=table.name_column(target), rule=doubt))
            return numbers
        for rule in sorted({fault for fault in faults if fault}):
            rows = np.flatnonzero((np.array(faults, dtype=object) == rule)[codes])
            self.findings += table.flag(rows, target, rule, EXAMPLES.get(rule, ""))
        return numbers

    def _count_days(self, target: str, column: ColumnMap, cells: pd.Series, table: SourceTable) -> pd.Series:
        """Days of a column in whole days from a first dose on day 0."""
        if column.unit:
            whole = translate(cells, lambda text: round_days(drop_point_zero(text)))
            if (whole != translate(cells, drop_point_zero)).any():
                self.findings.append(
                    Finding(table.shown, column=table.name_column(target), rule=ROUNDED, severity="warning")
                )
            cells = whole
        if column.first == 1:
            cells, zeros = count_from_zero(translate(cells, drop_point_zero))
            rule = "the mapping says that the first dose is day 1; there is no day 0 then"
            self.findings += table.flag(zeros, target, rule)
        elif column.first is None and any(CDISC.fullmatch(header) for header in column.headers):
            named = table.name_column(target)
            self.findings.append(Finding(table.shown, column=named, rule=FIRST_IS_ONE, severity="warning"))
        return cells

    def _doubt_days(self, source: Source, table: SourceTable, made: SourceTable) -> None:
        """Warnings: the first dose may be day 1, and counts whose day is not known."""
        for target, column in source.filled:
            told = column.date or column.first is not None or any(CDISC.fullmatch(one) for one in column.headers)
            if column.headers and not told and (source.table, target) in STUDY_DAYS:
                self.findings += doubt_first_day(made, target)
        dated = source.columns.get("day")
        if source.table == "counts":
            if dated is not None and dated.headers:
                undated = int((self.read_cells(dated, table) == "").sum())
            else:
                undated = undated_visits(source, made)
            if undated:
                rule = f"counts come in without a day: {undated}"
                self.findings.append(Finding(made.shown, column=made.name_column("day"), rule=rule, severity="warning"))

    def _doubt_units(self, source: Source, table: SourceTable) -> None:
        """A warning for counts whose unit is empty: they are taken in that of their analyte."""
        said, counted = source.columns.get("unit"), source.columns.get("count")
        if source.table != "counts" or said is None or counted is None or not said.headers:
            return
        bare = (self.read_cells(said, table) == "") & (self.read_cells(counted, table) != "")
        if bare.any():
            rule = f"counts without a unit there are taken in that of their analyte: {bare.sum()}"
            named = f"unit (from {name_headers(said)})"
            self.findings.append(Finding(table.shown, column=named, rule=rule, severity="warning"))

    def _lengthen(self, source: Source, wide: Wide, made: SourceTable, cased: SourceTable) -> SourceTable:
        parts = []
        for header, about in wide.columns.items():
            how = ColumnMap(source=header, date=wide.date, **wide.model_dump(include=set(Marked.model_fields)))
            cells = self._fill(source, wide.into, how, cased)
            filled = np.flatnonzero((cells != "").to_numpy())
            visits = cased.take(filled)
            said = {name: self._fill(source, name, column, visits).to_numpy() for name, column in about.items()}
            if wide.into == "dose" and wide.unit and not wide.written:
                said["dose_unit"] = np.full(len(filled), normalise(wide.unit), dtype=object)
            if wide.flags:
                said["flag"] = read_flags(visits.texts[header], wide.flags).to_numpy()
            part = made.texts.iloc[filled].assign(**{wide.into: cells.iloc[filled].to_numpy()}, **said)
            parts.append(part.assign(_row=filled, _header=shown_name(header)))
        long = pd.concat(parts).sort_values("_row", kind="stable")
        if wide.keep == "earliest":
            long = keep_earliest(long, wide.into)
        rows, headers = long["_row"].to_numpy(), long["_header"].to_numpy(dtype=object)
        texts = long.drop(columns=["_row", "_header"]).fillna("").reset_index(drop=True).astype(object)
        return replace(made, texts=texts, lines=made.lines[rows], row_headers={wide.into: headers})


def undated_visits(source: Source, made: SourceTable) -> int:
    """Counts of visits whose day stands in a column of its own, and is empty there."""
    dated = {} if source.wide is None else source.wide.columns
    named = {shown_name(header) for header, said in dated.items() if "day" in said and said["day"].headers}
    if source.wide is None or not named:
        return 0
    of_dated = np.isin(made.row_headers[source.wide.into].astype(str), list(named))
    return int((of_dated & (made.texts["day"] == "").to_numpy()).sum())


def drop_unread(made: SourceTable) -> SourceTable:
    """The rows without those of which a date was refused; a case is still listed, without the date."""
    unread = made.texts.eq(UNREAD)
    rows = unread.any(axis=1).to_numpy()
    if not rows.any():
        return made
    if made.name == "episodes":
        return replace(made, texts=made.texts.mask(unread, ""))
    return made.take(~rows)


def name_headers(column: ColumnMap) -> str:
    """The headers of a column as a message names them."""
    return ", ".join(shown_name(header) or "the column without a name" for header in column.headers)


def join_cells(parts: list[pd.Series]) -> pd.Series:
    """Cells of several columns joined by hyphens, without those that are empty."""
    cells = parts[0]
    for part in parts[1:]:
        cells = cells.where(part == "", cells.where(cells == "", cells + "-") + part)
    return cells


def keys_of(column: ColumnMap, table: SourceTable) -> pd.Series:
    """What tells the cases apart for which labels are made: the keys of a column, or else the place of the row."""
    if column.headers:
        return join_cells([table.texts[header] for header in column.headers])
    return pd.Series([f"{table.shown}:{line}" for line in table.lines], index=table.texts.index, dtype=object)


def doubt_few(text: str) -> str:
    """What a number of a column per uL breaks that can only be in 10^9/L, "" for nothing."""
    number = pd.to_numeric(text.lstrip("< "), errors="coerce") if text[:1] != ">" else np.nan
    return TOO_FEW if 0 < number < 500 else ""
