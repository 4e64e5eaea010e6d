"""Percentages against whole numbers of people: which counts, and which numbers of cases, give what is printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import islice

from caseseries.model.printed import decimals_of
from caseseries.reconcile.answer import CONSISTENT, INCONSISTENT, NOT_DERIVABLE, Answer
from caseseries.reconcile.rounding import exact, half_words, is_nearest, modes, odd_rounding, span, written
from caseseries.words.lists import listing

MOST_LISTED = 8
"""Numbers of cases that a reason names."""


def counts_that_give(percent: Decimal, n: int, per: int = 100) -> list[int]:
    """Every count of `n` whose share, of `per`, is printed as `percent`."""
    low, high = (end * n / per for end in span(percent))
    first, last = max(0, -(-low.numerator // low.denominator)), min(n, high.numerator // high.denominator)
    return list(range(first, last + 1))


def sizes_that_give(
    percents: Sequence[Decimal], sizes: Iterable[int], events: int | None = None, per: int = 100
) -> list[int]:
    """The numbers of cases of which a count gives each of the percentages, or `events` gives them all."""
    if events is None:
        return [n for n in sizes if all(counts_that_give(percent, n, per) for percent in percents)]
    return [n for n in sizes if n >= events and all(is_nearest(one, Fraction(per * events, n)) for one in percents)]


def judge_percent(events: int | None, n: int | None, percent: Decimal, per: int = 100) -> Answer:
    """Whether a percentage (or a share of `per`) can be that of whole people."""
    if n is None:
        return _without_n(events, percent, per)
    if events is None:
        return _without_events(n, percent, per)
    share = Fraction(per * events, n)
    found = modes(percent, share)
    if is_nearest(percent, share):
        half = half_words(found)
        return Answer(CONSISTENT, _says(events, n, percent, per) + (f", a half: {half}" if half else ""), found)
    how = odd_rounding(found)
    reason = f"{_says(events, n, percent, per)}, printed as {percent}{_unit(per)}"
    others = [f"{one} of {n}" for one in counts_that_give(percent, n, per)]
    reading = f": {how}" if how else (f"; {listing(others, 'or')} would give it" if others else "")
    return Answer(INCONSISTENT, reason + reading, found)


def _without_events(n: int, percent: Decimal, per: int) -> Answer:
    counts = counts_that_give(percent, n, per)
    if counts:
        fitting = tuple({name: 0 for count in counts for name in modes(percent, Fraction(per * count, n))})
        half = half_words(fitting)
        named = f"{counts[0]} to {counts[-1]}" if len(counts) > MOST_LISTED else listing(map(str, counts), "or")
        return Answer(CONSISTENT, f"{named} of {n} gives it" + (f", a half: {half}" if half else ""), fitting)
    middle = int(Fraction(percent) * n / per)
    nearest = [count for count in (middle - 1, middle, middle + 1, middle + 2) if 0 <= count <= n]
    nearest.sort(key=lambda count: abs(Fraction(per * count, n) - Fraction(percent)))
    shown = [_says(count, n, percent, per) for count in sorted(nearest[:2])]
    reason = f"no count gives {percent}{_unit(per)}: {listing(shown)}"
    readings = {count: modes(percent, Fraction(per * count, n)) for count in nearest}
    odd = [f"{count} of {n} {how}" for count, found in readings.items() if (how := odd_rounding(found))]
    found = tuple(dict.fromkeys(name for names in readings.values() for name in names))
    would = odd[0] + "," if odd else _of_fewer(n, percent, per)
    return Answer(INCONSISTENT, reason + (f"; {would} would give it" if would else ""), found)


def _of_fewer(n: int, percent: Decimal, per: int) -> str:
    """The largest smaller number of cases that gives a percentage, with its count: some may have lacked the fact."""
    smaller = next((size for size in range(n - 1, n - 1 - n // 5, -1) if counts_that_give(percent, size, per)), 0)
    return f"{counts_that_give(percent, smaller, per)[0]} of {smaller}" if smaller else ""


def _without_n(events: int | None, percent: Decimal, per: int) -> Answer:
    if events is None:
        few = [str(n) for n in islice((n for n in range(1, 1001) if counts_that_give(percent, n, per)), 3)]
        smallest = f"; the smallest are {listing(few)}" if few else ""
        return Answer(
            NOT_DERIVABLE, f"neither events nor n are printed, and some n fits any percentage{smallest}", tuple(few)
        )
    low, high = span(percent)
    if events == 0:
        return Answer(CONSISTENT if low <= 0 else INCONSISTENT, f"0 of any number is 0{_unit(per)}")
    if low <= 0:
        return Answer(NOT_DERIVABLE, f"n is not printed beside {events}")
    first = max(events, -(-per * events * high.denominator // high.numerator))
    last = per * events * low.denominator // low.numerator
    sizes = [str(n) for n in range(first, min(last, first + 10_000) + 1)]
    if not sizes:
        return Answer(INCONSISTENT, f"there is no n of which {events} are {percent}{_unit(per)}")
    named = f"{sizes[0]} to {sizes[-1]}" if len(sizes) > MOST_LISTED else listing(sizes, "or")
    return Answer(CONSISTENT, f"n may be {named}", tuple(sizes))


def _says(events: int, n: int, percent: Decimal, per: int) -> str:
    """A share with a decimal more than is printed: "24 of 31 is 77.4 %"."""
    share = Fraction(per * events, n)
    if (10**4) % share.denominator == 0:
        return f"{events} of {n} is {exact(share)}{_unit(per)}"
    decimals = max(1, decimals_of(percent) + (not is_nearest(percent, share) or half_words(modes(percent, share)) > ""))
    return f"{events} of {n} is {written(share, decimals)}{_unit(per)}"


def _unit(per: int) -> str:
    return {1: "", 100: " %"}.get(per, f" per {per}")
