"""Printed points of one curve: survival never rises, incidence never falls, and the median lies where half are left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

from caseseries.model.claim import AT_A_TIME, Claim
from caseseries.model.time_unit import days_of
from caseseries.reconcile.printed import show_printed
from caseseries.reconcile.rounding import span
from caseseries.reconcile.share import printed_share

Conflict = tuple[str, list[str]]
"""Why claims cannot be true together, and their ids."""

HALF = Fraction(1, 2)


def conflicts_of_curves(claims: Sequence[Claim]) -> Iterator[Conflict]:
    """Claims on one curve that no curve has."""
    points = [one for one in claims if one.statistic in AT_A_TIME and printed_share(one)[0] is not None]
    for one, other in combinations(sorted(points, key=lambda claim: claim.time or 0.0), 2):
        if _event(one) == _event(other) and (what := _out_of_order(one, other)):
            yield f"{what}: {_said(one)} and {_said(other)}", [one.id, other.id]
    medians = [one for one in claims if one.statistic == "median_time" and one.says.value is not None]
    for median, point in product(medians, points):
        if point.statistic == "survival" and _event(median) == _event(point) and _off_half(median, point):
            said = f"a median of {show_printed(median.says)} ({median.id}) and {_said(point)}"
            yield f"{said} cannot be of one curve", [median.id, point.id]


def _said(point: Claim) -> str:
    return f"{show_printed(point.says)} on day {point.time:g} ({point.id})"


def _event(claim: Claim) -> tuple[str, str, str]:
    return claim.definition, claim.group, claim.cause


def _share(claim: Claim) -> tuple[Fraction, Fraction]:
    """Smallest and largest share of a point, of 1."""
    printed, per = printed_share(claim)
    assert printed is not None
    low, high = span(printed)
    return low / per, high / per


def _out_of_order(first: Claim, second: Claim) -> str:
    """What is wrong with two points of one event in the order of their days, or ""."""
    earlier, later = _share(first), _share(second)
    if first.statistic != second.statistic:
        alone = first.time == second.time and earlier[0] + later[0] > 1
        return "survival and incidence of one event are more than everybody" if alone else ""
    if first.statistic == "survival":
        return "survival rises" if earlier[1] < later[0] else ""
    return "incidence falls" if later[1] < earlier[0] else ""


def _off_half(median: Claim, point: Claim) -> bool:
    """Whether fewer than half are left before the median, or more than half after it."""
    assert median.says.value is not None and point.time is not None
    first, last = (days_of(end, median.says.unit or "days") for end in span(median.says.value))
    low, high = _share(point)
    day = Fraction(str(point.time))
    return (day < first and high < HALF) or (day >= last and low > HALF)
