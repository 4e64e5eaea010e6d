"""Published numbers beside ours, as sentences."""

from __future__ import annotations

from collections.abc import Mapping

from caseseries.words.nouns import plural
from caseseries.words.spelling import capital, sentence, words

VERDICTS = {
    "reproduced": ("comes out the same", "come out the same"),
    "differs": ("differs", "differ"),
    "inconsistent": ("contradicts itself in print", "contradict themselves in print"),
    "not_derivable": ("cannot be derived from what is available", "cannot be derived from what is available"),
}


VERDICT_WORDS = {
    "reproduced": "✓ the same",
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
    rest = [
        f"{verdicts[name]} {said[verdicts[name] != 1]}"
        for name, said in VERDICTS.items()
        if name != "reproduced" and verdicts.get(name)
    ]
    return sentence("; ".join([first, *rest]))
