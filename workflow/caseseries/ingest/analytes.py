"""Counts of analytes in their own units, and a `baseline` that is of the analyte it is taken for."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd

from caseseries.ingest.cross import Tables, numbers, of_case, words
from caseseries.ingest.source import SourceTable
from caseseries.ingest.units import FACTORS, convert, normalise
from caseseries.model.analytes import ANALYTES, PLATELETS, analyte_of
from caseseries.model.columns import EVENT_KINDS
from caseseries.model.conventions import Conventions
from caseseries.model.findings import Finding

TWENTYFOLD = 20
"""Two values of one analyte on one day that differ so much are of two analytes, or of two units."""


def check_analytes(tables: Tables, conventions: Conventions, shown: str) -> list[Finding]:
    """Units of counts, values that no person has, and baselines of another analyte; `shown` names cohort.yaml."""
    findings = [
        Finding(
            shown, column=f"event_kinds.{kind}", rule="the kind is known and means what it says; declare others alone"
        )
        for kind in conventions.event_kinds
        if kind in EVENT_KINDS
    ]
    counts = tables.get("counts")
    if counts is None or "count" not in counts.texts:
        return findings
    faults = check_units(counts)
    if faults:
        return findings + faults
    findings += check_heights(counts)
    return findings + check_baselines(tables, conventions)


def analytes_of(counts: SourceTable) -> pd.Series:
    """Analyte of each row; platelets where none is written."""
    return words(counts, "analyte").replace("", PLATELETS)


def check_units(counts: SourceTable) -> list[Finding]:
    """A unit is one in which its analyte is measured; an analyte that is not known here has one unit throughout."""
    analytes, units = analytes_of(counts), words(counts, "unit")
    findings = []
    for name in dict.fromkeys(analytes):
        here, own = (analytes == name).to_numpy(), analyte_of(name).unit
        if own is None:
            written = [normalise(unit) for unit in units[here].unique()]
            if len(set(written)) > 1:
                rule = f"{name} stands in more than one unit; only known analytes are converted"
                findings += counts.flag(np.flatnonzero(here)[:1], "unit", rule, written[0])
            continue
        known = FACTORS.get(own, {own: Decimal(1)})
        bad = here & (units != "").to_numpy() & ~units.map(normalise).isin(known).to_numpy()
        rule = f"{name} is not measured in this unit; it must be one of {', '.join(known) or 'none'}"
        findings += counts.flag(np.flatnonzero(bad), "unit", rule, own)
    return findings


def in_own_unit(texts: pd.DataFrame) -> pd.DataFrame:
    """Rows of counts.csv with every count in the unit of its analyte and that unit beside it.

    Rows in a unit that their analyte is not measured in stay as they are.
    """
    if "unit" not in texts:
        return texts
    texts = texts.copy()
    analytes = texts["analyte"].replace("", PLATELETS) if "analyte" in texts else pd.Series(PLATELETS, texts.index)
    written = texts["unit"].map(normalise)
    for name, unit in sorted(set(zip(analytes, written, strict=True))):
        own = analyte_of(name).unit
        here = (analytes == name) & (written == unit)
        if own is None:
            texts.loc[here, "unit"] = unit
            continue
        if unit not in ("", own, *FACTORS.get(own, {})):
            continue
        if unit and unit != own:
            texts.loc[here, "count"] = [convert(text, own, unit) if text else "" for text in texts.loc[here, "count"]]
        texts.loc[here, "unit"] = own if unit else ""
    return texts


def check_heights(counts: SourceTable) -> list[Finding]:
    """Values that no person has, with the unit that they may be in; platelets without a unit have their own rule."""
    analytes, value = analytes_of(counts), numbers_in_own_unit(counts)
    own_rule = ((analytes == PLATELETS) & (words(counts, "unit") == "")).to_numpy()
    findings = []
    for name in [name for name in dict.fromkeys(analytes) if name in ANALYTES]:
        analyte = ANALYTES[name]
        if analyte.highest is None:
            continue
        likely = next((unit for unit, factor in FACTORS.get(analyte.unit or "", {}).items() if factor < 1), "")
        hint = f"; is it in {likely}? Then say so in the column unit" if likely else ""
        rule = f"no {analyte.noun} lies above {analyte.highest:g} {analyte.unit}{hint}"
        high = (analytes == name).to_numpy() & (value > analyte.highest) & ~own_rule
        findings += counts.flag(np.flatnonzero(high), "count", rule)
    return findings


def check_depths(tables: Tables) -> list[Finding]:
    """A question on counts that are too low to have been measured: another unit, or a slip by a thousand."""
    counts = tables.get("counts")
    if counts is None or "count" not in counts.texts:
        return []
    analytes, value = analytes_of(counts), numbers_in_own_unit(counts)
    exact = ~counts.texts["count"].str.startswith(("<", ">")).to_numpy()
    findings = []
    for analyte in [ANALYTES[name] for name in dict.fromkeys(analytes) if name in ANALYTES]:
        low = (analytes == analyte.name).to_numpy() & exact & (value > 0) & (value < analyte.lowest)
        rule = f"a {analyte.noun} below {analyte.lowest:g} {analyte.unit} is hardly one; is it in another unit?"
        findings += counts.flag(np.flatnonzero(low), "count", rule, severity="warning")
    return findings


def numbers_in_own_unit(counts: SourceTable) -> np.ndarray:
    """Value of each count in the unit of its analyte; a bound counts as its number."""
    texts = in_own_unit(counts.texts)
    return pd.to_numeric(texts["count"].str.lstrip("<> "), errors="coerce").to_numpy(float)


def check_baselines(tables: Tables, conventions: Conventions) -> list[Finding]:
    """`baseline` is of the cohort's main analyte.

    It is not where the counts of that analyte on day 0 are another value by twenty times, or by two where another
    analyte has just its value; nor where it is the value of another in every case that has that and not this one.
    """
    counts, episodes = tables["counts"], tables.get("episodes")
    if episodes is None or "baseline" not in episodes.texts:
        return []
    cases, analytes = counts.texts["episode_id"].to_numpy(), analytes_of(counts).to_numpy()
    baseline = of_case(episodes, pd.Series(numbers(episodes, "baseline")), counts.texts["episode_id"]).astype(float)
    value = numbers_in_own_unit(counts)
    called = (words(counts, "timepoint") == "baseline").to_numpy()
    first = (called | (numbers(counts, "day") == 0)) & np.isfinite(baseline) & np.isfinite(value)
    main = first & (analytes == conventions.analyte)
    other, equal = first & ~main, first & ~main & (value == baseline)
    differs = called & main & (value != baseline) & np.isfinite(numbers(counts, "day"))
    rule = "the count called baseline is not the baseline of episodes.csv"
    findings = counts.flag(np.flatnonzero(differs), "count", rule, severity="warning")
    low, high = np.minimum(value, baseline), np.maximum(value, baseline)
    far = (high >= TWENTYFOLD * np.maximum(low, 1)) | (np.isin(cases, cases[equal]) & (high >= 2 * low))
    possible = value <= (analyte_of(conventions.analyte).highest or np.inf)  # of what is not another finding tells
    contradicted = set(cases[main & far & possible])
    unproven = set(cases[other]) - set(cases[main])
    taken = unproven if unproven == set(cases[equal]) - set(cases[main]) else set()
    for case in sorted(contradicted | taken):
        named = sorted(set(analytes[equal & (cases == case)]))
        severity = "error" if case in contradicted or len(taken) > 1 else "warning"
        findings += doubt_baseline(episodes, case, conventions.analyte, named, severity)
    return findings


def doubt_baseline(episodes: SourceTable, case: str, main: str, named: list[str], severity: str) -> list[Finding]:
    """The finding on the baseline of a case that is not of the main analyte; `named` are those whose value it is."""
    row = np.flatnonzero((episodes.texts["episode_id"] == case).to_numpy())[:1]
    if not named:
        rule = f"baseline is of {main}, and the {main} of day 0 are another value by {TWENTYFOLD} times or more"
        return episodes.flag(row, "baseline", rule, severity=severity)
    rule = (
        f"baseline is of {main}, and here it is the {named[0]} of day 0: give cohort.yaml the key analyte, or write "
        "the value of another analyte as a count with timepoint baseline"
    )
    return episodes.flag(row, "baseline", rule, f"analyte: {named[0]}", severity)
