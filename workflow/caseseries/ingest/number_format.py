"""What a number format of a spreadsheet shows: `"<"0` turns 11 into <11, and `0,` hides three digits.

Rules of format codes: ECMA-376 part 1, 18.8.31. Only what changes the meaning of a number is worked out: text before
and behind it, leading zeros, hidden thousands, formats that show no number at all. Decimals that a format rounds away
stay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[(?P<bracket>[^\]]*)\]|_.|\*.'
    r"|(?P<place>General|[0#?.,%]|[eE][+-])|(?P<literal>.)",
    re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)")
_SAYS_NOTHING = re.compile(r"[-+()$€£¥\s]*")
"""Signs and currencies: the number means the same without them."""


@dataclass(frozen=True)
class Section:
    """One part of a format code: which numbers it is for, and what stands around their digits."""

    condition: tuple[str, float] | None
    before: str
    behind: str
    places: str
    inside: bool

    @property
    def zeros(self) -> int:
        """Digits that are shown at least; 1 where the format says nothing special."""
        return len(self.places) if self.places and set(self.places) == {"0"} else 1

    @property
    def hides(self) -> bool:
        """The digits shown are not those of the number: thousands are cut off, or text stands among the digits."""
        return self.inside or bool(re.search(r"[0#?],+%?$", self.places))


def show_number(number: float, plain: str, code: str) -> tuple[str, bool]:
    """A number as its cell shows it.

    Parameters
    ----------
    number, plain : value of the cell, and the value as text.
    code : number format of the cell.

    Returns
    -------
    The text that stands for the cell, and whether the format shows something else than that.
    """
    if code == "General" or re.fullmatch(r"0?(\.0+)?|#,##0(\.0+)?|0(\.0+)?%|@", code):
        return plain, False
    section = _choose(read_format(code), number)
    if section is None:
        return plain, False
    if not section.places:
        shown = (section.before + section.behind).strip()
        return (shown, False) if shown and not _SAYS_NOTHING.fullmatch(shown) else (plain, not shown)
    if section.zeros > 1 and plain.isdigit():
        plain = plain.zfill(section.zeros)
    before, behind = ("" if _SAYS_NOTHING.fullmatch(text) else text for text in (section.before, section.behind))
    return (before + plain + behind).strip(), section.hides


def show_date(plain: str, code: str) -> str:
    """A date as its cell shows it: without the day or the month where the format has none (`mmm yyyy` of 2020-03-01).

    Parameters
    ----------
    plain : the date as ISO text; code : number format of the cell.
    """
    first = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", code.split(";", maxsplit=1)[0]).lower()
    if "y" not in first or "d" in first:
        return plain
    return plain[:7] if "m" in first else plain[:4]


@cache
def read_format(code: str) -> tuple[Section, ...]:
    """The sections of a format code."""
    parts: list[list[re.Match[str]]] = [[]]
    for token in _TOKEN.finditer(code):
        if token["literal"] == ";":
            parts.append([])
        else:
            parts[-1].append(token)
    return tuple(_read_section(part) for part in parts)


def _read_section(tokens: list[re.Match[str]]) -> Section:
    condition, places = None, ""
    texts = ["", "", ""]  # before the digits, among them, behind them
    for token in tokens:
        if token["place"]:
            places += "#.#" if token["place"] == "General" else token["place"]
            texts[1] += texts[2]
            texts[2] = ""
        elif token["bracket"] is not None:
            if found := _CONDITION.fullmatch(token["bracket"]):
                condition = (found[1], float(found[2]))
        else:
            text = next((token[name] for name in ("quoted", "escaped", "currency", "literal") if token[name]), "")
            texts[2 if places else 0] += text
    among = bool(re.sub(r"[\s/.-]", "", texts[1]))
    return Section(condition, texts[0], texts[2], places, among)


def _choose(sections: tuple[Section, ...], number: float) -> Section | None:
    if any(section.condition for section in sections):
        chosen = (section for section in sections if section.condition is None or _holds(section.condition, number))
        return next(chosen, None)
    if number < 0:
        return None  # its own section shows the sign, which the number has
    return sections[2] if number == 0 and len(sections) > 2 else sections[0]


def _holds(condition: tuple[str, float], number: float) -> bool:
    sign, bound = condition
    comparisons = {
        "<": number < bound,
        "<=": number <= bound,
        ">": number > bound,
        ">=": number >= bound,
        "=": number == bound,
        "<>": number != bound,
    }
    return comparisons[sign]
