"""ADLB: every count under every rule for the baseline that a definition of its analyte asks for, and the baseline."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from caseseries.export.adam_columns import alike, chosen, stacked, study_day
from caseseries.export.adam_courses import Courses, of_all
from caseseries.model.analytes import PLATELETS, analyte_of
from caseseries.model.codes import Codes, Columns, taken
from caseseries.model.cohort import Cohort
from caseseries.model.records import Records
from caseseries.response.admit import derive_baseline
from caseseries.response.evidence import evidence_of
from caseseries.response.series import Evidence, Values
from caseseries.words.spelling import capital

CODES = {PLATELETS: "PLAT", "neutrophils": "NEUT", "haemoglobin": "HGB", "ferritin": "FERRITIN"}
"""Code of an analyte in CDISC's list of laboratory tests; another has the first letters of its name."""

BASELINE_RULES = {
    "last7": "LAST7: recorded baseline, else the latest count of days -7 to 0 from the first dose",
    "mean_screen": "MEAN_SCREEN: mean count of days -14 to 0 from the first dose, else the recorded baseline",
    "min14": "MIN14: lowest count of days -14 to 0 from the first dose, else the recorded baseline",
}
"""Rule of a definition for the baseline (`definition.Choices.baseline`) -> BASETYPE."""

DERIVED = {"last7": "LOV", "mean_screen": "AVERAGE", "min14": "MINIMUM"}
"""DTYPE of a baseline that the rule made of counts: last observed value, mean, lowest."""

NUMBER = "number"
"""Column with the number of the course of a row, until the variables of courses take its place."""


def adlb(cohort: Cohort, courses: Courses, records: Records, asked: dict[str, set[str]]) -> Columns:
    """The data set of some courses.

    Parameters
    ----------
    asked : the rules that definitions of an analyte ask for; the usual one where none does.
    """
    parts = []
    for analyte in dict.fromkeys([cohort.analyte, *records["counts"]["analyte"].unique()]):
        evidence = evidence_of(records, analyte, cohort.visits)
        counts = counted(courses, records["counts"], analyte)
        wanted = asked.get(analyte) or {"last7"}
        for rule in (rule for rule in BASELINE_RULES if rule in wanted):
            base = baselines(cohort, courses, records, analyte, evidence, rule)
            parts += [with_baseline(rows, base, rule, len(courses)) for rows in (counts, base)]
    made = stacked(parts)
    made = taken(made, in_order(made, courses))
    numbers = np.asarray(made[NUMBER])
    return {**{name: column for name, column in made.items() if name != NUMBER}, **courses.columns(numbers)}


def in_order(made: Columns, courses: Courses) -> np.ndarray:
    """The order of the rows: by subject, course, parameter, rule, day, and where they come from."""
    key = courses.ranks[np.asarray(made[NUMBER])]
    for name in ("PARAMCD", "PARAM", "BASETYPE"):
        ranks = ranks_of(made[name])
        key = key * (int(ranks.max(initial=0)) + 1) + ranks
    return np.lexsort((np.asarray(made["SRCSEQ"]), ranks_of(made["SRCDOM"]), np.asarray(made["ADY"]), key))


def ranks_of(column: Codes | np.ndarray) -> np.ndarray:
    """Place of each row's text among the texts in their order."""
    assert isinstance(column, Codes)
    return column.ranks()


def parameter_code(analyte: str) -> str:
    """PARAMCD of an analyte: at most 8 capitals and digits."""
    return CODES.get(
        analyte, "".join(letter for letter in analyte.upper() if letter.isascii() and letter.isalnum())[:8]
    )


def parameter(analyte: str, unit: str) -> str:
    """PARAM of an analyte: its noun, and its unit, if it has one."""
    about = analyte_of(analyte)
    noun, said = capital(about.noun), unit or about.unit
    return f"{noun} ({said})" if said else noun


def counted(courses: Courses, table: pd.DataFrame, analyte: str) -> Columns:
    """A row for each count of an analyte."""
    numbers = courses.numbers(table["episode_id"])
    known = (table["analyte"] == analyte).to_numpy(bool) & (numbers >= 0)
    rows, numbers = (table, numbers) if known.all() else (table[known], numbers[known])
    day, lo, hi = (rows[name].to_numpy(float) for name in ("day", "lo", "hi"))
    exact = (lo == hi) & ~rows["lo_open"].to_numpy(bool) & ~rows["hi_open"].to_numpy(bool)
    return {
        NUMBER: numbers,
        "PARAMCD": alike(parameter_code(analyte), numbers),
        "PARAM": Codes.of(rows["unit"]).said(lambda unit: parameter(analyte, unit)),
        "AVISIT": Codes.of(rows["timepoint"]).said(str.upper),
        "ADY": study_day(day),
        "AVAL": np.where(exact, lo, np.nan),
        "AVALC": Codes.of(rows["count"]),
        "AVALLO": finite(lo),
        "AVALHI": finite(hi),
        "ABLFL": alike("", numbers),
        "DTYPE": alike("", numbers),
        "ONTRTFL": chosen(day >= 0, "Y"),
        "PREEVFL": chosen((rows["flag"] == "pre_event").to_numpy(bool), "Y"),
        "SRCDOM": alike("counts", numbers),
        "SRCVAR": alike("count", numbers),
        "SRCSEQ": rows["source_row"].to_numpy(float),
    }


