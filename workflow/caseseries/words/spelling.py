"""Letters: how an id reads as words, a phrase begins with a capital, a phrase becomes a sentence."""

from __future__ import annotations

SPELLINGS = {
    "rhtpo": "rhTPO",
    "tpora": "TPO-RA",
    "itp": "ITP",
    "sle": "SLE",
    "aiha": "AIHA",
    "fsgs": "FSGS",
    "ceog": "CEOG",
}
"""Words of an id that are not written in small letters."""


def words(identifier: str) -> str:
    """An id as words: "platelet_transfusion" -> "platelet transfusion"; abbreviations keep their capitals."""
    return " ".join(SPELLINGS.get(part, part) for part in identifier.replace("_", " ").split(" "))


def capital(text: str) -> str:
    """The text with a capital first: "age" -> "Age"; a first word with capitals inside keeps its own: "rhTPO"."""
    first = text.split(" ", 1)[0].split("-", maxsplit=1)[0]
    return text if any(letter.isupper() for letter in first[1:]) else text[:1].upper() + text[1:]


def small(text: str) -> str:
    """The text as it stands within a sentence: "Age" -> "age"; a first word with further capitals keeps its own."""
    first = text.split(" ", 1)[0]
    return text if any(letter.isupper() for letter in first[1:]) else text[:1].lower() + text[1:]


def sentence(text: str) -> str:
    """The text with a capital and one full stop; "" stays empty."""
    text = text.strip()
    return capital(text).rstrip(".") + "." if text else ""
