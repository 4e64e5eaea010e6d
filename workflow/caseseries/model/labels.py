"""Whether a text names a case or a person by its label."""

from __future__ import annotations

import re
from collections.abc import Iterable

SHORTEST = 4
"""Letters from which on a word occurs nowhere by chance; a longer label is looked for inside words too."""

_WORD = re.compile(r"[^\W_][\w.+-]*")
_JOINT = re.compile(r"[.+_-]+")


def telling_labels(labels: Iterable[str]) -> frozenset[str]:
    """Labels by which a text can be searched; a letter alone, and a number of up to three digits, may be any other."""
    return frozenset(label for label in labels if len(label) > 1 and (len(label) >= SHORTEST or not label.isdigit()))


def whole_words(text: str) -> set[str]:
    """The words and numbers of a text as they stand, joined by hyphens, dots or underscores or not."""
    return set(_WORD.findall(text))


def words_of_text(text: str) -> set[str]:
    """The words of a text, and their parts where hyphens, dots or underscores join them."""
    words = whole_words(text)
    return words | {part for word in words for part in _JOINT.split(word)}


def names_a_label(text: str, labels: Iterable[str]) -> bool:
    """Whether a text holds one of `telling_labels`: a short one as a word, a longer one anywhere, in any capitals."""
    words, folded = words_of_text(text), text.casefold()
    return any(label in words or (len(label) > SHORTEST and label.casefold() in folded) for label in labels)
