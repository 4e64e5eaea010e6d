"""Reconstructed curves as rows of results: the histories, and what follows from them with its range."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from caseseries.reconstruct.ranges import Range
from caseseries.reconstruct.reconstructed import Pair, Reconstruction


def history_rows(found: Iterable[Reconstruction]) -> Iterator[dict[str, Any]]:
    """A row a day of every listed history; solution 1 is the nearest to the readings."""
    for one in found:
        for solution, lines in enumerate(one.solutions, 1):
            for line in lines:
                yield {"curve": one.curve.curve, "group": one.curve.group, "solution": solution, **line._asdict()}


def range_rows(found: Sequence[Reconstruction], pairs: Sequence[Pair]) -> Iterator[dict[str, Any]]:
    """A row a number that follows from the histories."""
    for one in found:
        for number in one.ranges:
            yield {**which(one), "contrast": "", **told(number, one.curve.kind)}
    for pair in pairs:
        yield {**which(pair.one), "contrast": pair.other.curve.group, **told(pair.log_rank, pair.one.curve.kind)}


def which(one: Reconstruction) -> dict[str, Any]:
    """Which curve a row is about, and how many histories stand behind it; 0 where none fits."""
    return {
        "curve": one.curve.curve,
        "group": one.curve.group,
        "outcome": one.curve.outcome,
        "n": one.curve.n,
        "histories": 0 if one.by_guyot or one.found is None else one.found.counted,
        "error": one.curve.error,
    }


def told(number: Range, kind: str) -> dict[str, Any]:
    """A number as its curve is drawn: a share with the event where the curve climbs."""
    statistic, values = number.statistic, (number.best, number.lower, number.upper)
    if statistic == "survival" and kind == "incidence":
        statistic, values = "cumulative_incidence", (1 - number.best, 1 - number.upper, 1 - number.lower)
    time = math.nan if number.time is None else number.time
    names = ("estimate", "lower", "upper")
    return {"statistic": statistic, "time": time, **dict(zip(names, values, strict=True)), "basis": number.basis}
