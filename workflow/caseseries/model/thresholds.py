"""The counts at which a definition draws its lines, for figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from caseseries.model.definition import Definition
from caseseries.model.predicate import Ge, Gt, In, Le, Lt


def thresholds(definitions: Iterable[Definition]) -> list[float]:
    """Every threshold that a class or measure of the definitions sets for a count, ascending, each once.

    A multiple of the baseline is none: it differs from case to case.
    """
    found = {value for one in definitions for value in _thresholds([one.classes, one.measure])}
    return sorted(found)


def _thresholds(part: Any) -> Iterator[float]:
    match part:
        case Ge(ge=value) | Gt(gt=value) | Le(le=value) | Lt(lt=value):
            yield value
        case In(in_=ends):
            yield from ends
        case list():
            for inner in part:
                yield from _thresholds(inner)
        case BaseModel():
            for field in type(part).model_fields:
                yield from _thresholds(getattr(part, field))
