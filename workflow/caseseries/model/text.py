"""Written text in one form: the same word in other letters, blanks or widths is the same word."""

from __future__ import annotations

import re
import unicodedata

BLANKS = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
"""Blanks that look like the plain one and are another sign."""

INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
"""Signs that nobody sees: soft hyphen, zero widths, directions, byte order mark."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula when a cell is opened, typed or pasted anew."""

NEGATIVE = re.compile(r"-(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII)

_PLAIN = str.maketrans(dict.fromkeys(BLANKS, " ") | dict.fromkeys(INVISIBLE, ""))
_PLAIN_BLANKS = str.maketrans(dict.fromkeys(BLANKS, " "))
_RUNS = re.compile(r" {2,}")


def tidy_text(text: str) -> str:
    """A cell, header or label in one form.

    Composed letters (form NFC: Unicode Standard Annex 15), plain blanks and one of them at a time, none at the ends,
    no invisible signs. Line breaks stay.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(_PLAIN))
    return _RUNS.sub(" ", text).strip()


def fold_text(text: str) -> str:
    """A text as it is compared where capitals, full-width letters (form NFKC) and line breaks mean nothing."""
    if text.isascii():
        return " ".join(text.split()).casefold()
    return " ".join(unicodedata.normalize("NFKC", tidy_text(text)).casefold().split())


def compose(text: str) -> str:
    """A whole file's text with composed letters and plain blanks; everything else is left as it is."""
    return text if text.isascii() else unicodedata.normalize("NFC", text.translate(_PLAIN_BLANKS))


def runs_as_formula(text: str) -> bool:
    """Whether a spreadsheet may take a cell for a formula: it begins with one of its signs and is no number."""
    bare = text.lstrip(" ")
    return bare.startswith(FORMULA_SIGNS) and not NEGATIVE.fullmatch(bare)


def as_cell(text: str) -> str:
    """A text as it stands in a file that spreadsheets open: with an apostrophe before what they would run."""
    return f"'{text}" if runs_as_formula(text) else text
