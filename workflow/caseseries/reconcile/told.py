"""What a review or a news report tells of a publication, held against what the publication prints."""

from __future__ import annotations

from collections.abc import Sequence

from caseseries.model.claim import NUMBERS, Claim
from caseseries.reconcile.answer import CONSISTENT, DIFFERS, INCONSISTENT, NOT_DERIVABLE, Answer
from caseseries.reconcile.grounds import Ours
from caseseries.reconcile.printed import show_printed
from caseseries.reconcile.system import differing, figure_of

AS_PRINTED = "the publication prints the same"
GIVEN = "what the publication prints gives it"
NOT_THERE = "the publication, as far as it was read, says nothing of it"


def judge_told(claim: Claim, claims: Sequence[Claim], printed: Answer, ours: Ours | None) -> Answer:
    """The verdict on a claim that another source tells: `differs` where the publication prints something else.

    Parameters
    ----------
    claims : every claim of the file.
    printed : what the claim's own numbers come to beside each other.
    ours : our number, from the publication's rows or counts.
    """
    own = [one for one in claims if not one.told_by and figure_of(one) == figure_of(claim) and _shared(claim, one)]
    other = [one for one in own if differing(claim, one)]
    says = f"the publication prints {show_printed(other[0].says)}" if other else ""
    if printed.verdict == INCONSISTENT:
        return Answer(INCONSISTENT, "; ".join(part for part in (printed.reason, says) if part), printed.fitting)
    if other:
        return Answer(DIFFERS, says)
    if own:
        return Answer(CONSISTENT, AS_PRINTED)
    if claim.incomplete:
        return Answer(NOT_DERIVABLE, claim.incomplete)
    if ours is None or ours.answer.verdict == NOT_DERIVABLE:
        return Answer(NOT_DERIVABLE, NOT_THERE)
    return ours.answer if ours.answer.verdict == DIFFERS else Answer(CONSISTENT, f"{GIVEN}; {ours.answer.reason}")


def _shared(one: Claim, other: Claim) -> bool:
    """Whether both print a number of the same kind."""
    return any(getattr(one.says, name) is not None and getattr(other.says, name) is not None for name in NUMBERS)
