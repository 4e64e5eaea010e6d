"""Days of a source become whole days from the first dose; dates are used while they are read and kept nowhere."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from caseseries.ingest.cells import empty_missing, strip_marks, translate
from caseseries.ingest.courses import doubt_first_doses
from caseseries.ingest.dates import UNREADABLE, Reading, read_date, read_serial
from caseseries.ingest.source import SourceTable
from caseseries.model.findings import Finding
from caseseries.model.mapping import Mapping, Source
from caseseries.model.quantity import tidy_number

CDISC = re.compile(r"[A-Z]{0,6}DY|AVAL|(ae|cm|ds|ex|lb|mh|pr|rs|vs|a)(st|en)?dy|visitdy|aval")
"""Headers of study days, in which the first dose is day 1 (CDISC SDTM implementation guide 3.4, section 4.4.4)."""
FIRST_IS_ONE = (
    "the days look like study days, in which the first dose is day 1: say first: 1 in the mapping if they are, "
    "first: 0 if the first dose is day 0"
)


UNREAD = "\0"
"""Stands where a date was refused, until its row is left out: nothing else is to be said of it."""


def day_of(first_dose: Reading | None) -> date:
    """The day of a first dose; where there is none yet, later than any."""
    return date.max if first_dose is None or first_dose.day is None else first_dose.day


class DayZero:
    """Dates of the first dose by case, while a cohort is read; findings gather in `findings`."""

    def __init__(self, mapping: Mapping):
        self.mapping = mapping
        self.findings: list[Finding] = []
        self._first_doses: dict[str, Reading] = {}
        self._faulty: set[str] = set()
        self._asked: set[str] = set()
        self._noted = False

    def note(self, source: Source, table: SourceTable, cases: pd.Series | None) -> None:
        """Remember the date of day 0 of every case of a source that has it: the earliest, where there are several."""
        self._noted = True
        if cases is None:
            rule = "a source with first_dose must map episode_id"
            self.findings.append(Finding(table.shown, column="first_dose", rule=rule))
            return
        marks = source.first_dose_strip
        cells = translate(table.texts[source.first_dose], lambda text: strip_marks(text, marks))
        cells = empty_missing(cells, self.mapping.missing)
        readings = self.read_dates(table, cells)
        faults: dict[str, list[int]] = {}
        self._asked |= set(cases)
        for row, (case, reading) in enumerate(zip(cases, readings, strict=True)):
            if reading.rule:
                faults.setdefault(reading.rule, []).append(row)
                self._faulty.add(case)
            elif reading.day is not None and reading.day < day_of(self._first_doses.get(case)):
                self._first_doses[case] = reading
        cased = table.assign_cases(cases)
        self._flag(cased, source.first_dose, faults)
        self._tell_completed(cased, source.first_dose, readings)
        if source.table == "episodes" and source.format == "table":
            self.findings += doubt_first_doses(cased, source.first_dose, cases, (one.day for one in readings))

    def count_days(self, table: SourceTable, header: str, cells: pd.Series) -> pd.Series:
        """Whole days from the first dose of each row's case, as text: "" for no date, `UNREAD` for one refused."""
        readings = self.read_dates(table, cells)
        cases = table.texts["episode_id"]
        days, guessed = [], []
        faults: dict[str, list[int]] = {}
        orphans: dict[str, int] = {}
        for row, (case, reading) in enumerate(zip(cases, readings, strict=True)):
            origin = self._first_doses.get(case)
            if reading.rule:
                faults.setdefault(reading.rule, []).append(row)
            elif reading.day is not None and origin is None:
                orphans.setdefault(case, row)
            if reading.day is None or origin is None:
                refused = reading.rule or (reading.day is not None and case in self._asked)
                days.append(UNREAD if refused else "")  # more is to be said of a case that nobody knows
                continue
            zero = day_of(origin)
            day = (reading.day - zero).days
            days.append(str(day))
            same_month = (reading.day.year, reading.day.month) == (zero.year, zero.month)
            if day < 0 and same_month and (origin.completed or reading.completed):
                guessed.append(row)
        self._flag(table, header, faults)
        self._tell_orphans(table, header, orphans)
        self._tell_completed(table, header, readings)
        rule = (
            "the day lies before the first dose only because a month was given a day; leave it out or complete the date"
        )
        self.findings += table.flag(guessed, header, rule, severity="warning")
        return pd.Series(days, index=cells.index, dtype=object)

    def number_episodes(self, episodes: SourceTable) -> SourceTable:
        """The episodes with `episode_order` by the dates of first dose, for persons with several and no order yet.

        Where a date lacks its day the episodes of one month keep one number: which came first is not told.
        """
        if "patient_id" not in episodes.texts or not self._first_doses:
            return episodes
        texts = episodes.texts
        dated = [self._first_doses.get(case, Reading()) for case in texts["episode_id"]]
        frame = pd.DataFrame({"person": texts["patient_id"].to_numpy(), "told": texts.get("episode_order", "")})
        frame["day"] = [np.nan if one.day is None else float(one.day.toordinal()) for one in dated]
        frame["month"] = [np.nan if one.day is None else one.day.year * 12.0 + one.day.month for one in dated]
        frame["completed"] = [one.completed for one in dated]
        order = frame["told"].astype(object).to_numpy(copy=True)
        for person, own in frame.groupby("person"):
            if person and len(own) > 1 and own["day"].notna().all() and (own["told"] == "").all():
                days = own["month"] if own["completed"].any() else own["day"]
                order[own.index] = [f"{rank:.0f}" for rank in days.rank(method="dense")]
        return replace(episodes, texts=texts.assign(episode_order=order)) if (order != "").any() else episodes

    def count_years(self, table: SourceTable, header: str, cells: pd.Series) -> pd.Series:
        """Completed years from a date of birth to the first dose, as text; "" where either is not known.

        A birth of which only the year is known is taken for the middle of it, with a warning.
        """
        years, coarse = [], []
        faults: dict[str, list[int]] = {}
        readings = [
            Reading(date(int(text), 7, 1), completed=True) if re.fullmatch(r"(19|20)\d{2}", text) else reading
            for text, reading in zip(cells, self.read_dates(table, cells), strict=True)
        ]
        for row, (case, born) in enumerate(zip(table.texts["episode_id"], readings, strict=True)):
            origin = self._first_doses.get(case)
            if born.rule:
                faults.setdefault(born.rule, []).append(row)
            if born.day is None or origin is None:
                years.append("")
                continue
            zero = day_of(origin)
            had_birthday = (zero.month, zero.day) >= (born.day.month, born.day.day)
            years.append(str(zero.year - born.day.year - (not had_birthday)))
            coarse += [row] if born.completed else []
        self._flag(table, header, faults)
        rule = "the date of birth lacks its day or month, so that the age may be a year too low or too high"
        self.findings += table.flag(coarse, header, rule, severity="warning")
        return pd.Series(years, index=cells.index, dtype=object)

    def _tell_orphans(self, table: SourceTable, header: str, orphans: dict[str, int]) -> None:
        """Dates of cases without a first dose, once a case; once for all where no first dose is mapped."""
        rows = [row for case, row in orphans.items() if case not in self._faulty]
        rule = "the case has no date of first dose, so that no day can be counted; map first_dose"
        if not self._noted:
            rule = "no date of first dose is mapped, so that no day can be counted; map first_dose"
            rows = rows[:1]
        self.findings += table.flag(rows, header, rule)

    def _tell_completed(self, table: SourceTable, header: str, readings: list[Reading]) -> None:
        completed = [row for row, reading in enumerate(readings) if reading.completed]
        rule = f"a month was given a day by the rule {self.mapping.partial_dates}"
        self.findings += table.flag(completed, header, rule, severity="warning")

    def read_dates(self, table: SourceTable, cells: pd.Series) -> list[Reading]:
        """The date of each cell, worked out once for each different text."""
        order, partial = self.mapping.date_order, self.mapping.partial_dates
        known: dict[str, Reading] = {"": Reading()}
        for text in pd.unique(cells):
            plain = tidy_number(text)
            if table.epoch and re.fullmatch(r"\d{5,6}(\.\d+)?", plain, re.ASCII):
                known[text] = read_serial(float(plain), table.epoch)
            elif text:
                known[text] = read_date(plain, order, partial)
        return [known[text] for text in cells]

    def _flag(self, table: SourceTable, header: str, faults: dict[str, list[int]]) -> None:
        for rule, rows in faults.items():
            example = "2020-03-04" if rule in UNREADABLE else ""
            self.findings += table.flag(rows, header, rule, example)


