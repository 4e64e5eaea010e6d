"""Mean and standard deviation against n recorded values: GRIM, and GRIMMER by enumeration.

A mean of n whole numbers has a sum that is a whole number (Brown and Heathers 2017, Soc Psychol Personal Sci); a
standard deviation belongs to values that exist. With `step` the values are multiples of it.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import sqrt

from caseseries.model.claim import Printed
from caseseries.reconcile.answer import CONSISTENT, DIFFERS, INCONSISTENT, NOT_DERIVABLE, Answer, joined
from caseseries.reconcile.rounding import exact, modes, odd_rounding, span, surely_below, written
from caseseries.reconcile.whole_values import exist
from caseseries.words.lists import listing

RANGE, QUARTILES = 100, 50
"""Levels that make `lower` and `upper` the ends of all values, or of the middle half."""

MOST_NAMED = 4


def judge_mean(says: Printed) -> Answer:
    """Whether some n values have the printed mean, SD and range."""
    assert says.mean is not None
    ends = _judge_ends(says)
    if ends is not None and ends.verdict == INCONSISTENT:
        return ends
    if says.n is None or says.step is None:
        return _of_any_values(says, ends)
    sums = sums_that_give(says.mean, says.n, says.step)
    if not sums:
        return _no_sum(says.mean, says.n, says.step)
    values = _judge_values(says, sums)
    return joined([values] + ([ends] if ends is not None and ends.verdict != CONSISTENT else []))


def sums_that_give(mean: Decimal, n: int, step: Decimal) -> list[int]:
    """Sums of n values, in steps, whose mean is printed so."""
    low, high = (end * n / Fraction(step) for end in span(mean))
    return list(range(-(-low.numerator // low.denominator), high.numerator // high.denominator + 1))


def _no_sum(mean: Decimal, n: int, step: Decimal) -> Answer:
    below = Fraction(mean) * n / Fraction(step)
    sums = (below.numerator // below.denominator, below.numerator // below.denominator + 1)
    around = [Fraction(step) * total / n for total in sums]
    decimals = max(4, -int(mean.as_tuple().exponent) + 1)
    reason = f"no sum of {n} values gives a mean of {mean}: {listing((written(one, decimals) for one in around), 'or')}"
    readings = [(one, how) for one in around if (how := odd_rounding(modes(mean, one)))]
    hint = f"; {written(readings[0][0], decimals)} {readings[0][1]} would give it" if readings else ""
    return Answer(INCONSISTENT, reason + hint, tuple(how for _, how in readings))


def _judge_values(says: Printed, sums: list[int]) -> Answer:
    assert says.mean is not None and says.n is not None and says.step is not None
    n, step = says.n, Fraction(says.step)
    ranged = says.level == RANGE and says.lower is not None and says.upper is not None
    if says.sd is None and not ranged:
        named = [exact(step * total) for total in sums]
        text = f"{named[0]} to {named[-1]}" if len(named) > MOST_NAMED else listing(named, "or")
        return Answer(CONSISTENT, f"a sum of {text} gives it")
    pairs: list[tuple[int | None, int | None]] = [(None, None)]
    if ranged:
        pairs = [(low, high) for low in multiples(says.lower, step) for high in multiples(says.upper, step)]
        if not pairs:
            return Answer(INCONSISTENT, f"an end of the range is no multiple of {says.step}")
    within = " within the range" if ranged else ""
    what = "mean and standard deviation (n - 1)" if says.sd is not None else "the mean"
    if any(_values_exist(says, total, *ends) for total, ends in product(sums, pairs)):
        return Answer(CONSISTENT, f"some {n} values give {what}{within}")
    return Answer(INCONSISTENT, f"no {n} values give {what}{within}{_other_deviation(says, sums, pairs)}")


def _other_deviation(says: Printed, sums: list[int], pairs: list[tuple[int | None, int | None]]) -> str:
    """What else the printed SD may be: the one with divisor n, or the standard error of the mean."""
    if says.sd is None or says.n is None or says.n < 2:
        return ""
    factors = {"an SD with divisor n": Fraction(says.n, says.n - 1), "a standard error": Fraction(says.n)}
    n, step = says.n, Fraction(says.step or 1)
    found = [
        name
        for name, factor in factors.items()
        if any(
            exist(n, total, _squares(says.sd, n, total, step, factor), *ends) for total, ends in product(sums, pairs)
        )
    ]
    return f"; {listing(found, 'or')} would fit" if found else ""


def _values_exist(says: Printed, total: int, low: int | None, high: int | None) -> bool:
    """Whether values with this sum, in steps, have the printed SD and range."""
    n = says.n or 1
    if says.sd is None:
        if low is None or high is None or n == 1:
            return low == high == total if n == 1 and low is not None else True
        return low * (n - 2) <= total - low - high <= high * (n - 2)
    if n == 1:
        return False
    return exist(n, total, _squares(says.sd, n, total, Fraction(says.step or 1)), low, high)


def _squares(sd: Decimal, n: int, total: int, step: Fraction, factor: Fraction = Fraction(1)) -> range:
    """Sums of squares, in steps, of n values with this sum whose variance is `factor` times that of the printed SD."""
    ends = [max(Fraction(0), end) / step for end in span(sd)]
    low, high = (end * end * factor * (n - 1) + Fraction(total * total, n) for end in ends)
    first = -(-low.numerator // low.denominator)
    return range(first + (first - total) % 2, high.numerator // high.denominator + 1, 2)


def multiples(printed: Decimal | None, step: Fraction) -> list[int]:
    """Recorded values, in steps, that are printed so."""
    assert printed is not None
    low, high = (end / step for end in span(printed))
    return list(range(-(-low.numerator // low.denominator), high.numerator // high.denominator + 1))


def _judge_ends(says: Printed) -> Answer | None:
    """Whether the mean lies within the range or its interval; None without both ends."""
    if says.mean is None or says.lower is None or says.upper is None:
        return None
    if says.lower > says.upper:
        return Answer(INCONSISTENT, "the lower end lies above the upper")
    if says.level == QUARTILES:
        return None
    if surely_below(says.mean, says.lower) or surely_below(says.upper, says.mean):
        return Answer(INCONSISTENT, f"the mean lies outside the {'range' if says.level == RANGE else 'interval'}")
    return Answer(CONSISTENT, "the mean lies within the range") if says.level == RANGE else _judge_interval(says)


def _judge_interval(says: Printed) -> Answer | None:
    """Whether mean, SD and n give the interval, by t or by the normal distribution."""
    if says.sd is None or says.n is None or says.n < 2 or says.mean is None:
        return None
    from scipy import special

    alpha = (1 - float(says.level or 95) / 100) / 2
    factors = {"t": special.stdtrit(says.n - 1, 1 - alpha), "normal": special.ndtri(1 - alpha)}
    fitting = tuple(name for name, factor in factors.items() if _interval_fits(says, float(factor)))
    made = [
        f"{name} {float(says.mean) - half:.4g} to {float(says.mean) + half:.4g}"
        for name, factor in factors.items()
        for half in [float(factor) * float(says.sd) / sqrt(says.n)]
    ]
    if fitting:
        return Answer(CONSISTENT, f"interval by {listing(fitting)}", fitting)
    return Answer(DIFFERS, f"neither t nor normal gives the interval: {listing(made, 'or')}")


def _interval_fits(says: Printed, factor: float) -> bool:
    """Whether some mean and SD that are printed so give both ends."""
    assert says.mean is not None and says.sd is not None and says.n is not None
    means, sds = ([float(end) for end in span(printed)] for printed in (says.mean, says.sd))
    halves = [factor * max(0.0, sd) / sqrt(says.n) for sd in sds]
    lower = (means[0] - halves[1], means[1] - halves[0])
    upper = (means[0] + halves[0], means[1] + halves[1])
    assert says.lower is not None and says.upper is not None
    return all(
        float(span(printed)[0]) <= made[1] + 1e-12 and made[0] - 1e-12 <= float(span(printed)[1])
        for printed, made in ((says.lower, lower), (says.upper, upper))
    )


def _of_any_values(says: Printed, ends: Answer | None) -> Answer:
    """What can be said where values may be any number: how large a SD the range allows."""
    if says.sd is not None and says.n is not None and says.n > 1 and says.level == RANGE and ends is not None:
        assert says.lower is not None and says.upper is not None and says.mean is not None
        low, high = span(says.lower)[0], span(says.upper)[1]
        mean = min(max((low + high) / 2, span(says.mean)[0]), span(says.mean)[1])
        largest = max(Fraction(0), (mean - low) * (high - mean)) * says.n / (says.n - 1)
        narrow = max(Fraction(0), span(says.upper)[0] - span(says.lower)[1])
        smallest = narrow**2 / 2 / (says.n - 1)
        sd = [max(Fraction(0), end) for end in span(says.sd)]
        if sd[0] ** 2 > largest or sd[1] ** 2 < smallest:
            bounds = f"{sqrt(smallest):.3g} to {sqrt(largest):.3g}"
            reason = f"no {says.n} values give mean and standard deviation within the range: the SD is {bounds}"
            return Answer(INCONSISTENT, reason)
    if ends is not None:
        return ends
    lacks = "the number of cases" if says.n is None else "the step in which single values are recorded"
    return Answer(NOT_DERIVABLE, f"without {lacks} (n, step) no mean can be called impossible")
