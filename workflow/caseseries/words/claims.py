"""Published numbers beside ours, as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from caseseries.words.lists import listing
from caseseries.words.nouns import inflected, plural
from caseseries.words.spelling import capital, sentence, words

VERDICTS = {
    "reproduced": ("comes out the same", "come out the same"),
    "consistent": ("only fits: its arithmetic in print holds", "only fit: their arithmetic in print holds"),
    "differs": ("differs", "differ"),
    "inconsistent": ("contradicts itself in print", "contradict themselves in print"),
    "not_derivable": ("cannot be derived from what is available", "cannot be derived from what is available"),
}


VERDICT_WORDS = {
    "reproduced": "✓ recomputed",
    "consistent": "○ only fits",
    "differs": "≠ differs",
    "inconsistent": "! contradicts itself in print",
    "not_derivable": "– not derivable",
}
"""Verdict of a claim in a table."""


def claim_words(claim: str) -> str:
    """A claim's id in words: "bleeding-rhtpo" -> "Bleeding rhTPO"."""
    return capital(words(claim.replace("-", "_")))


def say_reproduction(verdicts: Mapping[str, int]) -> str:
    """How the published numbers fared: "3 of 3 published numbers come out the same."""
    total = sum(verdicts.values())
    if not total:
        return "No published number is listed for comparison."
    same = verdicts.get("reproduced", 0)
    first = f"{same} of {plural(total, 'published number')} {VERDICTS['reproduced'][1 not in (same, total)]}"
    if not same and not verdicts.get("differs"):
        first = f"None of {total} published numbers could be recomputed"
        first = "The one published number could not be recomputed" if total == 1 else first
    rest = [
        f"{verdicts[name]} {said[verdicts[name] != 1]}"
        for name, said in VERDICTS.items()
        if name != "reproduced" and verdicts.get(name)
    ]
    return sentence("; ".join([first, *rest]))


def say_told(verdicts: Mapping[str, int], tellers: Iterable[str]) -> str:
    """How far what others tell of a publication is what it prints: "Of 3 statements of a news report on it 2 are as
    printed and 1 contradicts it or itself." "" where nobody tells any.
    """
    total = sum(verdicts.values())
    if not total:
        return ""
    same = verdicts.get("consistent", 0) + verdicts.get("reproduced", 0)
    wrong = verdicts.get("differs", 0) + verdicts.get("inconsistent", 0)
    rest = total - same - wrong
    if total == 1:
        one = "is as printed" if same else "contradicts it or itself" if wrong else "cannot be held against it"
        return sentence(f"the one statement of {listing(tellers)} on it {one}")
    parts = [f"{same} {inflected(same, 'is', 'are')} as printed"] if same else []
    parts += [f"{wrong} {inflected(wrong, 'contradicts', 'contradict')} it or itself"] if wrong else []
    parts += [f"{rest} cannot be held against it"] if rest else []
    return sentence(f"of {total} statements of {listing(tellers)} on it {listing(parts)}")


def say_recomputed(numbers: Mapping[str, int], packages: Iterable[str]) -> str:
    """How many numbers come out the same with other packages, "" where none was computed again."""
    total, same = sum(numbers.values()), numbers.get("yes", 0)
    if not total:
        return ""
    rest = total - same
    others = "The other one differs by a rule" if rest == 1 else f"The other {rest:,} differ by rules"
    why = f" {others} that recomputed.csv names." if rest else ""
    return f"{same:,} of {total:,} numbers come out the same with {listing(packages)}.{why}"


ONLY_FITS = (
    "“Only fits”: no case stands behind the number, and its arithmetic in print holds. “Recomputed” is kept for "
    "numbers from cases, or from a printed count that was not made from them."
)
"""Beside a table in which a number only fits."""

IN_PRINT = {
    "consistent": "possible",
    "reproduced": "possible",
    "differs": "not found: another method?",
    "inconsistent": "IMPOSSIBLE",
    "not_derivable": "cannot be checked",
}
"""Verdict of a claim where nothing but print is at hand."""
