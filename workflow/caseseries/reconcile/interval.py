"""Printed intervals: which of the usual methods gives both ends."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import product
from math import exp, log, sqrt

from caseseries.estimators.proportion import proportion
from caseseries.model.claim import Printed
from caseseries.reconcile.answer import CONSISTENT, DIFFERS, INCONSISTENT, Answer
from caseseries.reconcile.rounding import agrees, surely_below
from caseseries.words.lists import listing
from caseseries.words.nouns import inflected

Limits = Mapping[str, tuple[float, float]]
"""Name of a method -> lower and upper end."""

ORDER = ("wilson", "clopper_pearson", "wald", "agresti_coull")
NAMES = {
    "wilson": "Wilson",
    "clopper_pearson": "Clopper-Pearson",
    "wald": "Wald",
    "agresti_coull": "Agresti-Coull",
    "plain": "plain",
    "log": "log",
    "log_log": "log-log",
    "wilson_corrected": "Wilson with continuity correction",
    "jeffreys": "Jeffreys",
}
"""Methods as a reason names them."""

LEVELS = (0.9, 0.95, 0.99)
"""Levels that an interval may have where no method gives it at the level that is printed."""


def share_limits(events: int, n: int, level: float) -> dict[str, tuple[float, float]]:
    """Limits of a share by each method of `ORDER`; Wald and Agresti-Coull may lie beyond 0 and 1.

    Agresti and Coull (1998, Am Stat): Wald's interval after z^2 / 2 successes and as many failures are added.
    """
    z = normal_quantile(level)
    found = {name: proportion(events, n, name, level) for name in ("wilson", "clopper_pearson")}
    limits = {name: (one.lower, one.upper) for name, one in found.items()}
    limits["wald"] = _around(events / n, sqrt(events * (n - events) / n) / n * z)
    more = n + z * z
    middle = (events + z * z / 2) / more
    limits["agresti_coull"] = _around(middle, z * sqrt(middle * (1 - middle) / more))
    return limits


def curve_limits(estimate: float, std_error: float, level: float) -> dict[str, tuple[float, float]]:
    """Limits of a point of a curve from its standard error, as `survival::survfit` names them: plain, log, log-log."""
    half = normal_quantile(level) * std_error
    limits = {"plain": _around(estimate, half)}
    if 0 < estimate < 1:
        limits["log"] = (estimate * exp(-half / estimate), estimate * exp(half / estimate))
        spread = half / (estimate * log(estimate))
        limits["log_log"] = (estimate ** exp(-spread), estimate ** exp(spread))
    return limits


def normal_quantile(level: float) -> float:
    """The factor of a two-sided normal interval: 1.96 for 0.95."""
    from scipy import special

    return float(special.ndtri((1 + level) / 2))


def level_of(says: Printed) -> float:
    """Confidence level of a printed interval, as a fraction: 0.95 where none is printed."""
    return float(says.level or 95) / 100


def judge_ends(says: Printed, point: Decimal | None) -> Answer | None:
    """Whether an interval holds its own point; None where nothing is wrong with it."""
    if says.lower is not None and says.upper is not None and says.lower > says.upper:
        return Answer(INCONSISTENT, "the lower end lies above the upper")
    if point is None:
        return None
    below = says.lower is not None and surely_below(point, says.lower)
    above = says.upper is not None and surely_below(says.upper, point)
    return Answer(INCONSISTENT, "the interval does not hold its own point") if below or above else None


def judge_share_interval(says: Printed, counts: list[tuple[int, int]], per: int) -> Answer:
    """Which methods give the printed interval of a share, from one of the counts (events, n) that may be meant."""
    holding = [(events, n) for events, n in counts if judge_ends(says, Decimal(per * events) / n) is None]
    if not holding:
        return Answer(INCONSISTENT, "the interval does not hold the share")
    level = level_of(says)
    tried = [share_limits(*count, level) for count in holding]
    for limits in tried:
        fitting = [name for name in ORDER if _fits(says, limits[name], per)]
        if fitting:
            gives = inflected(len(fitting), "gives", "give")
            beyond = "; an end beyond 0 or 100 % is no share" if _beyond(says, per) else ""
            return Answer(
                CONSISTENT, f"{listing(NAMES[name] for name in fitting)} {gives} the interval{beyond}", tuple(fitting)
            )
    none = no_method(tried[0], per)
    other = _other_readings(says, holding, per)
    would = f"; {listing(other, 'or')} would give it" if other else ""
    return Answer(DIFFERS, none.reason + would)


def _other_readings(says: Printed, counts: list[tuple[int, int]], per: int) -> list[str]:
    """What else gives the interval: another level, the correction that R's `prop.test` makes, Jeffreys's prior."""
    found: dict[str, None] = {}
    for level, (events, n) in product((level_of(says), *LEVELS), counts):
        limits = dict(share_limits(events, n, level))
        limits |= {"wilson_corrected": wilson_corrected(events, n, level), "jeffreys": jeffreys(events, n, level)}
        at = "" if level == level_of(says) else f" at {100 * level:g} %"
        found |= {f"{NAMES[name]}{at}": None for name, ends in limits.items() if _fits(says, ends, per)}
    return list(found)


def wilson_corrected(events: int, n: int, level: float) -> tuple[float, float]:
    """Wilson's limits with continuity correction (Newcombe 1998, Stat Med 17:857, method 4), 0 and 1 at the ends."""
    z, share = normal_quantile(level), events / n

    def end(sign: int) -> float:
        inside = z * z - 1 / n + sign * 2 + 4 * share * (n * (1 - share) - sign)
        return (2 * n * share + z * z + sign * (1 + z * sqrt(max(0.0, inside)))) / (2 * (n + z * z))

    return (0.0 if events == 0 else end(-1)), (1.0 if events == n else end(1))


def jeffreys(events: int, n: int, level: float) -> tuple[float, float]:
    """Limits from the prior Beta(1/2, 1/2), 0 and 1 at the ends (Brown, Cai and DasGupta 2001, Stat Sci 16:101)."""
    from scipy import special

    tail = (1 - level) / 2
    low, high = (float(special.betaincinv(events + 0.5, n - events + 0.5, q)) for q in (tail, 1 - tail))
    return (0.0 if events == 0 else low), (1.0 if events == n else high)


def no_method(limits: Limits, per: int) -> Answer:
    """The answer where no method gives an interval, with what each gives."""
    decimals = 1 if per > 1 else 3
    made = [
        f"{NAMES[name]} {per * low:.{decimals}f} to {per * high:.{decimals}f}" for name, (low, high) in limits.items()
    ]
    none = f"none of {listing((NAMES[name] for name in limits), 'or')} gives the interval"
    return Answer(DIFFERS, f"{none}: {', '.join(made)}")


def fitting_limits(says: Printed, limits: Limits, per: int) -> list[str]:
    """Names of the methods that give the ends that are printed."""
    return [name for name, found in limits.items() if _fits(says, found, per)]


def _fits(says: Printed, limits: tuple[float, float], per: int) -> bool:
    """Whether both printed ends are those of a method; ends beyond 0 or all may be printed cut there."""
    ends = zip((says.lower, says.upper), limits, strict=True)
    return all(
        printed is None or agrees(printed, per * made) or agrees(printed, per * min(1.0, max(0.0, made)))
        for printed, made in ends
    )


def _beyond(says: Printed, per: int) -> bool:
    return (says.lower is not None and says.lower < 0) or (says.upper is not None and says.upper > per)


def _around(middle: float, half: float) -> tuple[float, float]:
    return middle - half, middle + half
