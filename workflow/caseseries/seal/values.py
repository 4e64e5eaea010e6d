"""Every estimate of a release in one file, and which of them moved between two releases."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from caseseries.model.results import CLAIMS, read_table
from caseseries.words.spelling import words

VALUES = "values.csv"
KEYS = ("cohort", "group", "contrast", "definition", "analysis", "statistic", "cause", "time", "method")
MOVING = ("estimate", "lower", "upper", "events", "n")
COLUMNS = (*KEYS, *MOVING)
"""Columns of values.csv."""
JUDGED = ("cohort", "claim", "published", "ours", "verdict")
"""What of a claim is compared; its reason is a sentence about these."""


def values_of(release: Path) -> pd.DataFrame:
    """Estimates of every cohort of a release, in the order of its folders and files."""
    tables = [read_table(file) for file in sorted(release.glob("*/estimates.csv"))]
    return pd.concat(tables, ignore_index=True)[list(COLUMNS)] if tables else pd.DataFrame(columns=list(COLUMNS))


def sealed_values(release: Path) -> pd.DataFrame:
    """Estimates of a release as they were sealed; of one without values.csv those of its cohorts."""
    return read_table(release / VALUES) if (release / VALUES).exists() else values_of(release)


def sealed_claims(release: Path) -> pd.DataFrame:
    """Claims of a release beside our numbers (`results.CLAIMS`); none where it has none."""
    file = release / "claims.csv"
    return read_table(file) if file.exists() else pd.DataFrame(columns=list(CLAIMS))


def moved_claims(before: pd.DataFrame, now: pd.DataFrame) -> dict[str, list[str]]:
    """Cohort -> which claims have another verdict or stand beside another number, a line a claim."""
    then, there = ({(row[0], row[1]): row for row in _texts(claims)} for claims in (before, now))
    moved: dict[str, list[str]] = {}
    for key in dict.fromkeys([*then, *there]):
        old, new = (_beside(rows.get(key)) for rows in (then, there))
        if old != new:
            moved.setdefault(key[0], []).append(f"claim {key[1]}: {old} -> {new}")
    return moved


def _texts(claims: pd.DataFrame) -> list[tuple[str, ...]]:
    columns = claims[list(JUDGED)].astype(object)
    return list(columns.where(columns.notna(), "").astype(str).itertuples(index=False, name=None))


def _beside(row: tuple[str, ...] | None) -> str:
    """What a claim says, what is ours and the verdict, in words."""
    if row is None:
        return "absent"
    _, _, published, ours, verdict = row
    return f"{published}, {f'ours {ours}' if ours else 'none of ours'}, {words(verdict)}"


def moved_values(before: pd.DataFrame, now: pd.DataFrame) -> dict[str, list[str]]:
    """Cohort -> what moved from what to what, a line a value."""
    then, there = _by_key(before), _by_key(now)
    moved: dict[str, list[str]] = {}
    for key in [*then, *(key for key in there if key not in then)]:
        if then.get(key) != there.get(key):
            old, new = _words(key, then.get(key)), _words(key, there.get(key))
            if old == new:  # the limits alone
                old, new = _limits(then[key]), _limits(there[key])
            line = f"{_about(key)}: {old} -> {new}"
            lines = moved.setdefault(str(key[0]), [])
            if line not in lines:
                lines.append(line)
    return moved


def _by_key(values: pd.DataFrame) -> dict[tuple, tuple]:
    """Key with its place among equals -> the five numbers as written."""
    found: dict[tuple, tuple] = {}
    texts = values.astype(object).where(values.notna(), "")
    for row in texts.itertuples(index=False):
        key, place = tuple(row[: len(KEYS)]), 0
        while (*key, place) in found:
            place += 1
        found[(*key, place)] = tuple(f"{cell:.10g}" if isinstance(cell, float) else cell for cell in row[len(KEYS) :])
    return found


def _about(key: tuple) -> str:
    """Whose value it is, as a reader would name it."""
    _, group, contrast, definition, analysis, statistic, cause, time, *_ = key
    parts = [words(definition)]
    parts += [text for text in (group if group != "all" else "", contrast) if text]
    if statistic != "response_rate":
        parts.append(words(statistic) + (f" of {words(cause)}" if cause else ""))
    parts += [f"day {time:g}"] if time != "" else []
    parts += [words(analysis)] if analysis not in ("primary", "aggregate", "main") else []
    return ", ".join(part for part in parts if part)


def _words(key: tuple, numbers: tuple | None) -> str:
    if numbers is None:
        return "absent"
    estimate, _, _, events, n = numbers
    if "_rate" in key[KEYS.index("statistic")] and events != "" and n != "":
        return f"{events} of {n}"
    return estimate or "no estimate"


def _limits(numbers: tuple) -> str:
    estimate, lower, upper, *_ = numbers
    return f"{estimate} ({lower} to {upper})"
