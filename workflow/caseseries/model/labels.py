"""Whether a text names a case or a person by its label."""

from __future__ import annotations

import re
from collections.abc import Iterable

SHORTEST = 4
"""Letters from which on a word occurs nowhere by chance; a longer label is looked for inside words too."""

DRAWN = re.compile(r'\s(?:d|points|transform|style|x|y|x1|y1|x2|y2|viewBox|width|height)="[^"]*"|@page { size: A4;')
"""Places and sizes of a drawing, and the paper of a page, which are no words."""

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


class Searched:
    """A text in which labels are looked for: a short one as a word, a longer one anywhere, in any capitals."""

    def __init__(self, text: str) -> None:
        self._words, self._folded = words_of_text(text), text.casefold()

    def holds(self, label: str) -> bool:
        """Whether the text holds a label."""
        return label in self._words or (len(label) > SHORTEST and label.casefold() in self._folded)

    def among(self, labels: Iterable[str]) -> set[str]:
        """Those of many labels that it holds."""
        begun = {self._folded[place : place + SHORTEST] for place in range(len(self._folded))}
        likely = (label for label in labels if len(label) <= SHORTEST or label.casefold()[:SHORTEST] in begun)
        return set(filter(self.holds, likely))


def names_a_label(text: str, labels: Iterable[str]) -> bool:
    """Whether a text holds one of `telling_labels`."""
    searched = Searched(text)
    return any(map(searched.holds, labels))
