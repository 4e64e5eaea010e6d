"""Several things in a row."""

from __future__ import annotations

from collections.abc import Iterable


def listing(parts: Iterable[str], last: str = "and") -> str:
    """Words in a row: "a", "a and b", "a, b and c"; "" of none."""
    found = list(parts)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} {last} {found[-1]}" if found else ""
