"""Units of source columns: what is accepted, how it is converted, and how a wrong declaration shows."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd

from caseseries.model.text import tidy_text

FACTORS: dict[str, dict[str, Decimal]] = {
    "10^9/L": {
        "10^9/L": Decimal(1),
        "10^3/uL": Decimal(1),
        "10^3/mm3": Decimal(1),
        "G/L": Decimal(1),
        "K/uL": Decimal(1),
        "/nL": Decimal(1),
        "10^4/uL": Decimal(10),
        "10^5/uL": Decimal(100),
        "/uL": Decimal("0.001"),
        "/mm3": Decimal("0.001"),
        "10^6/L": Decimal("0.001"),
    },
    "g/dL": {"g/dL": Decimal(1), "g/L": Decimal("0.1"), "mmol/L": Decimal("1.6114"), "mg/dL": Decimal("0.001")},
    "g/g": {"g/g": Decimal(1), "mg/mg": Decimal(1), "mg/g": Decimal("0.001")},
    "ug/L": {"ug/L": Decimal(1), "ng/mL": Decimal(1)},
    "copies/mL": {"copies/mL": Decimal(1)},
    "kg": {"kg": Decimal(1), "lb": Decimal("0.45359237"), "g": Decimal("0.001")},
    "weeks": {"weeks": Decimal(1), "days": Decimal(1) / 7},
    "years": {"years": Decimal(1), "months": Decimal(1) / 12, "days": Decimal(1) / Decimal("365.25")},
    "days": {"days": Decimal(1), "weeks": Decimal(7), "months": Decimal("30.4375"), "years": Decimal("365.25")},
}
"""Unit of the contract -> unit of the source -> factor. Pound: 0.45359237 kg (international, exact).
Haemoglobin in mmol/L is that of the monomer, 16,114 g/mol."""

PER_MICROLITRE = ("/uL", "/mm3")
"""Units in which a count is a whole number, so that a point in it parts thousands or belongs to another unit."""

WEEKS_AND_DAYS = "weeks+days"
"""Gestation written as 30+4 (also 30w4d, 30/4, 30 4/7 and 30 weeks 4 days)."""

WEEKS = re.compile(
    r"(ssw\s*)?(?P<weeks>\d{1,2})\s*"
    r"(((\+|/|w(ee)?ks?|w|周|週|ssw|sem(anas)?)\s*\+?\s*(?P<days>[0-6])\s*(d|days?|天|日|tage?|d[ií]as?)?)"
    r"|(\s(?P<sevenths>[0-6])/7)|w|wks?|weeks?|周|週|ssw|wochen|sem(anas)?)?",
    re.ASCII,
)

DOSES = ("U", "U/kg", "mcg", "mcg/kg", "mg", "mg/kg", "g", "g/kg")
"""Units of a dose; the number is kept and the unit written beside it."""

PLAUSIBLE = {
    ("10^9/L", "10^9/L"): (0.0, 2000.0),
    ("10^9/L", "/uL"): (0.5, 2000.0),
    ("10^9/L", "/mm3"): (0.5, 2000.0),
    ("10^9/L", "10^3/uL"): (0.0, 2000.0),
    ("10^9/L", "10^3/mm3"): (0.0, 2000.0),
    ("10^9/L", "K/uL"): (0.0, 2000.0),
    ("10^9/L", "G/L"): (0.0, 2000.0),
    ("10^9/L", "/nL"): (0.0, 2000.0),
    ("10^9/L", "10^4/uL"): (0.0, 2000.0),
    ("10^9/L", "10^5/uL"): (0.0, 2000.0),
    ("10^9/L", "10^6/L"): (0.5, 2000.0),
    ("kg", "kg"): (0.0, 120.0),
    ("kg", "lb"): (0.4, 200.0),
    ("kg", "g"): (0.2, 200.0),
    ("weeks", "weeks"): (0.0, 45.0),
    ("weeks", "days"): (3.0, 45.0),
    ("weeks", WEEKS_AND_DAYS): (0.0, 45.0),
    ("years", "years"): (0.0, 110.0),
    ("years", "months"): (0.0, 110.0),
    ("years", "days"): (0.0, 110.0),
}
"""(contract unit, declared unit) -> range in which the median must lie after conversion."""

_WORDS = {
    "U": ("u", "iu", "ie", "ui", "unit", "units", "单位", "單位"),
    "mcg": ("ug", "mcg", "microg", "微克"),
    "mg": ("mg", "毫克"),
    "g": ("g", "gr", "gram", "grams", "gramm", "克"),
    "kg": ("kg", "kgs", "kilogram", "kilograms", "kilogramm", "公斤", "千克"),
    "lb": ("lb", "lbs", "pound", "pounds", "[lb_av]"),
    "years": ("y", "yr", "yrs", "year", "years", "a", "j", "jahr", "jahre", "jahren", "año", "años", "岁", "歲", "年"),
    "months": ("mo", "mos", "mth", "mths", "month", "months", "monat", "monate", "mes", "meses", "月", "个月", "個月"),
    "weeks": ("w", "wk", "wks", "week", "weeks", "woche", "wochen", "ssw", "sem", "semana", "semanas", "周", "週"),
    "days": ("d", "day", "days", "tag", "tage", "día", "días", "dia", "dias", "天", "日"),
}
_WRITTEN = {word: unit for unit, words in _WORDS.items() for word in words}

_VOLUMES = {"l": "L", "ul": "uL", "mcl": "uL", "microl": "uL", "mm3": "mm3", "mm^3": "mm3", "cmm": "mm3", "cumm": "mm3"}
_VOLUMES |= {"nl": "nL", "cu.mm": "mm3", "mmc": "mm3", "cubicmillimeter": "mm3", "cubicmillimetre": "mm3"}
_VOLUMES |= (
    dict.fromkeys(("liter", "litre", "litro"), "L") | dict.fromkeys(("microliter", "microlitre"), "uL") | {"ml": "mL"}
)
_LITRES = {"l": "L", "dl": "dL", "ml": "mL", "ul": "uL", "nl": "nL", "liter": "L", "litre": "L"}
_SAME = {"10^6/mL": "10^9/L", "K/mm3": "K/uL", "10^5/mm3": "10^5/uL", "mcg/L": "ug/L"}
"""Spellings of a unit by another volume or prefix."""
_NUMBERS = {
    "": "",
    "1": "",
    "#": "",
    "cell": "",
    "cells": "",
    "个": "",
    "10^3": "10^3",
    "1000": "10^3",
    "k": "K",
    "thou": "10^3",
    "thousand": "10^3",
    "thousands": "10^3",
    "tsd": "10^3",
    "tausend": "10^3",
    "tsd.": "10^3",
    "千": "10^3",
    "mil": "10^3",
    "miles": "10^3",
    "10^4": "10^4",
    "万": "10^4",
    "萬": "10^4",
    "10^5": "10^5",
    "lakh": "10^5",
    "lakhs": "10^5",
    "10^6": "10^6",
    "10^9": "10^9",
    "g": "G",
    "gpt": "G",
    "giga": "G",
    "mrd": "10^9",
    "billion": "10^9",
}
_COUNTED = re.compile(
    "(cells?|zellen|c[ée]l(ulas|s)?|cellules|plt|thr|platelets|plaquetas|thrombo[a-z]*)$", re.IGNORECASE
)
"""What is counted, where a unit names it."""
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def normalise(unit: str) -> str:
    """One spelling for the many of a unit: `x10*9/l`, `10^9/L` and `×10⁹/L` are the same."""
    plain = re.sub(r"\{[^}]*\}", "", tidy_text(unit))
    plain = re.sub(r" (per|pro|por) ", "/", plain, flags=re.IGNORECASE)
    plain = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda found: "^" + found[0].translate(_SUPERSCRIPTS), plain)
    plain = re.sub(r"(?<!\d)10 (?=[3-69]\b)", "10^", plain)  # a raised figure that lost its place
    plain = unicodedata.normalize("NFKC", plain).replace("µ", "u").replace("μ", "u").replace(" ", "")
    plain = re.sub(r"^[x×*·](?=\d)", "", plain, flags=re.IGNORECASE)
    plain = re.sub(r"^10(\*\*|\*|[eE^x×]|exp)\^?(?=\d)|^10\((?=\d\))|^1?[eE](?=\d)", "10^", plain)
    plain = re.sub(r"^(10\^\d)\)", r"\1", plain)
    plain = re.sub(r"[.·]?([a-zA-Z]+)\^?[-−]\^?1$", r"/\1", plain)
    number, slash, volume = plain.partition("/")
    number = _COUNTED.sub("", number)
    volume = _VOLUMES.get(volume.casefold(), "")
    if slash and volume and number != "g" and number.casefold() in _NUMBERS:  # g/L is gram, G/L giga per litre
        written = f"{_NUMBERS[number.casefold()]}/{volume}"
        return _SAME.get(written, written)
    first, *rest = (_WRITTEN.get(part.casefold(), part) for part in plain.split("/"))
    if len(rest) == 1 and rest[0].casefold() in _LITRES:
        first = first.casefold() if first.casefold() in ("copies", "mmol", "ng") else first
        rest = [_LITRES[rest[0].casefold()]]
    written = "/".join([first, *rest])
    return _SAME.get(written, written)


def drop_unit(text: str, unit: str) -> str:
    """A written number without its own unit behind it, whatever its spelling; other text as it is.

    Parameters
    ----------
    text : cell, such as `62 kg`.
    unit : the unit in which the column is, as `normalise` writes it.
    """
    found = re.fullmatch(r"([<>]?\s*-?[\d.,'’ ]*\d)\s*([^\d\s.,+-].*|[x×*]\s*10.*)", text)
    if found is None or not unit:
        return text
    written = normalise(found[2].rstrip(". "))
    same = written == unit or {written, unit} <= {"10^9/L", "10^3/uL", "10^3/mm3", "G/L", "K/uL", "/nL"}
    return found[1] if same or {written, unit} <= {"/uL", "/mm3"} else text


def accepted(contract_unit: str) -> list[str]:
    """Units that a source may declare for a column of the contract."""
    extra = [WEEKS_AND_DAYS] if contract_unit == "weeks" else []
    return [*FACTORS.get(contract_unit, {}), *extra]


def convert(text: str, contract_unit: str, unit: str) -> str | None:
    """A written quantity in the contract's unit, its bound kept; None where it is no number.

    Numbers are exact decimals; what does not end is rounded to four decimals.
    """
    match = re.fullmatch(r"\s*([<>]?)\s*(.+?)\s*", text)
    if match is None:
        return None
    sign, number = match.groups()
    if unit == WEEKS_AND_DAYS:
        return _convert_weeks(number)
    if not re.fullmatch(r"-?(\d{1,15}(\.\d*)?|\.\d+)", number, re.ASCII):
        return None
    return sign + _write(Decimal(number) * FACTORS[contract_unit][unit])


def round_days(text: str) -> str:
    """Days as whole ones, half of a day up (87.5 is 88); text that is no number as it is."""
    if not re.fullmatch(r"-?\d{1,15}\.\d+", text, re.ASCII):
        return text
    return f"{Decimal(text).quantize(Decimal(1), ROUND_HALF_UP):f}"


def _convert_weeks(text: str) -> str | None:
    plain = tidy_text(text).lower().translate(str.maketrans("⁺⁰¹²³⁴⁵⁶＋", "+0123456+"))
    match = WEEKS.fullmatch(plain)
    if match is None:
        return None
    days = match["days"] or match["sevenths"] or "0"
    return _write(Decimal(match["weeks"]) + Decimal(days) / 7)


def _write(value: Decimal) -> str:
    rounded = value.quantize(Decimal("0.0001")).normalize()
    return f"{rounded:f}"


def doubt_unit(texts: pd.Series, contract_unit: str, unit: str) -> str:
    """Why a column cannot be in the declared unit, with the likely one; "" where it can.

    Parameters
    ----------
    texts : the column after conversion.
    contract_unit, unit : unit of the contract and declared unit.
    """
    numbers = pd.to_numeric(texts.str.lstrip("<> "), errors="coerce").dropna()
    bounds = PLAUSIBLE.get((contract_unit, unit))
    if bounds is None or not len(numbers):
        return ""
    middle = float(numbers.median())
    if bounds[0] <= middle <= bounds[1]:
        return ""
    likely = _likely_unit(middle, contract_unit, unit)
    rule = f"the values cannot be in {unit}, as the mapping declares"
    return rule + (f"; they look like {likely}" if likely else "")


def _likely_unit(middle: float, contract_unit: str, unit: str) -> str:
    declared = float(FACTORS[contract_unit].get(unit, Decimal(1)))
    centre = {"10^9/L": 50.0, "kg": 65.0, "weeks": 30.0, "years": 35.0}[contract_unit]
    best, distance = "", np.inf
    for other, factor in FACTORS[contract_unit].items():
        value = middle / declared * float(factor)
        low, high = PLAUSIBLE.get((contract_unit, other), (0.0, np.inf))
        if other != unit and low <= value <= high and value > 0 and abs(np.log(value / centre)) < distance - 1e-9:
            best, distance = other, abs(np.log(value / centre))
    return best