def count_from_zero(days: pd.Series) -> tuple[pd.Series, np.ndarray]:
    """Study days, in which the first dose is day 1 and the day before it -1, as days from it; rows of a day 0."""
    numbers = pd.to_numeric(days, errors="coerce")
    shifted = days.where(~(numbers > 0), (numbers - 1).map(lambda day: f"{day:.0f}"))
    return shifted, np.flatnonzero(numbers == 0)


def doubt_first_day(table: SourceTable, column: str) -> list[Finding]:
    """A warning where nobody has a day 0 and most have a day 1, as if the first dose were day 1."""
    days = FirstDays(column)
    days.add(table)
    return days.tell()


class FirstDays:
    """How many cases have a day 1, and whether anybody has a day 0."""

    def __init__(self, column: str) -> None:
        self._column, self._shown, self._named = column, "", ""
        self._known = self._first = 0
        self._zero = False

    def add(self, table: SourceTable) -> None:
        """Take a table, or a part of it that has whole cases."""
        if self._column not in table.texts or "episode_id" not in table.texts:
            return
        self._shown, self._named = table.shown, table.name_column(self._column)
        codes, texts = pd.factorize(table.texts[self._column])
        days = pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce").take(codes).set_axis(table.texts.index)
        cases = table.texts["episode_id"]
        self._known += cases[days.notna()].nunique()
        self._first += cases[days == 1].nunique()
        self._zero |= bool((days == 0).any())

    def tell(self) -> list[Finding]:
        """The warning, if there is reason for it."""
        if not self._known or self._zero or self._first * 2 <= self._known:
            return []
        return [Finding(self._shown, column=self._named, rule=FIRST_IS_ONE, severity="warning")]
