"""Median, range and quartiles against n recorded values."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product

from caseseries.model.claim import Printed
from caseseries.reconcile.answer import CONSISTENT, INCONSISTENT, NOT_DERIVABLE, Answer
from caseseries.reconcile.mean import QUARTILES, RANGE, multiples
from caseseries.reconcile.rounding import exact, is_nearest, span, surely_below


def judge_median(says: Printed) -> Answer:
    """Whether some n values have the printed median, and range or quartiles."""
    order = _judge_order(says)
    if order:
        return Answer(INCONSISTENT, order)
    if says.step is None:
        if says.value is not None and says.lower is not None and says.level in (RANGE, QUARTILES):
            return Answer(CONSISTENT, "the median lies between its ends")
        return Answer(NOT_DERIVABLE, "a median needs the single values")
    fault = _judge_ends(says, Fraction(says.step)) or _judge_middle(says, Fraction(says.step))
    if fault:
        return Answer(INCONSISTENT, fault)
    if says.value is None or says.n is None:
        return Answer(NOT_DERIVABLE, "a median needs the single values")
    return Answer(CONSISTENT, f"possible: {says.n} values in steps of {says.step} can have it")


def _judge_order(says: Printed) -> str:
    """What lies on the wrong side of what, or ""."""
    if says.lower is not None and says.upper is not None and says.lower > says.upper:
        return "the lower end lies above the upper"
    if says.value is None:
        return ""
    low = says.lower is not None and surely_below(says.value, says.lower)
    high = says.upper is not None and surely_below(says.upper, says.value)
    ends = {RANGE: "range", QUARTILES: "quartiles"}.get(int(says.level or 95), "interval")
    return f"the median lies outside the {ends}" if low or high else ""


def _judge_middle(says: Printed, step: Fraction) -> str:
    if says.value is None or says.n is None:
        return ""
    unit = step if says.n % 2 else step / 2
    if not _some_multiple(says.value, unit):
        return f"the median of {says.n} such values is a multiple of {exact(unit)}"
    if says.n == 1 and _some_end_apart(says):
        return "the median of one value, and both ends, are that value"
    if says.level == RANGE and says.n == 2 and says.lower is not None and says.upper is not None:
        pairs = product(multiples(says.lower, step), multiples(says.upper, step))
        if not any(is_nearest(says.value, (low + high) * step / 2) for low, high in pairs):
            return "the median of 2 values is the middle of the range"
    return ""


def _some_end_apart(says: Printed) -> bool:
    """Whether two of median and ends, of a range or of quartiles, cannot be the same number."""
    if says.level not in (RANGE, QUARTILES):
        return False
    spans = [span(one) for one in (says.value, says.lower, says.upper) if one is not None]
    return max(low for low, _ in spans) > min(high for _, high in spans)


def _judge_ends(says: Printed, step: Fraction) -> str:
    """Ends of the range are values; a quartile lies between two, where it depends on the rule."""
    for end, share in ((says.lower, Fraction(1, 4)), (says.upper, Fraction(3, 4))):
        if end is None:
            continue
        if says.level == RANGE and not _some_multiple(end, step):
            return f"an end of the range is no possible value: no multiple of {exact(step)}"
        if says.level == QUARTILES and says.n is not None:
            units = {step / part.denominator for part in _parts(says.n, share)}
            if not any(_some_multiple(end, unit) for unit in units):
                named = exact(min(units))
                return f"a quartile of {says.n} such values is a multiple of {named} at least, whatever the rule"
    return ""


def _parts(n: int, p: Fraction) -> list[Fraction]:
    """How far between two values a quantile lies, by the nine rules of Hyndman and Fan (1996, Am Stat) and Tukey's."""
    third, eighth = Fraction(1, 3), Fraction(3, 8)
    places = [
        n * p,
        n * p + Fraction(1, 2),
        (n + 1) * p,
        (n - 1) * p + 1,
        (n + third) * p + third,
        (n + Fraction(1, 4)) * p + eighth,
    ]
    return [*(place % 1 for place in places), Fraction(1, 2)]


def _some_multiple(printed: Decimal, unit: Fraction) -> bool:
    """Whether a multiple of the unit is printed so."""
    low, high = span(printed)
    return -(-(low / unit).numerator // (low / unit).denominator) * unit <= high
