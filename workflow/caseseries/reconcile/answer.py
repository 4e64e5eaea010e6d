"""What a check of a printed number comes to: a verdict and its reason in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

REPRODUCED, CONSISTENT, DIFFERS = "reproduced", "consistent", "differs"
INCONSISTENT, NOT_DERIVABLE = "inconsistent", "not_derivable"

WEIGHT = (INCONSISTENT, DIFFERS, REPRODUCED, CONSISTENT, NOT_DERIVABLE)
"""Of several checks of one claim the first of these decides."""


@dataclass(frozen=True)
class Answer:
    """Verdict of a check and why.

    Parameters
    ----------
    verdict : one of `result_columns.CLAIM_VERDICTS`.
    reason : in words; it names the rounding, test or interval that gives what is printed.
    fitting : names of what gives it, where there was something to choose from.
    """

    verdict: str
    reason: str
    fitting: tuple[str, ...] = ()


def joined(answers: Iterable[Answer]) -> Answer:
    """One answer of several checks: the gravest verdict, with the reasons of all that came to it."""
    found = list(answers)
    verdict = next((name for name in WEIGHT if any(one.verdict == name for one in found)), NOT_DERIVABLE)
    deciding = [one for one in found if one.verdict == verdict]
    reasons = dict.fromkeys(one.reason for one in deciding)
    return Answer(verdict, "; ".join(reasons), tuple(name for one in deciding for name in one.fitting))
