"""What another package makes of a number."""

from __future__ import annotations

from dataclasses import dataclass

NAN = float("nan")


@dataclass(frozen=True)
class Opinion:
    """An estimate by `package`; nan where the package gives none.

    `tolerance` is how far, relative to the larger of 1 and the number, ours may lie from it: closed forms agree to
    rounding, iterations to where they stop. `known` says why it differs where it does so by rule.
    """

    package: str
    estimate: float = NAN
    std_error: float = NAN
    lower: float = NAN
    upper: float = NAN
    tolerance: float = 1e-8
    known: str = ""