def finite(values: np.ndarray) -> np.ndarray:
    """Values, and what is infinite as missing."""
    return np.where(np.isfinite(values), values, np.nan)


def baselines(
    cohort: Cohort, courses: Courses, records: Records, analyte: str, evidence: Evidence, rule: str
) -> Columns:
    """A row for the baseline of each course that has one: recorded, or made of counts by the rule."""
    values = derive_baseline(evidence, rule)
    numbers = np.flatnonzero(values.known)
    made = made_of_counts(evidence, rule)[numbers]
    lo, hi = values.lo[numbers], values.hi[numbers]
    exact = (lo == hi) & ~values.lo_open[numbers] & ~values.hi_open[numbers]
    of_episodes = ~made & (analyte == cohort.analyte)
    row = of_all(records["episodes"]["source_row"], len(courses)).to_numpy(float)[numbers]
    return {
        NUMBER: numbers,
        "PARAMCD": alike(parameter_code(analyte), numbers),
        "PARAM": alike(parameter(analyte, ""), numbers),
        "AVISIT": alike("BASELINE", numbers),
        "ADY": np.where(made, np.nan, 1.0),
        "AVAL": np.where(exact, lo, np.nan),
        "AVALC": written_or_said(
            Codes.of(of_all(records["episodes"]["baseline"], len(courses)))[numbers], of_episodes, lo, hi
        ),
        "AVALLO": finite(lo),
        "AVALHI": finite(hi),
        "ABLFL": alike("Y", numbers),
        "DTYPE": chosen(made, DERIVED[rule]),
        "ONTRTFL": alike("", numbers),
        "PREEVFL": alike("", numbers),
        "SRCDOM": chosen(of_episodes, "episodes", "counts"),
        "SRCVAR": chosen(of_episodes, "baseline", "count"),
        "SRCSEQ": np.where(of_episodes, row, np.nan),
    }


def made_of_counts(evidence: Evidence, rule: str) -> np.ndarray:
    """Whose baseline the rule makes of counts (mask)."""
    recorded = evidence.baseline.known
    if rule == "last7" and recorded.all():
        return ~recorded
    unknown, never = np.full(evidence.size, np.nan), np.zeros(evidence.size, bool)
    without = replace(evidence, baseline=Values(unknown, unknown, never, never))
    by_rule = derive_baseline(without, rule).known
    return by_rule & ~recorded if rule == "last7" else by_rule


def written_or_said(written: Codes, of_episodes: np.ndarray, lo: np.ndarray, hi: np.ndarray) -> Codes:
    """The text of a baseline as episodes.csv has it; of one that is not from there, or has no text, its limits."""
    texts = written.texts()
    silent = np.flatnonzero(~of_episodes | (texts == ""))
    if not len(silent):
        return written
    texts[silent] = [say(*limits) for limits in zip(lo[silent], hi[silent], strict=True)]
    return Codes.of(pd.Series(texts))


def say(lo: float, hi: float) -> str:
    """A quantity by its limits."""
    if not np.isfinite(hi):
        return f">{lo:g}" if np.isfinite(lo) else ""
    return f"{lo:g}" if lo == hi else f"{lo:g} to {hi:g}"


def with_baseline(rows: Columns, base: Columns, rule: str, courses: int) -> Columns:
    """Rows beside the baseline of their course."""
    numbers, holders = np.asarray(rows[NUMBER]), np.asarray(base[NUMBER])
    value = np.full(courses, np.nan)
    value[holders] = base["AVAL"]
    of_row, amount = value[numbers], np.asarray(rows["AVAL"])
    later = np.asarray(rows["ADY"]) > 1
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = amount / np.where(of_row > 0, of_row, np.nan)
    return {
        **rows,
        "BASETYPE": alike(BASELINE_RULES[rule], numbers),
        "BASE": of_row,
        "BASEC": spread(base["AVALC"], holders, courses)[numbers],
        "CHG": np.where(later, amount - of_row, np.nan),
        "R2BASE": np.where(later, ratio, np.nan),
    }


def spread(column: Codes | np.ndarray, holders: np.ndarray, courses: int) -> Codes:
    """The text of each course, "" of one that holds none."""
    assert isinstance(column, Codes)
    places = np.full(courses, len(column.words))
    places[holders] = column.places
    return Codes.into([*column.words.texts, ""], places)
