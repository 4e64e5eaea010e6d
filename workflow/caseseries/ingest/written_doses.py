"""Doses as a ward writes them (`15000U qd`, `1→3 mcg/kg/周`): declared patterns tell dose, unit, steps and rhythm."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

import numpy as np
import pandas as pd

from caseseries.ingest.cells import write_plainly
from caseseries.ingest.source import SourceTable
from caseseries.ingest.units import DOSES, normalise
from caseseries.model.findings import Finding
from caseseries.model.mapping import DOSE_PART, Source
from caseseries.model.quantity import tidy_number
from caseseries.model.text import fold_text

ARROW = r"\s*(?:→|-+>|=>|⇒|➔|➝|⟶)\s*"
"""Signs between the steps of a dose; each means the others."""
NUMBER = r"\d[\d.,'’]*"
_SPOKEN = (
    (
        Fraction(1),
        "qd|q24h|od|daily|once daily|once a day|per day|a day|day|d|tgl|täglich|1x täglich|tag|al día|día|diario",
    ),
    (Fraction(1), "diaria|cada día|cada 24 h|par jour|jour|j|每日|每天|每日一次|每天一次|一天一次|一日一次|日|天"),
    (
        Fraction(2),
        "qod|q48h|q2d|eod|every other day|alternate days|alle 2 tage|jeden zweiten tag|días alternos|cada 48 h",
    ),
    (Fraction(2), "un jour sur deux|隔日|隔日一次|隔天|隔天一次"),
    (
        Fraction(7),
        "qw|q1w|q7d|weekly|once weekly|once a week|per week|a week|week|wk|w|wöchentlich|woche|wo|semanal|semana",
    ),
    (Fraction(7), "sem|cada semana|por semana|par semaine|semaine|每周|每周一次|一周一次|周|週"),
    (Fraction(14), "q2w|every 2 weeks|every two weeks|alle 2 wochen|cada 2 semanas|每两周|每2周|两周一次"),
    (Fraction(21), "q3w|every 3 weeks|every three weeks|alle 3 wochen|cada 3 semanas|每三周|每3周|三周一次"),
    (Fraction(28), "q4w|every 4 weeks|every four weeks|alle 4 wochen|cada 4 semanas|每四周|每4周|四周一次"),
    (
        Fraction(1, 2),
        "bid|q12h|twice daily|twice a day|2x tgl|2x täglich|cada 12 h|deux fois par jour|每日两次|一日两次",
    ),
    (Fraction(1, 3), "tid|q8h|three times daily|three times a day|3x tgl|3x täglich|cada 8 h|每日三次|一日三次"),
)
RHYTHMS = {word: days for days, words in _SPOKEN for word in words.split("|")}
"""How often a dose is given -> days from one to the next."""

CHANGED = (
    "the dose changed within a row, and nobody wrote when: its steps are rows of their own, the first with the day on "
    "which it began, the last with the day on which it ended"
)
WRITTEN_OUT = "doses that are not given every day were written out, one row a dose"
ADDED_UP = "doses that are given several times a day were added up to that of a day"


@dataclass(frozen=True)
class Written:
    """A dose as read: amount and unit of each step, and days from one dose to the next (None where not said)."""

    steps: tuple[tuple[str, str], ...]
    every: Fraction | None


@cache
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """A declared pattern as an expression: `{dose}`, `{unit}`, `{rhythm}`; blanks in it may be there or not."""
    rhythm = "|".join(sorted(map(re.escape, RHYTHMS), key=len, reverse=True))
    parts = {"{dose}": f"({NUMBER})", "{unit}": "([^\\d\\s](?:.*?[^\\s])??)", "{rhythm}": f"((?:{rhythm})\\.?)"}
    made = ""
    for part in re.split(rf"({DOSE_PART.pattern}|\s+|→|->|=>)", pattern):
        if part in parts:
            made += r"\s*" + parts[part]
        elif part in ("→", "->", "=>"):
            made += ARROW
        elif part and not part.isspace():
            made += r"\s*" + re.escape(part)
    return re.compile(made + r"\s*", re.IGNORECASE)


def read_dose(text: str, patterns: Sequence[str], source: Source) -> Written | None:
    """What a cell says by the first pattern that fits it; None where none does."""
    plain = tidy_number(text)
    for pattern in patterns:
        found = compile_pattern(pattern).fullmatch(plain)
        if found is None:
            continue
        names = DOSE_PART.findall(pattern)
        named = [(name, found[place]) for place, name in enumerate(names, 1)]
        doses = [write_plainly(one, source) for name, one in named if name == "{dose}"]
        units = [normalise(one) for name, one in named if name == "{unit}"]
        rhythms = [RHYTHMS.get(fold_text(one).rstrip(".")) for name, one in named if name == "{rhythm}"]
        if any(unit not in DOSES for unit in units) or not all(re.fullmatch(r"\d+(\.\d+)?", one) for one in doses):
            continue
        units = units * len(doses) if len(units) == 1 else units or [""] * len(doses)
        return Written(tuple(zip(doses, units, strict=True)), rhythms[0] if rhythms else None)
    return None


def write_out_doses(made: SourceTable, source: Source) -> tuple[SourceTable, list[Finding]]:
    """Rows of exposures whose dose is written by a pattern, with a number and a unit each; steps are rows of their own.

    A rhythm of several days is written out where both ends of a row are known, since a row of several days stands for
    doses as often as the drug's profile says. Of a dose that changed only the first day of the first step and the last
    of the last one are known.
    """
    patterns, unit = source.written_doses
    unit = normalise(unit)
    read = {text: read_dose(text, patterns, source) for text in made.texts["dose"].unique() if text}
    unread = np.flatnonzero([text != "" and read[text] is None for text in made.texts["dose"]])
    rule = "the dose is not written as the mapping says: " + ", ".join(patterns)
    findings = made.flag(unread, "dose", rule, write_example(patterns[0]))
    rows, cells = [], []
    told = dict.fromkeys((CHANGED, WRITTEN_OUT, ADDED_UP), 0)
    for row, record in enumerate(made.texts.to_dict("records")):
        written = read.get(record["dose"])
        parts = [{"dose": ""}] if written is None else _parts_of(record, written, told)  # a fault is told once
        rows += [row] * len(parts)
        cells += [record | {"dose_unit": unit or record.get("dose_unit", "")} | part for part in parts]
    findings += [
        Finding(made.shown, column=made.name_column("dose"), rule=f"{rule}: {number} rows", severity="warning")
        for rule, number in told.items()
        if number
    ]
    taken = made.take(np.array(rows, dtype=int))
    texts = pd.DataFrame(cells, columns=list(dict.fromkeys([*made.texts, "dose_unit"])), dtype=object).fillna("")
    return replace(taken, texts=texts.astype(object)), findings


def write_example(pattern: str) -> str:
    """A dose as a pattern wants it."""
    return pattern.replace("{dose}", "50").replace("{unit}", "mg").replace("{rhythm}", "qd")


def _parts_of(record: dict[str, str], written: Written, told: dict[str, int]) -> list[dict[str, str]]:
    """What of a row changes, once for each row that it becomes."""
    every, parts = written.every, []
    for dose, unit in written.steps:
        amount = Fraction(dose) / every if every is not None and every < 1 else Fraction(dose)
        parts.append(
            {"dose": dose if amount == Fraction(dose) else f"{float(amount):g}"} | ({"dose_unit": unit} if unit else {})
        )
    told[ADDED_UP] += every is not None and every < 1
    if len(parts) > 1:
        told[CHANGED] += 1
        for part in parts[1:]:
            part["first_day"] = ""
        for part in parts[:-1]:
            part["last_day"] = ""
        return parts
    ends = [record.get(name, "") for name in ("first_day", "last_day")]
    if every is None or every <= 1 or not all(re.fullmatch(r"-?\d{1,6}", end) for end in ends) or ends[0] == ends[1]:
        return parts
    told[WRITTEN_OUT] += 1
    days = range(int(ends[0]), int(ends[1]) + 1, int(every))
    return [parts[0] | {"first_day": str(day), "last_day": str(day)} for day in days]


def pattern_of(text: str) -> str:
    """The pattern of a cell that holds a dose with a unit, steps or a rhythm; "" where it is no such thing."""
    plain = tidy_number(text)
    found = re.fullmatch(rf"({NUMBER}\s*[^\d→>=]*?)((?:{ARROW}{NUMBER}[^\d→>]*?)*)", plain)
    if found is None:
        return ""
    tails = [re.fullmatch(rf"{NUMBER}\s*(.*?)\s*", part) for part in re.split(ARROW, plain)]
    if not all(tails):
        return ""
    words = [tail[1] for tail in tails if tail]
    last, rhythm = _split_rhythm(words[-1])
    units = [normalise(word) for word in [*words[:-1], last]]
    if any(unit and unit not in DOSES for unit in units) or (any(units[:-1]) and not all(units)):
        return ""
    steps = ["{dose}{unit}" if unit else "{dose}" for unit in units]
    return "→".join(steps) + rhythm


def _split_rhythm(text: str) -> tuple[str, str]:
    """What stands behind a number without its rhythm, and the rhythm as a pattern has it."""
    for start in range(len(text)):
        word = text[start:]
        if start and text[start - 1] not in " /," and not re.match(r"[\u4e00-\u9fff]", word):
            continue
        if fold_text(word).rstrip(".") in RHYTHMS:
            before = text[:start].rstrip()
            if before.endswith(("/", ",")):
                return before[:-1], before[-1] + "{rhythm}"
            return before, " {rhythm}"
    return text, ""
