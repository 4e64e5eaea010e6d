"""The tables of a file as sources of a mapping: what each column is taken for, and what is left unread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from caseseries.ingest.draft.columns import (
    Line,
    Seen,
    choose_unit,
    explain,
    explain_marks,
    fits,
    write_column,
    write_number,
)
from caseseries.ingest.draft.headers import Header, drugs_in, read_bare_days, read_header
from caseseries.ingest.draft.shapes import look_at
from caseseries.ingest.draft.tables import Table
from caseseries.ingest.draft.vocabulary import Meaning, Vocabulary
from caseseries.ingest.identify import PLAIN_LABEL, name_classes
from caseseries.ingest.source import shown_name
from caseseries.ingest.units import FACTORS
from caseseries.model.mapping import EVERY_SHEET, SHEET
from caseseries.model.text import fold_text

COUNT, DAY, CASE = "counts.count", "counts.day", "episodes.episode_id"
NOBODY = Header("")
FEWEST_HEADERS = 2
"""Known headers by which a row is surely one of headers, so that the names of its other columns may be shown."""


@dataclass
class SourceDraft:
    """One source of a mapping.

    Parameters
    ----------
    table : of the contract; keys : lines beside `columns`; columns : its lines.
    wide : lines of visits, with the keys that hold for all of them.
    """

    table: str
    keys: list[Line] = field(default_factory=list)
    columns: list[Line] = field(default_factory=list)
    wide_keys: list[Line] = field(default_factory=list)
    wide: list[Line] = field(default_factory=list)


class Guesser:
    """Takes the columns of one table apart; `unread` says of every column that no source reads what it looks like."""

    def __init__(self, table: Table, words: Vocabulary):
        self.table, self.words = table, words
        self.used: set[str] = set()
        self.doubts: dict[str, str] = {}
        self.started = False
        names = list(table.cells.texts)
        headers = self._name_bare_days({name: self._read_header(name) for name in names})
        case = next((name for name in (SHEET, *names) if self._means(headers.get(name, NOBODY), CASE)), None)
        self.left_out = self._find_summary_rows(case)
        texts = table.cells.texts
        if case is not None:
            texts = texts[~texts[case].map(fold_text).isin(self.left_out)]
        cases = pd.Series("", index=texts.index, dtype=object) if case is None else texts[case]
        in_sheet = table.cells.epoch is not None
        self.seen = {
            name: Seen(headers[name], look_at(texts[name], words.missing, in_sheet), texts[name], cases)
            for name in names
        }
        self.case = None if case is None else self.seen[case]
        self.rows = len(texts)

    @property
    def per_case(self) -> bool:
        """One row is one case."""
        if self.case is None or self.course is not None:
            return self.course is not None
        return self.case.shape.distinct == self.case.shape.filled

    @cached_property
    def course(self) -> Seen | None:
        """The column that tells the courses of one person apart, where it does so in every row."""
        if self.case is None or self.case.shape.distinct == self.case.shape.filled:
            return None
        again = [one for one in self.find(CASE) if one is not self.case and "episode" in fold_text(one.header.written)]
        for seen in [*self.find("COURSE"), *again]:
            pairs = pd.DataFrame({"case": self.case.cells, "course": seen.cells})
            if (seen.cells != "").all() and not pairs.duplicated().any():
                return seen
        return None

    @property
    def known(self) -> int:
        """How many headers hold a known word."""
        return sum(seen.header.meaning is not None for seen in self.seen.values())

    @property
    def plain_labels(self) -> bool:
        """Whether the labels of the cases are such as may stand as they are: E01, 7."""
        return self.case is not None and all(PLAIN_LABEL.fullmatch(text) for text in self.case.cells if text)

    def find(self, column: str, moment: str | None = "", **wanted: object) -> list[Seen]:
        """Columns whose header means `column` and whose cells fit; what does not fit is doubted."""
        found = []
        for name, seen in self.seen.items():
            if not self._means(seen.header, column) or (moment is not None and seen.header.moment != moment):
                continue
            if any(getattr(seen.header, key) != value for key, value in wanted.items()):
                continue
            if fits(seen):
                found.append(seen)
            else:
                self.doubts[name] = f"sounds like {seen.meaning.why}, and the cells are something else"
        return found

    def use(self, seen: Seen) -> Seen:
        """Note that a column is read."""
        self.used.add(seen.header.written)
        return seen

    def constant(self, seen: Seen, *, blanks: bool = False) -> bool:
        """Whether a column says one thing of each case, so that it describes it; `blanks`: or nothing in some rows."""
        if self.per_case or self.case is None:
            return True
        rows = pd.DataFrame({"text": seen.cells, "case": self.case.cells})
        rows = rows[(rows["case"] != "") & ((rows["text"] != "") | (not blanks))]
        return bool((rows.groupby("case")["text"].nunique() <= 1).all())

    def start(self, table: str) -> SourceDraft:
        """A source of this table of the file, with its case labels still to be said."""
        whys = {} if self.started else self.table.whys | {"leave_out": "rows below the cases, by their words"}
        self.started = True
        source = SourceDraft(table, [Line(key, value, whys.get(key, "")) for key, value in self.table.keys.items()])
        if self.left_out and self.case is not None:
            why = whys.get("leave_out", "")
            source.keys.append(Line("leave_out", {self.case.header.written: sorted(self.left_out)}, why))
        return source

    def unread(self) -> list[str]:
        """A line for each column that nobody reads: its header and what its cells look like."""
        names = list(self.seen)
        sure = self.known >= FEWEST_HEADERS
        return [self._describe(name, names, sure) for name in names if name not in self.used]

    def _describe(self, name: str, names: list[str], sure: bool) -> str:
        seen = self.seen[name]
        spoken = seen.header.meaning or seen.header.more
        shown = name if sure and (spoken or shown_name(name) == name) and name else ""
        said = [str(seen.shape)]
        classes = [found.title for found in name_classes(name)]
        if classes or (seen.header.meaning and seen.header.meaning.column in ("NEVER", "BIRTH")):
            said.append("it may say who somebody is: take it out of the file")
        elif name in self.doubts:
            said.append(self.doubts[name])
        elif seen.header.more:
            said.append(f"has the word {seen.header.more.why} and says more")
        label = self.table.labels.get(name, "")
        named = f"{shown} ({label})" if shown and label and shown_name(label) == label else shown
        return f"{named or f'column {names.index(name) + 1}'}: {'; '.join(said)}"

    def _read_header(self, name: str) -> Header:
        if name == SHEET:
            return Header(SHEET, Meaning(CASE, "key", "the title of the sheet", "en"))
        read = read_header(name, self.words)
        label = self.table.labels.get(name, "")
        spoken = read_header(label, self.words) if label else Header(label)
        if spoken.more and read.meaning and spoken.more.column != read.meaning.column:
            return Header(name, more=spoken.more)  # plt, and its label says: platelet transfusion, units
        if spoken.meaning:
            days, moment = spoken.days or read.days, spoken.moment or read.moment
            number = None if days or moment else spoken.number or read.number
            return Header(name, spoken.meaning, spoken.unit or read.unit, days, moment, number, codes=spoken.codes)
        return read

    def _name_bare_days(self, headers: dict[str, Header]) -> dict[str, Header]:
        """Headers that are nothing but a day (`day 7`) as those of counts, where a title of the table says so."""
        titles = [read_header(title, self.words) for title in self.table.titles]
        count = next((one for one in titles if self._means(one, COUNT) and not one.days), None)
        if count is None:
            return headers
        for name in headers:
            if bare := read_bare_days(name, self.words):
                headers[name] = Header(name, count.meaning, count.unit, bare)
        return headers

    @staticmethod
    def _means(header: Header, column: str) -> bool:
        return header.meaning is not None and header.meaning.column == column

    def _find_summary_rows(self, case: str | None) -> set[str]:
        if case is None:
            return set()
        return self.words.find_summaries(set(self.table.cells.texts[case].map(fold_text)))


@dataclass
class Block:
    """The sources of one table of a file, and what is not read of it; `where` names the table."""

    where: str
    sources: list[SourceDraft]
    unread: list[str]


@dataclass
class Draft:
    """All sources of the tables of a file, and what cannot be said for one source alone."""

    sources: list[tuple[Guesser, SourceDraft]] = field(default_factory=list)
    guessers: list[Guesser] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    presets: list[Line] = field(default_factory=list)
    head: list[Line] = field(default_factory=list)
    options: list[Line] = field(default_factory=list)


def guess(tables: list[Table], words: Vocabulary) -> Draft:
    """Sources for the tables of a file, and the keys of cohort.yaml that they tell."""
    guessers = [Guesser(table, words) for table in tables]
    draft = Draft(guessers=guessers)
    described = max(guessers, key=describes)
    for guesser in [described, *(one for one in guessers if one is not described)]:
        makers: list[Callable[[Guesser, bool], list[SourceDraft]]] = [make_counts, make_events, make_exposures]
        makers += [make_adverse_events]
        first = [make_episodes(guesser)] if guesser is described else []
        if guesser is not described and guesser.per_case and described.case is not None:
            first = complete_episodes(guesser, {line.key for line in described_lines(draft, described)})
        for source in [*first, *[made for make in makers for made in make(guesser, guesser is described)]]:
            draft.sources.append((guesser, source))
    label_cases(draft)
    for guesser, source in draft.sources:
        tell_sheets(guesser, source)
    settle_first_dose(draft, described)
    for guesser in guessers:
        own = [source for of, source in draft.sources if of is guesser]
        draft.blocks.append(Block(guesser.table.where, own, guesser.unread()))
    return draft


def describes(guesser: Guesser) -> tuple[bool, int]:
    """How well a table describes cases: one row a case, and how many of its columns do. A list of codes does not."""
    names = {seen.header.meaning.column for seen in guesser.seen.values() if seen.header.meaning} - {CASE}
    told = sum(name.startswith("episodes.") or name in ("FIRST_DOSE", "BIRTH") for name in names)
    return guesser.per_case and told > 0, told


def described_lines(draft: Draft, described: Guesser) -> list[Line]:
    """The lines of episodes that the table which describes the cases gives."""
    sources = [source for guesser, source in draft.sources if guesser is described and source.table == "episodes"]
    return [line for source in sources for line in source.columns]


def complete_episodes(guesser: Guesser, done: set[str]) -> list[SourceDraft]:
    """A further source of episodes: what a table with one row a case says beyond that which describes them."""
    source = guesser.start("episodes")
    for name, seen in guesser.seen.items():
        column = seen.header.meaning.column if seen.header.meaning else ""
        target = column.partition(".")[2]
        if column.startswith("episodes.") and column not in (CASE, "episodes.drug") and target not in done:
            if seen in guesser.find(column) and not seen.header.days:
                source.columns.append(write_column(column, guesser.use(seen), guesser.words))
                done.add(target)
            else:
                guesser.doubts.setdefault(name, "says something else than its header")
    return [source] if source.columns else []


def make_episodes(guesser: Guesser) -> SourceDraft:
    """The source of episodes: every column that says one thing of each case."""
    source = guesser.start("episodes")
    dated = guesser.find("FIRST_DOSE")
    starts = [seen for seen in dated if guesser.constant(seen, blanks=True)]
    if dated and not starts:
        named = ", ".join(seen.header.written for seen in dated)
        why = f"{named} has several dates of a case: if each begins a course, label each (a list under episode_id)"
        source.keys.append(Line("first_dose", None, why))
    if len(starts) > 1:
        named = ", ".join(seen.header.written for seen in starts)
        source.keys.append(Line("first_dose", None, f"which of them is day 0: {named}?"))
    for seen in starts[:1] if len(starts) == 1 else []:
        source.keys.append(Line("first_dose", guesser.use(seen).header.written, explain(seen, "day 0")))
    done: set[str] = set()
    for name, seen in guesser.seen.items():
        column = seen.header.meaning.column if seen.header.meaning else ""
        if not column.startswith("episodes.") or column == CASE or column in done or seen.header.days:
            continue
        if seen in guesser.find(column) and guesser.constant(seen):
            source.columns.append(write_column(column, guesser.use(seen), guesser.words))
            done.add(column)
        else:
            guesser.doubts.setdefault(name, "says more than one thing of a case")
    if "episodes.age_years" not in done:
        for seen in guesser.find("BIRTH")[:1]:
            value = {"from": guesser.use(seen).header.written, "date": True}
            source.columns.append(Line("age_years", value, explain(seen, "becomes the age at first dose")))
    weeks = guesser.find("episodes.gestational_week")
    if "episodes.pregnant" not in done and any(seen.shape.filled == guesser.rows for seen in weeks):
        source.columns.append(Line("pregnant", {"value": "yes"}, "every case has a week of gestation"))
    for seen in guesser.find(COUNT, moment="baseline")[:1]:
        if guesser.constant(seen):
            source.columns.append(write_number("baseline", "10^9/L", guesser.use(seen)))
    return source


def make_counts(guesser: Guesser, describing: bool) -> list[SourceDraft]:
    """Sources of counts: one column a visit, or one row a count."""
    if visits := find_visits(guesser):
        return [make_wide(guesser, visits)]
    days = guesser.find(DAY, number=None)
    tests, results = guesser.find("TEST"), guesser.find("RESULT")
    counts = guesser.find(COUNT, number=None, days=None) or (results if tests else [])
    if not counts or not days or guesser.per_case:
        for seen in counts if not guesser.per_case or not days else []:
            guesser.doubts[seen.header.written] = "a count without a column for its day"
        return []
    source = guesser.start("counts")
    if tests and counts[0] in results:
        meant = sorted(word for word in set(tests[0].cells) if means_count(word, guesser.words))
        if not meant:
            guesser.doubts[tests[0].header.written] = "none of its words is one for platelets"
            return []
        guesser.use(tests[0])
        source.keys.append(Line("where", {tests[0].header.written: meant}, explain(tests[0], "rows of platelets")))
    source.columns.append(write_column(DAY, guesser.use(days[0]), guesser.words))
    source.columns.append(write_number("count", "10^9/L", guesser.use(counts[0])))
    units = guesser.find("counts.unit")
    if units and not counts[0].header.unit:
        written = counts[0].header.written
        kept = {key: value for key, value in source.columns[-1].value.items() if key != "unit"}
        source.columns[-1] = Line("count", written if set(kept) == {"from"} else kept, explain(counts[0]))
        source.columns.append(write_column("counts.unit", guesser.use(units[0]), guesser.words))
    return [source]


def means_count(word: str, words: Vocabulary) -> bool:
    """Whether a cell is a known word for platelets."""
    found = read_header(word, words).meaning if word else None
    return found is not None and found.column == COUNT


def find_visits(guesser: Guesser) -> list[tuple[Seen, dict[str, Any], str]]:
    """Columns of counts of one visit each, with what is said of the visit and why."""
    dated = {seen.header.number: seen for seen in guesser.find(DAY, moment=None) if seen.header.number is not None}
    visits: list[tuple[Seen, dict[str, Any], str]] = []
    for seen in guesser.find(COUNT, moment=None):
        header = seen.header
        if header.days:
            number, unit = header.days
            days = {"days": number, "weeks": 7 * number, "months": round(30.4375 * number)}[unit]
            after = f", {header.after}: do they count from the first dose?" if header.after else ""
            visits.append((seen, {"day": days}, f"the header says {number} {unit}{after}"))
        elif header.moment == "baseline":
            visits.append((seen, {"day": 0, "timepoint": "baseline"}, "before the first dose, taken as its day"))
        elif header.moment:
            visits.append((seen, {"timepoint": header.moment}, "a moment without a day"))
        elif header.number in dated:
            date = guesser.use(dated[header.number])
            how: Any = {"from": date.header.written} | ({"date": True} if date.dated else {})
            visits.append((seen, {"day": how}, "the column of its number has the day"))
        elif header.number is not None:
            guesser.doubts[header.written] = "a count by the number of its visit: on which day was it?"
        elif guesser.per_case:
            guesser.doubts[header.written] = "a count of which the header tells neither day nor moment"
    only_baseline = all(seen.header.moment == "baseline" for seen, _, _ in visits)
    return [] if only_baseline and not guesser.per_case else visits


def make_wide(guesser: Guesser, visits: list[tuple[Seen, dict[str, Any], str]]) -> SourceDraft:
    """A source of counts of which each column is a visit; unit and marks hold for all of them."""
    source = guesser.start("counts")
    source.wide_keys += [Line("into", "count", ""), unit_of_visits([guesser.use(seen) for seen, _, _ in visits])]
    marks: dict[str, int] = {}
    for seen, _, _ in visits:
        marks = {mark: marks.get(mark, 0) + seen.shape.marks[mark] for mark in {*marks, *seen.shape.marks}}
    if marks:
        source.wide_keys.append(Line("strip", sorted(marks), explain_marks(marks)))
    for seen, about, why in visits:
        source.wide.append(Line(seen.header.written, about, f"{why}; {seen.shape}"))
    return source


def unit_of_visits(visits: list[Seen]) -> Line:
    """The one unit of all columns of visits: what is stated, or else what the numbers look like."""
    chosen = [choose_unit("count", "10^9/L", seen) for seen in visits]
    stated = {unit: why for unit, why in chosen if "no unit" not in why}
    by_size = {FACTORS["10^9/L"][unit] for unit, _ in chosen if unit}
    if len(by_size) > 1:
        return Line("unit", None, "the columns look like counts of different units: which is it?")
    unit, why = next(iter(stated.items())) if stated else chosen[0]
    return Line("unit", unit, why)


def make_events(guesser: Guesser, describing: bool) -> list[SourceDraft]:
    """Sources of events: each column of days of one kind of event is one."""
    sources = []
    for name, seen in guesser.seen.items():
        table, _, kind = seen.header.meaning.column.partition(".") if seen.header.meaning else ("", "", "")
        if table != "events":
            continue
        if not fits(seen) or not (seen.dated or seen.header.timed):
            guesser.doubts[name] = "sounds like an event, and holds no day of it"
            continue
        source = guesser.start("events")
        day = write_column("events.day", guesser.use(seen), guesser.words)
        source.columns += [Line("day", day.value, day.why + "; an empty cell: no such event"), constant("kind", kind)]
        sources.append(source)
    return sources


def make_exposures(guesser: Guesser, describing: bool) -> list[SourceDraft]:
    """The source of doses: in a table of cases one course each, from the first dose; else one row a course."""
    doses = guesser.find("exposures.dose")
    if not doses:
        return []
    source = guesser.start("exposures")
    drugs = guesser.find("episodes.drug")
    if drugs:
        source.columns.append(Line("drug", guesser.use(drugs[0]).header.written, explain(drugs[0])))
    else:
        source.columns.append(name_drug(guesser))
    if describing:
        source.columns.append(constant("role", "study"))
    starts = guesser.find("FIRST_DOSE") or guesser.find(DAY, number=None)
    ends = guesser.find("exposures.last_day")
    for target, found in (("first_day", starts), ("last_day", ends)):
        for seen in found[:1]:
            source.columns.append(write_column(f"exposures.{target}", guesser.use(seen), guesser.words))
    source.columns.append(write_number("dose", "", guesser.use(doses[0])))
    for seen in guesser.find("exposures.dose_unit")[:1]:
        source.columns[-1] = Line("dose", doses[0].header.written, explain(doses[0]))
        source.columns.append(Line("dose_unit", guesser.use(seen).header.written, explain(seen)))
    return [source]


def name_drug(guesser: Guesser) -> Line:
    """The drug that the headers of a table name, if they name one alone."""
    named = {
        drug for name, seen in guesser.seen.items() if seen.header.meaning for drug in drugs_in(name, guesser.words)
    }
    if len(named) == 1:
        return Line("drug", {"value": named.pop()}, "the headers name it")
    return Line("drug", {"value": None}, "which drug was given?")


def make_adverse_events(guesser: Guesser, describing: bool) -> list[SourceDraft]:
    """The source of adverse events, of which somebody must say in whom they were seen."""
    terms = guesser.find("adverse_events.term")
    if not terms or guesser.per_case:
        return []
    source = guesser.start("adverse_events")
    for target, found in (
        ("adverse_events.day", guesser.find(DAY, number=None)),
        ("adverse_events.term", terms),
        ("adverse_events.grade", guesser.find("adverse_events.grade")),
    ):
        for seen in found[:1]:
            source.columns.append(write_column(target, guesser.use(seen), guesser.words))
    source.columns.append(Line("subject", {"value": None}, "in whom: mother, neonate or patient?"))
    return [source]


def constant(target: str, value: str) -> Line:
    """A column with one text in every row."""
    return Line(target, {"value": value}, "")


def label_cases(draft: Draft) -> None:
    """Say in every source which case a row belongs to; keys become labels where one may be a key to a person."""
    cases = [guesser for guesser, _ in draft.sources if guesser.case is not None]
    plain = all(guesser.plain_labels for guesser in cases)
    dated = any(line.key == "day" for _, source in draft.sources if source.table == "counts" for line in source.columns)
    several = dated or len({id(guesser) for guesser, _ in draft.sources}) > 1
    nameless = not any(guesser.known for guesser in draft.guessers)
    for guesser, source in draft.sources:
        if nameless:
            why = "no header is known: are they headers, or is that row a case? header_row says where they stand"
            source.columns.insert(0, Line("episode_id", None, why))
            continue
        if guesser.case is None and several:
            why = "which column tells the cases apart? No header is known to, and rows of one case must find together"
            source.columns.insert(0, Line("episode_id", None, why))
            continue
        if guesser.case is None:
            why = "no column is known to tell the cases apart; each row is taken for one"
            source.columns.insert(0, Line("episode_id", {"number_as": "E"}, why))
            continue
        told = guesser.case.header.written in guesser.used
        seen = guesser.use(guesser.case)
        why = "one row a case" if guesser.per_case else "several rows a case"
        made = "" if plain else "labels are made (E01, E02 ...), the keys are kept nowhere"
        value: Any = seen.header.written if plain else {"from": seen.header.written, "number_as": "E"}
        if guesser.course is not None:
            courses = [seen.header.written, guesser.use(guesser.course).header.written]
            if source.table == "episodes":
                person = seen.header.written if plain else {"from": seen.header.written, "number_as": "P"}
                source.columns.insert(0, Line("patient_id", person, "a person may have several courses"))
            value = courses if plain else {"from": courses, "number_as": "E"}
            why = f"{guesser.course.meaning.why} tells the courses of a person apart: each row is one"
        source.columns.insert(0, Line("episode_id", value, "" if told else explain(seen, why, made)))


def tell_sheets(guesser: Guesser, source: SourceDraft) -> None:
    """Say which sheets are those of cases where a source reads their titles alone: those with the fullest column."""
    filled = {name: seen.shape.filled for name, seen in guesser.seen.items() if name != SHEET}
    if guesser.table.keys.get("sheet") == EVERY_SHEET and len(source.columns) == 1 and not source.wide and filled:
        fullest = max(filled, key=lambda name: filled[name])
        source.keys.append(Line("where", {fullest: "filled"}, "by this header a sheet is known as one of a case"))


def settle_first_dose(draft: Draft, described: Guesser) -> None:
    """Dates need a day 0: where no column is known to hold it, somebody must name it."""
    if any(line.key == "first_dose" for _, source in draft.sources for line in source.keys):
        return
    dated = any(_holds_date(line.value) for _, source in draft.sources for line in [*source.columns, *source.wide])
    if dated:
        why = "the header with the date of the first dose, which is day 0: no word for it was found"
        source = next(source for guesser, source in draft.sources if guesser is described)
        source.keys.append(Line("first_dose", None, why))


def _holds_date(value: Any) -> bool:
    if isinstance(value, dict):
        return value.get("date") is True or any(_holds_date(part) for part in value.values())
    return False
