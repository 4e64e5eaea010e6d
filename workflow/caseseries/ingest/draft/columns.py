"""One column of a file as one line of a mapping: what is done to its cells, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from caseseries.ingest.cells import code_of
from caseseries.ingest.day_zero import CDISC
from caseseries.ingest.draft.headers import Header
from caseseries.ingest.draft.shapes import MOST, Shape
from caseseries.ingest.draft.vocabulary import Meaning, Vocabulary
from caseseries.ingest.identify import value_classes
from caseseries.ingest.units import DOSES, FACTORS, WEEKS_AND_DAYS
from caseseries.model.columns import TABLES, YES_NO
from caseseries.model.text import fold_text

FEWEST = 2
"""Cases that must share a word before a draft names it: what one case alone has is a value of a person."""
MOST_COUNT = 2000
"""Platelets in 10^9/L that a column's median does not reach."""
MOST_WORDS, LONGEST = 12, 24
"""Different words that a list of codes has, and letters of a code."""


@dataclass(frozen=True)
class Line:
    """One line of a mapping with the reason for it; `notes` say something of each word of a value map."""

    key: str
    value: Any
    why: str
    notes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """A column of a file: its header, its shape, its cells and the case of each row ("" where it is not known)."""

    header: Header
    shape: Shape
    cells: pd.Series
    cases: pd.Series

    @property
    def meaning(self) -> Meaning:
        """What the header's word means; only columns with a known word come so far."""
        if self.header.meaning is None:
            raise ValueError("the header holds no known word")
        return self.header.meaning

    @property
    def dated(self) -> bool:
        """Whether most cells are dates, or numbers of a sheet that stand for dates where the header speaks of some."""
        shape = self.shape
        if shape.kind == "dates":
            return True
        asked = self.header.meaning is not None and self.header.meaning.holds in ("date", "day")
        dates = shape.dates + shape.partial + shape.short + shape.serials
        return asked and shape.serials > 0 and dates > MOST * shape.filled


def fits(seen: Seen) -> bool:
    """Whether the cells are what the header's word promises."""
    kind, holds = "dates" if seen.dated else seen.shape.kind, seen.meaning.holds
    allowed = {
        "number": ("numbers",),
        "weeks": ("numbers", "weeks and days"),
        "date": ("dates",),
        "day": ("dates", "numbers"),
        "key": ("numbers", "words", "weeks and days"),
    }
    if kind == "doses":
        return seen.meaning.column == "exposures.dose"
    if holds == "day" and kind == "numbers" and set(seen.shape.units) - set(FACTORS["days"]):
        return False
    return kind in allowed.get(holds, ("words", "numbers"))


def write_column(target: str, seen: Seen, words: Vocabulary) -> Line:
    """The line that fills a column of the contract, `table.column`."""
    table, _, name = target.partition(".")
    column = next(one for one in TABLES[table] if one.name == name)
    if column.allowed:
        return write_words(name, column.allowed, seen, words)
    if seen.dated:
        return Line(name, {"from": seen.header.written, "date": True}, explain(seen, "dates become days"))
    if column.kind == "day":
        return write_day(name, seen)
    if column.kind in ("number", "quantity", "whole"):
        return write_number(name, "" if name == "dose" else column.unit, seen)
    return Line(name, seen.header.written, explain(seen))


def explain(seen: Seen, *more: str) -> str:
    """What the header's word means and how the cells look, then what else is to be said."""
    said = [seen.meaning.why, str(seen.shape), *[one for one in more if one]]
    if seen.dated and seen.shape.serials:
        said.append(f"{seen.shape.serials} are numbers by which a sheet keeps dates")
    elif seen.shape.odd and seen.meaning.holds != "key":
        said.append(f"{seen.shape.odd} cells are something else: check will name them")
    return "; ".join(said)


def write_day(name: str, seen: Seen) -> Line:
    """A column of whole days, or of weeks or months that its header names."""
    value: dict[str, Any] = {"from": seen.header.written}
    why = "days from the first dose?"
    if seen.header.unit in FACTORS["days"] and seen.header.unit != "days":
        value["unit"] = seen.header.unit
        why = f"the header says {seen.header.unit}"
    if CDISC.fullmatch(seen.header.written):
        value["first"] = 1
        why = "a study day, in which the first dose is day 1 (CDISC)"
    elif not seen.header.timed and not set(seen.shape.units) & set(FACTORS["days"]):
        value["unit"] = None
        why = "numbers: days, weeks or months from the first dose? If they are none, take the line out"
    return Line(name, value if len(value) > 1 else seen.header.written, explain(seen, why))


def write_number(name: str, contract_unit: str, seen: Seen) -> Line:
    """A column of numbers with its unit and the marks that are taken off."""
    if seen.shape.kind == "doses":
        patterns = sorted(seen.shape.written)
        taken: dict[str, Any] = {"from": seen.header.written, "written": patterns}
        if any("{unit}" not in pattern for pattern in patterns):
            taken["unit"] = seen.header.unit or None
        return Line(name, taken, explain(seen, f"doses as written: {count_words(seen.shape.written)}"))
    unit, why = choose_unit(name, contract_unit, seen)
    value: dict[str, Any] = {"from": seen.header.written}
    if unit is None or unit != contract_unit or contract_unit in ("10^9/L", "kg"):
        value |= {"unit": unit} if unit != "" else {}
    marks = sorted(seen.shape.marks)
    if marks:
        value["strip"] = marks
        why += f"; {explain_marks(seen.shape.marks)}"
    return Line(name, value if len(value) > 1 else seen.header.written, explain(seen, why))


