"""Numbers of a claim in one short phrase, as they are printed or as we have them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from caseseries.model.claim import Printed
from caseseries.model.printed import PrintedP


def show_printed(says: Printed) -> str:
    """What a claim prints, in one short phrase, decimals as printed."""
    return show_numbers({name: value for name, value in says if value is not None})


def show_numbers(numbers: Mapping[str, object]) -> str:
    """Numbers of a claim in one short phrase."""
    unit = str(numbers.get("unit") or "")
    parts = []
    if "events" in numbers and "n" in numbers:
        parts.append(f"{numbers['events']} of {numbers['n']}")
    elif "events" in numbers:
        parts.append(f"{numbers['events']}")
    elif "n" in numbers:
        parts.append(f"n = {numbers['n']}")
    for name, before, after in (("percent", "", "%"), ("value", "", unit), ("mean", "mean ", unit), ("sd", "SD ", "")):
        if name in numbers:
            parts.append(f"{before}{_number(numbers[name])} {after}".strip())
    if "lower" in numbers or "upper" in numbers:
        parts.append(f"{_number(numbers.get('lower', '…'))} to {_number(numbers.get('upper', '…'))}")
    if "words" in numbers:
        parts.append(f"“{numbers['words']}”")
    if "p" in numbers:
        p = numbers["p"]
        parts.append(p.text if isinstance(p, PrintedP) else f"p = {p:.3g}")
    return ", ".join(parts)


def _number(value: object) -> str:
    """Ours with four figures or more, a printed one as it is printed."""
    if not isinstance(value, Fraction | float):
        return str(value)
    number = float(value)
    return f"{number:.6g}" if abs(number) >= 1000 else f"{number:.4g}"
