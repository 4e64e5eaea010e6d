"""One verdict for each claim: what print alone says of it, and our number beside it."""

from __future__ import annotations

from collections.abc import Sequence

from caseseries.model.claim import RATES, Claim
from caseseries.reconcile.answer import CONSISTENT, DIFFERS, INCONSISTENT, NOT_DERIVABLE, REPRODUCED, Answer, joined
from caseseries.reconcile.from_cases import derive
from caseseries.reconcile.from_print import judge_print
from caseseries.reconcile.grounds import CASES, Grounds, Ours
from caseseries.reconcile.printed import show_numbers, show_printed
from caseseries.reconcile.system import DERIVED, PRINTED, contradictions, counts_in_print
from caseseries.reconcile.told import judge_told

FROM_THE_CLAIM = "the count in the data was worked out from what is printed, so that it proves nothing"
FROM_A_TOTAL = "the rows of cases say no more than the printed total, so that counting them proves nothing"


def judge_claims(claims: Sequence[Claim], grounds: Grounds) -> list[dict[str, str]]:
    """Rows of claims.csv, without the cohort: `claim`, `published`, `ours`, `verdict`, `reason`."""
    together = contradictions(claims, grounds.aggregates)
    return [_judge(claim, claims, grounds, together.get(claim.id)) for claim in claims]


def _judge(claim: Claim, claims: Sequence[Claim], grounds: Grounds, contradiction: Answer | None) -> dict[str, str]:
    """What contradicts itself in print is `inconsistent` before all else: it can be reproduced by nobody.

    Of two claims that contradict each other the cases say which is right, where there are cases.
    """
    own = [one for one in claims if not one.told_by or one is claim]
    printed = judge_print(claim, counts_in_print(own, grounds.aggregates), own)
    ours = None if claim.incomplete else derive(claim, grounds)
    decided = ours is not None and ours.basis == CASES and not grounds.from_totals
    if contradiction is not None and not decided:
        printed = joined([printed, contradiction])
    answer = printed
    if claim.told_by:
        answer = judge_told(claim, claims, printed, ours)
    elif printed.verdict != INCONSISTENT:
        if claim.incomplete:
            answer = Answer(NOT_DERIVABLE, claim.incomplete)
        elif ours is not None:
            answer = _weigh(claim, printed, ours, grounds.from_totals)
        if contradiction is not None and decided:
            answer = Answer(answer.verdict, f"{answer.reason}; {contradiction.reason}", answer.fitting)
    return {
        "claim": claim.id,
        "published": show_printed(claim.says),
        "ours": show_numbers(ours.numbers) if ours is not None else "",
        "verdict": answer.verdict,
        "reason": answer.reason,
    }


def _weigh(claim: Claim, printed: Answer, ours: Ours, from_totals: bool) -> Answer:
    """The verdict on a claim that print allows, with our number at hand.

    It is reproduced only by cases, or by a count in print that was not made from it: one where the claim gives the
    percentage alone. A count that a claim prints itself is the same count, seen twice.
    """
    if ours.answer.verdict in (DIFFERS, NOT_DERIVABLE) or claim.statistic == "p_value":
        return ours.answer
    circular = {DERIVED: FROM_THE_CLAIM, CASES: FROM_A_TOTAL if from_totals else ""}.get(ours.basis, "")
    if circular:
        tells = printed.verdict != NOT_DERIVABLE
        return Answer(printed.verdict, f"{printed.reason}; {circular}" if tells else circular, printed.fitting)
    same_count = ours.basis == PRINTED and (claim.statistic not in RATES or claim.says.events is not None)
    if printed.verdict == DIFFERS or same_count:
        return Answer(CONSISTENT, ours.answer.reason) if printed.verdict == NOT_DERIVABLE else printed
    interval = printed.reason if claim.says.lower is not None and claim.statistic in RATES else ""
    return Answer(REPRODUCED, "; ".join(part for part in (ours.answer.reason, interval) if part))
