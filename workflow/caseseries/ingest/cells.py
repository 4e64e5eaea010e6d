"""Cells of a source in the words and signs of the contract: missing values, value maps, marks, plain numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping

import pandas as pd

from caseseries.ingest.units import PER_MICROLITRE, WEEKS_AND_DAYS
from caseseries.model.mapping import COMPARISON, Condition, Marked, Source
from caseseries.model.quantity import tidy_number
from caseseries.model.text import fold_text

POINT = "the number has a point, though the mapping declares a decimal comma; declare what parts thousands, or mend it"
WEEKS_POINT = "30.4 may be 30 weeks and 4 days or four tenths of a week; write 30+4, or declare the unit weeks"
FRACTION = (
    "a count per uL has no decimals; if the point parts thousands, declare thousands in the mapping; if not, "
    "declare another unit"
)
EXAMPLES = {POINT: "12,5", WEEKS_POINT: "30+4", FRACTION: "45000"}

_POINT_ZERO = re.compile(r"(-?\d+)\.0+", re.ASCII)
_WHOLE = re.compile(r"\d*|[0-9]+\.0+")


def code_of(text: str) -> str:
    """A word or code as it is compared: capitals, widths and blanks mean nothing, and 1.0 is 1."""
    folded = fold_text(text)
    found = _POINT_ZERO.fullmatch(folded)
    return found[1] if found else folded


def drop_point_zero(text: str) -> str:
    """14.0 as 14; other text as it is."""
    found = _POINT_ZERO.fullmatch(text)
    return found[1] if found else text


def drop_point_zeros(labels: pd.Series) -> pd.Series:
    """Case labels as whole numbers where a program gave every one of them a `.0`."""
    return translate(labels, drop_point_zero) if are_whole(pd.unique(labels)) else labels


def are_whole(labels: Iterable[str]) -> bool:
    """Whether every label is a whole number, with or without a `.0`; empty ones are passed over."""
    return all(_WHOLE.fullmatch(text) for text in labels)


def empty_missing(cells: pd.Series, missing: Iterable[str]) -> pd.Series:
    """Cells with "" for each text that stands for a missing value."""
    words = {code_of(word) for word in missing}
    return translate(cells, lambda text: "" if code_of(text) in words else text) if words else cells


def mark_off(cells: pd.Series, done: Marked) -> pd.Series:
    """Cells after the value map and without the marks of a column."""
    if done.values:
        alike = {code_of(word): meant for word, meant in reversed(done.values.items())}
        cells = translate(cells, lambda text: done.values.get(text, alike.get(code_of(text), text)))
    if marks := [*done.strip, *done.flags]:
        cells = translate(cells, lambda text: strip_marks(text, marks))
    return cells


def read_flags(cells: pd.Series, flags: Mapping[str, str]) -> pd.Series:
    """What the marks at the ends of cells say, "" where there is none that is declared."""

    def say(text: str) -> str:
        return next(
            (said for mark, said in flags.items() if mark and (text.endswith(mark) or text.startswith(mark))), ""
        )

    return translate(cells, say)


def strip_marks(text: str, marks: Collection[str]) -> str:
    """A text without the marks at its ends, whatever their order."""
    before = None
    while text != before:
        before = text
        for mark in marks:
            text = text.removeprefix(mark).removesuffix(mark).strip() if mark else text
    return text


def translate(cells: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """Cells after a change of text, which is worked out once for each different text; "" stays."""
    changed = {text: change(text) if text else "" for text in pd.unique(cells)}
    return cells.map(changed).astype(object)


def holds(cells: pd.Series, condition: Condition) -> pd.Series:
    """Where cells are among the words, filled, empty, or on one side of a number."""
    if condition == "filled":
        return cells != ""
    if condition == "empty":
        return cells == ""
    if isinstance(condition, str):
        sign, bound = COMPARISON.findall(condition)[0]
        numbers = pd.to_numeric(cells.map(tidy_number), errors="coerce")
        compare = {"<": numbers.lt, "<=": numbers.le, ">": numbers.gt, ">=": numbers.ge}[sign]
        return compare(float(bound))
    words = {code_of(word) for word in condition}
    known = {text: code_of(text) in words for text in pd.unique(cells)}
    return cells.map(known).astype(bool)


def keeps(texts: pd.DataFrame, source: Source) -> pd.Series:
    """Rows of a source that `where` asks for and `leave_out` does not leave out."""
    kept = pd.Series(True, index=texts.index)
    for header, condition in source.where.items():
        kept &= holds(texts[header], condition)
    for header, condition in source.leave_out.items():
        kept &= ~holds(texts[header], condition)
    return kept


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
    """The allowed word that a text is but for capitals, widths and blanks; the text where there is none."""
    folded = fold_text(text)
    return next((word for word in allowed if word.casefold() == folded), text)
