"""Events over a time under observation: the rate with its exact interval."""

from __future__ import annotations

from scipy import special

from caseseries.estimators.arrays import check_level


def poisson_rate(events: int, time: float, level: float = 0.95) -> tuple[float, float, float]:
    """Events by time with exact limits (Garwood 1936, Biometrika): rate, lower, upper, in events per unit of time.

    Raises
    ------
    ValueError : fewer than no events, or no time.
    """
    check_level(level)
    if events < 0 or not time > 0:
        raise ValueError("a rate needs 0 events or more, and a time above 0")
    tail = (1 - level) / 2
    lower = float(special.gammaincinv(events, tail)) if events else 0.0
    return events / time, lower / time, float(special.gammainccinv(events + 1, tail)) / time
