"""Our numbers for a claim, from the cases of the cohort or from the counts that stand in their place."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np

from caseseries.ingest.units import FACTORS, normalise
from caseseries.model.claim import AT_A_TIME, RATES, TIMES, Claim
from caseseries.reconcile.answer import NOT_DERIVABLE, Answer
from caseseries.reconcile.compared import compare_groups
from caseseries.reconcile.from_times import point_of_curve, time_of_cases
from caseseries.reconcile.grounds import Grounds, Numbers, Ours, chosen, column, compared, differing_numbers, said
from caseseries.reconcile.mean import QUARTILES, RANGE
from caseseries.reconcile.share import printed_share
from caseseries.words.nouns import plural

Rule = Literal["linear", "weibull", "hazen", "averaged_inverted_cdf", "median_unbiased"]
"""Rules of quartiles by numpy's names: those of R and Excel, SPSS, SAS and two more."""


def derive(claim: Claim, grounds: Grounds) -> Ours | None:
    """Our numbers for a claim; None where nothing can be computed."""
    if claim.statistic in RATES:
        return _rate(claim, grounds)
    if claim.statistic == "n_episodes":
        return _size(claim, grounds)
    if claim.statistic in AT_A_TIME:
        return point_of_curve(claim, grounds)
    if claim.statistic in TIMES:
        return time_of_cases(claim, grounds)
    if claim.statistic == "p_value":
        return compare_groups(claim, grounds)
    return _values(claim, grounds)


def _rate(claim: Claim, grounds: Grounds) -> Ours | None:
    rows = chosen(claim, grounds.estimates, claim.statistic, claim.definition)
    if not len(rows):
        return None
    first = rows.iloc[0]
    events, n = int(first["events"]), int(first["n"])
    printed, per = printed_share(claim)
    numbers: Numbers = {"events": events, "n": n}
    if printed is not None:
        key = "percent" if claim.says.percent is not None else "value"
        numbers |= {key: Fraction(per * events, n), "unit": claim.says.unit}
    elif claim.says.value is not None:
        numbers |= {"value": events, "unit": claim.says.unit}
    differing = differing_numbers(claim, numbers)
    if first["analysis"] == "aggregate":
        return compared(
            said(claim, numbers), differing, f"from the counts in print, {events} of {n}", _origin(claim, grounds)
        )
    return compared(said(claim, numbers), differing, f"from {plural(n, 'evaluable case')}")


def _origin(claim: Claim, grounds: Grounds) -> str:
    """Where the count in place of cases comes from: printed, derived or estimates."""
    table = grounds.aggregates
    rows = table[(table["group"] == claim.group) & (table["outcome"] == claim.outcome)]
    return str(rows["origin"].iloc[0]) if len(rows) else "printed"


def _size(claim: Claim, grounds: Grounds) -> Ours | None:
    table = grounds.description
    rows = table[(table["variable"] == "episodes") & (table["group"] == claim.group)]
    of_cases = len(grounds.groups) or (table["variable"] == "patients").any()
    if not len(rows) or not of_cases:
        return None
    size = int(rows.iloc[0]["value"])
    numbers = said(claim, {"n": size, "value": size, "unit": claim.says.unit})
    return compared(numbers, differing_numbers(claim, numbers), "counted in the cases")


def _values(claim: Claim, grounds: Grounds) -> Ours | None:
    """Mean or median of single values: of a column of the cases, else of a definition that is a number."""
    if claim.group not in grounds.groups:
        return None
    values = [Decimal(repr(one)) for one in column(grounds.groups[claim.group], claim.cause)]
    if not values:
        rows = chosen(claim, grounds.estimates, claim.statistic, claim.definition)
        if not len(rows):
            return None
        numbers: Numbers = {"value": float(rows.iloc[0]["estimate"]), "n": int(rows.iloc[0]["n"])}
        numbers = said(claim, numbers | {"unit": claim.says.unit})
        return compared(numbers, differing_numbers(claim, numbers), f"from {rows.iloc[0]['n']:.0f} evaluable cases")
    factor = _factor(claim, grounds)
    if factor is None:
        words = f"{claim.says.unit} is no unit into which {claim.cause} is converted"
        return Ours({}, Answer(NOT_DERIVABLE, words))
    exactly = sorted(Fraction(one) / factor for one in values)
    numbers = {"n": len(exactly), "unit": claim.says.unit} | _SUMMARIES[claim.statistic](exactly)
    if claim.says.level == RANGE:
        numbers |= {"lower": exactly[0], "upper": exactly[-1]}
    if claim.says.level == QUARTILES:
        numbers |= _quartiles(claim, [float(one) for one in exactly])
    numbers = said(claim, numbers)
    return compared(numbers, differing_numbers(claim, numbers), f"from {plural(len(exactly), 'known value')}")


def _factor(claim: Claim, grounds: Grounds) -> Fraction | None:
    """What one of the printed unit is in the unit of the variable; None where the two are not of a kind."""
    table = grounds.description
    units = table.loc[(table["variable"] == claim.cause) & (table["unit"] != ""), "unit"]
    if claim.says.unit is None or not len(units):
        return Fraction(1)
    own, printed = str(units.iloc[0]), normalise(claim.says.unit)
    if printed in (own, normalise(own)):
        return Fraction(1)
    known = FACTORS.get(own, {})
    return Fraction(known[printed]) if printed in known else None


def _quartiles(claim: Claim, values: list[float]) -> Numbers:
    """The quartiles by the rule that gives what is printed, else by linear interpolation: programs differ."""
    rules: tuple[Rule, ...] = ("linear", "weibull", "hazen", "averaged_inverted_cdf", "median_unbiased")
    found: list[Numbers] = []
    for rule in rules:
        lower, upper = np.quantile(values, [0.25, 0.75], method=rule)
        found.append({"lower": float(lower), "upper": float(upper)})
    return next((one for one in found if not differing_numbers(claim, one)), found[0])


def _mean(values: list[Fraction]) -> Numbers:
    mean = sum(values, Fraction(0)) / len(values)
    if len(values) < 2:
        return {"mean": mean}
    return {
        "mean": mean,
        "sd": float(sum(((one - mean) ** 2 for one in values), Fraction(0)) / (len(values) - 1)) ** 0.5,
    }


def _median(values: list[Fraction]) -> Numbers:
    half = len(values) // 2
    return {"value": values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2}


_SUMMARIES: dict[str, Callable[[list[Fraction]], Numbers]] = {"mean_value": _mean, "median_value": _median}
