"""Claims judged from print alone: can the number be, and does what is printed beside it agree?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import islice, product
from math import sqrt

from caseseries.model.claim import AT_A_TIME, RATES, Claim, Printed
from caseseries.reconcile import p_value
from caseseries.reconcile.answer import CONSISTENT, DIFFERS, INCONSISTENT, NOT_DERIVABLE, Answer, joined
from caseseries.reconcile.interval import judge_ends, judge_share_interval
from caseseries.reconcile.mean import judge_mean
from caseseries.reconcile.median import judge_median
from caseseries.reconcile.percent import counts_that_give, judge_percent, sizes_that_give
from caseseries.reconcile.rounding import span
from caseseries.reconcile.share import printed_share
from caseseries.reconcile.system import DERIVED, PrintedCount, judge_parts

NOTHING = Answer(NOT_DERIVABLE, "nothing else in print bears on it")
OF_COUNTS = ("fisher", "chi_squared", None)
MOST_COUNTS = 2000


def judge_print(claim: Claim, counts: Sequence[PrintedCount], others: Sequence[Claim] = ()) -> Answer:
    """Verdict of everything in print on a claim; `others` are the claims of the same publication.

    What the transcription lacks may be what another number in print is about: an incomplete claim stands alone.
    """
    counts = () if claim.incomplete else counts
    checks = list(_checks(claim, counts, others))
    if claim.groups and claim.statistic != "p_value":
        checks.append(judge_parts(claim, counts))
    return joined(checks or [NOTHING])


def _checks(claim: Claim, counts: Sequence[PrintedCount], others: Sequence[Claim]) -> Iterator[Answer]:
    says = claim.says
    if claim.statistic in RATES:
        yield from _checks_of_share(claim, counts)
    elif claim.statistic in ("mean_value", "median_value"):
        n = says.n or _size(claim, counts)
        known = says.model_copy(update={"n": n})
        yield judge_mean(known) if claim.statistic == "mean_value" else judge_median(known)
    elif claim.statistic == "p_value":
        yield _judge_p(claim, counts, others)
    else:
        point, _ = printed_share(claim) if claim.statistic in AT_A_TIME else (says.value, 1)
        yield judge_ends(says, point) or NOTHING


def _checks_of_share(claim: Claim, counts: Sequence[PrintedCount]) -> Iterator[Answer]:
    says, (printed, per) = claim.says, printed_share(claim)
    n = says.n or _size(claim, counts)
    if printed is not None:
        answer = judge_percent(says.events, n, printed, per)
        of_group = None if n is not None else _size_of_group(claim, counts)
        yield _beside_group(answer, says, of_group, printed, per) if of_group else answer
    elif says.events is not None and n is not None and says.lower is None and not claim.groups:
        yield Answer(NOT_DERIVABLE, f"{says.events} of {n} is possible, and nothing else in print bears on it")
    if says.lower is not None or says.upper is not None:
        yield _judge_interval(says, printed, n, per)


def _judge_interval(says: Printed, printed: Decimal | None, n: int | None, per: int) -> Answer:
    if n is None or (says.events is None and printed is None):
        return judge_ends(says, printed) or NOTHING
    events = [says.events] if says.events is not None else counts_that_give(printed or Decimal(0), n, per)
    if not events or len(events) > MOST_COUNTS:
        return judge_ends(says, printed) or NOTHING
    return judge_share_interval(says, [(one, n) for one in events], per)


def _size(claim: Claim, counts: Sequence[PrintedCount]) -> int | None:
    """Number of cases that is printed beside the same figure, if all say the same."""
    same = {
        one.n
        for one in counts
        if (one.outcome, one.group) == (claim.outcome, claim.group)
        and one.n is not None
        and one.origin != DERIVED
        and one.sound
        and one.claim != claim.id
    }
    return same.pop() if len(same) == 1 else None


def _size_of_group(claim: Claim, counts: Sequence[PrintedCount]) -> int | None:
    sizes = {
        one.n
        for one in counts
        if one.group == claim.group and one.n is not None and one.origin != DERIVED and one.sound
    }
    return sizes.pop() if len(sizes) == 1 else None


def _beside_group(answer: Answer, says: Printed, n: int, printed: Decimal, per: int) -> Answer:
    """A share without its number of cases beside the size of the group: some may have lacked the fact."""
    beside = judge_percent(says.events, n, printed, per)
    if beside.verdict == CONSISTENT:
        return beside
    if not sizes_that_give([printed], range(1, n + 1), says.events, per):
        none = f"no count of the {n} of the group, or of fewer, gives {printed} {'%' if per == 100 else ''}".strip()
        return Answer(INCONSISTENT, none)
    return Answer(answer.verdict, f"{answer.reason}; of the {n} of the group, no count gives it", answer.fitting)


def _judge_p(claim: Claim, counts: Sequence[PrintedCount], others: Sequence[Claim]) -> Answer:
    printed = claim.says.p
    assert printed is not None
    if claim.test in ("t", None) and (made := _t_from_print(claim, counts, others)):
        return _judge_t(claim, made)
    if claim.test not in OF_COUNTS:
        return Answer(NOT_DERIVABLE, f"{p_value.NAMES[claim.test or 't']} needs the single cases")
    found = counts_compared(claim, counts)
    if not found:
        return Answer(NOT_DERIVABLE, "the counts of the groups are not printed")
    choices = islice(product(*([(events, one.n or 0) for events in one.events] for one in found)), MOST_COUNTS)
    answers = [p_value.judge_p(printed, p_value.p_of_counts(chosen), claim.test) for chosen in choices]
    return next((one for one in answers if one.verdict == CONSISTENT), answers[0])


def counts_compared(claim: Claim, counts: Sequence[PrintedCount]) -> list[PrintedCount]:
    """The printed counts of the groups that a p-value compares, [] where one lacks.

    They are of the outcome that the claim names, else of response, else of the only outcome that all groups have.
    """
    usable: dict[str, dict[str, PrintedCount]] = {}
    for one in counts:
        if one.events and one.n is not None and one.group in claim.groups:
            usable.setdefault(one.outcome, {}).setdefault(one.group, one)
    whole = {outcome: rows for outcome, rows in usable.items() if len(rows) == len(claim.groups)}
    wanted = claim.cause or ("response" if "response" in whole or len(whole) != 1 else next(iter(whole)))
    rows = whole.get(wanted, {})
    return [rows[group] for group in claim.groups if rows] if claim.groups else []


def _t_from_print(
    claim: Claim, counts: Sequence[PrintedCount], others: Sequence[Claim]
) -> dict[str, tuple[float, float]]:
    """Smallest and largest p of Student's and Welch's t from printed means and SDs; {} where they are not printed."""
    means = {
        one.group: one.says.model_copy(update={"n": n})
        for one in others
        if one.statistic == "mean_value" and one.cause == claim.cause and one.says.sd is not None
        if (n := one.says.n or _size(one, counts) or _size_of_group(one, counts))
    }
    if len(claim.groups) != 2 or not set(claim.groups) <= set(means):
        return {}
    pair = [means[group] for group in claim.groups]
    made: dict[str, list[float]] = {"t_student": [], "t_welch": []}
    ends = [span(number) for one in pair for number in (one.mean or Decimal(0), one.sd or Decimal(0))]
    nearest = [Fraction(0)] * 2
    low, high = ends[0][0] - ends[2][1], ends[0][1] - ends[2][0]
    differences = [low, high] + (nearest[:1] if low <= 0 <= high else [])
    for difference, sd_1, sd_2 in product(differences, ends[1], ends[3]):
        for name, p in _t_tests(float(difference), float(sd_1), float(sd_2), pair[0].n or 0, pair[1].n or 0):
            made[name].append(p)
    return {name: (min(ps), max(ps)) for name, ps in made.items() if ps}


def _t_tests(difference: float, sd_1: float, sd_2: float, n_1: int, n_2: int) -> Iterator[tuple[str, float]]:
    from scipy import special

    if min(n_1, n_2) < 2 or sd_1 <= 0 or sd_2 <= 0:
        return
    squares = sd_1**2 / n_1, sd_2**2 / n_2
    pooled = ((n_1 - 1) * sd_1**2 + (n_2 - 1) * sd_2**2) / (n_1 + n_2 - 2)
    welch = sum(squares) ** 2 / (squares[0] ** 2 / (n_1 - 1) + squares[1] ** 2 / (n_2 - 1))
    for name, error, df in (
        ("t_student", sqrt(pooled * (1 / n_1 + 1 / n_2)), n_1 + n_2 - 2),
        ("t_welch", sqrt(sum(squares)), welch),
    ):
        yield name, float(2 * special.stdtr(df, -abs(difference) / error))


def _judge_t(claim: Claim, made: dict[str, tuple[float, float]]) -> Answer:
    """Whether some means and SDs that are printed so give the p-value."""
    printed = claim.says.p
    assert printed is not None
    fitting = [
        name
        for name, (low, high) in made.items()
        if printed.holds(low) or printed.holds(high) or (printed.sign == "=" and low <= printed.number <= high)
    ]
    named = ", ".join(f"{p_value.NAMES[name]} {low:.3g} to {high:.3g}" for name, (low, high) in made.items())
    if fitting:
        return Answer(CONSISTENT, f"{p_value.gives(fitting)} from the printed means: {named}", tuple(fitting))
    verdict = INCONSISTENT if claim.test else DIFFERS
    return Answer(verdict, f"t tests of the printed means do not give it: {named}")
