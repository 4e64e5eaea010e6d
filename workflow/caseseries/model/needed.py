"""What a model may lack in general and the checks have made sure of where it is read."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def needed(part: T | None) -> T:
    """A part that may be left out, read where the checks of its model make sure that it is there.

    Raises
    ------
    ValueError : it is not there; then a check is missing.
    """
    if part is None:
        raise ValueError("a part is missing that the checks of its model ask for")
    return part
