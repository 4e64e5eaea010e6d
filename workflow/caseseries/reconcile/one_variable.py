"""Mean, median, range and quartiles that are printed of one variable in several places: do such values exist?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import ceil, floor

from caseseries.model.claim import Claim, Printed
from caseseries.reconcile.answer import INCONSISTENT
from caseseries.reconcile.mean import QUARTILES, RANGE, judge_mean
from caseseries.reconcile.one_curve import Conflict
from caseseries.reconcile.printed import show_printed
from caseseries.reconcile.rounding import span, surely_below

SUMMARIES = ("mean_value", "median_value")


def conflicts_of_variables(claims: Sequence[Claim]) -> Iterator[Conflict]:
    """Claims on one variable of one group of which no values have both."""
    summaries = [one for one in claims if one.statistic in SUMMARIES]
    for one, other in combinations(summaries, 2):
        if not _of_one_set(one, other):
            continue
        mean, median = sorted((one, other), key=lambda claim: SUMMARIES.index(claim.statistic))
        what = (
            _mean_and_median(mean.says, median.says)
            if mean.statistic != median.statistic
            else _range_and_quartiles(one.says, other.says)
        )
        if what:
            said = f"{show_printed(one.says)} ({one.id}) and {show_printed(other.says)} ({other.id})"
            yield f"{what}: {said}", [one.id, other.id]


def _of_one_set(one: Claim, other: Claim) -> bool:
    """Whether two claims are about the same values, as far as print says."""
    same = (one.group, one.cause, one.definition) == (other.group, other.cause, other.definition)
    alike = [getattr(one.says, name) for name in ("n", "unit")], [getattr(other.says, name) for name in ("n", "unit")]
    return same and all(None in pair or pair[0] == pair[1] for pair in zip(*alike, strict=True))


def _range_and_quartiles(one: Printed, other: Printed) -> str:
    """Whether quartiles, or a median, lie outside the range."""
    whole = next((says for says in (one, other) if says.level == RANGE), None)
    inner = other if whole is one else one
    if whole is None or inner.level == RANGE:
        return ""
    of_values = (inner.value, *((inner.lower, inner.upper) if inner.level == QUARTILES else ()))
    for number in of_values:
        below = number is not None and whole.lower is not None and surely_below(number, whole.lower)
        above = number is not None and whole.upper is not None and surely_below(whole.upper, number)
        if below or above:
            return "a median or quartile lies outside the range"
    return ""


def _mean_and_median(mean: Printed, median: Printed) -> str:
    """Whether no values have the mean (with its SD and range) and the median (with its range)."""
    n = mean.n or median.n
    if median.level == RANGE and None not in (median.lower, median.upper) and mean.level != RANGE:
        ranged = {"lower": median.lower, "upper": median.upper, "level": median.level}
        known = mean.model_copy(update=ranged | {"n": n, "step": mean.step or median.step})
        answer = judge_mean(known)
        if answer.verdict == INCONSISTENT:
            return answer.reason
    whole = next((says for says in (median, mean) if says.level == RANGE), None)
    if whole is not None and n is not None and _beyond_reach(mean, median, whole, n):
        return f"no {n} values within the range have this mean and this median"
    if mean.sd is not None and mean.mean is not None and median.value is not None:
        # mean and median are at most one standard deviation (divisor n) apart: Hotelling and Solomons 1932
        (low, high), (first, last) = span(mean.mean), span(median.value)
        apart = max(low - last, first - high, Fraction(0))
        of_n = Fraction(n - 1, n) if n else Fraction(1)
        if apart**2 > span(mean.sd)[1] ** 2 * of_n:
            return "mean and median are more than one standard deviation apart"
    return ""


def _beyond_reach(mean: Printed, median: Printed, whole: Printed, n: int) -> bool:
    """Whether the mean is more or less than n values with the median between two ends, both of which occur, can have.

    Half of the values lie between the lower end and the median, half between it and the upper end.
    """
    if mean.mean is None or median.value is None or whole.lower is None or whole.upper is None or n < 3:
        return False
    step = mean.step or median.step or whole.step
    ends = [_recorded(printed, step) for printed in (whole.lower, whole.upper)]
    (first, last), outer = _recorded(median.value, step and step / (2 - n % 2)), (n - 1) // 2
    # of an even number the two in the middle are twice the median, and lie on either side of it
    middle = [first, last] if n % 2 else [2 * first, 2 * last]
    above, below = (first, last) if step is None else (_at_least(first, step), _at_most(last, step))
    least = outer * ends[0][0] + middle[0] + (outer - 1) * above + ends[1][0]
    most = outer * ends[1][1] + middle[1] + (outer - 1) * below + ends[0][1]
    low, high = span(mean.mean)
    return high * n < least or low * n > most


def _recorded(printed: Decimal, step: Decimal | None) -> tuple[Fraction, Fraction]:
    """Smallest and largest number, a multiple of the step where one is known, that is printed so."""
    low, high = span(printed)
    return (low, high) if step is None else (_at_least(low, step), _at_most(high, step))


def _at_least(number: Fraction, step: Decimal) -> Fraction:
    return ceil(number / Fraction(step)) * Fraction(step)


def _at_most(number: Fraction, step: Decimal) -> Fraction:
    return floor(number / Fraction(step)) * Fraction(step)
