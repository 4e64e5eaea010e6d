"""The share that a claim prints: a percentage, or a value in a unit of a share."""

from __future__ import annotations

from decimal import Decimal

from caseseries.model.claim import AT_A_TIME, OF_A_SHARE, RATES, Claim

PER_CENT = 100


def printed_share(claim: Claim) -> tuple[Decimal | None, int]:
    """The printed share and how much of it is everybody, 100 for a percentage; None where none is printed.

    The value of a rate without a unit is a count, that of a point of a curve a share of 1.
    """
    says = claim.says
    if says.percent is not None:
        return says.percent, PER_CENT
    unit = says.unit or ""
    counted = claim.statistic in RATES and not unit
    if says.value is None or unit not in OF_A_SHARE or counted or claim.statistic not in (*RATES, *AT_A_TIME):
        return None, PER_CENT
    return says.value, OF_A_SHARE[unit]
