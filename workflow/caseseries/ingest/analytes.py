"""Counts of analytes in their own units, and a `baseline` that is of the analyte it is taken for."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd

from caseseries.ingest.magnitudes import numbers_of
from caseseries.ingest.source import Gathered, SourceTable
from caseseries.ingest.units import FACTORS, convert, normalise
from caseseries.ingest.values import Tables, numbers, of_case, words
from caseseries.model.analytes import ANALYTES, PLATELETS, analyte_of
from caseseries.model.columns import EVENT_KINDS
from caseseries.model.conventions import Conventions
from caseseries.model.findings import Finding

TWENTYFOLD = 20
"""Two values of one analyte on one day that differ so much are of two analytes, or of two units."""


class Analytes:
    """Units of counts, values that no person has, and baselines of another analyte.

    Where a unit is at fault nothing is said of the values.

    Parameters
    ----------
    conventions : how the tables of the cohort are to be read.
    shown : how cohort.yaml is named in messages.
    """

    def __init__(self, conventions: Conventions, shown: str) -> None:
        self._conventions, self._shown = conventions, shown
        self._units, self._values = Gathered(), Gathered()
        self._in_units: dict[str, dict[str, Finding]] = {}
        self._taken = Taken()

    def add(self, tables: Tables) -> None:
        """Take the tables of a cohort, or of a part of it that has whole episodes."""
        counts = tables.get("counts")
        if counts is None or "count" not in counts.texts:
            return
        self._units.add(check_units(counts))
        self._note_units(counts)
        self._values.add(check_heights(counts))
        self._values.add(check_baselines(tables, self._conventions, self._taken))

    def _note_units(self, counts: SourceTable) -> None:
        """The units of each analyte that is not known here, with what is said if there are several."""
        analytes, units = analytes_of(counts), words(counts, "unit")
        for name in analytes.unique():
            if analyte_of(name).unit is None:
                here = (analytes == name).to_numpy()
                noted = self._in_units.setdefault(name, {})
                rule = f"{name} stands in more than one unit; only known analytes are converted"
                for unit in dict.fromkeys(normalise(unit) for unit in units[here].unique()):
                    if unit not in noted:
                        noted[unit] = counts.flag(np.flatnonzero(here)[:1], "unit", rule, unit)[0]

    def tell(self) -> list[Finding]:
        """What is found, when all is taken."""
        findings = [
            Finding(
                self._shown,
                column=f"event_kinds.{kind}",
                rule="the kind is known and means what it says; declare others alone",
            )
            for kind in self._conventions.event_kinds
            if kind in EVENT_KINDS
        ]
        torn = [min(noted.values(), key=lambda one: one.line) for noted in self._in_units.values() if len(noted) > 1]
        if faults := [*self._units.tell(), *torn]:
            return findings + faults
        return [*findings, *self._values.tell(), *self._taken.tell()]


def analytes_of(counts: SourceTable) -> pd.Series:
    """Analyte of each row; platelets where none is written."""
    return words(counts, "analyte").replace("", PLATELETS)


def check_units(counts: SourceTable) -> list[Finding]:
    """A unit is one in which its analyte is measured."""
    analytes, units = analytes_of(counts), words(counts, "unit")
    if not (units != "").any():
        return []
    findings = []
    normal = units.map({unit: normalise(unit) for unit in units.unique()})
    for name in analytes.unique():
        here, own = (analytes == name).to_numpy(), analyte_of(name).unit
        if own is None:
            continue
        known = FACTORS.get(own, {own: Decimal(1)})
        bad = here & (units != "").to_numpy() & ~normal.isin(known).to_numpy()
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
    written = texts["unit"].map({unit: normalise(unit) for unit in texts["unit"].unique()})
    pairs = pd.DataFrame({"analyte": analytes, "unit": written}).drop_duplicates()
    for name, unit in sorted(pairs.itertuples(index=False, name=None)):
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
    codes, texts = pd.factorize(counts.texts["count"])
    exact = np.array([not text.startswith(("<", ">")) for text in texts], dtype=bool)[codes]
    findings = []
    for analyte in [ANALYTES[name] for name in dict.fromkeys(analytes) if name in ANALYTES]:
        low = (analytes == analyte.name).to_numpy() & exact & (value > 0) & (value < analyte.lowest)
        rule = f"a {analyte.noun} below {analyte.lowest:g} {analyte.unit} is hardly one; is it in another unit?"
        findings += counts.flag(np.flatnonzero(low), "count", rule, severity="warning")
    return findings


def numbers_in_own_unit(counts: SourceTable) -> np.ndarray:
    """Value of each count in the unit of its analyte; a bound counts as its number."""
    texts = in_own_unit(counts.texts)
    return numbers_of(texts["count"])


class Taken:
    """Baselines that are the value of another analyte, in cases without a count of the main one on day 0.

    They tell only together: where one of these cases has another value, none is doubted.
    """

    def __init__(self) -> None:
        self._unproven = self._taken = 0
        self._doubts = Gathered()

    def add(self, unproven: set[str], taken: set[str], doubts: list[Finding]) -> None:
        """Take the cases of a part, and what is said of those whose baseline is taken."""
        self._unproven += len(unproven)
        self._taken += len(taken)
        self._doubts.add(doubts)

    def tell(self) -> list[Finding]:
        """A question on a single case, a fault in several."""
        if self._unproven != self._taken:
            return []
        several = self._taken > 1
        return [replace(doubt, severity="error" if several else "warning") for doubt in self._doubts.tell()]


def check_baselines(tables: Tables, conventions: Conventions, together: Taken) -> list[Finding]:
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
    rule = f"the count called baseline is not the baseline of {episodes.file_name}"
    findings = counts.flag(np.flatnonzero(differs), "count", rule, severity="warning")
    low, high = np.minimum(value, baseline), np.maximum(value, baseline)
    far = (high >= TWENTYFOLD * np.maximum(low, 1)) | (np.isin(cases, cases[equal]) & (high >= 2 * low))
    possible = value <= (analyte_of(conventions.analyte).highest or np.inf)  # of what is not another finding tells
    contradicted = set(cases[main & far & possible])
    with_main = set(pd.unique(cases[main]))
    unproven, taken = set(cases[other]) - with_main, set(cases[equal]) - with_main
    own = pd.Series(analytes[equal], dtype=object).groupby(cases[equal]).min()
    together.add(unproven, taken, doubt_baselines(episodes, taken, conventions.analyte, own))
    return findings + doubt_baselines(episodes, contradicted, conventions.analyte, own)


def doubt_baselines(episodes: SourceTable, doubted: set[str], main: str, own: pd.Series) -> list[Finding]:
    """Faults of baselines that are not of the main analyte; `own` has that of which they are by case, where it is."""
    if not doubted:
        return []
    cases = episodes.texts["episode_id"]
    first = (cases.isin(doubted) & ~cases.duplicated()).to_numpy()
    named = cases.map(own)
    rule = f"baseline is of {main}, and the {main} of day 0 are another value by {TWENTYFOLD} times or more"
    findings = episodes.flag(np.flatnonzero(first & named.isna().to_numpy()), "baseline", rule)
    for name in sorted(set(named[first].dropna())):
        rule = (
            f"baseline is of {main}, and here it is the {name} of day 0: give cohort.yaml the key analyte, or write "
            "the value of another analyte as a count with timepoint baseline"
        )
        rows = np.flatnonzero(first & (named == name).to_numpy())
        findings += episodes.flag(rows, "baseline", rule, f"analyte: {name}")
    return findings
