"""What a header says: a column of the contract, a unit, the day of a visit. Words are looked up, none is guessed at."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from caseseries.ingest.day_zero import CDISC
from caseseries.ingest.draft.vocabulary import Meaning, Vocabulary, plain
from caseseries.ingest.units import DOSES, FACTORS, WEEKS_AND_DAYS, normalise
from caseseries.model.text import fold_text

UNITS = {unit for units in FACTORS.values() for unit in units} | {*DOSES, WEEKS_AND_DAYS}
_SPLIT = re.compile(r"[\s,;_]+|(?=/)|(?=[×x*·]\s*10\s*[\^*⁰-⁹¹²³])|(?<=[^\d\s×x*·])(?=10[\^*⁰-⁹¹²³])")
"""Where the unit at the end of a header may begin."""
_CODES = re.compile(r"(?<![^\W_])(\d{1,3}|[A-Za-z])\s*[=:＝：]\s*([^\W\d_](?:[^\d,;/|，；、()（）\[\]]*[^\W\d_])?)")
_FEWEST_CODES = 2
_DASHES = "-−–‐‑"
_BRACKETS = re.compile(r"[(\[（【]([^)\]）】]*)[)\]）】]")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Header:
    """A header after reading.

    Parameters
    ----------
    written : as in the file.
    meaning : of the word that was found, None where none is known, or where the header says more than it.
    unit : that it states, as `normalise` writes it.
    days : of a visit, in the unit of time that the header names, with that unit; None where it names none.
    moment : a time point of counts.csv that it names.
    after : what says from when the days count, where the header says it: `after treatment`.
    timed : it speaks of days, weeks or months, so that a number below it is a time.
    codes : of the cells with the words that the header gives them: `Sex (1=F, 2=M)`.
    number : a bare number behind the word, by which pairs of columns belong together.
    more : it holds a known word and others besides.
    """

    written: str
    meaning: Meaning | None = None
    unit: str = ""
    days: tuple[int, str] | None = None
    moment: str = ""
    number: int | None = None
    more: Meaning | None = field(default=None)
    after: str = ""
    codes: dict[str, str] = field(default_factory=dict)
    timed: bool = False


def read_header(written: str, words: Vocabulary) -> Header:
    """What a header says; a header that is a known word as a whole is that word and nothing more."""
    return replace(_read(written, words), timed=speaks_of_time(written, words))


def _read(written: str, words: Vocabulary) -> Header:
    if found := words.headers.get(plain(written)):
        return Header(written, found)
    codes, spoken = take_codes(drop_choices(written, words))
    unit, rest = take_unit(drop_drugs(spoken, words))
    if found := words.headers.get(plain(rest)):
        return Header(written, found, unit, codes=codes)
    moment, without = take_moment(plain(rest), words)
    days, without = (None, without) if moment or counts_down(rest, words) else take_days(without, words)
    after, without = take_after(without, words) if days else ("", without)
    if (days or moment) and (found := find_word(without, words)) and found.column == "counts.count":
        return Header(written, found, unit, days, moment, after=after)
    number = re.fullmatch(r"(.*?) ?(\d{1,2})", plain(rest))
    if number and (found := words.headers.get(number[1])) and found.column in ("counts.count", "counts.day"):
        return Header(written, found, unit, number=int(number[2]))
    found = find_word(plain(rest), words)
    return Header(written, found, unit, more=None if found else holds_word(plain(rest), words), codes=codes)


def speaks_of_time(written: str, words: Vocabulary) -> bool:
    """Whether a header names a unit of time, or is that of a study day."""
    if take_unit(written)[0] in FACTORS["days"] or CDISC.fullmatch(written):
        return True
    return bool(set(plain(written).split()) & set(words.times) or re.search("天|周|週|个月", written))


def drop_choices(written: str, words: Vocabulary) -> str:
    """A header without a list of the words that its cells may have: `Sex (M/F)`, `Response (CR/PR/NR)`."""
    for bracket in _BRACKETS.finditer(written):
        parts = [fold_text(part) for part in re.split(r"[/|,;、，；]", bracket[1])]
        if len(parts) > 1 and all(part in words.choices for part in parts):
            return written[: bracket.start()] + written[bracket.end() :]
    return written


def take_codes(written: str) -> tuple[dict[str, str], str]:
    """What a header says of its codes (`1=F, 2=M`), and the header without it; {} where it explains none."""
    found = list(_CODES.finditer(written))
    if len(found) < _FEWEST_CODES:
        return {}, written
    rest = re.sub(r"[(\[（【]\s*[)\]）】]", "", written[: found[0].start()] + written[found[-1].end() :])
    return {one[1]: one[2].strip() for one in found}, rest


def drop_drugs(header: str, words: Vocabulary) -> str:
    """A header without the names of studied drugs: `Date of first romiplostim dose` is the date of the first dose."""
    rest = header
    for drug in drugs_in(header, words):
        rest = rest.replace(drug, " ")
    return rest if plain(rest) else header


def read_bare_days(header: str, words: Vocabulary) -> tuple[int, str] | None:
    """The day of a header that names nothing else, `day 7`; None for any other."""
    days, rest = (None, "") if counts_down(header, words) else take_days(plain(header), words)
    return days if days and is_filler(take_after(f"x {rest}", words)[1].removeprefix("x"), words) else None


def drugs_in(header: str, words: Vocabulary) -> set[str]:
    """The studied drugs that a header names, as it writes them."""
    if not words.drugs:
        return set()
    named = "|".join(sorted(map(re.escape, words.drugs), key=len, reverse=True))
    return {found[0] for found in re.finditer(rf"(?<![a-z0-9])({named})(?![a-z0-9])", header, re.IGNORECASE)}


def counts_down(header: str, words: Vocabulary) -> bool:
    """Whether a dash before a number may mean days before the first dose: `day -7`, `D-7`."""
    spoken = "|".join(sorted(map(re.escape, words.times), key=len, reverse=True))
    text = fold_text(header)
    behind = rf"(?<![^\W\d_])({spoken})\s*[{_DASHES}]\s*\d"
    before = rf"(?:^|[\s(（_])[{_DASHES}]\s*\d+\s*({spoken})"
    return bool(re.search(behind, text) or re.search(before, text))


def take_after(header: str, words: Vocabulary) -> tuple[str, str]:
    """The word that says from when the days of a visit count, the longest first, and the header without it."""
    for word in sorted(words.after, key=len, reverse=True):
        if (cut := cut_word(header, word)) is not None and cut:
            return word, cut
    return "", header


def take_unit(written: str) -> tuple[str, str]:
    """The unit that a header states in brackets or at its end, and the header without it."""
    for bracket in _BRACKETS.finditer(written):
        unit = normalise(bracket[1])
        if unit in UNITS:
            return unit, written[: bracket.start()] + written[bracket.end() :]
    for split in _SPLIT.finditer(written):
        unit = normalise(written[split.end() :])
        if unit in UNITS and (len(unit) > 2 or unit in ("kg", "lb")) and split.start():
            return unit, written[: split.start()]
    return "", written


def take_moment(header: str, words: Vocabulary) -> tuple[str, str]:
    """The moment that a plain header names ("" for none), the longest word first, and the header without it."""
    for word in sorted(words.moments, key=len, reverse=True):
        if (cut := cut_word(header, word)) is not None and cut:
            return words.moments[word], cut
    return "", header


def take_days(header: str, words: Vocabulary) -> tuple[tuple[int, str] | None, str]:
    """Number and unit of time in a plain header such as `plt day 7`, and the header without them."""
    spoken = "|".join(sorted(map(re.escape, words.times), key=len, reverse=True))
    end = r"(?:(?<=[\u4e00-\u9fff])|(?![^\W\d_]))"  # Chinese words follow each other without a blank
    for pattern in (rf"第?(\d{{1,3}}) ?({spoken}){end}", rf"(?<![^\W\d_])({spoken}) ?(\d{{1,3}})(?!\d)"):
        if found := re.search(pattern, header):
            first, second = found.groups()
            number, unit = (first, second) if first.isdigit() else (second, first)
            rest = f"{header[: found.start()]} {header[found.end() :]}"
            return (int(number), words.times[unit]), " ".join(rest.split())
    return None, header


def find_word(header: str, words: Vocabulary) -> Meaning | None:
    """The longest known word in a plain header beside which only filler stands; None where two could be meant."""
    fitting = [
        meaning
        for word, meaning in words.headers.items()
        if word in header
        and (rest := cut_word(header, word)) is not None
        and (is_filler(rest, words) or says_again(rest, meaning, words))
    ]
    if not fitting:
        return None
    longest = max(len(meaning.word) for meaning in fitting)
    best = [meaning for meaning in fitting if len(meaning.word) == longest]
    return best[0] if len({meaning.column for meaning in best}) == 1 else None


def says_again(rest: str, meaning: Meaning, words: Vocabulary) -> bool:
    """Whether what is left of a header means the same as the word that was taken out: `pat` of `pat code`."""
    found = words.headers.get(rest)
    return found is not None and found.column == meaning.column


def holds_word(header: str, words: Vocabulary) -> Meaning | None:
    """The longest known word in a plain header, whatever else stands there."""
    found = [
        meaning for word, meaning in words.headers.items() if word in header and cut_word(header, word) is not None
    ]
    return max(found, key=lambda meaning: len(meaning.word), default=None)


def cut_word(header: str, word: str) -> str | None:
    """A plain header without a word that it holds; None where it does not. Chinese has no blanks between words."""
    if word not in header:
        return None
    place = header.find(word) if _CHINESE.search(word) else f" {header} ".find(f" {word} ")
    return None if place < 0 else " ".join(f"{header[:place]} {header[place + len(word) :]}".split())


def is_filler(rest: str, words: Vocabulary) -> bool:
    """Whether nothing but filler is left of a header."""
    for word in rest.split():
        left = word
        if _CHINESE.search(word):
            for one in sorted(words.filler, key=len, reverse=True):
                left = left.replace(one, "")
        if left and left not in words.filler:
            return False
    return True