def choose_unit(name: str, contract_unit: str, seen: Seen) -> tuple[str | None, str]:
    """Unit of a column and why; None where somebody must say it."""
    known = DOSES if name == "dose" else [*FACTORS.get(contract_unit, ())]
    if contract_unit == "weeks":
        return (WEEKS_AND_DAYS, "written as 30+4") if seen.shape.weeks else (contract_unit, "")
    if seen.header.unit in known:
        return seen.header.unit, f"the header says {seen.header.unit}"
    written = [unit for unit, _ in seen.shape.units.most_common(1) if unit in known]
    if written:
        return written[0], f"the cells say {written[0]}"
    if name == "dose":
        return None, "the unit is not stated: one of " + ", ".join(DOSES)
    if contract_unit == "10^9/L" and seen.shape.middle > MOST_COUNT:
        return "/uL", "no unit is stated; the numbers are too large for 10^9/L"
    return contract_unit, "no unit is stated; the numbers may be 10^9/L" if contract_unit == "10^9/L" else ""


def write_words(name: str, allowed: tuple[str, ...], seen: Seen, words: Vocabulary) -> Line:
    """A column of a closed list: what its words mean, an empty label for those that are not known.

    A word is named only if several cases share it and it looks like a code, or if it is of the vocabulary. Words of the
    vocabulary that few cases have are named among all others of their language, so that none is told of anybody.
    """
    closed = "yes_no" if allowed == YES_NO else name
    known = {word.casefold() for word in allowed}
    occurring = {code_of(text) for text in seen.cells if text} - known - words.missing
    shared = share_words(seen)
    often = {code_of(text) for text in shared}
    values: dict[str, str | None] = dict(choose_pair(closed, occurring, words))
    explained = explain_codes(closed, allowed, seen.header, words)
    for language in words.values.get(closed, {}).values():
        own = {fold_text(word): meaning for meaning, spoken in language.items() for word in spoken}
        if met := occurring & set(own):
            first = {fold_text(spoken[0]) for spoken in language.values()}
            all_of_them = met - often - first
            values |= {word: meaning for word, meaning in own.items() if all_of_them or word in first | often}
    values = {word: meaning for word, meaning in values.items() if word not in known} | explained
    for text in shared:
        if code_of(text) in occurring - set(values) and is_code(text, shared):
            values[text] = None
    rows = {code_of(text): number for text, number in shared.items()}
    notes = {text: f"{rows[code_of(text)]} rows" for text in values if code_of(text) in rows}
    spoken = {code: f"the header says {code} = {word}; " for code, word in seen.header.codes.items()}
    notes = {text: spoken.get(text, "") + notes.get(text, "") for text in values}
    choices = f": one of {', '.join(allowed)}; empty if not known"
    notes |= {text: notes.get(text, "") + choices for text, meaning in values.items() if meaning is None}
    hidden = len(occurring - {code_of(text) for text in values})
    said = f"words not shown, since few cases have them or they may be names: {hidden}; check names the lines"
    value = {"from": seen.header.written, "values": values} if values else seen.header.written
    return Line(name, value, explain(seen, said if hidden else ""), notes)


def explain_codes(closed: str, allowed: tuple[str, ...], header: Header, words: Vocabulary) -> dict[str, str | None]:
    """Code -> what the header says of it (`1=F, 2=M`) in a word of the contract, None where that is not known."""
    spoken = {code: code_of(word) for code, word in header.codes.items()}
    known = {code_of(word): word for word in allowed} | words.labels(closed)
    known |= choose_pair(closed, set(spoken.values()), words)
    return {code: known.get(word) for code, word in spoken.items()}


def choose_pair(closed: str, occurring: set[str], words: Vocabulary) -> dict[str, str]:
    """The pair of letters (w and m, h and m, 1 and 0) that a column has; {} where its letters could be two pairs."""
    fitting = [
        pair for pair in words.pairs.get(closed, ()) if occurring & set(pair) and not _other_letters(occurring, pair)
    ]
    return fitting[0] if len(fitting) == 1 else {}


def _other_letters(occurring: set[str], pair: dict[str, str]) -> set[str]:
    return {word for word in occurring if len(word) == 1 and word.isalnum() and word.isascii()} - set(pair)


def share_words(seen: Seen) -> Counter[str]:
    """Words that several cases have, with the number of their rows; none where the cases are not known."""
    rows = pd.DataFrame({"text": seen.cells, "case": seen.cases})
    rows = rows[(rows["text"] != "") & (rows["case"] != "")]
    people = rows.groupby("text")["case"].nunique()
    shared = people[people >= FEWEST].index
    return Counter({text: int((rows["text"] == text).sum()) for text in shared})


def is_code(text: str, shared: Counter[str]) -> bool:
    """Whether a word that several cases have looks like one of a list of codes, and like nobody's name or date."""
    return len(shared) <= MOST_WORDS and len(text) <= LONGEST and not value_classes(text)


def explain_marks(marks: dict[str, int]) -> str:
    """What is done with marks, and where it is said what one means."""
    return f"marks beside a number are taken off ({count_words(marks)}): if one means something, flags says what"


def count_words(counts: dict[str, int]) -> str:
    """Words with their numbers: `w 9, m 3`."""
    return ", ".join(f"{text} {counts[text]}" for text in sorted(counts))
